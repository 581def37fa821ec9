"""A name to its synonyms: lay and clinical words, old names, abbreviations.

The built-in synonym sets stand in `thesaurus.toml`; a library may read a second file of the same form
(CONDITIONS_THESAURUS):

    [[same]]
    names = ["myocardial infarction", "heart attack"]      the clinical name first
    short = ["MI", "AMI"]                                  abbreviations; may be left out

Every name of a set is a synonym of every other. An abbreviation may stand in several sets and then means all of them,
in the order of the file; an abbreviation that is an ordinary word too ("ALL", listed as `ordinary`) is read as one only
in capitals. Names are compared by their terms, so that plurals and spellings make no difference. A name of one word and
its article ("the bends", "the runs") is read as one only with the article, letter by letter, and not searched for
others: without the article, of which an index has no trace, it is another word.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import filterfalse
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from indexer.errors import SourceError
from indexer.text.analyzer import ANALYZER, STOP_WORDS, Analyzer, fold
from indexer.text.spelling_variants import american
from indexer.user_files import read_toml

MAX_SYNONYMS: Final = 8  # of one name; the first of the file
MAX_NAME_TERMS: Final = 8  # terms of a name that can be recognized inside a query

_PREFIX_LETTERS: Final = 3  # stemming and plurals leave the first three letters of a word alone
_APOSTROPHE: Final = re.compile(r"['\u2019\u02bc](?:s\b)?")
_LONE_LETTER: Final = re.compile(r"\b([a-z])-(?=[a-z]{3})")
_WORD: Final = re.compile(r"[^\W_]+")
_TABLE_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*same[ \t]*\]\]", re.MULTILINE)

Relation: TypeAlias = Literal["synonym", "abbreviation", "spelling"]
Terms: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynonymSet:
    """The names of one thing, the one to be shown first, and its abbreviations."""

    names: tuple[str, ...]
    abbreviations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another name of what was typed; `how` is "abbreviation" where the typed name was an abbreviation.

    It is "spelling" where the name is the same, closed up, hyphenated or open.
    """

    text: str
    terms: Terms
    how: Relation


class Thesaurus:
    """Finds the synonyms of a name, by the first letters of its words and then by its terms.

    Analysing all 3,000 names takes 0.1 s, and a word that the library does not have loads the stemmer first. So a name
    is analysed only when a query has words with the same first letters.
    """

    def __init__(self, synonym_sets: Iterable[SynonymSet] = (), ordinary: Iterable[str] = ()) -> None:
        self._ordinary = frozenset(ordinary)
        self._by_prefixes: dict[Terms, list[tuple[str, SynonymSet]]] = {}
        self._by_abbreviation: dict[str, list[SynonymSet]] = {}
        self._by_article_name: dict[str, list[SynonymSet]] = {}
        for synonym_set in synonym_sets:
            for name in synonym_set.names:
                if _needs_article(name):
                    self._by_article_name.setdefault(fold(name), []).append(synonym_set)
                else:
                    self._by_prefixes.setdefault(_prefixes(name), []).append((name, synonym_set))
            for abbreviation in synonym_set.abbreviations:
                self._by_abbreviation.setdefault(abbreviation.lower(), []).append(synonym_set)

    def synonyms(self, words: Terms, terms: Terms, typed: str, analyzer: Analyzer = ANALYZER) -> tuple[Synonym, ...]:
        """The synonyms of some consecutive words of a query, at most MAX_SYNONYMS, none twice.

        The words are given folded, as terms, and as they were typed.
        """
        terms_of = analyzer.terms
        result: dict[Terms, Synonym] = {}
        candidates = self._by_prefixes.get(tuple(map(_prefix, words)), ())
        sets = [candidate for name, candidate in candidates if terms_of(name) == terms]
        for synonym_set in dict.fromkeys((*self._by_article_name.get(fold(typed), ()), *sets)):
            for name in (*synonym_set.names, *filter(self._is_unambiguous, synonym_set.abbreviations)):
                if not _needs_article(name):
                    result.setdefault(terms_of(name), Synonym(name, terms_of(name), "synonym"))
        for synonym_set in self._abbreviated(typed):
            for name in filterfalse(_needs_article, synonym_set.names):
                result.setdefault(terms_of(name), Synonym(name, terms_of(name), "abbreviation"))
        result.pop(terms, None)
        result.pop((), None)
        return tuple(result.values())[:MAX_SYNONYMS]

    def has_article_name(self, typed: str) -> bool:
        """Whether this is a name that is one only with its article."""
        return fold(typed) in self._by_article_name

    def _is_unambiguous(self, abbreviation: str) -> bool:
        """Whether an abbreviation stands for one thing: one that stands for more would bring in other conditions."""
        lowered = abbreviation.lower()
        return len(self._by_abbreviation[lowered]) == 1 and lowered not in self._ordinary

    def _abbreviated(self, typed: str) -> list[SynonymSet]:
        """What is typed stands for these, if it is an abbreviation."""
        lowered = typed.lower()
        if lowered in self._ordinary and not typed.isupper():
            return []
        return self._by_abbreviation.get(lowered, [])


def read_synonym_sets(path: Path) -> tuple[SynonymSet, ...]:
    """Read the synonym sets of a user's file. Raises SourceError for one that cannot be read, naming the line."""
    top_level, text = read_toml(path, "a TOML file of names")
    tables = top_level.pop("same", None)
    if top_level:
        raise SourceError(str(path), f"has “{next(iter(top_level))}” outside of a table; keep to tables [[same]]")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SourceError(str(path), 'has no tables; write [[same]] and below it names = ["...", "..."] for each')
    for number, table in enumerate(tables):
        if fault := _fault(table):
            headers = [match.start() for match in _TABLE_HEADER.finditer(text)]
            line = text.count("\n", 0, headers[number]) + 1 if len(headers) == len(tables) else None
            raise SourceError(str(path), f"{f'line {line}' if line else f'table {number + 1}'}: {fault}")
    return _synonym_sets(tables)


def _fault(table: dict[str, Any]) -> str | None:
    """What is wrong with a table, and what would be right."""
    for key, value in table.items():
        if key not in {"names", "short"}:
            return f"[[same]] has “{key}”; use names and short"
        if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
            return f'{key} is not a list of names; write {key} = ["...", "..."]'
    return None if table.get("names") else 'this [[same]] has no names; write names = ["...", "..."]'


@cache
def built_in_synonym_sets() -> tuple[SynonymSet, ...]:
    """The synonym sets that come with the package."""
    return _synonym_sets(_built_in_file()["same"])


@cache
def default_thesaurus(added: tuple[SynonymSet, ...] = ()) -> Thesaurus:
    """The built-in synonym sets, then those that a library adds."""
    return Thesaurus((*built_in_synonym_sets(), *added), _built_in_file()["ordinary"])


@cache
def _built_in_file() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("thesaurus.toml").read_text(encoding="utf-8"))


def _synonym_sets(tables: Iterable[dict[str, Any]]) -> tuple[SynonymSet, ...]:
    return tuple(SynonymSet(tuple(table["names"]), tuple(table.get("short", ()))) for table in tables)


def _needs_article(name: str) -> bool:
    """Whether the name is one word and "the"."""
    article, _, rest = name.partition(" ")
    return article.lower() == "the" and " " not in rest


def _prefixes(name: str) -> Terms:
    """The first letters of the words that `tokens` makes of a name, without the cost of stemming them."""
    text = _LONE_LETTER.sub(r"\1", _APOSTROPHE.sub("", fold(name)))
    return tuple([_prefix(word) for word in _WORD.findall(text) if word not in STOP_WORDS])


@lru_cache(maxsize=1 << 15)
def _prefix(word: str) -> str:
    return american(word)[:_PREFIX_LETTERS]
