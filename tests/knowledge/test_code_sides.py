import pytest

from indexer.knowledge import icd10
from indexer.knowledge.code_sides import sides

BOTH = "bilateral"


@pytest.mark.parametrize(
    ("code", "by_side"),
    [
        ("M86.352", {"right": "M86.351", "left": "M86.352", "unspecified": "M86.359"}),
        ("H25.11", {"right": "H25.11", "left": "H25.12", BOTH: "H25.13", "unspecified": "H25.10"}),
        ("G56.00", {"right": "G56.01", "left": "G56.02", BOTH: "G56.03", "unspecified": "G56.00"}),
        ("I82.403", {"right": "I82.401", "left": "I82.402", BOTH: "I82.403", "unspecified": "I82.409"}),
        ("I83.021", {"right": "I83.011", "left": "I83.021", "unspecified": "I83.001"}),  # below different headings
        ("R10.31", {"right": "R10.31", "left": "R10.32"}),
        ("C56.3", {"right": "C56.1", "left": "C56.2", BOTH: "C56.3", "unspecified": "C56.9"}),  # ovary, ovaries
        ("S52.532D", {"right": "S52.531D", "left": "S52.532D", "unspecified": "S52.539D"}),
        ("E11.3511", {"right": "E11.3511", "left": "E11.3512", BOTH: "E11.3513", "unspecified": "E11.3519"}),
    ],
)
def test_sides(code: str, by_side: dict[str, str]) -> None:
    assert dict(sides(code)) == by_side
    assert list(dict(sides(code))) == list(by_side)


@pytest.mark.parametrize("code", ["13", "M86-M90", "M86", "M86.3", "J45.909", "I45.10", "M25.50", "Q22.6"])
def test_codes_without_a_side_have_none(code: str) -> None:
    assert sides(code) == ()


def test_every_code_of_a_group_has_the_same_group() -> None:
    grouped = [code for code in icd10.codes() if code[0] in "HM" and sides(code)]
    assert len(grouped) > 2_000
    for code in grouped:
        assert code in dict(sides(code)).values()
        assert {sides(each) for _, each in sides(code)} == {sides(code)}
