"""What the parser makes of a text: clauses, each with the words that were typed for it."""

from dataclasses import dataclass, field
from itertools import chain

from indexer.query.nodes import And, Node


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the query: as typed, folded, and its term; `quoted` in quotation marks; `start` is its place there.

    A word that rewriting puts in for another one has no place, -1.
    """

    typed: str
    folded: str
    term: str
    quoted: bool = False
    start: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Clause:
    """A node that documents must match, with the words that it was made of; those of an excluded node are left out.

    A `free` clause is one word without quotation marks, field or operator: rewriting may search other words for it. Any
    other clause holds as it stands. The `tag` of a clause on a keyword field is its value as typed.
    """

    node: Node
    words: tuple[Word, ...] = ()
    free: bool = False
    tag: str = ""


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """The conjunction of its clauses, in the order typed; `notes` tell the user which limits were applied."""

    text: str
    clauses: tuple[Clause, ...]
    notes: tuple[str, ...] = ()

    @property
    def root(self) -> Node:
        """The clauses as one node."""
        return conjunction(self.clauses)

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all clauses, in the order typed."""
        return tuple(chain.from_iterable(clause.words for clause in self.clauses))


def conjunction(clauses: "tuple[Clause, ...] | list[Clause]") -> Node:
    """The node that matches where every clause does."""
    return clauses[0].node if len(clauses) == 1 else And(tuple(clause.node for clause in clauses))
