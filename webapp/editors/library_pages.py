"""Lists of articles, an article's raw text beside its reading, and forms to change it: the pages of editors."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for

from indexer.articles.model import RawArticle, RawKind
from indexer.articles.source import Failure
from indexer.documents import Document
from indexer.editing import evidence
from indexer.editing.marked_text import mark_text
from indexer.editing.raw_files import RawFile
from indexer.errors import ArticleConflict, ArticleRejected, IndexMissing
from webapp import admission, request_context
from webapp.editors.article_lists import LISTS, counts, list_page, reason_label, unanswered
from webapp.editors.desk import desk, document_of, find_file

library_pages = Blueprint("library", __name__, url_prefix="/library")

WAIT_S: Final = 2.0  # for a saved article to become live before its page is shown
MAX_WORDS: Final = 200  # code points of what an article is looked for by
KIND_LABELS: Final[dict[RawKind, str]] = {"text": "Plain text", "markdown": "Markdown", "html": "HTML"}
_OPEN: Final = frozenset({"library.sign_in", "library.sign_in_form"})


@library_pages.before_request
def _require_editor() -> Response | None:
    access = desk().access
    if request.endpoint in _OPEN and access.token is not None:
        access.require_own_page()
        admission.receive_body(of_stranger=True)
        return None
    asks_anew = access.token is not None and not access.signed_in() and "Authorization" not in request.headers
    if asks_anew and request.method == "GET":
        return make_response(redirect(url_for("library.sign_in_form"), 303))
    access.require()
    admission.receive_body(of_stranger=False)
    return None


@library_pages.get("/sign-in")
def sign_in_form() -> str | Response:
    """The form that asks for the token of the site."""
    if desk().access.token is None or desk().access.signed_in():
        return make_response(redirect(url_for("library.overview"), 303))
    return render_template("library/sign_in.html", refused=False)


@library_pages.post("/sign-in")
def sign_in() -> Response:
    """Let in whoever shows the token."""
    response = make_response(redirect(url_for("library.overview"), 303))
    if desk().access.sign_in(request.form.get("token", ""), response):
        return response
    return make_response(render_template("library/sign_in.html", refused=True), 401)


@library_pages.post("/sign-out")
def sign_out() -> Response:
    """Forget who was let in."""
    response = make_response(redirect(url_for("home.page"), 303))
    desk().access.sign_out(response)
    return response


@library_pages.get("/", endpoint="overview_with_slash")
@library_pages.get("")
def overview() -> str:
    """The last syncs, and how many articles each list has."""
    history = request_context.library().history()
    try:
        numbers, generation = counts(), request_context.generation()
    except IndexMissing:
        numbers, generation = {}, ""
    return _page("library/overview.html", history=history, counts=numbers, generation=generation, lists=LISTS.values())


@library_pages.get("/lists/<name>")
def listed(name: str) -> str:
    """One list, a page of it."""
    shown = LISTS.get(name) or abort(404)
    number = request.args.get("page", "1")
    reason, words = request.args.get("why", ""), request.args.get("q", "").strip()[:MAX_WORDS]
    page = list_page(name, int(number) if re.fullmatch(r"[0-9]{1,6}", number) else 1, reason, words)
    return _page(
        "library/list.html",
        shown=shown,
        page=page,
        why=reason,
        words=words if name == "all" else "",
        is_counted=unanswered().is_counted,
    )


@library_pages.get("/articles/<id:id>")
def article(id: str) -> str:
    """An article's raw text beside its reading."""
    file, problem = _find(id)
    state = desk().updater.state(id, file)
    document = document_of(id)
    if file is not None and not state.live:
        read = None if file.problem else _read(file.raw)
        document = read if isinstance(read, Document) else None
        state = replace(state, problem=state.problem or (read.reason if isinstance(read, Failure) else ""))
    if file is None and document is None and not problem:
        abort(404)
    return _page(
        "library/article.html",
        id=id,
        file=file,
        document=document,
        marked=mark_text(file.raw.text, file.raw.kind, document) if file and document else None,
        problem=problem,
        state=state,
        is_saved="saved" in request.args,
    )


@library_pages.get("/new")
def new() -> str:
    """The form of a new article."""
    return _form("", "text", "", "")


@library_pages.get("/edit/<id:id>")
def edit(id: str) -> str:
    """The form that changes an article."""
    file = find_file(id) or abort(404)
    if file.locked:
        raise ArticleConflict(file.locked)
    problem = f"the file cannot be read: {file.problem}" if file.problem else ""
    read = None if problem else document_of(id)
    return _form(id, file.raw.kind, file.raw.text, file.version, read=read, problem=problem)


@library_pages.post("/edit")
def save() -> Response:
    """Save an article, or show how it would be read."""
    form = request.form
    id, kind, version = form.get("id", ""), form.get("kind", ""), form.get("version", "")
    text = form.get("text", "").replace("\r\n", "\n")
    if kind not in KIND_LABELS:
        abort(400, "The kind of an article is text, markdown or html.")
    if form.get("action") != "save":
        return make_response(_form(id, kind, text, version, read=_read(RawArticle(id, "", kind, text))))
    document = document_of(id)
    source = document.source if document else None
    try:
        file, _ = desk().files.write(id, kind, text.encode(), source=source, expected=version)
    except (ArticleConflict, ArticleRejected) as error:
        status = 409 if isinstance(error, ArticleConflict) else 400
        return make_response(_form(id, kind, text, version, problem=str(error)), status)
    desk().updater.update()
    desk().wait(id, file, WAIT_S)
    return make_response(redirect(url_for("library.article", id=id, saved=1), 303))


@library_pages.post("/delete/<id:id>")
def delete(id: str) -> Response:
    """Delete an article that its editor has seen as it is."""
    document = document_of(id)
    version = request.form.get("version", "")
    if not desk().files.delete(id, source=document.source if document else None, expected=version):
        abort(404)
    desk().updater.update()
    state = desk().wait(id, None, WAIT_S)
    return make_response(_page("library/deleted.html", id=id, state=state))


def _form(
    id: str, kind: RawKind, text: str, version: str, *, read: Document | Failure | None = None, problem: str = ""
) -> str:
    document = read if isinstance(read, Document) else None
    return _page(
        "library/edit.html",
        id=id,
        kind=kind,
        kinds=KIND_LABELS,
        text=text,
        version=version,
        document=document,
        marked=mark_text(text, kind, document) if document else None,
        problem=problem or (read.reason if isinstance(read, Failure) else ""),
        is_preview=request.method == "POST" and not problem,
    )


def _find(id: str) -> tuple[RawFile | None, str]:
    """The raw article, or why it cannot be shown."""
    try:
        return find_file(id), ""
    except ArticleConflict as error:
        return None, str(error)


def _read(raw: RawArticle) -> Document | Failure:
    return request_context.library().reader().read(raw)


def _page(template: str, **context: Any) -> str:
    return render_template(
        template, **context, access=desk().access, evidence=evidence, reason_label=reason_label, clock=_clock
    )


def _clock(time: str) -> str:
    """The time of day of an ISO 8601 time."""
    try:
        return f"{datetime.fromisoformat(time):%H:%M:%S}"
    except ValueError:
        return time
