"""Raw articles to articles: header, residue, sections, names; total, whatever the text holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer.articles.blocks import BOLD_LEVEL, Block, Page, Shape
from indexer.articles.boilerplate import Residue, is_cut_off, is_suspicious, line_residue, residue_in
from indexer.articles.header import (
    announces_names,
    clean_title,
    code_in_title,
    code_inside,
    dotted,
    facts_of,
    meta_code,
    meta_reviewed,
    page_title,
    reviewed_in,
    segments_of,
    unshouted,
)
from indexer.articles.headings import (
    BARE,
    MAX_TITLE,
    heading_text,
    is_statement,
    named_fields,
    reads_as_heading,
    reads_as_title,
)
from indexer.articles.model import Article, Dropped, Issue, RawArticle, RawKind, SectionKind
from indexer.articles.other_names import defined_in, named_like, names_of, subject_of
from indexer.articles.raw_kinds import MAX_TEXT, is_garbled, page_of
from indexer.articles.sections import Run, sections_of
from indexer.text.sentences import sentences

READER_VERSION: Final = "6"  # raised whenever the same text would be read differently; part of every digest

RUN_IN_LEVEL: Final = BOLD_LEVEL + 1  # of bold words that begin a paragraph and announce it alone
MAX_LINE: Final = 320  # code points of a line that is not a paragraph
TOP: Final = 12  # blocks of a page among which its title stands
LONG: Final = 60  # code points of a paragraph that a heading may stand over
OPENING: Final = 600  # code points in which an article says its code, or names what it is about
ENOUGH: Final = 300  # code points of kept text beside which a cut-off teaser is one too many

_LINKS: Final = Residue("links to other articles")
_ABOVE: Final = Residue("stands above the title")
_NAMES: Final = Residue("names line")
_LEADS_LINKS: Final = frozenset({_LINKS.reason, "breadcrumbs or menu"})  # a list after one of these goes with it

_ISSUES: Final = {
    "incomplete": "Part of the article was cut off, or kept behind a sign-up.",
    "long": "Only the beginning was read: the text is longer than any article.",
    "empty": "No text of an article was found.",
    "untitled": "The article says nowhere what it is about; its id stands in for a title.",
    "garbled": "Some characters could not be read.",
}


def parse_article(
    id: str,
    text: str,
    *,
    kind: RawKind = "text",
    title: str | None = None,
    code: str | None = None,
    repeated: frozenset[str] = frozenset(),
) -> Article:
    """The article that a text holds; `title` and `code`, where given, count before what the text says."""
    return read_article(RawArticle(id, "", kind, text, title, code), repeated)


def read_article(raw: RawArticle, repeated: frozenset[str] = frozenset()) -> Article:
    """The article that a raw article holds; `repeated` are the publisher's sentences (see `boilerplate.repeated_sentences`)."""
    page = page_of(raw)
    reading = _Reading(raw, page, repeated)
    reading.read()
    return reading.article()


@dataclass(slots=True)
class _Run:
    """Paragraphs under one heading, as they repeated_sentences."""

    heading: str | None = None
    kinds: tuple[SectionKind, ...] = ()
    groups: list[list[str]] = field(default_factory=list)
    above: str | None = None
    level: int = 0


class _Reading:
    """One article on its way from blocks to sections: what was understood so far."""

    def __init__(self, raw: RawArticle, page: Page, repeated: frozenset[str]) -> None:
        self._raw = raw
        self._page = page
        self._repeated = repeated
        self._dropped = list(page.dropped)
        self._flags: dict[str, None] = {}
        self._stated: list[str] = []
        self._teasers: list[str] = []
        self._code = dotted(raw.code) if raw.code else meta_code(page.facts)
        self._reviewed = raw.reviewed or meta_reviewed(page.facts)
        for dropped in page.dropped:
            self._reviewed = self._reviewed or reviewed_in(dropped.text)
        given = raw.title or page.facts.get("title")
        self._title = clean_title(given) if given else None
        self._runs = [_Run()]
        self._suspicious = is_suspicious("\n".join(block.text for block in page.blocks), repeated)
        self._named: _Run | None = None
        self._listing_names = False

    def read(self) -> None:
        """Take the blocks one by one."""
        blocks = self._page.blocks
        skipping = False
        previous: Block | None = None
        start = self._find_title(blocks)
        for index, block in enumerate(blocks):
            line = block.text if len(block.text) <= MAX_LINE else ""
            if skipping and block.shape == "item":
                self._drop(block.text, _LINKS)
                continue
            reason = self._take_line(line) if line else None
            skipping = reason in _LEADS_LINKS
            if reason:
                continue
            if index < start and line:
                self._drop(line, _ABOVE)
                continue
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            if self._take_name(line, block.shape):
                continue
            if self._take_heading(block, following):
                previous = None
                continue
            self._take_text(block, previous)
            previous = block

    def article(self) -> Article:
        """What was read."""
        raw = self._raw
        if len(raw.text) > MAX_TEXT[raw.kind]:
            self._flag("long")
        if is_garbled(raw.text):
            self._flag("garbled")
        self._settle_teasers()
        text = "\n".join(line for run in self._runs for group in run.groups for line in group)
        if not text:
            self._flag("empty")
        runs = [Run(run.heading, run.kinds, tuple(map(tuple, run.groups)), run.above) for run in self._runs]
        for run in self._runs:
            if run.heading and not run.groups:
                self._dropped.append(Dropped(run.heading, "heading without text of its own"))
        title = self._settle_title(text)
        return Article(
            id=raw.id,
            source=raw.source,
            title=title,
            url=raw.url,
            reviewed=self._reviewed,
            language=raw.language or self._page.facts.get("language"),
            names=names_of(title, text, self._stated),
            code=self._code or code_inside(text[:OPENING]),
            sections=sections_of(runs),
            dropped=tuple(self._dropped),
            issues=tuple(Issue(flag, _ISSUES[flag]) for flag in self._flags),
        )

    def _find_title(self, blocks: Sequence[Block]) -> int:
        """Take the title of a page; returns the place of the block that holds it, 0 where none does."""
        wanted = page_title(self._page.facts.get("page title", ""))
        if not wanted and not blocks[:1]:
            return 0
        for place, block in enumerate(blocks[:TOP]):
            if block.level == 1 or (wanted and block.text.casefold() == wanted.casefold()):
                self._take_title(block.text)
                return place
        if wanted:
            self._take_title(wanted)
        return 0

    def _take_title(self, line: str) -> None:
        self._title = self._title or clean_title(line)
        self._code = self._code or code_in_title(line)

    def _take_line(self, line: str) -> str | None:
        """The reason why a line is no text of the article, its facts taken; None where it may be."""
        parts = segments_of(line)
        facts = [fact for part in parts or (line,) for fact in facts_of(part)]
        for fact in facts:
            match fact.kind:
                case "code":
                    self._code = self._code or fact.value
                case "reviewed":
                    self._reviewed = self._reviewed or fact.value
                case "names":
                    self._stated.append(fact.value)
        if facts:
            self._drop(line, Residue(f"{facts[0].kind} line"))
            return facts[0].kind
        residue = line_residue(line) or next((found for part in parts if (found := line_residue(part))), None)
        if residue is None:
            return None
        if residue.reason == "caption of an illustration":
            self._teasers.append(line.rsplit(" ", 2)[0])
        self._reviewed = self._reviewed or reviewed_in(line)
        self._drop(line, residue)
        return residue.reason

    def _take_name(self, line: str, shape: Shape) -> bool:
        """Take a line of other names from below their heading, or the heading itself."""
        is_name = shape == "item" or (shape == "paragraph" and not named_fields(line))
        if self._listing_names and is_name and 0 < len(line) <= MAX_TITLE and line[-1] not in ".!?:":
            self._stated.append(line)
            self._drop(line, _NAMES)
            return True
        self._listing_names = shape != "item" and announces_names(heading_text(line))
        if self._listing_names:
            self._drop(line, _NAMES)
        return self._listing_names

    def _take_heading(self, block: Block, following: Block | None) -> bool:
        text, level = block.text, block.level
        leading = len(self._runs) == 1 and not self._runs[0].groups
        if block.shape != "heading":
            if len(text) > MAX_TITLE and not block.bold:
                return False
            if 0 < block.bold < len(text) and self._run_in(block):
                return True
            follows = following is not None and following.shape == "paragraph" and len(following.text) >= LONG
            if block.shape == "item" and not (text[:1].isalnum() and heading_text(text) != text):
                return False
            if block.shape == "item" and not (named_fields(heading_text(text)) or (block.alone and follows)):
                return False
            if leading and self._title is None and following is not None and reads_as_title(text):
                self._take_title(text)
                self._dropped.append(Dropped(text, "title line"))
                return True
            if not reads_as_heading(text, alone=block.alone, followed=follows or (leading and following is not None)):
                return False
        heading = heading_text(text)
        if not heading:
            return False
        if self._is_title(heading, block, leading):
            return True
        names = named_fields(heading)
        kinds = tuple(name for name in names if name != "part")
        last = self._runs[-1]
        named = self._named
        if kinds:
            self._named = _Run(heading, kinds, [], None, level)
            self._runs.append(self._named)
        elif named and level > named.level > 0:
            self._runs.append(_Run(heading, named.kinds, [], named.heading, level))
        elif names:
            self._runs.append(_Run(heading, last.kinds, [], last.above or last.heading, level))
        else:
            self._named = None
            self._runs.append(_Run(heading, (), [], None, level))
        return True

    def _is_title(self, heading: str, block: Block, leading: bool) -> bool:
        if self._title is not None:
            if clean_title(heading).casefold() != self._title.casefold():
                return False
            self._dropped.append(Dropped(block.text, "title line"))
            return True
        names = named_fields(heading)
        bare = names and len(heading.split()) <= BARE and ":" not in heading
        if not leading or (bare and block.level != 1):
            return False
        self._take_title(heading)
        self._dropped.append(Dropped(block.text, "title line"))
        return True

    def _run_in(self, block: Block) -> bool:
        bold, rest = block.text[: block.bold].rstrip(), block.text[block.bold :].lstrip()
        lead = heading_text(bold.rstrip(" .:"))
        kinds = tuple(name for name in named_fields(lead) if name != "part")
        goes_on = bold[-1].isalnum() and rest[:1].isalnum() and not rest[:1].isupper()
        if not kinds or goes_on or len(lead.split()) > BARE or is_statement(lead):
            if self._runs[-1].level != RUN_IN_LEVEL:
                return False
            self._runs.append(_Run())  # bold words of a sentence announce nothing, but end what others announced
            self._take_text(block, None)
            return True
        self._runs.append(_Run(lead, kinds, [], None, RUN_IN_LEVEL))
        self._take_text(block._replace(text=rest.lstrip(" .:–—-")), None)
        return True

    def _take_text(self, block: Block, previous: Block | None) -> None:
        text = heading_text(block.text) if block.shape == "item" and block.text[:1].isdigit() else block.text
        kept = self._kept(text)
        if not kept:
            return
        groups = self._runs[-1].groups
        joins = block.shape == "item" or (previous is not None and previous.text.endswith(":"))
        if groups and previous is not None and joins:
            groups[-1].append(kept)
        else:
            groups.append([kept])

    def _kept(self, text: str) -> str:
        if is_cut_off(text) and len(text) >= LONG:
            self._flag("incomplete")
            self._teasers.append(text)
            return ""
        found = residue_in(text, self._repeated) if self._suspicious else ()
        if not found:
            return text
        kept = [text[start:end] for start, end, residue in found if residue is None]
        for start, end, residue in found:
            if residue is not None:
                self._drop(text[start:end], residue)
        return " ".join(kept)

    def _settle_teasers(self) -> None:
        """Keep whole sentences of a cut-off text where there is little else; drop it where it says again what was said."""
        length = sum(len(line) for run in self._runs for group in run.groups for line in group)
        for teaser in self._teasers:
            if not is_cut_off(teaser):
                continue
            if length >= ENOUGH:
                self._dropped.append(Dropped(teaser, "cut-off teaser"))
                continue
            last = tuple(sentences(teaser))[-1][0]
            whole, cut = teaser[:last].strip(), teaser[last:]
            if whole:
                self._runs[-1].groups.append([whole])
            self._dropped.append(Dropped(cut, "cut-off sentence"))

    def _settle_title(self, text: str) -> str:
        title = self._title
        if title is None:
            sentence = next((text[start:end] for start, end in sentences(text[:OPENING])), "")
            title = subject_of(sentence)
            for fuller in self._fuller_names():
                if title is None or (len(fuller) > len(title) and fuller.casefold().startswith(title.casefold())):
                    title = fuller
        title = title or named_like(self._raw.id, text) or defined_in(text)
        if title is None:
            self._flag("untitled")
            name = self._raw.id.rsplit("/", 1)[-1].replace("-", " ").replace("_", " ").strip() or self._raw.id
            return name[:1].upper() + name[1:]
        return unshouted(title, text)

    def _fuller_names(self) -> Iterator[str]:
        for teaser in self._teasers:
            name = subject_of(teaser) if is_cut_off(teaser) else teaser
            if name:
                yield name

    def _drop(self, text: str, residue: Residue) -> None:
        self._dropped.append(Dropped(text, residue.reason))
        if residue.flag:
            self._flag(residue.flag)

    def _flag(self, flag: str) -> None:
        self._flags[flag] = None
