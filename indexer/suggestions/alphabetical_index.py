"""The names of one snapshot to an index from A to Z: conditions, and other names with "see" the condition.

A letter of a large library has thousands of names, so it has pages, each known by its first name, as the columns of a
dictionary are. The names stay where they are, in the name table; the index holds their numbers.
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from indexer.suggestions.name_table import NameTable
from indexer.text.analyzer import fold

PAGE_SIZE: Final = 200
OTHER: Final = "0-9"  # the letter of a name that begins with none from A to Z


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A condition by its name, or by another one; `see` is then the condition's own name."""

    text: str
    condition: str
    documents: int
    see: str | None


class _Columns(NamedTuple):
    """The names of a letter in their order: numbers of names, of the names of their conditions, and documents."""

    numbers: "array[int]"
    targets: "array[int]"
    documents: "array[int]"


class AlphabeticalIndex:
    """The conditions and other names of one snapshot, from A to Z; safe in any thread."""

    def __init__(self, names: NameTable) -> None:
        self._names = names
        main: dict[str, int] = {}  # of a condition, the name of most documents: the table has those first
        documents: Counter[int] = Counter()
        for number, name in enumerate(names):
            if name.kind == "condition":
                documents[main.setdefault(name.value, number)] += name.documents
        unique: dict[tuple[str, int], int] = {}
        for number, name in enumerate(names):
            target = main.get(name.value, -1)
            if number == target or (name.kind == "name" and target >= 0):
                unique.setdefault((fold(name.text), target), number)
        by_letter: dict[str, list[tuple[int, int]]] = {}
        for (folded, target), number in sorted(unique.items()):
            by_letter.setdefault(_letter(folded), []).append((number, target))
        self._letters = {
            letter: _Columns(
                array("i", (number for number, _ in entries)),
                array("i", (target for _, target in entries)),
                array("i", (documents[target] for _, target in entries)),
            )
            for letter, entries in sorted(by_letter.items(), key=lambda each: (each[0] == OTHER, each[0]))
        }

    @property
    def letters(self) -> Mapping[str, int]:
        """The letters that conditions or other names begin with, in lower case, each with the number of conditions."""
        return {
            letter: sum(number == target for number, target in zip(columns.numbers, columns.targets, strict=True))
            for letter, columns in self._letters.items()
        }

    def first_names(self, letter: str) -> Sequence[str]:
        """The first name of each page of a letter; none for a letter that no name begins with."""
        columns = self._letters.get(letter)
        return [self._names[number].text for number in columns.numbers[::PAGE_SIZE]] if columns else []

    def page(self, letter: str, page: int) -> Sequence[IndexEntry]:
        """The names on a page of a letter; the first page is 1."""
        here = slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
        columns = (column[here] for column in self._letters[letter])
        return [self._entry(*row) for row in zip(*columns, strict=True)]

    def _entry(self, number: int, target: int, documents: int) -> IndexEntry:
        condition = self._names[target]
        see = condition.text if number != target else None
        return IndexEntry(self._names[number].text, condition.value, documents, see)


def _letter(folded: str) -> str:
    first = next(filter(str.isalnum, folded), "")
    return first if "a" <= first <= "z" else OTHER
