import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.printable import printable, printable_json, printable_lines

HOSTILE = {
    "Gout \x1b[31mred": r"Gout \x1b[31mred",
    "one\ntwo\r\n": r"one\ntwo\r\n",
    "\x9b2J cleared": r"\x9b2J cleared",
    "txt.\u202egpj.exe": r"txt.\u202egpj.exe",
    "a\u2028b\u2029c": r"a\u2028b\u2029c",
    "lone \ud800 half": r"lone \ud800 half",
    "bell\x07, tab\t": r"bell\x07, tab\t",
}


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_terminal_would_obey_is_spelled_out(text: str) -> None:
    assert printable(text) == HOSTILE[text]


@pytest.mark.parametrize("text", ["Ménière’s disease", "𝒻oot\u00a0note", "اَلْعَرَبِيَّةُ", "👩‍⚕️", "日本語", ""])
def test_letters_of_all_scripts_stay(text: str) -> None:
    assert printable(text) == printable_lines(text) == printable_json(text) == text


def test_lines_stay_where_they_are_wanted() -> None:
    assert printable_lines("one\ntwo\x1b[2J\r") == "one\ntwo\\x1b[2J\\r"


def test_a_long_text_is_cut() -> None:
    assert printable("a" * 50, limit=10) == "aaaaaaaaa…"
    assert printable("a" * 10, limit=10) == "a" * 10


@given(st.text())
def test_json_keeps_its_value(text: str) -> None:
    encoded = printable_json(json.dumps({text: text}, ensure_ascii=False))
    assert json.loads(encoded) == {text: text}
    assert printable(encoded) == encoded


@given(st.text())
def test_nothing_is_escaped_twice(text: str) -> None:
    assert printable(printable(text)) == printable(text)
