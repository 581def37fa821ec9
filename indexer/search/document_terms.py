"""A document to its terms: which it has, how often, and the words that stand for them."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from indexer.documents import TEXT_FIELDS, Document
from indexer.text.analyzer import fold, terms_of, tokens
from indexer.text.sentences import SENTENCE_GAP

_JOINTS: Final = frozenset("-'")  # may make one word of two
_QUOTES: Final = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0", "''\"\"--. ")
_KEPT: Final = 8192  # texts of sections; some 10 MB


@lru_cache(maxsize=_KEPT)
def _terms(text: str) -> tuple[str, ...]:
    return tuple(terms_of(text))


def terms(document: Document) -> frozenset[str]:
    """Every term of the document, whatever its field."""
    return frozenset(term_counts(document))


def term_counts(document: Document) -> Counter[str]:
    """Every term of the document, whatever its field, and how often it stands there."""
    texts = (text for field in TEXT_FIELDS for text in field.texts(document))
    return Counter(chain.from_iterable(map(_terms, texts)))


def forms(document: Document) -> dict[str, Counter[str]]:
    """The words that stand for each term of the document, and how often; without the capitals of titles and beginnings."""
    found: dict[str, Counter[str]] = {}
    for field in TEXT_FIELDS:
        for text in field.texts(document):
            before = -SENTENCE_GAP
            for token in tokens(text):
                word = text[token.start : token.end]
                begins = field.name == "title" or token.position - before > 1
                if begins and not (word[1:].isupper() or word.endswith(("'s", "’s"))):  # MRI, Addison's
                    word = word.lower()
                found.setdefault(token.term, Counter())[word] += 1
                before = token.position
    return found


def surely_has(document: Document, words: Sequence[str]) -> bool:
    """Whether one of the folded words stands by itself in the document; False may be a word that only analysis can tell."""
    for field in TEXT_FIELDS:
        for text in field.texts(document):
            folded = folded_in_place(text)
            for word in words:
                start = folded.find(word)
                while start >= 0:
                    before, after = folded[max(start - 1, 0) : start], folded[start + len(word) : start + len(word) + 1]
                    if not (before.isalnum() or after.isalnum() or before in _JOINTS or after in _JOINTS):
                        return True
                    start = folded.find(word, start + 1)
    return False


def folded_in_place(text: str) -> str:
    """The text in lower case without accents, each code point in its place; where they would move, the text itself."""
    if not text.isascii():
        text = text.translate(_QUOTES)
    folded = fold(text)
    return folded if len(folded) == len(text) else text
