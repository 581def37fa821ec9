from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.parsed_query import Word
from indexer.query.parser import parse_query
from indexer.search.negation import denials, denied_terms, mentions_only

NAMES = {"sore throat", "gout", "migraine aura", "migraine without aura", "no reflow", "fever"}


def is_name(words: Sequence[Word]) -> bool:
    return " ".join(word.folded for word in words) in NAMES


def denied(text: str) -> list[str]:
    words = dict(enumerate(parse_query(text).words))
    places = [index for indexes in denied_terms(text, words, is_name) for index in sorted(indexes)]
    return [words[index].folded for index in dict.fromkeys(places)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("earache without discharge", ["without", "discharge"]),
        ("rash, no fever", ["no", "fever"]),
        ("rash no fever swollen glands hoarse", ["no", "fever"]),  # the name alone
        ("swollen toe but not gout", ["but", "not", "gout"]),
        ("stiff hip rather than gout", ["rather", "than", "gout"]),
        ("hoarse w/o sore throat", ["w", "o", "sore", "throat"]),
        ("limp without fever or trauma", ["without", "fever", "trauma"]),
        ("I don't have gout but my toe hurts", ["don't", "have", "gout"]),
        ("migraine without aura", []),
        ("no reflow after stenting", []),
        ("no-reflow", []),
        ("non-Hodgkin lymphoma", []),
        ("no appetite and losing weight", []),
        ("baby not feeding", []),
        ("not sure whether gout", []),
        ("skin not shiny", []),  # a bare "not" denies names alone
        ("no longer walks", []),
    ],
)
def test_what_is_not_wanted(text: str, expected: list[str]) -> None:
    assert denied(text) == [word.replace("'", "") for word in expected if word not in ("than", "have")]


@pytest.mark.parametrize(
    "sentence, told",
    [
        ("it is a rash rather than a bruise.", "rash"),
        ("the pain has nothing to do with arthritis.", "pain"),
        ("unlike measles, it spares the mouth.", "spares"),
        ("ibuprofen interacts with warfarin.", "ibuprofen"),
    ],
)
def test_a_sentence_denies_what_follows_its_cue(sentence: str, told: str) -> None:
    spans = mentions_only(sentence)
    assert spans
    assert not any(span.start <= sentence.index(told) < span.end for span in spans)


@given(st.text(max_size=80) | st.lists(st.sampled_from("no not without or fever , but gout".split())).map(" ".join))
def test_denials_lie_within_any_text(text: str) -> None:
    for denial in denials(text):
        assert denial.words
        assert all(denial.cue.end <= word.start < word.end <= len(text) for word in denial.words)
