"""An article to its page: what to know at once, its sections, and where it stands in medicine."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, g, render_template, request, url_for

from indexer.articles.model import Section
from indexer.articles.shortcomings import missing_kinds
from indexer.documents import Document, display_title, recased
from indexer.editing import evidence
from indexer.errors import RequestTooCostly
from indexer.search.siblings_table import siblings_table
from indexer.text.readability import grade
from webapp import request_context
from webapp.body_map import build_place_map
from webapp.http_cache import conditional
from webapp.language import is_english, text_attributes
from webapp.markup import FIELD_LABELS
from webapp.search_params import SWITCHES, SearchParams, tidied

article = Blueprint("article", __name__)

MAX_SIBLINGS: Final = 60  # articles of the condition, on the page of one
COLLEGE: Final = 13  # the grade after school
CODE_MATCH_NOTES: Final = {
    "parent": "This is the code of a wider heading; the article has none of its own.",
    "inferred": "The article does not state it; it was worked out from a name in the text.",
}


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section with its heading in sentence case, and the spans of its text that are marked."""

    section: Section
    heading: str
    names_kind: bool  # whether the heading says which kind it is
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Highlight:
    """The words of a search: whether they are marked, how many, and in which section first; links to change that."""

    query: str
    on_url: str
    off_url: str
    is_on: bool
    count: int = 0
    first: int = 0


@article.get("/articles/<id:id>")
@conditional
def page(id: str) -> str:
    """One article: its sections, and where it stands in medicine."""
    library = request_context.library()
    document = library.get(id) or abort(404)
    total, siblings = library.siblings(document, MAX_SIBLINGS)
    highlight, spans = _highlight(document)
    return render_template(
        "article.html",
        document=document,
        place_map=build_place_map(document),
        title=display_title(document),
        text_attributes=text_attributes(document.language),
        sections=_shown_sections(document, spans),
        highlight=highlight,
        urgent=list(dict.fromkeys(text for section in document.sections for text in section.urgent)),
        school_grade=school_grade(document),
        missing=[FIELD_LABELS[kind] for kind in missing_kinds(document.sections)],
        other_codes=[code for code in document.codes if code != document.code],
        code_match_notes=CODE_MATCH_NOTES,
        siblings=siblings_table(siblings) if total > 1 else None,
        siblings_shown=len(siblings),
        siblings_total=total,
        related=library.related(id),
        value_signs=[
            (each.what, evidence.value_label(each), evidence.value_sign(document, each)) for each in document.evidence
        ],
        section_signs=[(section, evidence.section_sign(section)) for section in document.sections],
    )


def school_grade(document: Document) -> str | None:
    """For whom the text is easy, in words; None for a short text, and for one that is not in English."""
    if not is_english(document.language):
        return None
    level = grade("\n".join(section.text for section in document.sections))
    if level is None:
        return None
    return f"Reads like US grade {level}" if level < COLLEGE else "Reads like a college text"


def _shown_sections(document: Document, spans: tuple[tuple[tuple[int, int], ...], ...]) -> list[ShownSection]:
    """The sections; a heading that only repeats the title gives way to the name of the field."""
    shown, seen = [], set()
    for number, section in enumerate(document.sections):
        label = FIELD_LABELS[section.kind]
        heading = section.heading or label
        if heading.casefold() == document.title.casefold():
            heading = label
        heading = recased(document, heading)
        if heading in seen and heading == label:
            heading = f"{label}, continued"
        seen.add(heading)
        names_kind = label.lower() in heading.lower()
        shown.append(ShownSection(section, heading, names_kind, spans[number] if spans else ()))
    return shown


def _highlight(document: Document) -> tuple[Highlight | None, tuple[tuple[tuple[int, int], ...], ...]]:
    """The words of the search in `q`, marked unless `marks` says not to."""
    params = SearchParams(q=tidied(request.args.get("q", "")))
    if not params.q:
        return None, ()
    on_url = url_for("article.page", id=document.id, q=params.q)
    off_url = url_for("article.page", id=document.id, q=params.q, marks="off")
    if not SWITCHES.get(request.args.get("marks", "on"), True):
        return Highlight(params.q, on_url, off_url, is_on=False), ()
    spans = _spans(document, params)
    first = next((number for number, each in enumerate(spans, 1) if each), 0)
    return Highlight(params.q, on_url, off_url, True, sum(map(len, spans)), first), spans


def _spans(document: Document, params: SearchParams) -> tuple[tuple[tuple[int, int], ...], ...]:
    """What the search marks in each section; nothing of one that takes too long, because the article is there."""
    asked = request_context.admitted(params)
    try:
        return request_context.library().highlight(document, asked)
    except RequestTooCostly:
        g.is_cacheable = False
        return ()
