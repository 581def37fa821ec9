"""A name to the key that it is compared by, so that two ways to write one name compare equal.

"Osteomyelitis (chronic) of the tibiae, NOS" and "Chronic osteomyelitis, unspecified tibia" differ in case, commas, word
order and noise words such as "NOS". The terms that are left without these, as a set, are the key of the name.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from indexer.knowledge.thesaurus_stems import precomputed_stems
from indexer.text import stemming
from indexer.text.analyzer import fold
from indexer.text.spelling_variants import american

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_NOISE_PHRASE: Final = re.compile(
    r"\bnot (?:otherwise specified|elsewhere classified)\b|\b(?:right|left)[- ]handed(?:ness)?\b"
)
_OPTIONAL_ENDING: Final = re.compile(r"(?<=\w)\((\w{1,3})\)|\((\w+)\)(?=\w)")
_BRACKETS: Final = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
# "Hepatitis A" is not hepatitis. In a name that is all capitals, an A is this letter only at the end, else the article.
_LETTER_A: Final = re.compile(r"(?<=\w) (?:A\b(?!')|a(?=$|[,;:.)\]]))")
_LAST_A: Final = re.compile(r"(?<=\w) A(?=$|[,;:.)\]])")
LETTER: Final = "letter"  # stands in a name for the letter A, which is a noise word
_NOISE_WORDS: Final = frozenset("a an and as at by for from in is nec nos of on or the to unspecified".split())


def name_words(name: str) -> tuple[str, ...]:
    """The words in order, folded: possessives and optional endings ("toe(s)") taken off, no word left out."""
    return tuple(_WORD.findall(_folded(name)))


@lru_cache(maxsize=1 << 14)
def name_terms(name: str) -> tuple[str, ...]:
    """The terms of the words in order, without noise words."""
    if " A" in name or " a" in name:
        name = (_LAST_A if name.isupper() else _LETTER_A).sub(f" {LETTER}-A", name)
    folded = _folded(name)
    if "not " in folded or "handed" in folded:
        folded = _NOISE_PHRASE.sub(" ", folded)
    return tuple([term for word in _WORD.findall(folded) if (term := _term(word))])


@cache
def term_set(words: str) -> frozenset[str]:
    """The terms of a list of words, separated by spaces."""
    return frozenset(name_terms(words))


def name_key(name: str) -> str:
    """What all ways to write a name have in common: its terms, each once, sorted."""
    return key_of_terms(name_terms(name))


def key_of_terms(terms: Iterable[str]) -> str:
    """The key of a name with these terms."""
    return " ".join(sorted(set(terms)))


def without_brackets(name: str) -> str:
    """The name without the text in round or square brackets."""
    return _BRACKETS.sub("", name)


def _folded(name: str) -> str:
    folded = fold(name).replace("’", "'")
    return _OPTIONAL_ENDING.sub(lambda match: match[2] or "", folded) if "(" in folded else folded


@lru_cache(maxsize=1 << 16)
def _term(word: str) -> str:
    """The term of a folded word, "" for a noise word."""
    if word in _NOISE_WORDS:
        return ""
    word = word.partition("'")[0] if word.endswith("'s") else word.replace("'", "")
    spelled = american(word)
    if spelled.endswith("itis"):
        return spelled  # stemmed, cervicitis would be cervical
    return stemming.stem(word, precomputed_stems().get)
