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
        self._ancestors: list[Passage] = []  # whose headings name a field, each of a lower level than the one before
        self._enclosing = self.passages[0]  # the last passage whose heading is not run in

    @property
    def is_empty(self) -> bool:
        """Whether neither heading nor text has been added."""
        return len(self.passages) == 1 and not self.passages[0].groups

    @property
    def text(self) -> str:
        """All paragraphs, a line each."""
        return "\n".join(line for passage in self.passages for group in passage.groups for line in group)

    @property
    def kinds(self) -> tuple[SectionKind, ...]:
        """The fields of the last heading that is not run in."""
        return self._enclosing.kinds

    def add_heading(self, heading: str, level: int) -> None:
        """Begin a passage: of the fields that its heading names, or else of those of the heading it is a part of."""
        fields = named_fields(heading)
        passage = Passage(heading, _kinds(fields), level=level)
        last = self._enclosing
        ancestors = self._ancestors
        if level or passage.kinds or not _asks_for_more(ancestors, heading):
            while ancestors and (not level or not ancestors[-1].level or ancestors[-1].level >= level):
                ancestors.pop()
        if passage.kinds:
            ancestors.append(passage)
        elif ancestors:
            passage.kinds, passage.parent = ancestors[-1].kinds, ancestors[-1].heading
        elif fields:
            passage.kinds, passage.parent = last.kinds, last.parent or last.heading
        self._enclosing = passage
        self.passages.append(passage)

    def add_run_in(self, heading: str) -> None:
        """Begin a passage whose heading is the bold beginning of a paragraph, or the label of a row."""
        self.passages.append(Passage(heading, _kinds(named_fields(heading)), level=RUN_IN_LEVEL))

    def end_run_in(self, *, resumes: bool = False) -> bool:
        """Begin a passage without a heading after one with a run-in heading; False where there is none.

        `resumes`: the passage goes on where the run-in heading interrupted it.
        """
        if self.passages[-1].level != RUN_IN_LEVEL:
            return False
        passage = Passage()
        if resumes and self._enclosing.kinds:
            passage.kinds, passage.parent = self._enclosing.kinds, self._enclosing.parent or self._enclosing.heading
        self.passages.append(passage)
        return True

    def add_paragraph(self, text: str, *, joins: bool = False) -> None:
        """Add a paragraph or list item to the last passage; `joins`: to the group of the one before it."""
        groups = self.passages[-1].groups
        if groups and joins:
            groups[-1].append(text)
        else:
            groups.append([text])


def _asks_for_more(ancestors: list[Passage], heading: str) -> bool:
    """Whether a heading of unknown level is a part of what a question before it asks: it is no question itself."""
    return bool(ancestors) and (ancestors[-1].heading or "").endswith("?") and not heading.endswith("?")


def _kinds(fields: tuple[HeadingField, ...]) -> tuple[SectionKind, ...]:
    return tuple(name for name in fields if name != "part")
