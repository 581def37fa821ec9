"""What a page holds for machines to the text of its article, where its body holds none because scripts make it.

Two places have it: data blocks of schema.org (JSON-LD: the `articleBody` of an article, the questions of a FAQ page),
and noscript elements. Both become HTML, to be read as the body would be.
"""

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Final

MIN_WORDS: Final = 30  # of a text; what is shorter asks for scripts or cookies
MAX_NODES: Final = 10_000  # of the data that are looked at

_OPENING: Final = re.compile(r"<(?:(noscript)\b|script\b[^<>]{0,400}?application/ld\+json)[^<>]{0,400}>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")
_PARAGRAPHS: Final = re.compile(r"<(?:p|br|div|h[1-6]|li)\b", re.IGNORECASE)


def embedded_text(page: str) -> str | None:
    """The longest text that a page holds for machines, as HTML; None for none."""
    texts = [*_noscript(page), _structured(page)]
    longest = max(texts, key=_words)
    return longest if _words(longest) >= MIN_WORDS else None


def _elements(page: str) -> Iterator[tuple[bool, str]]:
    """What noscript elements (True) and data blocks (False) hold."""
    lowered = page.lower()
    position = 0
    while opening := _OPENING.search(page, position):
        closing = lowered.find("</noscript" if opening[1] else "</script", opening.end())
        if closing < 0:
            return
        yield bool(opening[1]), page[opening.end() : closing]
        position = closing


def _noscript(page: str) -> list[str]:
    return [text for is_noscript, text in _elements(page) if is_noscript]


def _structured(page: str) -> str:
    """The articles and questions of all data blocks."""
    parts: list[str] = []
    for is_noscript, text in _elements(page):
        if is_noscript:
            continue
        try:
            entries = [json.loads(text)]
        except (ValueError, RecursionError):
            continue
        for _ in range(MAX_NODES):
            if not entries:
                break
            match entries.pop():
                case list() as several:
                    entries.extend(reversed(several))
                case {"@type": "Question", "name": str(question), "acceptedAnswer": answer}:
                    parts += (f"<h2>{escape(_TAG.sub('', question))}</h2>", *map(_paragraphs, _answers(answer)))
                case {"articleBody": str(body)}:
                    parts.append(_paragraphs(body))
                case dict() as entry:
                    entries.extend(reversed(list(entry.values())))
    return "\n".join(dict.fromkeys(parts))


def _answers(answer: object) -> list[str]:
    several = answer if isinstance(answer, list) else [answer]
    return [text for each in several if isinstance(each, dict) and isinstance(text := each.get("text"), str)]


def _paragraphs(text: str) -> str:
    """A text as HTML: as it is where it has paragraphs, else a paragraph for each line."""
    if _PARAGRAPHS.search(text):
        return text
    return "".join(f"<p>{line}</p>" for line in map(str.strip, text.split("\n")) if line)


def _words(text: str) -> int:
    return len(_TAG.sub(" ", text).split())
