import re
from collections import Counter
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.knowledge.thesaurus import (
    MAX_SYNONYMS,
    SynonymSet,
    Thesaurus,
    built_in_synonym_sets,
    default_thesaurus,
    read_synonym_sets,
)
from indexer.text.analyzer import tokens

INFARCTION = SynonymSet(("myocardial infarction", "heart attack"), ("MI",))
INSUFFICIENCY = SynonymSet(("mitral insufficiency", "mitral regurgitation"), ("MI", "MR"))
LEUKEMIA = SynonymSet(("acute lymphoblastic leukemia",), ("ALL",))
SMALL = Thesaurus((INFARCTION, INSUFFICIENCY, LEUKEMIA), ordinary=("all",))


def synonyms(thesaurus: Thesaurus, typed: str) -> list[str]:
    analysed = tokens(typed)
    words, terms = tuple(token.word for token in analysed), tuple(token.term for token in analysed)
    return [synonym.text for synonym in thesaurus.synonyms(words, terms, typed)]


def terms(text: str) -> tuple[str, ...]:
    return tuple(token.term for token in tokens(text))


def test_every_name_is_a_synonym_of_every_other() -> None:
    assert synonyms(SMALL, "heart attack") == ["myocardial infarction"]
    assert synonyms(SMALL, "Myocardial infarctions") == ["heart attack"]


def test_a_part_of_a_name_is_not_the_name() -> None:
    assert synonyms(SMALL, "heart") == []
    assert synonyms(SMALL, "heart attack symptoms") == []
    assert synonyms(SMALL, "attack heart") == []


def test_an_abbreviation_means_everything_it_stands_for_in_the_order_of_the_file() -> None:
    assert synonyms(SMALL, "mi") == [*INFARCTION.names, *INSUFFICIENCY.names]
    assert {synonym.how for synonym in SMALL.synonyms(("mi",), ("mi",), "mi")} == {"abbreviation"}


def test_an_ambiguous_abbreviation_is_no_synonym_of_a_name() -> None:
    assert synonyms(SMALL, "mitral insufficiency") == ["mitral regurgitation", "MR"]


def test_an_abbreviation_that_is_an_ordinary_word_counts_in_capitals_only() -> None:
    assert synonyms(SMALL, "ALL") == ["acute lymphoblastic leukemia"]
    assert synonyms(SMALL, "all") == []
    assert synonyms(SMALL, "acute lymphoblastic leukemia") == []


def test_a_name_has_at_most_max_synonyms() -> None:
    many = Thesaurus([SynonymSet(tuple(f"name{i}" for i in range(50)))])
    assert synonyms(many, "name0") == [f"name{i}" for i in range(1, MAX_SYNONYMS + 1)]


def test_the_built_in_thesaurus_knows_lay_words_old_names_and_abbreviations() -> None:
    built_in = default_thesaurus()
    for typed, synonym in (
        ("heart attack", "myocardial infarction"),
        ("kidney", "renal"),
        ("itching", "pruritus"),
        ("shingles", "herpes zoster"),
        ("COPD", "chronic obstructive pulmonary disease"),
        ("lockjaw", "tetanus"),
        ("Lou Gehrig's disease", "amyotrophic lateral sclerosis"),
        ("oedema", "dropsy"),
    ):
        assert synonym in synonyms(built_in, typed), typed
    assert {"multiple sclerosis", "mitral stenosis"} <= set(synonyms(built_in, "MS"))


def test_the_built_in_thesaurus_is_large_and_each_name_stands_in_one_set() -> None:
    counted = Counter(name.lower() for synonym_set in built_in_synonym_sets() for name in synonym_set.names)
    assert [name for name, times in counted.items() if times > 1] == []
    assert sum(len(synonym_set.names) - 1 for synonym_set in built_in_synonym_sets()) >= 800
    assert len({short for synonym_set in built_in_synonym_sets() for short in synonym_set.abbreviations}) >= 300
    assert all(len(synonym_set.names) + len(synonym_set.abbreviations) >= 2 for synonym_set in built_in_synonym_sets())
    assert not [
        name for synonym_set in built_in_synonym_sets() for name in synonym_set.names if re.search(r"[()\[\]]", name)
    ]


def test_every_built_in_name_is_found_by_its_own_words() -> None:
    built_in = default_thesaurus()
    for synonym_set in built_in_synonym_sets():
        for name in synonym_set.names:
            missing = (
                {terms(other) for other in synonym_set.names if not re.fullmatch(r"the \w+", other)}
                - set(map(terms, synonyms(built_in, name)))
                - {terms(name)}
            )
            assert not missing or len(synonym_set.names) > MAX_SYNONYMS, name


def test_a_name_of_one_word_and_its_article_is_one_only_with_it() -> None:
    sets = Thesaurus([SynonymSet(("decompression sickness", "the bends", "caisson disease"))])
    assert synonyms(sets, "the bends") == ["decompression sickness", "caisson disease"]
    assert synonyms(sets, "bends") == []
    assert synonyms(sets, "caisson disease") == ["decompression sickness"]
    assert sets.has_article_name("The Bends")
    assert not sets.has_article_name("bends")


def test_a_file_of_the_user_is_read(tmp_path: Path) -> None:
    file = tmp_path / "user.toml"
    file.write_text('[[same]]\nnames = ["snuffles", "blocked head"]\nshort = ["HC"]\n', encoding="utf-8")
    assert read_synonym_sets(file) == (SynonymSet(("snuffles", "blocked head"), ("HC",)),)
    assert synonyms(default_thesaurus(read_synonym_sets(file)), "blocked head") == ["snuffles", "HC"]


GOOD = '[[same]]\nnames = ["a", "b"]\n'


@pytest.mark.parametrize(
    "text, message",
    [
        ("[[same", "is not valid TOML"),
        (GOOD + "short = MI\n", "is not valid TOML.*line 3"),
        ("", "has no tables.*write"),
        ("same = 1", "has no tables.*write"),
        ("same = [1]", "has no tables.*write"),
        ("[other]", "“other”.*keep to"),
        (GOOD + "[[same]]\nnames = 3", "line 3: names is not a list.*write names ="),
        (GOOD + "# note\n[[same]]\nnames = [3]", "line 4: names is not a list"),
        (GOOD + "[[same]]\nnames = ['']", "line 3: names is not a list"),
        (GOOD + "[[same]]\nnames = ['c']\nshort = 'C'", "line 3: short is not a list.*write short ="),
        (GOOD + "[[same]]\nname = ['c', 'd']", "line 3:.*“name”; use names and short"),
        (GOOD + "[[same]]\nnames = []", "line 3:.*no names; write names ="),
        ("same = [{names = ['a']}, {}]", "table 2:.*no names"),
    ],
)
def test_errors_in_a_file_name_the_line_and_the_fix(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "user.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=rf"user\.toml.*{message}"):
        read_synonym_sets(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.toml.*cannot be read"):
        read_synonym_sets(tmp_path / "nowhere.toml")
