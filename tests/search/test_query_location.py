import pytest

from indexer.search.query_location import locations


def located(text: str) -> dict[str, tuple[str, ...]]:
    words = text.split()
    return {" ".join(words[at] for at in place.positions): place.values for place in locations(words)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("osteomyelitis right hand", {"hand": ("hand",), "right": ("right",)}),
        ("ulcers of both lower legs", {"lower legs": ("lower-leg",), "both": ("bilateral",)}),
        ("sciatica left", {"left": ("left",)}),
        ("knee pain left", {"knee": ("knee",), "left": ("left",)}),
        ("right heart failure", {"heart": ("heart",)}),
        ("left untreated", {}),
        ("bone inflammation", {}),
        ("", {}),
    ],
)
def test_places_and_their_sides_are_found(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert located(text) == expected
