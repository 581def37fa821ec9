"""A node to the same node on some fields only: what `--field` and `field=` mean."""

from typing import assert_never

from indexer.query.nodes import (
    All,
    Alternatives,
    And,
    AtLeast,
    Boost,
    Coverage,
    Near,
    Node,
    Not,
    One,
    Or,
    Phrase,
    Prefix,
    Should,
    Term,
)


def restrict(node: Node, fields: tuple[str, ...]) -> Node:
    """The node with every leaf that had no field put on each of the fields; a leaf that had one keeps it."""

    def each(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(restrict(inner, fields) for inner in nodes)

    match node:
        case Term(_, None) | Phrase(_, None) | Prefix(_, None) | Near():
            return _on_each(node, fields)
        case Term() | Phrase() | Prefix() | All() | Coverage() | One():
            return node
        case Alternatives(nodes):
            return Alternatives(each(nodes))
        case AtLeast(n, nodes, weights):
            return AtLeast(n, each(nodes), weights)
        case And(nodes):
            return And(each(nodes))
        case Or(nodes):
            return Or(each(nodes))
        case Not(inner):
            return Not(restrict(inner, fields))
        case Should(must, optional):
            return Should(restrict(must, fields), restrict(optional, fields))
        case Boost(inner, weight):
            return Boost(restrict(inner, fields), weight)
        case _:
            assert_never(node)


def _on_each(leaf: Term | Phrase | Prefix | Near, fields: tuple[str, ...]) -> Node:
    choices = tuple(_on(leaf, field) for field in fields)
    return choices[0] if len(choices) == 1 else Or(choices)


def _on(leaf: Term | Phrase | Prefix | Near, field: str) -> Node:
    match leaf:
        case Term(term):
            return Term(term, field)
        case Phrase(terms):
            return Phrase(terms, field)
        case Prefix(prefix):
            return Prefix(prefix, field)
        case Near(nodes, window, ordered):
            return Near(tuple(Term(term.term, term.field or field) for term in nodes), window, ordered)
