import pytest

from indexer.articles.header import (
    HeaderField,
    code_in_title,
    code_inside,
    header_fields,
    meta_code,
    meta_reviewed,
    reviewed_in,
    segments_of,
)


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
    assert code_inside("Vitamin B12 and M10.9 hurt") is None
    assert code_in_title("Gout, left knee (M10.062)") == "M10.062"
    assert code_in_title("Gout, left knee (common)") is None
