"""The record of syncs and the checked documents to the lists that editors look through, a page at a time."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Final, TypeAlias, assert_never

from flask import current_app

from indexer.articles.source import Failure
from indexer.documents import Document
from indexer.editing import article_finder
from indexer.editing.checked_articles import WEAKNESSES, CheckedArticle, sections_by_one_cue
from indexer.editing.evidence import section_sign
from indexer.editing.unanswered import UnansweredQueries, UnansweredQuery
from webapp import request_context
from webapp.editors.desk import desk, document_of

PAGE_SIZE: Final = 25
MAX_OPENING: Final = 70  # code points of a section that a row repeats


@dataclass(frozen=True, slots=True)
class EditorsList:
    """A list of the library: its heading, and what it says of itself."""

    name: str
    label: str
    lead: str


LISTS: Final[Mapping[str, EditorsList]] = {
    each.name: each
    for each in (
        EditorsList("failed", "Failed", "Files that could not be read. Searches find what was read of them before."),
        EditorsList("flagged", "Flagged", "Articles that are incomplete, or that could be read in part only."),
        EditorsList(
            "weak", "Weak readings", "Articles that were read on weak grounds: look whether they were read right."
        ),
        EditorsList("newest", "New articles", "Added by the last syncs, the newest first."),
        EditorsList("changed", "Changed articles", "Changed by the last syncs, the newest first."),
        EditorsList("unanswered", "Queries without results", "What was asked for and not found: words only."),
        EditorsList("all", "All articles", "Those that were read, and those that could not be."),
    )
}


@dataclass(frozen=True, slots=True)
class ListRow:
    """A line of a list: an article by its id, or something else with no id; why it is listed, and when it was."""

    id: str
    title: str
    reasons: tuple[str, ...] = ()
    time: str = ""


_Line: TypeAlias = ListRow | CheckedArticle | UnansweredQuery


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list; `counts` are how many lines each reason has, by its value in the URL.

    Where nothing has the words that were looked for, `is_near` and the lines are what is like them.
    """

    rows: tuple[ListRow, ...]
    total: int
    page: int
    last: int
    counts: Mapping[str, int]
    is_near: bool = False


def counts() -> dict[str, int]:
    """How many lines each list has; nothing of queries where they are not counted."""
    return {name: len(_lines(name)[0]) for name in LISTS}


def list_page(name: str, page: int, reason: str, words: str) -> ListPage:
    """A page of the list, which has at least one; `reason` is a value of `ListPage.counts`, or "" for all.

    Of all articles, those with the words in id or title.
    """
    lines, numbers = _lines(name, reason)
    is_near = False
    if name == "all" and words:
        articles = _all()
        lines = article_finder.find(articles, words)
        if is_near := not lines:
            lines = article_finder.nearest(articles, words)
    last = max(1, -(-len(lines) // PAGE_SIZE))
    page = min(max(1, page), last)
    shown = lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return ListPage(tuple(_row(name, line) for line in shown), len(lines), page, last, numbers, is_near)


def unanswered() -> UnansweredQueries:
    """The queries of this application that found nothing."""
    queries: UnansweredQueries = current_app.extensions["unanswered"]
    return queries


def reason_label(reason: str) -> str:
    """A flag or weakness in words."""
    return WEAKNESSES.get(reason, reason.replace("-", " ").capitalize())


def _lines(name: str, reason: str = "") -> tuple[Sequence[_Line], Mapping[str, int]]:
    if name == "unanswered":
        return unanswered().most_asked(), {}
    if name == "all":
        return _all(), {}
    if name in {"flagged", "weak"}:
        listed = [(each, each.flags if name == "flagged" else each.weaknesses) for each in _checked()]
        numbers = Counter(each for _, reasons in listed for each in reasons)
        return [each for each, why in listed if (reason in why if reason else why)], dict(sorted(numbers.items()))
    history = request_context.library().history()
    if name == "failed":
        return [_of_failure(each) for each in history.failures], {}
    what = "added" if name == "newest" else "changed"
    return [ListRow(change.id, "", (), change.time) for change in history.changes if change.what == what], {}


def _checked() -> tuple[CheckedArticle, ...]:
    return desk().checked.of(request_context.library())


def _all() -> Sequence[CheckedArticle | ListRow]:
    """Every article, in order of id; those that were never read too, so that their editor finds them."""
    failures = request_context.library().history().failures
    every: dict[str, CheckedArticle | ListRow] = {each.id: _of_failure(each) for each in failures if each.id}
    every |= {each.id: each for each in _checked()}
    return tuple(every[id] for id in sorted(every))


def _of_failure(failure: Failure) -> ListRow:
    return ListRow(failure.id or "", failure.source.rpartition("/")[2], (f"Not read: {failure.reason}.",))


def _row(name: str, line: _Line) -> ListRow:
    """The line as it is shown; documents are looked up for one page alone."""
    match line:
        case UnansweredQuery(words=words, count=count, day=day):
            times = "once" if count == 1 else f"{count:,} times"
            return ListRow("", words, (f"Asked {times}, last on {day}.",))
        case CheckedArticle():
            document = document_of(line.id) if name in {"flagged", "weak"} else None
            return ListRow(line.id, line.title, tuple(_reasons(name, document)) if document else ())
        case ListRow(title=""):
            document = document_of(line.id)
            return replace(line, title=document.title if document else line.id)
        case ListRow():
            return line
    assert_never(line)


def _reasons(name: str, document: Document) -> Iterator[str]:
    """Why the document is on a list, a sentence for each reason."""
    if name == "flagged":
        yield from (issue.message for issue in document.issues)
        return
    if document.code is None:
        yield "No ICD-10-CM code was found."
    if not document.sites:
        yield "No body site was found."
    for section in sections_by_one_cue(document):
        opening, phrase = shorten(section.text, MAX_OPENING, placeholder=" …"), section_sign(section).quote
        yield f"“{opening}”, without a heading, was taken for its {section.kind} by “{phrase}” alone."
