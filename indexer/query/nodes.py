"""The algebra of queries: what an engine can evaluate.

Leaves hold analysed terms and a field; field None means every text field. What matches, and what
it scores, is the same for every engine:

    node                         matches a document when              scores
    Term(term, field)            the field has the term               BM25F (see `Ranking`)
    Phrase(terms, field)         terms stand at consecutive positions BM25F of the phrase, idf the sum of its terms'
    Prefix(prefix, field)        it has a term one of whose words     BM25F of the union of those terms
                                 begins with prefix
    Near(nodes, window, ordered) Term nodes within `window` positions BM25F of such places, idf the sum of the terms'
    Alternatives(nodes)          any node matches                     the best of the nodes that match
    AtLeast(n, nodes, weights)   nodes that weigh n or more match     the sum of those that match
    And / Or                     all / any nodes match                the sum of those that match
    Not(node)                    node does not match                  0
    All()                        always                               0
    Should(must, optional)       must matches                         must, plus optional where it matches
    Boost(node, weight)          node matches                         weight times the node's score
    Coverage(terms, field,       the terms make up `share` of the     that share, 0 to 1
             share)              field
    One(id)                      it is the document of that id        1

A leaf on a keyword field matches the value whole (Prefix: its beginning; Phrase and Near: never) and scores idf. A
field that does not exist has no terms. The words of Prefix are those of all documents, in any text field.

Phrase and Near look at each field by itself and count places; without terms they have none. A place of Phrase is where
its first term stands. A place of Near is a position of one of its terms from which, it included, every term stands
within `window`; when `ordered`, a position of the first term after which the others follow, each at its next position,
the last within `window` of the first.

The nodes of AtLeast weigh 1 each where no weights are given; a sum that is less than n by a rounding error (SLACK) is
enough. Coverage is the covered share of a short field, such as a title: the idf of the field's different terms that
are among `terms`, over the idf of them all; idf as in `Ranking`, n the documents with the term in that field; sums in
ascending order of the terms. At least one term must be there, and the share may be less by SLACK. Only a text field has
a coverage.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Term:
    """Documents whose field has the analysed term (or, for a keyword field, the value)."""

    term: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents where the terms stand one after the other in one field."""

    terms: tuple[str, ...]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents with a term one of whose unstemmed words begins with the prefix."""

    prefix: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Documents where one field has all the terms within `window` positions (last minus first)."""

    nodes: tuple[Term, ...]
    window: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Different words for one thing: the best of the nodes counts."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Documents that match nodes which together weigh `n` or more; without weights, `n` or more nodes."""

    n: float
    nodes: "tuple[Node, ...]"
    weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class And:
    """Documents that match every node; with no nodes, every document."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Documents that match any node; with no nodes, none."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that do not match the node."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Should:
    """Documents that match `must`; those that match `optional` too score more."""

    must: "Node"
    optional: "Node"


@dataclass(frozen=True, slots=True)
class Boost:
    """The node, its score multiplied by `weight` (zero or more)."""

    node: "Node"
    weight: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Documents whose field is made up of the terms, by `share` of its idf or more."""

    terms: tuple[str, ...]
    field: str
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class One:
    """The document of that id."""

    id: str


Node: TypeAlias = (
    Term | Phrase | Prefix | Near | Alternatives | AtLeast | And | Or | Not | All | Should | Boost | Coverage | One
)
