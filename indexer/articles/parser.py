"""Raw articles to articles: header, residue, sections, names; total, whatever the text holds."""

import re
from typing import Final

from indexer.articles.blocks import Block
from indexer.articles.model import Article, Dropped, Issue, RawArticle, RawKind, Section, SectionKind
from indexer.articles.pages import page_of

READER_VERSION: Final = "1"  # raised whenever the same text would be read differently; part of every digest
_CODE: Final = re.compile(r"ICD-?\s?10(?:-CM)?\s*(?:code)?\s*[:=]?\s*([A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?)\b", re.I)
_RESIDUE: Final = re.compile(r"\b(?:Save|digital illustration)$|Sign up or Log in|^Share \||^Chapter:|^©|\.\.\.$")
_HEADINGS: Final[tuple[tuple[SectionKind, re.Pattern[str]], ...]] = (
    ("causes", re.compile(r"\b(?:causes?|risk factors)\b", re.I)),
    ("symptoms", re.compile(r"\b(?:symptoms?|signs)\b", re.I)),
    ("diagnosis", re.compile(r"\b(?:diagnos\w+|tests)\b", re.I)),
    ("treatment", re.compile(r"\b(?:treat\w+|managing|management)\b", re.I)),
)


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
    """The article that a raw article holds; `repeated` are the publisher's sentences (see repetition.py)."""
    page = page_of(raw)
    dropped = list(page.dropped)
    issues: list[Issue] = []
    code, title = raw.code, raw.title
    kind: SectionKind = "overview"
    heading: str | None = None
    sections: list[tuple[SectionKind, str | None, list[str]]] = []
    for block in page.blocks:
        if found := _CODE.search(block.text) if len(block.text) < 60 else None:
            code = code or found[1].upper()
        elif _RESIDUE.search(block.text):
            dropped.append(Dropped(block.text, "residue"))
        elif _is_heading(block):
            if title is None and not sections:
                title = block.text.split(":")[0]
                continue
            heading = block.text
            kind = next((k for k, pattern in _HEADINGS if pattern.search(heading)), "overview")
            sections.append((kind, heading, []))
        else:
            if not sections:
                sections.append((kind, heading, []))
            sections[-1][2].append(block.text)
    return Article(
        id=raw.id,
        source=raw.source,
        title=title or (page.blocks[0].text.split(",")[0][:100] if page.blocks else raw.id),
        url=raw.url,
        reviewed=raw.reviewed,
        language=raw.language,
        code=code,
        sections=tuple(
            Section(k, h, "\n".join(lines), f"heading '{h}'" if h else "stands first")
            for k, h, lines in sections
            if lines
        ),
        dropped=tuple(dropped),
        issues=tuple(issues),
    )


def _is_heading(block: Block) -> bool:
    return block.shape in {"heading", "title"} or (
        block.alone and block.shape == "paragraph" and len(block.text) < 90 and block.text[-1] not in ".,;:"
    )
