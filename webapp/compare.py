"""Two to four articles to a page that shows them side by side, with what they share and where they differ.

A room of its own: without this module, the templates compare.html, _compare_box.html, _compare_form.html and
_confused.html, style/compare.css and script/compare.js, no page offers to compare; nothing else changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Flask, Response, render_template, request, url_for
from markupsafe import Markup

from indexer.documents import Document, display_title
from indexer.errors import QueryRejected
from indexer.knowledge import body_sites
from indexer.search.comparison import ComparedText
from indexer.search.confused_pairs import ComparablePair, confused_pairs, pairs_of_document, pairs_of_name
from webapp import request_context
from webapp.http_cache import cached_response, conditional
from webapp.links import query_string
from webapp.markup import Mark, paragraphs
from webapp.search_params import SearchParams, tidied

compare = Blueprint("compare", __name__)

MIN_ARTICLES: Final = 2
MAX_ARTICLES: Final = 4
MAX_CHOICES: Final = 8  # articles that a search offers to add
MAX_SHOWN: Final = 60  # code points of an unknown id that are repeated


@dataclass(frozen=True, slots=True)
class Choice:
    """An article that may be compared too: why it is offered, and the page with it."""

    title: str
    reason: str
    url: str


def add_to(app: Flask) -> None:
    """Add the page, and what the templates of other pages show of it."""
    app.register_blueprint(compare)
    app.jinja_env.filters["compared"] = compared
    macros = vars(app.jinja_env.get_template("_compare_box.html").module)
    app.jinja_env.globals |= {
        "compare_box": macros["compare_box"],  # an include for each hit would take twice the time
        "compare_link": compare_link,
        "often_confused": often_confused,
        "often_confused_name": often_confused_name,
    }


@compare.get("/compare")
def page() -> Response:
    """Two to four articles side by side; of fewer, what the next one may be. Raises QueryRejected for more."""
    ids = tuple(dict.fromkeys(filter(None, request.args.getlist("id"))))
    if len(ids) > MAX_ARTICLES:
        raise QueryRejected(f"{len(ids)} articles are too many to compare; choose two to four")
    documents = []
    for id in ids:
        document = request_context.library().get(id)
        if document is None:
            return _unknown(id)
        documents.append(document)
    return _page(documents)


@conditional
@cached_response
def _page(documents: Sequence[Document]) -> str:
    library = request_context.library()
    sought = tidied(request.args.get("find", ""))
    return render_template(
        "compare.html",
        documents=documents,
        facts=_agreement(documents),
        fields=library.compare(documents) if len(documents) >= MIN_ARTICLES else (),
        sought=sought,
        choices=_choices(documents, sought),
        pairs=library.comparable(confused_pairs()) if not documents else (),
        max_articles=MAX_ARTICLES,
    )


def compare_link(*documents: Document) -> str:
    """The address of the page on these documents."""
    return _url([document.id for document in documents])


def often_confused(document: Document) -> tuple[ComparablePair, ...]:
    """What the document's condition is often taken for, where the library has an article on it."""
    return request_context.library().comparable(pairs_of_document(document), document)


def often_confused_name(name: str) -> tuple[ComparablePair, ...]:
    """What the condition of that name is often taken for; none for a text that is no such name."""
    pairs = pairs_of_name(name)
    return request_context.library().comparable(pairs) if pairs else ()


def compared(text: ComparedText) -> Markup:
    """The text of a section in paragraphs, with the words that are shared, and those that are only here, as marks."""
    marks: list[Mark] = [(start, end, "shared") for start, end in text.shared]
    return paragraphs(text.text, marks + [(start, end, "only") for start, end in text.distinct])


def _url(ids: Sequence[str]) -> str:
    path = url_for("compare.page")
    return f"{path}?{query_string(('id', id) for id in ids)}" if ids else path


def _unknown(id: str) -> Response:
    shown = f"{id[:MAX_SHOWN]}…" if len(id) > MAX_SHOWN else id
    detail = f"The library has no article “{shown}”. It may have been taken out, or the address is incomplete."
    return Response(render_template("problem.html", status=404, title="There is no such article", detail=detail), 404)


def _agreement(documents: Sequence[Document]) -> dict[bool, list[str]]:
    """The names of the facts that every document states, by whether they state the same."""
    stated: dict[str, list[object]] = {
        "code": [document.code for document in documents],
        "body site": [document.sites for document in documents],
        "side": [document.side for document in documents],
    }
    agreement: dict[bool, list[str]] = {True: [], False: []}
    for name, values in stated.items():
        if all(values):
            agreement[len(set(values)) == 1].append(name)
    return agreement


def _choices(documents: Sequence[Document], sought: str) -> list[Choice]:
    """What may be compared too: the articles that the words find, or beside a single article the likely ones."""
    library = request_context.library()
    ids = [document.id for document in documents]
    if len(ids) >= MAX_ARTICLES:
        return []
    found: dict[str, tuple[str, str]] = {}
    if sought:
        for hit in request_context.answer(SearchParams(q=sought, size=MAX_CHOICES)).hits:
            found[hit.document.id] = (display_title(hit.document), "")
    elif len(ids) == 1:
        for each in often_confused(documents[0]):
            found[each.other.id] = (display_title(each.other), f"often confused: {each.pair.resemblance}")
        for related in library.related(ids[0]):
            places = map(str.lower, map(body_sites.label, related.sites))
            shared = related.words or tuple(places) or ((related.code.title,) if related.code else ())
            found.setdefault(related.document.id, (display_title(related.document), f"in both: {', '.join(shared)}"))
    return [Choice(title, reason, _url([*ids, id])) for id, (title, reason) in found.items() if id not in ids]
