import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.knowledge import body_sites, conditions, icd10
from indexer.knowledge.coded_names import CodeMatch


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        ("M86.341", "Chronic multifocal osteomyelitis"),
        ("M86.39", "Chronic multifocal osteomyelitis"),
        ("M17.0", "Primary osteoarthritis"),
        ("M17.11", "Primary osteoarthritis"),
        ("M18.12", "Primary osteoarthritis"),
        ("M19.011", "Primary osteoarthritis"),
        ("L03.011", "Cellulitis"),
        ("L03.211", "Cellulitis"),
        ("L89.612", "Pressure ulcer, stage 2"),
        ("M88.1", "Osteitis deformans"),
        ("M88.811", "Osteitis deformans"),
        ("S52.531A", "Colles' fracture of radius"),
        ("S72.001A", "Fracture of neck of femur"),
        ("S93.402", "Sprain of ankle"),
        ("T23.261A", "Burn of second degree"),
        ("C44.311", "Basal cell carcinoma of skin"),
        ("C43.71", "Malignant melanoma"),
        ("M75.01", "Adhesive capsulitis of shoulder"),  # the table has it nowhere else
        ("C34.11", "Malignant neoplasm of upper lobe, bronchus or lung"),
        ("C50.121", "Malignant neoplasm of central portion of male breast"),
        ("N20.0", "Calculus of kidney"),
        ("C00.4", "Malignant neoplasm of lower lip, inner aspect"),
        ("K75.0", "Abscess of liver"),
        ("M25.561", "Pain in knee"),
        ("M46.22", "Osteomyelitis of vertebra"),
        ("M43.27", "Fusion of spine"),
        ("M21.021", "Valgus deformity, not elsewhere classified"),
        ("M08.911", "Juvenile arthritis"),
        ("M05.742", "Rheumatoid arthritis with rheumatoid factor without organ or systems involvement"),
        ("I50.1", "Left ventricular failure"),
        ("I44.7", "Left bundle-branch block"),
        ("K51.50", "Left sided colitis without complications"),
        ("O14.03", "Mild to moderate pre-eclampsia"),
        ("F03.90", "Dementia, without behavioral disturbance, psychotic disturbance, mood disturbance, and anxiety"),
        ("S39.011", "Strain of muscle, fascia and tendon of abdomen"),
        ("Q65.01", "Congenital dislocation of hip"),
        ("M54.31", "Sciatica"),
    ],
)
def test_of_code(code: str, condition: str) -> None:
    assert conditions.of_code(code) == condition


@pytest.mark.parametrize(
    ("title", "code", "match", "condition"),
    [
        ("Frozen shoulder, right", "M75.01", "exact", "Adhesive capsulitis of shoulder"),
        ("Gout, left ankle and foot", "M10.072", "exact", "Idiopathic gout"),
        ("Migraine with aura", "G43.109", "exact", "Migraine with aura"),
        ("Asthma", "J45.909", "exact", "Asthma"),
        ("ADDISON'S DISEASE", "E27.1", "exact", "Addison's disease"),
        ("Shingles (herpes zoster without complications)", "B02.9", "exact", "Shingles"),
        ("Menkes disease", "E83.09", "exact", "Menkes' disease"),
        ("Splenomegaly", "R16.1", "exact", "Splenomegaly"),
        ("A Chest That Whistles", "J45.909", "exact", "Asthma, uncomplicated"),
        ("Gout of the left ankle", "M10", "parent", "Gout"),
        ("Refractory celiac disease", "K90.0", "parent", "Refractory celiac disease"),
        ("Schizophrenia does not", "F20.9", "inferred", "Schizophrenia"),
        ("Pseudogout of the right wrist", "M11.231", "inferred", "Other chondrocalcinosis"),
        ("Breast cancer in a man", "C50.921", "inferred", "Breast cancer in a man"),
        ("Broken left wrist", None, None, "Broken wrist"),
        ("Trouble, right hand, unspecified", None, None, "Trouble"),
        ("Trouble not otherwise specified", None, None, "Trouble"),
    ],
)
def test_of_article(title: str, code: str | None, match: CodeMatch | None, condition: str) -> None:
    assert conditions.of_article(title, code, match) == condition


def test_inclusion_terms_come_from_wider_codes_of_the_same_condition_only() -> None:
    assert conditions.inclusion_terms("M75.01") == ("Frozen shoulder", "Periarthritis of shoulder")
    assert conditions.inclusion_terms("S52.531A") == conditions.inclusion_terms("S52.531")
    assert "Psoriasis vulgaris" not in conditions.inclusion_terms("L40.1")


@given(st.sampled_from(icd10.codes()))
def test_a_condition_has_no_side_and_is_no_shorter_than_a_word(code: str) -> None:
    condition = conditions.of_code(code)
    assert condition
    assert "  " not in condition
    assert condition == condition.strip(" ,;")
    assert conditions.of_title(condition, icd10.trail(code)[0].code if icd10.trail(code) else None)
    assert body_sites.locate(condition).side is None


@given(st.text(min_size=1, max_size=60))
def test_any_title_has_a_condition(title: str) -> None:
    assert conditions.of_title(title)
