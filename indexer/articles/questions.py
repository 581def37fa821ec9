"""Questions that answers follow to headings: a FAQ in paragraphs, list items or definitions.

A line that asks something is a heading where no question stands before it, so that it is none of a list of questions,
and an answer after it. One such line may be the turn of a phrase; MIN_PAIRS of them are a FAQ.
"""

import re
from collections.abc import Sequence
from typing import Final

from indexer.articles.blocks import BOLD_LEVEL, Block
from indexer.articles.headings import MAX_QUESTION, QUESTION

MIN_PAIRS: Final = 2

_MARK: Final = re.compile(r"(?:[QA]|question|answer)\s?\d{0,2}\s?[:.)]\s+", re.IGNORECASE)
_TEXT: Final = frozenset("paragraph item".split())


def with_question_headings(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a text; in a FAQ, its questions are headings, and neither they nor their answers are marked."""
    asks = [_asks(block) for block in blocks]
    pairs = {
        index
        for index in range(len(blocks) - 1)
        if asks[index]
        and not asks[index + 1]
        and blocks[index + 1].shape in _TEXT
        and not (index and asks[index - 1])
        and not _is_in_list(blocks, asks, index)
    }
    if len(pairs) < MIN_PAIRS:
        return tuple(blocks)
    return tuple(
        Block(_unmarked(block.text), "heading", BOLD_LEVEL)
        if index in pairs
        else _answer(block)
        if index - 1 in pairs
        else block
        for index, block in enumerate(blocks)
    )


def _is_in_list(blocks: Sequence[Block], asks: Sequence[bool], index: int) -> bool:
    """Whether a question is an item among others: in a FAQ of items each has one answer, and then comes the next."""
    items = [block.shape == "item" for block in blocks[index : index + 3]]
    return all(items) and len(items) == 3 and not asks[index + 2]


def _asks(block: Block) -> bool:
    text = block.text
    if not text.endswith("?") or len(text) > MAX_QUESTION or block.shape not in _TEXT:
        return False
    question = _unmarked(text)
    return QUESTION.match(question) is not None and not any(end in question for end in (". ", "! ", "? "))


def _answer(block: Block) -> Block:
    text = _unmarked(block.text)
    return block if text == block.text else block._replace(text=text, bold=0)


def _unmarked(text: str) -> str:
    mark = _MARK.match(text)
    return text[mark.end() :] if mark else text
