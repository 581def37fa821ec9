"""The articles of corpus/, as the reader understands them, to what the project promises of them.

Every test names the articles or sites that break its promise, so that they can be fixed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer import Library
from indexer.articles.model import RawArticle
from indexer.articles.source import Failure, read_sources
from indexer.documents import Document
from indexer.knowledge import body_sites
from indexer.text.analyzer import tokens
from indexer.text.sentences import sentences

CORPUS = Path(__file__).parent.parent.parent / "corpus"

SHINGLE = 3  # terms in a row
NEAR = 0.5  # Jaccard index of the shingles from which two sentences count as one
SHORTEST = 6  # terms of a sentence that says enough to be compared


@dataclass(frozen=True, slots=True)
class Read:
    raw: RawArticle
    document: Document

    @property
    def headless(self) -> bool:
        return all(section.heading is None for section in self.document.sections)

    @property
    def words(self) -> int:
        """Words kept, headings among them."""
        return sum(len(f"{section.heading or ''} {section.text}".split()) for section in self.document.sections)


@pytest.fixture(scope="module")
def corpus(corpus_library: Library) -> tuple[Read, ...]:
    sources = tuple(read_sources([CORPUS]))
    assert [entry for entry in sources if isinstance(entry, Failure)] == []
    documents = {document.id: document for document in corpus_library.scan()}
    return tuple(Read(raw, documents[raw.id]) for raw in sources if isinstance(raw, RawArticle))


def test_articles_are_many_and_each_has_its_own_id(corpus: tuple[Read, ...]) -> None:
    assert len({read.raw.id for read in corpus}) == len(corpus) >= 240


@pytest.mark.parametrize(
    ("suffix", "headless", "at_least"),
    [(".txt", True, 80), (".txt", False, 80), (".html", None, 40), (".md", None, 20), (".jsonl.gz", None, 20)],
)
def test_every_raw_shape_is_there(corpus: tuple[Read, ...], suffix: str, headless: bool | None, at_least: int) -> None:
    those = [read for read in corpus if read.raw.source.endswith(suffix) and headless in (None, read.headless)]
    assert len(those) >= at_least


def test_json_lines_are_one_file(corpus: tuple[Read, ...]) -> None:
    assert len({read.raw.source for read in corpus if read.raw.source.endswith(".jsonl.gz")}) == 1


def test_articles_have_250_to_500_words(corpus: tuple[Read, ...]) -> None:
    assert {read.raw.id: read.words for read in corpus if not 250 <= read.words <= 500} == {}


def test_every_article_has_a_code_a_chapter_and_a_site(corpus: tuple[Read, ...]) -> None:
    documents = [read.document for read in corpus]
    assert [each.id for each in documents if not (each.code and each.chapter and each.sites)] == []


def test_every_article_has_three_of_the_four_topics(corpus: tuple[Read, ...]) -> None:
    topics = {read.raw.id: {section.kind for section in read.document.sections} - {"overview"} for read in corpus}
    assert {id: kinds for id, kinds in topics.items() if len(kinds) < 3} == {}


def test_every_chapter_is_there(corpus: tuple[Read, ...]) -> None:
    assert {read.document.chapter for read in corpus} == {str(number) for number in range(1, 23)}


def test_every_site_of_the_top_three_levels_is_there(corpus: tuple[Read, ...]) -> None:
    covered = {site for read in corpus for site in body_sites.closure(read.document.sites)}
    assert [id for id in body_sites.tree() if len(body_sites.ancestors(id)) < 3 and id not in covered] == []


def test_many_conditions_come_at_three_sites_or_sides(corpus: tuple[Read, ...]) -> None:
    variants: dict[str, set[tuple[tuple[str, ...], str | None]]] = defaultdict(set)
    for document in (read.document for read in corpus):
        variants[document.condition_key].add((document.sites, document.side))
    count = Counter(min(len(places), 3) for places in variants.values())
    assert count[3] >= 25, {key: len(places) for key, places in variants.items() if len(places) > 1}


def test_hardly_any_sentence_is_said_of_two_conditions(corpus: tuple[Read, ...]) -> None:
    said = [(condition, text, shingles) for read in corpus for condition, text, shingles in _said(read.document)]
    having: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, (_, _, shingles) in enumerate(said):
        for shingle in shingles:
            having[shingle].append(number)
    alike = {number: other for number in range(len(said)) if (other := _twin(number, said, having)) is not None}
    assert len(alike) < 0.01 * len(said), [(said[number][1], said[other][1]) for number, other in alike.items()]


Said = tuple[str, str, frozenset[tuple[str, ...]]]


def _said(document: Document) -> Iterator[Said]:
    for section in document.sections:
        for start, end in sentences(section.text):
            text = section.text[start:end]
            terms = [token.term for token in tokens(text)]
            if len(terms) >= SHORTEST:
                yield document.condition_key, text, frozenset(_runs(terms))


def _runs(terms: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(terms[start : start + SHINGLE]) for start in range(len(terms) - SHINGLE + 1))


def _twin(number: int, said: list[Said], having: dict[tuple[str, ...], list[int]]) -> int | None:
    """A sentence about another condition that says nearly the same."""
    condition, _, shingles = said[number]
    shared = Counter(other for shingle in shingles for other in having[shingle] if said[other][0] != condition)
    for other, common in shared.items():
        if common >= NEAR * len(shingles | said[other][2]):
            return other
    return None
