"""How a word or name of the query was understood, as results say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

How: TypeAlias = Literal["exact", "stem", "synonym", "abbreviation", "spelling", "prefix", "code", "negated", "dropped"]

# What is said of a word that was not searched just as it was typed, before its meaning.
HOW_SAID: Final[Mapping[How, str]] = {
    "abbreviation": "read as short for",
    "spelling": "read as",
    "prefix": "read as the beginning of",
    "code": "read as the code",
    "synonym": "searched also as",
    "negated": "read as not wanted, and not searched",
}


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What was typed, what was searched for it, and how the one led to the other.

    A "prefix" is the beginning of the words that were searched. Nothing was searched for a word that was "dropped", or
    "negated": "without fever" does not ask for fever.
    """

    text: str
    meaning: tuple[str, ...]
    how: How
