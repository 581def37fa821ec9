"""Codes of ICD-10-CM to pages and JSON: every code of the table, whether or not an article is on it.

A room of its own: without this module, the templates code.html, codes.html, no_code.html and
_code_card.html, style/codes.css and script/copy.js, the site has no pages of codes; nothing else changes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import msgspec
from flask import Blueprint, Flask, Response, render_template, url_for
from markupsafe import Markup, escape

from indexer import code_details
from indexer.knowledge import code_locations, code_lookup, icd10
from indexer.knowledge.code_table import code_table
from indexer.query.request import Page
from indexer.results import Completion, Name
from indexer.text.analyzer import fold, words
from webapp import request_context
from webapp.errors import ProblemJson
from webapp.http_cache import cached_response, conditional
from webapp.links import search_url
from webapp.search_params import SearchParams

codes = Blueprint("codes", __name__)

MAX_TITLED: Final = 3  # codes that are suggested for a condition and a place
MAX_SHOWN: Final = 20  # code points of an unknown code that are repeated

# A query that is nothing but a code, so that other queries never open the table.
_BARE_CODE: Final = re.compile(
    r"(?:icd[ -]?10(?:[ -]?cm)?[: ]\s*|code[: ]\s*)?([A-Z][0-9A][0-9A-Z](?:\.?[0-9A-Z]{0,4}|-[A-Z][0-9A][0-9A-Z]))",
    re.IGNORECASE,
)
_SURELY_CODE: Final = re.compile(r"[A-Z][0-9][0-9AB]\.?[0-9A-Z]{1,4}", re.IGNORECASE)
_MENTIONED_CODE: Final = re.compile(
    r"\b[A-Z][0-9][0-9A-Z]-[A-Z][0-9A][0-9A-Z]\b|\b[A-Z][0-9A][0-9A-Z](?:\.[0-9A-Z]{1,4})?\b"
)


@dataclass(frozen=True, slots=True)
class CodeCard:
    """A code that was searched for, with its page; one that the table lacks has no title."""

    code: str
    title: str | None
    url: str
    articles: int = 0
    billable: bool = False


def add_to(app: Flask) -> None:
    """Add the pages, and what the templates of other pages show of codes."""
    app.register_blueprint(codes)
    app.jinja_env.filters["code_links"] = code_links
    app.jinja_env.globals |= {"code_card": code_card, "code_search": code_search}
    app.jinja_env.globals["chapter_ranges"] = icd10.chapter_ranges


@codes.get("/codes")
@conditional
def index() -> Response:
    """The chapters, with the number of articles in each."""
    chapters = code_details.rows(tuple(icd10.chapter_labels()), request_context.library())
    return Response(render_template("codes.html", chapters=chapters, release=code_table().release))


@codes.get("/codes/<code>")
def page(code: str) -> Response:
    """A code: what the table says of it, the codes around it, and the articles on it."""
    found = code_lookup.find(code)
    if found is None:
        shown = code[:MAX_SHOWN].upper()
        nearest = code_details.rows(code_lookup.nearest(code), request_context.library())
        return Response(render_template("no_code.html", code=shown, nearest=nearest), 404)
    if found != code:  # a code has one address
        response = Response(status=308)
        response.location = url_for("codes.page", code=found)
        return response
    return _page(found)


@conditional
@cached_response
def _page(code: str) -> Response:
    details = code_details.details(code, request_context.library())
    return Response(render_template("code.html", details=details))


@codes.get("/api/v1/codes/<code>")
def answer(code: str) -> Response:
    """The same as JSON."""
    found = code_lookup.find(code)
    if found is None:
        nearest = ", ".join(code_lookup.nearest(code))
        detail = f"ICD-10-CM has no such code{f'; the nearest are {nearest}' if nearest else ''}."
        problem = ProblemJson(type="about:blank", status=404, title="There is no such code", detail=detail)
        return Response(msgspec.json.encode(problem), 404, mimetype="application/problem+json")
    return _answer(found)


@conditional
@cached_response
def _answer(code: str) -> Response:
    return Response(
        msgspec.json.encode(code_details.details(code, request_context.library())), mimetype="application/json"
    )


def code_search(code: str) -> str:
    """The address of the search for all articles on a code."""
    params = SearchParams(collapse=False).with_values(**code_details.filter_of(code))
    return search_url(url_for("search.page"), params)


def code_card(params: SearchParams) -> CodeCard | None:
    """The code that is searched for by itself, in words or as the only filter; None for any other search."""
    alone = not params.q and len(params.code) == 1
    bare = _BARE_CODE.fullmatch(params.code[0] if alone else params.q)
    if bare is None:
        return None
    found = code_lookup.find(bare[1])
    if found is None and not _SURELY_CODE.fullmatch(bare[1]):
        return None
    code = found or bare[1].upper()
    url = url_for("codes.page", code=code)
    if found is None:
        return CodeCard(code, None, url)
    (row,) = code_details.rows((found,), request_context.library())
    return CodeCard(f"Chapter {code}" if row.kind == "chapter" else code, row.title, url, row.articles, row.billable)


def with_codes(typed: str, completions: tuple[Completion, ...], limit: int) -> tuple[Completion, ...]:
    """The completions; of a typed code also itself and the next narrower ones, although no article has them.

    A name with more words behind it has its condition's codes beside it whose titles have these words.
    """
    bare = _BARE_CODE.fullmatch(typed)
    found = code_lookup.find(bare[1]) if bare else None
    if found is None:
        titled = tuple(islice(_titled(typed, completions[0].name), MAX_TITLED)) if completions else ()
        rows = code_details.rows(titled, request_context.library())
        coded = (Completion(Name("code", row.code, row.code, row.articles), ()) for row in rows)
        return (*completions[:1], *coded, *completions[1:])[:limit]
    given = {each.name.text for each in completions}
    added = (code for code in (found, *code_table().children(found)) if code not in given)
    rows = code_details.rows(tuple(islice(added, limit - len(completions))), request_context.library())
    names = (Name("code", row.code, row.code, row.articles) for row in rows)
    return (*completions, *(Completion(name, ((0, len(found)),)) for name in names))


def _titled(typed: str, name: Name) -> Iterator[str]:
    """The codes of the condition whose titles have all words that stand behind its name; none without such words."""
    said, named = fold(typed).strip(), fold(name.text)
    behind = [word for word, _, _ in words(said.removeprefix(named))]
    if name.kind not in ("condition", "name") or not said.startswith(named) or not behind:
        return
    found = request_context.library().search("", filters={"condition": (name.value,)}, page=Page(limit=1))
    for code in (each.document.code for each in found.hits if each.document.code):
        for narrower in icd10.descendants(code_locations.heading_of(code)) if code in code_table() else ():
            title = [word for word, _, _ in words(icd10.title(narrower))]
            if all(any(each.startswith(word) for each in title) for word in behind):
                yield narrower


def title_of_name(name: Name) -> str | None:
    """The title of a suggested code; None of other names."""
    found = code_lookup.find(name.text) if name.kind == "code" else None
    return code_details.title(found) if found else None


def code_links(text: str) -> Markup:
    """A note of the table with each code that it mentions as a link to its page."""
    return Markup("").join(_linked(text))


def _linked(text: str) -> Iterator[Markup]:
    last = 0
    for mentioned in _MENTIONED_CODE.finditer(text):
        for match in (mentioned,) if code_lookup.find(mentioned[0]) else re.finditer(r"[^-]+", mentioned[0]):
            start = match.start() if match is mentioned else mentioned.start() + match.start()
            if found := code_lookup.find(match[0]):
                yield escape(text[last:start])
                yield Markup('<a class="code" href="{}">{}</a>').format(url_for("codes.page", code=found), match[0])
                last = start + len(match[0])
    yield escape(text[last:])
