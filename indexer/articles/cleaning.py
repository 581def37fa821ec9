"""HTML pages to blocks: what a reader would see, in order, without menus, scripts and footers.

BeautifulSoup always parses with lxml here: its other parsers need more than linear time for hostile pages. The tree is
walked with an explicit stack, so that no depth of nesting ends the walk. BeautifulSoup is imported when the first page
comes.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from indexer.articles.accordions import settle_accordions
from indexer.articles.blocks import BOLD_LEVEL, Block, ExtractedText, Shape
from indexer.articles.characters import LIGATURES, superscript
from indexer.articles.embedded_text import MIN_WORDS, embedded_text
from indexer.articles.headings import is_sentence
from indexer.articles.main_text import NOT_MAIN_TEXT, main_text
from indexer.articles.model import Dropped
from indexer.articles.page_outline import INLINE
from indexer.articles.tables import definition_rows, names_field, table_rows

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.builder._lxml import LXMLTreeBuilder
    from bs4.element import Tag
    from lxml.etree import _Element as Element

_INVISIBLE: Final = frozenset(
    """script style noscript template svg iframe object canvas select button input textarea head math video audio
    map""".split()
)
# Ends of body and html are taken out as well: the parser reads nothing behind them, browsers do.
_CUT: Final = re.compile(
    r"<(?:(!--|(?:script|style|svg|noscript|template|button)\b)|/(?:body|html)\s*>)", re.IGNORECASE
)
_CLOSINGS: Final = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in "script style svg noscript template button".split()
} | {"!--": re.compile("-->")}
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
# Inline tags that say nothing about the text in them.
_PLAIN: Final = "abbr acronym bdi bdo big cite data del font img mark s samp strike tt wbr picture source".split()
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "summary": 6, "legend": 6}
_BOLD: Final = frozenset("b strong".split())
_LEADS: Final = frozenset("b strong em i u".split())
# What entities bring in: characters without width go, ligatures are spelled out.
_UNSEEN: Final[dict[int, str]] = {
    **dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF), ""),
    **{ord(ligature): letters for ligature, letters in LIGATURES.items()},
}
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


def extract_html(text: str, *, whole_page: bool = True) -> ExtractedText:
    """The blocks of the main text of an HTML page, what its head says, and what was left out.

    What is no `whole_page`, but the body of one (as Markdown is), loses only what HTML itself sets aside.
    """
    from bs4 import BeautifulSoup
    from lxml.etree import tostring

    root = page_tree(text)
    if root is None:
        return ExtractedText(())
    dropped = main_text(root, whole_page=whole_page)
    metadata = _metadata(root)
    _trim(root)
    soup = BeautifulSoup(tostring(root, encoding="unicode", method="html"), builder=_tree_builder()())
    blocks = tuple(_Walk().blocks(soup))
    if whole_page and _is_bare(blocks) and (embedded := embedded_text(text)):
        titles = [block for block in blocks if block.level == 1]
        dropped += [Dropped(block.text, NOT_MAIN_TEXT) for block in blocks if block.level != 1]
        blocks = (*titles, *extract_html(embedded, whole_page=False).blocks)
    return ExtractedText(blocks, metadata, tuple(dropped))


def _is_bare(blocks: Sequence[Block]) -> bool:
    """Whether the blocks of a page hold nearly no text, as where scripts make it."""
    return sum(block.text.count(" ") + 1 for block in blocks if block.shape != "heading") < MIN_WORDS


@cache
def _tree_builder() -> "type[LXMLTreeBuilder]":
    from bs4.builder._lxml import LXMLTreeBuilder

    class BareTreeBuilder(LXMLTreeBuilder):
        """Builds a tree without attributes and namespaces; looking for these takes a third of the time."""

        def start(self, tag: str | bytes, attrib: object, nsmap: object = None) -> None:
            cast("BeautifulSoup", self.soup).handle_starttag(str(tag), None, None, {})

        def end(self, tag: str | bytes) -> None:
            cast("BeautifulSoup", self.soup).handle_endtag(str(tag))

    return BareTreeBuilder


def _metadata(root: "Element") -> dict[str, str]:
    """What the head of a page says: its title, its language, and meta elements about codes and dates."""
    metadata: dict[str, str] = {}
    if title := _line(root.findtext("head/title") or ""):
        metadata["page title"] = title
    if language := root.get("lang"):
        metadata["language"] = language
    for meta in root.findall("head/meta"):
        name, value = meta.get("name") or meta.get("property"), meta.get("content")
        if name and value is not None and _META.search(name):
            metadata.setdefault(name.lower(), value.strip())
    return metadata


def page_tree(text: str) -> "Element | None":
    """The tree of a page without what is never text; None for a page of nothing."""
    from lxml.etree import HTMLParser, TreeBuilder, XMLSyntaxError, fromstring, strip_elements, strip_tags

    content = _without_raw_text(text).encode("utf-8", "replace")
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = fromstring(content, parser)
        if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
            # The parser gives up at 2,048 levels; through a builder it doesn't, but takes longer.
            builder = TreeBuilder(insert_comments=False, insert_pis=False)
            root = fromstring(content, HTMLParser(encoding="utf-8", huge_tree=True, target=builder))
    except XMLSyntaxError:
        return None
    if root is not None:
        strip_tags(root, *_PLAIN)
        strip_elements(root, *_INVISIBLE - {"head", "button", "input"}, "link", with_tail=False)
        settle_accordions(root)
        strip_elements(root, "button", "input", with_tail=False)
    return root


def _trim(root: "Element") -> None:
    """Takes out of a tree what says nothing about its text: BeautifulSoup would spend half of its time on it."""
    from lxml.etree import strip_attributes, strip_elements, strip_tags

    strip_elements(root, "head", with_tail=False)
    strip_tags(root, "a", "ins", "label", "small", "span", "time")
    strip_attributes(root, "{}*")  # of no namespace; "*" alone matches none


def _without_raw_text(text: str) -> str:
    """The page without scripts and tags in buttons, where an unclosed element would swallow what follows."""
    parts: list[str] = []
    unclosed: set[str] = set()
    position = 0
    for opening in _CUT.finditer(text):
        name = (opening[1] or "").lower()
        if opening.start() < position or name in unclosed:
            continue
        closing = _CLOSINGS[name].search(text, opening.end()) if name else opening
        if closing is None:
            unclosed.add(name)
            continue
        parts.append(text[position : opening.start()])
        position = closing.end()
        if name == "button":
            attributes, _, inside = text[opening.end() : closing.start()].partition(">")
            parts += ("<button", attributes, ">", _TAG.sub(" ", inside), "</button>")
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

    def __init__(self) -> None:
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
                elif name == "sup":
                    self._add(superscript(node.get_text(), "".join(self._texts[-2:])))
                elif (rows := _rows_of(node, name)) is not None:
                    yield from self._flush()
                    yield from (row._replace(text=_line(row.text)) for row in rows)
                elif name not in _INVISIBLE:
                    if name not in INLINE:
                        yield from self._flush()
                    stack.append(self._frame)
                    self._frame = self._enter(name)
                    stack.extend(
                        child for child in reversed(node.contents) if isinstance(child, (Tag, NavigableString))
                    )
            elif not isinstance(node, PreformattedString):
                self._add(str(node))
        yield from self._flush()

    def _enter(self, name: str) -> _Frame:
        frame = self._frame
        if name in INLINE:
            return frame._replace(bold=frame.bold or name in _BOLD, lead=frame.lead or name in _LEADS, block=False)
        if name in _HEADINGS:
            return _Frame("heading", _HEADINGS[name], False, False, True)
        shape: Shape = (
            "item"
            if name in {"li", "dd"}
            else "term"
            if name in {"dt", "th"}
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
        if shape == "term":
            is_heading = names_field(text)
            yield Block(text, "heading" if is_heading else "item", BOLD_LEVEL if is_heading else 0)
        elif bold_size and not has_plain and lead_size == bold_size and shape == "paragraph":
            yield Block(text, "paragraph") if is_sentence(text) else Block(text, "heading", BOLD_LEVEL)
        else:
            yield Block(text, shape, level, lead_size if has_plain and shape != "heading" else 0)


def _line(text: str) -> str:
    """The text in one line, without the soft hyphens, zero-width characters and ligatures that entities brought in."""
    return " ".join((text if text.isascii() else text.translate(_UNSEEN)).split())


def _rows_of(node: "Tag", name: str) -> tuple[Block, ...] | None:
    return table_rows(node) if name == "table" else definition_rows(node) if name == "dl" else None
