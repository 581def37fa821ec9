"""Raw articles to extracted text: the extractor of each raw kind, with what it may be given.

Before an extractor sees a text, its line breaks are unified, characters that no text has are taken out, and what is
longer than MAX_TEXT is cut.
"""

import re
from collections.abc import Callable
from typing import Final

from indexer.articles.blocks import ExtractedText
from indexer.articles.cleaning import extract_html
from indexer.articles.markdown import extract_markdown
from indexer.articles.model import RawArticle, RawKind
from indexer.articles.plain_text import extract_plain_text

# Code points that are read of a raw article: one of 400 words has 2,500, a page around it may have a million.
MAX_TEXT: Final[dict[RawKind, int]] = {"text": 400_000, "markdown": 400_000, "html": 2_000_000}

_EXTRACTORS: Final[dict[RawKind, Callable[[str], ExtractedText]]] = {
    "text": extract_plain_text,
    "markdown": extract_markdown,
    "html": extract_html,
}
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ud800-\udfff\ufeff\ufff9-\uffff]"
)
_LINE_BREAKS: Final = frozenset("\x0b\x0c\r\x85\u2028\u2029")
_GARBLED: Final = re.compile("[\ud800-\udfff\ufffd]")


def extract_text(raw: RawArticle) -> ExtractedText:
    """The blocks and metadata of a raw article, of which at most MAX_TEXT code points are read."""
    text = raw.text[: MAX_TEXT[raw.kind]]
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return _EXTRACTORS[raw.kind](_CONTROL.sub(_replacement, text))


def is_garbled(text: str) -> bool:
    """Whether a text has characters that stand for bytes nobody could read."""
    return not text.isascii() and _GARBLED.search(text) is not None


def _replacement(control: re.Match[str]) -> str:
    character = control[0]
    if character in _LINE_BREAKS:
        return "\n"
    return "\ufffd" if _GARBLED.match(character) else " " if character < " " else ""
