"""A query's text to what it says is not wanted: "cough without fever", "not diabetes", "rather than gout".

A cue takes the words after it up to the end of the phrase, as in NegEx; where more than MAX_DENIED_WORDS follow, only
the first, or the name that begins there. "no appetite" and "not sleeping" are complaints and deny nothing. Whether the
words belong to a name ("migraine without aura"), the caller knows. Cues and word lists are in negation.toml, and those
of articles, too, whose snippets had better not deny what was asked about.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from indexer.query.parsed_query import Word
from indexer.search.spans import Span

MAX_DENIED_WORDS: Final = 2
MAX_DENIED_PROSE: Final = 70  # code points after a cue in an article

_WORD: Final = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_MARK: Final = re.compile(r"[,.;:!?()\[\]/]|\s[-–—]\s")
_DETERMINERS: Final = frozenset("a an the any my of his her signs sign evidence symptoms history other".split())


class Denial(NamedTuple):
    """The cue, and the words after it that may be meant, each with its place; `is_noun_only` after a bare "not"."""

    cue: Span
    words: tuple[Span, ...]
    is_noun_only: bool


def denials(text: str) -> Iterator[Denial]:
    """What the text denies, from left to right; nothing twice."""
    end = 0
    for match in _cue().finditer(text):
        if match.start() < end:
            continue
        for begin, words in _phrases(text, match.end()):
            first = text[words[0].start : words[0].end].lower()
            if (
                first in _words("functions")
                or first.endswith("ing")
                or (begin == match.end() and first in _words("idioms"))
            ):
                break
            is_noun_only = match.group().lower().split()[0] == "not"
            yield Denial(Span(match.start(), match.end()), words, is_noun_only)
            end = words[-1].end


def _phrases(text: str, start: int) -> Iterator[tuple[int, tuple[Span, ...]]]:
    """The phrase that begins there, then those that "or" and "nor" join to it."""
    words: list[Span] = []
    begin, before = start, start
    for match in _WORD.finditer(text, start):
        word = match.group().lower()
        is_joint = word in ("or", "nor")
        if _MARK.search(text, before, match.start()) or (word in _words("ends") and words) or is_joint:
            if words:
                yield begin, tuple(words)
            words = []
            if not is_joint:
                return
            begin = match.end()
        elif words or word not in _DETERMINERS:
            if word in _words("ends"):
                return
            words.append(Span(*match.span()))
        before = match.end()
    if words:
        yield begin, tuple(words)


def denied_terms(text: str, words: Mapping[int, Word], is_name: Callable[[Sequence[Word]], bool]) -> Iterator[set[int]]:
    """The places of the words that are not wanted, with those of the cue, for each denial of the text.

    `words` are those that are searched, by their places; `is_name` tells whether some of them are a name, which keeps
    its words together: "migraine without aura", "no reflow".
    """
    for denial in denials(text):
        cue = [index for index, word in words.items() if denial.cue.covers(word)]
        denied = [index for index, word in words.items() if any(span.covers(word) for span in denial.words)]
        if not denied:
            continue
        before = [index for index in words if index < (cue or denied)[0]][-1:]
        runs = ([*before, *cue, denied[0]], [*cue, denied[0]])
        if any(len(run) > 1 and is_name([words[index] for index in run]) for run in runs):
            continue
        names = [count for count in range(len(denied), 0, -1) if is_name([words[index] for index in denied[:count]])]
        if denial.is_noun_only and not names:
            continue
        count = names[0] if names else len(denied) if len(denied) <= MAX_DENIED_WORDS else 1
        yield {*cue, *denied[:count]}


def mentions_only(folded: str) -> tuple[Span, ...]:
    """The spans of a folded sentence that it denies, contrasts or warns of: "rather than an autoimmune one"."""
    return tuple(Span(match.start(), match.end() - 1) for match in _prose_cue().finditer(f" {folded}"))


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("negation.toml").read_text(encoding="utf-8"))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_lists()[name].split())


@cache
def _cue() -> re.Pattern[str]:
    cues = "|".join(f"(?:{cue})" for cue in _lists()["cues"]).replace(" ", r"\s+")
    return re.compile(rf"(?<![\w'’-])(?:{cues})(?![\w'’-])", re.IGNORECASE)


@cache
def _prose_cue() -> re.Pattern[str]:
    cues = "|".join(f"(?:{cue})" for cue in _lists()["prose"])
    # Beginning with a set of characters, and with one case, it takes a quarter of the time.
    return re.compile(rf"[ \n(](?:{cues})(?![\w'-])[^.,;:!?()]{{1,{MAX_DENIED_PROSE}}}")
