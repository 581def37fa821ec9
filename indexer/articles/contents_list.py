"""Tables of contents out of a plain text: short lines in a row that stand below again, over paragraphs."""

import re
from collections.abc import Sequence
from typing import Final

from indexer.articles.blocks import Block
from indexer.articles.headings import MAX_HEADING, heading_text

SAME_ENDING: Final = 6  # characters by which two lines may be the same
MIN_LINES: Final = 3  # of a table of contents without a line that announces it

_ANNOUNCED: Final = re.compile(
    r"(?:on this page|in this (?:article|section|leaflet|guide)|(?:table of )?contents|jump to)\W*", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"^\d{1,2}(?:\.\d{1,2}){0,3}[.)]?\s+")
_SENTENCE_ENDS: Final = (".", "!", ":", ",", ";")


def without_contents(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks of a text without its tables of contents, and the lines of these."""
    endings = [block.text.rstrip("*_#= :")[-SAME_ENDING:].lower() for block in blocks if len(block.text) <= MAX_HEADING]
    if len(endings) == len(set(endings)):  # no line stands twice, whatever its number
        return tuple(blocks), ()
    names = [_name(block) for block in blocks]
    last = {
        name: index
        for index, (name, following) in enumerate(zip(names, (*names[1:], ""), strict=False))
        if name and not following
    }
    listed: list[int] = []
    index = 0
    while index < len(blocks):
        end = index
        repeats: list[int] = []
        while end < len(blocks) and names[end] and blocks[end].shape != "heading":
            if last.get(names[end], 0) > end:
                repeats.append(end)
            end += 1
        announced = next((each for each in range(index, end) if _ANNOUNCED.fullmatch(blocks[each].text)), None)
        # What an announcement stands over ends with the last line that stands below again.
        if announced is not None and repeats and repeats[-1] > announced and last[names[repeats[-1]]] >= end:
            listed.extend(range(announced + 1, repeats[-1] + 1))
        elif run := _longest_run(repeats, end, names, last):
            listed.extend(run)
        index = max(end, index + 1)
    if not listed:
        return tuple(blocks), ()
    gone = set(listed)
    retained = tuple(block for index, block in enumerate(blocks) if index not in gone)
    return retained, tuple(blocks[index].text for index in listed)


def _longest_run(repeats: list[int], end: int, names: Sequence[str], last: dict[str, int]) -> list[int]:
    """The lines that follow one another and stand again behind the short lines, in their order."""
    best: list[int] = []
    run: list[int] = []
    for index in repeats:
        again = last[names[index]]
        if not (run and index == run[-1] + 1 and again > last[names[run[-1]]]):
            run = []
        if again >= end:
            run.append(index)
        best = max(best, run, key=len)
    return best if len(best) >= MIN_LINES else []


def _name(block: Block) -> str:
    """A short line without its number, in lower case; "" for what is no heading."""
    text = block.text
    if len(text) > MAX_HEADING or text.endswith(_SENTENCE_ENDS):
        return ""
    return heading_text(_NUMBER.sub("", text)).casefold()
