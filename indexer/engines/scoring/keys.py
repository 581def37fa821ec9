"""Documents, fields and positions as sorted integer keys, and what is done with sorted arrays of such numbers.

A doc field is a text field of a document,  document << FIELD_BITS | field,  and a position key is  doc field <<
POSITION_BITS | position, so that one array holds every position of a term, ascending. The next position is the next
key, and two keys in different doc fields are further apart than any window.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.documents import TEXT_FIELD_NAMES

Ids: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

NO_IDS: Final[Ids] = np.zeros(0, dtype=np.int64)
FIELD_BITS: Final = 3
FIELD_COUNT: Final = 1 << FIELD_BITS  # room for the text fields
FIELD_NUMBERS: Final = {name: number for number, name in enumerate(TEXT_FIELD_NAMES)}
POSITION_BITS: Final = 29


def to_bytes(text: str) -> bytes:
    """Encode text for the index; bytes sort as the text does, and any string survives."""
    return text.encode("utf-8", "surrogatepass")


def to_text(stored: bytes) -> str:
    """Decode what `to_bytes` encoded."""
    return stored.decode("utf-8", "surrogatepass")


def distinct_sorted(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Remove duplicates from ascending keys."""
    return keys[first_of_runs(keys)]


def first_of_runs(keys: NDArray[np.integer]) -> Mask:
    """The mask of the keys that differ from the key before them."""
    mask = np.empty(len(keys), dtype=bool)
    mask[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=mask[1:])
    return mask


def concatenate(parts: Sequence[Ids]) -> Ids:
    """One array of several, if there are any; a single one is not copied."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else NO_IDS


def ranges(starts: NDArray[np.integer], lengths: NDArray[np.integer]) -> NDArray[np.int64]:
    """Concatenate the ranges start, start + 1, ... of the given lengths."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(int(ends[-1]) if len(ends) else 0)
