from tests.fuzz.invariants import check
from tests.fuzz.mutations import mutations


def test_mutated_articles_raise_nothing() -> None:
    for received in mutations(400, seed=7):
        check(received)


def test_the_same_seed_gives_the_same_inputs() -> None:
    assert list(mutations(20, seed=3)) == list(mutations(20, seed=3))
    assert list(mutations(20, seed=3)) != list(mutations(20, seed=4))
