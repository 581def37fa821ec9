"""Accordions and tabs of a page to headings over their panels, whatever markup a framework gives them.

A label is what a reader presses to see a panel: a button, a tab, the link of a collapsed box, or the line above a
hidden element of which the page has several. Its panel is the element that the label names (`aria-controls`,
`data-target`, `href`), the one that names the label (`aria-labelledby`), or the next one. Where the panel holds text,
and not a menu, the label becomes its heading, and the panel is no longer hidden; all other buttons are no text.
Everything looked at for a label is bounded, so that the pass is linear in the page.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from indexer.articles.boilerplate import heading_boilerplate, line_boilerplate
from indexer.articles.page_outline import HIDING, INLINE, is_hidden

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import _Element as Element

MAX_LABEL: Final = 240  # code points
MAX_ELEMENTS: Final = 100  # of a label or panel that are looked at
MAX_CLIMB: Final = 4  # elements around a label
MAX_LABEL_CLIMB: Final = 3  # of them, from a button without text to the line that it stands in
MAX_LINKED: Final = 0.5  # share of the words of a panel that is no menu
MIN_SIMILAR: Final = 2  # hidden elements of one tag and class that make a list of panels

_PRESSED: Final = (
    "//button | //label[@for] | //*[@role='button' or @role='tab' or @aria-expanded or @data-toggle='collapse' or "
    "@data-toggle='tab' or @data-toggle='pill' or @data-bs-toggle='collapse' or @data-bs-toggle='tab' or "
    "@data-bs-toggle='pill']"
)
_MAYBE_HIDDEN: Final = "//*[@hidden or @style]"
_IDENTIFIED: Final = "//*[@id]"
_LABELLED: Final = "//*[@aria-labelledby]"
_HEADINGS: Final = frozenset("h1 h2 h3 h4 h5 h6 dt summary legend".split())
_TITLES: Final = {f"h{level}": level for level in range(1, 7)}
_BOXES: Final = frozenset("checkbox radio".split())
_FIELDS: Final = frozenset("email number password search tel text url".split())  # types of inputs
_MENUS: Final = frozenset("nav footer".split())
_NO_PANELS: Final = frozenset("tr td th dd head script button".split())
_POPUPS: Final = frozenset("dialog alertdialog menu listbox tooltip".split())  # roles
_CLASS: Final = re.compile(r"accordion|collaps|faq|question|toggle|expand", re.IGNORECASE)
_SIGNS: Final = re.compile(r"^[^\w\"'“‘(¿]+|[^\w\"'”’)?!.%]+$")  # plus, minus and arrows around a label


def settle_accordions(root: "Element") -> None:
    """Makes the labels of panels headings over them in a page's tree; takes out the text of other buttons."""
    pressed = _compiled(_PRESSED)(root)
    styled = _compiled(_MAYBE_HIDDEN)(root)
    if pressed or styled:
        held = list(root.iter())  # see PageOutline: letting one of them go takes long in deep nests
        _settle_pressed(pressed, root)
        _settle_hidden([each for each in styled if each.tag not in INLINE and is_hidden(each)])
        for element in pressed:
            if element.tag == "button":
                element.tag = "ins"
        del pressed, styled, held


def _settle_pressed(pressed: "list[Element]", root: "Element") -> None:
    """Settles what says of itself that it is pressed, and the panel that it opens."""
    named = {element.get("id"): element for element in _compiled(_IDENTIFIED)(root)}
    labelling = {label: panel for panel in _compiled(_LABELLED)(root) for label in panel.get("aria-labelledby").split()}
    for element in pressed:
        label = _with_text(element)
        if label is not None and (panel := _panel(element, label, named, labelling)) is not None:
            _settle(label, panel)
        elif element.tag == "button" and (label is None or label.tag == "button") and not _is_heading(element):
            element.text = None


def _settle_hidden(hidden: "list[Element]") -> None:
    """Settles hidden elements of one kind, each with a line of one kind above it."""
    below = [(panel, before) for panel in hidden if (before := panel.getprevious()) is not None and is_hidden(panel)]
    similar = Counter(map(_look, below))
    for panel, before in below:
        is_label = before.tag not in _NO_PANELS and not is_hidden(before)
        if is_label and similar[_look((panel, before))] >= MIN_SIMILAR and _is_text(panel):
            _settle(before, panel)


def _look(pair: "tuple[Element, Element]") -> tuple[object, ...]:
    """What a panel and its label share with others of their kind."""
    return tuple(value for element in pair for value in (element.tag, element.get("class")))


def _settle(label: "Element", panel: "Element") -> None:
    """Shows a panel, under its label as a heading where that says what it holds."""
    text = _text(label)
    if text is None or text.endswith((".", ":", ",")):
        return
    if heading_boilerplate(text):
        panel.set("hidden", "")
        panel.attrib.pop("id", None)  # nothing opens it
    else:
        _show(panel)
        if _is_heading(label):
            return
        if line_boilerplate(text) is None:
            _add_heading(text, panel)
    for child in list(label):
        label.remove(child)
    label.text = None


def _add_heading(text: str, panel: "Element") -> None:
    before = panel.getprevious()
    if before is None or before.tag not in _HEADINGS or _text(before) != text:
        heading = panel.makeelement(_heading_tag(panel), {})
        heading.text = text
        panel.addprevious(heading)


def _with_text(element: "Element") -> "Element | None":
    """The element itself, or the nearest around it that has text: the line beside a button that is only a sign."""
    around: Element | None = element
    for _ in range(MAX_LABEL_CLIMB):
        if around is None or around.tag in _MENUS:
            return None
        if any(string.strip() for string in _strings(around)):
            return around
        around = around.getparent()
    return None


def _panel(
    element: "Element", label: "Element", named: "dict[str, Element]", labelled: "dict[str, Element]"
) -> "Element | None":
    """The panel of a label: the one that either names, or what comes next where the label is marked as one."""
    if element.get("aria-haspopup") is not None or not _is_label(element, named):
        return None
    values = [element.get(name) or "" for name in ("aria-controls", "data-target", "data-bs-target", "href")]
    names = [name.lstrip("#") for value in values for name in value.split()]
    panel = next((named[name] for name in names if name in named), None)
    if panel is None:
        panel = labelled.get(element.get("id") or "")
    is_marked = panel is not None or element.get("aria-expanded") is not None or element.tag == "label"
    if panel is None or panel is label:
        panel = _next(label)
    if (
        panel is None
        or panel.tag in _NO_PANELS
        or panel.get("role") in _POPUPS
        or panel in _around(label)
        or not _is_text(panel)
    ):
        return None
    is_marked = is_marked or is_hidden(panel) or _CLASS.search(element.get("class") or "") is not None
    return panel if is_marked else None


def _is_label(element: "Element", named: "dict[str, Element]") -> bool:
    """Whether an element is none of a form: the label of a field is only one of a panel where it is a box to tick."""
    if element.tag != "label":
        return True
    field = named.get(element.get("for") or "")
    is_box = field is not None and field.get("type") in _BOXES
    return is_box and all(around.tag != "form" for around in islice(element.iterancestors(), 2 * MAX_CLIMB))


def _next(label: "Element") -> "Element | None":
    """The element after a label, or after the elements that hold nothing but the label."""
    node = label
    for _ in range(MAX_CLIMB):
        if node.tail and not node.tail.isspace():
            return None
        for following in islice(node.itersiblings(), MAX_CLIMB):
            if not _is_empty(following):
                return following
        before, parent = node.getprevious(), node.getparent()
        if parent is None or (parent.text and not parent.text.isspace()) or (before is not None and _text(before)):
            return None
        node = parent
    return None


def _is_empty(element: "Element") -> bool:
    return len(element) == 0 and not (element.text or element.tail or "").strip()


def _around(element: "Element") -> "list[Element]":
    return [element, *islice(element.iterancestors(), 2 * MAX_CLIMB)]


def _is_text(panel: "Element") -> bool:
    """Whether a panel holds words of which most are in no link, and is no form."""
    words = linked = 0
    for element in islice(panel.iter(), MAX_ELEMENTS):
        size = len((element.text or "").split())
        if element.tag == "form" or (element.tag == "input" and element.get("type", "text") in _FIELDS):
            return False
        words += size
        if element.tag == "a":
            linked += size
        if element is not panel:
            words += len((element.tail or "").split())
    return words > 0 and linked <= MAX_LINKED * words


def _strings(element: "Element") -> Iterator[str]:
    """The first texts in an element; `itertext` would go through all of one that has none."""
    from lxml.etree import iterwalk

    for event, node in islice(iterwalk(element, events=("start", "end")), 2 * MAX_ELEMENTS):
        if event == "start":
            yield node.text or ""
        elif node is not element:
            yield node.tail or ""


def _is_heading(label: "Element") -> bool:
    """Whether a label is a heading, or stands alone in one."""
    node: Element | None = label
    for _ in range(MAX_CLIMB):
        if node is None:
            return False
        if node.tag in _HEADINGS:
            return node is label or not (node.text or "").strip()
        if node.tag not in INLINE and node.tag != "button" and node is not label:
            return False
        node = node.getparent()
    return False


def _text(label: "Element") -> str | None:
    """The words of a label without signs; None where it is empty, too long for one, or links to other pages."""
    for element in islice(label.iter(), MAX_ELEMENTS):
        if element.tag == "a" and not (element.get("href") or "#").startswith("#"):
            return None
    text = " ".join("".join(_strings(label)).split())
    text = _SIGNS.sub("", text) if len(text) <= 2 * MAX_LABEL else ""
    return text if 1 < len(text) <= MAX_LABEL else None


def _heading_tag(panel: "Element") -> str:
    """The tag of a heading over everything in a panel."""
    levels = [_TITLES[element.tag] for element in islice(panel.iter(), MAX_ELEMENTS) if element.tag in _TITLES]
    return f"h{max(min(levels) - 1, 2)}" if levels else "summary"


def _show(panel: "Element") -> None:
    """Makes a panel visible, with the elements that hold nothing else."""
    node: Element | None = panel
    for _ in range(MAX_CLIMB):
        if node is None:
            return
        node.attrib.pop("hidden", None)
        if style := node.get("style"):
            node.set("style", HIDING.sub("", style))
        node = node.getparent()
        if node is not None and len(node) > 1:
            return


@cache
def _compiled(path: str) -> "XPath":
    from lxml.etree import XPath

    return XPath(path)
