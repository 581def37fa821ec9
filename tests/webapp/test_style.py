"""The colours can be read: WCAG 2.2 contrast at AAA of every pair that text is set in, light and dark."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

import webapp
from webapp import assets

STYLE = assets.load()["style.css"].decode()
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{\n(.*?)\n\s*\}", STYLE, re.DOTALL)[:2]
)
TEXT = [
    *((ink, ground) for ink in ("ink", "soft", "accent", "warn") for ground in ("paper", "raised", "sunken")),
    ("accent-strong", "paper"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ink", "tint"),
    ("accent", "tint"),
    ("soft", "tint"),
    ("mark-ink", "mark"),
    ("warn", "warn-tint"),
    ("ink", "warn-tint"),
]
SHAPES = [("focus", "paper"), ("focus", "sunken"), ("edge", "raised"), ("edge", "sunken"), ("accent", "heat-2")]
# The line between areas of the body map stands out from every fill, and so does the fill of a selected area.
SHAPES += [("accent-strong", fill) for fill in ("empty", "heat-1", "heat-2", "heat-3", "heat-4", "paper", "raised")]
SHAPES += [("focus", "raised")]


def luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("pair", "least"), [*((pair, 7.0) for pair in TEXT), *((pair, 3.0) for pair in SHAPES)])
def test_contrast(scheme: dict[str, str], pair: tuple[str, str], least: float) -> None:
    assert contrast(scheme[pair[0]], scheme[pair[1]]) >= least


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_shades_of_the_body_map_can_be_told_apart(scheme: dict[str, str]) -> None:
    for one, next_one in pairwise(("empty", "heat-1", "heat-2", "heat-3", "heat-4")):
        assert contrast(scheme[one], scheme[next_one]) >= 1.3, next_one


def test_both_schemes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()


def one_sided(style: str) -> list[str]:
    """The declarations that name the left or the right, where `start` and `end` follow the direction of the text."""
    found = []
    for declaration in re.split(r"[;{}]", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)):
        name, _, value = declaration.strip().partition(":")
        values = re.findall(r"(?:[^\s()]|\([^)]*\))+", value)
        corners = name == "border-radius" and len(set(values)) > 1
        sides = name in {"margin", "padding", "inset", "border-width"} and len(values) == 4 and values[1] != values[3]
        if corners or sides or {"left", "right"} & {*name.split("-"), *values}:
            found.append(declaration.strip())
    return found


@pytest.mark.parametrize(
    ("style", "found"),
    [
        ("a { margin-inline: 1px 2px; inset-inline-start: 0; text-align: end }", 0),
        ("a { padding: 1px 2px 3px 2px; margin: calc(1px + 2px) 0 auto }", 0),
        ("a { margin-left: 1px }", 1),
        ("a { left: 0; text-align: right }", 2),
        ("a { padding: 0 1rem 0 0 }", 1),
        ("a { border-radius: 4px 0 0 4px }", 1),
    ],
)
def test_what_is_one_sided(style: str, found: int) -> None:
    assert len(one_sided(style)) == found


def test_styles_follow_the_direction_of_the_text() -> None:
    assert one_sided(STYLE) == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    for file in Path(webapp.__file__).parent.rglob("*.*"):
        if file.suffix in {".css", ".js", ".html", ".svg"}:
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"@import|\burl\((?!#)|(?:src|href)=[\"'](?:https?:)?//", text), file


def test_two_rooms_do_not_give_one_class_two_meanings() -> None:
    """The sheets are joined: a class that one of them lays out would change the pages of the other."""
    places: dict[str, set[str]] = {}
    for sheet in (assets.FOLDER / "style").glob("*.css"):
        text = re.sub(r"/\*.*?\*/|@media print \{.*?\n\}", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for selectors in re.findall(r"(?m)^\s*([^{}@;]+)\{[^{}]*(?:display|columns|position)", text):
            for name in re.findall(r"(?:^|,)\s*\.([\w-]+)\s*(?=,|$)", selectors.strip()):
                places.setdefault(name, set()).add(sheet.name)
    shared = {"base.css", "print.css", "filters.css"}  # filters are a part of the results page
    assert {name: sheets for name, sheets in places.items() if len(sheets - shared) > 1} == {}
