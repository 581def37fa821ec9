"""What the project promises of the articles of corpus/, as they are read.

Every test that fails names the articles or sites that break the promise, so that they can be fixed.
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

SHINGLE_TERMS = 3
MIN_JACCARD = 0.5  # of the shingles of two sentences that count as one
MIN_TERMS = 6  # of a sentence that is long enough to be compared


@dataclass(frozen=True, slots=True)
class CorpusArticle:
    raw: RawArticle
    document: Document

    @property
    def has_no_headings(self) -> bool:
        return all(section.heading is None for section in self.document.sections)

    @property
    def word_count(self) -> int:
        """Words of the sections with their headings."""
        return sum(len(f"{section.heading or ''} {section.text}".split()) for section in self.document.sections)


@pytest.fixture(scope="module")
def corpus(corpus_library: Library) -> tuple[CorpusArticle, ...]:
    sources = tuple(read_sources([CORPUS]))
    assert [entry for entry in sources if isinstance(entry, Failure)] == []
    documents = {document.id: document for document in corpus_library.scan()}
    return tuple(CorpusArticle(raw, documents[raw.id]) for raw in sources if isinstance(raw, RawArticle))


def test_there_are_240_articles_with_unique_ids(corpus: tuple[CorpusArticle, ...]) -> None:
    assert len({article.raw.id for article in corpus}) == len(corpus) >= 240


@pytest.mark.parametrize(
    ("suffix", "has_no_headings", "at_least"),
    [(".txt", True, 80), (".txt", False, 80), (".html", None, 40), (".md", None, 20), (".jsonl.gz", None, 20)],
)
def test_every_format_is_there_with_and_without_headings(
    corpus: tuple[CorpusArticle, ...], suffix: str, has_no_headings: bool | None, at_least: int
) -> None:
    matching = [
        article
        for article in corpus
        if article.raw.source.endswith(suffix) and has_no_headings in (None, article.has_no_headings)
    ]
    assert len(matching) >= at_least


def test_json_lines_are_one_file(corpus: tuple[CorpusArticle, ...]) -> None:
    assert len({article.raw.source for article in corpus if article.raw.source.endswith(".jsonl.gz")}) == 1


def test_articles_have_250_to_500_words(corpus: tuple[CorpusArticle, ...]) -> None:
    assert {article.raw.id: article.word_count for article in corpus if not 250 <= article.word_count <= 500} == {}


def test_every_article_has_a_code_a_chapter_and_a_site(corpus: tuple[CorpusArticle, ...]) -> None:
    documents = [article.document for article in corpus]
    assert [each.id for each in documents if not (each.code and each.chapter and each.sites)] == []


def test_every_article_has_three_of_the_four_kinds_of_section(corpus: tuple[CorpusArticle, ...]) -> None:
    kinds_by_id = {
        article.raw.id: {section.kind for section in article.document.sections} - {"overview"} for article in corpus
    }
    assert {id: kinds for id, kinds in kinds_by_id.items() if len(kinds) < 3} == {}


def test_every_chapter_is_there(corpus: tuple[CorpusArticle, ...]) -> None:
    assert {article.document.chapter for article in corpus} == {str(number) for number in range(1, 23)}


def test_every_site_of_the_top_three_levels_is_there(corpus: tuple[CorpusArticle, ...]) -> None:
    covered = {site for article in corpus for site in body_sites.closure(article.document.sites)}
    assert [id for id in body_sites.tree() if len(body_sites.ancestors(id)) < 3 and id not in covered] == []


def test_25_conditions_have_three_sites_or_sides(corpus: tuple[CorpusArticle, ...]) -> None:
    variants: dict[str, set[tuple[tuple[str, ...], str | None]]] = defaultdict(set)
    for document in (article.document for article in corpus):
        variants[document.condition_key].add((document.sites, document.side))
    count = Counter(min(len(locations), 3) for locations in variants.values())
    assert count[3] >= 25, {key: len(locations) for key, locations in variants.items() if len(locations) > 1}


def test_hardly_any_sentence_is_written_about_two_conditions(corpus: tuple[CorpusArticle, ...]) -> None:
    compared = [sentence for article in corpus for sentence in _comparable_sentences(article.document)]
    by_shingle: dict[Shingle, list[int]] = defaultdict(list)
    for number, sentence in enumerate(compared):
        for shingle in sentence.shingles:
            by_shingle[shingle].append(number)
    duplicates = {
        sentence.text: compared[other].text
        for sentence in compared
        if (other := _near_duplicate(sentence, compared, by_shingle)) is not None
    }
    assert len(duplicates) < 0.01 * len(compared), duplicates


Shingle = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedSentence:
    condition: str
    text: str
    shingles: frozenset[Shingle]


def _comparable_sentences(document: Document) -> Iterator[ComparedSentence]:
    for section in document.sections:
        for start, end in sentences(section.text):
            text = section.text[start:end]
            terms = [token.term for token in tokens(text)]
            if len(terms) >= MIN_TERMS:
                yield ComparedSentence(document.condition_key, text, frozenset(_shingles(terms)))


def _shingles(terms: list[str]) -> Iterator[Shingle]:
    return (tuple(terms[start : start + SHINGLE_TERMS]) for start in range(len(terms) - SHINGLE_TERMS + 1))


def _near_duplicate(
    sentence: ComparedSentence, compared: list[ComparedSentence], by_shingle: dict[Shingle, list[int]]
) -> int | None:
    """The number of a sentence about another condition with nearly the same shingles."""
    shared = Counter(other for shingle in sentence.shingles for other in by_shingle[shingle])
    for other, count in shared.items():
        is_other_condition = compared[other].condition != sentence.condition
        if is_other_condition and count >= MIN_JACCARD * len(sentence.shingles | compared[other].shingles):
            return other
    return None
