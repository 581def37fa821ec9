"""The compact table says what the published one says, and is found without it."""

import random
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import simple_icd_10_cm as published

from indexer.knowledge import code_table_builder
from indexer.knowledge.code_table import TABLE_FILE, CodeTable, code_table

EVERY: tuple[str, ...] = tuple(dict.fromkeys(published.get_all_codes(True)))


def test_the_file_is_what_the_builder_makes_of_the_installed_release(tmp_path: Path) -> None:
    code_table_builder.write(made := tmp_path / "table.tsv")
    assert made.read_bytes() == TABLE_FILE.read_bytes(), "run: python -m indexer.knowledge.code_table_builder"
    assert version("simple-icd-10-cm") in TABLE_FILE.read_text("utf-8").partition("\nA00\t")[0]
    assert code_table().release == "April 1, 2026"


def test_the_codes_stand_in_the_order_of_the_book() -> None:
    assert code_table().codes == EVERY
    assert len(EVERY) == 98_466  # of 98,505 nodes, 39 are blocks with the code of their only category


def test_titles_and_relations_are_those_of_the_published_table() -> None:
    table = code_table()
    for code in random.Random(14).sample(EVERY, 3_000):
        assert table.title(code) == " ".join(published.get_description(code).replace("/\t", " / ").split())
        assert table.is_extension(code) is published.is_extended_subcategory(code)
        above = dict.fromkeys(each for each in published.get_ancestors(code) if each != code)
        assert table.ancestors(code) == tuple(reversed(above))
        assert table.children(code) == tuple(published.get_children(code))


def test_before_and_after_walk_through_the_book() -> None:
    table = code_table()
    assert (table.before("1"), table.after("1")) == (None, "A00-A09")
    assert (table.before("M86.352"), table.after("M86.352")) == ("M86.351", "M86.359")
    assert table.after(table.codes[-1]) is None
    assert (table.before("M00-M02"), table.after("M00-M02")) == ("M00-M25", "M00")


def test_a_line_has_its_notes_in_their_kinds() -> None:
    line = code_table().line("B20")
    assert line.title == "Human immunodeficiency virus [HIV] disease"
    assert "HIV infection, symptomatic" in line.texts("includes")
    assert "exposure to HIV virus (Z20.6)" in line.texts("excludes1")
    assert line.texts("excludes2") == ()
    assert code_table().line("S52.531A").title == ", initial encounter for closed fracture"
    assert code_table().title("S52.531A") == "Colles' fracture of right radius, initial encounter for closed fracture"


def test_a_block_of_one_category_is_one_with_it() -> None:
    excluded = code_table().line("T07").texts("excludes1")
    assert {"sunburn (L55.-)", "injury NOS (T14.90)"} <= set(excluded)
    assert code_table().ancestors("T07") == ("19",)


@pytest.mark.parametrize("text", ["", "M86352", "m86.352", "Z99.99", "0", "M86.352\t", "2026"])
def test_other_texts_are_no_codes(text: str) -> None:
    assert text not in code_table()
    with pytest.raises(KeyError):
        code_table().line(text)


def test_another_file_is_refused(tmp_path: Path) -> None:
    (other := tmp_path / "other.tsv").write_text("A00\t2\tCholera\n")
    with pytest.raises(ValueError, match="code_table_builder"):
        CodeTable(other)


def test_a_code_is_looked_up_without_the_published_table() -> None:
    script = (
        "import sys; from indexer.knowledge import code_lookup, code_sides, icd10; code = code_lookup.find('m86352')\n"
        "print(icd10.title(code), len(code_sides.sides(code)), 'simple_icd_10_cm' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "Chronic multifocal osteomyelitis, left femur 3 False"
