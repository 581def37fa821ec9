import pytest

from indexer.text.title_case import sentence_case

TEXT = "In Crohn's disease the small intestine is inflamed. An MRI helps; type II is rare, and so is vitamin B12 loss."


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Crohn's Disease of Small Intestine", "Crohn's disease of small intestine"),
        ("CROHN'S DISEASE", "Crohn's disease"),
        ("Disease, Crohn's Type", "Disease, Crohn's type"),
        ("MRI OF THE SMALL INTESTINE", "MRI of the small intestine"),
        ("Small Intestine (MRI Findings)", "Small intestine (MRI findings)"),
        ("Type II Disease", "Type II disease"),
        ("TYPE II DISEASE", "Type II disease"),
        ("Small-Intestine Disease", "Small-intestine disease"),
        ("Vitamin B12 Loss", "Vitamin B12 loss"),
        ("SYMPTOMS", "Symptoms"),
    ],
)
def test_a_title_in_capitals_is_shown_in_sentence_case(title: str, shown: str) -> None:
    assert sentence_case(title, [TEXT]) == shown


@pytest.mark.parametrize(
    "title", ["Crohn's disease", "Gout", "Disease of Crohn", "de Quervain tenosynovitis", "", "100 %"]
)
def test_any_other_title_stays(title: str) -> None:
    assert sentence_case(title, [TEXT]) == title


def test_a_capital_at_the_beginning_of_a_sentence_makes_no_name() -> None:
    assert sentence_case("Acute Palsy", ["Palsy comes overnight. Palsy goes."]) == "Acute palsy"
