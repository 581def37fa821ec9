"""A document to the sentences of its overview that say what its condition is.

Many articles begin with a scene or a number. The summary begins with the sentence that names the condition and says
what it is, where there is one near the beginning, and goes on with the next one. A sentence that leans on the one
before it ("It", "This") makes a bad beginning.
"""

import re
from typing import Final, NamedTuple

from indexer.articles.model import Section
from indexer.documents import Document
from indexer.knowledge.name_keys import name_words
from indexer.text.analyzer import fold
from indexer.text.openings import defines, leans
from indexer.text.sentences import sentences

MAX_SUMMARY: Final = 480  # code points; where two sentences have more, one is quoted
MAX_SENTENCES: Final = 12  # of a section that are considered
MIN_SENTENCE: Final = 30  # code points
MIN_LETTERS: Final = 4  # of a word of a name
PREFIX: Final = 6  # letters by which a word of the name is known in another form


class Summary(NamedTuple):
    """Sentences as they stand in a section; `number` counts the sections of the document from 1."""

    number: int
    section: Section
    text: str


def summary(document: Document) -> Summary | None:
    """The best beginning in the overview, or without one, in the first section; None for an article without text."""
    numbered = list(enumerate(document.sections, 1))
    overview = [each for each in numbered if each[1].kind == "overview"]
    best: tuple[float, Summary] | None = None
    for number, section in overview or numbered[:1]:
        for at, (start, end) in enumerate(_summary_spans(section.text)):
            score = _score(section.text[start:end], document) + 0.5 / (1 + at)
            if best is None or score > best[0]:
                best = score, Summary(number, section, _with_next(section.text, start, end))
    return best[1] if best else None


def _summary_spans(text: str) -> list[tuple[int, int]]:
    spans = [span for span in sentences(text) if span[1] - span[0] >= MIN_SENTENCE]
    prose = [(start, end) for start, end in spans if not text[start:end].endswith(("?", ":"))]
    return (prose or spans)[:MAX_SENTENCES]


def _score(sentence: str, document: Document) -> float:
    folded = fold(sentence)
    words = [word for word in name_words(document.condition) if len(word) >= MIN_LETTERS]
    share = sum(word[:PREFIX] in folded for word in words) / max(len(words), 1)
    if any(re.search(rf"\b{re.escape(fold(name))}\b", folded) for name in document.names):
        share = max(share, 0.8)
    return share + (bool(share) and defines(sentence)) - leans(sentence)


def _with_next(text: str, start: int, end: int) -> str:
    """The sentence with the one after it, where that is in the same paragraph and both are short enough."""
    paragraph = text.find("\n", end)
    rest = text[end : paragraph if paragraph >= 0 else len(text)]
    first = next(sentences(rest), None)
    if first and end + first[1] - start <= MAX_SUMMARY and not rest[: first[1]].endswith(("?", ":")):
        return text[start : end + first[1]]
    return text[start:end]
