"""The outline of a page to numbers: what each block is by itself, among its neighbours, in its elements, in its place.

main_text.py says what the numbers are for, and main_text_trainer.py which of them matter how much. All of them are made
of whole columns, in time that grows with the page.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.articles.page_outline import PageOutline

Floats = NDArray[np.floating]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MIN_PROSE_WORDS: Final = 8
MAX_PROSE_LINKS: Final = 0.34  # share of the words of prose
MAIN_SHARE: Final = 0.6  # of the prose of a page: the main element is the smallest that holds it
MINOR_SHARE: Final = 1 / 3  # of the words of a page in an element that a class may call page chrome
WINDOW: Final = 10  # blocks on either side
MAX_DEPTH: Final = 8  # below the main element; deeper is as deep

HEADINGS: Final = frozenset("h1 h2 h3 h4 h5 h6 summary".split())
_PARAGRAPHS: Final = frozenset("p blockquote pre".split())
_CELLS: Final = frozenset("td th".split())
_ITEMS: Final = frozenset("li dd dt".split())
_HEADER_TEXT: Final = frozenset("h1 h2 p".split())
_NAVIGATION, _ASIDE, _HEADER, _CAPTION, _NAMED = 1, 2, 3, 4, 5
_KINDS: Final = {
    "nav": _NAVIGATION,
    "menu": _NAVIGATION,
    "footer": _NAVIGATION,
    "dialog": _NAVIGATION,
    "aside": _ASIDE,
    "form": _ASIDE,
    "header": _HEADER,
    "figcaption": _CAPTION,
}
_BOXES: Final = frozenset("div section ul ol table td center main article".split())
_ROLES: Final = {
    "navigation": _NAVIGATION,
    "contentinfo": _NAVIGATION,
    "dialog": _NAVIGATION,
    "alertdialog": _NAVIGATION,
    "search": _NAVIGATION,
    "menu": _NAVIGATION,
    "menubar": _NAVIGATION,
    "complementary": _ASIDE,
    "banner": _HEADER,
}
_CHROME_NAMES: Final = frozenset(
    """ad ads advert advertisement banner breadcrumb breadcrumbs comments cookie cookies consent crumbs foot footer
    masthead menu nav navbar navigation newsletter pager pagination popup promo related share sharing side sidebar
    signup site-footer site-header site-nav social social-share sponsor sponsored subscribe toc toolbar""".split()
)


class PageFeatures:
    """The numbers of the blocks of a page that the regression weighs.

    `by_name` holds an array of one number a block for each name, `prose` the words of blocks that are prose;
    `is_chrome` marks what HTML itself sets aside, `is_set_aside` what stands in a box.
    """

    def __init__(self, outline: PageOutline, hidden: Flags) -> None:
        self._words, self._linked, self._cues = map(as_floats, (outline.words, outline.linked, outline.cues))
        self._holders, self._parents, depths = map(as_integers, (outline.holders, outline.parents, outline.depths))
        self._firsts, self._ends = as_integers(outline.firsts), as_integers(outline.ends)
        prose = is_prose(outline) & ~hidden
        self.prose = np.where(prose, self._words, 0.0)
        self.by_name: dict[str, Floats] = {}
        tags = [outline.tags[holder] for holder in outline.holders]
        self._add_own(outline, tags)
        self._add_context(prose)
        self._add_containers(outline)
        self._add_place(outline, tags, depths)
        self.is_chrome = self._chrome(outline, tags)
        kinds = self._kinds[self._holders]
        self.is_set_aside = (kinds == _ASIDE) | (kinds == _NAMED)

    def _add_own(self, outline: PageOutline, tags: list[str]) -> None:
        words = self._words
        self.by_name |= {
            "links": self._linked / words,
            "words": np.log1p(words),
            "sentence": (as_floats(outline.sentences) > 0) * 1.0,
            "stop words": as_floats(outline.stop_words) / words,
            "ends a sentence": as_flags(text[-1] in ".!?" for text in outline.texts),
            "heading": as_flags(tag in HEADINGS for tag in tags),
            "item": as_flags(tag in _ITEMS for tag in tags),
            "paragraph": as_flags(tag in _PARAGRAPHS for tag in tags),
            "cell": as_flags(tag in _CELLS for tag in tags),
            "cues": np.minimum(self._cues, 2),
            "cues of a short block": np.minimum(self._cues, 2) * (words < 30),
        }

    def _add_context(self, is_prose: Flags) -> None:
        own = self.by_name
        for distance, name in ((1, "before"), (-1, "after")):
            own[f"prose {name}"] = _shifted(is_prose * 1.0, distance, 0.0)
            own[f"links {name}"] = _shifted(own["links"], distance, 0.5)
            own[f"words {name}"] = _shifted(own["words"], distance, 0.0)
            own[f"cues {name}"] = _shifted(own["cues"], distance, 0.0)
            own[f"cues two {name}"] = _shifted(own["cues"], 2 * distance, 0.0)
        places = np.arange(len(self._words))
        low, high = np.maximum(places - WINDOW, 0), np.minimum(places + WINDOW + 1, len(places))
        prose, words, linked, cues = map(running_totals, (self.prose, self._words, self._linked, self._cues))
        around = np.maximum(words[high] - words[low], 1)
        own["prose around"] = (prose[high] - prose[low]) / around
        own["links around"] = (linked[high] - linked[low]) / around
        own["cues around"] = (cues[high] - cues[low]) / (high - low)

    def _add_containers(self, outline: PageOutline) -> None:
        first, end, parents, holders = self._firsts, self._ends, self._parents, self._holders
        prose, words, linked, cues = map(running_totals, (self.prose, self._words, self._linked, self._cues))
        self._total = max(prose[-1], 1.0)
        self._held = prose[end] - prose[first]  # words of prose in each element
        size = np.maximum(words[end] - words[first], 1)
        if prose[-1]:
            self._on_path = self._held >= MAIN_SHARE * prose[-1]
        else:
            self._on_path = end - first == len(self._words)
        is_minor = words[end] - words[first] <= MINOR_SHARE * words[-1]
        self._branches, self._kinds, self._named = _branches(outline, self._on_path, is_minor)
        parent = np.where(self._on_path[holders], holders, parents[holders])
        grandparent = np.where(self._on_path[parent], parent, parents[parent])
        for name, element in (
            ("holder", holders),
            ("parent", parent),
            ("grandparent", grandparent),
            ("branch", self._branches[holders]),
        ):
            self.by_name |= {
                f"words of {name}": np.log1p(size[element]),
                f"links of {name}": ((linked[end] - linked[first]) / size)[element],
                f"prose of {name}": (self._held / size)[element],
                f"share of {name}": self._held[element] / self._total,
                f"cues of {name}": ((cues[end] - cues[first]) / np.sqrt(end - first + 1))[element],
            }

    def _add_place(self, outline: PageOutline, tags: list[str], depths: Integers) -> None:
        count, holders = len(self._words), self._holders
        places = np.arange(count)
        half, main = (self._smallest(share, depths) for share in (0.5, MAIN_SHARE))
        in_half, in_main = ((self._firsts[e] <= places) & (places < self._ends[e]) for e in (half, main))
        inside = np.flatnonzero(in_main & (self.prose > 0))
        first, last = (inside[0], inside[-1]) if len(inside) else (0, count)
        title = next((place for place, tag in enumerate(tags) if tag == "h1"), None)
        kinds = self._kinds[holders]
        self.by_name |= {
            "in the half": in_half * 1.0,
            "in the main element": in_main * 1.0,
            "before the prose": (places < first) * 1.0,
            "behind the prose": (places > last) * 1.0,
            "on the path": self._on_path[holders] * 1.0,
            "depth": np.minimum(depths[holders] - depths[main], MAX_DEPTH) * in_main,
            "below the title": np.full(count, 0.75) if title is None else (places > title) * 1.0,
            "navigation": (kinds == _NAVIGATION) * 1.0,
            "aside": (kinds == _ASIDE) * 1.0,
            "header": (kinds == _HEADER) * 1.0,
            "caption": (kinds == _CAPTION) * 1.0,
            "heading has cues": _carried(np.minimum(self._cues, 1), self.by_name["heading"] > 0),
        }

    def _chrome(self, outline: PageOutline, tags: list[str]) -> Flags:
        """The blocks that HTML itself sets aside: in menus, and in boxes and headers without a sentence."""
        kinds, named = self._kinds[self._holders], self._named[self._holders]
        sentences = running_totals(as_floats(outline.sentences))
        says_something = sentences[self._ends[named]] > sentences[self._firsts[named]]
        in_header = as_flags(tag not in _HEADER_TEXT for tag in tags) > 0
        is_box = (kinds == _ASIDE) | (kinds == _NAMED) | ((kinds == _HEADER) & in_header)
        chrome: Flags = (kinds == _NAVIGATION) | (is_box & ~says_something)
        return chrome

    def _smallest(self, share: float, depths: Integers) -> int:
        """The deepest element that holds a share of the prose; the root of a page without prose."""
        if not self.prose.any():
            return 0
        holding = np.flatnonzero(self._held >= share * self._total)
        return int(holding[np.argmax(depths[holding])])

    def matrix(self, names: Iterable[str]) -> Floats:
        """The numbers of these names, a row a block."""
        return np.column_stack([self.by_name[name] for name in names])


def _branches(outline: PageOutline, on_path: Flags, is_minor: Flags) -> tuple[Integers, Integers, Integers]:
    """For each element off the main path: the topmost such around it, its kind (0: none), the one of that kind.

    HTML calls elements something by their tags and roles; publishers by a class, which counts where it is the whole
    name of page chrome, and the element `is_minor`.
    """
    count = len(outline.tags)
    branches, kinds, named = list(range(count)), [0] * count, list(range(count))
    path, minor = on_path.tolist(), is_minor.tolist()
    for index, (parent, tag) in enumerate(zip(outline.parents, outline.tags, strict=True)):
        if path[index]:
            continue
        if not path[parent]:
            branches[index], kinds[index], named[index] = branches[parent], kinds[parent], named[parent]
        if tag in _KINDS:
            kinds[index], named[index] = _KINDS[tag], index
        elif tag in _BOXES and outline.firsts[index] < outline.ends[index]:
            element = outline.elements[index]
            kind = _ROLES.get(element.get("role", ""), 0)
            if not kind and not kinds[index] and minor[index]:
                names = f"{element.get('class', '')} {element.get('id', '')}".lower().split()
                kind = 0 if _CHROME_NAMES.isdisjoint(names) else _NAMED
            if kind:
                kinds[index], named[index] = kind, index
    return np.array(branches), np.array(kinds), np.array(named)


def is_prose(outline: PageOutline) -> Flags:
    """Which blocks are prose: long, hardly linked, and ending a sentence."""
    words, linked = as_floats(outline.words), as_floats(outline.linked)
    return (words >= MIN_PROSE_WORDS) & (linked <= MAX_PROSE_LINKS * words) & (as_floats(outline.sentences) > 0)


def as_floats(column: Iterable[float]) -> Floats:
    """A column as float64."""
    return np.array(column)


def as_integers(column: Iterable[int]) -> Integers:
    """A column as int64."""
    return np.array(column, np.int64)


def as_flags(values: Iterable[bool]) -> Floats:
    """1 for what is true, 0 for what is not, as float64."""
    return np.fromiter(values, np.float64)


def running_totals(column: Floats) -> Floats:
    """The sums of the first 0, 1, 2 ... numbers."""
    return np.concatenate(([0.0], np.cumsum(column)))


def _shifted(column: Floats, distance: int, missing: float) -> Floats:
    """The number of the block so many places before each one."""
    shifted = np.full_like(column, missing)
    if abs(distance) < len(column):
        if distance > 0:
            shifted[distance:] = column[:-distance]
        else:
            shifted[:distance] = column[-distance:]
    return shifted


def _carried(column: Floats, is_start: Flags) -> Floats:
    """For each block the number of the last start at or before it; that of the first block where none is."""
    places = np.where(is_start, np.arange(len(column)), 0)
    return column[np.maximum.accumulate(places)]
