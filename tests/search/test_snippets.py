import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.model import Section
from indexer.documents import Document
from indexer.query.leaves import leaves
from indexer.query.parser import parse_query
from indexer.results import Snippet
from indexer.search.snippets import MAX_SNIPPET, best_snippets, mark
from indexer.text.analyzer import ANALYZER

DOCUMENT = Document(
    id="cmo",
    source="cmo.txt",
    title="Chronic multifocal osteomyelitis",
    sections=(
        Section("overview", None, "It is rare. Girls are affected more often.", ""),
        Section(
            "causes",
            "Causes",
            "Nobody knows why. An autoimmune inflammation of bone is likely. Bone is not infected.",
            "",
        ),
        Section("symptoms", "Symptoms", "Pain comes and goes.\nThe bone may swell.", ""),
    ),
)


def shown(query: str, document: Document = DOCUMENT, limit: int = 2) -> list[tuple[str, str, list[str]]]:
    snippets = best_snippets(document, leaves(parse_query(query).root), ANALYZER, limit=limit)
    return [(each.field, each.text, [each.text[a:b] for a, b in each.spans]) for each in snippets]


def test_the_best_sentence_of_each_field_comes_with_its_field() -> None:
    assert shown("autoimmune bone inflammation")[0] == (
        "causes",
        "An autoimmune inflammation of bone is likely.",
        ["autoimmune inflammation", "bone"],
    )


def test_a_second_field_follows_where_it_scores_as_much() -> None:
    assert [field for field, _, _ in shown("bone")] == ["causes", "symptoms"]
    assert len(shown("bone", limit=1)) == 1


def test_the_section_that_was_asked_about_comes_first() -> None:
    to_mark = leaves(parse_query("bone").root)
    for aspect, first in ((None, "causes"), ("symptoms", "symptoms")):
        assert best_snippets(DOCUMENT, to_mark, ANALYZER, aspect=aspect)[0].field == first


def test_a_third_sentence_has_another_of_the_words() -> None:
    sections = (
        Section("overview", None, "Pain in a bone.", ""),
        Section("causes", None, "It is the bone.", ""),
        Section("symptoms", None, "There is fever.", ""),
    )
    document = Document(id="x", source="", title="", sections=sections)
    for query in ("bone pain fever", "pain bone fever"):
        assert [field for field, _, _ in shown(query, document, limit=3)] == ["overview", "symptoms"]


def test_a_phrase_is_marked_as_one_and_only_where_it_stands() -> None:
    assert shown('"pain comes"') == [("symptoms", "Pain comes and goes.", ["Pain comes"])]
    assert shown('"comes pain"')[0][2] == []


def test_prefixes_and_fields_are_kept() -> None:
    assert shown("inflam*")[0][2] == ["inflammation"]
    assert [field for field, _, _ in shown("symptoms:bone")] == ["symptoms"]


def test_what_is_excluded_is_not_marked() -> None:
    assert all("Pain" not in spans for _, _, spans in shown("bone -pain"))


def test_without_a_match_in_the_text_the_first_sentence_stands() -> None:
    assert shown("osteomyelitis") == [("overview", "It is rare.", [])]
    assert shown("anything", Document(id="x", source="", title="Empty")) == []


def test_a_title_can_be_marked() -> None:
    to_mark = leaves(parse_query("osteomyelitis chronic").root)
    assert mark(DOCUMENT.title, to_mark, "title", ANALYZER) == ((0, 7), (19, 32))


def test_a_long_sentence_is_cut_around_the_words() -> None:
    long = "word " * 300 + "fever " + "word " * 300
    (only,) = best_snippets(
        Document(id="x", source="", title="", sections=(Section("symptoms", None, long.strip(), ""),)),
        leaves(parse_query("fever").root),
        ANALYZER,
    )
    assert len(only.text) <= MAX_SNIPPET
    assert [only.text[a:b] for a, b in only.spans] == ["fever"]


@pytest.mark.parametrize(
    ("query", "written"),
    [
        *(("x-ray", written) for written in ("x-ray", "X-rays", "x ray", "X rays", "xray")),
        *(("t-cells", written) for written in ("T cells", "T cell", "t-cell")),
        *(("B cell", written) for written in ("B cells", "B-cell")),
        *(("c-section", written) for written in ("C section", "C-sections")),
        *(("e-mails", written) for written in ("e-mail", "E-mails")),
    ],
)
def test_a_word_that_begins_with_a_letter_of_its_own_is_marked_however_it_is_written(query: str, written: str) -> None:
    text = f"Nothing stands here. Then {written} may follow. It ends."
    document = Document(id="x", source="", title="", sections=(Section("diagnosis", None, text, ""),))
    (only,) = best_snippets(document, leaves(parse_query(query).root), ANALYZER)
    assert [only.text[start:end] for start, end in only.spans] == [written]


WORDS = st.sampled_from(["bone", "pain", "Bone.", "fever,", "x-ray", "swelling.", "é", "-", "\n"])


@given(
    st.lists(WORDS, max_size=80).map(" ".join), st.sampled_from(["bone", "bone pain", '"bone pain"', "fev*", "x-ray"])
)
def test_a_snippet_is_a_part_of_its_section_and_its_spans_lie_in_it(text: str, query: str) -> None:
    document = Document(id="x", source="", title="", sections=(Section("symptoms", None, text, ""),))
    for snippet in best_snippets(document, leaves(parse_query(query).root), ANALYZER):
        assert isinstance(snippet, Snippet)
        assert snippet.text in text
        last = 0
        for start, end in snippet.spans:
            assert last <= start < end <= len(snippet.text)
            last = end


@pytest.mark.parametrize(
    "text",
    [
        "Gout is not lupus, and has nothing to do with lupus. In a few people lupus comes later.",
        "It was taken for lupus at first. Lupus may follow.",
        "Unlike lupus, it spares the face. The blood test for lupus is normal in most.",
    ],
)
def test_a_sentence_that_says_it_plainly_comes_before_one_that_denies_it(text: str) -> None:
    assert [each for _, each, _ in shown("lupus", in_overview(text), limit=1)] == [text[text.index(". ") + 2 :]]


def test_a_denial_is_shown_where_nothing_else_is_said() -> None:
    document = in_overview("It swells. It has nothing to do with lupus.")
    assert [each for _, each, _ in shown("lupus", document)] == ["It has nothing to do with lupus."]


def in_overview(text: str) -> Document:
    return Document(id="x", source="x.txt", title="X", sections=(Section("overview", None, text, ""),))
