import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.knowledge import condition_mentions


def name_of(*paragraphs: str, teasers: tuple[str, ...] = ()) -> str | None:
    subject = condition_mentions.subject(paragraphs, teasers)
    return subject.name if subject else None


@pytest.mark.parametrize(
    ("paragraph", "name"),
    [
        ("A long winter, a cough, a sleepless night: pneumonia often begins so.", "Pneumonia"),
        ("Farmers know it well. In plantar fasciitis the first steps of the day hurt.", "Plantar fasciitis"),
        ("Nobody likes to talk about it. Doctors call it psoriasis, and it is common.", "Psoriasis"),
        ("The tale is old, and gout is its name. Unlike rheumatoid arthritis, it comes overnight.", "Gout"),
        ("The screen blurs, then half the head throbs. Days like this are typical of migraine.", "Migraine"),
        ("A locked finger that springs open with a click: doctors call it trigger finger.", "Trigger finger"),
        ("Salt pulls water along. In cystic fibrosis this pump is out of order.", "Cystic fibrosis"),
        ("Typing all day, then the thumb hurts. This is de Quervain disease, a sore sheath.", "De Quervain disease"),
        ("Roofers are prone to prepatellar bursitis when they kneel.", "Prepatellar bursitis"),
        ("In primary osteoarthritis affecting both knees, the cartilage wears away.", "Primary osteoarthritis"),
        ("Queens had it too, but gout is no disease of the rich.", "Gout"),
        ("Nearly half of all kidney cancers are found by chance.", "Kidney cancers"),
    ],
)
def test_a_condition_that_is_named_late_in_the_first_paragraph_is_found(paragraph: str, name: str) -> None:
    assert name_of(paragraph) == name


@pytest.mark.parametrize(
    ("paragraphs", "name"),
    [
        (
            ("Heads turn in the street.", "That stare is the hallmark of Graves' disease. Eyes bulge."),
            "Graves' disease",
        ),
        (("A bruise that never was: one of the commonest reasons for visits is nosebleed.",), "Nosebleed"),
        (("Among the oldest causes of croup is a virus.", "It barks at night."), "Croup"),
        (
            ("The village has a map of Kawasaki disease. It was drawn in Japan.", "Red eyes are usual, and rash too."),
            "Kawasaki disease",
        ),
        (
            ("Nobody saw it. This is the leaflet on systemic sclerosis, SSc for short, and its care.",),
            "Systemic sclerosis",
        ),
        (("School has written again: two more with hand, foot and mouth disease.",), "Hand, foot and mouth disease"),
        (
            ("Children with Turner syndrome are short.", "Deafness is common.", "Hypothyroidism is found in a third."),
            "Turner syndrome",
        ),
    ],
)
def test_a_disease_named_in_passing_is_the_condition_before_later_signs(paragraphs: tuple[str, ...], name: str) -> None:
    assert name_of(*paragraphs) == name


@pytest.mark.parametrize(
    "paragraph", ["The sky turned as red as skin after the sun.", "A tear fell from a slap in the face."]
)
def test_words_that_only_share_the_terms_of_a_name_are_none(paragraph: str) -> None:
    assert name_of(paragraph) is None


def test_a_teaser_names_the_condition() -> None:
    teaser = "Olecranon bursitis, right elbow, is a swelling. Your doctor may..."
    assert name_of("Students lean on their desks for hours.", teasers=(teaser,)) == "Olecranon bursitis"


@pytest.mark.parametrize(
    "paragraph",
    [
        "Many people wonder what to eat. Fruit is good.",
        "It may be mistaken for gout.",
        "Asthma, gout, psoriasis and migraine are common.",
        "",
    ],
)
def test_compared_and_listed_diseases_are_not_the_subject(paragraph: str) -> None:
    assert name_of(paragraph) is None


def test_an_adjective_before_a_name_belongs_to_it() -> None:
    assert name_of("When germs reach bone the result is acute osteomyelitis.") == "Acute osteomyelitis"


@given(st.lists(st.text(max_size=200), max_size=3))
def test_any_text_has_one_subject_or_none(paragraphs: list[str]) -> None:
    subject = condition_mentions.subject(paragraphs, ())
    assert subject is None or subject.name
