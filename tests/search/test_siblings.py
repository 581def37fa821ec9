from indexer import Library


def test_siblings_are_of_the_same_condition_the_nearest_first(corpus_library: Library) -> None:
    id = "primary-osteoarthritis-first-carpometacarpal-joint-left-hand"
    document = corpus_library.get(id)
    assert document
    total, every = corpus_library.siblings(document)
    assert total == len(every) == 9
    assert {each.condition_key for each in every} == {document.condition_key}
    assert every[0].id == id
    assert all("thumb" in each.sites for each in every[:3])
    assert not any("thumb" in each.sites for each in every[3:])
    assert corpus_library.siblings(document, 3) == (9, every[:3])


def test_a_document_alone_is_its_only_sibling(corpus_library: Library) -> None:
    document = corpus_library.get("acute-appendicitis")
    assert document
    assert corpus_library.siblings(document) == (1, (document,))
