import pytest

from indexer.articles.header import (
    HeaderField,
    code_in_title,
    code_inside,
    fields_behind_name,
    header_fields,
    meta_code,
    meta_reviewed,
    reviewed_in,
    segments_of,
)
from indexer.articles.model import RawKind
from indexer.articles.reader import parse_article


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("ICD-10 code: M61.16", "M61.16"),
        ("ICD-10-CM: M65.4", "M65.4"),
        ("ICD-10 Code T78.01XA", "T78.01XA"),
        ("ICD-10-CM code: S06.0X0A (initial encounter)", "S06.0X0A"),
        ("Code: S43.014A (ICD-10-CM, initial encounter)", "S43.014A"),
        ("Code M17.12 (ICD-10-CM)", "M17.12"),
        ("ICD10: m8634", "M86.34"),
        ("ICD-10-CM K51.90: Ulcerative colitis, unspecified", "K51.90"),
        ("Diagnosis code: I10", "I10"),
        ("Code: ICD-10-CM O91.23 (nonpurulent mastitis associated with lactation)", "O91.23"),
        ("Diagnosis code: ICD-10-CM K35.80", "K35.80"),
        ("Codes: ICD-10-CM L40.0, L40.4", "L40.0"),
        ("A37.90 in ICD-10-CM, whooping cough, unspecified species, without pneumonia", "A37.90"),
        ("M05.772", "M05.772"),
        ("L40.0 psoriasis vulgaris", "L40.0"),
        ("Chapter 13: Diseases of the musculoskeletal system. ICD-10 code: M70.61", "M70.61"),
    ],
)
def test_code_lines(line: str, code: str) -> None:
    assert header_fields(line)[:1] == (HeaderField("code", code),)


@pytest.mark.parametrize(
    "line",
    [
        "Code red is called when a patient collapses.",
        "Codeine 30 mg is given at night.",
        "ICD implantation is considered in some patients.",
        "B12 deficiency is a common cause of fatigue in older people, and of tingling feet besides that.",
        "Causes",
        "Updated treatment guidelines recommend less surgery.",
    ],
)
def test_lines_of_text_state_nothing(line: str) -> None:
    assert header_fields(line) == ()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Malignant neoplasm of cervix uteri, unspecified: ICD-10-CM C53.9", "C53.9"),
        ("Unspecified injury of head, initial encounter (ICD-10-CM: S09.90XA)", "S09.90XA"),
        ("Gastro-esophageal reflux disease without esophagitis, ICD-10-CM K21.9", "K21.9"),
        ("Essential hypertension – ICD-10: I10", "I10"),
        ("Low back pain [ICD-10-CM M54.50]", "M54.50"),
        ("Burn (T30.0 in ICD-10-CM)", "T30.0"),
        ("Listed under ICD-10-CM M54.50, low back pain", "M54.50"),
        ("Its ICD-10-CM code: N39.0", "N39.0"),
    ],
)
@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_a_code_behind_a_name_below_the_title(kind: RawKind, line: str, code: str) -> None:
    assert [field.value for field in fields_behind_name(line)] == [code]
    title = "# A condition" if kind == "markdown" else "A condition"
    line = f"**{line}**" if kind == "markdown" else line
    article = parse_article("a", f"{title}\n\n{line}\n\nIt hurts for a week and then goes away by itself.\n", kind=kind)
    assert (article.title, article.code) == ("A condition", code)
    assert [each.reason for each in article.dropped] == ["title line", "code line"]


@pytest.mark.parametrize(
    "line",
    [
        "Doctors are told to write ICD-10-CM M54.50",
        "Patients with an ICD, B12 deficiency",
        "Some causes: an ICD, a pacemaker",
        "It hurts. The code is ICD-10-CM M54.50",
    ],
)
def test_no_code_behind_a_name(line: str) -> None:
    assert fields_behind_name(line) == ()


def test_a_title_that_ends_in_its_code() -> None:
    for title in ("Gout (ICD-10-CM: M10.9)", "Gout: ICD-10-CM M10.9"):
        article = parse_article("a", f"{title}\n\nGout is a painful form of arthritis that comes in attacks.\n")
        assert (article.title, article.code) == ("Gout", "M10.9")


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Date of last review: October 2026.", "2026-10"),
        ("Date of review: 12 January 2026", "2026-01-12"),
        ("Last medically reviewed: 3 May 2026", "2026-05-03"),
        ("Date of the last medical review: May 2026", "2026-05"),
        ("Latest medical review: 2 May 2026", "2026-05-02"),
        ("Most recently reviewed 2026-05-02", "2026-05-02"),
        ("This leaflet was last reviewed in May 2026.", "2026-05"),
        ("This information has been reviewed: May 2026", "2026-05"),
        ("Content was last checked on 3 May 2026", "2026-05-03"),
        ("Article reviewed by two doctors in May 2026", "2026-05"),
        ("Clinical review: May 2026", "2026-05"),
        ("Date last reviewed: 05/2026", "2026-05"),
        ("Date of the last update: 4 June 2026", "2026-06-04"),
    ],
)
def test_dates_of_reviews(line: str, date: str) -> None:
    assert header_fields(line) == (HeaderField("reviewed", date),)


@pytest.mark.parametrize(
    "line", ["Next review: May 2028", "Date of next review: May 2028", "Last month, in May 2020, the test was checked"]
)
def test_other_dates(line: str) -> None:
    assert header_fields(line) == ()


def test_a_date_of_a_review_behind_other_text() -> None:
    article = parse_article("a", "Gout\n\nGout is a painful form of arthritis. Last reviewed: 3 May 2026.\n")
    assert (article.reviewed, article.sections[0].text) == ("2026-05-03", "Gout is a painful form of arthritis.")


def test_other_lines() -> None:
    assert header_fields("Chapter: Diseases of the circulatory system") == (HeaderField("chapter", ""),)
    assert header_fields("Last reviewed: March 2026") == (HeaderField("reviewed", "2026-03"),)
    assert header_fields("Last reviewed: 31 February 2026") == (HeaderField("reviewed", ""),)
    assert header_fields("Also called: podagra; gouty arthritis") == (HeaderField("names", "podagra; gouty arthritis"),)
    assert header_fields("ICD-10 code: H81.01. Synonyms: hydrops.") == (
        HeaderField("code", "H81.01"),
        HeaderField("names", "hydrops"),
    )


def test_segments() -> None:
    assert segments_of("Reviewed May 2026 · 4 min read") == ["Reviewed May 2026", "4 min read"]
    assert segments_of("Pain/swelling") == []


def test_dates_of_reviews_within_text() -> None:
    assert reviewed_in("© 2026 Hand Pages. Last updated February 2026.") == "2026-02"
    assert reviewed_in("It was discovered in May 2020.") is None


def test_meta() -> None:
    assert meta_code({"icd10cm": "i21.19", "keywords": "I21.19"}) == "I21.19"
    assert meta_code({"og:title": "A10 road"}) is None
    assert meta_reviewed({"article:modified_time": "2026-01-02T09:00Z"}) == "2026-01-02"
    assert meta_reviewed({"reviewed": "2026-02-31", "last-modified": "2 March 2026"}) == "2026-03-02"


def test_codes() -> None:
    assert code_inside("Gout (ICD-10-CM code M10.9) hurts") == "M10.9"
    assert code_inside("Gout, M10.9 in ICD-10-CM, hurts") == "M10.9"
    assert code_inside("Vitamin B12 and M10.9 hurt") is None
    assert code_in_title("Gout, left knee (M10.062)") == "M10.062"
    assert code_in_title("Gout, left knee (common)") is None
