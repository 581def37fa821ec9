import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.knowledge import disease_names, icd10
from indexer.knowledge.coded_names import coding_of_name
from indexer.knowledge.disease_names import NamedCode
from indexer.knowledge.disease_names_builder import Disease, coded_names


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Classical dengue", "A90"),
        ("Carate", "A67"),
        ("Budgerigar fancier's disease", "J67.2"),
        ("Budgerigar fancier's lung", "J67.2"),
        ("Takayasu syndrome", "M31.4"),
        ("Sanfilippo C", "E76.22"),
        ("Sanfilippo syndrome", "E76.22"),
        ("Mucopolysaccharidosis type IIIB", "E76.22"),
        ("Sixth disease", "B08.2"),
        ("Torsion of the ovary", "N83.51"),
        ("Painful varicose veins of the lower extremities", "I83.81"),
    ],
)
def test_names_that_the_table_has_in_another_shape(name: str, code: str) -> None:
    coding = coding_of_name(name)
    assert coding
    assert coding.code.startswith(code)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Tetraplegia", "G82.5"),
        ("Rickets", "E55.0"),
        ("Yeast infection", "B37.9"),
        ("Breakbone fever", "A90"),
        ("Osler-Rendu-Weber disease", "I78.0"),
        ("Cervical cancer", "C53"),
        ("Kidney cancer", "C64"),
        ("Gestational diabetes", "O24.4"),
    ],
)
def test_names_whose_synonym_has_a_code(name: str, code: str) -> None:
    coding = coding_of_name(name)
    assert coding
    assert coding.code == code


def test_the_table_counts_before_the_ontology() -> None:
    coding = coding_of_name("Hepatitis")
    assert coding is not None
    assert (coding.code, coding.match) == ("K75.9", "exact")


def test_an_abbreviation_counts_only_in_capitals() -> None:
    assert disease_names.find("CADASIL") is not None
    assert coding_of_name("traps") is None


def test_names_that_the_table_or_the_thesaurus_contradicts_are_left_out() -> None:
    def disease(name: str, code: str, *synonyms: str) -> Disease:
        return {"name": name, "synonyms": list(synonyms), "icd10cm": [code], "release": "2026"}

    names = coded_names(
        (
            disease("elbow woe", "M77.1", "golfer's elbow", "Medial epicondylitis", "bowler's woe"),
            disease("Fatty liver", "K70.0", "lard liver"),
            disease("Asthma", "J45", "wheezing lung"),  # wider than the table's J45.909
        )
    )
    assert names.keys() == {"elbow woe", "bowler's woe", "Asthma", "wheezing lung"}


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("Phaeochromocytoma", "D35"),
        ("Amoebic dysentery", "A06"),
        ("Klumpke palsy", "P14"),
        ("TMJ disorder", "M26"),
        ("Golfer's elbow", "M77"),
        ("Placental abruption", "O45"),
        ("Hepatic steatosis", "K76"),
        ("Burst eardrum", "H72"),
        ("AC joint separation", "S43"),
        ("Singer's nodules", "J38"),
        ("Port-wine stain", "Q82"),
        ("Wet macular degeneration", "H35"),
    ],
)
def test_lay_british_and_eponymous_names_have_their_category(name: str, category: str) -> None:
    coding = coding_of_name(name)
    assert (coding.code[:3] if coding else None) == category


def test_a_name_of_several_or_doubtful_codes_has_their_heading_or_none() -> None:
    def disease(name: str, *codes: str, synonyms: tuple[str, ...] = ()) -> Disease:
        return {"name": name, "synonyms": list(synonyms), "icd10cm": list(codes), "release": "2026"}

    names = coded_names(
        (
            disease("redness", "L40.0", synonyms=("ruddiness", "blush")),
            disease("scaling", "L41.0", "L41.3"),
            disease("flaking", "L40.0", "J45.20"),
            disease("prickle A", "L29.0", synonyms=("prickle",)),
            disease("prickle B", "L29.1", synonyms=("prickle",)),
            disease("two kinds 1", "L42"),
            disease("two kinds 2", "L42"),
            disease("an older code", "L40.77"),
            disease("two dull ears", "H90.3"),
            disease("uncoded", synonyms=("blush",)),
        )
    )
    assert names == {
        "redness": NamedCode("L40.0", is_own=False),  # flaking has it too
        "ruddiness": NamedCode("L40.0", is_own=False),
        "scaling": NamedCode("L41", is_own=False),
        "prickle A": NamedCode("L29.0", is_own=True),
        "prickle B": NamedCode("L29.1", is_own=True),
        "prickle": NamedCode("L29", is_own=False),
        "two kinds 1": NamedCode("L42", is_own=False),
        "two kinds 2": NamedCode("L42", is_own=False),
        "an older code": NamedCode("L40", is_own=False),
        "two dull ears": NamedCode("H90", is_own=False),  # bilateral is not said
    }


def test_every_code_of_the_ontology_is_in_the_table() -> None:
    names, abbreviations = disease_names.tables()
    assert len(names) > 8_000
    assert len(abbreviations) > 1_000
    assert all(icd10.exists(entry.code) for entry in (*names.values(), *abbreviations.values()))


def test_starting_a_search_reads_no_names_of_diseases() -> None:
    check = "import webapp.app; from indexer.knowledge import disease_names as d; print(d.tables.cache_info().misses)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


@given(st.text(max_size=60))
def test_any_text_has_a_coding_or_none(name: str) -> None:
    coding = coding_of_name(name)
    assert coding is None or icd10.exists(coding.code)
