from functools import partial

from indexer.caching import MAX_MEMO, BoundedCache, memoize


def test_only_so_much_is_stored() -> None:
    cache = BoundedCache[bytes](100, len)
    for key in ("a", "b"):
        cache.put(key, b"x" * 50)
    assert cache.get("a") is not None
    cache.put("c", b"y" * 50)
    assert cache.get("b") is None
    assert (cache.get("a"), cache.get("c")) == (b"x" * 50, b"y" * 50)


def test_what_is_too_large_is_not_stored_and_leaves_the_rest() -> None:
    cache = BoundedCache[bytes](100, len)
    cache.put("a", b"x" * 100)
    cache.put("b", b"x" * 101)
    assert cache.get("b") is None
    assert cache.get("a") is not None


def test_what_is_put_again_takes_the_place_of_what_was_there() -> None:
    cache = BoundedCache[bytes](100, len)
    cache.put("a", b"x" * 90)
    cache.put("a", b"y" * 10)
    cache.put("b", b"z" * 90)
    assert (cache.get("a"), cache.get("b")) == (b"y" * 10, b"z" * 90)


def test_what_is_known_is_not_computed_for_again() -> None:
    cache = BoundedCache[bytes](100, len)
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
    memo: dict[int, str] = {}
    computed: list[int] = []

    def name(number: int) -> str:
        computed.append(number)
        return f"fact {number}"

    for number in [*range(MAX_MEMO), 0, 1, MAX_MEMO]:
        assert memoize(memo, number, partial(name, number)) == f"fact {number}"
    assert computed == list(range(MAX_MEMO + 1))
    assert memo == {MAX_MEMO: f"fact {MAX_MEMO}"}
