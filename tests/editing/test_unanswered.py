import threading
from pathlib import Path

import pytest

from indexer.editing.unanswered import MAX_QUERIES, UNANSWERED, UnansweredQueries, words_of


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Zebra  Fish!", "zebra fish"),
        ("call me on +44 20 7946 0018", "call me on"),
        ("jane.doe@example.org has zorb", "has zorb"),
        ("born 1.2.1980 zorb12", "born"),
        ("http://example.org/x zorb", "zorb"),
        ("12345", ""),
        ("a b c d e f g h i j", "a b c d e f g h"),
        ("x" * 500, "x" * 80),
    ],
)
def test_only_words_are_kept(query: str, words: str) -> None:
    assert words_of(query) == words


def test_the_count_is_bounded_and_what_is_asked_often_stays(tmp_path: Path) -> None:
    queries = UnansweredQueries(tmp_path / UNANSWERED)
    letters = "abcdefghijklmnopqrstuvwxyz"
    for _ in range(3):
        queries.count("often")
    for number in range(MAX_QUERIES + 20):
        queries.count(f"word {letters[number // 26]}{letters[number % 26]}")
    assert len(queries.most_asked()) == MAX_QUERIES
    assert queries.most_asked()[0].words == "often"


def test_workers_count_together(tmp_path: Path) -> None:
    def ask() -> None:
        for _ in range(20):
            UnansweredQueries(tmp_path / UNANSWERED).count("zorb")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert UnansweredQueries(tmp_path / UNANSWERED).most_asked()[0].count == 80


def test_a_damaged_count_begins_anew(tmp_path: Path) -> None:
    (tmp_path / UNANSWERED).write_bytes(b'[{"words": "x"')
    queries = UnansweredQueries(tmp_path / UNANSWERED)
    assert queries.most_asked() == ()
    queries.count("zorb")
    assert [each.words for each in queries.most_asked()] == ["zorb"]
