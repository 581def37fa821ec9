"""Markdown to blocks: rendered as HTML by markdown-it (CommonMark and tables), and read as HTML.

So emphasis, entities, reference links, tables, and HTML within Markdown mean what they mean in a page. Before
rendering, what is no prose is taken out (fenced code, images), and what writers mean is marked where CommonMark has no
mark for it: a line of a paragraph that begins with a label in bold type begins a paragraph of its own, and items of
numbered lists keep their number, which may belong to a heading.

markdown-it leaves out what is nested too deeply. Every level of nesting takes a column of the line at least, so lines
with more than MAX_INDENT columns of spaces and marks before their text lose the rest of these, and no text is lost.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from indexer.articles.blocks import ExtractedText
from indexer.articles.characters import without_wiki_marks
from indexer.articles.cleaning import extract_html
from indexer.articles.model import Dropped

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_INDENT: Final = 40  # columns
CODE: Final = "code"  # the reason why a fenced block is dropped

_FRONT_MATTER: Final = re.compile(r"\A---[ \t]*\n(.{0,4000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD: Final = re.compile(r"^([A-Za-z][\w -]{0,40}?)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_INDENT: Final = re.compile(rf"^(?:[ >]|[-*+](?= )|\d{{1,9}}[.)](?= )){{{MAX_INDENT},}}", re.MULTILINE)
_FENCE: Final = re.compile(r"^.*(?:`{3}|~{3}).*$", re.MULTILINE)
_CALLOUT: Final = re.compile(r"^((?:[ \t]*>)+)[ \t]*\[![\w-]{1,30}\][+-]?[ \t]*(.*)$", re.MULTILINE)
# An item that is a link within the page, or a link and its source in brackets, is a way to somewhere else.
_LINK_ITEM: Final = re.compile(
    r"""^[ \t>]*[-*+][ \t]+
        (?: \[[^\]\n]{1,200}\] \( \# [^()\n]{0,200} \)
          | \[[^\]\n]{1,200}\] \( [^()\n]{1,400} \) [ \t]* \( [^()\n]{1,120} \) ) [ \t]*$""",
    re.MULTILINE | re.VERBOSE,
)
_LINKS: Final = "links to other articles"
_SENTENCE_ENDS: Final = (".", "!", "?")


def extract_markdown(text: str) -> ExtractedText:
    """The blocks of a Markdown text, the metadata of its front matter, and the code that was left out."""
    metadata: dict[str, str] = {}
    if front := _FRONT_MATTER.match(text):
        metadata = {key.lower(): value.strip("\"'") for key, value in _FIELD.findall(front[1])}
        text = text[front.end() :]
    text = _CALLOUT.sub(_callout_title, without_wiki_marks(text))
    dropped = [Dropped(item[0].strip(), _LINKS) for item in _LINK_ITEM.finditer(text)]
    text = _LINK_ITEM.sub("", text) if dropped else text
    text = _INDENT.sub(lambda indent: indent[0][:MAX_INDENT], text.expandtabs(4)) + "\n"
    tokens = list(_prose(_parser().parse(text), dropped))
    page = extract_html(_parser().renderer.render(tokens, _parser().options, {}), whole_page=False)
    return ExtractedText(page.blocks, {**page.metadata, **metadata}, (*dropped, *page.dropped))


def _callout_title(callout: re.Match[str]) -> str:
    """The first line of a callout ("> [!info] Title") as a heading, without its mark."""
    quote, title = callout.groups()
    return f"{quote} {title}" if title.startswith("#") else f"{quote} **{title}**\n{quote}" if title else quote


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    # Indented lines are paragraphs: articles have no code, but some writers indent.
    return MarkdownIt("commonmark", {"maxNesting": MAX_INDENT + 2}).enable("table").disable("code")


def _prose(tokens: Iterable["Token"], dropped: list[Dropped]) -> Iterator["Token"]:
    number = ""
    heading: Token | None = None
    for token in tokens:
        match token.type:
            case "fence" if _is_closed(token):
                if token.content.strip():
                    dropped.append(Dropped(token.content.strip(), CODE))
                continue
            case "fence":
                # A fence that nothing closes would take the rest of the article with it.
                yield from _prose(_parser().parse(_FENCE.sub("", token.content)), dropped)
                continue
            case "list_item_open":
                number = f"{token.info}{token.markup} " if token.info else ""
            case "heading_open":
                heading = token
            case "heading_close" if heading is not None and heading.tag == "p":
                token.tag = "p"
            case "inline":
                if heading is not None and heading.markup in {"=", "-"} and _is_text(token.content):
                    heading.tag = "p"
                token.children = _inline(token.children or [], number)
                number = ""
        yield token


def _is_closed(fence: "Token") -> bool:
    first, end = fence.map or [0, 0]
    return fence.content.count("\n") == end - first - 2


def _is_text(underlined: str) -> bool:
    """Whether the lines above a rule are a paragraph, which only a missing blank line makes a heading."""
    return "\n" in underlined or underlined.endswith(_SENTENCE_ENDS)


def _inline(tokens: list["Token"], number: str) -> list["Token"]:
    """The tokens of a paragraph without images, with its number, and broken where a line begins with a label."""
    from markdown_it.token import Token

    tokens = [token for token in tokens if token.type != "image"]
    breaks = [index for index, token in enumerate(tokens) if token.type == "softbreak"]
    starts = [0, *(index + 1 for index in breaks)]
    lines = [tokens[start:end] for start, end in zip(starts, [*breaks, len(tokens)], strict=True)]
    for index, line, following in zip(breaks, lines, lines[1:], strict=False):
        if _is_bold(line) or _begins_with_label(following, after=line):
            tokens[index].type, tokens[index].tag = "hardbreak", "br"
    return [Token("text", "", 0, content=number), *tokens] if number else tokens


def _is_bold(line: list["Token"]) -> bool:
    types = [token.type for token in line if token.content or token.type != "text"]
    first_close = types.index("strong_close") if "strong_close" in types else None  # None: it closes on another line
    return types[:1] == ["strong_open"] and first_close == len(types) - 1


def _begins_with_label(line: list["Token"], *, after: list["Token"]) -> bool:
    """Whether a line begins with words in bold or italic type that end with a colon, or follow a whole sentence."""
    first = next((index for index, token in enumerate(line) if token.content or token.type != "text"), len(line))
    if first == len(line) or line[first].type not in {"strong_open", "em_open"}:
        return False
    closing = line[first].type.replace("open", "close")
    end = next((index for index, token in enumerate(line) if token.type == closing), len(line))
    label = "".join(token.content for token in line[:end])
    rest = "".join(token.content for token in line[end:])
    before = "".join(token.content for token in after)
    return label.endswith((":", ".")) or rest.startswith(":") or before.rstrip().endswith(_SENTENCE_ENDS)
