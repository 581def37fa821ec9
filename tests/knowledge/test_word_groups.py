"""Patterns of unordered word groups."""

import pytest

from indexer.knowledge.word_groups import WordGroupIndex, WordGroups, parse_phrases, query_words


def matched(pattern: str, text: str, window: int = 12, *, slips: bool = False) -> list[str]:
    """The words of the text that fill the groups of the pattern."""
    found = query_words(text)
    index = WordGroupIndex([WordGroups.parse(pattern)], slips=slips)
    return [found[word].text for match in index.matches([each.text for each in found], window) for word in match.words]


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("burn* + pee|urinate|wee", "it burns when I pee", ["burns", "pee"]),
        ("burn* + pee|urinate|wee", "peeing and burning", []),
        ("burn* + pee*|urinat*|wee", "Urinating: burning", ["urinating", "burning"]),
        ("short of breath|can't breathe", "She is short of breath", ["short", "of", "breath"]),
        ("short of breath", "breath of short", []),
        ("can't breathe", "I cannot breathe", ["cant", "breathe"]),
        ("can't breathe", "I can not breathe", ["cant", "breathe"]),
        ("can't breathe", "cant breathe", ["cant", "breathe"]),
        ("won't wake", "he will not wake up", ["wont", "wake"]),
        ("self-harm*", "self harming", ["self", "harming"]),
        ("baby|blue + baby", "baby", []),
        ("baby|blue + baby", "baby blue", ["baby", "blue"]),
        ("café + œdema", "cafe oedema", ["cafe", "oedema"]),
    ],
)
def test_groups_match_in_any_order_and_phrases_in_theirs(pattern: str, text: str, words: list[str]) -> None:
    assert matched(pattern, text) == words


def test_all_groups_must_lie_within_the_window() -> None:
    assert matched("chest + arm", "chest one two arm", 4) == ["chest", "arm"]
    assert matched("chest + arm", "chest one two three arm", 4) == []
    assert matched("chest + arm", "chest far far far far chest arm", 4) == ["chest", "arm"]


def test_a_slip_of_one_letter_is_recognized_in_long_words_only() -> None:
    for typed in ("siezure", "sezure", "seizzure", "seisure", "seizure"):
        assert matched("seizure", typed, slips=True) == [typed]
    assert matched("seizure", "siezure") == []
    assert matched("suicid*", "sucidal", slips=True) == ["sucidal"]
    assert matched("chest", "cheat", slips=True) == []
    assert matched("seizure", "leisure", slips=True) == []


def test_a_word_that_patterns_have_or_that_means_itself_is_no_slip() -> None:
    patterns = [WordGroups.parse("choking"), WordGroups.parse("swallow|shallow")]
    index = WordGroupIndex(patterns, slips=True, never_slips=["cooking"])
    assert [match.pattern for match in index.matches(["shallow"])] == [1]
    assert index.matches(["cooking"]) == ()
    assert [match.pattern for match in index.matches(["chokking"])] == [0]


def test_a_list_stands_for_its_alternatives() -> None:
    lists = {"limb": parse_phrases(["arm", "left leg", "foot*"])}
    assert WordGroups.parse("pain + @limb|hand", lists) == WordGroups.parse("pain + arm|left leg|foot*|hand")
    with pytest.raises(ValueError, match="there is no list @head"):
        WordGroups.parse("pain + @head", lists)


def test_what_is_denied_does_not_count() -> None:
    index = WordGroupIndex([WordGroups.parse("fever + no pulse|rash")], denials=["no", "not"])
    assert index.matches("fever and no pulse".split())
    assert index.matches("fever and a rash".split())
    assert not index.matches("fever but no rash".split())
    assert not index.matches("fever but not a rash".split())


def test_more_of_the_same_is_recognized_with_slips() -> None:
    index = WordGroupIndex([WordGroups.parse("headache"), WordGroups.parse("worst headaches")], slips=True)
    assert [match.pattern for match in index.matches(["headaches"])] == [0]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "is empty"),
        ("burn + ", "is empty"),
        ("burn||pee", "is empty"),
        ("bu*rn", "“bu\\*rn” is no word"),
        ("can not breathe", "write “cant”"),
    ],
)
def test_a_pattern_that_is_wrong_says_why(pattern: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        WordGroups.parse(pattern)
