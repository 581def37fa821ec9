"""Raw articles to articles: header fields, boilerplate, headings, names; total, whatever the text holds."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from indexer.articles.blocks import BOLD_LEVEL, LONG_PARAGRAPH, Block, ExtractedText, Shape, is_long_paragraph
from indexer.articles.boilerplate import (
    Boilerplate,
    heading_boilerplate,
    is_cut_off,
    line_boilerplate,
    may_hold_boilerplate,
    sentence_boilerplate,
)
from indexer.articles.characters import is_garbled, without_references
from indexer.articles.extraction import MAX_TEXT, extract_text
from indexer.articles.header import (
    announces_names,
    code_in_title,
    code_inside,
    fields_behind_name,
    header_fields,
    meta_code,
    meta_reviewed,
    reviewed_in,
    segments_of,
)
from indexer.articles.headings import (
    MAX_BARE_WORDS,
    MAX_TITLE,
    heading_text,
    is_bare_field,
    is_statement,
    named_fields,
    reads_as_heading,
    reads_as_title,
)
from indexer.articles.model import Article, Dropped, Issue, RawArticle, RawKind, Section
from indexer.articles.other_names import names_of
from indexer.articles.passages import Outline
from indexer.articles.sections import sections_of
from indexer.articles.shortcomings import shortcomings
from indexer.articles.stated_codes import dotted, stated_codes
from indexer.articles.stated_fields import stated_fields
from indexer.articles.title_finder import OPENING, TitleFinder
from indexer.articles.urgent_help import with_urgent_help
from indexer.text.sentences import sentences

# Raise it when code reads a text, or finds its code and sites, differently; data files count by themselves.
READER_VERSION: Final = "18"

MAX_LINE: Final = 320  # code points; what is longer is a paragraph
CERTAIN_PROSE: Final = 150  # code points of a paragraph of sentences that is no entry of a list
ENOUGH_TEXT: Final = 300  # code points beside which a cut-off teaser is not needed

_LINKS: Final = "links to other articles"
_TITLE_LINE: Final = "title line"
_NAMES_LINE: Final = "names line"
_LABELS_IN_LIST: Final = 2  # words of a bold lead-in that divides a list under an overview
_LISTED: Final = frozenset({"references", _LINKS})  # what stands under such headings are lists
_OVER_LINKS: Final = frozenset({_LINKS, "breadcrumbs or menu"})  # a list after one of these is dropped with it

_ISSUES: Final = {
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


def read_article(
    raw: RawArticle, repeated: frozenset[str] = frozenset(), extracted: ExtractedText | None = None
) -> Article:
    """The article that a raw article holds.

    `repeated` are the keys of the publisher's sentences (see `boilerplate.repeated_sentences`); `extracted` is the text
    of the raw article, where it was extracted before.
    """
    return _ArticleBuilder(raw, extracted or extract_text(raw), repeated).build()


class _ArticleBuilder:
    """One article on its way from blocks to sections."""

    def __init__(self, raw: RawArticle, extracted: ExtractedText, repeated: frozenset[str]) -> None:
        self._raw = raw
        self._extracted = extracted
        self._repeated = repeated
        self._titles = TitleFinder(raw, extracted.metadata)
        self._outline = Outline()
        self._dropped = list(extracted.dropped)
        self._flags: dict[str, None] = {}
        self._stated_names: list[str] = []
        self._teasers: list[str] = []  # captions and sentences that break off
        self._in_names_list = False
        self._left_out: tuple[Boilerplate, int] | None = None  # by the heading above, with its level
        self._codes: dict[str, str] = {}  # stated codes and the kinds of their header fields
        self._stated = stated_fields(raw, extracted.metadata)
        self._code = self._given_code(self._stated.code) if self._stated.code else meta_code(extracted.metadata)
        if self._code:
            self._codes[self._code] = "code"
        reviewed = chain([meta_reviewed(extracted.metadata)], (reviewed_in(each.text) for each in extracted.dropped))
        self._reviewed = self._stated.reviewed or next(filter(None, reviewed), None)
        self._may_hold_boilerplate = may_hold_boilerplate("\n".join(each.text for each in extracted.blocks), repeated)

    def build(self) -> Article:
        """The article, read block by block."""
        raw = self._raw
        self._read_blocks(self._extracted.blocks)
        for flag, applies in (("long", len(raw.text) > MAX_TEXT[raw.kind]), ("garbled", is_garbled(raw.text))):
            if applies:
                self._flag(flag)
        self._settle_teasers()
        text = self._outline.text
        if not text:
            self._flag("empty")
        for passage in self._outline.passages:
            if passage.heading and not passage.groups:
                self._drop(passage.heading, "heading without text of its own")
        if code := self._stated_code() or code_inside(text[:OPENING]):
            self._codes.setdefault(code, "code")
        title = self._titles.settled(text, self._teasers)
        if title is None:
            self._flag("untitled")
            title = self._titles.from_id()
        sections = tuple(map(with_urgent_help, sections_of(self._outline.passages)))
        return Article(
            id=raw.id,
            source=raw.source,
            title=title,
            url=self._stated.url,
            reviewed=self._reviewed,
            language=self._stated.language,
            names=names_of(title, text, self._stated_names),
            code=code,
            codes=tuple(self._codes),
            sections=sections,
            dropped=tuple(self._dropped),
            issues=tuple(self._issues(sections)),
        )

    def _issues(self, sections: Sequence[Section]) -> Iterator[Issue]:
        yield from self._stated.issues
        for flag in self._flags:
            messages = shortcomings(self._dropped, sections) if flag == "incomplete" else (_ISSUES[flag],)
            yield from (Issue(flag, message) for message in messages)

    def _given_code(self, given: str) -> str:
        """The first of the codes that came with the article; the others are kept too."""
        codes = [stated.code for stated in stated_codes(given.upper())] or [dotted(given)]
        self._codes.update(dict.fromkeys(codes, "code"))
        return codes[0]

    def _stated_code(self) -> str | None:
        """The code of the article: one of ICD-10-CM before one of another ICD-10, a code before a range of codes."""
        candidates = [code for kind in ("code", "who-code") for code, own in self._codes.items() if own == kind]
        return self._code or min(candidates, key=lambda code: "-" in code, default=None)

    def _read_blocks(self, blocks: Sequence[Block]) -> None:
        in_links = after_row = False
        previous: Block | None = None
        start, title = self._titles.find(blocks)
        if title:
            self._take_title(title)
        for index, block in enumerate(blocks):
            line = block.text if len(block.text) <= MAX_LINE else ""
            if in_links and block.shape in {"item", "row"}:
                self._drop(block.text, _LINKS)
                continue
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            heading = heading_text(line)
            if self._leave_out(block, heading, following):
                continue
            below_title = index > start and block.shape not in {"item", "row"} and self._titles.title is not None
            reason = self._take_line(line, below_title=below_title) if line else None
            in_links = reason in _OVER_LINKS
            if reason:
                continue
            if index < start and line:
                self._drop(line, "stands above the title")
                continue
            if index == start and title and line == title:
                self._drop(line, _TITLE_LINE)
                continue
            if after_row and block.shape != "row":
                self._outline.end_run_in(resumes=True)
            after_row = block.shape == "row"
            if self._take_name(line, heading, block.shape):
                continue
            if self._take_heading(block, following):
                previous = None
                continue
            self._take_text(block, previous)
            previous = block

    def _leave_out(self, block: Block, heading: str, following: Block | None) -> bool:
        """Leave out a heading that stands over what is no part of the article, and all up to the next heading."""
        line = block.text if len(block.text) <= MAX_LINE else ""
        boilerplate = heading_boilerplate(heading) if heading and block.shape not in {"item", "row"} else None
        if boilerplate and (block.shape == "heading" or not self._outline.is_empty or self._titles.title):
            self._left_out = (boilerplate, block.level)
        elif self._left_out:
            level = self._left_out[1]
            if block.shape in {"item", "row"}:
                ends = False
            elif _is_prose(block) and not 0 < level < BOLD_LEVEL:
                ends = True  # a line that only looks like a heading stands over a list or a few short lines
            elif _is_prose(block) and self._left_out[0].reason in _LISTED and len(block.text) >= CERTAIN_PROSE:
                ends = True
            elif block.shape == "heading":
                ends = not (block.level > level > 0) or is_bare_field(heading)
            else:
                ends = (
                    _may_be_heading(block, following) and is_bare_field(heading) and named_fields(heading) != ("part",)
                )
                ends = ends or (line.endswith("?") and reads_as_heading(line, alone=block.alone, followed=False))
            if ends:
                self._left_out = None
        if self._left_out:
            self._drop_boilerplate(block.text, self._left_out[0])
        return self._left_out is not None

    def _take_title(self, line: str) -> None:
        self._titles.take(line)
        if code := code_in_title(line):
            self._codes.setdefault(code, "code")

    def _take_line(self, line: str, *, below_title: bool) -> str | None:
        """The reason why a line is no text of the article, its header fields taken; None where it may be text."""
        segments = segments_of(line)
        fields = [field for segment in segments or (line,) for field in header_fields(segment)]
        if not fields and below_title:
            fields.extend(fields_behind_name(line))
        for field in fields:
            match field.kind:
                case "code" | "who-code" | "other-code":
                    self._codes.setdefault(field.value, field.kind)
                case "reviewed":
                    self._reviewed = self._reviewed or field.value or None
                case "names":
                    self._stated_names.append(field.value)
        if fields:
            kind = fields[0].kind.rpartition("-")[2]
            self._drop(line, f"{kind} line")
            return kind
        boilerplate = next(filter(None, map(line_boilerplate, (line, *segments))), None)
        if boilerplate is None:
            return None
        if boilerplate.reason == "caption of an illustration":
            self._teasers.append(line.rsplit(" ", 2)[0])
        self._drop_boilerplate(line, boilerplate)
        return boilerplate.reason

    def _take_name(self, line: str, heading: str, shape: Shape) -> bool:
        """Take a line of other names from below their heading, or the heading itself."""
        may_be_name = self._in_names_list and 0 < len(line) <= MAX_TITLE and line[-1] not in ".!?:"
        if may_be_name and (shape in {"item", "row"} or (shape == "paragraph" and not named_fields(line))):
            self._stated_names.append(line)
            self._drop(line, _NAMES_LINE)
            return True
        self._in_names_list = shape not in {"item", "row"} and announces_names(heading)
        if self._in_names_list:
            self._drop(line, _NAMES_LINE)
        return self._in_names_list

    def _take_heading(self, block: Block, following: Block | None) -> bool:
        """Take a block as the title, a heading, or a paragraph with a run-in heading."""
        text, first = block.text, self._outline.is_empty
        if block.shape == "row":
            return block.bold > 0 and self._take_run_in(block)
        if block.shape != "heading":
            if 0 < block.bold < len(text) and self._take_run_in(block):
                return True
            if not _may_be_heading(block, following):
                return False
            if first and self._titles.title is None and following is not None and reads_as_title(text, following.text):
                self._take_title(text)
                if is_bare_field(text):  # "Heart Tests" is about tests, too
                    self._outline.add_heading(text, 0)
                else:
                    self._drop(text, _TITLE_LINE)
                return True
            followed = is_long_paragraph(following) or (first and following is not None)
            if not reads_as_heading(text, alone=block.alone, followed=followed):
                return False
        heading = heading_text(text)
        if not heading:
            return False
        if self._titles.is_title(heading, block.level, first=first):
            if self._titles.title is None:
                self._take_title(heading)
            self._drop(text, _TITLE_LINE)
            return True
        self._outline.add_heading(heading, block.level)
        return True

    def _take_run_in(self, block: Block) -> bool:
        """Take a paragraph whose bold beginning is a heading, or ends the passage of one."""
        bold, rest = block.text[: block.bold].rstrip(), block.text[block.bold :].lstrip()
        if block.shape == "item" and self._belongs_to_list(bold):
            return False
        heading = heading_text(bold.rstrip(" .:"))
        goes_on = bold[-1].isalnum() and rest[:1].isalnum() and not rest[:1].isupper()
        fields = named_fields(heading)
        if block.shape == "row" and set(fields) <= set(self._outline.kinds):
            return self._outline.end_run_in(resumes=True) and False
        is_field = fields not in ((), ("part",)) and (
            len(heading.split()) <= MAX_BARE_WORDS or (block.shape == "row" and bold.endswith("?"))
        )
        if is_field and not goes_on and not is_statement(heading):
            self._outline.add_run_in(heading)
            self._take_text(block._replace(text=rest.lstrip(" .:–—-")), None)
            return True
        if self._outline.end_run_in(resumes=True):
            self._take_text(block, None)
            return True
        return False

    def _belongs_to_list(self, bold: str) -> bool:
        """Whether the bold beginning of a list item is no heading, because the list stands under one."""
        kinds = self._outline.kinds
        return bool(kinds) and not (kinds == ("overview",) and len(bold.split()) <= _LABELS_IN_LIST)

    def _take_text(self, block: Block, previous: Block | None) -> None:
        is_item = block.shape == "item"
        text = heading_text(block.text) if is_item and block.text[:1].isdigit() else block.text
        text = self._without_boilerplate(without_references(text))
        if text:
            joins = previous is not None and (block.shape in {"item", "row"} or previous.text.endswith(":"))
            self._outline.add_paragraph(text, joins=joins)

    def _without_boilerplate(self, text: str) -> str:
        if is_cut_off(text) and len(text) >= LONG_PARAGRAPH:
            self._flag("incomplete")
            self._teasers.append(text)
            return ""
        spans = sentence_boilerplate(text, self._repeated) if self._may_hold_boilerplate else ()
        for start, end, boilerplate in spans:
            if boilerplate is not None:
                self._drop_boilerplate(text[start:end], boilerplate)
        return " ".join(text[start:end] for start, end, boilerplate in spans if boilerplate is None) if spans else text

    def _settle_teasers(self) -> None:
        """Add the whole sentences of cut-off paragraphs where there is little other text; drop them elsewhere."""
        length = sum(len(line) for passage in self._outline.passages for group in passage.groups for line in group)
        for teaser in self._teasers:
            if not is_cut_off(teaser):
                continue
            if length >= ENOUGH_TEXT:
                self._drop(teaser, "cut-off teaser")
                continue
            last = tuple(sentences(teaser))[-1][0]
            if whole := teaser[:last].strip():
                self._outline.add_paragraph(whole)
            self._drop(teaser[last:], "cut-off sentence")

    def _drop_boilerplate(self, text: str, boilerplate: Boilerplate) -> None:
        self._reviewed = self._reviewed or (reviewed_in(text) if len(text) <= MAX_LINE else None)
        self._drop(text, boilerplate.reason)
        if boilerplate.flag:
            self._flag(boilerplate.flag)

    def _drop(self, text: str, reason: str) -> None:
        self._dropped.append(Dropped(text, reason))

    def _flag(self, flag: str) -> None:
        self._flags[flag] = None


def _may_be_heading(block: Block, following: Block | None) -> bool:
    """Whether a line that is not marked as a heading can be one: it is short, and a list item only if numbered."""
    text = block.text
    if len(text) > MAX_TITLE and not block.bold:
        return False
    if block.shape != "item":
        return True
    heading = heading_text(text)
    is_numbered = text[:1].isalnum() and heading != text
    return is_numbered and (named_fields(heading) != () or (block.alone and is_long_paragraph(following)))


def _is_prose(block: Block) -> bool:
    """Whether a block is a paragraph of sentences, and no reference."""
    return is_long_paragraph(block) and block.text[-1] in '.!?:…"”' and line_boilerplate(block.text) is None
