"""The text of a section to what in it tells a reader when to get help: urgent_help.toml.

It stays where it stands, in its field; it is marked so that a page can show it first. Below a heading such as "When to
see a doctor" that is every paragraph; elsewhere it is a sentence such as "Call an ambulance if ...", with the list that
follows where it ends with a colon, and the sentence before where it leans on that ("That needs care the same day").
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from indexer.articles.model import Section
from indexer.articles.phrase_matcher import phrases_of
from indexer.text.openings import leans
from indexer.text.sentences import sentences

MAX_LISTED: Final = 160  # code points of a paragraph that belongs to the list before it

# Where an instruction begins: a clause, or the verb after a word that says what ought to be done.
_INSTRUCTED: Final = (
    r"(?:^|[.;:,!?(\u2013\u2014] ?|\n|\b(?:should|must|please|always|then|or|and|to|also|need|needs|instead|but|not|"
    r"that|immediately|urgently|promptly|straight away|right away|at once) )"
)
_SPACES: Final = dict.fromkeys(map(ord, '.,;:!?()"\u2013\u2014'), " ")


class _Patterns(NamedTuple):
    headings: re.Pattern[str]
    sentences: re.Pattern[str]
    signs: frozenset[str]
    people: frozenset[str]
    conditions: frozenset[str]

    def may_tell(self, lowered: str) -> bool:
        """Whether the patterns are worth trying, by the words of the text alone."""
        words = lowered.translate(_SPACES).split()
        return not self.signs.isdisjoint(words) or not (
            self.people.isdisjoint(words) or self.conditions.isdisjoint(words)
        )


@cache
def _patterns() -> _Patterns:
    lists = tomllib.loads(files(__package__).joinpath("urgent_help.toml").read_text(encoding="utf-8"))
    words = {name: f"(?:{'|'.join(_phrases(written))})" for name, written in lists.items()}

    def within(code_points: int) -> str:
        return rf"\b[^.\n]{{0,{code_points}}}?(?<!\w)"

    instructions = "|".join(
        (
            words["call"] + within(30) + words["line"],
            words["go"] + within(50) + words["place"],
            words["get"] + within(20) + words["quick"] + within(25) + words["care"],
            words["see"] + within(30) + words["professional"] + within(60) + words["soon"],
        )
    )
    needs = f"{words['get']} {words['quick']} {words['care']}"  # whoever it is that needs it
    return _Patterns(
        re.compile(rf"(?<!\w){words['headings']}(?!\w)"),
        re.compile(rf"{_INSTRUCTED}(?:{instructions})(?!\w)|{needs}|{words['emergency']}"),
        *(frozenset(_phrases(lists[name])) for name in ("signs", "people", "conditions")),
    )


def _phrases(written: str | list[str]) -> list[str]:
    """The phrases of a list, the longest first, so that the longest that matches is found."""
    return sorted(written if isinstance(written, list) else phrases_of(written), key=len, reverse=True)


def with_urgent_help(section: Section) -> Section:
    """The section with its urgent sentences and paragraphs marked, if it has any."""
    urgent = tuple(_urgent(section))
    return replace(section, urgent=urgent) if urgent else section


def _urgent(section: Section) -> Iterator[str]:
    patterns = _patterns()
    if section.heading and patterns.headings.search(section.heading.lower()):
        yield from section.text.split("\n")
        return
    in_list = False
    for paragraph in section.text.split("\n"):
        in_list = in_list and len(paragraph) <= MAX_LISTED
        if in_list:
            yield paragraph
        elif patterns.may_tell(paragraph.lower()):
            before = None  # where the sentence before begins, if it was not yielded
            for start, end in sentences(paragraph):
                sentence = paragraph[start:end]
                lowered = sentence.lower()
                if patterns.may_tell(lowered) and patterns.sentences.search(lowered):
                    yield sentence if before is None or not leans(sentence) else paragraph[before:end]
                    before, in_list = None, sentence.endswith(":")
                else:
                    before = start
