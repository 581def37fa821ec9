import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.knowledge import affected_sites, body_sites
from indexer.knowledge.affected_sites import NOWHERE
from indexer.knowledge.body_sites import Side
from indexer.knowledge.site_mentions import Paragraph


def affected(*texts: str, disease: str = "osteomyelitis", own: tuple[str, ...] = ("bones",)) -> affected_sites.Affected:
    paragraphs = [Paragraph(text, is_first=not number) for number, text in enumerate(texts)]
    return affected_sites.affected(paragraphs, disease, own)


@pytest.mark.parametrize(
    ("text", "sites", "side"),
    [
        ("This article is about osteomyelitis of the right hand.", ("hand",), "right"),
        ("The page you are reading deals with osteomyelitis in the left heel.", ("heel",), "left"),
        ("In the case we describe, the left wrist is affected.", ("wrist",), "left"),
        ("Osteomyelitis has settled in both knees.", ("knee",), "bilateral"),
        ("Osteomyelitis of the left tibia and fibula is rare.", ("tibia", "fibula"), "left"),
        ("Osteomyelitis of the jaw follows an infected tooth.", ("jaw",), None),
        ("Pain points to his knee, but the osteomyelitis is in the right femur.", ("femur",), "right"),
    ],
)
def test_the_affected_site_and_side_of_a_first_paragraph(text: str, sites: tuple[str, ...], side: Side | None) -> None:
    assert affected(text).location[:2] == (sites, side)


@pytest.mark.parametrize(
    "text",
    [
        "Osteomyelitis hurts. It may also affect the left shoulder.",
        "Osteomyelitis needs the right antibiotic, and it must not be left untreated.",
        "Osteomyelitis is chronic; on the other hand, it can be cured.",
        "Unlike the right knee, bone elsewhere heals slowly in osteomyelitis.",
        "Blood tests help in osteomyelitis, and pus is drawn from the bone right away.",
        "The right or left tibia may be the seat of osteomyelitis.",
        "",
    ],
)
def test_possibilities_contrasts_and_idioms_tell_no_site_or_side(text: str) -> None:
    assert affected(text).location == NOWHERE.location


def test_a_site_is_told_by_many_casual_mentions() -> None:
    texts = (
        "Bone can be infected.",
        "The right hand swells.",
        "An MRI of the right hand helps.",
        "Rest the right hand.",
    )
    assert affected(*texts).location[:2] == (("hand",), "right")


def test_a_teaser_tells_site_and_side() -> None:
    teaser = Paragraph("Osteomyelitis, left foot, is an infection of bone. Treatment may incl...", is_teaser=True)
    found = affected_sites.affected((teaser, Paragraph("Bone can be infected.", is_first=True)), "osteomyelitis", ())
    assert found.location[:2] == (("foot",), "left")


def test_another_organ_than_that_of_the_disease_does_not_count() -> None:
    text = "In heart failure the liver is tender, and fluid gathers below the right lung."
    assert affected(text, disease="heart failure", own=("heart",)).location == NOWHERE.location


def test_the_side_of_a_disease_of_another_side_is_open() -> None:
    assert affected("Osteomyelitis of the left hand.", "Osteomyelitis of the right hand.").location.side is None


@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from("right left both hand knee of the and , . - not".split())).map(" ".join)
)
def test_any_text_gives_sites_of_the_tree(text: str) -> None:
    assert set(affected(text, text).location.sites) <= set(body_sites.tree())
