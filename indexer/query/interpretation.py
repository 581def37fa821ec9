"""How a word or name of the query was understood, as results say it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

How: TypeAlias = Literal["exact", "stem", "synonym", "abbreviation", "spelling", "code", "dropped"]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What was typed, what was searched for it (nothing where it was dropped), and how the one led to the other."""

    text: str
    meaning: tuple[str, ...]
    how: How
