"""The tree of an HTML page to its outline: the blocks of text in document order, and the elements that hold them.

The tree is walked once. A block is a run of text that no edge of a block element, `br` or `hr` interrupts; for each one
the outline keeps numbers: words, words inside links, ends of sentences, stop words, phrases of page chrome.
As blocks stand in document order, those of an element are a range: sums over any element are differences of running
totals, and nothing is counted twice however deep the page nests.
"""

import re
from array import array
from itertools import pairwise
from string import punctuation
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

INLINE: Final = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small
    span strike strong sub sup time tt u var wbr""".split()
)
MAX_CUE_WORDS: Final = 60  # of a block in which chrome phrases are counted; a longer one is a paragraph
_BREAKS: Final = frozenset("br hr".split())
HIDING: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.!?…][\"”’')\]]*(?:\s|$)")
_STOP_WORDS: Final = frozenset(
    """the of and to a in is that for it as was with be by on not he his but at are this have from or had an they which
    you were their one all we can her has there been if more when will would who so no she other its may these than them
    some your our my into about do what how also such could should because while most many any each only""".split()
)
_PUNCTUATION: Final = punctuation.replace("@", "").replace("&", "")
_NO_PUNCTUATION: Final = str.maketrans(dict.fromkeys(f"{_PUNCTUATION}’‘“”…", " "))
_NO_ASCII_PUNCTUATION: Final = bytes.maketrans(_PUNCTUATION.encode(), b" " * len(_PUNCTUATION))

# Words and pairs of words that page chrome is made of: newsletters, sharing, bylines, notices, menus, references.
_CHROME_WORDS: Final = frozenset(
    """© advertisement advertising advertiser affiliate bio bookmark byline categories category comments
    cookie cookies copyright disclaimer disclosure doi donate download email facebook fact-checked follow inbox
    instagram linkedin login newsletter newsletters permalink pinterest pmid posted previous published recommended
    related reviewed share shutterstock sponsored subscribe subscribers subscribing subscription tag tags tweet twitter
    unsplash unsubscribe updated whatsapp written youtube""".split()
)
_CHROME_PAIRS: Final = frozenset(
    tuple(pair.split())
    for pair in """sign up|signing up|log in|rights reserved|privacy policy|terms of|cookie policy|follow us|follow me|
    share this|share on|share via|read more|read next|learn more|click here|view all|see all|show more|load more|
    more from|
    might like|may like|also like|be interested|the author|the reviewer|the authors|written by|reviewed by|edited by|
    medically reviewed|posted on|posted in|posted by|filed under|leave a|a reply|a comment|affiliate links|photo by|
    photo credit|image by|image credit|image source|image via|getty images|contact us|call us|email us|visit us|join us|
    our newsletter|free trial|free quote|free shipping|free consultation|add to|buy now|shop now|order now|our app|
    minute read|min read|mins read|last updated|last reviewed|last modified|on this|this page|table of|jump to|skip to|
    back to|to top|previous post|next post|previous article|next article|et al|medical advice|writer and|
    freelance writer|award winning|non profit|leading provider|our team|your inbox|latest news|
    popular posts|recent posts|recent articles|related articles|related posts|related topics|most read|
    all posts|print this|find out|get started|book a|book an|schedule a|request a""".replace("\n", "").split("|")
)
_CHROME_BEGINNINGS: Final = frozenset(first for first, _ in _CHROME_PAIRS)


class PageOutline:
    """The blocks of a page and its block elements, as columns.

    Of blocks: `texts`, `words`, `linked` (words in links), `sentences`, `stop_words`, `cues` (chrome phrases),
    `holders` (index of the element around each), `strings` (where its text stands in the tree). Of elements:
    `elements`, `tags`, `parents` (index, -1 for the root), `depths`, `firsts` and `ends` (its blocks, a half-open
    range). `title` is what the page's head calls it, `hidden` holds the indexes of elements that nobody sees,
    `hidden_words` the inline ones, whose text is in no block.
    """

    def __init__(self, root: "Element") -> None:
        self.title = " ".join((root.findtext("head/title") or "").split())
        self.texts: list[str] = []
        self.linked = array("d")
        self.holders = array("q")
        self.strings: list[list[tuple[Element, bool]]] = []
        self.hidden: list[int] = []
        self.hidden_words: list[Element] = []
        self.elements: list[Element] = []
        self.tags: list[str] = []
        self.parents = array("q")
        self.depths = array("q")
        self.firsts = array("q")
        self.ends = array("q")
        # When Python lets an element go, lxml climbs from it to the next one that Python holds: long, in deep nests.
        # So all of them are held, and let go last and from the end.
        self._held: list[Element] = []
        self._walk(root)
        lowered = [text.lower() for text in self.texts]
        words = [text.split(" ") for text in lowered]
        self.words = array("d", map(len, words))
        self.linked = array("d", map(min, self.linked, self.words))
        self.sentences = array("d", (len(_SENTENCE_END.findall(text)) for text in self.texts))
        self.stop_words = array("d", (sum(map(_STOP_WORDS.__contains__, each)) for each in words))
        self.cues = array(
            "d", (_cues(text) if len(each) <= MAX_CUE_WORDS else 0 for text, each in zip(lowered, words, strict=True))
        )

    def _walk(self, root: "Element") -> None:
        from lxml.etree import iterwalk

        texts: list[str] = []
        strings: list[tuple[Element, bool]] = []
        current, depth, links, linked = -1, 0, 0, 0
        walk = iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            is_start = event == "start"
            if is_start:
                self._held.append(element)
            if tag == "head":
                if is_start:
                    walk.skip_subtree()
                continue
            if tag == "a":
                if element.get("href") is not None:
                    links += 1 if is_start else -1
            elif tag not in INLINE:
                if texts:
                    self._add(texts, strings, linked, current)
                    texts, strings, linked = [], [], 0
                if tag in _BREAKS:
                    pass
                elif is_start:
                    self._open(element, tag, current, depth)
                    current = len(self.tags) - 1
                    depth += 1
                else:
                    self.ends[current] = len(self.texts)
                    current = self.parents[current]
                    depth -= 1
            if is_start and is_hidden(element):
                if tag in INLINE:
                    self.hidden_words.append(element)
                    walk.skip_subtree()
                    continue
                self.hidden.append(current)
            text = element.text if is_start else element.tail
            if text and (texts or not text.isspace()):
                texts.append(text)
                strings.append((element, not is_start))
                if links:
                    linked += len(text.split())

    def _open(self, element: "Element", tag: str, parent: int, depth: int) -> None:
        self.elements.append(element)
        self.tags.append(tag)
        self.parents.append(parent)
        self.depths.append(depth)
        self.firsts.append(len(self.texts))
        self.ends.append(0)

    def _add(self, texts: list[str], strings: list[tuple["Element", bool]], linked: int, holder: int) -> None:
        if text := " ".join("".join(texts).split()):
            self.texts.append(text)
            self.linked.append(linked)
            self.holders.append(holder)
            self.strings.append(strings)


def is_hidden(element: "Element") -> bool:
    """Whether an element says that nobody is to see it."""
    style = element.get("style")
    return (style is not None and HIDING.search(style) is not None) or element.get("hidden") is not None


def _cues(text: str) -> int:
    if text.isascii():
        words = text.encode().translate(_NO_ASCII_PUNCTUATION).decode().split()
    else:
        words = text.translate(_NO_PUNCTUATION).split()
    count = sum(map(_CHROME_WORDS.__contains__, words))
    if not _CHROME_BEGINNINGS.isdisjoint(words):
        count += sum(map(_CHROME_PAIRS.__contains__, pairwise(words)))
    return count
