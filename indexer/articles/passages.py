"""Headings and paragraphs to passages: the text under each heading, and the fields that the heading names."""

from dataclasses import dataclass, field
from typing import Final

from indexer.articles.blocks import BOLD_LEVEL
from indexer.articles.headings import HeadingField, named_fields
from indexer.articles.model import SectionKind

RUN_IN_LEVEL: Final = BOLD_LEVEL + 1  # of a heading that is only the bold beginning of a paragraph


@dataclass(slots=True)
class Passage:
    """The text under one heading (None: none).

    `kinds` are the fields that the heading names, none where it names no field; `parent` is the heading that names them
    where it is a wider one. Each group is a paragraph, or a paragraph and the list that it leads to. `level` ranks the
    heading (see Block).
    """

    heading: str | None = None
    kinds: tuple[SectionKind, ...] = ()
    groups: list[list[str]] = field(default_factory=list)
    parent: str | None = None
    level: int = 0


class Outline:
    """The passages of an article as its headings divide it, in order."""

    def __init__(self) -> None:
        self.passages = [Passage()]
        self._ancestor: Passage | None = None  # the last passage whose heading names a field

    @property
    def is_empty(self) -> bool:
        """Whether neither heading nor text has been added."""
        return len(self.passages) == 1 and not self.passages[0].groups

    @property
    def text(self) -> str:
        """All paragraphs, a line each."""
        return "\n".join(line for passage in self.passages for group in passage.groups for line in group)

    def add_heading(self, heading: str, level: int) -> None:
        """Begin a passage: of the fields that its heading names, or else of those of the heading it is a part of."""
        fields = named_fields(heading)
        kinds = _kinds(fields)
        last, ancestor = self.passages[-1], self._ancestor
        passage = Passage(heading, kinds, level=level)
        if kinds:
            self._ancestor = passage
        elif ancestor and level > ancestor.level > 0:
            passage.kinds, passage.parent = ancestor.kinds, ancestor.heading
        elif fields:
            passage.kinds, passage.parent = last.kinds, last.parent or last.heading
        else:
            self._ancestor = None
        self.passages.append(passage)

    def add_run_in(self, heading: str) -> None:
        """Begin a passage whose heading is the bold beginning of a paragraph."""
        self.passages.append(Passage(heading, _kinds(named_fields(heading)), level=RUN_IN_LEVEL))

    def end_run_in(self) -> bool:
        """Begin a passage without a heading after one with a run-in heading; False where there is none."""
        if self.passages[-1].level != RUN_IN_LEVEL:
            return False
        self.passages.append(Passage())
        return True

    def add_paragraph(self, text: str, *, joins: bool = False) -> None:
        """Add a paragraph or list item to the last passage; `joins`: to the group of the one before it."""
        groups = self.passages[-1].groups
        if groups and joins:
            groups[-1].append(text)
        else:
            groups.append([text])


def _kinds(fields: tuple[HeadingField, ...]) -> tuple[SectionKind, ...]:
    return tuple(name for name in fields if name != "part")
