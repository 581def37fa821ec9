"""A name to the terms that it is compared by, so that two ways to write one name compare equal.

"Osteomyelitis (chronic) of the tibiae, NOS" and "Chronic osteomyelitis, unspecified tibia" differ in case, commas, word
order and words that say nothing. What is left after taking these away, as a set, is the name's key.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from indexer.text import stemming
from indexer.text.analyzer import fold
from indexer.text.spelling_variants import american

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_SAYS_NOTHING: Final = re.compile(
    r"\bnot (?:otherwise specified|elsewhere classified)\b|\b(?:right|left)[- ]handed(?:ness)?\b"
)
_OPTIONAL_ENDING: Final = re.compile(r"(?<=\w)\((\w{1,3})\)|\((\w+)\)(?=\w)")
_BRACKETS: Final = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
# "Hepatitis A" is another than hepatitis; in capitals throughout, an A is a letter only at the end.
_LETTER_A: Final = re.compile(r"(?<=\w) (?:A\b(?!')|a(?=$|[,;:.)\]]))")
_LAST_A: Final = re.compile(r"(?<=\w) A(?=$|[,;:.)\]])")
NOISE: Final = frozenset("a an and as at by for from in is nec nos of on or the to unspecified".split())


def words(name: str) -> tuple[str, ...]:
    """The words in order, folded: possessives and optional endings ("toe(s)") taken off, nothing left out."""
    folded = fold(name).replace("’", "'")
    if "(" in folded:
        folded = _OPTIONAL_ENDING.sub(lambda match: match[2] or "", folded)
    return tuple(_WORD.findall(folded))


@lru_cache(maxsize=1 << 14)
def terms(name: str) -> tuple[str, ...]:
    """The terms of the words that say something, in order."""
    if " A" in name or " a" in name:
        name = (_LAST_A if name.isupper() else _LETTER_A).sub(" letter-A", name)
    folded = fold(name).replace("’", "'")
    if "(" in folded:
        folded = _OPTIONAL_ENDING.sub(lambda match: match[2] or "", folded)
    if "not " in folded or "handed" in folded:
        folded = _SAYS_NOTHING.sub(" ", folded)
    return tuple([term for word in _WORD.findall(folded) if (term := _term(word))])


def key(terms: Iterable[str]) -> str:
    """What two ways to write one name have in common."""
    return " ".join(sorted(set(terms)))


def without_brackets(name: str) -> str:
    """The name without what stands in round or square brackets."""
    return _BRACKETS.sub("", name)


@lru_cache(maxsize=1 << 16)
def _term(word: str) -> str:
    if word in NOISE:
        return ""
    word = word.partition("'")[0] if word.endswith("'s") else word.replace("'", "")
    spelled = american(word)
    return spelled if spelled.endswith("itis") else stemming.term(word)  # stemmed, cervicitis would be cervical
