"""A code of ICD-10-CM to all that its page and its JSON say of it: the table's words, and the library's articles."""

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta

from indexer.encoding import CodeJson, JsonObject
from indexer.engine import Searcher
from indexer.json_fields import ArticleCode, ArticleId, ArticleTitle, Count
from indexer.knowledge import code_sides, icd10
from indexer.knowledge.code_sides import CodeSide
from indexer.knowledge.code_table import NoteKind, code_table
from indexer.library import Library
from indexer.query.request import MAX_LIMIT, Page

CodeKind: TypeAlias = Literal["chapter", "block", "category", "subcategory", "extension"]

KindField: TypeAlias = Annotated[CodeKind, Meta(description="What it is in the table.", examples=["subcategory"])]
BillableField: TypeAlias = Annotated[
    bool, Meta(description="Whether it is valid on a claim; otherwise a narrower code is needed.", examples=[True])
]

MAX_ARTICLES: Final = 8  # of a code, on its page
ENOUGH_ARTICLES: Final = 5  # of its own: with fewer, the nearest ones are shown too


class CodeRowJson(CodeJson, frozen=True):
    """A code in a list of codes."""

    kind: KindField
    billable: BillableField
    articles: Annotated[Count, Meta(description="Articles on it and on its narrower codes.", examples=[3])]


class CodeSideJson(CodeJson, frozen=True):
    """The code of the same condition at one side."""

    side: Annotated[CodeSide, Meta(description="The side of the body.", examples=["left"])]


class CodeNotesJson(CodeJson, frozen=True):
    """The notes that the table has on a code; they hold for all narrower ones too."""

    includes: Annotated[
        tuple[str, ...], Meta(description="What belongs to it.", examples=[["infection of vertebral disc"]])
    ]
    inclusion_terms: Annotated[
        tuple[str, ...], Meta(description="Names that have this code.", examples=[["Brodie's abscess"]])
    ]
    code_first: Annotated[
        tuple[str, ...], Meta(description="What is coded before it.", examples=[["underlying disease"]])
    ]
    use_additional_code: Annotated[
        tuple[str, ...],
        Meta(description="What is coded after it.", examples=[["code (B95-B97) to identify infectious agent"]]),
    ]
    code_also: Annotated[
        tuple[str, ...], Meta(description="What is coded too, in either order.", examples=[["any associated fracture"]])
    ]
    excludes1: Annotated[
        tuple[str, ...],
        Meta(description="Never coded together with it.", examples=[["osteomyelitis due to salmonella (A01-A02)"]]),
    ]
    excludes2: Annotated[
        tuple[str, ...],
        Meta(description="No part of it; both may be coded.", examples=[["osteomyelitis of vertebra (M46.2-)"]]),
    ]
    notes: Annotated[
        tuple[str, ...],
        Meta(description="Other notes.", examples=[["A fracture not indicated as open or closed is coded to closed"]]),
    ]
    seventh_character: Annotated[
        tuple[str, ...],
        Meta(description="What its seventh character can be.", examples=[["A: initial encounter for closed fracture"]]),
    ]


class CodedArticleJson(JsonObject, frozen=True):
    """An article in the list of a code."""

    id: ArticleId
    title: ArticleTitle
    code: ArticleCode


class CodeArticlesJson(CodeJson, frozen=True):
    """The articles on a code and its narrower ones: how many, and the first of them."""

    total: Annotated[Count, Meta(description="How many they are.", examples=[2])]
    articles: Annotated[tuple[CodedArticleJson, ...], Meta(description="The first of them.")]


class CodeDetailsJson(CodeJson, frozen=True):
    """A code of ICD-10-CM, a block (M86-M90) or a chapter (13), as the table has it, with the articles on it."""

    kind: KindField
    billable: BillableField
    release: Annotated[str, Meta(description="The day from which the table holds.", examples=["April 1, 2026"])]
    trail: Annotated[tuple[CodeJson, ...], Meta(description="The wider codes, the chapter first.")]
    sides: Annotated[tuple[CodeSideJson, ...], Meta(description="The same condition by side, this code among them.")]
    notes: Annotated[CodeNotesJson, Meta(description="The notes on the code itself.")]
    inherited: Annotated[tuple[CodeNotesJson, ...], Meta(description="Notes of wider codes, narrowest first.")]
    children: Annotated[tuple[CodeRowJson, ...], Meta(description="The codes one level below.")]
    previous: Annotated[CodeJson | None, Meta(description="The code before it in the book.")]
    next: Annotated[CodeJson | None, Meta(description="The code after it in the book.")]
    articles: Annotated[CodeArticlesJson, Meta(description="The articles on it.")]
    nearest: Annotated[
        CodeArticlesJson | None,
        Meta(description="Other articles, on the narrowest wider code that has any; null where the code has enough."),
    ]


_NOTE_KINDS: Final[dict[str, NoteKind]] = {
    "includes": "includes",
    "inclusion_terms": "inclusion term",
    "code_first": "code first",
    "use_additional_code": "use additional code",
    "code_also": "code also",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "notes": "note",
    "seventh_character": "seventh character",
}


def details(code: str, library: Library) -> CodeDetailsJson:
    """All about a code of the table."""
    table = code_table()
    ancestors = table.ancestors(code)
    before, after = table.before(code), table.after(code)
    noted = (each for each in reversed(ancestors) if table.line(each).notes)
    articles = _articles(code, library)
    return CodeDetailsJson(
        code=code,
        title=title(code),
        kind=kind(code),
        billable=is_billable(code),
        release=table.release,
        trail=tuple(map(_titled, ancestors)),
        sides=tuple(
            CodeSideJson(side=each.side, code=each.code, title=title(each.code)) for each in code_sides.sides(code)
        ),
        notes=_notes(code),
        inherited=tuple(map(_notes, noted)),
        children=rows(children(code), library),
        previous=_titled(before) if before else None,
        next=_titled(after) if after else None,
        articles=articles,
        nearest=_nearest(articles, ancestors[1:], library) if articles.total < ENOUGH_ARTICLES else None,
    )


def rows(codes: tuple[str, ...], library: Library) -> tuple[CodeRowJson, ...]:
    """The codes with the number of articles on each."""
    with library.searcher() as searcher:
        return tuple(
            CodeRowJson(
                code=code,
                title=title(code),
                kind=kind(code),
                billable=is_billable(code),
                articles=_count(searcher, code),
            )
            for code in codes
        )


def title(code: str) -> str:
    """The title of a code without the range that a chapter or block has at its end."""
    return icd10.title(code) if kind(code) in {"chapter", "block"} else icd10.full_title(code)


def kind(code: str) -> CodeKind:
    """What a code of the table is."""
    if code in icd10.chapter_labels():
        return "chapter"
    if "-" in code:
        return "block"
    if icd10.is_extension(code):
        return "extension"
    return "category" if len(code) == 3 else "subcategory"


def is_billable(code: str) -> bool:
    """Whether a code of the table has no narrower one, so that it is valid on a claim."""
    return not ("-" in code or code_table().children(code))


def _titled(code: str) -> CodeJson:
    return CodeJson(code=code, title=title(code))


def _notes(code: str) -> CodeNotesJson:
    line = code_table().line(code)
    notes = {name: line.texts(kind) for name, kind in _NOTE_KINDS.items()}
    return CodeNotesJson(code=code, title=title(code), **notes)


def filter_of(code: str) -> dict[str, tuple[str, ...]]:
    """The filter of a search for the articles on a code."""
    if kind(code) == "chapter":
        return {"chapter": (code,)}
    return {"code": children(code) if _is_heading(code) else (code,)}


def _is_heading(code: str) -> bool:
    """Whether it is a block that the table leaves empty, its blocks (M00-M02) beside it (M00-M25)."""
    return "-" in code and not code_table().children(code)


def children(code: str) -> tuple[str, ...]:
    """The codes one level below; of a heading, the blocks in its range."""
    table = code_table()
    if not _is_heading(code):
        return table.children(code)
    first, _, last = code.partition("-")
    beside = (each for each in table.children(table.ancestors(code)[-1]) if each != code and not _is_heading(each))
    return tuple(each for each in beside if first <= each[:3] and each[-3:] <= last)


def _count(searcher: Searcher, code: str) -> int:
    ((field, values),) = filter_of(code).items()
    return sum(searcher.frequency(field, icd10.term(value)) for value in values)


def _articles(code: str, library: Library, limit: int = MAX_ARTICLES) -> CodeArticlesJson:
    results = library.search("", filters=filter_of(code), page=Page(limit=limit), sort="code")
    articles = tuple(
        CodedArticleJson(id=hit.document.id, title=hit.document.title, code=hit.document.code) for hit in results.hits
    )
    return CodeArticlesJson(code=code, title=title(code), total=results.total, articles=articles)


def _nearest(own: CodeArticlesJson, wider: tuple[str, ...], library: Library) -> CodeArticlesJson | None:
    """The articles on the narrowest of the wider codes that has more, the nearest in the book first.

    Without those of the code itself; of the first MAX_LIMIT.
    """
    with library.searcher() as searcher:
        heading = next((each for each in reversed(wider) if _count(searcher, each) > own.total), None)
    if heading is None:
        return None
    table = code_table()
    place = table.number(own.code)

    def distance(article: CodedArticleJson) -> int:
        code = article.code
        return abs(table.number(code) - place) if code and code in table else len(table.codes)

    found = _articles(heading, library, MAX_LIMIT)
    others = (each for each in found.articles if each not in own.articles)
    nearest = tuple(sorted(others, key=distance)[:MAX_ARTICLES])
    return CodeArticlesJson(code=heading, title=found.title, total=found.total, articles=nearest)
