"""What the project promises of the articles of corpus/, as they are read.

Every test that fails names the articles or sites that break the promise, so that they can be fixed.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import pytest

from indexer.knowledge import body_sites
from indexer.text.analyzer import tokens
from tests.corpus.articles import CorpusArticle
from tests.corpus.safety_lines import urgencies

SHINGLE_TERMS = 3
MIN_JACCARD = 0.5  # of the shingles of two sentences that count as one
MIN_TERMS = 6  # of a sentence that is long enough to be compared
MAX_SHARE = 0.1  # of the sentences of an article, near duplicates of those on another site of its condition

Location = tuple[tuple[str, ...], str | None]  # sites and side
Shingle = tuple[str, ...]


def test_there_are_360_articles_with_unique_ids(corpus: tuple[CorpusArticle, ...]) -> None:
    assert len({article.raw.id for article in corpus}) == len(corpus) >= 360


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
    several = {key: len(places) for key, places in _locations(corpus).items() if len(places) > 1}
    assert sum(count >= 3 for count in several.values()) >= 25, several


def test_chronic_multifocal_osteomyelitis_is_there_at_six_sites(corpus: tuple[CorpusArticle, ...]) -> None:
    """The condition that the README searches for, with a facet of sites worth looking at."""
    assert len(_locations(corpus)["chronic-multifocal-osteomyelitis"]) == 6


def test_no_sentence_is_written_about_two_conditions(corpus: tuple[CorpusArticle, ...]) -> None:
    compared = [sentence for article in corpus for sentence in _comparable_sentences(article)]
    by_shingle: dict[Shingle, list[int]] = defaultdict(list)
    for number, sentence in enumerate(compared):
        for shingle in sentence.shingles:
            by_shingle[shingle].append(number)
    duplicates = {
        sentence.text: compared[other].text
        for sentence in compared
        if (other := _near_duplicate(sentence, compared, by_shingle)) is not None
    }
    assert duplicates == {}


def test_articles_on_sites_of_one_condition_are_no_twins(corpus: tuple[CorpusArticle, ...]) -> None:
    by_condition: dict[str, list[tuple[str, list[ComparedSentence]]]] = defaultdict(list)
    for article in corpus:
        by_condition[article.document.condition_key].append((article.raw.id, list(_comparable_sentences(article))))
    shares = {
        (one, other): sum(any(map(sentence.is_near, theirs)) for sentence in ours) / len(ours)
        for siblings in by_condition.values()
        for (one, ours), (other, theirs) in permutations(siblings, 2)
    }
    assert {pair: share for pair, share in shares.items() if share > MAX_SHARE} == {}


def _locations(corpus: tuple[CorpusArticle, ...]) -> dict[str, set[Location]]:
    """The sites and sides that each condition has an article of."""
    locations: dict[str, set[Location]] = defaultdict(set)
    for document in (article.document for article in corpus):
        locations[document.condition_key].add((document.sites, document.side))
    return locations


@dataclass(frozen=True, slots=True)
class ComparedSentence:
    condition: str
    text: str
    shingles: frozenset[Shingle]

    def is_near(self, other: "ComparedSentence") -> bool:
        return len(self.shingles & other.shingles) >= MIN_JACCARD * len(self.shingles | other.shingles)


def _comparable_sentences(article: CorpusArticle) -> Iterator[ComparedSentence]:
    """The long ones, without those that call for help: these may be alike where the signs are."""
    for text in article.sentences:
        terms = [token.term for token in tokens(text)]
        if len(terms) >= MIN_TERMS and not urgencies(text):
            yield ComparedSentence(article.document.condition_key, text, frozenset(_shingles(terms)))


def _shingles(terms: list[str]) -> Iterator[Shingle]:
    return (tuple(terms[start : start + SHINGLE_TERMS]) for start in range(len(terms) - SHINGLE_TERMS + 1))


def _near_duplicate(
    sentence: ComparedSentence, compared: list[ComparedSentence], by_shingle: dict[Shingle, list[int]]
) -> int | None:
    """The number of a sentence about another condition with nearly the same shingles."""
    for other in {other for shingle in sentence.shingles for other in by_shingle[shingle]}:
        if compared[other].condition != sentence.condition and sentence.is_near(compared[other]):
            return other
    return None
