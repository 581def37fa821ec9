import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.results import Name
from indexer.suggestions.name_finder import MAX_NAMES, NameFinder
from indexer.suggestions.name_table import NameTable

NAMES = (
    Name("condition", "Sjögren syndrome", "sjogren-syndrome", 3),
    Name("name", "Sicca syndrome", "sjogren-syndrome", 1),
    Name("condition", "Gout", "gout", 9),
    Name("condition", "Acute gout", "acute-gout", 2),
    Name("code", "M35.0", "m350", 3),
    Name("site", "Knee", "knee", 20),
)


def test_names_are_found_by_letters_and_by_words() -> None:
    finder = NameFinder(NameTable(NAMES))
    assert [name.text for name in finder.nearest("sjogrensyndrom")] == ["Sjögren syndrome"]
    assert [name.text for name in finder.nearest("syndrome of Sjögren")][:1] == ["Sjögren syndrome"]
    assert finder.nearest("gouts")[0].text == "Gout"
    assert {name.value for name in finder.nearest("acute gout")} == {"acute-gout", "gout"}
    assert finder.nearest("xqzyvw") == ()


def test_abbreviations_and_codes_are_near_to_nothing() -> None:
    assert NameFinder(NameTable(NAMES)).nearest("GOU") == ()
    assert all(name.kind != "code" for name in NameFinder(NameTable(NAMES)).nearest("M35.01"))


@given(st.text(max_size=30) | st.sampled_from([name.text for name in NAMES]))
def test_near_names_are_few_and_lead_to_different_places(typed: str) -> None:
    nearest = NameFinder(NameTable(NAMES)).nearest(typed)
    assert len({name.value for name in nearest}) == len(nearest) <= MAX_NAMES


@pytest.mark.parametrize("names", [[], [Name("code", "M10", "m10", 1)]])
@pytest.mark.parametrize("typed", ["gouts", "\u0301" * 5])
def test_where_there_are_no_names_nothing_is_near(names: list[Name], typed: str) -> None:
    assert NameFinder(NameTable(names)).nearest(typed) == ()
