"""The beginning of a word to the names it may become: conditions, other names, codes and sites.

An inverted index of the words of the names. The words are sorted, so that those with a typed prefix are one range of
them (two bisections), and so are their postings, the numbers of the names that have them. Every typed prefix gives a
mask over the names; names are numbered in the order in which they are offered, so that the first under all masks are
the answer. Measured over the 158,000 names of 75,000 ICD-10-CM titles: see tests/README.md.

Where no name has all prefixes, one typing error is forgiven in each that has MIN_CORRECTED letters or more: prefixes
of the names' words, a letter shorter and longer, within one edit (rapidfuzz's optimal string alignment).
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
from indexer.suggestions.name_table import NameTable, Strings
from indexer.text.analyzer import STOP_WORDS, fold, words

MIN_CORRECTED: Final = 4  # letters of a prefix in which an error is forgiven; of three, one may be anything
MAX_PREFIXES: Final = 8  # typed words that are looked up
MIN_NAME_WORDS: Final = 2  # of a name that a longer text begins with; "cold hands" is not about a cold

_LAST: Final = "\U0010ffff"
_CHUNK: Final = re.compile(r"\S+")

_Numbers: TypeAlias = NDArray[np.int32]
_Mask: TypeAlias = NDArray[np.bool_]


class Completer:
    """Completions over the names of one snapshot; safe in any thread."""

    def __init__(self, names: NameTable) -> None:
        self._names = names
        texts = list(names.texts)
        self._lengths = np.array([len(text) for text in texts], dtype=np.int32)
        words, self._offsets, self._postings, self._first_words = _invert(texts)
        self._words = Strings(words)
        self._alphabetic = [word for word in words if word.isalpha()]
        self._prefixes: dict[int, tuple[str, ...]] = {}

    def complete(self, typed: str, limit: int = 8) -> tuple[Completion, ...]:
        """At most `limit` names for what was typed, best first; none for an empty text."""
        prefixes = [word for word, _, _ in _words(typed)]
        # A whole function word does not discriminate; the last one may be the prefix of another word.
        prefixes = [word for word in prefixes[:-1] if word not in STOP_WORDS][: MAX_PREFIXES - 1] + prefixes[-1:]
        for alternatives in self._queries(prefixes):
            chosen: dict[tuple[str, str], Name] = {}
            for number in self._matches(alternatives, fold(typed).strip()):
                name = self._names[number]
                chosen.setdefault((fold(name.text), name.value), name)
                if len(chosen) == limit:
                    break
            if chosen:
                return tuple(Completion(name, _spans(name.text, alternatives)) for name in chosen.values())
        return ()

    def begun_with(self, typed: str) -> tuple[Completion, ...]:
        """The condition by whose name the text begins, the longest such name; none where there is none."""
        typed_words = list(_words(typed))[:MAX_PREFIXES]
        for count in range(len(typed_words), MIN_NAME_WORDS - 1, -1):
            beginning = fold(typed[: typed_words[count - 1][2]]).strip()
            start, end = self._range(typed_words[0][0])
            is_similar = (self._first_words >= start) & (self._first_words < end) & (self._lengths == len(beginning))
            for name in map(self._names.__getitem__, np.flatnonzero(is_similar).tolist()):
                if name.kind in ("condition", "name") and fold(name.text) == beginning:
                    return (Completion(name, ((0, len(name.text)),)),)
        return ()

    def _queries(self, prefixes: list[str]) -> Iterator[list[tuple[str, ...]]]:
        """Alternatives for each prefix, to be tried in turn: as typed, without a last function word, corrected."""
        if not prefixes:
            return
        yield [(prefix,) for prefix in prefixes]
        if len(prefixes) > 1 and any(word.startswith(prefixes[-1]) for word in STOP_WORDS):
            yield [(prefix,) for prefix in prefixes[:-1]]
        unknown = {prefix: self._corrections(prefix) for prefix in prefixes if not self._is_known(prefix)}
        if all(unknown.values()):
            yield [unknown.get(prefix, (prefix,)) for prefix in prefixes]
            yield [unknown.get(prefix) or (prefix, *self._corrections(prefix)) for prefix in prefixes]

    def _is_known(self, prefix: str) -> bool:
        start, end = self._range(prefix)
        return start < end

    def _range(self, prefix: str) -> tuple[int, int]:
        """The range of the words with the prefix."""
        return bisect_left(self._words, prefix), bisect_left(self._words, prefix + _LAST)

    def _corrections(self, prefix: str) -> tuple[str, ...]:
        """Prefixes of words that are one edit away; those with the first letter as typed, if there are any."""
        if len(prefix) < MIN_CORRECTED or not prefix.isalpha():
            return ()
        similar = [
            candidate
            for length in (len(prefix) + 1, len(prefix), len(prefix) - 1)
            for candidate, _, _ in process.extract(
                prefix, self._prefixes_of(length), scorer=OSA.distance, score_cutoff=1, limit=None
            )
        ]
        return tuple(each for each in similar if each[0] == prefix[0]) or tuple(similar)

    def _prefixes_of(self, length: int) -> tuple[str, ...]:
        """The different prefixes of that length of the words without digits."""
        prefixes = self._prefixes.get(length)
        if prefixes is None:
            unique = dict.fromkeys(word[:length] for word in self._alphabetic if len(word) >= length)
            prefixes = self._prefixes[length] = tuple(unique)
        return prefixes

    def _matches(self, alternatives: list[tuple[str, ...]], typed: str) -> Iterator[int]:
        """The numbers of the names with all prefixes: the name typed in full, those that begin so, the others."""
        has_all = np.ones(len(self._names), dtype=bool)
        for prefixes in alternatives:
            has_all &= self._mask(prefixes)
        begins = np.zeros(len(self._names), dtype=bool)
        for start, end in map(self._range, alternatives[0]):
            begins |= (self._first_words >= start) & (self._first_words < end)
        same_length = np.flatnonzero(has_all & (self._lengths == len(typed))).tolist()
        return chain(
            (number for number in same_length if fold(self._names[number].text) == typed),
            np.flatnonzero(has_all & begins).tolist(),
            np.flatnonzero(has_all & ~begins).tolist(),
        )

    def _mask(self, prefixes: tuple[str, ...]) -> _Mask:
        """The names that have a word with one of the prefixes."""
        mask = np.zeros(len(self._names), dtype=bool)
        for start, end in map(self._range, prefixes):
            mask[self._postings[self._offsets[start] : self._offsets[end]]] = True
        return mask


def _invert(texts: Sequence[str]) -> tuple[list[str], _Numbers, _Numbers, _Numbers]:
    """The inverted index of the texts.

    Returns the words, sorted, [w]; where the postings of each begin and end, [w + 1]; the postings, numbers of texts;
    the first word of each text, -1 where it has none. A library's names have few different words between spaces, so
    each is analysed once.
    """
    cached: dict[str, tuple[int, ...]] = {}
    ids: dict[str, int] = {}
    word_ids: list[int] = []
    counts: list[int] = []
    for text in texts:
        before = len(word_ids)
        for chunk in text.split():
            of_chunk = cached.get(chunk)
            if of_chunk is None:
                of_chunk = cached[chunk] = tuple(ids.setdefault(word, len(ids)) for word, _, _ in words(chunk))
            word_ids.extend(of_chunk)
        counts.append(len(word_ids) - before)
    ordered = sorted(ids)
    rank = np.empty(len(ordered), dtype=np.int32)
    rank[[ids[word] for word in ordered]] = np.arange(len(ordered), dtype=np.int32)
    ranks = rank[np.array(word_ids, dtype=np.int32)]
    text_numbers = np.repeat(np.arange(len(texts), dtype=np.int32), counts)
    order = np.argsort(ranks, kind="stable")
    offsets = np.searchsorted(ranks[order], np.arange(len(ordered) + 1)).astype(np.int32)
    first = np.full(len(texts), -1, dtype=np.int32)
    first[text_numbers[::-1]] = ranks[::-1]
    return ordered, offsets, text_numbers[order], first


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    for chunk in _CHUNK.finditer(text):
        for word, start, end in words(chunk.group()):
            yield word, chunk.start() + start, chunk.start() + end


def _spans(text: str, alternatives: list[tuple[str, ...]]) -> tuple[tuple[int, int], ...]:
    spans = []
    for word, start, end in _words(text):
        typed = max((len(each) for prefixes in alternatives for each in prefixes if word.startswith(each)), default=0)
        if typed:
            letters = [offset for offset in range(start, end) if text[offset].isalnum()]
            spans.append((start, letters[min(typed, len(letters)) - 1] + 1))
    return tuple(spans)
