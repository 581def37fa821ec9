"""A query to the emergency that it tells of, if any, and the words of the notice for it.

A person in need may type what happens into a search box. The table `emergencies.toml` says which words tell of an
emergency, in patterns of word groups, and which tell of somebody who reads up on something: history, prevention,
research. It recognizes words, with slips of spelling; it does not examine anybody, and no answer depends on it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from indexer.knowledge.word_groups import Phrase, QueryWord, WordGroupIndex, WordGroups, parse_phrases, query_words
from indexer.text.analyzer import STOP_WORDS

FILE: Final = "emergencies.toml"
WINDOW: Final = 16  # words; people in need explain
WORDS_BEFORE: Final = 2  # that follow "history of" and the like and are calmed by it
WORDS_AFTER: Final = 4  # that stand before "years ago" and the like
DENIALS: Final = frozenset("no not without never dont doesnt didnt isnt arent wasnt hasnt havent denies".split())

_CALMING: Final = {"before": "before", "after": "after"}
_CLAUSE_END: Final = re.compile(r"[,;:.!?()\n]")
_TABLES: Final = frozenset({"notices", "words", "emergency", "calm"})
_KEYS: Final = frozenset({"name", "kind", "says", "alone", "unless", "always"})


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What a notice of one kind says; `text` has the places {number} and {crisis_line}."""

    kind: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """One entry of the table: its name and the kind of its notice; `always` where reading up does not calm it."""

    name: str
    kind: str
    always: bool = False


@dataclass(frozen=True, slots=True)
class _Role:
    """What a pattern says of a query: that it tells of an emergency, or (`part`) what calms that."""

    part: str
    emergency: Emergency | None = None


class EmergencyTable:
    """The entries of a table, looked for at once. Raises ValueError for a table that is wrong, naming the entry."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        if unknown := set(table) - _TABLES:
            raise ValueError(f"“{unknown.pop()}” is no part of the table; use {', '.join(sorted(_TABLES))}")
        self._lists = {name: _phrases(f"words, {name}", words) for name, words in table["words"].items()}
        self.notices = {kind: NoticeWords(kind, **words) for kind, words in table["notices"].items()}
        self._order = {kind: number for number, kind in enumerate(self.notices)}
        calm = dict(table["calm"])
        never_slips = calm.pop("never_slips")
        read = [
            *(each for entry in table["emergency"] for each in self._entry(entry)),
            *self._patterns("calm, unless", calm.pop("unless"), _Role("happening")),
            *(
                each
                for reason in calm
                for each in self._patterns(f"calm, {reason}", calm[reason], _Role(_CALMING.get(reason, "calm")))
            ),
        ]
        names = [entry["name"] for entry in table["emergency"]]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"“{twice.pop()}” is the name of two entries; give each its own")
        self._roles = tuple(role for role, _ in read)
        self._index = WordGroupIndex(
            [pattern for _, pattern in read], slips=True, never_slips=never_slips, denials=DENIALS
        )

    def find(self, text: str) -> Emergency | None:
        """The emergency that a text tells of; where it tells of several, one of the first kind of notice."""
        typed = query_words(text)
        words = [word.text for word in typed]
        content = sum(word not in STOP_WORDS for word in words)
        matched: list[tuple[Emergency, Sequence[int]]] = []
        other: set[Emergency] = set()
        parts: set[str] = set()
        calmed: set[int] = set()  # words that a word near them calms
        for match in self._index.matches(words, WINDOW):
            role = self._roles[match.pattern]
            if role.part == "unless" and role.emergency:
                other.add(role.emergency)
            elif role.emergency:
                if role.part == "says" or len(match.words) >= content:
                    matched.append((role.emergency, match.words))
            elif role.part == "before":
                last = match.words[-1]
                calmed.update(_until_clause_ends(text, typed, range(last, last + 1 + WORDS_BEFORE)))
            elif role.part == "after":
                first = match.words[0]
                calmed.update(_until_clause_ends(text, typed, range(first, first - 1 - WORDS_AFTER, -1)))
            else:
                parts.add(role.part)
        calm = "calm" in parts and "happening" not in parts
        if "happening" in parts:
            calmed.clear()
        found = [
            emergency
            for emergency, at in matched
            if emergency not in other
            and (emergency.always or not (calm or len(calmed.intersection(at)) * 2 >= len(at)))
        ]
        return min(found, key=lambda each: self._order[each.kind], default=None)

    def _entry(self, entry: Mapping[str, Any]) -> Iterator[tuple[_Role, WordGroups]]:
        name = entry.get("name")
        if not name:
            raise ValueError(f'an entry has no name; write name = "..." ({", ".join(entry)})')
        if unknown := set(entry) - _KEYS:
            raise ValueError(f"“{name}” has “{unknown.pop()}”; use {', '.join(sorted(_KEYS))}")
        if entry.get("kind") not in self.notices:
            raise ValueError(f"“{name}”: its kind is none of {', '.join(self.notices)}")
        if not entry.get("says"):
            raise ValueError(f'“{name}” says nothing; write says = ["...", "..."]')
        emergency = Emergency(name, entry["kind"], entry.get("always", False))
        for part in ("says", "alone", "unless"):
            yield from self._patterns(f"“{name}”, {part}", entry.get(part, ()), _Role(part, emergency))

    def _patterns(self, where: str, patterns: Sequence[str], role: _Role) -> Iterator[tuple[_Role, WordGroups]]:
        if not isinstance(patterns, list | tuple):
            raise ValueError(f'{where} is no list; write ["...", "..."]')  # noqa: TRY004 -- one error for all faults
        for number, written in enumerate(patterns, 1):
            try:
                yield role, WordGroups.parse(written, self._lists)
            except ValueError as error:
                raise ValueError(f"{where}, pattern {number}: {error}") from None


def _phrases(where: str, words: Sequence[str]) -> tuple[Phrase, ...]:
    try:
        return parse_phrases(words)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _until_clause_ends(text: str, words: Sequence[QueryWord], numbers: range) -> Iterator[int]:
    """The numbers of words, from the first on, up to a comma or the like."""
    before = numbers[0]
    for number in numbers:
        if not 0 <= number < len(words):
            return
        left, right = sorted((before, number))
        if _CLAUSE_END.search(text, words[left].end, words[right].start):
            return
        yield number
        before = number


@cache
def emergency_table() -> EmergencyTable:
    """The table that comes with the package."""
    return EmergencyTable(tomllib.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8")))
