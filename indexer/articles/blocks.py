"""Plain text and Markdown to blocks: paragraphs, list items, headings and captions, in order.

The three kinds of raw text become one shape here, so that what follows need not know whether an article came as
text, Markdown or HTML (cleaning.py makes the same blocks of a page).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

from indexer.articles.model import Dropped

Shape: TypeAlias = Literal["paragraph", "item", "heading", "title", "caption"]

MAX_WRAP: Final = 120  # a text with a longer line was not wrapped by hand or mailer
MIN_WRAP: Final = 40


class Block(NamedTuple):
    """One line or element of an article; `alone` means that a blank line or an element's edge stands before it."""

    text: str
    shape: Shape = "paragraph"
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """A raw text taken apart: its blocks, what it says about itself (title, code, reviewed, language, url), what went."""

    blocks: tuple[Block, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()


_UNDERLINE: Final = re.compile(r"\s{0,3}(?:={3,}|-{3,}|~{3,}|\*{3,}|_{3,})\s*$")
_BULLET: Final = re.compile(r"\s*(?:[-*+•‣◦·–]|\(?\d{1,2}[.)]|[a-z]\))\s+")
_ATX: Final = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_BOLD_LINE: Final = re.compile(r"\s*(?:\*\*|__)(?P<text>[^*_]{2,120}?)(?P<colon>:?)(?:\*\*|__)\s*:?\s*$")
_SPACE: Final = re.compile(r"[^\S\n]+")
_FRONT: Final = re.compile(r"\A---[ \t]*\n(.{0,4000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FACT: Final = re.compile(r"^([A-Za-z][\w -]{0,40}?)\s*:\s*(.*?)\s*$", re.MULTILINE)
_INLINE: Final = (
    (re.compile(r"!\[([^\]\n]{0,300})\]\([^()\s]{0,1000}\)"), ""),
    (re.compile(r"\[([^\]\n]{1,300})\]\([^()\s]{0,1000}(?:\s+\"[^\"\n]{0,300}\")?\)"), r"\1"),
    (re.compile(r"<(https?://[^>\s]{1,500})>"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)([^\n]{1,400}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,400}?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=[^\s_])([^_\n]{1,400}?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"`([^`\n]{1,400})`"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])"), r"\1"),
)


def plain_page(text: str) -> Page:
    """The blocks of a plain text: a line each, unless the lines were wrapped at a width."""
    return Page(tuple(_line_blocks(text.split("\n"), markdown=False)))


def markdown_page(text: str) -> Page:
    """The blocks of a Markdown text without its marks, and what its front matter says."""
    facts: dict[str, str] = {}
    if front := _FRONT.match(text):
        facts = {key.lower(): value.strip("\"'") for key, value in _FACT.findall(front[1])}
        text = text[front.end() :]
    return Page(tuple(_line_blocks(text.split("\n"), markdown=True)), facts)


def _line_blocks(lines: list[str], *, markdown: bool) -> list[Block]:
    width = max(map(len, lines), default=0)
    wrapped = markdown or MIN_WRAP <= width <= MAX_WRAP
    blocks: list[Block] = []
    blank, room = True, 0
    for line in lines:
        text = _SPACE.sub(" ", line).strip()
        if not text:
            blank, room = True, 0
            continue
        if _UNDERLINE.match(line):
            if not blank and blocks and blocks[-1].alone and len(blocks[-1].text) <= MAX_WRAP:
                blocks[-1] = blocks[-1]._replace(shape="heading")
            blank, room = True, 0
            continue
        block = _marked(line, text, blank) if markdown else _unmarked(line, text, blank)
        first = text.split(" ", 1)[0]
        joins = (
            wrapped
            and room
            and block.shape == "paragraph"
            and (markdown or room + 1 + len(first) > width or text[0].islower())
        )
        if joins and blocks and blocks[-1].shape in {"paragraph", "item"}:
            blocks[-1] = blocks[-1]._replace(text=f"{blocks[-1].text} {block.text}")
        elif block.text:
            blocks.append(block)
        room = (
            0
            if block.shape == "heading"
            or (markdown and line.endswith("  "))
            or len(line) < (1 if markdown else MIN_WRAP)
            else len(line)
        )
        blank = False
    return blocks


def _unmarked(line: str, text: str, alone: bool) -> Block:
    if bullet := _BULLET.match(line):
        return (
            Block(text, "item", alone)
            if bullet.group().strip()[0].isalnum()
            else Block(_SPACE.sub(" ", line[bullet.end() :]).strip(), "item", alone)
        )
    return Block(text, "paragraph", alone)


def _marked(line: str, text: str, alone: bool) -> Block:
    if heading := _ATX.match(line):
        return Block(_plain(heading[1]), "heading")
    if bold := _BOLD_LINE.match(line):
        return Block(_plain(bold["text"]), "heading")
    if bullet := _BULLET.match(line):
        mark = bullet.group().strip()
        rest = _plain(_SPACE.sub(" ", line[bullet.end() :]).strip())
        return Block(f"{mark} {rest}" if mark[0].isalnum() else rest, "item", alone)
    return Block(_plain(text.lstrip("> ")), "paragraph", alone)


def _plain(text: str) -> str:
    for pattern, replacement in _INLINE:
        if "*" in text or "[" in text or "_" in text or "`" in text or "\\" in text or "<" in text:
            text = pattern.sub(replacement, text)
    return text.strip()
