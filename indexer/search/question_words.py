"""The words that make a query a question, say nothing in one, name an aspect, or are missed nowhere."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from indexer.articles.model import SectionKind
from indexer.query.parsed_query import Word


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """Lists of folded words; `aspects` maps a word such as "cure" to the section that answers it.

    Those that are `subordinating` or `first_person` ask nothing in "knee hurts when I run", but "when" does before one
    of the `auxiliaries`.
    `unmissed` are words such as "child" and "again", which no article is said to lack.
    """

    asking: frozenset[str]
    subordinating: frozenset[str]
    first_person: frozenset[str]
    auxiliaries: frozenset[str]
    empty: frozenset[str]
    common: frozenset[str]
    unmissed: frozenset[str]
    aspects: Mapping[str, SectionKind]


@cache
def question_words() -> QuestionWords:
    """The lists of question_words.toml."""
    lists = tomllib.loads(files(__package__).joinpath("question_words.toml").read_text(encoding="utf-8"))
    return QuestionWords(
        asking=frozenset(lists["asking"].split()),
        subordinating=frozenset(lists["subordinating"].split()),
        first_person=frozenset(lists["first_person"].split()),
        auxiliaries=frozenset(lists["auxiliaries"].split()),
        empty=frozenset(lists["empty"].split()),
        common=frozenset(lists["common"].split()),
        unmissed=frozenset(lists["unmissed"].split()),
        aspects={word: section for section, words in lists["aspects"].items() for word in words.split()},
    )


def subordinate_words(text: str, words: Mapping[int, Word]) -> set[int]:
    """The keys of the words that ask elsewhere, but not here: "when" and "I" in "knee hurts when I run"."""
    lists, first = question_words(), min(words, default=None)
    subordinate: set[int] = set()
    for index, word in words.items():
        if word.folded in lists.subordinating and index != first:
            behind = text[word.start :].lower().split(maxsplit=2)[1:2]
            if behind and behind[0] not in lists.auxiliaries:
                subordinate.add(index)
        elif subordinate and word.folded in lists.first_person:
            subordinate.add(index)
    return subordinate
