import pytest

from indexer import Library, Page
from tests.relevance.test_relevance import QUERIES

FIRST = Page(limit=10, collapse=True)


def test_the_reasons_sum_to_the_score(corpus_library: Library) -> None:
    for text in list(QUERIES.values())[::5]:  # some of each kind
        for hit in corpus_library.search(text, page=FIRST, explain=True).hits:
            assert sum(reason.score for reason in hit.explanation) == pytest.approx(hit.score, abs=1e-5), text


@pytest.mark.parametrize("text", ['"bone marrow" -cancer', "M86.3*", "causes:virus fever", "migrane", "what is gout?"])
def test_so_they_do_under_filters_fields_and_other_orders(corpus_library: Library, text: str) -> None:
    for asked in ({"filters": {"chapter": ["13"]}}, {"fields": ["overview", "causes"]}, {"sort": "title"}):
        hits = corpus_library.search(text, page=FIRST, explain=True, **asked).hits
        for hit in hits:
            assert sum(reason.score for reason in hit.explanation) == pytest.approx(hit.score, abs=1e-5)


def test_reasons_come_greatest_first_each_label_once(small: Library) -> None:
    (hit,) = small.search("urate crystals meat", explain=True).hits[:1]
    scores = [reason.score for reason in hit.explanation]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    labels = [reason.label for reason in hit.explanation]
    assert len(set(labels)) == len(labels)
    assert {"“urate”", "“crystals”", "“meat”", "“urate” and “crystals” close together"} <= set(labels)


def test_explaining_changes_nothing_else(small: Library) -> None:
    without, explained = (small.search("swollen knee", explain=explain).hits for explain in (False, True))
    assert [(hit.document.id, hit.score) for hit in without] == [(hit.document.id, hit.score) for hit in explained]
    assert all(hit.explanation == () for hit in without)


def test_what_was_not_asked_for_words_has_no_reasons(small: Library) -> None:
    assert all(hit.explanation == () for hit in small.search("", explain=True).hits)
