"""Sentences to evidence: how strongly the words of a sentence speak for each topic.

Cues are words and phrases with weights (section_cues.toml says how they are written). Each weight is the logarithm of how much
likelier the cue is in its topic than elsewhere. Were cues independent, their weights would add up, as in naive
Bayes; but words come in company (a mention of one symptom brings five more), so the strongest cue of a topic
counts whole, the others at a share.

Topics are finer than fields: how a disease is inherited, how common it is and how it ends are told in words of their own,
though an editor files all three in the overview. Telling them apart first is worth 0.08 macro-F1 on single
paragraphs: "gene" then speaks for causes and inheritance alike, and "autosomal recessive" decides.

Where few cues are found, all other words help with what a library of headed articles taught about them (section_weights_trainer.py);
the less there is to go by, the more they count.
"""

import json
import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from indexer.articles.model import SECTION_KINDS, SectionKind
from indexer.articles.phrase_matcher import Lexicon, phrases_of
from indexer.text.analyzer import STOP_WORDS, fold_word
from indexer.text.stemming import term

SHARE: Final = 0.3  # of the weight of every cue but the strongest
CEILING: Final = 8.0  # nats that one sentence can give one topic
TRUST: Final = 0.3  # of a learned log-odds, because neighbouring words repeat each other
LEARNED_CEILING: Final = 3.0  # nats that learned words can give one topic, or take from it

WORD: Final = re.compile(r"[a-z0-9%]+")
_TABLE: Final = tomllib.loads((files("indexer.articles") / "section_cues.toml").read_text("utf-8"))
TOPICS: Final = tuple(_TABLE)
FIELD_OF: Final[tuple[SectionKind, ...]] = tuple(topic.pop("field") for topic in _TABLE.values())

_LEARNERS: Final = tuple(TOPICS.index("definition" if kind == "overview" else kind) for kind in SECTION_KINDS)

_BITS: Final = 28  # for one sum: 6,000,000 words fit, more than a text can have
_MASK: Final = (1 << _BITS) - 1
_BIAS: Final = 21  # tenths of a nat
_MAX_WORDS: Final = 1 << 16  # remembered


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
    words = WORD.findall(sentence.lower())
    cues = _lexicon().find(words)
    nats = [0.0] * len(TOPICS)
    strongest: dict[int, float] = {}
    for _, weights in cues:
        for topic, weight in weights:
            nats[topic] += weight
            if weight > strongest.get(topic, 0.0):
                strongest[topic] = weight
    for topic, weight in strongest.items():
        total = weight + SHARE * (nats[topic] - weight)
        nats[topic] = total if total < CEILING else CEILING
    doubt = 1 - max(nats) / CEILING
    if doubt > 0:
        _add_learned(words, nats, doubt)
    return Evidence(nats, cues)


def _add_learned(words: list[str], nats: list[float], doubt: float) -> None:
    packed = sum(map(_learned().__getitem__, set(words)))
    bias = _BIAS * (packed >> len(_LEARNERS) * _BITS)
    trust = doubt * TRUST / 10
    for topic in _LEARNERS:
        extra = trust * ((packed & _MASK) - bias)
        packed >>= _BITS
        if extra > LEARNED_CEILING:
            extra = LEARNED_CEILING
        elif extra < -LEARNED_CEILING:
            extra = -LEARNED_CEILING
        nats[topic] += extra


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The term of a lower-case word; "" for one that tells nothing (a function word, a number, one or two letters)."""
    folded = fold_word(word)
    return "" if len(folded) < 3 or folded in STOP_WORDS or folded.isdigit() else term(folded)


class _Learned(dict[str, int]):
    """Word to its log-odds, packed into one integer: summing a sentence is then one call of `sum`.

    From the lowest bits up: five counts of tenths, each raised by _BIAS to be positive, and a one for the word itself.
    """

    def __init__(self, odds: dict[str, list[int]]) -> None:
        super().__init__()
        self._odds = {
            word: sum(tenth + _BIAS << place * _BITS for place, tenth in enumerate((*tenths, 1 - _BIAS)))
            for word, tenths in odds.items()
        }

    def __missing__(self, word: str) -> int:
        if len(self) >= _MAX_WORDS:
            self.clear()
        packed = self[word] = self._odds.get(stem(word), 0)
        return packed


@cache
def _learned() -> _Learned:
    path = files("indexer.articles") / "section_weights.json"
    return _Learned(json.loads(path.read_text("utf-8")) if path.is_file() else {})


@cache
def _lexicon() -> Lexicon[Cue]:
    weights: dict[str, dict[int, float]] = {}
    for topic, groups in enumerate(_TABLE.values()):
        for weight, written in groups.items():
            for phrase in phrases_of(written):
                weights.setdefault(phrase, {}).setdefault(topic, float(weight))
    return Lexicon({phrase: Cue(phrase, tuple(by_topic.items())) for phrase, by_topic in weights.items()})
