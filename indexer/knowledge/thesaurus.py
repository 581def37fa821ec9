"""A name to the other names of the same thing: lay and clinical words, old names, abbreviations.

Our own names stand in `thesaurus.toml`; a library may read a second file of the same form (CONDITIONS_THESAURUS):

    [[same]]
    names = ["myocardial infarction", "heart attack"]      the clinical name first
    short = ["MI", "AMI"]                                  may be left out

Every name of a table means every other. An abbreviation may stand in several tables and then means all of them, in
the order of the file; an abbreviation that is an ordinary word too ("ALL", listed as `ordinary`) means them only in
capitals. Names are compared by their terms, so that plurals and spellings make no difference.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from indexer.errors import SourceError
from indexer.text.analyzer import STOP_WORDS, fold, tokens
from indexer.text.spelling_variants import american

MAX_OTHER_NAMES: Final = 8  # of one name; the first of the file
MAX_LENGTH: Final = 8  # terms of a name that can be found inside a query

_BEGINNING: Final = 3  # letters: stems and plurals leave them alone
_APOSTROPHE: Final = re.compile(r"['\u2019\u02bc](?:s\b)?")
_LONE_LETTER: Final = re.compile(r"\b([a-z])-(?=[a-z]{3})")
_WORD: Final = re.compile(r"[^\W_]+")
_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*same[ \t]*\]\]", re.MULTILINE)

Relation: TypeAlias = Literal["synonym", "abbreviation"]
Terms: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing with all its names, the one to be shown first."""

    names: tuple[str, ...]
    short: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another name of what was typed; `how` says whether the typed one was an abbreviation."""

    text: str
    terms: Terms
    how: Relation


class Thesaurus:
    """Names by what they sound like at the beginning of each word, then by their terms.

    Analysing 3,000 names takes 0.1 s, and a word that the library does not have loads the stemmer first. So a name is
    analysed when a query has words that begin like its own.
    """

    def __init__(self, meanings: Iterable[Meaning] = (), ordinary: Iterable[str] = ()) -> None:
        self._ordinary = frozenset(ordinary)
        self._names: dict[Terms, list[tuple[str, Meaning]]] = {}
        self._short: dict[str, list[Meaning]] = {}
        for meaning in meanings:
            for name in meaning.names:
                self._names.setdefault(_beginnings(name), []).append((name, meaning))
            for short in meaning.short:
                self._short.setdefault(short.lower(), []).append(meaning)

    def other_names(self, words: Terms, terms: Terms, typed: str) -> tuple[OtherName, ...]:
        """Other names of a piece of a query, at most MAX_OTHER_NAMES, none twice.

        The piece is given as its folded words, their terms, and how it was typed.
        """
        found: dict[Terms, OtherName] = {}
        named = self._names.get(tuple(map(_beginning, words)), ())
        for meaning in dict.fromkeys(meaning for name, meaning in named if _terms(name) == terms):
            for name in (*meaning.names, *filter(self._is_clear, meaning.short)):
                found.setdefault(_terms(name), OtherName(name, _terms(name), "synonym"))
        for meaning in self._meant(typed):
            for name in meaning.names:
                found.setdefault(_terms(name), OtherName(name, _terms(name), "abbreviation"))
        found.pop(terms, None)
        found.pop((), None)
        return tuple(found.values())[:MAX_OTHER_NAMES]

    def _is_clear(self, short: str) -> bool:
        """Whether an abbreviation has one meaning: one that has more would bring in other things."""
        return len(self._short[short.lower()]) == 1 and short.lower() not in self._ordinary

    def _meant(self, typed: str) -> list[Meaning]:
        lowered = typed.lower()
        if lowered in self._ordinary and not typed.isupper():
            return []
        return self._short.get(lowered, [])


def read_thesaurus(path: Path) -> tuple[Meaning, ...]:
    """The meanings of a file of the user's own. Raises SourceError for one that cannot be read, naming the line."""
    try:
        text = path.read_text(encoding="utf-8")
        read = tomllib.loads(text)
    except OSError as error:
        raise SourceError(str(path), f"cannot be read ({error.strerror}); name a TOML file of names") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(str(path), f"is no TOML ({error}); fix that place") from None
    tables = read.pop("same", None)
    if read:
        raise SourceError(str(path), f"has “{next(iter(read))}” outside of a table; keep to tables [[same]]")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SourceError(str(path), 'has no tables; write [[same]] and below it names = ["...", "..."] for each')
    for number, table in enumerate(tables):
        if fault := _fault(table):
            headers = [match.start() for match in _HEADER.finditer(text)]
            line = text.count("\n", 0, headers[number]) + 1 if len(headers) == len(tables) else None
            raise SourceError(str(path), f"{f'line {line}' if line else f'table {number + 1}'}: {fault}")
    return _meanings(tables)


def _fault(table: dict[str, Any]) -> str | None:
    """What is wrong with a table, and what would be right."""
    for key, value in table.items():
        if key not in {"names", "short"}:
            return f"[[same]] has “{key}”; use names and short"
        if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
            return f'{key} is no list of names; write {key} = ["...", "..."]'
    return None if table.get("names") else 'this [[same]] has no names; write names = ["...", "..."]'


@cache
def own_meanings() -> tuple[Meaning, ...]:
    """The meanings that come with the package."""
    return _meanings(_own_file()["same"])


@cache
def own_thesaurus(plugged_in: tuple[Meaning, ...] = ()) -> Thesaurus:
    """The names that come with the package, then those of the user."""
    return Thesaurus((*own_meanings(), *plugged_in), _own_file()["ordinary"])


@cache
def _own_file() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("thesaurus.toml").read_text(encoding="utf-8"))


def _meanings(tables: Iterable[dict[str, Any]]) -> tuple[Meaning, ...]:
    return tuple(Meaning(tuple(table["names"]), tuple(table.get("short", ()))) for table in tables)


def _beginnings(name: str) -> Terms:
    """The beginnings of the words of a name, as its tokens would have them, without stemming."""
    text = _LONE_LETTER.sub(r"\1", _APOSTROPHE.sub("", fold(name)))
    return tuple([_beginning(word) for word in _WORD.findall(text) if word not in STOP_WORDS])


@lru_cache(maxsize=1 << 15)
def _beginning(word: str) -> str:
    return american(word)[:_BEGINNING]


@lru_cache(maxsize=1 << 15)
def _terms(name: str) -> Terms:
    return tuple(token.term for token in tokens(name))
