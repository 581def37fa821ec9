"""A document to its terms: which it has, how often, and in which words."""

from collections import Counter
from typing import Final

from indexer.documents import TEXT_FIELDS, Document
from indexer.text.analyzer import Analyzer, fold
from indexer.text.sentences import SENTENCE_GAP

_QUOTES: Final = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0", "''\"\"--. ")


def term_frequencies(document: Document, analyzer: Analyzer) -> dict[str, int]:
    """The terms of the document, each with how often it occurs in all text fields together."""
    return analyzer.term_frequencies(text for field in TEXT_FIELDS for text in field.texts(document))


def surface_forms(document: Document, analyzer: Analyzer) -> dict[str, Counter[str]]:
    """The words of each term with their frequencies, lower case where a title or sentence may capitalize it."""
    forms: dict[str, Counter[str]] = {}
    for field in TEXT_FIELDS:
        for text in field.texts(document):
            before = -SENTENCE_GAP
            for token in analyzer.tokens(text):
                word = text[token.start : token.end]
                capitalized = field.name == "title" or token.position - before > 1
                if capitalized and not (word[1:].isupper() or word.endswith(("'s", "’s"))):  # MRI, Addison's
                    word = word.lower()
                forms.setdefault(token.term, Counter())[word] += 1
                before = token.position
    return forms


def fold_in_place(text: str) -> str:
    """The text in lower case without accents, each code point in its place; the text itself where they would move."""
    if not text.isascii():
        text = text.translate(_QUOTES)
    folded = fold(text)
    return folded if len(folded) == len(text) else text
