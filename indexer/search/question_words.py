"""The words that make a query a question, say nothing in one, name an aspect, or are missed nowhere."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from indexer.articles.model import SectionKind


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """Lists of folded words; `aspects` maps a word such as "cure" to the section that answers it.

    `unmissed` are words such as "child" and "again", which no article is said to lack.
    """

    asking: frozenset[str]
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
        empty=frozenset(lists["empty"].split()),
        common=frozenset(lists["common"].split()),
        unmissed=frozenset(lists["unmissed"].split()),
        aspects={word: section for section, words in lists["aspects"].items() for word in words.split()},
    )
