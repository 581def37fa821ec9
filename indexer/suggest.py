"""The beginning of a word to the names it may become: conditions, other names, codes and sites.

Every word of every name stands in one sorted list; a typed beginning is a range of it (two bisections), and a name is
offered when each typed word is the beginning of one of its words. Names whose first word was typed come before others, then those with more documents.
"""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

from indexer.analysis import fold, tokens
from indexer.results import Completion, Name

_KIND_ORDER: Final = {"condition": 0, "name": 1, "site": 2, "code": 3}
_LAST: Final = "\U0010ffff"


class Completer:
    """Completions over the names of one snapshot."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names = tuple(names)
        words = [(word, number) for number, name in enumerate(self._names) for word in _words(name)]
        words.sort()
        self._words = [word for word, _ in words]
        self._numbers = [number for _, number in words]

    def complete(self, typed: str, limit: int = 8) -> tuple[Completion, ...]:
        """At most `limit` names for what was typed, best first; none for an empty text."""
        parts = [token.word for token in tokens(typed)] or [word for word in [fold(typed).strip()] if word]
        if not parts:
            return ()
        candidates = set.intersection(*(self._beginning_with(part) for part in parts))
        best = sorted(candidates, key=lambda number: self._rank(self._names[number], parts))
        chosen: dict[tuple[str, str], Name] = {}
        for number in best:
            name = self._names[number]
            chosen.setdefault((fold(name.text), name.value), name)
            if len(chosen) == limit:
                break
        return tuple(Completion(name, _spans(name.text, parts)) for name in chosen.values())

    def _beginning_with(self, part: str) -> set[int]:
        first, last = bisect_left(self._words, part), bisect_left(self._words, part + _LAST)
        return set(self._numbers[first:last])

    @staticmethod
    def _rank(name: Name, parts: list[str]) -> tuple[bool, int, int, int, str]:
        first = fold(name.text).startswith(parts[0])
        return (not first, -name.documents, _KIND_ORDER[name.kind], len(name.text), name.text)


def _words(name: Name) -> set[str]:
    words = {token.word for token in tokens(name.text)}
    return words | {fold(name.text)} if name.kind == "code" else words


def _spans(text: str, parts: list[str]) -> tuple[tuple[int, int], ...]:
    spans = []
    for token in tokens(text):
        typed = max((part for part in parts if token.word.startswith(part)), key=len, default=None)
        if typed is not None:
            spans.append((token.start, min(token.end, token.start + len(typed))))
    return tuple(spans)
