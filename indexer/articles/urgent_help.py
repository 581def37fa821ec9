"""The text of a section to what in it tells a reader when to get help: urgent_help.toml.

It stays where it stands, in its field; it is marked so that a page can show it first. Below a heading such as "When to
see a doctor" that is every paragraph, with the heading where that says what to do ("Call an ambulance if"). Elsewhere
it is a sentence such as "Call an ambulance if ...", with the list that follows where it ends with a colon, the sentence
before where it leans on that ("That needs care the same day"), and the one after where it goes on ("Do the same for").
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
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
    r"(?:^|[.;:,!?(\u2013\u2014] ?|\n|\b(?:should|must|please|always|then|or|and|to|also|need|needs|instead|but|"
    r"that|that you|somebody|someone|so|otherwise|means?|cases?|immediately|urgently|promptly|straight away|"
    r"right away|at once) )"
)
_DECIMAL_POINT: Final = re.compile(r"(?<=\d)\.(?=\d)")
_SPACES: Final = dict.fromkeys(map(ord, '.,;:!?()"\u2013\u2014'), " ")


class _Patterns(NamedTuple):
    headings: re.Pattern[str]
    sentences: re.Pattern[str]
    continuing: re.Pattern[str]
    lookalikes: re.Pattern[str]
    signs: frozenset[str]
    people: frozenset[str]
    conditions: frozenset[str]

    def may_tell(self, lowered: str) -> bool:
        """Whether the patterns are worth trying, by the words of the text alone."""
        words = lowered.translate(_SPACES).split()
        return not self.signs.isdisjoint(words) or not (
            self.people.isdisjoint(words) or self.conditions.isdisjoint(words)
        )

    def tells(self, lowered: str) -> bool:
        """Whether the sentence tells when to get help.

        A full stop ends a clause, and stands for what only looked like advice; one in "38.5" ends nothing.
        """
        if not self.may_tell(lowered):
            return False
        clauses = _DECIMAL_POINT.sub(",", lowered)
        return self.sentences.search(clauses) is not None and (
            self.sentences.search(self.lookalikes.sub(".", clauses)) is not None  # slow, so last
        )


@cache
def _lists() -> dict[str, str | list[str]]:
    return tomllib.loads(files(__package__).joinpath("urgent_help.toml").read_text(encoding="utf-8"))


@cache
def _patterns() -> _Patterns:
    lists = _lists()
    words = {name: _any_of(written) for name, written in lists.items()}

    def within(code_points: int) -> str:
        return rf"\b[^.\n]{{0,{code_points}}}?(?<!\w)"

    hasty = f"{within(30)}{words['hasty']}"
    timely = f"{within(30)}(?:{words['hasty']}|{words['early']})"
    soon = f"{within(60)}(?:{words['hasty']}|{words['early']}|{words['given']})"
    helper = f"(?:{words['professional']}|{words['attention']}|{words['place']}|{words['line']})"
    with_whom = rf"(?: with (?:an?|the|your) (?:\w+ ){{0,2}}{words['professional']})"
    such = "(?:it|this|that|them|these|any|such|you)"
    clause_end = r"(?= (?:and|or|as|since|because|for|if)\b|[^\w ]|$)"
    to_place = r" (?:[^.\n]{0,140}? )?(?:in)?to (?:[\w']+ ){0,4}"
    instructions = "|".join(
        (
            words["call"] + within(30) + words["line"],
            words["go"] + within(50) + words["place"],
            f"{words['take']}{to_place}(?:{words['place']}|(?:hospital|{words['professional']}){hasty})",
            f"(?:report|show|mention){to_place}{words['professional']}{soon}",
            words["get"] + within(20) + words["quick"] + within(25) + words["care"],
            words["get"] + within(30) + helper + hasty,
            words["see"] + within(30) + words["professional"] + soon,
            rf"(?:see|consult) (?:an?|your) (?:\w+ )?{words['professional']}(?: or \w+)? {words['reason']}",
            f"{words['appointment']}{with_whom}? (?:soon|{words['given']}|{words['reason']})",
            f"(?:have|get){within(70)}{words['seen']}{soon}",
        )
    )
    others = "|".join(  # whoever it is that needs it, or does it
        (
            f"{words['needs']} {words['quick']} {words['care']}",
            f"{words['needs']}{within(30)}{helper}{timely}",
            rf"{words['needs']} (?:an? |the )?(?:\w+ )?{words['place']}{clause_end}",
            rf"{words['needs']} an? (?:call|trip|visit) to (?:\w+ ){{0,3}}{words['professional']}",
            rf"{words['ought']}(?: \w+)? be {words['seen']}(?:{timely}|{within(60)}{words['place']})",
            rf"an? (?:\w+ ){{0,2}}{words['professional']} {words['ought']} {words['look']} {such}{timely}",
        )
    )
    return _Patterns(
        re.compile(rf"(?<!\w){words['headings']}(?!\w)"),
        re.compile(rf"{_INSTRUCTED}(?:{instructions})(?!\w)|\b(?:{others})(?!\w)|{words['emergency']}"),
        re.compile(rf"{words['continuing']}(?!\w)"),
        re.compile(words["lookalikes"]),
        *(frozenset(_phrases(lists[name])) for name in ("signs", "people", "conditions")),
    )


def _phrases(written: str | list[str]) -> list[str]:
    """The phrases of a list, the longest first, so that the longest that matches is found."""
    return sorted(written if isinstance(written, list) else phrases_of(written), key=len, reverse=True)


def _any_of(written: str | list[str]) -> str:
    return f"(?:{'|'.join(_phrases(written))})"


@cache
def _emergency_help() -> re.Pattern[str]:
    lists = _lists()
    return re.compile(rf"(?<!\w)(?:{_any_of(lists['line'])}|{_any_of(lists['place'])})(?!\w)")


def most_pressing_first(urgent: Sequence[str]) -> list[str]:
    """What names an emergency service or department, with the list below it, then the rest."""
    pressing: list[str] = []
    others: list[str] = []
    is_introduced = False  # by what ends as an introduction does, up to what tells something by itself
    for text in urgent:
        lowered = text.lower()
        is_named = _emergency_help().search(lowered) is not None
        is_introduced = is_introduced and not _patterns().tells(lowered)
        (pressing if is_named or is_introduced else others).append(text)
        is_introduced = is_introduced or (is_named and not text.endswith((".", "!", "?")))
    return [*pressing, *others]


def with_urgent_help(section: Section) -> Section:
    """The section with its urgent sentences and paragraphs marked, if it has any."""
    urgent = tuple(_urgent(section))
    return replace(section, urgent=urgent) if urgent else section


def _urgent(section: Section) -> Iterator[str]:
    patterns = _patterns()
    if section.heading and patterns.headings.search(section.heading.lower()):
        if patterns.sentences.match(section.heading.lower()):  # from its first word, as "When to call" does not
            yield section.heading
        yield from section.text.split("\n")
        return
    in_list = False
    for paragraph in section.text.split("\n"):
        in_list = in_list and len(paragraph) <= MAX_LISTED
        if in_list:
            yield paragraph
        elif patterns.may_tell(paragraph.lower()):
            before = None  # where the sentence before begins, if it was not yielded
            is_urgent = False  # the sentence before
            for start, end in sentences(paragraph):
                sentence = paragraph[start:end]
                lowered = sentence.lower()
                is_urgent = patterns.tells(lowered) or (is_urgent and patterns.continuing.match(lowered) is not None)
                if is_urgent:
                    yield sentence if before is None or not leans(sentence) else paragraph[before:end]
                    before, in_list = None, sentence.endswith(":")
                else:
                    before = start
