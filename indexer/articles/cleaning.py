"""HTML pages to blocks: what a reader would see, in order, without menus, scripts and footers.

The only module that knows BeautifulSoup, and it always parses with lxml: other parsers need more than
linear time for hostile pages. BeautifulSoup is imported when the first page comes.
"""

from typing import Final

from indexer.articles.blocks import Block, Page, Shape
from indexer.articles.model import Dropped

_INVISIBLE: Final = frozenset(
    "script style noscript template svg iframe object canvas select button form input textarea head math video audio".split()
)
_CHROME: Final = frozenset("nav footer aside menu dialog".split())
_SHAPES: Final[dict[str, Shape]] = {
    "h1": "title", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
    "dt": "heading", "li": "item", "figcaption": "caption", "caption": "caption",
}  # fmt: skip
_INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q s samp small span strike strong sub sup time tt u var wbr".split()
)


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


def html_page(text: str) -> Page:
    """The blocks of an HTML page, what its head says, and the menus and footers that were left out."""
    from bs4 import BeautifulSoup
    from bs4.element import NavigableString, PreformattedString, Tag

    soup = BeautifulSoup(text, "lxml")
    facts: dict[str, str] = {}
    if soup.title is not None and (title := " ".join(soup.title.get_text().split())):
        facts["page title"] = title
    for meta in soup.find_all("meta"):
        name, value = meta.get("name") or meta.get("property"), meta.get("content")
        if isinstance(name, str) and isinstance(value, str):
            facts.setdefault(name.lower(), value.strip())
    blocks: list[Block] = []
    dropped: list[Dropped] = []
    pieces: list[str] = []
    shape: Shape = "paragraph"

    def flush() -> None:
        line = " ".join("".join(pieces).split())
        if line:
            blocks.append(Block(line, shape))
        pieces.clear()

    stack: list[tuple[Tag | NavigableString, Shape | None]] = [(soup, None)]
    while stack:
        node, closing = stack.pop()
        if closing is not None:
            flush()
            shape = closing
        elif isinstance(node, Tag):
            name = node.name
            if name in _INVISIBLE:
                continue
            if name in _CHROME:
                if line := " ".join(node.get_text(" ").split()):
                    dropped.append(Dropped(line, f"page furniture <{name}>"))
                continue
            if name == "br":
                flush()
                continue
            if name not in _INLINE:
                flush()
                stack.append((node, shape))
                shape = _SHAPES.get(
                    name, "paragraph" if name in {"p", "div", "section", "article", "td", "th", "dd"} else shape
                )
            stack.extend(
                (child, None) for child in reversed(node.contents) if isinstance(child, (Tag, NavigableString))
            )
        elif not isinstance(node, PreformattedString):
            pieces.append(str(node))
    flush()
    return Page(tuple(blocks), facts, tuple(dropped))
