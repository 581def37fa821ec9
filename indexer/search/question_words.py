"""The words of a query to what they do there: ask, fill in, or say what is wanted to know; the lists stand in question_words.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from indexer.articles.model import SectionKind


@dataclass(frozen=True, slots=True)
class Wording:
    """The lists; `wanted` maps a word to the section that answers it."""

    asking: frozenset[str]
    empty: frozenset[str]
    common: frozenset[str]
    wanted: Mapping[str, SectionKind]


@cache
def wording() -> Wording:
    """The lists of question_words.toml."""
    read = tomllib.loads(files(__package__).joinpath("question_words.toml").read_text(encoding="utf-8"))
    return Wording(
        asking=frozenset(read["asking"].split()),
        empty=frozenset(read["empty"].split()),
        common=frozenset(read["common"].split()),
        wanted={word: section for section, words in read["wanted"].items() for word in words.split()},
    )
