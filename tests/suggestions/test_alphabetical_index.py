from typing import get_args

import pytest

from indexer.results import Name, NameKind
from indexer.suggestions import alphabetical_index
from indexer.suggestions.alphabetical_index import AlphabeticalIndex, IndexedCondition
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
    (gout,) = index.page("g", 1)
    assert (gout.text, gout.is_other_name) == ("Gout", False)
    assert gout.conditions == (IndexedCondition("gout", "Gout", 4),)
    assert index.page("e", 1)[0].text == "Émile's disease"


def test_another_name_says_which_condition_to_see(index: AlphabeticalIndex) -> None:
    (podagra,) = index.page("p", 1)
    assert (podagra.text, podagra.is_other_name) == ("podagra", True)
    assert [condition.name for condition in podagra.conditions] == ["Gout"]


def test_added_names_lead_to_every_condition_that_they_have() -> None:
    names = [Name("condition", name, name.lower(), 1) for name in ("STEMI", "NSTEMI", "Angina")]
    added = [("heart attack", "stemi"), ("heart attack", "nstemi"), ("angina", "stemi"), ("infarct", "unknown")]
    index = AlphabeticalIndex(NameTable(names), added)
    (attack,) = index.page("h", 1)
    assert [condition.name for condition in attack.conditions] == ["STEMI", "NSTEMI"]
    assert [entry.is_other_name for entry in index.page("a", 1)] == [False]  # the name of a condition leads to itself
    assert "i" not in index.letters


def test_a_letter_of_many_names_has_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alphabetical_index, "PAGE_SIZE", 3)
    names = [f"Angina {letter}" for letter in "gfedcba"]
    index = AlphabeticalIndex(NameTable(Name("condition", name, name, 1) for name in names))
    assert index.first_names("a") == ["Angina a", "Angina d", "Angina g"]
    assert [entry.text for page in (1, 2, 3) for entry in index.page("a", page)] == sorted(names)
    assert index.first_names("b") == []
