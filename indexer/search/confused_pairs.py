"""A document or a query to the pairs of conditions that people take for one another; confused_pairs.toml has them."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, TypeAlias

from indexer.documents import Document, code_terms, slug
from indexer.engine import Searcher
from indexer.knowledge import icd10
from indexer.query.nodes import Boost, Node, Or, Should, Term
from indexer.query.query import Query
from indexer.query.request import Page

MAX_CANDIDATES: Final = 8  # articles on one of the conditions, of which the most complete one is compared
MAX_CALLED: Final = 4  # conditions that share a common name, such as those of a heart attack

# What one article calls MS is not what another one does; somebody who types it sees what is offered.
_ABBREVIATION: Final = re.compile(r"[A-Z][A-Z0-9-]{1,4}")


@dataclass(frozen=True, slots=True)
class ConfusedCondition:
    """A condition of a pair: its name, all its names and their keys (see `slug`), and the terms of its codes."""

    name: str
    names: tuple[str, ...]
    keys: tuple[str, ...]
    code_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """A condition, the one that it is confused with, and what they have in common."""

    condition: ConfusedCondition
    other: ConfusedCondition
    resemblance: str


@dataclass(frozen=True, slots=True)
class ComparablePair:
    """A pair of which the library has articles, with one for each: the most complete of some."""

    pair: ConfusedPair
    document: Document
    other: Document


_PairsByKey: TypeAlias = dict[str, tuple[ConfusedPair, ...]]


def pairs_of_document(document: Document) -> tuple[ConfusedPair, ...]:
    """The pairs that the document's condition is in, by its code, its condition or a name that it gives itself."""
    by_key, by_code = _pairs_by_key(), _pairs_by_code()
    names = (slug(name) for name in document.names if not _ABBREVIATION.fullmatch(name))
    found = [by_key.get(key, ()) for key in (document.condition_key, *names)]
    found += [by_code.get(code, ()) for code in code_terms(document)]
    return tuple(dict.fromkeys(pair for pairs in found for pair in pairs))


def pairs_of_name(name: str) -> tuple[ConfusedPair, ...]:
    """The pairs that a condition with this name is in; none for any other text."""
    return _pairs_by_key().get(slug(name), ())


@cache
def confused_pairs() -> tuple[ConfusedPair, ...]:
    """Every pair, once, in the order of the file."""
    table = tomllib.loads(files(__package__).joinpath("confused_pairs.toml").read_text(encoding="utf-8"))
    conditions = {
        name: _condition((name, *entry["also"]), entry["codes"]) for name, entry in table["conditions"].items()
    }
    pairs = ((*names.split(" | "), resemblance) for names, resemblance in table["pairs"].items())
    return tuple(ConfusedPair(conditions[one], conditions[other], resemblance) for one, other, resemblance in pairs)


def comparable(
    pairs: Iterable[ConfusedPair], searcher: Searcher, document: Document | None = None
) -> tuple[ComparablePair, ...]:
    """The pairs that the library has articles of; `document` is that of their first condition, where it is known."""

    def found() -> Iterator[ComparablePair]:
        for pair in pairs:
            own = document or _best(pair.condition, searcher)
            other = _best(pair.other, searcher, document) if own else None
            if own and other and own.condition_key != other.condition_key:
                yield ComparablePair(pair, own, other)

    return tuple(found())


def completeness(document: Document) -> tuple[int, int]:
    """What the more complete of two documents has more of: kinds of sections, then letters."""
    sections = document.sections
    return len({section.kind for section in sections}), sum(len(section.text) for section in sections)


def common_names(searcher: Searcher) -> Iterator[tuple[str, str]]:
    """What people call conditions of the library, each with the key of one: "heart attack" has several.

    A name for more than MAX_CALLED conditions leads to none of them.
    """
    for condition in dict.fromkeys(pair.condition for pair in _both_ways()):
        page = Page(limit=MAX_CALLED + 1, collapse=True)
        matches = searcher.search(Query("", root=_articles(condition)), page, counts=False)
        keys = [match.document.condition_key for match in matches.page]
        if len(keys) <= MAX_CALLED:
            yield from ((name, key) for name in condition.names for key in keys)


def _condition(names: tuple[str, ...], codes: list[str]) -> ConfusedCondition:
    keys = tuple(dict.fromkeys(map(slug, names)))
    return ConfusedCondition(names[0], names, keys, tuple(map(icd10.term, codes)))


def _best(condition: ConfusedCondition, searcher: Searcher, beside: Document | None = None) -> Document | None:
    """The article on the condition to be compared: one of the same place as the one beside it, and a complete one."""
    root: Node = _articles(condition)
    if beside:
        side = (Term(beside.side, "side"),) if beside.side else ()
        root = Should(Boost(root, 0.0), Or((*(Term(site, "own_site") for site in beside.sites), *side)))
    matches = searcher.search(Query("", root=root), Page(limit=MAX_CANDIDATES), counts=False)
    best = max((match.score for match in matches.page), default=0.0)
    nearest = (match.document for match in matches.page if match.score == best)
    return max(nearest, key=completeness, default=None)


def _articles(condition: ConfusedCondition) -> Or:
    keys = (Term(key, "condition") for key in condition.keys)
    return Or((*keys, *(Term(code, "code") for code in condition.code_terms)))


@cache
def _pairs_by_key() -> Mapping[str, tuple[ConfusedPair, ...]]:
    return _index((key, pair) for pair in _both_ways() for key in pair.condition.keys)


@cache
def _pairs_by_code() -> Mapping[str, tuple[ConfusedPair, ...]]:
    return _index((code, pair) for pair in _both_ways() for code in pair.condition.code_terms)


def _both_ways() -> Iterator[ConfusedPair]:
    for pair in confused_pairs():
        yield pair
        yield ConfusedPair(pair.other, pair.condition, pair.resemblance)


def _index(entries: Iterable[tuple[str, ConfusedPair]]) -> _PairsByKey:
    pairs: _PairsByKey = {}
    for key, pair in entries:
        pairs[key] = (*pairs.get(key, ()), pair)
    return pairs
