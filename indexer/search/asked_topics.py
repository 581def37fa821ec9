"""The text of a query to what it asks: whether it is a question or a description, and the topic: asked_topics.toml."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from indexer.articles.model import SectionKind
from indexer.text.analyzer import fold

MIN_WORDS: Final = 3  # of a question that has no question word
MIN_DESCRIPTION: Final = 5  # words in which people tell what they feel

# The field that tells most of a topic that is no field itself.
_WIDER: Final[dict[str, SectionKind]] = {
    "prevention": "treatment",
    "inheritance": "causes",
    "outlook": "overview",
    "frequency": "overview",
    "definition": "overview",
}
_WORD: Final = re.compile(r"[^\W_]+")
_EFFECT: Final = re.compile(r"(?:can|could|do|does|did|will|would|may|might) .*\bcause\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks: its topic, None where it names none, and whether it describes what somebody feels.

    `words` are those that say so, or how often and how badly; they say nothing of what it is.
    """

    topic: str | None
    is_description: bool
    words: frozenset[str] = frozenset()


def asked(text: str, *, is_question: bool) -> Asked | None:
    """What the text asks; None where it neither asks nor describes. `is_question` says that its words already do."""
    words = _WORD.findall(fold(text.replace("'", "").replace("’", "")))
    if not words:
        return None
    lists = _lists()
    is_description = len(words) >= MIN_DESCRIPTION and not lists.narrators.isdisjoint(words)
    begins = len(words) >= MIN_WORDS and (words[0] in lists.first or text.rstrip().endswith("?"))
    if not (is_question or begins or is_description):
        return None
    folded = " ".join(words)
    said = (match for _, pattern in lists.topics for match in pattern.findall(folded))
    return Asked(
        _topic(folded, is_description=is_description),
        is_description,
        lists.measures.union(*(phrase.split() for phrase in said)),
    )


def wider_field(topic: str) -> SectionKind:
    """The field that tells most of a topic."""
    return _WIDER.get(topic, topic)  # type: ignore[arg-type]


def words_of_titles(folded: str) -> tuple[str, ...]:
    """How titles say what people say by this word: "broken" -> "fracture"."""
    return _lists().titles.get(folded, ())


@dataclass(frozen=True, slots=True)
class _Lists:
    topics: tuple[tuple[str, re.Pattern[str]], ...]
    first: frozenset[str]
    narrators: frozenset[str]
    measures: frozenset[str]
    titles: Mapping[str, tuple[str, ...]]


@cache
def _lists() -> _Lists:
    lists = tomllib.loads(files(__package__).joinpath("asked_topics.toml").read_text(encoding="utf-8"))
    return _Lists(
        tuple((topic, re.compile(rf"\b(?:{'|'.join(phrases)})\b")) for topic, phrases in lists["topics"].items()),
        frozenset(lists["questions"]["first"].split()),
        frozenset(lists["narrators"]["words"].split()),
        frozenset(lists["measures"]["words"].split()),
        {word: tuple(others.split()) for word, others in lists["titles"].items()},
    )


def _topic(text: str, *, is_description: bool) -> str | None:
    """The first topic that has a phrase in the text, else what it is.

    What is described has no topic, and "does it cause infertility" asks for an effect, not a cause.
    """
    for topic, pattern in _lists().topics:
        if pattern.search(text):
            return None if topic == "causes" and _EFFECT.match(text) else topic
    return None if is_description else "definition"
