"""What somebody remembers of an id or a title to the articles that have it, else to those that are nearest.

Each word may stand anywhere in id or title, as a part of a word too. Where no article has all of them, a word that none
has is taken for the one most like it, and those that have most of the words are the nearest.
"""

import re
from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.text.analyzer import fold

MAX_NEAREST: Final = 10
LEAST_SIMILARITY: Final = 0.6  # of two words: one less the share of characters that are wrong, missing or swapped


class Named(Protocol):
    """Something with an id and a title."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def title(self) -> str:
        """Its title."""


AnyNamed = TypeVar("AnyNamed", bound=Named)


def find(articles: Sequence[AnyNamed], typed: str) -> tuple[AnyNamed, ...]:
    """The articles that have all words: that of this very id first, else in the order given."""
    words = fold(typed).split()
    found = (each for each, text in zip(articles, _texts(articles), strict=True) if all(word in text for word in words))
    return tuple(sorted(found, key=lambda each: each.id != typed.strip()))


def nearest(articles: Sequence[AnyNamed], typed: str) -> tuple[AnyNamed, ...]:
    """At most MAX_NEAREST articles that have most of the words, or of those most like them; else in the order given."""
    texts = _texts(articles)
    every = "\n".join(texts)
    known = set(re.findall(r"\w+", " ".join(set(every.split()))))
    corrected = {word if word in every else _most_like(word, known) for word in re.findall(r"\w+", fold(typed))}
    words = [word for word in corrected if word]
    numbers = [sum(word in text for word in words) for text in texts]
    best = sorted(range(len(articles)), key=lambda at: -numbers[at])[:MAX_NEAREST]
    return tuple(articles[at] for at in best if numbers[at] and numbers[at] == numbers[best[0]])


def _most_like(word: str, known: set[str]) -> str | None:
    found = process.extractOne(word, known, scorer=OSA.normalized_similarity, score_cutoff=LEAST_SIMILARITY)
    return found[0] if found else None


def _texts(articles: Sequence[Named]) -> list[str]:
    return [fold(f"{each.id} {each.title}") for each in articles]
