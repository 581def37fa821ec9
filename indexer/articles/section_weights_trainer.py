"""Articles with headings to section weights: how strongly each word stem speaks for each field.

An article whose headings name its fields labels its own sentences. Counting in how many sentences of a field a stem
occurs, and in how many of the others, gives each stem five log-odds: naive Bayes with a prior of two sentences of the
average mix, so that rare stems stay near zero. They complement the cues that people wrote (section_cues.py), who think
of "biopsy" but not of "Wood's lamp".

    python -m indexer.articles.section_weights_trainer corpus

reads the articles below a folder and writes section_weights.json anew: one stem a line, with its log-odds in tenths of
a nat for overview, causes, symptoms, diagnosis and treatment. Run it when the corpus has grown.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import log
from pathlib import Path
from typing import Final

from indexer.articles.model import SECTION_KINDS, Article, RawArticle, SectionKind
from indexer.articles.phrase_matcher import words_of
from indexer.articles.reader import read_article
from indexer.articles.section_cues import WEIGHTS_FILE, stem
from indexer.articles.source import read_sources
from indexer.text.sentences import sentences

MIN_ARTICLES: Final = 3  # that must have a stem before it counts
MIN_FIELDS: Final = 3  # with a heading, for an article to count
PRIOR_SENTENCES: Final = 2.0
MAX_LOG_ODDS: Final = 2.0  # nats, either way
MIN_LOG_ODDS: Final = 0.5  # nats; a stem that says no more than this about any field is left out

Counts = Mapping[tuple[str, SectionKind], int]


def train(articles: Iterable[Article]) -> dict[str, tuple[int, ...]]:
    """Stem to log-odds in tenths of a nat, in the order of SECTION_KINDS."""
    sentence_counts: Counter[SectionKind] = Counter()
    stem_counts: Counter[tuple[str, SectionKind]] = Counter()
    articles_with: defaultdict[str, set[str]] = defaultdict(set)
    for article in articles:
        for kind, sentence in _labelled_sentences(article):
            sentence_counts[kind] += 1
            for each in {stem(word) for word in words_of(sentence)} - {""}:
                stem_counts[each, kind] += 1
                articles_with[each].add(article.id)
    weights = {
        each: tuple(round(10 * _log_odds(each, kind, stem_counts, sentence_counts)) for kind in SECTION_KINDS)
        for each in sorted(articles_with)
        if len(articles_with[each]) >= MIN_ARTICLES
    }
    return {each: tenths for each, tenths in weights.items() if max(map(abs, tenths)) > 10 * MIN_LOG_ODDS}


def _labelled_sentences(article: Article) -> Iterator[tuple[SectionKind, str]]:
    headed = [section for section in article.sections if section.evidence == f"heading '{section.heading}'"]
    if len({section.kind for section in headed}) < MIN_FIELDS:
        return
    introduction = [
        section for section in article.sections[:1] if section.heading is None and section.kind == "overview"
    ]
    for section in (*introduction, *headed):
        for paragraph in section.text.split("\n"):
            for start, end in sentences(paragraph):
                yield section.kind, paragraph[start:end]


def _log_odds(word: str, kind: SectionKind, counts: Counts, sentence_counts: Mapping[SectionKind, int]) -> float:
    total = sum(sentence_counts.values())
    inside = counts[word, kind]
    outside = sum(counts[word, other] for other in SECTION_KINDS) - inside
    share = sentence_counts[kind] / total
    likelihood = (inside + PRIOR_SENTENCES * share) / (sentence_counts[kind] + PRIOR_SENTENCES)
    otherwise = (outside + PRIOR_SENTENCES * (1 - share)) / (total - sentence_counts[kind] + PRIOR_SENTENCES)
    return max(-MAX_LOG_ODDS, min(MAX_LOG_ODDS, log(likelihood / otherwise))) if likelihood else 0.0


def write(folder: str, target: Path = WEIGHTS_FILE) -> int:
    """Train on the articles below a folder and write the weights; returns the number of stems."""
    raws = (raw for raw in read_sources([folder]) if isinstance(raw, RawArticle))
    weights = train(map(read_article, raws))
    lines = ",\n".join(f"{json.dumps(each)}: {list(tenths)}" for each, tenths in weights.items())
    target.write_text(f"{{\n{lines}\n}}\n", "utf-8")
    return len(weights)


if __name__ == "__main__":
    write(sys.argv[1])
