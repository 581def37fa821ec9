import random

from tests.fuzz.mutations import check_mutations, mutations


def test_mutated_articles_raise_nothing() -> None:
    check_mutations(400, seed=random.randrange(2**32))


def test_the_same_seed_gives_the_same_inputs() -> None:
    assert list(mutations(20, seed=3)) == list(mutations(20, seed=3))
    assert list(mutations(20, seed=3)) != list(mutations(20, seed=4))
