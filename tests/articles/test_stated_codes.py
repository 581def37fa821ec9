import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.header import HeaderField, header_fields
from indexer.articles.reader import parse_article
from indexer.articles.stated_codes import StatedCode, dotted, stated_codes


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("ICD-9: 493.90 ICD-10: J45.909", ["icd10 J45.909", "other 493.90"]),
        ("ICD codes: 571.5 (ICD-9-CM); K74.60 (ICD-10-CM)", ["icd10 K74.60", "other 571.5"]),
        ("ICD-10-CM/ICD-9-CM: K74.60 / 571.5", ["icd10 K74.60", "other 571.5"]),
        ("ICD-10-CM: L40.0, L40.4 and L40.50", ["icd10 L40.0", "icd10 L40.4", "icd10 L40.50"]),
        ("ICD-10-CM: L40.0 (plaques), L40.4 (drops)", ["icd10 L40.0", "icd10 L40.4"]),
        ("ICD-10: M15–M19", ["icd10 M15-M19"]),
        ("ICD-10 codes J40-J44 and J47", ["icd10 J40-J44", "icd10 J47"]),
        (
            "ICD-10 (WHO): M86.3; ICD-10-CM: M86.341; ICD-11: FB84.1; ICD-9-CM: 730.1",
            ["icd10 M86.341", "icd10-who M86.3", "other FB84.1", "other 730.1"],
        ),
        ("ICD-11 5A11 · ICD-10 E11.9", ["icd10 E11.9", "other 5A11"]),
        ("ICD-10: E53.8 Deficiency of vitamin B12", ["icd10 E53.8"]),
        ("ICD-10-CM K51.90: Ulcerative colitis, unspecified", ["icd10 K51.90"]),
        ("ICD implantation at 50", []),
    ],
)
def test_codes_of_a_line(line: str, codes: list[str]) -> None:
    assert [f"{stated.system} {stated.code}" for stated in stated_codes(line)] == codes


def test_header_lines_with_several_codes() -> None:
    assert header_fields("ICD-9: 493.90, ICD-10: J45.909") == (
        HeaderField("code", "J45.909"),
        HeaderField("other-code", "493.90"),
    )
    assert header_fields("Code: S43.014A (ICD-10-CM, initial encounter)") == (HeaderField("code", "S43.014A"),)
    assert header_fields("ICD-11: FA20.0") == (HeaderField("other-code", "FA20.0"),)
    assert header_fields("ICD 120 of 300 patients had one.") == ()


@pytest.mark.parametrize(
    ("header", "code", "codes"),
    [
        ("ICD-9: 493.90\n\nICD-10: J45.909", "J45.909", ("493.90", "J45.909")),
        ("ICD-10 (WHO): J45.9\n\nICD-10-CM: J45.909", "J45.909", ("J45.9", "J45.909")),
        ("ICD-10: J40-J47, J45.909", "J45.909", ("J40-J47", "J45.909")),
        ("ICD-10: J40-J47", "J40-J47", ("J40-J47",)),
        ("ICD-9-CM: 493.90", None, ("493.90",)),
        ("By a doctor.", None, ()),
    ],
)
def test_every_stated_code_is_kept(header: str, code: str | None, codes: tuple[str, ...]) -> None:
    article = parse_article("a", f"Asthma\n\n{header}\n\nAsthma narrows the airways.\n\nSymptoms\nWheezing.\n")
    assert (article.code, article.codes) == (code, codes)


def test_codes_that_come_with_an_article() -> None:
    article = parse_article("a", "Asthma\n\nAsthma narrows the airways.", code="j45.909, j45.998")
    assert (article.code, article.codes) == ("J45.909", ("J45.909", "J45.998"))


def test_dotted() -> None:
    assert dotted("s43014a") == "S43.014A"
    assert dotted("m80–m82") == "M80-M82"
    assert dotted("487.1") == "487.1"


@given(st.text(alphabet="ICD-1019 MJ.5()[],;:/–acemorw\n", max_size=120))
def test_any_line_states_codes_or_none(line: str) -> None:
    codes = stated_codes(line)
    assert len(set(codes)) == len(codes)
    assert all(isinstance(each, StatedCode) and each.code for each in codes)


@pytest.mark.parametrize(
    "line",
    ["m10 ICD-10: M10.9", "m80-m82, ICD-10: M80-M82", "fa20.0 and 1e32, ICD-10-CM code: M10.9", "487.1x ICD-9: 487.1"],
)
def test_what_only_begins_like_a_code_is_passed_over(line: str) -> None:
    assert stated_codes(line)
