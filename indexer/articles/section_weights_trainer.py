"""Headed articles to word weights: what a library teaches about the words of each field.

An article whose headings name its fields labels its own sentences. Counting in how many sentences of a field a stem occurs, and in
how many of the others, gives each stem five log-odds (naive Bayes with two imagined sentences of the average mix, so that
rare words stay near zero). They stand beside the cues that people wrote (section_cues.py), who think of "biopsy" but not of "Wood's lamp".

    python -m indexer.articles.section_weights_trainer corpus

reads the articles below a folder and writes section_weights.json anew: readable, one stem a line, log-odds in tenths
for overview, causes, symptoms, diagnosis and treatment. Worth doing when the corpus has grown.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import log
from pathlib import Path
from typing import Final

from indexer.articles.model import SECTION_KINDS, Article, RawArticle, SectionKind
from indexer.articles.reader import read_article
from indexer.articles.section_cues import WORD, stem
from indexer.articles.source import read_sources
from indexer.text.sentences import sentences

MIN_ARTICLES: Final = 3  # that must have a stem before it counts
MIN_FIELDS: Final = 3  # with a heading, for an article to count
IMAGINED: Final = 2.0  # sentences
LIMIT: Final = 2.0  # nats, either way
FAINT: Final = 0.5  # nats; a stem that says no more than this about any field is left out

LEARNED: Final = Path(__file__).with_name("section_weights.json")


def learn(articles: Iterable[Article]) -> dict[str, tuple[int, ...]]:
    """Stem to log-odds in tenths of a nat, in the order of SECTION_KINDS."""
    total: Counter[SectionKind] = Counter()
    count: Counter[tuple[str, SectionKind]] = Counter()
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for article in articles:
        for kind, sentence in _labelled(article):
            total[kind] += 1
            for word in {stem(word) for word in WORD.findall(sentence.lower())} - {""}:
                count[word, kind] += 1
                seen[word].add(article.id)
    odds = {
        word: tuple(round(10 * _log_odds(word, kind, count, total)) for kind in SECTION_KINDS)
        for word in sorted(seen)
        if len(seen[word]) >= MIN_ARTICLES
    }
    return {word: tenths for word, tenths in odds.items() if max(map(abs, tenths)) > 10 * FAINT}


def _labelled(article: Article) -> Iterator[tuple[SectionKind, str]]:
    told = [section for section in article.sections if section.evidence == f"heading '{section.heading}'"]
    if len({section.kind for section in told}) < MIN_FIELDS:
        return
    introduction = [s for s in article.sections[:1] if s.heading is None and s.kind == "overview"]
    for section in (*introduction, *told):
        for paragraph in section.text.split("\n"):
            for start, end in sentences(paragraph):
                yield section.kind, paragraph[start:end]


def _log_odds(
    word: str, kind: SectionKind, count: Mapping[tuple[str, SectionKind], int], total: Mapping[SectionKind, int]
) -> float:
    everything = sum(total.values())
    here = count[word, kind]
    elsewhere = sum(count[word, other] for other in SECTION_KINDS) - here
    share = total[kind] / everything
    inside = (here + IMAGINED * share) / (total[kind] + IMAGINED)
    outside = (elsewhere + IMAGINED * (1 - share)) / (everything - total[kind] + IMAGINED)
    return max(-LIMIT, min(LIMIT, log(inside / outside))) if inside else 0.0


def write(folder: str, target: Path = LEARNED) -> int:
    """Learn from the articles below a folder and write what was learned; returns the number of stems."""
    raws = (raw for raw in read_sources([folder]) if isinstance(raw, RawArticle))
    learned = learn(map(read_article, raws))
    lines = ",\n".join(f"{json.dumps(word)}: {list(tenths)}" for word, tenths in learned.items())
    target.write_text(f"{{\n{lines}\n}}\n", "utf-8")
    return len(learned)


if __name__ == "__main__":
    write(sys.argv[1])
