import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.knowledge import icd10
from indexer.knowledge.announced_names import announced


@pytest.mark.parametrize(
    ("opening", "code"),
    [
        ("The screen blurs, then half the head throbs. Days like this are typical of migraine.", "G43.909"),
        ("A locked finger that springs open with a click: doctors call it trigger finger.", "M65.30"),
        ("Salt pulls water along. In cystic fibrosis this pump is out of order.", "E84.9"),
        (
            "Typing all day, gripping all night, and then the thumb hurts. This is de Quervain disease, a sore sheath.",
            "M65.4",
        ),
        ("Roofers and gardeners are prone to prepatellar bursitis when they kneel.", "M70.4"),
        ("In primary osteoarthritis affecting both knees, the cartilage wears away.", "M17.0"),
        ("Queens had it too, but gout is no disease of the rich.", "M10.9"),
        ("Nearly half of all kidney cancers are found by chance.", "C64"),
        ("People with diabetes and asthma are at risk, and stress makes it worse.", None),
        ("The word cold has many meanings. Fever is a sign of it.", None),
        ("", None),
    ],
)
def test_the_disease_that_an_opening_announces(opening: str, code: str | None) -> None:
    coding = announced(opening)
    assert (coding.code if coding else None) == code


@given(st.text(max_size=200))
def test_any_opening_announces_a_code_of_the_table_or_none(opening: str) -> None:
    coding = announced(opening)
    assert coding is None or icd10.exists(coding.code)
