import tomllib
from importlib.resources import files

import pytest

from indexer import Library


@pytest.mark.parametrize("typed", ["S. aureus", "S aureus", "s. aureus", "saureus", "S. aureus boil", "S. aur"])
def test_an_initial_stands_for_the_genus(named: Library, typed: str) -> None:
    results = named.search(typed)
    assert results.hits[0].document.id == "carbuncle"
    assert results.interpretation[0].meaning[0] == "Staphylococcus aureus"
    assert results.interpretation[0].how == "abbreviation"


def test_the_whole_name_finds_an_article_that_has_the_initial_alone(named: Library) -> None:
    assert [hit.document.id for hit in named.search("Streptococcus pyogenes").hits[:1]] == ["strep"]


def test_a_letter_is_given_up_before_a_word(named: Library) -> None:
    results = named.search("Q. siltuximab")
    assert results.hits[0].document.id == "il6"
    assert not any("siltuximab" in note for note in results.notes)


def test_every_genus_and_species_is_one_word_as_taxonomy_writes_it() -> None:
    text = files("indexer.search").joinpath("genera.toml").read_text(encoding="utf-8")
    genera = tomllib.loads(text)["species"]
    assert len(genera) >= 80
    assert all(genus.istitle() and genus.isalpha() for genus in genera)
    assert all(species.isalpha() and species.islower() for listed in genera.values() for species in listed.split())
