"""Sentences to evidence: how strongly the words of a sentence speak for each topic.

Cues are words and phrases with weights (section_cues.toml). A weight is a log-likelihood ratio: how much likelier the
cue is in its topic than elsewhere. Were cues independent, their weights would add up, as in naive Bayes; but words come
in company (a mention of one symptom brings five more), so the strongest cue of a topic counts whole, the others at a
share.

Topics are finer than fields: how a disease is inherited, how common it is and how it ends are described in words of
their own, though an editor files all three in the overview. Telling them apart first is worth 0.08 macro-F1 on single
paragraphs: "gene" then speaks for causes and inheritance alike, and "autosomal recessive" decides.

Where few cues are found, all other words help, with the weights that a library of headed articles gave them
(section_weights.json, made by section_weights_trainer.py): the weaker the cues, the more these count.
"""

import json
import tomllib
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from struct import Struct
from typing import Final, NamedTuple

from indexer.articles.model import SECTION_KINDS, SectionKind
from indexer.articles.phrase_matcher import PhraseMatcher, phrases_of, words_of
from indexer.text.analyzer import STOP_WORDS, fold_word, term

OTHER_CUES_SHARE: Final = 0.25  # of the weight of every cue but the strongest
MAX_CUE_NATS: Final = 10.0  # that the cues of one sentence can give one topic
LEARNED_SHARE: Final = 0.3  # of a learned log-odds, because neighbouring words repeat each other
MAX_LEARNED_NATS: Final = 3.0  # that learned words can give one topic, or take from it

WEIGHTS_FILE: Final = Path(__file__).with_name("section_weights.json")
_TABLE: Final = tomllib.loads((files("indexer.articles") / "section_cues.toml").read_text("utf-8"))
TOPICS: Final = tuple(_TABLE)
FIELD_OF: Final[tuple[SectionKind, ...]] = tuple(topic.pop("field") for topic in _TABLE.values())

# The topic of each field that learned words speak for.
_LEARNED_TOPICS: Final = tuple(TOPICS.index("definition" if kind == "overview" else kind) for kind in SECTION_KINDS)

_BITS: Final = 32  # for one sum: 100,000,000 words fit, more than a text can have
_SUMS: Final = Struct(f"<{len(_LEARNED_TOPICS) + 1}I")
_BIAS: Final = 21  # tenths of a nat
_MAX_WORDS: Final = 1 << 16  # cached


class Cue(NamedTuple):
    """A phrase and what it speaks for: pairs of a topic (its index in TOPICS) and a weight in nats."""

    phrase: str
    weights: tuple[tuple[int, float], ...]


class Evidence(NamedTuple):
    """How strongly a sentence speaks for each of TOPICS, in nats, and the cues found in it."""

    nats: list[float]
    cues: list[Cue]


def evidence(sentence: str) -> Evidence:
    """The evidence that the words of a sentence give."""
    words = words_of(sentence)
    cues = _cues().find(words)
    nats = [0.0] * len(TOPICS)
    strongest: dict[int, float] = {}
    for _, weights in cues:
        for topic, weight in weights:
            nats[topic] += weight
            if weight > strongest.get(topic, 0.0):
                strongest[topic] = weight
    for topic, weight in strongest.items():
        total = weight + OTHER_CUES_SHARE * (nats[topic] - weight)
        nats[topic] = total if total < MAX_CUE_NATS else MAX_CUE_NATS
    doubt = 1 - max(nats) / MAX_CUE_NATS
    if doubt > 0:
        _add_learned(words, nats, doubt)
    return Evidence(nats, cues)


def _add_learned(words: list[str], nats: list[float], doubt: float) -> None:
    sums = sum(map(_learned_weights().__getitem__, set(words)))
    *tenths, count = _SUMS.unpack(sums.to_bytes(_SUMS.size, "little"))
    bias = _BIAS * count
    share = doubt * LEARNED_SHARE / 10
    for topic, raised in zip(_LEARNED_TOPICS, tenths, strict=True):
        learned = share * (raised - bias)
        if learned > MAX_LEARNED_NATS:
            learned = MAX_LEARNED_NATS
        elif learned < -MAX_LEARNED_NATS:
            learned = -MAX_LEARNED_NATS
        nats[topic] += learned


def prepare(sentence: str, term_of: Callable[[str], str]) -> None:
    """Have the words of a sentence weighed by the terms that `term_of` gives: `evidence` then needs no stemmer."""
    weights = _learned_weights()
    for word in set(words_of(sentence)).difference(weights):
        weights.weigh(word, _stem(word, term_of))


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The term of a lower-case word; "" for a function word, a number, and one or two letters."""
    return _stem(word, term)


def _stem(word: str, term_of: Callable[[str], str]) -> str:
    folded = fold_word(word)
    return "" if len(folded) < 3 or folded in STOP_WORDS or folded.isdigit() else term_of(folded)


class _LearnedWeights(dict[str, int]):
    """Word to its five log-odds as one integer, so that a sentence is summed by one call of `sum`.

    From the lowest bits up, _BITS each: the tenths of a nat of each field, raised by _BIAS to be positive, and then 1,
    which counts the words.
    """

    def __init__(self, tenths_of_stem: dict[str, list[int]]) -> None:
        super().__init__()
        self._by_stem = {
            word: sum(tenth + _BIAS << place * _BITS for place, tenth in enumerate((*tenths, 1 - _BIAS)))
            for word, tenths in tenths_of_stem.items()
        }

    def __missing__(self, word: str) -> int:
        return self.weigh(word, stem(word))

    def weigh(self, word: str, stemmed: str) -> int:
        """The weights of the word, whose stem is given; they stay."""
        if len(self) >= _MAX_WORDS:
            self.clear()
        weights = self[word] = self._by_stem.get(stemmed, 0)
        return weights


@cache
def _learned_weights() -> _LearnedWeights:
    return _LearnedWeights(json.loads(WEIGHTS_FILE.read_text("utf-8")) if WEIGHTS_FILE.is_file() else {})


@cache
def _cues() -> PhraseMatcher[Cue]:
    weights: dict[str, dict[int, float]] = {}
    for topic, lists in enumerate(_TABLE.values()):
        for weight, written in lists.items():
            for phrase in phrases_of(written):
                weights.setdefault(phrase, {}).setdefault(topic, float(weight))
    return PhraseMatcher({phrase: Cue(phrase, tuple(by_topic.items())) for phrase, by_topic in weights.items()})
