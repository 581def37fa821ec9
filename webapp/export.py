"""All results of a search to a file: CSV for spreadsheets, JSON for programs.

The articles are streamed in the order of the search: whatever their number, a few are in memory at a time.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

import msgspec
from flask import Blueprint, Response, stream_with_context, url_for

from indexer.documents import Document
from indexer.encoding import JsonObject
from indexer.knowledge import body_sites
from indexer.knowledge.body_sites import Side
from indexer.knowledge.icd10 import chapter_label
from indexer.search.facets import SIDE_LABELS
from webapp import admission, request_context
from webapp.http_cache import conditional
from webapp.links import changed_url
from webapp.markup import web
from webapp.search_params import DEFAULT_SIZE, SearchParams

export = Blueprint("export", __name__)

CHUNK: Final = 50  # lines that are sent at once
MAX_NAME: Final = 40  # characters of the words in the name of a file
_MEDIA_TYPES: Final = {"csv": "text/csv", "json": "application/json"}
_BYTE_ORDER_MARK: Final = "\ufeff"  # without it, Excel reads a file as that of a code page
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


class ExportedJson(JsonObject, frozen=True):
    """An article of an export: the values of the API, the address that it came from and that of its page here."""

    id: str
    title: str
    condition: str
    code: str | None
    chapter: str | None
    sites: tuple[str, ...]
    side: Side | None
    reviewed: str | None
    source: str | None
    page: str


@export.get("/search/export.<any(csv, json):kind>")
@conditional
def results(kind: str) -> Response:
    """Every article that the search finds, as a file."""
    params = request_context.search_params()
    admission.admit(admission.COSTLY)
    documents = _begun(request_context.library().matches(request_context.admitted(params)))
    articles = map(_exported, documents)
    lines = _csv_lines(articles) if kind == "csv" else _json_lines(articles)
    response = Response(stream_with_context(admission.in_turns(_chunks(lines))), mimetype=_MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(params)}.{kind}"'
    return response


def export_url(params: SearchParams, kind: str) -> str:
    """The address of the file of all articles that the search finds: one whatever part of them a page shows."""
    path = url_for("export.results", kind=kind)
    return changed_url(path, params, size=DEFAULT_SIZE, collapse=True, explain=False)


def _begun(documents: Iterator[Document]) -> Iterator[Document]:
    """The documents, searched already: where that fails, the answer is an error and not half a file."""
    return chain(tuple(islice(documents, 1)), documents)


def _exported(document: Document) -> ExportedJson:
    return ExportedJson(
        id=document.id,
        title=document.title,
        condition=document.condition,
        code=document.code,
        chapter=document.chapter,
        sites=document.sites,
        side=document.side,
        reviewed=document.reviewed,
        source=web(document.url),
        page=url_for("article.page", id=document.id, _external=True),
    )


def _csv_lines(articles: Iterable[ExportedJson]) -> Iterator[str]:
    """Lines of CSV (RFC 4180) with a header; sites, sides and chapters in words."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(ExportedJson.__struct_fields__)
    yield _BYTE_ORDER_MARK
    for article in articles:
        yield _taken(line)
        in_words = {
            "chapter": chapter_label(article.chapter) if article.chapter else "",
            "sites": "; ".join(map(body_sites.label, article.sites)),
            "side": SIDE_LABELS[article.side] if article.side else "",
        }
        writer.writerow(map(cell, (msgspec.structs.asdict(article) | in_words).values()))
    yield _taken(line)


def cell(text: str | None) -> str:
    """The text of a cell: a spreadsheet takes what begins like a formula for one, and would run it."""
    return f"'{text}" if text and text.startswith(_FORMULA_STARTS) else text or ""


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def _json_lines(articles: Iterable[ExportedJson]) -> Iterator[str]:
    """An array with an object a line."""
    before = "[\n"
    for article in articles:
        yield before + msgspec.json.encode(article).decode()
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _chunks(lines: Iterator[str]) -> Iterator[bytes]:
    """Several lines at a time: each chunk costs a turn of the server."""
    while chunk := "".join(islice(lines, CHUNK)):
        yield chunk.encode()


def _file_name(params: SearchParams) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", params.q.lower())[:MAX_NAME].strip("-")
    return f"conditions-{words}" if words else "conditions"
