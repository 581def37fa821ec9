"""Nodes become the bodies of bodies.json, without a server. Where they change on purpose, this writes them anew:

python -m tests.engines.opensearch.test_match_bodies
"""

import json
import math
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.engines.opensearch import scripts
from indexer.engines.opensearch.cheap_bodies import CheapBodies
from indexer.engines.opensearch.match_bodies import MatchBodies, filter_body
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
from indexer.query.request import Filter

GOLDEN = Path(__file__).with_name("bodies.json")
BONE, PAIN = Term("bone"), Term("pain")
NODES: tuple[Node, ...] = (
    BONE,
    Term("bone", "title"),
    Term("hand", "site"),
    Term("x", "no-such-field"),
    Term("\ud800"),
    Phrase(("bone", "pain")),
    Phrase(("bone",), "causes"),
    Phrase(()),
    Prefix("bo"),
    Prefix("m8", "code"),
    Prefix("zz"),
    Near((BONE, PAIN), 8),
    Near((BONE, Term("pain", "title")), 1, ordered=True),
    Near((BONE, PAIN), 0),
    Near((), 3),
    Coverage(("bone", "pain"), "title"),
    Coverage(("bone", "pain"), "title", 0.6),
    Coverage(("bone",), "causes", 0.5),
    Coverage(("bone",), "site"),
    One("an/id"),
    Alternatives((BONE, Boost(PAIN, 0.5))),
    AtLeast(2, (BONE, PAIN, Term("fever"))),
    AtLeast(1.5, (BONE, PAIN), (1.0, 0.7)),
    AtLeast(1.5, (BONE, PAIN, Term("fever"), Term("\ud800")), (1.0, 0.7, 1.6, 2.0)),
    AtLeast(1.5, tuple(Term(term) for term in "abcdefg"), (1.0,) * 7),
    AtLeast(9.0, (BONE, PAIN), (1.0, 0.7)),
    AtLeast(0, (BONE,)),
    And((BONE, PAIN)),
    And(()),
    Or((BONE, PAIN)),
    Or(()),
    Not(BONE),
    All(),
    Should(Boost(BONE, 0.0), Or((PAIN, Boost(Near((BONE, PAIN), 3), 0.15)))),
)


class FixedStatistics:
    """A library of 100 documents in which everything is in 10."""

    def idf(self, doc_frequency: int) -> float:
        return round(math.log(1 + (100 - doc_frequency + 0.5) / (doc_frequency + 0.5)), 6)

    def frequency(self, field: str | None, term: str) -> int:
        return 10 if term.isascii() and field != "names" else 0

    def terms_of_words(self, prefix: str) -> tuple[str, ...]:
        return ("bone", "bore") if prefix == "bo" else ()

    def matching(self, leaf: Prefix) -> int:
        return 20

    def field_terms(self, field: str) -> Collection[str]:
        return ("bone", "pain")

    def title_shares(self, terms: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        return np.array([7, 3, 5]), np.array([0.25, 1.0, 0.6])


def bodies(node: Node) -> dict[str, Any]:
    """What the node matches and scores; scripts by their names, which are long."""
    statistics = FixedStatistics()
    made = MatchBodies(statistics)
    each = {
        "matching": made.matching(node),
        "cheap": CheapBodies(statistics, made).scoring(node),
    }
    text = json.dumps(each)
    for name, source in vars(scripts).items():
        if name.isupper():
            text = text.replace(json.dumps(source), f'"{name}"')
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("node", NODES, ids=repr)
def test_a_node_has_its_body(node: Node) -> None:
    assert bodies(node) == json.loads(GOLDEN.read_text(encoding="utf-8"))[repr(node)]


def test_what_need_not_be_scored_runs_no_script() -> None:
    for node in NODES:
        if not isinstance(node, Coverage):
            assert "script" not in json.dumps(bodies(node)["matching"]), node


def test_a_filter() -> None:
    assert filter_body(Filter("site", ("hand", "\udfff"))) == {"terms": {"k_site": ["hand"]}}
    assert filter_body(Filter("site", ())) == filter_body(Filter("title", ("x",))) == {"match_none": {}}


if __name__ == "__main__":
    golden = {repr(node): bodies(node) for node in NODES}
    GOLDEN.write_text(json.dumps(golden, indent=1, sort_keys=True) + "\n", encoding="utf-8")
