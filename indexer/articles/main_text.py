"""A page to its main text: the tree without menus, boxes, bylines, related articles and whatever else is no article.

What a text is, the text decides, not the names of its classes (on reviewed pages, class names added nothing to the
numbers below). Each block of the outline gets numbers of four kinds:

- its own: words, share of words in links, sentences, stop words, chrome phrases ("sign up"), heading or list item;
- its neighbours': the same for the blocks before and after it, and for the ten around it on either side;
- its containers': of the element that holds it, that one's parent and grandparent, and the whole branch that leaves the
  main path, how long they are, how linked, how much prose they hold and which share of the page's prose;
- its place: inside the smallest element that holds half (or six tenths) of the page's prose, before its first
  paragraph, behind its last, below the title, in an element that HTML itself calls nav, aside, header or figcaption.

Prose are blocks of at least 8 words, few of them linked, that end a sentence. A logistic regression weighs the numbers
(main_text_weights.json, made by main_text_trainer.py from pages with a reviewed main text); above 0 a block is kept.
This is the text-density school of content extraction (Kohlschütter et al., "Boilerplate detection using shallow text
features", WSDM 2010; Vogels et al., "Web2Text", ECIR 2018) with the containers of the tree added. Small pages have
little to measure, so they need more evidence: a page with little prose loses a block only where much speaks against it.

Around the regression stand rules: what nobody sees is no text, unless it holds most of the prose (scripts reveal it) or
something on the page opens it; a second copy of the text (for narrow screens) goes; the title stays;
tables and lists stay or go whole; lists of nothing but links go. All passes are linear in the page.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from indexer.articles.model import Dropped
from indexer.articles.page_features import (
    HEADINGS,
    MIN_PROSE_WORDS,
    Flags,
    Floats,
    PageFeatures,
    as_flags,
    as_floats,
    as_integers,
    is_prose,
    running_totals,
)
from indexer.articles.page_outline import PageOutline

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import _Element as Element

NOT_MAIN_TEXT: Final = "not in the main text of the page"
HIDDEN: Final = "hidden on the page"
REPEATED: Final = "stands on the page twice"
MIN_PAGE_PROSE: Final = 30  # words; on a page with less the numbers say nothing, and only the rules hold
SMALL_PAGE_BONUS: Final = 3.0  # nats for every block of a page without prose ...
SMALL_PAGE_WORDS: Final = 100.0  # ... which decays by e with so many words of it
MIN_COPY_WORDS: Final = 100  # of repeated paragraphs in an element that is a copy
LINK_LIST: Final = 0.9  # of the words of a list of nothing but links
COPY_SHARE: Final = 0.6  # of the words of a copy stand in repeated paragraphs

_TITLE_PARTS: Final = re.compile(r"\s+[|–—»·•-]\s+|\s*\|\s*")
_LISTS: Final = frozenset("table dl ul ol".split())
_LIST_PARTS: Final = frozenset("table caption thead tbody tfoot tr td th dl dt dd ul ol li".split())
_CODE: Final = re.compile(r"\bICD\b")


def main_text(root: "Element", *, whole_page: bool = True) -> list[Dropped]:
    """Takes what is no main text out of a page's tree; returns what was taken out, in order, each with its reason.

    Without a `whole_page` around it, the text is main text but for what the rules take out.
    """
    outline = PageOutline(root)
    for element in outline.hidden_words:
        element.clear(keep_tail=True)
    if not outline.texts:
        return []
    hidden = hidden_blocks(outline, root)
    is_main = _is_main(outline, hidden, whole_page=whole_page)
    copied = _copied_blocks(outline, is_main)
    reasons = np.where(hidden, HIDDEN, np.where(copied, REPEATED, NOT_MAIN_TEXT))
    return list(_removed(outline, is_main & ~copied, reasons))


def _is_main(outline: PageOutline, hidden: Flags, *, whole_page: bool) -> Flags:
    """Whether each block is main text: the regression's answer, and the rules around it."""
    features = PageFeatures(outline, hidden)
    prose = features.prose.sum()
    log_odds = np.ones(len(outline.texts))
    if whole_page and prose >= MIN_PAGE_PROSE:
        names, weights, bias = _regression()
        log_odds = features.matrix(names) @ weights + bias
        log_odds += SMALL_PAGE_BONUS * np.exp(-prose / SMALL_PAGE_WORDS) * ~features.is_set_aside
    is_main: Flags = log_odds > 0
    _settle_lists(outline, log_odds, is_main)
    for place, text in enumerate(outline.texts):
        if not is_main[place] and ("ICD" in text and _CODE.search(text)):
            is_main[place] = True
    result: Flags = (is_main & ~features.is_chrome | _titles(outline)) & ~hidden
    return result


def _titles(outline: PageOutline) -> Flags:
    """The headings that may be the title: the first h1, and the first that is a part of the page's title element."""
    titles = np.zeros(len(outline.texts), bool)
    parts = {part.casefold() for part in _TITLE_PARTS.split(outline.title)}
    is_first, is_repeat = True, False
    for place, holder in enumerate(outline.holders):
        if (tag := outline.tags[holder]) in HEADINGS:
            if is_first and tag == "h1":
                titles[place], is_first = True, False
            if not is_repeat and outline.texts[place].casefold() in parts:
                titles[place] = is_repeat = True
    return titles


def _settle_lists(outline: PageOutline, log_odds: Floats, is_main: Flags) -> None:
    """Keeps or drops lists and tables whole, by the mean of their blocks; drops lists of nothing but links."""
    words, linked = as_floats(outline.words), as_floats(outline.linked)
    evidence, all_words, all_linked = map(running_totals, (log_odds * np.sqrt(words), words, linked))
    parts = running_totals(as_flags(outline.tags[holder] in _LIST_PARTS for holder in outline.holders))
    done = 0
    for index in _lists(outline):
        first, end = outline.firsts[index], outline.ends[index]
        if first >= done and parts[end] - parts[first] == end - first:
            links, size = all_linked[end] - all_linked[first], all_words[end] - all_words[first]
            is_links = end - first > 1 and links >= LINK_LIST * size
            is_main[first:end] = evidence[end] - evidence[first] > 0 and not is_links
            done = end


def _lists(outline: PageOutline) -> list[int]:
    """The lists and tables that hold blocks, without tables around other tables, which lay out a page."""
    lists: list[int] = []
    tables_end = 0  # of the last table that was seen, from the end of the page
    for index in range(len(outline.tags) - 1, -1, -1):
        tag, first, end = outline.tags[index], outline.firsts[index], outline.ends[index]
        if tag in _LISTS and first < end:
            if tag == "table":
                around, tables_end = first < tables_end <= end, end
                if around:
                    continue
            lists.append(index)
    return lists[::-1]


def hidden_blocks(outline: PageOutline, root: "Element") -> Flags:
    """The blocks of a page in elements that nobody sees.

    A hidden element that holds most of the prose is what a script will show; one that a button or link on the page
    names (an accordion's panel, a tab) is what a reader opens.
    """
    hidden = np.zeros(len(outline.texts), bool)
    if outline.hidden:
        opened = {name.lstrip("#") for value in _openings()(root) for name in value.split()}
        prose = running_totals(np.where(is_prose(outline), as_floats(outline.words), 0.0))
        done = 0
        for index in outline.hidden:
            first, end = outline.firsts[index], outline.ends[index]
            is_shown = prose[end] - prose[first] > prose[-1] / 2 or outline.elements[index].get("id") in opened
            if first >= done and not is_shown:
                hidden[first:end] = True
                done = end
    return hidden


def _copied_blocks(outline: PageOutline, is_main: Flags) -> Flags:
    """The blocks of elements whose paragraphs stand in the main text before them: a copy for narrow screens."""
    copied = np.zeros(len(outline.texts), bool)
    seen: Counter[str] = Counter()
    repeated = np.zeros(len(outline.texts))
    for place, text in enumerate(outline.texts):
        if is_main[place] and outline.words[place] >= MIN_PROSE_WORDS:
            seen[text] += 1
            if seen[text] == 2:  # what stands there more often is the page's own refrain
                repeated[place] = outline.words[place]
    if repeated.sum() >= MIN_COPY_WORDS:
        again, words = running_totals(repeated), running_totals(as_floats(outline.words) * is_main)
        first, end = as_integers(outline.firsts), as_integers(outline.ends)
        copies, done = again[end] - again[first], 0
        is_copy = (copies >= MIN_COPY_WORDS) & (copies >= COPY_SHARE * (words[end] - words[first]))
        for index in np.flatnonzero(is_copy).tolist():
            if first[index] >= done:
                copied[first[index] : end[index]] = True
                done = end[index]
    return copied & is_main


@cache
def _regression() -> tuple[tuple[str, ...], Floats, float]:
    table = json.loads((files("indexer.articles") / "main_text_weights.json").read_text("utf-8"))
    bias = table.pop("bias")
    return tuple(table), np.array(tuple(table.values())), bias


def _removed(outline: PageOutline, retained: Flags, reasons: NDArray[np.str_]) -> Iterator[Dropped]:
    """Empties the elements of which nothing is kept, and takes single blocks out of the others."""
    kept = np.concatenate(([0], np.cumsum(retained)))
    firsts, ends = as_integers(outline.firsts), as_integers(outline.ends)
    is_empty = (kept[ends] == kept[firsts]) & (ends > firsts)
    done = 0
    empty = {}
    for index in np.flatnonzero(is_empty).tolist():
        first, end = outline.firsts[index], outline.ends[index]
        if first >= done:
            _take_out(outline.elements[index])
            empty[first] = end
            done = end
    place, count = 0, len(outline.texts)
    while place < count:
        end = empty.get(place, place + 1)
        if not retained[place]:
            if place not in empty:
                for element, is_tail in outline.strings[place]:
                    if is_tail:
                        element.tail = None
                    else:
                        element.text = None
            yield Dropped(" ".join(outline.texts[place:end]), str(reasons[place]))
        place = end


def _take_out(element: "Element") -> None:
    """Removes an element, not the text behind it."""
    parent = element.getparent()
    if parent is None or (element.tail and not element.tail.isspace()):
        element.clear(keep_tail=True)
    else:
        parent.remove(element)


@cache
def _openings() -> "XPath":
    """The names of elements that something on the page opens."""
    from lxml.etree import XPath

    path = "//@aria-controls | //@data-target | //@data-bs-target | //@href[starts-with(., '#')]"
    return XPath(path, smart_strings=False)
