from indexer.knowledge.thesaurus_terms import gather, own_terms


def test_the_terms_that_come_with_the_package_are_those_of_the_analysis() -> None:
    assert own_terms() == gather(), "run: python -c 'from indexer.knowledge import terms; terms.write()'"
    assert own_terms()["infarction"] == "infarct"
