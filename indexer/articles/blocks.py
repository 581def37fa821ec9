"""Plain text and Markdown to blocks: paragraphs, list items and headings, in order.

The three kinds of raw text become one shape here, so that what follows need not know whether an article came as
text, Markdown or HTML (cleaning.py makes the same blocks of a page).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

from indexer.articles.model import Dropped

Shape: TypeAlias = Literal["paragraph", "item", "heading"]

MAX_WRAP: Final = 120  # code points; a text whose usual line is longer was not wrapped by hand or mailer
MIN_WRAP: Final = 40
BROKEN: Final = 0.5  # of the longer lines end within a sentence where a text was wrapped
BOLD_LEVEL: Final = 7  # of a heading made of bold type or underlined, below h1 to h6


class Block(NamedTuple):
    """One line or element of an article.

    `level` ranks a heading (1 to 7; 0: not known), `bold` counts the leading code points in bold type, `alone` says that
    a blank line or an element's edge stands before it.
    """

    text: str
    shape: Shape = "paragraph"
    level: int = 0
    bold: int = 0
    alone: bool = True


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """The blocks of a raw text, its metadata (`title`, `code`, `reviewed` ...), and what was left out."""

    blocks: tuple[Block, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()


_UNDERLINE: Final = re.compile(r"\s{0,3}(?:={3,}|-{3,}|~{3,}|\*{3,}|_{3,})\s*")
_BULLET: Final = re.compile(r"\s*(?:[-*+•‣◦·–‒—▪●○]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
_ATX: Final = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)[\s#]*")
_TABLE_RULE: Final = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?\s*")
_BOLD: Final = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,120}?)(?<=\S)\1")
_RUN_IN: Final = re.compile(r"(\*\*|__|\*|_)(?=[^\s*_])([^\n*_]{1,60}?[.:]?)\1:?(?=\s)")
_FRONT: Final = re.compile(r"\A---[ \t]*\n(.{0,4000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_FIELD: Final = re.compile(r"^([A-Za-z][\w -]{0,40}?)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_INLINE: Final = (
    (re.compile(r"!\[([^\]\n]{0,300})\]\([^()\s]{0,1000}\)"), ""),
    (re.compile(r"\[([^\]\n]{1,300})\]\([^()\s]{0,1000}(?:\s+\"[^\"\n]{0,300}\")?\)"), r"\1"),
    (re.compile(r"<(https?://[^>\s]{1,500})>"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)([^\n]{1,400}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,400}?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=[^\s_])([^_\n]{1,400}?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"`([^`\n]{1,400})`"), r"\1"),
)
_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")
_ASIDE: Final = 0xE000  # where escaped marks wait, among code points for private use
_ASIDES: Final = re.compile("[\ue000-\ue07f]")
_MARKS: Final = re.compile(r"[*_`\[\\<]")


def extract_plain_text(text: str) -> ExtractedText:
    """The blocks of a plain text: a line each, unless the lines were wrapped at a width."""
    lines = text.split("\n")
    return ExtractedText(tuple(_unwrapped(_plain_lines(lines), _wrap_width(lines))))


def extract_markdown(text: str) -> ExtractedText:
    """The blocks of a Markdown text without its marks, and what its front matter says."""
    metadata: dict[str, str] = {}
    if front := _FRONT.match(text):
        metadata = {key.lower(): value.strip("\"'") for key, value in _FRONT_FIELD.findall(front[1])}
        text = text[front.end() :]
    return ExtractedText(tuple(_unwrapped(_marked_lines(text.split("\n")), 1)), metadata)


class _Line(NamedTuple):
    block: Block
    length: int  # code points as it stood, 0 where nothing may follow on the next line


def _plain_lines(lines: list[str]) -> Iterator[_Line]:
    alone = True
    for line, following in zip(lines, (*lines[1:], ""), strict=True):
        text = spaced(line)
        if not text or _UNDERLINE.fullmatch(line):
            alone = True
        elif len(text) <= MAX_WRAP and _UNDERLINE.fullmatch(following) and following.strip()[0] in "=-~":
            yield _Line(Block(text, "heading", 0, 0, alone), 0)
        elif bullet := _BULLET.match(line):
            mark = bullet.group().strip()
            # A number may belong to a heading ("1. Causes"); whoever reads the blocks on knows.
            body = text if mark[-1] in ".)" else spaced(line[bullet.end() :])
            yield _Line(Block(body, "item", 0, 0, alone), len(line))
            alone = False
        else:
            yield _Line(Block(text, "paragraph", 0, 0, alone), len(line) if len(line) >= MIN_WRAP else 0)
            alone = False


def _marked_lines(lines: list[str]) -> Iterator[_Line]:
    alone = True
    for line, following in zip(lines, (*lines[1:], ""), strict=True):
        text = spaced(line).lstrip("> ")
        if not text or _UNDERLINE.fullmatch(line) or _TABLE_RULE.fullmatch(line):
            alone = True
        elif heading := _ATX.fullmatch(line):
            yield _Line(Block(_unmarked(heading[2]), "heading", len(heading[1]), 0, alone), 0)
        elif _UNDERLINE.fullmatch(following) and following.strip()[0] in "=-" and alone:
            yield _Line(Block(_unmarked(text), "heading", 1 if following.strip()[0] == "=" else 2, 0, alone), 0)
        elif (bold := _BOLD.fullmatch(text.rstrip(":"))) and not text.startswith(("* ", "- ")):
            yield _Line(Block(_unmarked(bold[2]), "heading", BOLD_LEVEL, 0, alone), 0)
        elif text.startswith("|"):
            cells = [_unmarked(cell.strip()) for cell in text[1:].removesuffix("|").split("|")]
            yield _Line(Block(row_text(cells), "item", 0, 0, alone), 0)
            alone = False
        elif bullet := _BULLET.match(line):
            mark = bullet.group().strip()
            body = _unmarked(spaced(line[bullet.end() :]))
            yield _Line(Block(f"{mark} {body}" if mark[-1] in ".)" else body, "item", 0, 0, alone), len(line))
            alone = False
        else:
            lead = _RUN_IN.match(text)
            yield _Line(
                Block(_unmarked(text), "paragraph", 0, len(lead[2]) if lead else 0, alone),
                0 if line.endswith(("  ", "\\")) else len(line),
            )
            alone = False


def _unwrapped(lines: Iterator[_Line], width: int) -> Iterator[Block]:
    """Lines joined where a line was only broken because its next word did not fit into the width (0: nowhere)."""
    held: list[str] = []
    first: Block | None = None
    room = 0
    for block, length in lines:
        text = block.text
        joins = first is not None and width and room and not block.alone and block.shape == "paragraph"
        if joins and not block.bold and (room + 1 + len(text.split(" ", 1)[0]) > width or text[0].islower()):
            held.append(text)
        else:
            if first is not None:
                yield first._replace(text=" ".join(held))
            first, held = (block, [text]) if text else (None, [])
        room = length
    if first is not None:
        yield first._replace(text=" ".join(held))


def spaced(line: str) -> str:
    """A line with single spaces between its words and none around them."""
    line = line.strip()
    return " ".join(line.split()) if "  " in line or "\t" in line or not line.isascii() else line


def _wrap_width(lines: list[str]) -> int:
    """The width at which a text was wrapped, 0 where its lines are paragraphs."""
    longer = [line for line in lines if len(line) >= MIN_WRAP]
    lengths = sorted(map(len, longer))
    if len(longer) < 2 or lengths[len(lengths) // 2] > MAX_WRAP:
        return 0
    broken = sum(not line.rstrip().endswith((".", "!", "?", ":", ";")) for line in longer)
    return lengths[len(lengths) * 9 // 10] if broken >= BROKEN * len(longer) else 0


def row_text(cells: list[str]) -> str:
    """A row of a table as a line: the first cell names what the others say; with nothing in it, they stand side by side."""
    head, *rest = cells or [""]
    said = "; ".join(cell for cell in rest if cell)
    return f"{head}: {said}" if head and said else head or said


def _unmarked(text: str) -> str:
    if not _MARKS.search(text):
        return text
    text = _ESCAPE.sub(lambda mark: chr(_ASIDE + ord(mark[1])), text)
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return _ASIDES.sub(lambda mark: chr(ord(mark[0]) - _ASIDE), text).strip()
