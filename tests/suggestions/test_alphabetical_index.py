from typing import get_args

import pytest

from indexer.results import Name, NameKind
from indexer.suggestions import alphabetical_index
from indexer.suggestions.alphabetical_index import AlphabeticalIndex, IndexEntry
from indexer.suggestions.name_table import NameTable

NAMES = (
    Name("condition", "Gout", "gout", 3),
    Name("condition", "GOUT", "gout", 1),
    Name("condition", "Sjögren syndrome", "sjogren-syndrome", 1),
    Name("condition", "Émile's disease", "emiles-disease", 1),
    Name("condition", "5-alpha deficiency", "5-alpha-deficiency", 1),
    Name("name", "podagra", "gout", 2),
    Name("name", "gout", "gout", 2),
    Name("name", "Podagra", "gout", 1),
    Name("name", "sicca", "no-such-condition", 1),
    Name("code", "M10.9", "m109", 4),
    Name("site", "Great toe", "toe", 4),
)


@pytest.fixture
def index() -> AlphabeticalIndex:
    assert {name.kind for name in NAMES} == set(get_args(NameKind))
    return AlphabeticalIndex(NameTable(NAMES))


def test_conditions_stand_under_their_letters_with_all_their_articles(index: AlphabeticalIndex) -> None:
    assert list(index.letters.items()) == [("e", 1), ("g", 1), ("p", 0), ("s", 1), ("0-9", 1)]
    assert index.page("g", 1) == [IndexEntry("Gout", "gout", 4, None)]
    assert index.page("e", 1)[0].text == "Émile's disease"


def test_another_name_says_which_condition_to_see(index: AlphabeticalIndex) -> None:
    assert index.page("p", 1) == [IndexEntry("podagra", "gout", 4, "Gout")]


def test_a_letter_of_many_names_has_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alphabetical_index, "PAGE_SIZE", 3)
    names = [f"Angina {letter}" for letter in "gfedcba"]
    index = AlphabeticalIndex(NameTable(Name("condition", name, name, 1) for name in names))
    assert index.first_names("a") == ["Angina a", "Angina d", "Angina g"]
    assert [entry.text for page in (1, 2, 3) for entry in index.page("a", page)] == sorted(names)
    assert index.first_names("b") == []
