"""A raw text and what was read of it to the same text with the evidence marked.

Reading joins broken lines, takes tags, marks and references out and composes characters, so what was read is looked for
by its letters and digits alone; both texts are folded to these, and offsets lead from the folded text back to the raw
one. What is found next is looked for behind what was found last first: an article repeats itself, and stays in order.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase
from typing import Final, NamedTuple

from indexer.articles.model import RawKind
from indexer.documents import TEXT_FIELDS, Document
from indexer.knowledge import body_sites
from indexer.text.sentences import sentences

MAX_MARKED: Final = 200_000  # code points of a raw text that are shown with marks
MAX_SOUGHT: Final = 2_000  # sentences and other texts that are looked for
ANCHOR: Final = 24  # folded characters by which a text is found at its two ends where it has changed between them
MAX_GAP: Final = 500  # code points between two marks that may be one
STRETCH: Final = 1.6  # times its own length that such a text may have in the raw one

_LABELS: Final = {field.name: field.label for field in TEXT_FIELDS}
_LINE_REASONS: Final = {"title line": "title", "code line": "code", "names line": "names"}
_QUOTED: Final = re.compile("“(.+?)(?: …)?”", re.DOTALL)
_MARKUP: Final[Mapping[RawKind, re.Pattern[str]]] = {
    "html": re.compile(r"<!--|<(?:script|style)\b|</?[A-Za-z!?][^<>]*>", re.IGNORECASE),
    "markdown": re.compile(r"\]\([^()\s]*\)|</?[A-Za-z][^<>\n]*>"),
    "text": re.compile(r"(?!)"),
}
_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)  # str.lower may change the length of a text
_ENDS: Final = {"<!--": "-->", "<script": "</script", "<style": "</style"}  # of what is no text up to there
_ENTITY: Final = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,24});")


class _Folded(NamedTuple):
    """Letters and digits of a text, and the span of the text that each stands for."""

    text: str
    starts: list[int]
    ends: list[int]


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    kind: str
    label: str


class TextRun(NamedTuple):
    """A run of the raw text; `kinds` are what it is evidence for, `labels` say so where it begins."""

    text: str
    kinds: tuple[str, ...]
    labels: tuple[str, ...]


class MarkedText(NamedTuple):
    """The raw text in runs, and what was read but not found in it: (label, text). `cut` code points are not shown."""

    runs: tuple[TextRun, ...]
    missing: tuple[tuple[str, str], ...]
    cut: int


def mark_text(text: str, kind: RawKind, document: Document) -> MarkedText:
    """Marks in a raw text what the document was read from."""
    shown = text[:MAX_MARKED]
    folded = _fold(shown, kind)
    marks: list[_Mark] = []
    missing: list[tuple[str, str]] = []
    position = 0
    for number, (mark_kind, label, sought) in enumerate(_sought(document)):
        if number == MAX_SOUGHT:
            break
        span = _find(folded, _fold(sought, "text").text, 0 if mark_kind in {"site", "side", "code"} else position)
        if span is None:
            missing.append((label, sought))
            continue
        if mark_kind in _LABELS:
            position = span[1]
        start, end = folded.starts[span[0]], folded.ends[span[1] - 1]
        marks.append(_Mark(start, end, mark_kind, label))
    return MarkedText(tuple(_runs(shown, _joined(shown, kind, marks))), tuple(missing), len(text) - len(shown))


def _sought(document: Document) -> Iterator[tuple[str, str, str]]:
    """What to look for: the kind of its mark, the label, the text."""
    for dropped in document.dropped:
        kind = _LINE_REASONS.get(dropped.reason)
        yield kind or "dropped", kind.capitalize() if kind else f"Left out: {dropped.reason}", dropped.text
    if not any(dropped.reason == "title line" for dropped in document.dropped):
        yield "title", "Title", document.title
    for section in document.sections:
        label = _LABELS[section.kind]
        if section.heading:
            yield section.kind, label, section.heading
        for line in section.text.split("\n"):
            for start, end in sentences(line):
                yield section.kind, label, line[start:end]
    for evidence in document.evidence:
        if evidence.what == "code" and evidence.reason == "stated by the article":
            yield "code", "Code", evidence.value
        if evidence.what in {"site", "side"}:
            value = evidence.value.capitalize() if evidence.what == "side" else body_sites.label(evidence.value)
            quoted = _QUOTED.search(evidence.reason)
            sought = quoted[1] if quoted else document.title if evidence.reason == "the title" else ""
            if sought:
                yield evidence.what, f"{evidence.what.capitalize()}: {value}", sought


def _fold(text: str, kind: RawKind) -> _Folded:
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def add(characters: str, start: int, end: int) -> None:
        for letter in unicodedata.normalize("NFKD", characters).lower():
            if letter.isalnum():
                letters.append(letter)
                starts.append(start)
                ends.append(end)

    for start, end in _between(_MARKUP[kind], text):
        place = start
        for entity in _ENTITY.finditer(text, start, end):
            for index in range(place, entity.start()):
                add(text[index], index, index + 1)
            add(unescape(entity[0]), entity.start(), entity.end())
            place = entity.end()
        for index in range(place, end):
            add(text[index], index, index + 1)
    return _Folded("".join(letters), starts, ends)


def _between(markup: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """The spans of a text that are no markup. In linear time: what has no end is looked for once."""
    lowered, place, position = text.translate(_LOWER), 0, 0
    endless = set()
    while found := markup.search(text, position):
        position = found.end()
        if ending := _ENDS.get(found[0].lower()):
            end = -1 if ending in endless else lowered.find(ending, position)
            if end < 0:
                endless.add(ending)
                continue
            position = end + len(ending)
        yield place, found.start()
        place = position
    yield place, len(text)


def _find(folded: _Folded, sought: str, position: int) -> tuple[int, int] | None:
    """The span in the folded text, from the position on or else anywhere; None where it is nowhere."""
    if not sought:
        return None
    for begin in dict.fromkeys((position, 0)):
        start = folded.text.find(sought, begin)
        if start >= 0:
            return start, start + len(sought)
    if len(sought) < 2 * ANCHOR:
        return None
    for begin in dict.fromkeys((position, 0)):
        start = folded.text.find(sought[:ANCHOR], begin)
        end = folded.text.find(sought[-ANCHOR:], start, start + int(STRETCH * len(sought))) if start >= 0 else -1
        if end >= 0:
            return start, end + ANCHOR
    return None


def _joined(text: str, kind: RawKind, marks: list[_Mark]) -> list[_Mark]:
    """The marks in order; those of one label that no word parts are one."""
    joined: list[_Mark] = []
    last: dict[str, int] = {}
    for mark in sorted(dict.fromkeys(marks), key=lambda mark: (mark.start, -mark.end)):
        before = last.get(mark.kind)
        if before is not None:
            earlier = joined[before]
            between = text[earlier.end : mark.start]
            is_close = earlier.label == mark.label and len(between) <= MAX_GAP
            if is_close and not any(map(str.isalpha, _MARKUP[kind].sub("", _ENTITY.sub("", between)))):
                joined[before] = _Mark(earlier.start, max(earlier.end, mark.end), mark.kind, mark.label)
                continue
        last[mark.kind] = len(joined)
        joined.append(mark)
    return joined


def _runs(text: str, marks: list[_Mark]) -> Iterator[TextRun]:
    bounds = sorted({0, len(text), *(mark.start for mark in marks), *(mark.end for mark in marks)})
    begins = sorted(marks, key=lambda mark: mark.start)
    starts = [mark.start for mark in begins]
    open_marks: list[_Mark] = []
    for start, end in pairwise(bounds):
        opening = begins[bisect_left(starts, start) : bisect_left(starts, start + 1)]
        open_marks = [*(mark for mark in open_marks if mark.end > start), *opening]
        kinds = tuple(dict.fromkeys(mark.kind for mark in open_marks))
        yield TextRun(text[start:end], kinds, tuple(dict.fromkeys(mark.label for mark in opening)))
