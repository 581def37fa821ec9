from indexer.search.everyday_stems import compute_stems, everyday_stems


def test_the_precomputed_stems_are_those_of_the_analysis() -> None:
    assert everyday_stems() == compute_stems(), "run: python -m indexer.search.everyday_stems"
    assert everyday_stems()["causes"] == "caus"
