from functools import partial

from indexer.kept import MOST_FACTS, Kept, fact


def test_only_so_much_is_kept() -> None:
    kept = Kept[bytes](100, len)
    for key in ("a", "b"):
        kept.put(key, b"x" * 50)
    assert kept.get("a") is not None
    kept.put("c", b"y" * 50)
    assert kept.get("b") is None
    assert (kept.get("a"), kept.get("c")) == (b"x" * 50, b"y" * 50)


def test_what_is_too_large_is_not_kept_and_leaves_the_rest() -> None:
    kept = Kept[bytes](100, len)
    kept.put("a", b"x" * 100)
    kept.put("b", b"x" * 101)
    assert kept.get("b") is None
    assert kept.get("a") is not None


def test_what_is_put_again_takes_the_place_of_what_was_there() -> None:
    kept = Kept[bytes](100, len)
    kept.put("a", b"x" * 90)
    kept.put("a", b"y" * 10)
    kept.put("b", b"z" * 90)
    assert (kept.get("a"), kept.get("b")) == (b"y" * 10, b"z" * 90)


def test_what_is_known_is_not_looked_for_again() -> None:
    kept = Kept[bytes](100, len)
    looked: list[str] = []

    def find() -> bytes:
        looked.append("a")
        return b"x" * 60

    assert kept.of("a", find) == kept.of("a", find) == b"x" * 60
    assert looked == ["a"]
    kept.put("b", b"y" * 60)
    assert kept.of("a", find) == b"x" * 60
    assert looked == ["a", "a"]


def test_facts_are_looked_for_once_and_never_more_than_so_many() -> None:
    facts: dict[int, str] = {}
    looked: list[int] = []

    def name(number: int) -> str:
        looked.append(number)
        return f"fact {number}"

    for number in [*range(MOST_FACTS), 0, 1, MOST_FACTS]:
        assert fact(facts, number, partial(name, number)) == f"fact {number}"
    assert looked == list(range(MOST_FACTS + 1))
    assert facts == {MOST_FACTS: f"fact {MOST_FACTS}"}
