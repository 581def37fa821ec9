"""Symptoms in a query: which of its terms get their names as synonyms."""

import pytest

from indexer.engine import Searcher
from indexer.knowledge.symptoms import SymptomFinder, read_symptoms
from indexer.knowledge.thesaurus import default_thesaurus
from indexer.library import Library
from indexer.query.parser import parse_query
from indexer.search.query_knowledge import Knowledge
from indexer.search.rewriting import rewrite
from indexer.search.rewritten_query import RewrittenQuery, SynonymSpan
from indexer.search.spelling import Speller
from indexer.search.term_statistics import TermStatistics

TABLE = """
["swelling"]
also = ["unheard of"]
say = ["blow*|puff* + up + knee|hand", "can't bend"]

["weak arm"]
say = ["arm|hand + floppy|won't lift"]

["fear"]
say = ["heart + races|hammers"]
"""


def rewritten(searcher: Searcher, text: str, *, expand: bool = True) -> RewrittenQuery:
    symptoms = SymptomFinder(read_symptoms(TABLE))
    knowledge = Knowledge(thesaurus=default_thesaurus(), spelling=lambda: Speller(searcher.words()), symptoms=symptoms)
    return rewrite(parse_query(text), knowledge, TermStatistics(searcher), expand=expand)


def symptoms_of(searcher: Searcher, text: str) -> list[tuple[str, list[str]]]:
    """What was typed of each symptom, and its names."""
    spans = rewritten(searcher, text).spans
    return [(span.symptom, [each.text for each in span.synonyms]) for span in spans if span.symptom]


def test_words_of_a_symptom_are_searched_as_its_names_that_documents_have(searcher: Searcher) -> None:
    query = rewritten(searcher, "my knee puffs right up")
    (span,) = [span for span in query.spans if span.symptom]
    assert (span.symptom, [each.text for each in span.synonyms]) == ("knee puffs up", ["swelling"])
    assert [query.terms[place].word.typed for place in span.terms] == ["knee", "puffs"]  # "up" is empty here
    assert ("knee puffs up", ("swelling",), "synonym") in [
        (each.text, each.meaning, each.how) for each in query.interpretation
    ]
    assert not any(term.is_corrected for term in query.searched.values())  # "puffs" is no slip


def test_a_dropped_word_may_belong_to_a_symptom(searcher: Searcher) -> None:
    query = rewritten(searcher, "why is it that my arm won't lift?")
    (span,) = [span for span in query.spans if span.symptom]
    assert span.symptom == "arm won't lift"
    assert all(query.terms[place].searched for place in span.terms)


def test_a_symptom_in_empty_words_alone_is_kept(searcher: Searcher) -> None:
    assert symptoms_of(searcher, "how do I know why I can't bend") == [("can't bend", ["swelling"])]


@pytest.mark.parametrize(
    "text",
    ["puffs up -knee", '"knee" puffs up', "title:knee puffs up", "arm -floppy", "knee OR arm floppy hand -hand"],
)
def test_words_that_are_quoted_excluded_or_required_tell_of_no_symptom(searcher: Searcher, text: str) -> None:
    assert not any(name == "swelling" for _, names in symptoms_of(searcher, text) for name in names)


def test_no_symptoms_without_expansion(searcher: Searcher) -> None:
    assert rewritten(searcher, "my knee puffs up", expand=False).spans == ()


def test_a_corrected_word_tells_of_a_symptom(searcher: Searcher) -> None:
    assert symptoms_of(searcher, "hart hammers") == [("hart hammers", ["fear"])]


def test_a_symptom_holds_without_one_of_its_words_and_a_name_does_not() -> None:
    symptom = SynonymSpan((1, 3), (), "knee puffs")
    assert symptom.without([2]) == symptom
    assert symptom.without([3]) == SynonymSpan((1,), (), "knee puffs")
    assert SynonymSpan((1,), (), "knee").without([1]) is None
    assert SynonymSpan((1, 2), ()).without([2]) is None


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("without chest pain", "thoracic pain"),
        ("swollen knee but no pain", "painful knee"),
        ("lump on my testicle without pain", "scrotal pain"),
    ],
)
def test_what_is_denied_tells_of_no_symptom(corpus_library: Library, text: str, denied: str) -> None:
    assert denied not in {name for each in corpus_library.search(text).interpretation for name in each.meaning}
