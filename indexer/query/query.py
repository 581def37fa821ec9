"""A query as an engine receives it: nodes, filters, the ranking's numbers and what was understood."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from indexer.query.nodes import All, Node
from indexer.query.ranking import Ranking
from indexer.query.request import Filter, Sort

How: TypeAlias = Literal["exact", "stem", "synonym", "abbreviation", "spelling", "code", "dropped"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the query: as typed, folded, and its term; `exact` in quotation marks."""

    typed: str
    word: str
    term: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How one piece of what was typed was understood."""

    text: str
    meaning: tuple[str, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Query:
    """Words turned into a plan that any engine can evaluate.

    Filters are all-of; the values of one filter any-of. `sort` is by score, best first; by title, folded; or by code, articles
    without one last; then by id. `words` are the words that were asked for, in order.
    `notes` are sentences for the reader (caps that bit, words left out).
    """

    text: str
    root: Node = field(default_factory=All)
    filters: tuple[Filter, ...] = ()
    ranking: Ranking = field(default_factory=Ranking)
    sort: Sort = "relevance"
    words: tuple[Word, ...] = ()
    interpretation: tuple[Interpretation, ...] = ()
    notes: tuple[str, ...] = ()
