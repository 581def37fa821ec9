"""The names of one snapshot to an index from A to Z: conditions, and other names with "see" the condition.

A letter of a large library has thousands of names, so it has pages, each known by its first name, as the columns of a
dictionary are. The names stay where they are, in the name table; the index holds their numbers.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from indexer.suggestions.name_table import NameTable, Strings
from indexer.text.analyzer import fold

PAGE_SIZE: Final = 200
OTHER: Final = "0-9"  # the letter of a name that begins with none from A to Z


@dataclass(frozen=True, slots=True)
class IndexedCondition:
    """A condition: its key, its name, and how many documents are on it."""

    key: str
    name: str
    documents: int


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A condition by its name, or with `is_other_name` one or more by another name that they have."""

    text: str
    conditions: tuple[IndexedCondition, ...]
    is_other_name: bool


class _Columns(NamedTuple):
    """The names of a letter in their order: numbers of names, of the names of their conditions, and documents.

    A number past the name table is that of an added name.
    """

    numbers: "array[int]"
    targets: "array[int]"
    documents: "array[int]"


class AlphabeticalIndex:
    """The conditions and other names of one snapshot, from A to Z; safe in any thread."""

    def __init__(self, names: NameTable, added: Iterable[tuple[str, str]] = ()) -> None:
        """`added` are further names, each with the key of a condition; those of unknown conditions are left out."""
        self._names = names
        main: dict[str, int] = {}  # of a condition, the name of most documents: the table has those first
        documents: Counter[int] = Counter()
        for number, name in enumerate(names):
            if name.kind == "condition":
                documents[main.setdefault(name.value, number)] += name.documents
        own_names = {fold(names[number].text) for number in main.values()}
        further = [(text, main[key]) for text, key in added if key in main and fold(text) not in own_names]
        self._added = Strings([text for text, _ in further])
        unique: dict[tuple[str, int], int] = {}
        for number, name in enumerate(names):
            target = main.get(name.value, -1)
            if number == target or (name.kind == "name" and target >= 0):
                unique.setdefault((fold(name.text), target), number)
        for number, (text, target) in enumerate(further, len(names)):
            unique.setdefault((fold(text), target), number)
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
        return [self._text(number) for number in columns.numbers[::PAGE_SIZE]] if columns else []

    def page(self, letter: str, page: int) -> Sequence[IndexEntry]:
        """The names on a page of a letter; the first page is 1."""
        here = slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
        rows = zip(*(column[here] for column in self._letters[letter]), strict=True)
        entries = (self._entry(*row) for row in rows)
        return [
            _joined(list(group))
            for _, group in groupby(entries, key=lambda each: (fold(each.text), each.is_other_name))
        ]

    def _entry(self, number: int, target: int, documents: int) -> IndexEntry:
        name = self._names[target]
        condition = IndexedCondition(name.value, name.text, documents)
        return IndexEntry(self._text(number), (condition,), number != target)

    def _text(self, number: int) -> str:
        known = len(self._names)
        return self._names[number].text if number < known else self._added[number - known]


def _joined(entries: Sequence[IndexEntry]) -> IndexEntry:
    """Entries of one name as one, with the conditions of all."""
    conditions = tuple(condition for entry in entries for condition in entry.conditions)
    return IndexEntry(entries[0].text, conditions, entries[0].is_other_name)


def _letter(folded: str) -> str:
    first = next(filter(str.isalnum, folded), "")
    return first if "a" <= first <= "z" else OTHER
