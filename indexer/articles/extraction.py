"""Raw articles to extracted text: the extractor of each raw kind, with what it may be given.

Before an extractor sees a text, what is longer than MAX_TEXT is cut, and its characters are cleaned (characters.py).
After it, the questions of a FAQ become headings (questions.py).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from indexer.articles.blocks import ExtractedText
from indexer.articles.characters import clean_characters, joined_words
from indexer.articles.cleaning import extract_html
from indexer.articles.markdown import extract_markdown
from indexer.articles.model import RawArticle, RawKind
from indexer.articles.plain_text import extract_plain_text
from indexer.articles.questions import with_question_headings

# Code points that are read of a raw article: one of 400 words has 2,500, a page around it may have a million.
MAX_TEXT: Final[dict[RawKind, int]] = {"text": 400_000, "markdown": 400_000, "html": 2_000_000}

_EXTRACTORS: Final[dict[RawKind, Callable[[str], ExtractedText]]] = {
    "text": extract_plain_text,
    "markdown": extract_markdown,
    "html": extract_html,
}


def extract_text(raw: RawArticle) -> ExtractedText:
    """The blocks and metadata of a raw article, of which at most MAX_TEXT code points are read."""
    text = joined_words(clean_characters(raw.text[: MAX_TEXT[raw.kind]]))
    extracted = _EXTRACTORS[raw.kind](text)
    return replace(extracted, blocks=with_question_headings(extracted.blocks))
