"""The body as it is drawn, from `body_map.toml`: shapes for sites, landmarks, an outline; an adult's or a child's.

What does not depend on a search is made once: a page has a hundred and eighty areas.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from math import copysign
from typing import Any, Final

from markupsafe import Markup

from indexer.knowledge import body_sites

_MIRROR: Final = Markup(' transform="scale(-1 1)"')
_CLIPPED: Final = Markup(' clip-path="url(#b)"')
_BASELINE: Final = 16  # of a letter, below the top of its button
_NECK: Final = 80  # the height at which a drawing has the lower end of its neck
_WIDER_HEAD: Final = 3  # how much further out the buttons of a child's head are
_PAIR: Final = re.compile(r"(-?[\d.]+)[ ]?(-?[\d.]+)")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn for a site in one view or in both, at the reader's right; paths are those of SVG.

    `target` is where a finger may land, `button` the text, x, y and width of a labelled target, and `line` leads from
    it to the area: x, y, x, y.
    """

    id: int
    site: str
    label: str
    view: str
    midline: bool
    outside: bool
    path: str
    target: str
    button: tuple[str, float, float, float] | None
    line: tuple[float, ...]

    def svg(self, mirrored: bool, labelled: bool) -> Markup:
        """The shape, at the reader's left if `mirrored`, with its button if it has one and is `labelled`."""
        mirror = _MIRROR if mirrored else ""
        used = Markup('<use href="#b{}"{}/>').format(self.id, mirror)
        if not (self.button and labelled):
            return used
        text, x, y, width = self.button
        left = -x - width if mirrored else x
        line = Markup('<path class="l" d="M{} {}L{} {}"{}/>').format(*self.line, mirror)
        button = Markup('<rect x="{}" y="{}" width="{}" height="25" rx="4"/>').format(left, y, width)
        letters = Markup('<text class="b" x="{}" y="{}" aria-hidden="true">{}</text>').format(
            left + width / 2, y + _BASELINE, text
        )
        return used + line + button + letters


@dataclass(frozen=True)
class Drawing:
    """A body in its proportions: the outline of one half, landmarks by view, and shapes in the order of painting."""

    outline: str
    bones: Mapping[str, str]
    shapes: tuple[Shape, ...]

    @cached_property
    def definitions(self) -> Markup:
        """The outline and each shape once, which `Shape.svg` uses."""
        half = Markup('<clipPath id="b"><path id="bh" d="{}"/><use href="#bh"{}/></clipPath>').format(
            self.outline[:-1], _MIRROR
        )
        return half + Markup("").join(map(_definition, self.shapes))


def _definition(shape: Shape) -> Markup:
    target = Markup('<path class="t" d="{}"/>').format(shape.target) if shape.target else ""
    clipped = "" if shape.outside else _CLIPPED
    return Markup('<g id="b{}">{}<path{} d="{}"/></g>').format(shape.id, target, clipped, shape.path)


@cache
def draw(child: bool) -> Drawing:
    """The body of an adult, or with the proportions of a child."""
    entries = _entries()
    warp = _warp(entries["child"]) if child else lambda x, y: (x, y)

    def path(text: str) -> str:
        return _PAIR.sub(lambda pair: _joined(*warp(float(pair[1]), float(pair[2]))), text) if child else text

    def beside(x: float, y: float) -> tuple[float, float]:
        """A point beside the body: beside the head its height stays, for there is no room for more."""
        if y > _NECK:
            return x, warp(0, y)[1]
        return x + (copysign(_WIDER_HEAD, x) if child else 0), y

    def button(entry: Mapping[str, Any]) -> tuple[str, float, float, float] | None:
        if "button" not in entry:
            return None
        text, x, y, width = entry["button"]
        return text, *beside(x, y), width

    def line(entry: Mapping[str, Any]) -> tuple[float, ...]:
        if "line" not in entry:
            return ()
        x, y, *end = entry["line"]
        return (*beside(x, y), *warp(*end))

    shapes = (
        Shape(
            id,
            entry["site"],
            entry.get("label") or body_sites.label(entry["site"]),
            entry["view"],
            entry.get("midline", False),
            entry.get("outside", False),
            path(entry["path"]),
            path(entry.get("target", "")),
            button(entry),
            line(entry),
        )
        for id, entry in enumerate(entries["areas"])
    )
    return Drawing(path(entries["body"]), {name: path(text) for name, text in entries["bones"].items()}, tuple(shapes))


def is_about_child(text: str) -> bool:
    """Whether words speak of a child."""
    return not set(_entries()["child_words"].split()).isdisjoint(re.findall(r"[a-z]+", text.lower()))


@cache
def _entries() -> Mapping[str, Any]:
    return tomllib.loads(files("webapp").joinpath("body_map.toml").read_text(encoding="utf-8"))


def _warp(lines: Iterable[tuple[float, float, float]]) -> Callable[[float, float], tuple[float, float]]:
    """Moves points of an adult to those of a child, linear between the lines."""

    def moved(x: float, y: float) -> tuple[float, float]:
        for (y0, to0, wide0), (y1, to1, wide1) in pairwise(lines):
            if y <= y1:
                part = (y - y0) / (y1 - y0)
                return round(x * (wide0 + part * (wide1 - wide0)), 1), round(to0 + part * (to1 - to0), 1)
        return x, y

    return moved


def _joined(x: float, y: float) -> str:
    return f"{x:g}{y:g}" if y < 0 else f"{x:g} {y:g}"


@cache
def drawn_parts(site: str) -> tuple[str, ...]:
    """The sites of shapes that are parts of the site."""
    return tuple(each for each in drawn_sites() if site in body_sites.ancestors(each))


@cache
def drawn_sites() -> frozenset[str]:
    """The sites of all shapes."""
    return frozenset(shape.site for shape in draw(child=False).shapes)
