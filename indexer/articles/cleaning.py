"""HTML pages to blocks: what a reader would see, in order, without menus, scripts and footers.

BeautifulSoup always parses with lxml here: its other parsers need more than linear time for hostile pages. The tree is
walked with an explicit stack, so that no depth of nesting ends the walk. BeautifulSoup is imported when the first page
comes.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Final, NamedTuple

from indexer.articles.blocks import BOLD_LEVEL, Block, ExtractedText, Shape, row_text
from indexer.articles.model import Dropped

if TYPE_CHECKING:
    from bs4.element import Tag

_INVISIBLE: Final = frozenset(
    """script style noscript template svg iframe object canvas select button input textarea head math video audio
    map""".split()
)
# Words in `class`, `id` or `role` that only page chrome has: some wherever they stand ("site-nav"), others only alone
# ("side", for "side-effects" is an article's).
_CHROME_WORDS: Final = frozenset(
    """advert advertisement breadcrumb breadcrumbs cookie cookies crumb crumbs footer masthead menu nav navbar
    navigation newsletter pagination share sharing sidebar sponsored subscribe toc""".split()
)
_CHROME_NAMES: Final = frozenset(
    """ad ads banner comments complementary consent contentinfo disclaimer foot login logo pager promo related search
    side signup skip social sponsor toolbar topbar""".split()
)
_CHROME: Final = frozenset("nav footer aside menu dialog".split())
PAGE_CHROME: Final = "menu, footer or other page chrome"
_CUT: Final = re.compile(r"<!--|<(script|style|svg|noscript|template|nav|footer)\b", re.IGNORECASE)
_CLOSINGS: Final = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE)
    for name in "script style svg noscript template nav footer".split()
} | {"--": re.compile("-->")}
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "summary": 6, "legend": 6}
_BOLD: Final = frozenset("b strong".split())
_LEADS: Final = frozenset("b strong em i u".split())
_INLINE: Final = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small
    span strike strong sub sup time tt u var wbr""".split()
)
_ROW_GROUPS: Final = frozenset("thead tbody tfoot".split())
_ROW: Final = frozenset(("tr",))
_CELLS: Final = frozenset("td th".split())
_DEFINITION: Final = frozenset("dt dd".split())
_DIVISION: Final = frozenset(("div",))
_STRUCTURE: Final = frozenset("table p ul ol dl div h1 h2 h3 h4 h5 h6 br section article".split())
# Page chrome, unless they hold what an article begins with; some publishers put the whole page into one form.
_HOLDERS: Final = {"header": ["h1", "h2", "p"], "form": ["h1"]}
_ATTRIBUTE_WORD: Final = re.compile(r"[a-z]+")
_META: Final = re.compile(r"title|icd|code|review|modified|update|language|url", re.IGNORECASE)


def declared_text(content: bytes) -> str | None:
    """The text of a page that is not UTF-8, by the encoding that it declares; None where it declares none that fits."""
    from bs4.dammit import EncodingDetector

    declared = EncodingDetector.find_declared_encoding(content, is_html=True, search_entire_document=False)
    if not declared:
        return None
    try:
        return content.decode(declared)
    except (LookupError, UnicodeDecodeError):
        return None


def extract_html(text: str) -> ExtractedText:
    """The blocks of an HTML page, what its head says, and the menus and footers that were left out."""
    from bs4 import BeautifulSoup

    dropped: list[Dropped] = []
    soup = BeautifulSoup(_without_page_chrome(text, dropped), "lxml", multi_valued_attributes=None)
    metadata: dict[str, str] = {}
    if soup.title is not None and (title := _line(soup.title.get_text())):
        metadata["page title"] = title
    if soup.html is not None and isinstance(language := soup.html.get("lang"), str):
        metadata["language"] = language
    for meta in (soup.head or soup).find_all("meta"):
        name, value = meta.get("name") or meta.get("property"), meta.get("content")
        if isinstance(name, str) and isinstance(value, str) and _META.search(name):
            metadata.setdefault(name.lower(), value.strip())
    blocks = tuple(_Walk(dropped).blocks(soup))
    return ExtractedText(blocks, metadata, tuple(dropped))


def _without_page_chrome(text: str, dropped: list[Dropped]) -> str:
    """The page without what is left out whole: making a tree of it would take most of the time of reading."""
    parts: list[str] = []
    unclosed: set[str] = set()
    position = 0
    for opening in _CUT.finditer(text):
        name = (opening[1] or "--").lower()
        if opening.start() < position or name in unclosed:
            continue
        closing = _CLOSINGS[name].search(text, opening.end())
        if closing is None:
            unclosed.add(name)
            continue
        parts.append(text[position : opening.start()])
        position = closing.end()
        if name in _CHROME and (line := _line(_TAG.sub(" ", text[opening.end() : closing.start()].partition(">")[2]))):
            dropped.append(Dropped(unescape(line), PAGE_CHROME))
    return "".join((*parts, text[position:])) if position else text


class _Frame(NamedTuple):
    """What to go back to when the walk leaves an element."""

    shape: Shape
    level: int
    bold: bool
    lead: bool
    block: bool


class _Walk:
    """One walk over a page; text gathers in `_texts` until an element or line ends it."""

    def __init__(self, dropped: list[Dropped]) -> None:
        self._dropped = dropped
        self._texts: list[str] = []
        self._bold_size = 0  # code points in bold type among the texts
        self._has_plain = False  # whether any of them is in another type
        self._lead_size = 0  # code points of the bold or italic run that they begin with
        self._frame = _Frame("paragraph", 0, False, False, True)

    def blocks(self, root: "Tag") -> Iterator[Block]:
        """The blocks below an element."""
        from bs4.element import NavigableString, PreformattedString, Tag

        stack: list[Tag | NavigableString | _Frame] = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, _Frame):
                if self._frame.block:
                    yield from self._flush()
                self._frame = node
            elif isinstance(node, Tag):
                name = node.name
                if name in {"br", "hr"}:
                    yield from self._flush()
                elif (rows := _rows_of(node, name)) is not None:
                    yield from self._flush()
                    yield from (Block(row, "item") for row in rows)
                elif not self._left_out(node, name):
                    if name not in _INLINE:
                        yield from self._flush()
                    stack.append(self._frame)
                    self._frame = self._enter(name)
                    stack.extend(
                        child for child in reversed(node.contents) if isinstance(child, (Tag, NavigableString))
                    )
            elif not isinstance(node, PreformattedString):
                self._add(str(node))
        yield from self._flush()

    def _left_out(self, node: "Tag", name: str) -> bool:
        if name in _INVISIBLE:
            return True
        empty = name in _HOLDERS and node.find(_HOLDERS[name]) is None
        if empty or name in _CHROME or (name not in {"body", "html", "main", "article"} and _is_page_chrome(node)):
            if line := _line(node.get_text(" ")):
                self._dropped.append(Dropped(line, PAGE_CHROME))
            return True
        return False

    def _enter(self, name: str) -> _Frame:
        frame = self._frame
        if name in _INLINE:
            return frame._replace(bold=frame.bold or name in _BOLD, lead=frame.lead or name in _LEADS, block=False)
        if name in _HEADINGS:
            return _Frame("heading", _HEADINGS[name], False, False, True)
        shape: Shape = (
            "item"
            if name in {"li", "dd", "dt"}
            else "paragraph"
            if name in {"div", "section", "article"}
            else frame.shape
        )
        return _Frame(shape, 0 if shape != "heading" else frame.level, False, False, True)

    def _add(self, text: str) -> None:
        self._texts.append(text)
        if text.isspace():
            return
        size = len(text.strip())
        if self._frame.lead and not self._has_plain:
            self._lead_size += size
        if self._frame.bold:
            self._bold_size += size
        else:
            self._has_plain = self._has_plain or not self._frame.lead
        if not self._frame.lead:
            self._has_plain = True

    def _flush(self) -> Iterator[Block]:
        text = _line("".join(self._texts))
        bold_size, has_plain, lead_size = self._bold_size, self._has_plain, self._lead_size
        self._texts.clear()
        self._bold_size, self._has_plain, self._lead_size = 0, False, 0
        if not text:
            return
        shape, level = self._frame.shape, self._frame.level
        if bold_size and not has_plain and lead_size == bold_size and shape == "paragraph":
            yield Block(text, "heading", BOLD_LEVEL)
        else:
            yield Block(text, shape, level, lead_size if has_plain and shape != "heading" else 0)


def _line(text: str) -> str:
    return " ".join(text.split())


def _is_page_chrome(node: "Tag") -> bool:
    attributes = node.attrs
    return bool(attributes) and any(
        _names_page_chrome(value) for name in ("class", "id", "role") if isinstance(value := attributes.get(name), str)
    )


@lru_cache(maxsize=1 << 10)
def _names_page_chrome(value: str) -> bool:
    value = value[:200].lower()
    return any(part in _CHROME_WORDS for part in _ATTRIBUTE_WORD.findall(value)) or any(
        name in _CHROME_NAMES for name in value.split()
    )


def _rows_of(node: "Tag", name: str) -> list[str] | None:
    return _table_rows(node) if name == "table" else _definition_rows(node) if name == "dl" else None


def _table_rows(table: "Tag") -> list[str] | None:
    """The rows of a table of metadata as lines; None for a table that lays out a page."""
    parts = [table, *_children(table, _ROW_GROUPS)]
    cells = [_children(row, _CELLS) for part in parts for row in _children(part, _ROW)]
    if any(_children(cell, _STRUCTURE) for row in cells for cell in row):
        return None
    return [line for row in cells if (line := row_text([_line(cell.get_text(" ")) for cell in row]))]


def _definition_rows(definitions: "Tag") -> list[str] | None:
    """The terms of a definition list with what is said of each; None where they hold whole paragraphs."""
    groups = [definitions, *_children(definitions, _DIVISION)]
    pairs: list[list[str]] = []
    for part in (child for group in groups for child in _children(group, _DEFINITION)):
        if _children(part, _STRUCTURE | _DEFINITION):
            return None
        text = _line(part.get_text(" "))
        if part.name == "dt" or not pairs:
            pairs.append([text])
        else:
            pairs[-1].append(text)
    return [line for pair in pairs if (line := row_text(pair))]


def _children(node: "Tag", names: frozenset[str]) -> "list[Tag]":
    return [child for child in node.contents if getattr(child, "name", None) in names]  # type: ignore[misc]
