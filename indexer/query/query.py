"""A query as an engine receives it: nodes to evaluate, filters, the numbers of ranking and the sort order."""

from dataclasses import dataclass, field

from indexer.budget import Budget
from indexer.query.nodes import All, Node
from indexer.query.ranking import Ranking
from indexer.query.request import Filter, Sort


@dataclass(frozen=True, slots=True)
class Query:
    """What any engine can evaluate.

    A document matches when it matches the root and every filter. `sort` is by score, best first; by title, folded; or
    by code, documents without one last; then by id. `text` is what was typed. Where only one document of a condition
    is shown, and the sort is by score, it is the one that passes most filters of `lead`, and of these the best; the
    condition stands where its best document would. What only adds to scores is left out once the budget is spent.
    """

    text: str
    root: Node = field(default_factory=All)
    filters: tuple[Filter, ...] = ()
    ranking: Ranking = field(default_factory=Ranking)
    sort: Sort = "relevance"
    lead: tuple[Filter, ...] = ()
    budget: Budget = field(default_factory=Budget, compare=False, repr=False)
