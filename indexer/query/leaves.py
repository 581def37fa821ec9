"""A node to the leaves that snippets mark, each with what to look for in a text without analysing it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from os.path import commonprefix
from typing import Final, assert_never

from indexer.documents import KEYWORD_FIELD_NAMES
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

_MIN_PREFIX: Final = 4  # letters that tell the words of a term from most others
# The only words that a letter and a space may begin: x ray, T cells.
_AFTER_LETTER: Final = ("ray", "cell", "section")


@dataclass(frozen=True, slots=True)
class Leaf:
    """What to mark: consecutive terms, or the beginning of a word; `weight` is usually its idf.

    `needles` are what to look for in the folded text: a sentence with the leaf has one of them.
    """

    terms: tuple[str, ...]
    field: str | None = None
    prefix: bool = False
    weight: float = 1.0
    needles: tuple[str, ...] = dataclass_field(default=(), compare=False)


def leaves(
    node: Node,
    weight_of: Callable[[str], float] = lambda term: 1.0,
    words_of: Callable[[str], Sequence[str]] = lambda term: (term,),
) -> tuple[Leaf, ...]:
    """The leaves on text fields that are not excluded, each once.

    `weight_of` gives the weight of a term, `words_of` the folded words that have it (by default the term itself, as
    most words begin with theirs).
    """
    unique = dict.fromkeys(_leaves(node, weight_of))
    return tuple(replace(leaf, needles=_needles(words_of(leaf.terms[0]))) for leaf in unique)


def _needles(words: Sequence[str]) -> tuple[str, ...]:
    """What every word begins with, where that is long enough; else the words. A hyphen may follow the first letter."""
    common = commonprefix(words)  # noqa: RUF071 -- of characters
    needles = (common,) if len(common) >= _MIN_PREFIX else tuple(words)
    joined = [each for each in needles if len(each) >= _MIN_PREFIX]
    hyphened = tuple(f"{each[0]}-{each[1:]}" for each in joined)
    return needles + hyphened + tuple(f"{each[0]} {each[1:]}" for each in joined if each[1:].startswith(_AFTER_LETTER))


def _leaves(node: Node, weight_of: Callable[[str], float]) -> Iterator[Leaf]:
    match node:
        case Term(term, field):
            if field not in KEYWORD_FIELD_NAMES:
                yield Leaf((term,), field, weight=weight_of(term))
        case Phrase(terms, field):
            yield Leaf(terms, field, weight=sum(map(weight_of, terms)))
        case Prefix(prefix, field):
            yield Leaf((prefix,), field, prefix=True)
        case Near(nodes) | Alternatives(nodes) | AtLeast(_, nodes) | And(nodes) | Or(nodes):
            for each in nodes:
                yield from _leaves(each, weight_of)
        case Should(must, _):
            yield from _leaves(must, weight_of)
        case Boost(inner):
            yield from _leaves(inner, weight_of)
        case All() | Not() | Coverage() | One():
            return
        case _:
            assert_never(node)
