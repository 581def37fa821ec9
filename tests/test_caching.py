import sys
import tracemalloc
from functools import partial

from indexer.caching import ENTRY_BYTES, MAX_MEMO, MAX_MEMO_KEY, BoundedCache, deep_size, memoize
from indexer.query.nodes import Coverage, Or, Term


def test_only_so_much_is_stored() -> None:
    cache = BoundedCache[str, bytes](100, lambda key, value: len(value))
    for key in ("a", "b"):
        cache.put(key, b"x" * 50)
    assert cache.get("a") is not None
    cache.put("c", b"y" * 50)
    assert cache.get("b") is None
    assert (cache.get("a"), cache.get("c")) == (b"x" * 50, b"y" * 50)


def test_what_is_too_large_is_not_stored_and_leaves_the_rest() -> None:
    cache = BoundedCache[str, bytes](100, lambda key, value: len(value))
    cache.put("a", b"x" * 100)
    cache.put("b", b"x" * 101)
    assert cache.get("b") is None
    assert cache.get("a") is not None


def test_what_is_put_again_takes_the_place_of_what_was_there() -> None:
    cache = BoundedCache[str, bytes](100, lambda key, value: len(value))
    cache.put("a", b"x" * 90)
    cache.put("a", b"y" * 10)
    cache.put("b", b"z" * 90)
    assert (cache.get("a"), cache.get("b")) == (b"y" * 10, b"z" * 90)


def test_what_is_known_is_not_computed_for_again() -> None:
    cache = BoundedCache[str, bytes](100, lambda key, value: len(value))
    computed: list[str] = []

    def compute() -> bytes:
        computed.append("a")
        return b"x" * 60

    assert cache.get_or_compute("a", compute) == cache.get_or_compute("a", compute) == b"x" * 60
    assert computed == ["a"]
    cache.put("b", b"y" * 60)
    assert cache.get_or_compute("a", compute) == b"x" * 60
    assert computed == ["a", "a"]


def test_memo_are_computed_for_once_and_never_more_than_so_many() -> None:
    memo: dict[bytes, str] = {}
    computed: list[int] = []

    def name(number: int) -> str:
        computed.append(number)
        return f"fact {number}"

    for number in [*range(MAX_MEMO), 0, 1, MAX_MEMO]:
        assert memoize(memo, b"%d" % number, partial(name, number)) == f"fact {number}"
    assert computed == list(range(MAX_MEMO + 1))
    assert memo == {b"%d" % MAX_MEMO: f"fact {MAX_MEMO}"}


def test_a_memo_keeps_nothing_under_a_key_that_is_too_long() -> None:
    memo: dict[bytes, int] = {}
    assert memoize(memo, b"x" * (MAX_MEMO_KEY + 1), lambda: 7) == 7
    assert memo == {}


def test_the_size_of_a_key_is_that_of_all_that_it_is_made_of() -> None:
    short, long = Term("a"), Term("b" * 1000)
    assert deep_size(long) - deep_size(short) == 999
    nodes = (short, long)
    assert deep_size(Or(nodes)) >= deep_size(short) + deep_size(long) + sys.getsizeof(nodes)
    tracemalloc.start()
    made = Coverage(tuple(f"term number {number}" for number in range(500)), "title")
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert 0.9 * held <= deep_size(made) <= 1.5 * held


def test_many_small_entries_take_no_more_memory_than_the_bound() -> None:
    bound = 1 << 20
    cache = BoundedCache[bytes, bytes](
        bound, lambda key, value: ENTRY_BYTES + sys.getsizeof(key) + sys.getsizeof(value)
    )
    tracemalloc.start()
    for number in range(5_000):
        cache.put(b"%032d" % number, bytes(10))
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert 0.5 * bound < held <= bound
