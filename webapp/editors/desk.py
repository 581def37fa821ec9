"""The application to what its editors' pages and API need: who may enter, the raw files, and the way to the index."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Flask, current_app

from indexer.documents import Document
from indexer.editing.checked_articles import CheckedArticles
from indexer.editing.index_updater import IndexUpdater, LiveState
from indexer.editing.raw_files import MAX_WRITTEN, RawFile, RawFiles
from indexer.editing.unanswered import UNANSWERED, UnansweredQueries
from indexer.errors import IndexMissing
from indexer.library import Library
from indexer.settings import Settings
from webapp import admission, request_context
from webapp.editors.access import Access

MAX_FORM: Final = 3 * MAX_WRITTEN + 10_000  # bytes of a form that holds an article, percent-encoded


@dataclass(frozen=True, slots=True)
class Desk:
    """What the editors of one application work with."""

    access: Access
    files: RawFiles
    updater: IndexUpdater
    checked: CheckedArticles

    def wait(self, id: str, file: RawFile | None, seconds: float) -> LiveState:
        """Wait until a change is live, as `IndexUpdater.wait` does; others have this request's turn meanwhile."""
        admission.step_aside()
        return self.updater.wait(id, file, seconds)


def add_to(app: Flask, settings: Settings) -> None:
    """Add the pages and the writing API of editors to an application that has its library."""
    from webapp.editors.library_pages import library_pages
    from webapp.editors.writing_api import writing_api

    library: Library = app.extensions["library"]
    updater = IndexUpdater(library, settings.corpus, watched=settings.watched)
    app.extensions["desk"] = Desk(Access(settings.token), RawFiles(settings.corpus), updater, CheckedArticles())
    is_counted = settings.count_queries and "://" not in settings.index
    app.extensions["unanswered"] = UnansweredQueries(Path(settings.index) / UNANSWERED if is_counted else None)
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM
    app.extensions["body_limits"] = {
        "writing_api.put": MAX_WRITTEN,
        "library.save": MAX_FORM,
        "library.delete": 10_000,
        "library.sign_in": 10_000,
        "library.sign_out": 10_000,
    }
    app.jinja_env.filters["capitalize_first"] = lambda text: f"{text[:1].upper()}{text[1:]}"
    app.register_blueprint(library_pages)
    app.register_blueprint(writing_api)


def desk() -> Desk:
    """What the editors of this application work with."""
    found: Desk = current_app.extensions["desk"]
    return found


def document_of(id: str) -> Document | None:
    """The indexed document of that id."""
    with suppress(IndexMissing):
        return request_context.library().get(id)
    return None


def find_file(id: str) -> RawFile | None:
    """The raw article of that id. Raises ArticleRejected and ArticleConflict."""
    document = document_of(id)
    return desk().files.find(id, document.source if document else None)
