"""A folded word to its term: American spelling, singular, stemmed by NLTK's Snowball stemmer (Porter 2)."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from indexer.text.nltk_imports import without_scipy
from indexer.text.spelling_variants import american

if TYPE_CHECKING:
    from nltk.stem.snowball import SnowballStemmer

MAX_STEMMED: Final = 32  # letters; longer words are names of substances, or noise

# Porter 2 goes by the ending of a word: one that ends in none of these stays as it is.
_ENDINGS: Final = tuple("s ed ing y e l ci li er on or sm ti gi ic ant ent".split())

# Families of words that Porter 2 keeps apart; arthritic and arthritis are handled by their ending.
_FAMILIES: Final = {"inflam": "inflamm", "diagnos": "diagnosi", "diagnost": "diagnosi", "allerg": "allergi"}

Vocabulary: TypeAlias = Callable[[str], str | None]  # a folded word to its term, None for a word that it lacks


def stem(word: str, vocabulary: Vocabulary | None = None) -> str:
    """The term of a folded word: American spelling, singular of Greek and Latin, stemmed.

    Where a stemmer is needed, the vocabulary is asked first. It holds terms that this function gave before, so that it
    saves the import of NLTK and never changes the term.
    """
    if len(word) > MAX_STEMMED or not (word.isalpha() and word.isascii()):
        return word
    spelled = american(word)
    if spelled.endswith("itis"):
        # Arthritis is arthritic; the stemmer would make hepatitis and hepatic one, and find any liver.
        return spelled[:-2]
    stemmed = spelled
    if has_ending(spelled):
        if vocabulary is not None and (known := vocabulary(word)) is not None:
            return known
        stemmed = _stemmer().stem(spelled)
    return _FAMILIES.get(stemmed, stemmed.removesuffix("i") if stemmed.endswith("iti") else stemmed)


def has_ending(spelled: str) -> bool:
    """Whether a word in American spelling ends in what the stemmer may take off."""
    return spelled.endswith(_ENDINGS)


# NLTK takes long to import: only indexing, or a word that no vocabulary has, waits for it.
@cache
def _stemmer() -> "SnowballStemmer":
    with without_scipy():
        from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer("english")
