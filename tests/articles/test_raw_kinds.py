"""Kinds of raw text that publishers and writing tools leave, in words of our own: what goes, what stays, and where."""

import pytest

from indexer import parse_article
from indexer.articles.model import Article, RawKind


def kept(article: Article) -> str:
    return "\n".join(f"{section.heading}\n{section.text}" for section in article.sections)


def fields(article: Article) -> dict[str, str]:
    return {section.kind: section.text for section in article.sections}


@pytest.mark.parametrize(
    "line",
    [
        "Otter B, Vole C. Rashes of the ankle. Annals of Ankles. 2018;7(3):44-9.",
        "Ankle rash. River Clinic. https://river.example/ankle. Accessed March 3, 2021.",
        "Heron D. The ankle. In: Atlas of Limbs. 2nd ed. Pond Press; 2019.",
        "Received 4 May 2020; accepted 2 July 2020",
        "1 Department of Ankles, Pond University, Reedtown",
        "Find articles by Ben Otter",
        "This is an open-access article under a Creative Commons licence.",
        "You can unsubscribe from these emails at any time.",
        "Error Email field is required",
        "Get our best tips delivered to your inbox.",
        "Book an appointment",
        "By Ben Otter",
    ],
)
def test_what_publishers_add_is_dropped(line: str) -> None:
    text = f"# Ankle rash\n\n## Symptoms\n\nRed spots on the ankle that itch at night.\n\n{line}\n"
    article = parse_article("a", text, kind="markdown")
    assert article.sections[-1].text == "Red spots on the ankle that itch at night."


@pytest.mark.parametrize(
    "line",
    [
        "By touching wet leaves.",
        "A vaccine was introduced in 1998; it protects most children.",
        "See a doctor at once if the ankle turns blue.",
        "The department of health recommends a vaccine.",
        "In 2020, one in 50 people had it.",
        "Sign of a worse course is fever.",
    ],
)
def test_what_only_looks_like_it_stays(line: str) -> None:
    article = parse_article("a", f"Ankle rash\n\nCauses\nPlants can set off the rash within hours.\n{line}\n")
    assert line in kept(article)


@pytest.mark.parametrize("heading", ["References", "Sources", "External links", "Related articles", "Disclaimer"])
def test_what_stands_below_some_headings_is_dropped_with_them(heading: str) -> None:
    left_out = f"## {heading}\n\nPond of herons.\n\n- Otters\n\n"
    text = f"# Croup\n\n## Causes\n\nA virus.\n\n{left_out}## Treatment\n\nCool air.\n"
    article = parse_article("a", text, kind="markdown")
    assert fields(article) == {"causes": "A virus.", "treatment": "Cool air."}
    assert "Otters" in {dropped.text for dropped in article.dropped}


def test_a_sentence_in_bold_is_no_heading() -> None:
    text = "# Croup\n\n## Symptoms\n\nA barking cough.\n\n**Go to hospital if your child cannot breathe.**\n"
    article = parse_article("a", text, kind="markdown")
    assert fields(article)["symptoms"] == "A barking cough.\nGo to hospital if your child cannot breathe."


def test_bold_lead_ins_of_a_list_belong_to_the_field_of_the_list() -> None:
    text = (
        "# Thrush\n\n## Causes\n\n- **Medicines.** Antibiotics clear the mouth.\n- **Diabetes.** Sugar feeds yeast.\n"
    )
    assert set(fields(parse_article("a", text, kind="markdown"))) == {"causes"}


def test_a_subhead_goes_on_with_the_question_before_it() -> None:
    text = (
        "Croup\n\nHow is croup treated?\nWith cool air.\n\nWorse nights\n"
        "Steam has been used for a very long time, and does no harm where it is not hot.\n\n"
        "Who is affected by croup, and does it come back in the brothers and sisters of children who had it once?\n"
        "Mostly the youngest."
    )
    read = fields(parse_article("a", text))
    assert read == {"treatment": read["treatment"], "overview": "Mostly the youngest."}
    assert "Steam" in " ".join(section.text for section in parse_article("a", text).sections[:-1])


def test_a_wider_heading_counts_again_after_a_deeper_one() -> None:
    text = "# Croup\n## Treatment\n### Air\nCool.\n#### Symptoms\nCough.\n### Rest\nSleep.\n"
    sections = parse_article("a", text, kind="markdown").sections
    assert [(section.kind, section.text) for section in sections] == [
        ("treatment", "Cool."),
        ("symptoms", "Cough."),
        ("treatment", "Sleep."),
    ]


def test_wiki_headings_and_callouts() -> None:
    wiki = parse_article("a", "Croup\n\nCroup is a cough.\n\n== Causes ==\nA virus.\n\n=== Season ===\nAutumn.\n")
    assert [(section.heading, section.text) for section in wiki.sections][1:] == [
        ("Causes", "A virus."),
        ("Season", "Autumn."),
    ]
    note = parse_article("a", "# Croup\n\n> [!tip]- Treatment\n> Give [[steam|cool air]].\n", kind="markdown")
    assert fields(note) == {"treatment": "Give cool air."}


@pytest.mark.parametrize(
    ("kind", "text", "title"),
    [
        ("text", "7 Thyroid Storm\n\nIt is rare.", "Thyroid Storm"),
        ("text", "Hearing Tests\n\nHearing tests show what a person hears.", "Hearing Tests"),
        ("text", "pale ear syndrome\n\nPale ear syndrome is rare.", "Pale ear syndrome"),
        ("markdown", "---\ntitle: Thyroid Storm | River Clinic\n---\nIt is rare.", "Thyroid Storm"),
        ("html", "<title>Pale Ears</title><h1>Ear Center</h1><h2>Pale Ears</h2><p>They are rare.</p>", "Pale Ears"),
    ],
)
def test_titles(kind: RawKind, text: str, title: str) -> None:
    assert parse_article("a", text, kind=kind).title == title


def test_a_sister_of_the_condition_is_no_other_name() -> None:
    text = "Otter river fever (ORF)\n\nIt is like Heron river fever (HRF), but starts within days."
    assert parse_article("a", text).names == ("ORF",)


def test_what_is_left_out_below_a_heading_ends_where_prose_goes_on() -> None:
    prose = (
        "The swelling of the larynx is worst in the second night. Most children sleep through it, but their parents "
        "seldom do, and a doctor who calls in the morning finds nothing at all."
    )
    text = f"# Croup\n\n## Symptoms\n\nA barking cough.\n\n### Further reading\n\n- Otters\n\n{prose}\n"
    assert prose in kept(parse_article("a", text, kind="markdown"))
    box = f"# Croup\n\n## Symptoms\n\nA barking cough.\n\n**Related articles**\n\nOtters\n\n{prose}\n"
    article = parse_article("a", box, kind="markdown")
    assert prose in kept(article) and "Otters" not in kept(article)
