"""A node to the leaves that a match may be due to: what snippets mark, and how to find it without analysing the text."""

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

_ENOUGH: Final = 4  # letters that tell a word well enough
# The only words that a letter and a space may begin: x ray, T cells.
_AFTER_LETTER: Final = ("ray", "cell", "section")


@dataclass(frozen=True, slots=True)
class Leaf:
    """What to mark: consecutive terms, or the beginning of a word; `weight` is its worth, usually idf.

    `needles` are what to look for in the folded text: a sentence with the leaf has one of them.
    """

    terms: tuple[str, ...]
    field: str | None = None
    prefix: bool = False
    weight: float = 1.0
    needles: tuple[str, ...] = dataclass_field(default=(), compare=False)


def leaves(
    node: Node,
    weigh: Callable[[str], float] = lambda term: 1.0,
    words_of: Callable[[str], Sequence[str]] = lambda term: (term,),
) -> tuple[Leaf, ...]:
    """The leaves on text fields that a match may be due to, each once.

    `weigh` gives the worth of a term, `words_of` the folded words that have it (by themselves, terms begin most of theirs).
    """
    found = dict.fromkeys(_leaves(node, weigh))
    return tuple(replace(leaf, needles=_needles(words_of(leaf.terms[0]))) for leaf in found)


def _needles(words: Sequence[str]) -> tuple[str, ...]:
    """What every word begins with, where that is enough to tell it; else the words. A hyphen may follow the first letter."""
    common = commonprefix(words)  # noqa: RUF071 -- of characters, as wanted here
    needles = (common,) if len(common) >= _ENOUGH else tuple(words)
    joined = [each for each in needles if len(each) >= _ENOUGH]
    hyphened = tuple(f"{each[0]}-{each[1:]}" for each in joined)
    return needles + hyphened + tuple(f"{each[0]} {each[1:]}" for each in joined if each[1:].startswith(_AFTER_LETTER))


def _leaves(node: Node, weigh: Callable[[str], float]) -> Iterator[Leaf]:
    match node:
        case Term(term, field):
            if field not in KEYWORD_FIELD_NAMES:
                yield Leaf((term,), field, weight=weigh(term))
        case Phrase(terms, field):
            yield Leaf(terms, field, weight=sum(map(weigh, terms)))
        case Prefix(prefix, field):
            yield Leaf((prefix,), field, prefix=True)
        case Near(nodes) | Alternatives(nodes) | AtLeast(_, nodes) | And(nodes) | Or(nodes):
            for each in nodes:
                yield from _leaves(each, weigh)
        case Should(must, _):
            yield from _leaves(must, weigh)
        case Boost(inner):
            yield from _leaves(inner, weigh)
        case All() | Not() | Coverage() | One():
            return
        case _:
            assert_never(node)
