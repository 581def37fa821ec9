"""The record of syncs and the checked documents to the lists that editors look through, a page at a time."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import current_app

from indexer.articles.source import Failure
from indexer.editing.checked_articles import WEAKNESSES, CheckedArticle
from indexer.editing.unanswered import UnansweredQueries, UnansweredQuery
from indexer.sync.sync_history import SyncHistory
from webapp import request_context
from webapp.editors.desk import desk, document_of

PAGE_SIZE: Final = 25


@dataclass(frozen=True, slots=True)
class EditorsList:
    """A list of the library: its heading, and what it says of itself."""

    name: str
    label: str
    lead: str


LISTS: Final[Mapping[str, EditorsList]] = {
    each.name: each
    for each in (
        EditorsList("newest", "New articles", "Added by the last syncs, the newest first."),
        EditorsList("changed", "Changed articles", "Changed by the last syncs, the newest first."),
        EditorsList("failed", "Failed", "What could not be read, and why. The index has what it had before."),
        EditorsList("flagged", "Flagged", "Articles that are incomplete, or that could be read in part only."),
        EditorsList(
            "weak", "Weak readings", "Articles that were read on weak grounds: look whether they were read right."
        ),
        EditorsList("unanswered", "Queries without results", "What was asked for and not found: words only."),
    )
}


@dataclass(frozen=True, slots=True)
class ListRow:
    """A line of a list: an article by its id, or something else with no id; why it is listed, and when it was."""

    id: str
    title: str
    reasons: tuple[str, ...] = ()
    time: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list; `counts` are how many lines each reason has, by its value in the URL."""

    rows: tuple[ListRow, ...]
    total: int
    page: int
    last: int
    counts: Mapping[str, int]


def counts(history: SyncHistory) -> dict[str, int]:
    """How many lines each list has."""
    checked = desk().checked.of(request_context.library())
    return {
        "newest": sum(change.what == "added" for change in history.changes),
        "changed": sum(change.what == "changed" for change in history.changes),
        "failed": len(history.failures),
        "flagged": sum(bool(each.flags) for each in checked),
        "weak": sum(bool(each.weaknesses) for each in checked),
        "unanswered": len(unanswered().most_asked()),
    }


def list_page(name: str, page: int, reason: str) -> ListPage:
    """A page of the list, which has at least one; `reason` is a value of `ListPage.counts`, or "" for all."""
    lines, numbers = _lines(name, reason)
    last = max(1, -(-len(lines) // PAGE_SIZE))
    page = min(max(1, page), last)
    shown = lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return ListPage(tuple(map(_row, shown)), len(lines), page, last, numbers)


def unanswered() -> UnansweredQueries:
    """The queries of this application that found nothing."""
    queries: UnansweredQueries = current_app.extensions["unanswered"]
    return queries


def reason_label(reason: str) -> str:
    """A flag or weakness in words."""
    return WEAKNESSES.get(reason, reason.capitalize())


def _lines(
    name: str, reason: str
) -> tuple[Sequence[ListRow | Failure | CheckedArticle | UnansweredQuery], Mapping[str, int]]:
    if name == "unanswered":
        return unanswered().most_asked(), {}
    if name in {"flagged", "weak"}:
        checked = desk().checked.of(request_context.library())
        numbers = Counter(each for article in checked for each in _reasons(name, article))
        return [
            ListRow(article.id, article.title, tuple(map(reason_label, _reasons(name, article))))
            for article in checked
            if (reason in _reasons(name, article) if reason else _reasons(name, article))
        ], dict(sorted(numbers.items()))
    history = request_context.library().history()
    if name == "failed":
        return history.failures, {}
    what = "added" if name == "newest" else "changed"
    return [ListRow(change.id, "", (), change.time) for change in history.changes if change.what == what], {}


def _reasons(name: str, article: CheckedArticle) -> Iterable[str]:
    return article.flags if name == "flagged" else article.weaknesses


def _row(line: ListRow | Failure | CheckedArticle | UnansweredQuery) -> ListRow:
    """The line as it is shown; titles are looked up for one page alone."""
    match line:
        case Failure(source=source, reason=why, id=id):
            return ListRow(id or "", source.rpartition("/")[2], (why,))
        case UnansweredQuery(words=words, count=count, day=day):
            times = "once" if count == 1 else f"{count:,} times"
            return ListRow("", words, (f"asked {times}, last on {day}",))
        case ListRow(title="") if document := document_of(line.id):
            return ListRow(line.id, document.title, line.reasons, line.time)
        case ListRow():
            return ListRow(line.id, line.title or line.id, line.reasons, line.time)
    raise TypeError(type(line))
