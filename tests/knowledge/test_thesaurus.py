import re
from collections import Counter
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.knowledge import thesaurus
from indexer.knowledge.thesaurus import Meaning, Thesaurus, own_meanings, own_thesaurus, read_thesaurus
from indexer.text.analyzer import tokens

INFARCTION = Meaning(("myocardial infarction", "heart attack"), ("MI",))
INSUFFICIENCY = Meaning(("mitral insufficiency", "mitral regurgitation"), ("MI", "MR"))
LEUKEMIA = Meaning(("acute lymphoblastic leukemia",), ("ALL",))
SMALL = Thesaurus((INFARCTION, INSUFFICIENCY, LEUKEMIA), ordinary=("all",))


def others(names: Thesaurus, typed: str) -> list[str]:
    found = tokens(typed)
    return [o.text for o in names.other_names(tuple(t.word for t in found), tuple(t.term for t in found), typed)]


def terms(text: str) -> tuple[str, ...]:
    return tuple(token.term for token in tokens(text))


def test_every_name_means_every_other() -> None:
    assert others(SMALL, "heart attack") == ["myocardial infarction"]
    assert others(SMALL, "Myocardial infarctions") == ["heart attack"]


def test_a_part_of_a_name_is_not_the_name() -> None:
    assert others(SMALL, "heart") == []
    assert others(SMALL, "heart attack symptoms") == []
    assert others(SMALL, "attack heart") == []


def test_an_abbreviation_means_everything_it_stands_for_in_the_order_of_the_file() -> None:
    assert others(SMALL, "mi") == [*INFARCTION.names, *INSUFFICIENCY.names]
    assert {o.how for o in SMALL.other_names(("mi",), ("mi",), "mi")} == {"abbreviation"}


def test_an_abbreviation_that_means_two_things_stands_for_neither_name() -> None:
    assert others(SMALL, "mitral insufficiency") == ["mitral regurgitation", "MR"]


def test_an_abbreviation_that_is_a_word_counts_in_capitals_only() -> None:
    assert others(SMALL, "ALL") == ["acute lymphoblastic leukemia"]
    assert others(SMALL, "all") == []
    assert others(SMALL, "acute lymphoblastic leukemia") == []


def test_more_names_than_a_search_can_bear_are_cut() -> None:
    many = Thesaurus([Meaning(tuple(f"name{i}" for i in range(50)))])
    assert others(many, "name0") == [f"name{i}" for i in range(1, thesaurus.MAX_OTHER_NAMES + 1)]


def test_ours_knows_lay_words_old_names_and_abbreviations() -> None:
    ours = own_thesaurus()
    for typed, meant in (
        ("heart attack", "myocardial infarction"),
        ("kidney", "renal"),
        ("itching", "pruritus"),
        ("shingles", "herpes zoster"),
        ("COPD", "chronic obstructive pulmonary disease"),
        ("lockjaw", "tetanus"),
        ("Lou Gehrig's disease", "amyotrophic lateral sclerosis"),
        ("oedema", "dropsy"),
    ):
        assert meant in others(ours, typed), typed
    assert {"multiple sclerosis", "mitral stenosis"} <= set(others(ours, "MS"))


def test_ours_is_large_enough_and_each_name_means_one_thing() -> None:
    counted = Counter(name.lower() for meaning in own_meanings() for name in meaning.names)
    assert [name for name, times in counted.items() if times > 1] == []
    assert sum(len(meaning.names) - 1 for meaning in own_meanings()) >= 800
    assert len({short for meaning in own_meanings() for short in meaning.short}) >= 300
    assert all(len(meaning.names) + len(meaning.short) >= 2 for meaning in own_meanings())
    assert not [name for meaning in own_meanings() for name in meaning.names if re.search(r"[()\[\]]", name)]


def test_every_name_of_ours_is_found_by_its_own_words() -> None:
    ours = own_thesaurus()
    for meaning in own_meanings():
        for name in meaning.names:
            missing = {terms(other) for other in meaning.names} - set(map(terms, others(ours, name))) - {terms(name)}
            assert not missing or len(meaning.names) > thesaurus.MAX_OTHER_NAMES, name


def test_a_file_of_the_users_own_is_read(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[[same]]\nnames = ["snuffles", "blocked head"]\nshort = ["HC"]\n', encoding="utf-8")
    assert read_thesaurus(file) == (Meaning(("snuffles", "blocked head"), ("HC",)),)
    assert others(own_thesaurus(read_thesaurus(file)), "blocked head") == ["snuffles", "HC"]


GOOD = '[[same]]\nnames = ["a", "b"]\n'


@pytest.mark.parametrize(
    "text, said",
    [
        ("[[same", "is no TOML"),
        (GOOD + "short = MI\n", "is no TOML.*line 3"),
        ("", "has no tables.*write"),
        ("same = 1", "has no tables.*write"),
        ("same = [1]", "has no tables.*write"),
        ("[other]", "“other”.*keep to"),
        (GOOD + "[[same]]\nnames = 3", "line 3: names is no list.*write names ="),
        (GOOD + "# note\n[[same]]\nnames = [3]", "line 4: names is no list"),
        (GOOD + "[[same]]\nnames = ['']", "line 3: names is no list"),
        (GOOD + "[[same]]\nnames = ['c']\nshort = 'C'", "line 3: short is no list.*write short ="),
        (GOOD + "[[same]]\nname = ['c', 'd']", "line 3:.*“name”; use names and short"),
        (GOOD + "[[same]]\nnames = []", "line 3:.*no names; write names ="),
        ("same = [{names = ['a']}, {}]", "table 2:.*no names"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=rf"own\.toml.*{said}"):
        read_thesaurus(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.toml.*cannot be read"):
        read_thesaurus(tmp_path / "nowhere.toml")
