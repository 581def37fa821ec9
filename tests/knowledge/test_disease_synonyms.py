import subprocess
import sys
from pathlib import Path

import pytest

from indexer.knowledge import disease_synonyms
from indexer.knowledge.disease_synonyms import SYNONYMS_FILE, all_names, other_names, synonym_key
from indexer.knowledge.disease_synonyms_builder import NamedDisease, key_of_name, synonym_sets
from indexer.text.analyzer import tokens


def disease(name: str, *synonyms: str) -> NamedDisease:
    return {"name": name, "synonyms": list(synonyms), "release": "1"}


def found(name: str) -> tuple[str, ...]:
    return other_names(synonym_key(token.term for token in tokens(name)))


def test_a_name_has_the_other_names_of_its_disease() -> None:
    assert "Gilbert syndrome" in found("hereditary nonhemolytic jaundice")
    assert "hereditary nonhemolytic jaundice" in found("Gilbert's syndrome")
    assert "Gilbert syndrome" not in found("Gilbert syndrome")


@pytest.mark.parametrize("name", ["autoimmune bone inflammation", "a", "", "=", "jaundice\t"])
def test_what_is_no_name_has_none(name: str) -> None:
    assert found(name) == other_names(name) == ()


def test_order_and_words_for_unspecified_make_no_difference() -> None:
    assert found("jaundice, nonhemolytic, hereditary, NOS") == found("hereditary nonhemolytic jaundice")


def test_a_synonym_of_several_diseases_is_left_out_and_a_name_counts_before_synonyms() -> None:
    sets = list(
        synonym_sets(
            [
                disease("ache fever", "AF", "old fever"),
                disease("barn fever", "AF", "ache fever"),
                disease("cave fever"),
                disease("dale fever", "old fever", "dale disease"),
            ]
        )
    )
    assert [tuple(names.values()) for names in sets] == [("dale fever", "dale disease")]


def test_the_file_has_the_keys_that_the_analysis_gives() -> None:
    lines = [line for line in SYNONYMS_FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    entries = [entry.partition("=") for line in lines for entry in line.strip("\t").split("\t")]
    assert len(entries) == len(list(all_names())) > 20_000
    for key, _, name in entries[::10]:
        assert key == key_of_name(name), "run: python -m indexer.knowledge.disease_synonyms_builder"
    assert all(len(line.strip("\t").split("\t")) > 1 for line in lines)


def test_the_names_are_read_when_a_query_first_needs_them(tmp_path: Path) -> None:
    check = f"import webapp.app; from {disease_synonyms.__name__} import _text; print(_text.cache_info().misses)"
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert run.stdout.strip() == "0"
