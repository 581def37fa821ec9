"""Sentences to evidence: how strongly the words of a sentence speak for each topic.

Cues are words and phrases with weights (cues.toml says how they are written). Each weight is the logarithm of how much
likelier the cue is in its topic than elsewhere. Were cues independent, their weights would add up, as in naive
Bayes; but words come in company (a mention of one symptom brings five more), so the strongest cue of a topic
counts whole, the others at a share.

Topics are finer than fields: how a disease is inherited, how common it is and how it ends are told in words of their own,
though an editor files all three in the overview. Telling them apart first is worth 0.08 macro-F1 on single
paragraphs: "gene" then speaks for causes and inheritance alike, and "autosomal recessive" decides.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from indexer.articles.lexicon import Lexicon, phrases_of
from indexer.articles.model import SectionKind

SHARE: Final = 0.3  # of the weight of every cue but the strongest
CEILING: Final = 8.0  # nats that one sentence can give one topic

WORD: Final = re.compile(r"[a-z0-9%]+")
_TABLE: Final = tomllib.loads((files("indexer.articles") / "cues.toml").read_text("utf-8"))
TOPICS: Final = tuple(_TABLE)
FIELD_OF: Final[tuple[SectionKind, ...]] = tuple(topic.pop("field") for topic in _TABLE.values())


class Cue(NamedTuple):
    """A phrase and what it says: pairs of a topic (its place in TOPICS) and a weight."""

    phrase: str
    weights: tuple[tuple[int, float], ...]


class Evidence(NamedTuple):
    """What was found in a sentence: nats for each of TOPICS, and the cues that gave them."""

    nats: list[float]
    cues: list[Cue]


def evidence(sentence: str) -> Evidence:
    """The evidence that the words of a sentence give."""
    cues = _lexicon().find(WORD.findall(sentence.lower()))
    strongest = [0.0] * len(TOPICS)
    nats = [0.0] * len(TOPICS)
    for cue in cues:
        for topic, weight in cue.weights:
            nats[topic] += SHARE * weight
            if weight > strongest[topic]:  # noqa: PLR1730 -- a call to max would cost more than all the rest
                strongest[topic] = weight
    for topic, weight in enumerate(strongest):
        if weight:
            total = nats[topic] + (1 - SHARE) * weight
            nats[topic] = total if total < CEILING else CEILING
    return Evidence(nats, cues)


@cache
def _lexicon() -> Lexicon[Cue]:
    weights: dict[str, dict[int, float]] = {}
    for topic, groups in enumerate(_TABLE.values()):
        for weight, written in groups.items():
            for phrase in phrases_of(written):
                weights.setdefault(phrase, {}).setdefault(topic, float(weight))
    return Lexicon({phrase: Cue(phrase, tuple(by_topic.items())) for phrase, by_topic in weights.items()})
