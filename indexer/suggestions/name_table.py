"""The names of one snapshot in a few arrays: conditions, other names, codes and sites.

A library has twice as many names as there are codes, and a server holds them in memory: as objects they would take
nearly five times as much.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final

from indexer.results import Name, NameKind

_KINDS: Final[tuple[NameKind, ...]] = ("condition", "name", "site", "code")


class Strings:
    """Strings in one block of memory."""

    def __init__(self, strings: Sequence[str]) -> None:
        encoded = [each.encode("utf-8", "surrogatepass") for each in strings]
        self._blob = b"".join(encoded)
        self._ends = array("q", accumulate(map(len, encoded), initial=0))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[str]:
        return (self._blob[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(self._ends))

    def __getitem__(self, number: int) -> str:
        return self._blob[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")


class NameTable:
    """Names by number, in the order in which they are offered: by documents, conditions before their other names."""

    def __init__(self, names: Iterable[Name]) -> None:
        ordered = sorted(names, key=_offer_order)
        self._kinds = bytes(_KINDS.index(name.kind) for name in ordered)
        self._texts = Strings([name.text for name in ordered])
        self._values = Strings([name.value for name in ordered])
        self._documents = array("q", [name.documents for name in ordered])

    def __len__(self) -> int:
        return len(self._kinds)

    def __getitem__(self, number: int) -> Name:
        return Name(_KINDS[self._kinds[number]], self._texts[number], self._values[number], self._documents[number])

    def __iter__(self) -> Iterator[Name]:
        return map(self.__getitem__, range(len(self)))

    @property
    def texts(self) -> Iterable[str]:
        """The text of each name, in a seventh of the time that the names take."""
        return self._texts

    @property
    def kinds(self) -> Iterable[NameKind]:
        """The kind of each name."""
        return map(_KINDS.__getitem__, self._kinds)


def _offer_order(name: Name) -> tuple[int, int, int, str]:
    return (-name.documents, _KINDS.index(name.kind), len(name.text), name.text)
