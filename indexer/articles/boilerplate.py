"""Lines and sentences to what they are worth: residue of the page by its shape, or by its repetition across a library.

Shapes (boilerplate.toml) tell captions, buttons, breadcrumbs, notices and walls. A disclaimer of the house's own wording has
no shape, but it repeats: `repeated_sentences` finds such sentences when an index is built; the set is an explicit input of reading,
so that one article read alone, a whole build and a later sync agree.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from indexer.articles.model import RawArticle
from indexer.articles.raw_kinds import page_of
from indexer.text.sentences import sentences

SHARE: Final = 0.1  # of the articles: a sentence that stands in so many is the publisher's
MIN_ARTICLES: Final = 20  # in fewer, a sentence in a tenth of them is chance
MIN_WORDS: Final = 5  # shorter ones are headings and list items, which repeat by nature
MAX_LINE: Final = 320  # code points; residue is short

_WORD: Final = re.compile(r"\w+")
_TOKEN: Final = re.compile(r"[a-z]+|[>»›©]")
_CUT: Final = ("...", "…", "[...]", "[…]")


class Residue(NamedTuple):
    """Why a text is no part of an article; `flag` names the issue that it makes, None for none."""

    reason: str
    flag: str | None = None


REPEATED: Final = Residue("stands in at least a tenth of the articles")


class _Shape(NamedTuple):
    """What residue of one kind looks like; the words and parts of words tell what need not be tried."""

    residue: Residue
    words: frozenset[str]
    near: tuple[str, ...]
    line: re.Pattern[str]
    sentence: re.Pattern[str]


def line_residue(line: str) -> Residue | None:
    """What residue a whole line is; None where it may be part of the article."""
    if len(line) > MAX_LINE:
        return None
    words = set(_TOKEN.findall(line.lower()))
    for shape in _shapes():
        if not shape.words.isdisjoint(words) and shape.line.fullmatch(line):
            return shape.residue
    return None


def is_suspicious(text: str, repeated: frozenset[str]) -> bool:
    """Whether any sentence of a text can be residue; where not, `residue_in` need not be asked."""
    lowered = text.lower()
    return any(word in lowered for word in _near()) or (bool(repeated) and _has_repeated(text, repeated))


def residue_in(text: str, repeated: frozenset[str]) -> tuple[tuple[int, int, Residue | None], ...]:
    """The sentences of a paragraph, each with what residue it is; empty where none of them is any."""
    if not is_suspicious(text, repeated):
        return ()
    found = tuple((start, end, _residue(text, start, end, repeated)) for start, end in sentences(text))
    return found if any(residue for _, _, residue in found) else ()


def _residue(text: str, start: int, end: int, repeated: frozenset[str]) -> Residue | None:
    if end - start <= MAX_LINE:
        lowered = text[start:end].lower()
        for shape in _shapes():
            if any(word in lowered for word in shape.near) and shape.sentence.fullmatch(text, start, end):
                return shape.residue
    return REPEATED if repeated and sentence_key(text[start:end]) in repeated else None


def _has_repeated(text: str, repeated: frozenset[str]) -> bool:
    key = sentence_key(text)
    return any(sentence in key for sentence in repeated)


def is_cut_off(text: str) -> bool:
    """Whether a text breaks off ("it's important to understan...")."""
    return text.rstrip().endswith(_CUT)


def repeated_sentences(raws: Iterable[RawArticle]) -> frozenset[str]:
    """The keys (see `sentence_key`) of the sentences that stand in at least a tenth of the articles."""
    count = 0
    seen: Counter[str] = Counter()
    for raw in raws:
        count += 1
        seen.update({key for block in page_of(raw).blocks for key in _long_keys(block.text)})
    if count < MIN_ARTICLES:
        return frozenset()
    return frozenset(key for key, articles in seen.items() if articles >= SHARE * count)


def sentence_key(sentence: str) -> str:
    """A sentence without case, punctuation and spacing: what two copies of one sentence share."""
    return " ".join(_WORD.findall(sentence.casefold()))


def _long_keys(text: str) -> Iterator[str]:
    for start, end in sentences(text):
        key = sentence_key(text[start:end])
        if key.count(" ") >= MIN_WORDS - 1:
            yield key


@cache
def _shapes() -> tuple[_Shape, ...]:
    table = tomllib.loads((files("indexer.articles") / "boilerplate.toml").read_text("utf-8"))["residue"]
    return tuple(
        _Shape(
            Residue(entry["reason"], entry.get("flag")),
            frozenset(entry["words"].split()),
            tuple(entry.get("near", ())),
            _pattern(entry["line"], entry.get("sentence", [])),
            _pattern(entry.get("sentence", [])),
        )
        for entry in table
    )


def _pattern(*parts: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(shape for part in parts for shape in part) or "(?!)", re.IGNORECASE)


@cache
def _near() -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for shape in _shapes() for word in shape.near))
