import pytest

from indexer import Library


@pytest.mark.parametrize(
    "typed, first",
    [
        ("interleukin6", "il6"),
        ("IL6", "il6"),
        ("interleukin-6/IL6", "il6"),
        ("alpha1-antitrypsin", "antitrypsin"),
        ("alpha1antitrypsin", "antitrypsin"),
        ("hiv1", "hiv"),
        ("longlasting", "hiv"),
        ("nightsweats", "hiv"),
        ("type2", "a1c"),
        ("hba 1c", "a1c"),
    ],
)
def test_a_compound_is_found_however_it_is_joined(named: Library, typed: str, first: str) -> None:
    results = named.search(typed)
    assert results.hits[0].document.id == first
    assert not any(each.how == "dropped" for each in results.interpretation)


@pytest.mark.parametrize("typed", ["coinknee", "zz9", "polypcoin"])
def test_words_that_nowhere_follow_one_another_are_no_compound(named: Library, typed: str) -> None:
    assert named.search(typed).total == 0


def test_the_other_way_of_writing_is_said_and_can_be_undone(named: Library) -> None:
    first, *_ = named.search("nightsweats").interpretation
    assert (first.text, first.meaning, first.how) == ("nightsweats", ("night sweats",), "spelling")
    assert named.search("nightsweats", expand=False).total == 0
