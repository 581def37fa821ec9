import pytest

from indexer.query.tag_values import exact_value, tag_values


@pytest.mark.parametrize(
    "field, typed, values",
    [
        ("site", "hand", ("hand",)),
        ("site", "Hands", ("hand",)),
        ("site", "Upper Limb", ("upper-limb",)),
        ("site", "collarbone", ("clavicle",)),
        ("site", "belly", ("abdomen",)),
        ("site", "backside", ("buttock",)),
        ("site", "hand pain", ()),
        ("side", "R", ("right",)),
        ("side", "Left side", ("left",)),
        ("side", "both", ("bilateral",)),
        ("side", "up", ()),
        ("chapter", "13", ("13",)),
        ("chapter", "IX", ("9",)),
        ("chapter", "chapter 4", ("4",)),
        ("chapter", "musculoskeletal", ("13",)),
        ("chapter", "23", ()),
        ("condition", "gout", ()),
    ],
)
def test_values_are_named_as_people_name_them(field: str, typed: str, values: tuple[str, ...]) -> None:
    assert tag_values(field, typed) == values


def test_any_text_has_a_value_of_its_own() -> None:
    assert exact_value("site", "Third Eye") == "third-eye"
    assert exact_value("code", "M86.3") == "m863"
