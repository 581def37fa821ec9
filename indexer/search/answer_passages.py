"""A document and a topic to the passage that answers: two sentences in a row, as they stand.

Each sentence has a score: how strongly its words speak for the topic, by the same evidence that sorts sentences into
fields (articles/section_cues.py), and how much of the query it holds. The best pair of sentences is quoted. A sentence
that leans on one before it ("It", "This") makes a bad beginning, and so does a line of a list. A sentence about codes
is quoted only where there is no other.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from math import inf
from typing import Final, NamedTuple

from indexer.articles.model import SECTION_KINDS, Section
from indexer.articles.section_cues import TOPICS, evidence, prepare
from indexer.documents import Document
from indexer.query.leaves import Leaf
from indexer.search.asked_topics import Asked, wider_field
from indexer.search.document_terms import fold_in_place
from indexer.text.analyzer import Analyzer
from indexer.text.openings import defines, leans
from indexer.text.sentences import sentences

MAX_PASSAGE: Final = 560  # code points; where two sentences have more, one is quoted
MIN_SENTENCE: Final = 12  # code points
MAX_SENTENCES: Final = 12  # of a section that are considered: what matters stands first
MIN_TOPIC_NATS: Final = 3.0  # of a sentence outside the field that tells of the topic
TOPIC_FIELDS: Final[dict[str, tuple[str, ...]]] = {  # topics without a field of their own
    "prevention": SECTION_KINDS,
    "inheritance": ("causes", "overview"),
    "outlook": ("overview", "symptoms"),
    "frequency": ("overview", "causes"),
}
DESCRIBING: Final = ("overview", "symptoms")  # fields in which people find what they describe
_MAX_NATS: Final = 4.0  # that count for a sentence; more say nothing more
_WORDS_WEIGHT: Final = 2.0  # of a sentence that holds every word of the query, where a topic was asked about
_ONLY_WORDS_WEIGHT: Final = 6.0  # the same, where none was
_FIRST_BONUS: Final = 3.0  # for the first sentence of a section, which says what it is about
_EARLIER: Final = 2.5  # for each field, in the first of its sections
_LATER_SHARE: Final = 0.7  # of the second sentence's score
_DEPENDENT: Final = 3.0  # off, for a beginning that leans on what stands before it
_LIST_LINE: Final = 3.0  # off, for a line that is no sentence
_CODING: Final = 30.0  # off, for a sentence about codes, which answers nobody: more than any sentence can gain
_MAX_TEXTS: Final = 4096  # texts of sections whose sentences are cached

_ABOUT_CODES: Final = re.compile(r"\b(?:coding|is coded|ICD)\b", re.IGNORECASE)
_ENDS: Final = re.compile(r"[.!][\"'”’)\]]*$")
_DEFINING: Final = 3.0  # for a sentence that says what something is, where that was asked
_BEGINS: Final = re.compile(r"[\"'“‘(]*[A-Z0-9]")

_DEFINITION: Final = TOPICS.index("definition")


class AnswerPassage(NamedTuple):
    """Sentences of a section, half-open; `number` counts the sections of the document from 1."""

    number: int
    section: Section
    start: int
    end: int


class _Sentence(NamedTuple):
    start: int
    end: int
    nats: tuple[float, ...]  # for each of TOPICS
    penalty: float  # as a beginning
    is_prose: bool
    defines: bool
    is_about_codes: bool


def answer_passage(
    document: Document, question: Asked, leaves: tuple[Leaf, ...], analyzer: Analyzer
) -> AnswerPassage | None:
    """The best passage on the topic, without one, on the words of the query; None where the article has none."""
    best = partial(_best, document, leaves, analyzer)
    topic = question.topic
    if topic is None:
        return best(None, DESCRIBING if question.is_description else SECTION_KINDS)
    field = wider_field(topic)
    if topic in TOPIC_FIELDS:
        found = best(topic, TOPIC_FIELDS[topic], least=MIN_TOPIC_NATS)
        if found or topic != "inheritance":
            return found
        topic = field
    return best(topic, (field,)) or best(topic, ("overview",), least=MIN_TOPIC_NATS)


def _best(
    document: Document,
    leaves: tuple[Leaf, ...],
    analyzer: Analyzer,
    topic: str | None,
    fields: tuple[str, ...],
    *,
    least: float = -inf,
) -> AnswerPassage | None:
    """The best passage in these fields whose first sentence has the least evidence."""
    total = sum(leaf.weight for leaf in leaves) or 1.0
    index = None if topic is None else TOPICS.index(topic)
    best: tuple[float, AnswerPassage] | None = None
    seen: set[str] = set()
    for number, section in enumerate(document.sections, 1):
        if section.kind not in fields:
            continue
        listed = _sentences(section.text, analyzer)
        for score, start, end in _candidates(section, listed, index, leaves, total, least=least):
            total_score = score + (0.0 if section.kind in seen else _EARLIER)
            if best is None or total_score > best[0]:
                best = (total_score, AnswerPassage(number, section, start, end))
        seen.add(section.kind)
    return best[1] if best else None


def _candidates(
    section: Section,
    listed: Sequence[_Sentence],
    topic: int | None,
    leaves: tuple[Leaf, ...],
    total: float,
    *,
    least: float,
) -> Iterator[tuple[float, int, int]]:
    folded = fold_in_place(section.text)
    scores = []
    words_weight = (_ONLY_WORDS_WEIGHT if topic is None else _WORDS_WEIGHT) / total
    for each in listed:
        nats = 0.0 if topic is None else min(max(each.nats[topic], 0.0), _MAX_NATS)
        held = [leaf.weight for leaf in leaves if any(folded.find(n, each.start, each.end) >= 0 for n in leaf.needles)]
        scores.append(nats + words_weight * sum(held))
    for at, each in enumerate(listed):
        if topic is not None and each.nats[topic] < least:
            continue
        first = _FIRST_BONUS / (1 + at) if topic is not None else 0.0
        if topic == _DEFINITION and each.defines:
            first += _DEFINING
        score, end = scores[at] + first - each.penalty, each.end
        after = listed[at + 1] if at + 1 < len(listed) else None
        if (
            after
            and after.end - each.start <= MAX_PASSAGE
            and after.is_prose == each.is_prose
            and not after.is_about_codes
            and section.text[each.end : after.start].isspace()
        ):
            score, end = score + _LATER_SHARE * max(scores[at + 1], 0.0), after.end
        if end - each.start <= MAX_PASSAGE:
            yield score, each.start, end


@lru_cache(maxsize=_MAX_TEXTS)
def _sentences(text: str, analyzer: Analyzer) -> tuple[_Sentence, ...]:
    result = []
    for start, end in sentences(text):
        sentence = text[start:end]
        if len(sentence) < MIN_SENTENCE or sentence.endswith(("?", ":")):
            continue
        is_prose = bool(_ENDS.search(sentence) and _BEGINS.match(sentence))
        is_about_codes = bool(_ABOUT_CODES.search(sentence))
        penalty = (_DEPENDENT if leans(sentence) else 0.0) + (0.0 if is_prose else _LIST_LINE)
        penalty += _CODING if is_about_codes else 0.0
        prepare(sentence, analyzer.term)
        nats = tuple(evidence(sentence).nats)
        result.append(_Sentence(start, end, nats, penalty, is_prose, defines(sentence), is_about_codes))
        if len(result) == MAX_SENTENCES:
            break
    return tuple(result)
