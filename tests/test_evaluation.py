import importlib
import math
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import Page, open_library
from indexer.errors import ExtraMissing, SourceError
from indexer.evaluation import (
    MEASURES,
    Evaluation,
    compare,
    evaluate,
    p_value,
    read_judgments,
    read_queries,
)

JUDGMENTS = {"1": {"a": 2, "b": 1}, "2": {"c": 1}, "3": {"d": 1}}
QUERIES = {"1": "one", "2": "two", "3": "three", "4": "not judged"}
FOUND = {"one": [("b", 9.0), ("a", 9.0), ("x", 1.0)], "two": [("x", 3.0), ("c", 2.0)], "three": []}


def test_measures_by_hand() -> None:
    measured = evaluate(lambda text: FOUND[text], QUERIES, JUDGMENTS)
    assert measured.queries == 3
    ideal, found = 2 + 1 / math.log2(3), 1 + 2 / math.log2(3)
    assert measured.by_query["1"]["nDCG@10"] == pytest.approx(found / ideal)
    assert measured.by_query["2"] == pytest.approx(
        {"nDCG@10": 1 / math.log2(3), "Success@1": 0, "Success@10": 1, "RR@10": 0.5, "R@100": 1}
    )
    assert set(measured.by_query["3"].values()) == {0.0}
    assert measured.means["Success@1"] == pytest.approx(1 / 3)


def test_equal_scores_stay_in_the_order_found() -> None:
    tied = evaluate(lambda text: [("b", 1.0), ("a", 1.0)], {"1": "one"}, {"1": {"a": 1}})
    assert tied.means["RR@10"] == 0.5


def test_nothing_judged_is_nothing_measured() -> None:
    assert evaluate(lambda text: [], QUERIES, {}).means == dict.fromkeys(MEASURES, 0.0)


def of(values: list[float]) -> Evaluation:
    by_query = {str(number): dict.fromkeys(MEASURES, value) for number, value in enumerate(values)}
    return Evaluation(len(values), dict.fromkeys(MEASURES, sum(values) / len(values)), by_query)


def test_a_comparison_counts_wins_ties_and_losses() -> None:
    difference = compare(of([1.0, 0.5, 0.5, 0.0]), of([0.0, 0.5, 0.0, 0.25]))["nDCG@10"]
    assert (difference.wins, difference.ties, difference.losses) == (2, 1, 1)
    assert (difference.first, difference.second, difference.mean) == (0.5, 0.1875, 0.3125)


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=8))
def test_the_p_is_that_of_all_permutations(values: list[int]) -> None:
    permutations = [
        abs(sum(sign * value for sign, value in zip(signs, values, strict=True)))
        for signs in product((1, -1), repeat=len(values))
    ]
    exact = sum(each >= abs(sum(values)) for each in permutations) / len(permutations)
    assert p_value(np.array(values, dtype=np.float64)) == pytest.approx(exact, abs=0.02)


def test_the_p_is_the_same_every_time_and_in_both_directions() -> None:
    differences = np.random.default_rng(3).normal(0.05, 0.3, 200)
    assert p_value(differences) == p_value(differences) == pytest.approx(p_value(-differences), abs=0.02)
    assert p_value(differences + 1) < 0.001
    assert p_value(np.zeros(5)) == 1.0


def test_queries_and_judgments_are_read_in_the_usual_forms(tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text('{"id": 7, "text": "gout"}\n\n{"id": "8", "text": "x"}\n', encoding="utf-8")
    assert read_queries(file) == {"7": "gout", "8": "x"}
    for text in ("query\tarticle\tgrade\n7\ta b\t2\n", "7 0 a_b 2\n".replace("_", "-")):
        file.write_text(text, encoding="utf-8")
        assert list(read_judgments(file)) == ["7"]
    file.write_text("7 0 a 2\n7 0 a\n", encoding="utf-8")
    with pytest.raises(SourceError, match="line 2"):
        read_judgments(file)


def test_the_order_measured_is_that_of_a_search(tmp_path: Path) -> None:
    for id, text in (
        ("gout", "Gout\n\nUrate crystals."),
        ("knee", "Knee pain\n\nGout is a cause."),
        ("x", "Asthma\n\nAir."),
    ):
        (tmp_path / f"{id}.txt").write_text(text)
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path / f"{id}.txt" for id in ("gout", "knee", "x")])
        for text in ("gout", "gout pain", "what causes gout?", "asthmaa", "nothing of that"):
            hits = library.search(text, page=Page(limit=100)).hits
            assert library.rank(text, 100) == tuple((hit.document.id, hit.score) for hit in hits)
        assert len(library.rank("gout", 1)) == 1
        assert library.rank("asthmaa", 9, expand=False) == ()


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    monkeypatch.delitem(sys.modules, "indexer.evaluation")
    with pytest.raises(ExtraMissing, match=r"pip install 'condition-search\[evaluate\]'$"):
        importlib.import_module("indexer.evaluation")
