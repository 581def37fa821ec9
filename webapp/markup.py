"""Texts and spans to HTML: the filters and globals of the templates. Every piece of text is escaped by itself."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Final

from flask import Flask
from markupsafe import Markup, escape

from indexer.documents import TEXT_FIELDS
from indexer.knowledge import body_sites, icd10
from indexer.results import Snippet
from indexer.search.facets import SIDE_LABELS
from webapp.shown_titles import heading_of

FIELD_LABELS: Final[Mapping[str, str]] = {field.name: field.label for field in TEXT_FIELDS}
_SENTENCE_END: Final = re.compile(r"[.!?:;][\"'”’)\]]*$")


def add_to(app: Flask) -> None:
    """Give the templates of the application their filters and globals."""
    app.jinja_env.filters |= {
        "marked": marked,
        "paragraphs": paragraphs,
        "day": day,
        "number": number,
        "plural": plural,
        "web": web,
        "heading": heading_of,
    }
    app.jinja_env.globals |= {
        "field_label": FIELD_LABELS.__getitem__,
        "chapter_label": icd10.chapter_label,
        "site_label": body_sites.label,
        "side_label": lambda side: SIDE_LABELS.get(side, side),
    }


def marked(snippet: Snippet) -> Markup:
    """The text of a snippet with its spans in <mark>."""
    return _marked(snippet.text, snippet.spans)


def paragraphs(text: str, spans: Iterable[tuple[int, int]] = (), first_id: str = "") -> Markup:
    """Lines to paragraphs, with spans in <mark>, the first of which gets the id.

    Two or more lines in a row that do not end as sentences do are a list.
    """
    html: list[Markup] = []
    spans = tuple(spans)
    for listed, lines in groupby(_lines(text), lambda line: not _SENTENCE_END.search(line[1])):
        run = [_marked(line, ((start - offset, end - offset) for start, end in spans)) for offset, line in lines]
        if listed and len(run) > 1:
            html += [Markup("<ul>"), *_elements("li", run), Markup("</ul>")]
        else:
            html += _elements("p", run)
    joined = Markup("\n").join(html)
    return joined.replace("<mark>", Markup('<mark id="{}">').format(first_id), 1) if first_id else joined


def _lines(text: str) -> Iterable[tuple[int, str]]:
    """The lines that are not blank, without space around them, each with the code point where it begins."""
    return ((match.start(), match.group()) for match in re.finditer(r"\S(?:.*\S)?", text))


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """The text with the spans that lie in it in <mark>."""
    parts, last = [], 0
    for start, end in spans:
        if 0 <= start < len(text):
            parts += [escape(text[last:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
            last = end
    return Markup("").join([*parts, escape(text[last:])])


def _elements(tag: str, lines: Iterable[str]) -> list[Markup]:
    return [Markup(f"<{tag}>{{}}</{tag}>").format(line) for line in lines]


def day(text: str) -> str:
    """A date in words: "2024-03-01" -> "1 March 2024", "2024-03" -> "March 2024"; anything else as it stands."""
    is_month = re.fullmatch(r"\d{4}-\d{2}", text) is not None
    try:
        parsed = date.fromisoformat(f"{text}-01" if is_month else text)
    except ValueError:
        return text
    return f"{parsed:%B %Y}" if is_month else f"{parsed.day} {parsed:%B %Y}"


def number(count: int) -> str:
    """A count with commas between thousands."""
    return f"{count:,}"


def plural(count: int, word: str) -> str:
    """A count with its word: "1 article", "2,310 articles"."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def web(url: str | None) -> str | None:
    """The address if it leads to the web: nothing else becomes a link."""
    return url if url and re.match(r"https?://[^\s/]", url, re.IGNORECASE) else None
