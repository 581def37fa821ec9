"""Plain text to blocks: a line each, unless the lines were wrapped at a width."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from indexer.articles.blocks import Block, ExtractedText
from indexer.articles.characters import without_entities, without_wiki_marks
from indexer.articles.contents_list import without_contents
from indexer.articles.model import Dropped

MAX_WRAP: Final = 120  # code points; a text whose usual line is longer was not wrapped by hand or mailer
MIN_WRAP: Final = 40
JOINED_SHARE: Final = 1.3  # of the width; a line that is longer was joined to the next because a word was broken
BROKEN_SHARE: Final = 0.5  # of the longer lines end within a sentence where a text was wrapped

CONTENTS: Final = "table of contents"  # the reason why its lines are dropped

_SENTENCE_ENDS: Final = ".!?:;"
_UNDERLINE: Final = re.compile(r"\s{0,3}(?:={3,}|-{3,}|~{3,}|\*{3,}|_{3,})\s*")
_WIKI_HEADING: Final = re.compile(r"\s*(={2,6})\s*([^=\s](?:[^=]{0,100}[^=\s])?)\s*\1\s*")
_BULLET: Final = re.compile(r"\s*(?:[-*+•‣◦·–‒—▪●○]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")


class _Line(NamedTuple):
    block: Block
    length: int  # code points as it stood, 0 where nothing may continue it on the next line


def extract_plain_text(text: str) -> ExtractedText:
    """The blocks of a plain text without its table of contents."""
    lines = without_wiki_marks(without_entities(text)).split("\n")
    blocks, contents = without_contents(tuple(_unwrapped(_lines(lines), _wrap_width(lines))))
    return ExtractedText(blocks, dropped=tuple(Dropped(line, CONTENTS) for line in contents))


def _lines(lines: list[str]) -> Iterator[_Line]:
    alone = True
    for line, following in zip(lines, (*lines[1:], ""), strict=True):
        text = _spaced(line)
        if not text or _UNDERLINE.fullmatch(line):
            alone = True
        elif text[0] == "=" and (wiki := _WIKI_HEADING.fullmatch(line)):
            yield _Line(Block(wiki[2], "heading", len(wiki[1]), 0, True), 0)
            alone = True
        elif len(text) <= MAX_WRAP and _UNDERLINE.fullmatch(following) and following.strip()[0] in "=-~":
            yield _Line(Block(text, "heading", 0, 0, alone), 0)
        elif bullet := _BULLET.match(line):
            mark = bullet.group().strip()
            # A number may belong to a heading ("1. Causes"); the reader knows what follows.
            body = text if mark[-1] in ".)" else _spaced(line[bullet.end() :])
            yield _Line(Block(body, "item", 0, 0, alone), len(line))
            alone = False
        else:
            yield _Line(Block(text, "paragraph", 0, 0, alone), len(line) if len(line) >= MIN_WRAP else 0)
            alone = False


def _unwrapped(lines: Iterator[_Line], width: int) -> Iterator[Block]:
    """Joins lines where one was only broken because its next word did not fit into the width (0: nowhere)."""
    parts: list[str] = []
    first: Block | None = None
    length = 0  # of the line before
    for block, block_length in lines:
        text = block.text
        may_join = first is not None and width and length and not block.alone and block.shape == "paragraph"
        goes_on = (
            length <= JOINED_SHARE * width or parts[-1][-1] not in _SENTENCE_ENDS
        )  # a much longer line had a word joined to it
        if may_join and (text[0].islower() or (goes_on and length + 1 + len(text.split(" ", 1)[0]) > width)):
            parts.append(text)
        else:
            if first is not None:
                yield first if len(parts) == 1 else first._replace(text=" ".join(parts))
            first, parts = block, [text]
        length = block_length
    if first is not None:
        yield first if len(parts) == 1 else first._replace(text=" ".join(parts))


def _spaced(line: str) -> str:
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
    return lengths[len(lengths) * 9 // 10] if broken >= BROKEN_SHARE * len(longer) else 0
