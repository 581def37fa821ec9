"""Texts and spans to HTML: the filters and globals of the templates. Every piece of text is escaped by itself."""

import re
from collections.abc import Iterable, Mapping, MutableMapping
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, Final, TypeAlias

from flask import Flask
from flask.templating import Environment
from markupsafe import Markup, escape

from indexer.documents import TEXT_FIELDS, display_title, recased
from indexer.knowledge import body_sites, icd10
from indexer.results import Snippet
from indexer.search.facets import SIDE_LABELS

escaped = lru_cache(maxsize=4096)(escape)  # of the labels and values that stand on most pages
# A half-open span of code points, and the class of its <mark> if it has one.
Mark: TypeAlias = tuple[int, int] | tuple[int, int, str]

FIELD_LABELS: Final[Mapping[str, str]] = {field.name: field.label for field in TEXT_FIELDS}
_LINE: Final = re.compile(r"\S(?:[^\n]*\S)?")  # without the space around it
_SENTENCE_END: Final = re.compile(r"[.!?:;][\"'”’)\]]*$")


class Templates(Environment):
    """Flask's templates, whose globals are one dict: each import and each render goes through a ChainMap key by key."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template that is loaded."""
        return {**self.globals, **(d or {})}


def add_to(app: Flask) -> None:
    """Give the templates of the application their filters and globals."""
    app.jinja_env.filters |= {
        "marked": marked,
        "paragraphs": paragraphs,
        "day": day,
        "number": number,
        "plural": plural,
        "web": web,
        "display_title": display_title,
        "recased": recased,
    }
    app.jinja_env.globals |= {
        "field_label": FIELD_LABELS.__getitem__,
        "chapter_label": icd10.chapter_label,
        "site_label": body_sites.label,
        "side_label": lambda side: SIDE_LABELS.get(side, side),
    }


def marked(snippet: Snippet) -> Markup:
    """The text of a snippet with its spans in <mark>."""
    return _with_marks(snippet.text, 0, len(snippet.text), snippet.spans)


def paragraphs(text: str, marks: Iterable[Mark] = (), first_id: str = "") -> Markup:
    """Lines to paragraphs, with the marks, the first of which gets the id.

    Two or more lines in a row that do not end as sentences do are a list.
    """
    ordered = sorted(marks)
    html: list[Markup] = []
    for listed, lines in groupby(_LINE.finditer(text), lambda line: not _SENTENCE_END.search(line[0])):
        run = [_with_marks(text, *line.span(), ordered) for line in lines]
        if listed and len(run) > 1:
            html += [Markup("<ul>"), *_elements("li", run), Markup("</ul>")]
        else:
            html += _elements("p", run)
    joined = Markup("\n").join(html)
    return joined.replace("<mark>", Markup('<mark id="{}">').format(first_id), 1) if first_id else joined


def _with_marks(text: str, first: int, last: int, marks: Iterable[Mark]) -> Markup:
    """A part of the text with those of the marks that are in it, in their order, as <mark>."""
    parts: list[str] = []
    for start, end, *names in marks:
        if first <= start and end <= last:
            tag = Markup('<mark class="{}">').format(*names) if any(names) else "<mark>"
            parts += [escape(text[first:start]), tag, escape(text[start:end]), "</mark>"]
            first = end
    return Markup("".join([*parts, escape(text[first:last])]))  # `Markup.join` would look at each again


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
