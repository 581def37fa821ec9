"""A folded word to its term: American spelling, singular, stemmed by NLTK's Snowball stemmer (Porter 2)."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from indexer.text.nltk_imports import without_scipy
from indexer.text.spelling_variants import american

if TYPE_CHECKING:
    from nltk.stem.snowball import SnowballStemmer

MAX_STEMMED: Final = 32  # letters; longer ones are names of substances, or noise

# Porter 2 goes by the ending of a word: one that ends in none of these stays as it is.
_ENDINGS: Final = tuple("s ed ing y e l ci li er on or sm ti gi ic ant ent".split())

# Families of words that Porter 2 parts; arthritic and arthritis are handled by their ending.
_FAMILIES: Final = {"inflam": "inflamm", "diagnos": "diagnosi", "diagnost": "diagnosi", "allerg": "allergi"}


@lru_cache(maxsize=1 << 17)
def term(word: str) -> str:
    """The term of a folded word: American spelling, singular of Greek and Latin, stemmed."""
    if len(word) > MAX_STEMMED or not (word.isalpha() and word.isascii()):
        return word
    spelled = american(word)
    if spelled.endswith("itis"):
        # Arthritis is arthritic; the stemmer would make hepatitis and hepatic one, and find any liver.
        return spelled[:-2]
    stemmed = spelled
    if spelled.endswith(_ENDINGS):
        if _vocabulary is not None and (known := _vocabulary(word)) is not None:
            return known
        stemmed = _stemmer().stem(spelled)
    return _FAMILIES.get(stemmed, stemmed.removesuffix("i") if stemmed.endswith("iti") else stemmed)


_vocabulary: Callable[[str], str | None] | None = None


def use_vocabulary(lookup: Callable[[str], str | None] | None) -> None:
    """Ask an index for the terms of its words before the stemmer, which takes long to load; None: no longer.

    It changes what an answer costs, never the answer: the index had the terms from here.
    """
    global _vocabulary  # noqa: PLW0603 -- a memo, like the caches above
    _vocabulary = lookup


# NLTK takes long to import: only reading, or a word never seen before, has to wait for it.
@cache
def _stemmer() -> "SnowballStemmer":
    with without_scipy():
        from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer("english")
