from indexer.knowledge.thesaurus_stems import compute_stems, precomputed_stems


def test_the_precomputed_stems_are_those_of_the_analysis() -> None:
    assert precomputed_stems() == compute_stems(), "run: python -m indexer.knowledge.thesaurus_stems"
    assert precomputed_stems()["infarction"] == "infarct"
