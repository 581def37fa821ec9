import json
import os
import re
from collections import Counter
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.model import Article, Dropped, Issue, Section
from indexer.articles.reader import parse_article
from indexer.classification import MAX_LOOKED_UP_NAMES, MAX_NAME_CHARS
from indexer.documents import (
    KEYWORD_FIELDS,
    TEXT_FIELD_NAMES,
    Document,
    code_terms,
    display_title,
    field_tokens,
    recased,
    slug,
    to_document,
)
from indexer.knowledge import body_sites, icd10

EVALUATION = os.environ.get("CONDITIONS_EVALUATION")


def article(title: str, code: str | None = None, *texts: str, names: tuple[str, ...] = ()) -> Article:
    sections = tuple(Section("overview", None, text, "first") for text in texts)
    return Article(id="an-id", source="a.txt", title=title, code=code, names=names, sections=sections)


COMPLETE = Article(
    id="a/b",
    source="a/b.txt",
    title="Chronic multifocal osteomyelitis, right hand",
    url="https://example.org/b",
    reviewed="2026-01-02",
    language="en",
    names=("CMO",),
    code="m86341",
    codes=("M86.341", "730.1"),
    sections=(Section("overview", None, "It hurts.", "first"),),
    dropped=(Dropped("Save", "residue"),),
    issues=(Issue("incomplete", "Cut off."), Issue("incomplete", "Again.")),
)


@pytest.mark.parametrize(
    "field", [field for field in fields(Article) if field.name != "code"], ids=lambda field: field.name
)
def test_a_document_has_every_field_of_the_article(field: Field[object]) -> None:
    value = getattr(COMPLETE, field.name)
    assert value != field.default, "COMPLETE must set every field of an article, so that a lost one is noticed"
    assert getattr(to_document(COMPLETE), field.name) == value


def test_a_document_adds_code_condition_and_sites() -> None:
    document = to_document(COMPLETE, digest="abc")
    assert document.digest == "abc"
    assert (document.code, document.code_match) == ("M86.341", "exact")
    assert document.code_title == "Chronic multifocal osteomyelitis, right hand"
    assert document.chapter == "13"
    assert [code.code for code in document.ancestors] == ["M86-M90", "M86", "M86.3", "M86.34"]
    assert document.condition == "Chronic multifocal osteomyelitis"
    assert document.condition_key == "chronic-multifocal-osteomyelitis"
    assert (document.sites, document.side) == (("hand",), "right")
    assert document.flags == ("incomplete",)


def test_problems_of_the_code_become_issues_and_flags() -> None:
    document = to_document(article("Idiopathic gout, right hand", "M61.162"))
    assert document.flags == ("code-differs",)
    assert document.issues[0].flag == "code-differs"
    assert to_document(article("A disease", "M61.167")).flags == ("unknown-code",)


def test_sites_without_a_code_come_from_the_title_or_the_first_sentence() -> None:
    document = to_document(article("Broken left wrist"))
    assert (document.code, document.code_match, document.chapter, document.ancestors) == (None, None, None, ())
    assert (document.sites, document.side) == (("wrist",), "left")
    document = to_document(article("A mystery", None, "This is a lump below the knee. It comes from the liver."))
    assert document.sites == ("knee",)
    assert to_document(article("A mystery")).sites == ()


def test_sites_come_from_the_title_not_from_all_of_the_text() -> None:
    text = "Unlike disease of the left foot, the eye or the liver, this is rare. " * 5
    document = to_document(article("Chronic multifocal osteomyelitis of the right hand", None, text))
    assert (document.sites, document.side) == (("hand",), "right")


def test_the_code_may_come_from_the_first_sentence_or_another_name() -> None:
    document = to_document(
        article(
            "Chronic multifocal osteomyelitis",
            None,
            "Chronic multifocal osteomyelitis, unspecified tibia and fibula, is rare.",
        )
    )
    assert (document.code, document.code_match, document.sites) == ("M86.369", "inferred", ("tibia", "fibula"))
    assert to_document(article("Stiffening, right side", None, names=("frozen shoulder",))).code == "M75.01"


def test_an_item_of_a_list_of_symptoms_is_no_first_sentence() -> None:
    text = "Old Harbour Disease\n\nThe illness brings:\n\n- cough\n- dizziness\n- a rash\n"
    listed = to_document(parse_article("a", text))
    assert (listed.condition, listed.code) == ("Old harbour disease", None)
    told = to_document(parse_article("a", "Old Harbour Disease\n\nDengue is what this port calls it."))
    assert told.code == "A90"


def test_keyword_fields() -> None:
    document = to_document(article("Cellulitis of right finger", "L03.011"))
    values = {field.name: tuple(field.values(document)) for field in KEYWORD_FIELDS}
    assert values == {
        "site": ("finger", "hand", "upper-limb", "skin"),
        "own_site": ("finger", "skin"),
        "side": ("right",),
        "chapter": ("12",),
        "condition": ("cellulitis",),
        "code": ("l00-l08", "l03", "l030", "l0301", "l03011"),
    }
    bare = Document(id="x", source="x", title="X")
    assert code_terms(bare) == ()
    assert all(not tuple(field.values(bare)) for field in KEYWORD_FIELDS if field.name != "condition")


def test_positions_jump_between_the_texts_of_a_field() -> None:
    document = to_document(article("Gout", None, "First text.", "Second text."))
    by_field = field_tokens(document)
    assert tuple(by_field) == TEXT_FIELD_NAMES
    first, _, second, _ = by_field["overview"]
    assert (first.word, second.word) == ("first", "second")
    assert second.position - first.position > 16


def test_titles_names_and_conditions_in_capitals_are_shown_in_sentence_case() -> None:
    text = "A frobnic disease, as Crohn knew, is a disease of rats. The RFD is rare."
    document = to_document(article("Frobnic Disease of Crohn", None, text, names=("Rat Frobnic Disease", "RFD", "TLA")))
    assert document.title == "Frobnic Disease of Crohn"
    assert display_title(document) == document.condition == "Frobnic disease of Crohn"
    assert document.names == ("Rat frobnic disease", "RFD", "TLA")
    assert recased(document, "CAUSES OF RFD") == "Causes of RFD"
    assert display_title(Document(id="x", source="x", title="Crohn's disease")) == "Crohn's disease"


def test_slug() -> None:
    assert slug("Crohn's disease") == "crohns-disease"
    assert slug("Ménière’s disease, [left]") == "menieres-disease-left"


@pytest.mark.parametrize(
    "part", ["sequela ", "right eye ", "of the left hand ", "(", "a, ", "fetus 1, ", "right left "]
)
def test_only_the_beginning_of_a_hostile_title_is_looked_up(part: str) -> None:
    long = part * 20_000
    short = long[:MAX_NAME_CHARS]
    hostile = to_document(article(long, None, long, names=(long,) * 50))
    capped = to_document(article(short, None, short * 2, names=(short,) * MAX_LOOKED_UP_NAMES))
    assert (hostile.code, hostile.condition) == (capped.code, capped.condition)
    assert (hostile.sites, hostile.side) == (capped.sites, capped.side)


@given(st.text(max_size=80), st.text(max_size=80), st.one_of(st.none(), st.text(max_size=8)))
def test_any_article_makes_a_document(title: str, text: str, code: str | None) -> None:
    document = to_document(article(title, code, text, names=(text,)))
    assert set(document.sites) <= set(body_sites.tree())
    assert document.code is None or icd10.exists(document.code)
    assert document.title == title


@pytest.mark.skipif(EVALUATION is None, reason="CONDITIONS_EVALUATION names no folder")
def test_sites_and_sides_of_the_code_table() -> None:
    lines = (Path(EVALUATION or "") / "reading" / "sites-and-sides.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    correct: Counter[str] = Counter()
    for row in rows:
        document = to_document(article(row["text"], None, row["text"]))
        side = row["laterality"] if row["laterality"] in {"right", "left", "bilateral"} else None
        correct["side"] += document.side == side
        correct["code"] += document.code_title == row["text"]
        correct["condition"] += plain(document.condition) == plain(row["condition"])
        correct["site"] += not row["site"] or bool(document.sites)
    share = {kind: count / len(rows) for kind, count in correct.items()}
    assert share["side"] >= 0.995
    assert share["code"] >= 0.99
    assert share["condition"] >= 0.98
    assert share["site"] >= 0.99


def plain(name: str) -> str:
    return " ".join(word for word in re.sub("[,;]", " ", name.lower()).split() if word != "unspecified")


HEADLESS = [
    json.loads(line)
    for line in Path(__file__)
    .parent.joinpath("articles", "headless_articles.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize("expected", HEADLESS, ids=lambda each: str(each["condition"]))
def test_a_headless_article_has_the_site_side_and_category_that_its_prose_tells(expected: dict[str, Any]) -> None:
    document = to_document(parse_article("an-id", expected["text"]))
    assert document.side == expected["side"]
    related = body_sites.closure(document.sites)
    assert all(site in related for site in expected["sites"])
    assert document.code is not None
    assert document.code[:3] == expected["code"][:3]


def test_site_and_side_from_the_text_complete_the_code() -> None:
    text = (
        "Chronic multifocal osteomyelitis is a bone disease. It has flared up in the right hand of this patient.\n\n"
        "Swelling of the right hand comes and goes."
    )
    document = to_document(parse_article("an-id", text))
    assert (document.sites, document.side, document.code) == (("hand",), "right", "M86.341")


def test_evidence_quotes_the_sentence_that_gave_site_and_side() -> None:
    text = "Gout is a form of arthritis. This article is about gout of the left ankle. Knees can be affected in others."
    document = to_document(parse_article("an-id", text))
    quote = "the text: “This article is about gout of the left ankle.”"
    assert {(each.what, each.value, each.reason) for each in document.evidence} >= {
        ("site", "ankle", quote),
        ("side", "left", quote),
    }
    assert {each.what for each in document.evidence} == {"title", "condition", "code", "site", "side"}


def test_a_title_that_names_site_and_side_is_not_overruled_by_the_text() -> None:
    document = to_document(article("Gout, left ankle", None, "This article is about gout of the right knee."))
    assert (document.sites[0], document.side) == ("ankle", "left")


@pytest.mark.parametrize(
    ("name", "condition", "code", "sites", "side"),
    [
        (
            "chronic-multifocal-osteomyelitis-tibia-fibula",
            "Chronic multifocal osteomyelitis",
            "M86.369",
            ("tibia", "fibula"),
            None,
        ),
        (
            "myositis-ossificans-progressiva-lower-leg",
            "Myositis ossificans progressiva",
            "M61.16",
            ("lower-leg",),
            None,
        ),
    ],
)
def test_golden_articles_have_the_code_and_sites_that_an_editor_would_give(
    name: str, condition: str, code: str, sites: tuple[str, ...], side: str | None
) -> None:
    text = (Path(__file__).parent / "articles" / "golden" / f"{name}.txt").read_text("utf-8")
    document = to_document(parse_article("an-id", text))
    assert (document.condition, document.code, document.sites, document.side) == (condition, code, sites, side)
