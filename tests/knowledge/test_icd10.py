import subprocess
import sys

import pytest

from indexer.knowledge import icd10
from indexer.knowledge.icd10 import Code


def test_term() -> None:
    assert icd10.term("M86.341") == "m86341"
    assert icd10.term("M86-M90") == "m86-m90"


def test_chapters_come_in_order_and_fall_back_to_their_number() -> None:
    assert list(icd10.chapter_labels()) == [str(number) for number in range(1, 23)]
    assert icd10.chapter_label("13") == "Musculoskeletal system and connective tissue"
    assert icd10.chapter_label("99") == "99"


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("M61.16", ("M61.16", True)),
        ("m6116", ("M61.16", True)),
        (" m 61.16 ", ("M61.16", True)),
        ("M61.16X", ("M61.16", True)),
        ("T67.01A", ("T67.01XA", True)),
        ("W10.9A", ("W10.9XXA", True)),
        ("S52.531A", ("S52.531A", True)),
        ("I10", ("I10", True)),
        ("qa0010", ("QA0.010", True)),
        ("M61.169", ("M61.169", True)),
        ("M61.167", ("M61.16", False)),
        ("Z99.99", ("Z99", False)),
        ("M86-M90", None),
        ("13", None),
        ("M86.3412345", None),
        ("Q99.x or so", None),
        ("X99", ("X99", True)),
        ("A98.77", ("A98", False)),
        ("QQQ", None),
        ("", None),
    ],
)
def test_parse_code(text: str, parsed: tuple[str, bool] | None) -> None:
    assert icd10.parse_code(text) == parsed


def test_only_the_dotted_form_exists() -> None:
    assert icd10.exists("M86.341")
    assert not any(map(icd10.exists, ("M86341", "M86-M90", "13", "m86.341", "M86.340", "")))
    assert icd10.title("M86.341") == "Chronic multifocal osteomyelitis, right hand"


def test_trail_is_widest_first_without_chapter_and_repetition() -> None:
    assert [code.code for code in icd10.trail("M86.341")] == ["M86-M90", "M86", "M86.3", "M86.34"]
    assert icd10.trail("M86.341")[0].title == "Other osteopathies"
    assert icd10.trail("B20") == ()  # the block of this category has the same name
    assert icd10.trail("S52.531A")[-1].code == "S52.531"


@pytest.mark.parametrize(
    ("code", "number"), [("M86.341", "13"), ("B20", "1"), ("U07.1", "22"), ("W10.9XXA", "20"), ("O9A.2", "15")]
)
def test_chapter(code: str, number: str) -> None:
    assert icd10.chapter(code) == number


def test_seventh_characters_are_extensions() -> None:
    assert icd10.is_extension("S52.531A")
    assert icd10.without_extension("S52.531A") == "S52.531"
    assert icd10.without_extension("M86.341") == "M86.341"
    assert icd10.is_leaf("S52.531")
    assert icd10.extensions("W10.9")[0] == Code("W10.9XXA", "initial encounter")
    assert "S52.531A" not in icd10.codes()
    assert not any("-" in code for code in icd10.codes())


def test_descendants_leave_extensions_out() -> None:
    assert icd10.descendants("M86.34") == ("M86.341", "M86.342", "M86.349")
    assert icd10.descendants("S52.531") == ()


def test_inclusion_terms_and_synonyms() -> None:
    assert icd10.inclusion_terms("M75.0") == ("Frozen shoulder", "Periarthritis of shoulder")
    assert icd10.default_names("M75.0") == ()
    assert icd10.default_names("J45.909") == ("Asthma",)
    assert icd10.synonyms("B01")[-1] == "chickenpox"


def test_a_search_process_opens_neither_the_table_nor_the_stemmer() -> None:
    script = (
        "import sys; from indexer.knowledge import body_sites, icd10; import indexer.documents\n"
        "from indexer.knowledge.code_table import code_table\n"
        "body_sites.closure(['hand']); body_sites.label('hand'); icd10.chapter_labels(); icd10.term('M86.3')\n"
        "print(code_table.cache_info().currsize, 'nltk' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "False"]


def test_titles_of_seventh_characters_are_what_they_add() -> None:
    added = {extension.title for extension in icd10.extensions("V86.45")}
    assert added == {"initial encounter", "subsequent encounter", "sequela"}  # the title of V86.45 ends with a bracket
