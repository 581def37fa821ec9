import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.articles.article_id import ID_PATTERN, MAX_ID, id_fault


@pytest.mark.parametrize(
    "id",
    [
        "gout",
        "gout/left-knee",
        "a.b/c..d/...",
        ".hidden",
        "100%?#ü",
        "caf\u00e9",
        "a\u00a0b",
        "x" * MAX_ID,
        "%2e%2e/a",
        "a b",
    ],
)
def test_an_id(id: str) -> None:
    assert id_fault(id) is None


@pytest.mark.parametrize(
    ("id", "fault"),
    [
        ("..", "dot segment"),
        ("../etc/passwd", "dot segment"),
        ("a/./b", "dot segment"),
        ("a/..", "dot segment"),
        ("", "empty part"),
        ("/a", "empty part"),
        ("a/", "empty part"),
        ("a//b", "empty part"),
        ("//evil.example/x", "empty part"),
        ("http://evil/x", "empty part"),
        ("a\nb", "control characters"),
        ("a\x00", "control characters"),
        ("\x9b2J", "control characters"),
        ("a\u2066b", "control characters"),
        ("x" * (MAX_ID + 1), "longer"),
    ],
)
def test_no_id(id: str, fault: str) -> None:
    assert fault in str(id_fault(id))


@given(st.text(st.sampled_from("./a\x00\x1f\x85\u2028\u2066é😀\n "), max_size=8))
@example("")
@example("a\n")
def test_the_pattern_says_the_same_of_files_that_are_not_hidden(id: str) -> None:
    is_id = id_fault(id) is None and not any(part.startswith(".") for part in id.split("/"))
    assert (re.search(ID_PATTERN.removesuffix("$") + r"\Z", id) is not None) == is_id
