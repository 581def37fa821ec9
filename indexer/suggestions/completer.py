"""The beginning of a word to the names it may become: conditions, other names, codes and sites.

Names are numbered in the order in which they are offered. All their words stand sorted, each with the names that have it, so
that a typed beginning is one slice of an array (two bisections), every typed word is a mask over the names, and the first
names under all masks are the answer. Measured over the 158,000 names of 75,000 ICD-10-CM titles: see the README.

Where nothing begins as typed, one slip is forgiven in each word of MIN_SLIP letters or more: beginnings of the names' words,
a letter shorter and longer, within one edit (rapidfuzz's optimal string alignment).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.results import Completion, Name
from indexer.suggestions.names import Names, Strings
from indexer.text.analyzer import STOP_WORDS, fold, words

MIN_SLIP: Final = 4  # letters; of three, one may be anything
MAX_PARTS: Final = 8  # typed words that are looked at

_LAST: Final = "\U0010ffff"
_CHUNK: Final = re.compile(r"\S+")

_Numbers: TypeAlias = NDArray[np.int32]
_Mask: TypeAlias = NDArray[np.bool_]


class Completer:
    """Completions over the names of one snapshot; safe in any thread."""

    def __init__(self, names: Names) -> None:
        self._names = names
        texts = [name.text for name in names]
        self._lengths = np.array([len(text) for text in texts], dtype=np.int32)
        found, self._starts, self._having, self._first = _invert(texts)
        self._words = Strings(found)
        self._letters = [word for word in found if word.isalpha()]
        self._cut: dict[int, tuple[str, ...]] = {}

    def complete(self, typed: str, limit: int = 8) -> tuple[Completion, ...]:
        """At most `limit` names for what was typed, best first; none for an empty text."""
        parts = [word for word, _, _ in _words(typed)]
        # A function word that is whole says nothing; the last one may be the beginning of another.
        parts = [part for part in parts[:-1] if part not in STOP_WORDS][: MAX_PARTS - 1] + parts[-1:]
        for beginnings in self._understood(parts):
            found = self._found(beginnings, fold(typed).strip())
            chosen: dict[tuple[str, str], Name] = {}
            for number in found:
                name = self._names[number]
                chosen.setdefault((fold(name.text), name.value), name)
                if len(chosen) == limit:
                    break
            if chosen:
                return tuple(Completion(name, _spans(name.text, beginnings)) for name in chosen.values())
        return ()

    def _understood(self, parts: list[str]) -> Iterator[list[tuple[str, ...]]]:
        """What the parts may be the beginnings of: as typed, then without a last function word, then with slips."""
        if not parts:
            return
        yield [(part,) for part in parts]
        if len(parts) > 1 and any(word.startswith(parts[-1]) for word in STOP_WORDS):
            yield [(part,) for part in parts[:-1]]
        unknown = {part: self._near(part) for part in parts if not self._is_known(part)}
        if all(unknown.values()):
            yield [unknown.get(part, (part,)) for part in parts]
            yield [unknown.get(part) or (part, *self._near(part)) for part in parts]

    def _is_known(self, part: str) -> bool:
        start, end = self._range(part)
        return start < end

    def _range(self, beginning: str) -> tuple[int, int]:
        return bisect_left(self._words, beginning), bisect_left(self._words, beginning + _LAST)

    def _near(self, part: str) -> tuple[str, ...]:
        """Beginnings of words that are one slip away; those with the first letter as typed, if there are any."""
        if len(part) < MIN_SLIP or not part.isalpha():
            return ()
        near = [
            beginning
            for length in (len(part) + 1, len(part), len(part) - 1)
            for beginning, _, _ in process.extract(
                part, self._beginnings(length), scorer=OSA.distance, score_cutoff=1, limit=None
            )
        ]
        return tuple(each for each in near if each[0] == part[0]) or tuple(near)

    def _beginnings(self, length: int) -> tuple[str, ...]:
        """The words without digits cut to so many letters, each once."""
        known = self._cut.get(length)
        if known is None:
            cut = dict.fromkeys(word[:length] for word in self._letters if len(word) >= length)
            known = self._cut[length] = tuple(cut)
        return known

    def _found(self, beginnings: list[tuple[str, ...]], typed: str) -> Iterator[int]:
        """The names that have each part: the one typed in full, those that begin with the first part, the others."""
        having = np.ones(len(self._names), dtype=bool)
        for some in beginnings:
            having &= self._mask(some)
        first = np.zeros(len(self._names), dtype=bool)
        for start, end in map(self._range, beginnings[0]):
            first |= (self._first >= start) & (self._first < end)
        whole = np.flatnonzero(having & (self._lengths == len(typed))).tolist()
        return chain(
            (number for number in whole if fold(self._names[number].text) == typed),
            np.flatnonzero(having & first).tolist(),
            np.flatnonzero(having & ~first).tolist(),
        )

    def _mask(self, beginnings: tuple[str, ...]) -> _Mask:
        mask = np.zeros(len(self._names), dtype=bool)
        for start, end in map(self._range, beginnings):
            mask[self._having[self._starts[start] : self._starts[end]]] = True
        return mask


def _invert(texts: Sequence[str]) -> tuple[list[str], _Numbers, _Numbers, _Numbers]:
    """The words of the texts, sorted, [w]; where the texts of each begin and end, [w + 1], in the texts that have it; the first word of each text.

    A library's names have few different words between spaces, so each is analysed once.
    """
    known: dict[str, tuple[int, ...]] = {}
    numbers: dict[str, int] = {}
    own: list[int] = []
    counts: list[int] = []
    for text in texts:
        before = len(own)
        for chunk in text.split():
            found = known.get(chunk)
            if found is None:
                found = known[chunk] = tuple(numbers.setdefault(word, len(numbers)) for word, _, _ in words(chunk))
            own.extend(found)
        counts.append(len(own) - before)
    ordered = sorted(numbers)
    rank = np.empty(len(ordered), dtype=np.int32)
    rank[[numbers[word] for word in ordered]] = np.arange(len(ordered), dtype=np.int32)
    word = rank[np.array(own, dtype=np.int32)]
    text_of = np.repeat(np.arange(len(texts), dtype=np.int32), counts)
    order = np.argsort(word, kind="stable")
    starts = np.searchsorted(word[order], np.arange(len(ordered) + 1)).astype(np.int32)
    first = np.full(len(texts), -1, dtype=np.int32)
    first[text_of[::-1]] = word[::-1]
    return ordered, starts, text_of[order], first


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    for chunk in _CHUNK.finditer(text):
        for word, start, end in words(chunk.group()):
            yield word, chunk.start() + start, chunk.start() + end


def _spans(text: str, beginnings: list[tuple[str, ...]]) -> tuple[tuple[int, int], ...]:
    spans = []
    for word, start, end in _words(text):
        typed = max((len(each) for some in beginnings for each in some if word.startswith(each)), default=0)
        if typed:
            letters = [place for place in range(start, end) if text[place].isalnum()]
            spans.append((start, letters[min(typed, len(letters)) - 1] + 1))
    return tuple(spans)
