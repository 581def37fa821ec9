"""Byte strings in one block of an index."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh.format.segments import Table

BOUNDS = st.none() | st.integers(-7, 7)


@given(st.lists(st.binary(max_size=3), max_size=5), BOUNDS, BOUNDS)
def test_rows_side_by_side_are_those_of_a_list(rows: list[bytes], start: int | None, stop: int | None) -> None:
    table = Table(np.frombuffer(b"".join(rows), dtype=np.uint8), np.cumsum([0, *map(len, rows)]))
    assert table[start:stop] == rows[start:stop]
    assert list(table) == [table[row] for row in range(len(table))] == rows
