"""Blocks to the title of an article, without what publishers put around it.

A title is given with the article, or in front matter; or it is the h1 of a page, the line that repeats its title
element, or the first line of a text. Where no line is a title, the first sentence names its subject, the words of the
article's id stand in the text, or the introduction defines something ("X is a ..."); the id itself is the last resort.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain, takewhile
from typing import Final

from indexer.articles.blocks import Block
from indexer.articles.boilerplate import is_cut_off, line_boilerplate, sentence_boilerplate
from indexer.articles.characters import without_references
from indexer.articles.header import CODE_AT_END, header_fields
from indexer.articles.headings import MAX_TITLE, OFFICIAL, is_bare_field, named_fields
from indexer.articles.model import RawArticle
from indexer.articles.other_names import defined_in, named_like, subject_of
from indexer.articles.phrase_matcher import any_of
from indexer.knowledge.body_sites import is_location
from indexer.knowledge.condition_mentions import is_known
from indexer.knowledge.condition_mentions import subject as condition_subject
from indexer.knowledge.name_keys import name_terms
from indexer.text.sentences import sentences

MAX_TOP_BLOCKS: Final = 12  # of a page among which its title stands
MAX_CHROME_BLOCKS: Final = 24  # of a text dump that may stand above its article and its first sentence
MIN_PROSE: Final = 50  # code points
MIN_HEADLINE_WORDS: Final = 4
MIN_SUBJECT: Final = 4  # code points
OPENING: Final = 600  # code points in which an article says what it is about
# Points of the subject of a first sentence that is no known condition, beside those of known ones that the text names.
LEAST_OF_ALL: Final = -10.0  # points of a name that stands where no other does
SUBJECT: Final = 1.5
DEFINED: Final = 5.0
MENTIONED: Final = 0.7
MAX_MENTIONS: Final = 3
MAX_NAME_WORDS: Final = 5  # of such a subject; longer ones tell a story ("Putting out a hand to break a fall")
MIN_SHOUTED: Final = 6  # code points; shorter titles in capitals are abbreviations
MAX_ACRONYM: Final = 4  # code points of a word that stays in capitals where the text does not write it

_BYLINES: Final = frozenset(("byline", "publication notes"))  # what stands under a headline
_ARTICLE_WORD: Final = re.compile(r"^(?:an?|the)\s", re.IGNORECASE)
_SITE_SUFFIX: Final = re.compile(r"\s+[|–—»·•]\s+|\s+-\s+|\s+::\s+")
_TAIL: Final = re.compile(r"\s*(?::|\s[-–—|])\s+(?=\S)")
_QUESTION: Final = re.compile(r"(?:why|how|what|when|who)\b", re.IGNORECASE)
_TAIL_WORDS: Final = re.compile(
    r"\b"
    + any_of(
        """guide, overview, facts, explained, explanation, what (?:you|to|is|it|happens), know, everything, basics,
        introduction, in brief, at a glance, q&a, faqs?, questions, leaflet, fact ?sheet, going on"""
    )
    + r"\b",
    re.IGNORECASE,
)
# The name of a publisher, or its abbreviation, behind a title.
_PUBLISHER: Final = re.compile(
    r"\s+[|–—-]\s+(?:(?-i:[A-Z]{2,6}(?:\.\w+)*)|(?:[\w.&'’-]+\s){0,5}"
    + any_of(
        """clinic, clinics, hospital, hospitals, health, healthcare, institute, institutes, foundation, university,
        society, association, library, medicine, medlineplus, news, encyclopedia, webmd, wikipedia,
        \\S+\\.(?:com|org|net|gov)"""
    )
    + r"(?:\s(?:of|for)(?:\s[\w&'’-]+){1,4})?)$",
    re.IGNORECASE,
)
_SERIES: Final = re.compile(r"\s*\(PDQ\W?\)(?:\s*[–—-]\s*(?:patient|health professional) version)?$", re.IGNORECASE)
# "2 Gastric Cancer", "Chapter 3: Gout", "1.4 Asthma"; but "5 Facts", "21 Hydroxylase deficiency".
_CHAPTER: Final = re.compile(
    r"^(?:chapter\s+(?:\d{1,2}|[IVX]{1,5})\s*[.:–—-]?\s+|\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+|\d{1,2}[.):]?\s+"
    r"(?!\w*(?:hydroxy|oxo|alpha|beta)|(?:\w+\s){0,2}(?:facts|types|signs|ways|things|causes|symptoms|reasons|tips|"
    r"steps|stages|questions|myths|minutes?|days?|weeks?|months?|years?|treatments|remedies|foods)\b))(?=(?-i:[A-Z])[a-z]{2})",
    re.IGNORECASE,
)
_DEFINITION_OF: Final = re.compile(r"^(?:definition|overview) of (?:the )?(?=\w{3})", re.IGNORECASE)
_IN_LOWER_CASE: Final = re.compile(r"[a-z]+[ -][a-z ,'’-]+$|[a-z]{4,}$")
_TITLE_WORD: Final = re.compile(r"[\w'’]+")
_SMALL_WORDS: Final = re.compile(r"(?<!\()\b(?:OF|THE|AND|WITH|IN|TO|ON|DUE|BY|FOR|OR|A|LEFT|SITE)\b")


class TitleFinder:
    """Finds the title of one article; `title` is what was found so far."""

    def __init__(self, raw: RawArticle, metadata: Mapping[str, str]) -> None:
        given = raw.title or metadata.get("title")
        self.title = (clean_title(given) or None) if given else None
        self._id = raw.id
        self._page_title = page_title(metadata.get("page title", ""))

    def find(self, blocks: Sequence[Block]) -> tuple[int, str | None]:
        """The index of the block that is the title of a page, 0 for none, and the title, None for none."""
        top = list(enumerate(blocks[:MAX_TOP_BLOCKS]))
        above_text = list(takewhile(lambda each: len(each[1].text) <= MAX_TITLE, top))
        # Some publishers have the name of a department in the h1, and that of the article below it.
        page_title = self._page_title.casefold()
        named = (index for index, block in above_text if page_title and block.text.casefold() == page_title)
        index = next(chain(named, (index for index, block in top if block.level == 1)), None)
        if index is not None:
            return index, blocks[index].text
        if self.title is None and not self._page_title and (subject := _subject_line(blocks[:MAX_CHROME_BLOCKS])):
            return subject, blocks[subject].text
        return 0, self._page_title or None

    def take(self, line: str) -> None:
        """Take a line as the title, unless there is one."""
        self.title = self.title or clean_title(line) or None

    def is_title(self, heading: str, level: int, *, first: bool) -> bool:
        """Whether a heading is the title, or repeats it; `first`: nothing stands before it."""
        if self.title is not None:
            return clean_title(heading).casefold() == self.title.casefold()
        return first and (level == 1 or not is_bare_field(heading))

    def settled(self, text: str, teasers: Sequence[str]) -> str | None:
        """The title of an article of this text; None where nothing says what it is about.

        `teasers` are captions and cut-off sentences, which may name the subject in full.
        """
        title = self.title or self._subject(text, teasers) or named_like(self._id, text) or defined_in(text)
        if title is None and (passing := condition_subject([text.partition("\n")[0]], (), least=LEAST_OF_ALL)):
            title = passing.name  # even a name in passing says more than the id
        return unshouted(title, text) if title is not None else None

    def from_id(self) -> str:
        """The last part of the article's id as words."""
        name = self._id.rsplit("/", 1)[-1].replace("-", " ").replace("_", " ").strip() or self._id
        return name[:1].upper() + name[1:]

    def _subject(self, text: str, teasers: Sequence[str]) -> str | None:
        sentence = next((text[start:end] for start, end in sentences(text[:OPENING])), "")
        subject = subject_of(sentence)
        for teaser in teasers:
            name = subject_of(teaser) if is_cut_off(teaser) else teaser
            if name and (subject is None or _continues(name, subject)):
                subject = name
        is_official = subject is not None and OFFICIAL.search(subject) is not None
        return (
            subject
            if subject and (is_official or is_known(subject))
            else self._known_condition(subject, sentence, text, teasers)
        )

    def _known_condition(self, subject: str | None, sentence: str, text: str, teasers: Sequence[str]) -> str | None:
        """The known condition that the text is about, or its subject where that is defined or spoken of more."""
        by_id = named_like(self._id, text)
        mentioned = None if by_id else condition_subject(text.split("\n"), teasers)
        if subject is None:
            return by_id or (mentioned.name if mentioned else None)
        is_defined = defined_in(f"{sentence} {sentence}") is not None
        is_name = len(subject.split()) <= MAX_NAME_WORDS and not is_location(name_terms(subject))
        if mentioned is None:
            return subject if is_defined or by_id else defined_in(text) or (subject if is_name else None)
        if is_name and mentioned.name.lower() in subject.lower():
            return subject  # "Multiple pterygium syndrome" is no pterygium
        points = (SUBJECT + DEFINED * is_defined) * is_name
        points += MENTIONED * min(text.lower().count(subject.lower()) - 1, MAX_MENTIONS)
        return mentioned.name if mentioned.points > points else subject


def _subject_line(blocks: Sequence[Block]) -> int | None:
    """The index of a line below the chrome of a text dump.

    It is the subject that a paragraph below it begins with, or else the headline above a byline or date.
    """
    prose = next((index for index, block in enumerate(blocks) if _is_prose(block.text)), 0)
    opening = _ARTICLE_WORD.sub("", blocks[prose].text).casefold() if prose else ""
    for index in range(prose):
        if opening[:MIN_SUBJECT] not in blocks[index].text.casefold():
            continue
        line = clean_title(blocks[index].text)
        if len(line) >= MIN_SUBJECT and opening.startswith(f"{line.casefold()} ") and not is_bare_field(line):
            return index or None
    for index in range(2, prose):
        above = blocks[index - 1].text
        is_byline = (boilerplate := line_boilerplate(blocks[index].text)) is not None and boilerplate.reason in _BYLINES
        is_headline = above.count(" ") + 1 >= MIN_HEADLINE_WORDS and len(above) <= MAX_TITLE and above[-1] not in ".,:;"
        if is_byline and is_headline and line_boilerplate(above) is None and not header_fields(above):
            return index - 1
    return None


def _is_prose(text: str) -> bool:
    text = without_references(text)
    if len(text) < MIN_PROSE or text[-1] not in ".!?" or line_boilerplate(text) is not None:
        return False
    first = next(iter(sentence_boilerplate(text, frozenset())), None)
    return first is None or first[2] is None  # a note may begin as one ('"Lockjaw" redirects here. ...')


def _continues(name: str, subject: str) -> bool:
    return len(name) > len(subject) and name.casefold().startswith(subject.casefold())


def page_title(title: str) -> str:
    """The title element of a page without the name of the site: "Asthma - Health Desk" -> "Asthma"."""
    return _SITE_SUFFIX.split(title, maxsplit=1)[0].strip()


def clean_title(title: str) -> str:
    """A title line without what it announces: "Gout: Causes, Symptoms, and Treatment" -> "Gout"."""
    title = CODE_AT_END.sub("", title.strip().rstrip(":").strip("*_#= "))
    title = _SERIES.sub("", _PUBLISHER.sub("", _CHAPTER.sub("", title)))
    if tail := _TAIL.search(title):
        after = title[tail.end() :]
        if named_fields(after) or _TAIL_WORDS.search(after) or after.endswith("?") or _QUESTION.match(after):
            title = title[: tail.start()]
    title = _DEFINITION_OF.sub("", title.strip())
    return title[:1].upper() + title[1:] if _IN_LOWER_CASE.match(title) else title


def unshouted(title: str, text: str) -> str:
    """A title in capitals as the text itself writes its words: "PARKINSON'S DISEASE" -> "Parkinson's disease"."""
    if not title.isupper() or len(title) < MIN_SHOUTED:
        return title
    words: list[str] = _TITLE_WORD.findall(text)
    written = {word.upper(): word for word in words if word.isupper() or word[:1].isupper()}
    written |= {word.upper(): word for word in words if word.islower()}

    def as_written(match: re.Match[str]) -> str:
        word = match[0]
        return written.get(word, word.lower() if len(word) > MAX_ACRONYM else word)

    title = _SMALL_WORDS.sub(lambda match: match[0].lower(), _TITLE_WORD.sub(as_written, title))
    return title[:1].upper() + title[1:]
