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


@pytest.mark.parametrize(
    ("title", "text", "shown"),
    [
        ("Chronic Non-Hodgkin Lymphoma", "Many a non-Hodgkin lymphoma grows slowly.", "Chronic non-Hodgkin lymphoma"),
        ("Acute Palsy (Guillain-Barré Syndrome)", "Guillain-Barré syndrome.", "Acute palsy (Guillain-Barré syndrome)"),
        ("Lung Disease (COPD)", "COPD is a disease of smokers.", "Lung disease (COPD)"),
        ("COPD AND SMOKING", "COPD is a disease of smokers.", "COPD and smoking"),
        ("Thickened Palm [Dupuytren]", "A thickened palm (Dupuytren) is common.", "Thickened palm [Dupuytren]"),
        ("Macular Disease, Age-Related", "Age-related disease.", "Macular disease, age-related"),
    ],
)
def test_names_and_abbreviations_are_known_wherever_they_stand(title: str, text: str, shown: str) -> None:
    assert sentence_case(title, [text]) == shown


def test_another_title_in_capitals_tells_nothing_of_capitals() -> None:
    assert sentence_case("Frozen Shoulder (Adhesive Capsulitis)", ["Adhesive Capsulitis"]) == (
        "Frozen shoulder (adhesive capsulitis)"
    )
