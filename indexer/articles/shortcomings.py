"""An article that was cut off to what is missing of it, in words: what was left out, and the fields without text."""

from collections.abc import Iterator, Sequence
from typing import Final

from indexer.articles.model import SECTION_KINDS, Dropped, Section, SectionKind

MAX_QUOTE: Final = 90  # code points of a text that was left out

_WALL: Final = "sign-up wall"
_CUT_OFF: Final = {
    "cut-off teaser": "A paragraph that breaks off was left out",
    "cut-off sentence": "The text breaks off within a sentence",
}


def missing_kinds(sections: Sequence[Section]) -> tuple[SectionKind, ...]:
    """The fields besides the overview that no section is about."""
    present = {section.kind for section in sections}
    return tuple(kind for kind in SECTION_KINDS if kind not in present and kind != "overview")


def shortcomings(dropped: Sequence[Dropped], sections: Sequence[Section]) -> Iterator[str]:
    """A sentence for each thing that is missing of an article of which something was cut off."""
    reasons = {each.reason: each.text for each in reversed(dropped)}  # the first of each reason
    if _WALL in reasons:
        wall = " ".join(reasons[_WALL].split())
        yield f"The publisher keeps something behind a sign-up: “{_shortened(wall)}”."
    for reason, message in _CUT_OFF.items():
        if reason in reasons:
            yield f"{message}: “{_end(reasons[reason])}…”."
    if missing := missing_kinds(sections):
        *first, last = missing
        names = f"{', '.join(first)} or {last}" if first else last
        yield f"No {names} section was found."


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_QUOTE else f"{text[:MAX_QUOTE].rsplit(' ', 1)[0]} …"


def _end(text: str) -> str:
    """The last words of a text."""
    text = " ".join(text.split()).rstrip(".… ")
    return f"… {text[-MAX_QUOTE:].partition(' ')[2]}" if len(text) > MAX_QUOTE else text
