"""Queries that tell of an emergency, and those that only sound so."""

import csv
import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from indexer.knowledge.emergencies import EmergencyTable, emergency_table

QUERIES = Path(__file__).with_name("emergency_queries.tsv")
MAX_FALSE_ALARMS = 0.03


def queries() -> list[tuple[str, str]]:
    """The kind of notice that each query should have ("none" for none), and the query."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [(kind, text) for kind, text in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def kind_of(text: str) -> str:
    emergency = emergency_table().find(text)
    return emergency.kind if emergency else "none"


def test_there_are_enough_queries_to_tell() -> None:
    kinds = [kind for kind, _ in queries()]
    assert len(kinds) - kinds.count("none") >= 150
    assert kinds.count("none") >= 150
    assert len(set(queries())) == len(kinds)


def test_every_emergency_is_found_with_its_kind() -> None:
    assert [(kind, kind_of(text), text) for kind, text in queries() if kind != "none" and kind_of(text) != kind] == []


def test_false_alarms_are_rare() -> None:
    calm = [text for kind, text in queries() if kind == "none"]
    alarms = [text for text in calm if kind_of(text) != "none"]
    assert len(alarms) < MAX_FALSE_ALARMS * len(calm), alarms


@pytest.mark.parametrize(
    "text",
    [
        "can't breathe",
        "can\u2019t breathe",
        "cant breathe",
        "cant breath",
        "cannot breathe",
        "can not breathe",
        "CAN'T BREATHE!!!",
        "my wife is having a heart atack",
        "my son is having a siezure",
        "grandad is unconcious",
        "sucidal",
        "is chokking on a grape",
    ],
)
def test_spelling_and_contractions_make_no_difference(text: str) -> None:
    assert kind_of(text) != "none"


def test_what_is_denied_is_not_told() -> None:
    assert kind_of("chest pain and sweating") == "emergency"
    assert kind_of("chest pain no sweating") == "none"
    assert kind_of("i do not want to die") == "none"


def test_reading_up_is_calm_until_it_is_happening() -> None:
    assert kind_of("history of stroke") == "none"
    assert kind_of("history of stroke and now my face is drooping") == "emergency"
    assert kind_of("risk of choking") == "none"
    assert kind_of("what to do if a child is choking") == "emergency"


def test_who_looks_for_the_signs_alone_may_have_them() -> None:
    assert kind_of("symptoms of a heart attack") == "emergency"
    assert kind_of("stroke signs") == "emergency"
    assert kind_of("heart attack symptoms in a novel") == "none"


def test_who_asks_what_it_means_tells_of_himself() -> None:
    assert kind_of("what does it mean when a newborn is blue") == "none"
    assert kind_of("my newborn is blue, what does it mean") == "emergency"
    assert kind_of("congenital disease of the heart, baby blue") == "none"
    assert kind_of("my baby with congenital heart disease is blue") == "emergency"


def test_what_else_ails_somebody_calms_only_itself() -> None:
    assert kind_of("history of chest pain and sweating") == "none"
    assert kind_of("history of heart trouble, chest pain and sweating") == "emergency"
    assert kind_of("hit by a car when i was a child") == "none"
    assert kind_of("had my hip replaced two years ago, chest pain and sweating") == "emergency"


@pytest.mark.parametrize(
    "around",
    [
        "please help {}",
        "{} what should i do",
        "{}, he takes medication for diabetes",
        "we are on holiday and {}",
        "{}???",
    ],
)
def test_words_around_hide_no_emergency(around: str) -> None:
    told = [text for kind, text in queries() if kind != "none"]
    assert [text for text in told if kind_of(around.format(text)) == "none"] == []


def test_thoughts_of_suicide_come_before_all_else() -> None:
    assert kind_of("took an overdose because i want to die and now i cannot breathe") == "crisis"


def test_no_text_fails() -> None:
    for text in ("", " ", "\ufffd\x00", "'" * 50, "🚑", "+|*@", "a" * 5_000, "i can't breathe " * 60):
        kind_of(text)


def test_notices_name_the_places_that_are_filled() -> None:
    for notice in emergency_table().notices.values():
        assert "{number}" in notice.text
        assert "{" not in notice.text.format(number="112", crisis_line="a crisis line")


def _without_name(table: dict[str, Any]) -> None:
    del table["emergency"][0]["name"]


def _twice(table: dict[str, Any]) -> None:
    table["emergency"].append(table["emergency"][0])


def _foreign_key(table: dict[str, Any]) -> None:
    table["emergency"][0]["saying"] = []


def _foreign_kind(table: dict[str, Any]) -> None:
    table["emergency"][0]["kind"] = "panic"


def _says_nothing(table: dict[str, Any]) -> None:
    table["emergency"][0]["says"] = []


def _one_text(table: dict[str, Any]) -> None:
    table["emergency"][0]["unless"] = "gym"


def _bad_pattern(table: dict[str, Any]) -> None:
    table["emergency"][0]["says"] = ["chest pain + sweat*", "chest & arm"]


def _unknown_list(table: dict[str, Any]) -> None:
    table["emergency"][0]["says"] = ["@nobody"]


def _bad_calm(table: dict[str, Any]) -> None:
    table["calm"]["past"] = ["history of +"]


def _foreign_part(table: dict[str, Any]) -> None:
    table["emergencies"] = []


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_without_name, "an entry has no name"),
        (_twice, "“Heart attack” is the name of two entries"),
        (_foreign_key, "“Heart attack” has “saying”"),
        (_foreign_kind, "“Heart attack”: its kind is none of crisis, poison, emergency, violence"),
        (_says_nothing, "“Heart attack” says nothing"),
        (_one_text, "“Heart attack”, unless is no list"),
        (_bad_pattern, "“Heart attack”, says, pattern 2: “&” is no word"),
        (_unknown_list, "“Heart attack”, says, pattern 1: there is no list @nobody"),
        (_bad_calm, "calm, past, pattern 1: a group or an alternative is empty"),
        (_foreign_part, "“emergencies” is no part of the table"),
    ],
)
def test_a_wrong_entry_is_named(spoil: Callable[[dict[str, Any]], None], reason: str) -> None:
    table = tomllib.loads(files("indexer.knowledge").joinpath("emergencies.toml").read_text(encoding="utf-8"))
    spoil(table)
    with pytest.raises(ValueError, match=reason):
        EmergencyTable(table)
