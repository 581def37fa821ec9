"""Documents to what an editor should look at: the flags of their texts, and what was read on weak grounds."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from indexer.articles.model import Section
from indexer.documents import Document
from indexer.library import Library

MAX_LOOKUPS: Final = 1_000  # documents that are fetched one by one; of more, all are scanned

WEAKNESSES: Final[Mapping[str, str]] = {
    "no-code": "No code",
    "no-site": "No body site",
    "one-cue": "A part told by one phrase alone",
}


@dataclass(frozen=True, slots=True)
class CheckedArticle:
    """An article, and what someone should look at; `weaknesses` are keys of WEAKNESSES."""

    id: str
    title: str
    flags: tuple[str, ...]
    weaknesses: tuple[str, ...]


class CheckedArticles:
    """The articles of the newest generation; after the first time, only what changed is read again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation = ""
        self._digests: Mapping[str, str] = {}
        self._checked: dict[str, CheckedArticle] = {}  # in order of id

    def of(self, library: Library) -> tuple[CheckedArticle, ...]:
        """All articles, in order of id."""
        with self._lock, library.searcher() as searcher:
            if searcher.generation != self._generation:
                self._update(library)
                self._generation = searcher.generation
            return tuple(self._checked.values())

    def _update(self, library: Library) -> None:
        digests = library.digests()
        changed = [id for id, digest in digests.items() if self._digests.get(id) != digest]
        if len(changed) > MAX_LOOKUPS:
            documents = {document.id: _checked(document) for document in library.scan()}
        else:
            documents = {id: _checked(found) for id in changed if (found := library.get(id))}
        checked = {id: each for id, each in self._checked.items() if id in digests} | documents
        self._checked = dict(sorted(checked.items()))
        self._digests = digests


def _checked(document: Document) -> CheckedArticle:
    return CheckedArticle(document.id, document.title, document.flags, tuple(weaknesses(document)))


def weaknesses(document: Document) -> list[str]:
    """What was read of a document on weak grounds, as keys of WEAKNESSES."""
    signs = {
        "no-code": document.code is None,
        "no-site": not document.sites,
        "one-cue": bool(sections_by_one_cue(document)),
    }
    return [key for key, is_weak in signs.items() if is_weak]


def sections_by_one_cue(document: Document) -> list[Section]:
    """The sections without a heading of which a single phrase says what they are about."""
    return [each for each in document.sections if each.heading is None and each.evidence.startswith("cue '")]
