"""Caches of computed values: least recently used ones, bounded in bytes, and small ones, bounded in number.

Whatever is asked, neither grows beyond its bound: keys are counted too, for whoever asks chooses them.
"""

import sys
import threading
from collections.abc import Callable, Hashable
from operator import itemgetter
from typing import Final, Generic, TypeVar

from cachetools import LRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

ENTRY_BYTES: Final = 512  # of an entry beside its key and value: its places in three tables, its tuple, its size
MAX_MEMO: Final = 20_000  # entries
MAX_MEMO_KEY: Final = 64  # bytes; longer terms are rare, and whoever makes them up would fill the memory with them


class BoundedCache(Generic[K, V]):
    """A least-recently-used cache that holds at most `max_size`, as `size_of` counts entries; safe in any thread.

    Where that is bytes, an entry has ENTRY_BYTES and those of its key and its value.
    """

    def __init__(self, max_size: int, size_of: Callable[[K, V], int]) -> None:
        self._lock = threading.Lock()
        self._size_of = size_of
        self._entries: LRUCache[K, tuple[V, int]] = LRUCache(max_size, getsizeof=itemgetter(1))

    @property
    def size(self) -> int:
        """The size of all entries."""
        return int(self._entries.currsize)

    def get(self, key: K) -> V | None:
        """The value under the key, None where it was never stored or has been evicted."""
        with self._lock:
            try:  # `get` of an LRUCache takes twice as long
                return self._entries[key][0]
            except KeyError:
                return None

    def get_or_compute(self, key: K, compute: Callable[[], V]) -> V:
        """The value under the key; where there is none, it is computed and stored."""
        cached = self.get(key)
        if cached is None:
            cached = compute()
            self.put(key, cached)
        return cached

    def put(self, key: K, value: V) -> None:
        """Store an immutable value, in place of any before it; one that alone exceeds the bound is not stored."""
        sized = (value, self._size_of(key, value))
        with self._lock:
            try:  # `suppress` would take as long as the rest
                self._entries[key] = sized
            except ValueError:
                return


def deep_size(value: object) -> int:
    """The bytes of a string, a number, or tuples and dataclasses of these; what is in it twice counts twice."""
    if isinstance(value, str):
        return sys.getsizeof(value)
    names = getattr(value, "__match_args__", ())
    inner = value if isinstance(value, tuple) else (getattr(value, name) for name in names)
    return sys.getsizeof(value) + sum(map(deep_size, inner))


def memoize(memo: dict[bytes, V], key: bytes, compute: Callable[[], V]) -> V:
    """The memo's value under the key, computed where there is none; safe in any thread.

    A query looks a hundred facts up: a plain dictionary takes a fifth of the time of a BoundedCache. It is stored
    unless the key is longer than MAX_MEMO_KEY; at MAX_MEMO entries all are dropped.
    """
    cached = memo.get(key)
    if cached is None:
        cached = compute()
        if len(key) <= MAX_MEMO_KEY:
            if len(memo) >= MAX_MEMO:
                memo.clear()
            memo[key] = cached
    return cached
