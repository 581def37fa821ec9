"""Random documents and queries of few words, so that they meet often."""

from dataclasses import replace

from hypothesis import strategies as st

from indexer.articles.model import SECTION_KINDS, Dropped, Issue, Section
from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES, Document
from indexer.knowledge.icd10 import Code
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
from indexer.text.analyzer import term

WORDS = ("bone", "bones", "pain", "painful", "painted", "hand", "handed", "inflammation", "inflamed", "fever", "ache")
TERMS = tuple(sorted({term(word) for word in WORDS} | {"absent"}))
IDS = (*(f"{letter}/{number}" for letter in "ab" for number in range(6)), "ü", "e\u0301", "\U0001f9b4")
SITES = ("hand", "upper-limb", "foot", "knee", "no-such-site")
SIDES = ("right", "left", "bilateral")
CONDITIONS = ("Osteitis", "Gout", "Gout!", "Bone pain", "")
CODES = (("13", ("M80-M94", "M86"), "M86.3"), ("13", ("M80-M94", "M86"), "M86.4"), ("1", (), "A00"))
VALUES = (*SITES, *SIDES, "13", "1", "osteitis", "gout", "bone-pain", "", "m86", "m863", "a00", "m80-m94", "absent")

sentences = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
texts = st.lists(sentences, min_size=0, max_size=3).map(". ".join)
anything = st.text(max_size=12)
KINDS = st.sampled_from(SECTION_KINDS)
headings = st.none() | anything
sections = st.builds(Section, KINDS, st.none(), texts, st.just(""))


@st.composite
def searched_documents(draw: st.DrawFn) -> Document:
    """A document, now and then without anything; of what is only stored, nothing."""
    chapter, ancestors, code = draw(st.sampled_from((*CODES, (None, (), None))))
    return Document(
        id=draw(st.sampled_from(IDS)),
        source="",
        title=draw(texts),
        names=tuple(draw(st.lists(texts, max_size=2))),
        code=code,
        code_title=draw(st.none() | texts),
        chapter=chapter,
        ancestors=tuple(Code(each, "Title") for each in ancestors),
        inclusion_terms=tuple(draw(st.lists(texts, max_size=1))),
        sections=tuple(draw(st.lists(sections, max_size=3))),
        condition=draw(st.sampled_from(CONDITIONS)),
        sites=tuple(draw(st.lists(st.sampled_from(SITES), max_size=2, unique=True))),
        side=draw(st.sampled_from((*SIDES, None))),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document with all that is stored."""
    return replace(
        draw(searched_documents()),
        source=draw(anything),
        digest=draw(anything),
        url=draw(st.none() | anything),
        code_match=draw(st.sampled_from(("exact", "parent", "inferred", None))),
        sections=tuple(draw(st.lists(st.builds(Section, KINDS, headings, texts, anything), max_size=4))),
        dropped=tuple(draw(st.lists(st.builds(Dropped, anything, anything), max_size=1))),
        issues=tuple(draw(st.lists(st.builds(Issue, anything, anything), max_size=1))),
        flags=tuple(draw(st.lists(anything, max_size=1))),
    )


libraries = st.lists(searched_documents(), max_size=8)

terms = st.sampled_from(TERMS)
fields = st.sampled_from((None, None, None, *TEXT_FIELD_NAMES))
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, terms, fields),
    st.builds(Term, st.sampled_from(VALUES), st.sampled_from((*KEYWORD_FIELD_NAMES, "no-such-field"))),
    st.builds(Phrase, st.lists(terms, max_size=3).map(tuple), fields | st.just("side")),
    st.builds(Prefix, st.sampled_from(("", "bon", "pain", "h", "hand", "zz")), fields),
    st.builds(Prefix, st.sampled_from(("m8", "le", "g")), st.sampled_from(KEYWORD_FIELD_NAMES)),
    st.builds(
        Near,
        st.lists(st.builds(Term, terms, fields | st.just("side")), max_size=3).map(tuple),
        st.integers(-1, 40),
        st.booleans(),
    ),
    st.builds(All),
    st.builds(
        Coverage,
        st.lists(terms, max_size=3).map(tuple),
        st.sampled_from(("title", "title", "causes", "side", "no-such-field")),
        st.sampled_from((0.0, 0.3, 0.5, 1.0)),
    ),
    st.builds(One, st.sampled_from(("absent", *IDS))),
)


def _weighed(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pairs = st.lists(st.tuples(inner, st.sampled_from((0.5, 1.0, 2.7))), min_size=1, max_size=3)
    return st.builds(
        lambda n, pairs: AtLeast(n, tuple(node for node, _ in pairs), tuple(weight for _, weight in pairs)),
        st.sampled_from((0.0, 0.5, 1.5, 3.7)),
        pairs,
    )


def _wider(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Alternatives, several),
        st.builds(AtLeast, st.integers(-1, 4), several),
        _weighed(inner),
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Not, inner),
        st.builds(Should, inner, inner),
        st.builds(Boost, inner, st.sampled_from((0.0, 0.5, 1.0, 3.7))),
    )


# What search adds to a score at last: pairs of terms near each other, of which an engine may look at some at once.
pairs = st.builds(
    Near,
    st.lists(terms.map(Term), min_size=2, max_size=3).map(tuple),
    st.integers(1, 6),
    st.booleans(),
)
near_clauses: st.SearchStrategy[list[Node]] = st.lists(
    st.builds(Boost, pairs, st.sampled_from((0.5, 1.0, 3.7)))
    | st.lists(pairs, min_size=1, max_size=3).map(tuple).map(Or),
    min_size=2,
    max_size=5,
)
nodes = st.recursive(leaves, _wider, max_leaves=8)
filters = st.builds(
    Filter,
    st.sampled_from((*KEYWORD_FIELD_NAMES, "title")),
    st.lists(st.sampled_from(VALUES), max_size=2).map(tuple),
)
rankings = st.sampled_from(
    (Ranking(), Ranking(k1=0.0), Ranking(field_weights=(("title", 2.0), ("causes", 0.3)), field_b=(("title", 1.0),)))
)
queries = st.builds(
    Query,
    st.just(""),
    nodes,
    st.lists(filters, max_size=3).map(tuple),
    rankings,
    st.sampled_from(("relevance", "relevance", "title", "code")),
    st.lists(filters, max_size=2).map(tuple),
)
pages = st.builds(Page, st.integers(0, 5), st.integers(0, 6), st.booleans())
