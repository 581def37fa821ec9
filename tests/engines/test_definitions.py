"""What the nodes mean, by examples counted by hand: the reference engine is what the others are held to."""

import math

import pytest

from indexer.articles.model import Section
from indexer.documents import Document
from indexer.engine import Engine
from indexer.query.nodes import (
    All,
    Alternatives,
    And,
    AtLeast,
    Boost,
    Coverage,
    Near,
    Node,
    Not,
    One,
    Or,
    Phrase,
    Prefix,
    Should,
    Term,
)
from indexer.query.query import Query
from indexer.query.ranking import Ranking
from indexer.query.request import Filter, Page
from indexer.results import GROUP_FIELDS, FieldCounts


def made(id: str, title: str, causes: str = "", **values: tuple[str, ...]) -> Document:
    return Document(
        id=id,
        source=id,
        title=title,
        condition=title,
        sections=(Section("causes", None, causes, ""),),
        sites=values.get("sites", ()),
    )


LIBRARY = (
    made("1", "Gout", "Bone pain, then fever", sites=("hand",)),
    made("2", "Bone fever", "Fever. Pain", sites=("foot",)),
    made("3", "Bone bone pain", "Fever of bone", sites=("hand", "foot")),
    made("4", "Asthma"),
)


@pytest.fixture
def library(engine: Engine) -> Engine:
    with engine.batch() as batch:
        for document in LIBRARY:
            batch.put(document)
    return engine


def scores(engine: Engine, root: Node, ranking: Ranking = Ranking()) -> dict[str, float]:
    with engine.searcher() as searcher:
        matches = searcher.search(Query("", root, ranking=ranking), Page())
        return {match.document.id: match.score for match in matches.page}


def idf(with_leaf: int) -> float:
    return math.log(1 + (4 - with_leaf + 0.5) / (with_leaf + 0.5))


def test_a_term_on_one_field_scores_bm25(library: Engine) -> None:
    ranking = Ranking(k1=1.5, field_weights=(("title", 2.0),), field_b=(("title", 0.5),))
    mean = (1 + 2 + 3 + 1) / 4
    frequency = {"2": 2.0 * 1 / (1 - 0.5 + 0.5 * 2 / mean), "3": 2.0 * 2 / (1 - 0.5 + 0.5 * 3 / mean)}
    expected = {id: idf(2) * tf / (1.5 + tf) for id, tf in frequency.items()}
    assert scores(library, Term("bone", "title"), ranking) == pytest.approx(expected)


def test_a_term_on_all_fields_adds_them_before_it_saturates(library: Engine) -> None:
    ranking = Ranking(k1=1.2, field_weights=(("title", 2.0), ("causes", 1.0)), field_b=())
    expected = {id: idf(3) * tf / (1.2 + tf) for id, tf in {"1": 1.0, "2": 2.0, "3": 5.0}.items()}
    assert scores(library, Term("bone"), ranking) == pytest.approx(expected)


def test_a_value_scores_its_rarity(library: Engine) -> None:
    assert scores(library, Term("hand", "own_site")) == pytest.approx({"1": idf(2), "3": idf(2)})
    assert scores(library, Prefix("fo", "own_site")) == pytest.approx({"2": idf(2), "3": idf(2)})


def test_a_phrase_stands_in_one_field_and_one_sentence(library: Engine) -> None:
    flat = Ranking(k1=1.0, field_weights=(("title", 1.0), ("causes", 1.0)), field_b=())
    expected = {id: (idf(3) + idf(3)) * 1 / (1 + 1) for id in ("1", "3")}
    assert scores(library, Phrase(("bone", "pain")), flat) == pytest.approx(expected)
    assert set(scores(library, Phrase(("fever", "pain")))) == set()  # the full stop stands between them
    assert scores(library, Phrase(("bone", "bone"), "title"), flat) == pytest.approx({"3": 2 * idf(2) / 2})
    assert scores(library, Phrase(())) == {}


def test_a_prefix_unites_the_terms_of_its_words(library: Engine) -> None:
    assert set(scores(library, Prefix("p"))) == {"1", "2", "3"}
    assert set(scores(library, Prefix("asth"))) == {"4"}
    flat = Ranking(k1=1.0, field_weights=(("title", 1.0),), field_b=())
    assert scores(library, Prefix("bon", "title"), flat) == pytest.approx({"2": idf(2) * 1 / 2, "3": idf(2) * 2 / 3})


def test_near_counts_places(library: Engine) -> None:
    def near(window: int, *words: str, ordered: bool = False) -> set[str]:
        return set(scores(library, Near(tuple(map(Term, words)), window, ordered)))

    assert near(1, "bone", "fever") == {"2", "3"}
    assert near(2, "bone", "fever") == {"1", "2", "3"}
    assert near(2, "bone", "fever", ordered=True) == {"1", "2"}
    assert near(2, "bone", "pain") == near(2, "pain", "bone") == {"1", "3"}
    assert near(2, "pain", "bone", ordered=True) == set()
    flat = Ranking(k1=1.0, field_weights=(("title", 1.0),), field_b=())
    places = scores(library, Near((Term("bone", "title"), Term("pain", "title")), 2), flat)
    assert places == pytest.approx({"3": (idf(2) + idf(1)) * 2 / (1 + 2)})  # from either bone to pain


def test_combinations(library: Engine) -> None:
    bone, pain, fever = scores(library, Term("bone")), scores(library, Term("pain")), scores(library, Term("fever"))
    title, words = Term("bone", "title"), (Term("bone"), Term("pain"), Term("fever"))
    assert scores(library, And(words)) == pytest.approx({id: bone[id] + pain[id] + fever[id] for id in "123"})
    assert set(scores(library, And(()))) == {"1", "2", "3", "4"}
    assert scores(library, Or(())) == scores(library, Alternatives(())) == {}
    assert set(scores(library, AtLeast(2, (title, Term("gout"), Term("bone"))))) == {"1", "2", "3"}
    assert scores(library, Alternatives((Term("bone"), Term("pain")))) == pytest.approx(
        {id: max(bone[id], pain[id]) for id in "123"}
    )
    assert scores(library, Not(title)) == {"1": 0.0, "4": 0.0}
    assert scores(library, All()) == dict.fromkeys("1234", 0.0)
    assert set(scores(library, Should(title, Term("gout")))) == {"2", "3"}
    assert scores(library, Should(Term("gout"), Term("bone")))["1"] == pytest.approx(
        scores(library, Term("gout"))["1"] + bone["1"]
    )
    assert scores(library, Boost(Term("bone"), 2.5)) == pytest.approx({id: 2.5 * bone[id] for id in "123"})


def test_words_that_weigh_enough(library: Engine) -> None:
    weighed = (Term("bone"), Term("pain"), Term("gout"))
    assert set(scores(library, AtLeast(2.5, weighed, (0.5, 1.0, 2.0)))) == {"1"}
    assert set(scores(library, AtLeast(1.5, weighed, (0.5, 1.0, 2.0)))) == {"1", "2", "3"}
    assert scores(library, AtLeast(2.5, weighed, (0.5, 1.0, 2.0)))["1"] == pytest.approx(
        scores(library, And(weighed))["1"]
    )
    thirds = (Term("bone"), Term("pain"), Term("fever"))
    assert set(scores(library, AtLeast(0.3, thirds, (0.1, 0.1, 0.1)))) == {"1", "2", "3"}


def test_a_title_is_covered_by_what_was_told(library: Engine) -> None:
    half = idf(2) / (idf(2) + idf(1))  # of two titles with a bone, one has a fever and one a pain
    assert scores(library, Coverage(("bone", "gout"), "title")) == pytest.approx({"1": 1.0, "2": half, "3": half})
    assert scores(library, Coverage(("bone", "gout"), "title", 0.5)) == {"1": 1.0}
    assert scores(library, Coverage(("fever", "bone", "bone"), "title", 1.0)) == {"2": 1.0}
    assert scores(library, Coverage((), "title")) == scores(library, Coverage(("hand",), "site")) == {}


def test_one_document(library: Engine) -> None:
    assert scores(library, One("3")) == {"3": 1.0}
    assert scores(library, One("5")) == {}


def test_a_section_is_as_long_as_the_whole_body(engine: Engine) -> None:
    with engine.batch() as batch:
        for id, symptoms in (("1", "Fever, ache, pain and swelling"), ("2", "")):
            sections = (Section("causes", None, "Bone", ""), Section("symptoms", None, symptoms, ""))
            batch.put(Document(id=id, source=id, title="Gout", condition="Gout", sections=sections))
    ranking = Ranking(k1=1.0, field_weights=(("causes", 1.0),), field_b=(("causes", 1.0),))
    frequency = {"1": 1 / (5 / 3), "2": 1 / (1 / 3)}
    rarity = math.log(1 + 0.5 / 2.5)
    assert scores(engine, Term("bone", "causes"), ranking) == pytest.approx(
        {id: rarity * tf / (1 + tf) for id, tf in frequency.items()}
    )


def test_facets_count_under_every_filter_but_their_own(library: Engine) -> None:
    query = Query("", Term("bone"), filters=(Filter("site", ("hand",)), Filter("own_site", ("foot",))))
    with library.searcher() as searcher:
        matches = searcher.search(query, Page())
    assert [match.document.id for match in matches.page] == ["3"]
    counts = dict(matches.facets[0].counts)
    assert (counts["hand"], counts["foot"]) == (1, 2)
    assert matches.facets[1] == FieldCounts("side", ())


def test_equal_scores_are_in_order_of_id_and_titles_fold(engine: Engine) -> None:
    with engine.batch() as batch:
        for id, title in (("c", "Änderung"), ("b", "Bone"), ("a", "Bone"), ("d", "apex")):
            batch.put(made(id, title))
    with engine.searcher() as searcher:
        matches = searcher.search(Query("", Term("bone")), Page())
        assert [match.document.id for match in matches.page] == ["a", "b"]
        sorted_by_title = searcher.search(Query("", All(), sort="title"), Page())
        assert [match.document.id for match in sorted_by_title.page] == ["c", "d", "a", "b"]


def test_collapse_keeps_the_best_of_each_condition(library: Engine) -> None:
    with library.batch() as batch:
        batch.put(made("5", "Bone fever", "bone", sites=("knee",)))
    with library.searcher() as searcher:
        matches = searcher.search(Query("", Term("bone", "title")), Page(collapse=True))
        apart = searcher.search(Query("", Term("bone", "title")), Page())
    assert (matches.total, matches.groups) == (3, 2)
    assert {match.document.id: match.group_size for match in matches.page} == {"3": 1, "2": 2}
    group = next(match for match in matches.page if match.group_size == 2)
    assert [counted.field for counted in group.group_counts] == list(GROUP_FIELDS)
    own, with_wholes, sides = (dict(counted.counts) for counted in group.group_counts)
    assert (own, sides) == ({"foot": 1, "knee": 1}, {})
    assert (with_wholes["foot"], with_wholes["knee"], with_wholes["lower-limb"]) == (1, 1, 2)
    assert {match.group_size for match in apart.page} == {1}
