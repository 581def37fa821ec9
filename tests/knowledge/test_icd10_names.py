from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.knowledge import icd10, icd10_names, icd10_names_builder
from indexer.knowledge.icd10_name_table import NAMES_FILE, CodeNameTable, code_name_table
from indexer.knowledge.name_keys import name_key, name_terms

LEAVES = [code for code in icd10.codes() if icd10.is_leaf(code)]
ENDS = [extension.code for code in LEAVES[::25] for extension in icd10.extensions(code)] + LEAVES[::25]


def share_found(change: str) -> float:
    """How many of a sample of official titles, changed so, give a code with the same title."""
    changes: dict[str, Callable[[str], str]] = {
        "nothing": str,
        "capitals": str.upper,
        "commas": lambda title: title.replace(",", ""),
        "articles": lambda title: title.replace(" of ", " of the "),
        "britain": lambda title: title.replace("emia", "aemia").replace("edema", "oedema").replace("hemorr", "haemorr"),
    }
    codes = [icd10_names.find_code(changes[change](icd10.full_title(code))) for code in ENDS]
    good = sum(
        icd10.full_title(found) == icd10.full_title(code) for found, code in zip(codes, ENDS, strict=True) if found
    )
    return good / len(ENDS)


@pytest.mark.parametrize("change", ["nothing", "capitals", "commas", "articles", "britain"])
def test_official_titles_give_their_code(change: str) -> None:
    assert len(ENDS) > 2500
    assert share_found(change) >= 0.99


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Gout", "M10.9"),  # a leaf before its heading
        ("Asthma", "J45.909"),  # "Asthma NOS"
        ("Migraine with aura", "G43.109"),
        ("Chickenpox", "B01"),
        ("Hepatitis A", "B15.9"),
        ("Carpal tunnel syndrome", "G56.0"),
        ("Essential hypertension", "I10"),
        ("High blood pressure", "I10"),
        ("Colles' fracture of the left radius", "S52.532"),
        ("Colles' fracture of left radius, sequela", "S52.532S"),
        ("Sequela, Colles' fracture of left radius", "S52.532S"),
        ("Fall from unspecified stairs", None),
        ("Cyst of the kidney", None),  # Q61.0 only in brackets says congenital
        ("Something else entirely", None),
        ("", None),
    ],
)
def test_find_code(name: str, code: str | None) -> None:
    assert icd10_names.find_code(name) == code


def test_words_in_another_order_decide_between_titles_of_the_same_words() -> None:
    title = "Puncture wound without foreign body of right great toe with damage to nail"
    assert icd10_names.find_code(title.replace("of right", "of the right")) == "S91.231"


def test_the_longest_name_wins_and_the_earliest_of_equals() -> None:
    terms = name_terms("Chronic multifocal osteomyelitis unlike acute pancreatitis")
    match = icd10_names.longest_match(terms, range(len(terms)))
    assert match is not None
    assert (match.first, match.last, match.size) == (0, 3, 3)
    later = icd10_names.longest_match(terms, {4})
    assert later is not None
    assert (later.first, later.key) == (4, "acut pancreatitis")
    assert icd10_names.longest_match(name_terms("nothing whatever"), {0}) is None


def test_only_sides_may_stand_between_the_terms_of_a_name() -> None:
    assert icd10_names.longest_match(name_terms("chronic and rather multifocal osteomyelitis"), {0}) is None
    match = icd10_names.longest_match(name_terms("Colles fracture of the right radius"), {0})
    assert match is not None
    assert (match.key, match.last) == (name_key("Colles fracture of radius"), 4)


@given(st.text(max_size=80))
def test_any_text_can_be_looked_up(text: str) -> None:
    code = icd10_names.find_code(text)
    assert code is None or icd10.exists(code)


def test_the_file_is_what_the_builder_makes_of_the_table(tmp_path: Path) -> None:
    icd10_names_builder.write(made := tmp_path / "names.tsv")
    assert made.read_bytes() == NAMES_FILE.read_bytes(), "run: python -m indexer.knowledge.icd10_names_builder"


def test_names_of_another_release_are_refused(tmp_path: Path) -> None:
    (other := tmp_path / "names.tsv").write_text(
        NAMES_FILE.read_text("utf-8").replace("April 1, 2026", "April 1, 2025")
    )
    with pytest.raises(ValueError, match="icd10_names_builder"):
        CodeNameTable(other)


def test_every_name_is_found_by_its_key_and_stands_with_one_of_its_terms() -> None:
    table = code_name_table()
    names = {key: (term, name) for term in table.terms for key, name in table.names(term).items()}
    assert len(names) > 60_000
    for key, (term, name) in list(names.items())[::50]:
        assert table.find(key) == name
        assert term in name.terms == frozenset(key.split(" "))
    assert table.find("") is table.find("osteomyel nothing") is None


def test_a_name_in_another_shape_is_no_name_of_the_table_itself() -> None:
    key = name_key("Adherent placenta")
    assert icd10_names.find_code_by_terms(key.split(" "), "Adherent placenta") is None
    assert icd10_names.find_variant(key) == "O73.0"
    assert icd10_names.find_variant(name_key("Gout")) is None
