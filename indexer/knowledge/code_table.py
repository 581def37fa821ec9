"""A code of ICD-10-CM to what the table says of it, and to the codes above, below, before and after it.

`icd10_table.tsv` has a line for each code in the order of the book: all that a code contains comes right after it, and
ends before the next line of its level. The file is mapped, so that all processes share its 6.5 MB, and a line is
decoded when it is asked for. What finds the lines is made in 80 ms and takes 24 MB; the XML that the table comes from
takes 1.5 s and 190 MB. code_table_builder.py makes the file.
"""

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

NoteKind: TypeAlias = Literal[
    "includes", "inclusion term", "code first", "use additional code", "code also", "excludes1", "excludes2", "note",
    "seventh character",
]  # fmt: skip

TABLE_FILE: Final = Path(__file__).with_name("icd10_table.tsv")
MAX_CODE: Final = 8  # characters of a code

_HEADER: Final = re.compile(rb"(?:#.*\n)+")
_RELEASE: Final = re.compile(r"tabular list of ([^;]+);")
_NEWLINE, _TAB, _ZERO, _COMMA = b"\n\t0,"


class Note(NamedTuple):
    """A note of the table on a code."""

    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class CodeLine:
    """What the table says of a code: its title, or of an extension what that adds to the title, and its notes."""

    title: str
    notes: tuple[Note, ...]

    def texts(self, kind: NoteKind) -> tuple[str, ...]:
        """The notes of one kind."""
        return tuple(note.text for note in self.notes if note.kind == kind)


class CodeTable:
    """All codes, chapters ("13") and blocks ("M86-M90") of one release; safe in any thread.

    A code counts only as the table writes it. Every method raises KeyError for any other text.
    """

    def __init__(self, path: Path = TABLE_FILE) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = _HEADER.match(self._map)
        release = _RELEASE.search(header[0].decode()) if header else None
        if header is None or release is None:
            raise ValueError(
                f"{path} is no code table; make it anew with python -m indexer.knowledge.code_table_builder"
            )
        self.release = release[1]
        characters = np.frombuffer(self._map, dtype=np.uint8)
        ends = header.end() + np.flatnonzero(characters[header.end() :] == _NEWLINE)
        starts = np.concatenate(([header.end()], ends[:-1] + 1))
        first = characters[starts[:, np.newaxis] + np.arange(MAX_CODE)]
        is_code = np.logical_and.accumulate(first != _TAB, axis=1)
        levels = starts + is_code.sum(axis=1) + 1
        self.codes: tuple[str, ...] = tuple(
            np.where(is_code, first, 0).astype(np.uint8).view(f"S{MAX_CODE}").ravel().astype(str).tolist()
        )
        self._numbers = {code: number for number, code in enumerate(self.codes)}
        titles = levels + 2
        is_extended = characters[titles] == _COMMA  # of an extension, the title is only what it adds
        parents, afters = _tree(characters[levels] - _ZERO)
        # A single number of a memory view is read in a third of the time that one of an array takes.
        self._starts, self._ends = titles.astype(np.int32).data, ends.astype(np.int32).data
        self._extended, self._parents, self._afters = is_extended.data, parents.data, afters.data

    def __contains__(self, code: str) -> bool:
        return code in self._numbers

    def number(self, code: str) -> int:
        """Where the code stands in the book, from 0."""
        return self._numbers[code]

    def line(self, code: str) -> CodeLine:
        """What the table says of the code."""
        number = self._numbers[code]
        title, *notes = self._map[self._starts[number] : self._ends[number]].decode().split("\t")
        split = (note.partition(": ") for note in notes)
        return CodeLine(title, tuple(Note(cast(NoteKind, kind), text) for kind, _, text in split))

    def title(self, code: str) -> str:
        """The whole title of the code."""
        title = self.line(code).title
        return self.title(self.ancestors(code)[-1]) + title if self.is_extension(code) else title

    def is_extension(self, code: str) -> bool:
        """Whether the seventh character of the code only adds an encounter, stage or fetus to the code above."""
        return bool(self._extended[self._numbers[code]])

    def extension_titles(self) -> frozenset[str]:
        """What seventh characters add to titles (", initial encounter")."""
        extended = np.flatnonzero(self._extended).tolist()
        lines = {self._map[self._starts[number] : self._ends[number]] for number in extended}
        return frozenset(line.partition(b"\t")[0].decode() for line in lines)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The wider codes, the chapter first."""
        number = self._parents[self._numbers[code]]
        return (*self.ancestors(self.codes[number]), self.codes[number]) if number >= 0 else ()

    def children(self, code: str) -> tuple[str, ...]:
        """The codes one level below."""
        return tuple(self._children(self._numbers[code]))

    def _children(self, number: int) -> Iterator[str]:
        child = number + 1
        while child < self._afters[number]:
            yield self.codes[child]
            child = self._afters[child]

    def before(self, code: str) -> str | None:
        """The code before it in the book."""
        number = self._numbers[code]
        return self.codes[number - 1] if number else None

    def after(self, code: str) -> str | None:
        """The code after it in the book."""
        number = self._numbers[code] + 1
        return self.codes[number] if number < len(self.codes) else None


def _tree(levels: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Of each line its parent, -1 for a chapter, and the first line after all that it contains."""
    parents = np.full(len(levels), -1, dtype=np.int32)
    afters = np.empty(len(levels), dtype=np.int32)
    for level in range(int(levels.max()) + 1):
        own = np.flatnonzero(levels == level)
        ending = np.append(np.flatnonzero(levels <= level), len(levels))
        afters[own] = ending[np.searchsorted(ending, own, side="right")]
        if level:
            wider = np.flatnonzero(levels == level - 1)
            parents[own] = wider[np.searchsorted(wider, own) - 1]
    return parents, afters


@cache
def code_table() -> CodeTable:
    """The table of this program, opened when it is first asked for."""
    return CodeTable()
