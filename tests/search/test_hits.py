"""Which article of a condition leads, and which words a hit is said to lack."""

import pytest

from indexer import Library, Page
from indexer.results import Hit

BY_CONDITION = Page(limit=10, collapse=True)


def hit_on(library: Library, text: str, condition: str) -> Hit:
    hits = library.search(text, page=BY_CONDITION).hits
    return next(hit for hit in hits if hit.document.condition == condition)


@pytest.mark.parametrize(
    ("text", "condition", "id"),
    [
        ("osteomyelitis hand", "Chronic multifocal osteomyelitis", "chronic-multifocal-osteomyelitis-right-hand"),
        ("gout knee", "Idiopathic gout", "idiopathic-gout-left-knee"),
        ("gout right", "Idiopathic gout", "idiopathic-gout-right-hand"),
        ("sciatica left", "Sciatica", "sciatica-left-side"),
        ("sciatica right", "Sciatica", "sciatica-right-side"),
        (
            "collarbone swelling pain",
            "Chronic multifocal osteomyelitis",
            "chronic-multifocal-osteomyelitis-right-shoulder",  # the collarbone is part of the shoulder
        ),
    ],
)
def test_the_article_about_the_stated_place_leads_its_condition(
    corpus_library: Library, text: str, condition: str, id: str
) -> None:
    assert hit_on(corpus_library, text, condition).document.id == id


def test_conditions_stay_in_the_order_of_their_best_articles(corpus_library: Library) -> None:
    whole = corpus_library.search("osteomyelitis right hand", page=Page(limit=100)).hits
    by_condition = corpus_library.search("osteomyelitis right hand", page=BY_CONDITION).hits
    order = list(dict.fromkeys(hit.document.condition for hit in whole))
    assert [hit.document.condition for hit in by_condition] == order[: len(by_condition)]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("osteitis deformans thigh right", "osteitis-deformans-of-right-thigh"),
        ("osteitis deformans femur right", "osteitis-deformans-of-right-thigh"),
        ("chronic multifocal osteomyelitis left thigh", "chronic-multifocal-osteomyelitis-left-femur"),
        ("age-related nuclear cataract both", "age-related-nuclear-cataract-bilateral"),
    ],
)
def test_no_word_is_missing_that_site_or_side_say(corpus_library: Library, text: str, id: str) -> None:
    hits = corpus_library.search(text, page=BY_CONDITION).hits
    assert next(hit for hit in hits if hit.document.id == id).missing == ()


def test_another_side_is_missing(corpus_library: Library) -> None:
    hit = hit_on(corpus_library, "idiopathic gout right foot", "Idiopathic gout")
    assert (hit.document.id, hit.missing) == ("idiopathic-gout-left-ankle-and-foot", ("right",))


def test_stated_places_come_first_in_a_group(corpus_library: Library) -> None:
    group = hit_on(corpus_library, "osteomyelitis hand", "Chronic multifocal osteomyelitis").group
    assert [(each.value, each.selected) for each in group.sites[:2]] == [("hand", True), (group.sites[1].value, False)]
    assert not any(each.selected for each in group.sides)


def test_a_hit_knows_the_fields_that_match(corpus_library: Library) -> None:
    hit = corpus_library.search("gout crystals", page=BY_CONDITION).hits[0]
    assert hit.document.condition == "Idiopathic gout"
    assert hit.matched[0] == "title"
    assert set(hit.matched[1:]) <= {"names", *(snippet.field for snippet in hit.snippets)}
    assert corpus_library.search("", page=BY_CONDITION).hits[0].matched == ()
