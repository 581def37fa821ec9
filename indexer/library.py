"""A location to a Library: one engine with its ranking and knowledge, and all that a command or a page asks of it.

Searching and indexing are imported by the first call that needs them: a server can listen before, and `--help` never
does.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar

from indexer.documents import FACET_FIELDS, Document
from indexer.engine import Engine, Problem, Searcher
from indexer.engines import open_engine
from indexer.errors import IndexMissing
from indexer.knowledge import disease_names, disease_synonyms
from indexer.knowledge.emergency_numbers import EmergencyNumbers
from indexer.knowledge.symptoms import default_symptoms
from indexer.knowledge.thesaurus import SynonymSet, Thesaurus, default_thesaurus, read_synonym_sets
from indexer.knowledge.thesaurus_stems import precomputed_stems
from indexer.query.query import Query
from indexer.query.ranking import Ranking
from indexer.query.request import Page, SearchRequest, Sort, build_filters
from indexer.results import Completion, Facet, Related, Results
from indexer.sync.report import Report
from indexer.text.analyzer import Analyzer

if TYPE_CHECKING:
    from indexer.search.comparison import FieldComparison
    from indexer.search.confused_pairs import ComparablePair, ConfusedPair
    from indexer.search.query_knowledge import Knowledge
    from indexer.search.spelling import Speller
    from indexer.suggestions.alphabetical_index import AlphabeticalIndex
    from indexer.suggestions.completer import Completer
    from indexer.suggestions.name_finder import NameFinder
    from indexer.suggestions.name_table import NameTable
    from indexer.sync.article_reader import ArticleReader
    from indexer.sync.sync_history import SyncHistory

SEEN: Final = "seen"  # the file of an index that says what its source files held (sync/seen_files.py); may be deleted
HISTORY: Final = "syncs.json"  # the file of an index that says what the last syncs did (sync/sync_history.py)

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Stats:
    """What a library holds."""

    generation: str
    documents: int
    conditions: int
    words: int
    facets: tuple[Facet, ...]


class _PerGeneration(Generic[_Value]):
    """A value that is computed once for each generation; safe in any thread.

    It is computed when it is first needed. Once `renew` has been called, only `renew` computes it, and until that is
    done the value of the generation before is used.
    """

    def __init__(self, compute: Callable[[Searcher], _Value]) -> None:
        self._compute = compute
        self._latest: tuple[str, _Value] | None = None
        self._renewed = False
        self._lock = threading.Lock()

    def of(self, searcher: Searcher) -> _Value:
        latest = self._latest
        if latest is None or not (self._renewed or latest[0] == searcher.generation):
            latest = self._update(searcher)
        return latest[1]

    def renew(self, searcher: Searcher) -> None:
        self._update(searcher)
        self._renewed = True

    def _update(self, searcher: Searcher) -> tuple[str, _Value]:
        with self._lock:
            latest = self._latest
            if latest is None or latest[0] != searcher.generation:
                latest = self._latest = (searcher.generation, self._compute(searcher))
            return latest


def _speller(searcher: Searcher) -> "Speller":
    from indexer.search.spelling import Speller

    return Speller(searcher.words())


def _names(searcher: Searcher) -> "NameTable":
    from indexer.suggestions.name_table import NameTable

    return NameTable(searcher.names())


class Library:
    """One engine, its knowledge and its ranking; safe in any thread. A context manager that closes the engine."""

    def __init__(
        self,
        engine: Engine,
        *,
        ranking: Ranking | None = None,
        synonym_sets: tuple[SynonymSet, ...] = (),
        seen_path: Path | None = None,
        history_path: Path | None = None,
        emergency_numbers: EmergencyNumbers | None = None,
    ) -> None:
        """`synonym_sets` are added to the built-in ones.

        `seen_path` is the file of `indexer.sync.seen_files`, `history_path` that of `indexer.sync.sync_history`.
        """
        self._engine = engine
        self._seen_path = seen_path
        self.history_path: Final = history_path
        self._ranking = ranking or Ranking()
        self._synonym_sets = synonym_sets
        self.emergency_numbers: Final = emergency_numbers or EmergencyNumbers()
        self.analyzer: Final = Analyzer(self._term_of)
        self._speller = _PerGeneration(_speller)
        self._names = _PerGeneration(_names)
        self._name_finder = _PerGeneration(self._make_name_finder)
        self._completer = _PerGeneration(self._make_completer)
        self._alphabetical_index = _PerGeneration(self._make_alphabetical_index)

    def _make_name_finder(self, searcher: Searcher) -> "NameFinder":
        from indexer.suggestions.name_finder import NameFinder

        return NameFinder(self._names.of(searcher))

    def _make_completer(self, searcher: Searcher) -> "Completer":
        from indexer.suggestions.completer import Completer

        return Completer(self._names.of(searcher))

    def _make_alphabetical_index(self, searcher: Searcher) -> "AlphabeticalIndex":
        from indexer.search.confused_pairs import common_names
        from indexer.suggestions.alphabetical_index import AlphabeticalIndex

        return AlphabeticalIndex(self._names.of(searcher), common_names(searcher))

    def _term_of(self, word: str) -> str | None:
        """The term of a folded word of the index, of a known name or of everyday English: the analyzer's vocabulary."""
        from indexer.search.everyday_stems import everyday_stems

        with self._engine.searcher() as searcher:
            return searcher.term_of(word) or precomputed_stems().get(word) or everyday_stems().get(word)

    @cached_property
    def _thesaurus(self) -> Thesaurus:
        return default_thesaurus(self._synonym_sets)

    def _knowledge(self, searcher: Searcher) -> "Knowledge":
        """What a search of this snapshot knows besides the index."""
        from indexer.search.query_knowledge import Knowledge

        return Knowledge(
            self._ranking,
            self._thesaurus,
            spelling=partial(self._speller.of, searcher),
            names=partial(self._name_finder.of, searcher),
            analyzer=self.analyzer,
            emergency_numbers=self.emergency_numbers,
            disease_synonyms=disease_synonyms.other_names,
            symptoms=default_symptoms(),
        )

    @contextmanager
    def searcher(self) -> Iterator[Searcher]:
        """The newest snapshot, for several questions to one generation."""
        with self._engine.searcher() as searcher:
            yield searcher

    def renew(self) -> None:
        """Compute what searches and suggestions need of the newest generation; for a thread beside the requests.

        After the first call only this method computes them; until it is done, requests use those of before.
        """
        disease_names.tables()  # what no article has may be the name of a disease
        with self.searcher() as searcher:
            self.analyzer.learn((word, term) for word, term, _ in searcher.words())
            for each in (self._speller, self._name_finder, self._completer):
                each.renew(searcher)

    def sync(
        self,
        paths: Sequence[str | PathLike[str]],
        *,
        rebuild: bool = False,
        dry_run: bool = False,
        jobs: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Report:
        """Make the index agree with the sources below the paths, and record what that did; see `indexer.sync.sync`."""
        from indexer.articles.source import source_name
        from indexer.sync.sync import sync
        from indexer.sync.sync_history import failures_recorded

        with failures_recorded(None if dry_run else self.history_path):
            report = sync(
                self._engine,
                paths,
                rebuild=rebuild,
                dry_run=dry_run,
                jobs=jobs,
                progress=progress,
                seen_path=self._seen_path,
            )
        if self.history_path is not None and not dry_run and self.history_path.parent.is_dir():
            roots = tuple(source_name(os.path.abspath(path)) for path in paths)  # noqa: PTH100 -- as list_sources
            with suppress(IndexMissing), self.searcher() as searcher:
                self.history().with_report(report, roots, searcher.generation).save(self.history_path)
        return report

    def history(self) -> "SyncHistory":
        """What the last syncs did; empty where nothing is known of them."""
        from indexer.sync.sync_history import SyncHistory

        return SyncHistory.load(self.history_path) if self.history_path else SyncHistory()

    def digests(self) -> Mapping[str, str]:
        """The digest of each document by id: what has another has changed."""
        return self._engine.digests()

    def reader(self) -> "ArticleReader":
        """Reads raw articles as a sync would: without the sentences that the index knows as the publisher's."""
        from indexer.sync.article_reader import ArticleReader

        return ArticleReader.stored(self._engine)

    def search(
        self,
        text: str,
        *,
        filters: Mapping[str, Sequence[str]] | None = None,
        fields: Sequence[str] = (),
        page: Page = Page(),
        sort: Sort = "relevance",
        expand: bool = True,
        explain: bool = False,
    ) -> Results:
        """One page of results; `filters` maps keyword fields to their values (any of them), see `SearchRequest`."""
        return self.answer(
            SearchRequest(text, build_filters(filters or {}), tuple(fields), page, sort, expand, explain)
        )

    def answer(self, request: SearchRequest) -> Results:
        """One page of results for the request."""
        from indexer.search.search import search

        with self.searcher() as searcher:
            return search(request, searcher, self._knowledge(searcher))

    def rank(self, text: str, depth: int, *, expand: bool = True) -> tuple[tuple[str, float], ...]:
        """Ids and scores of the first `depth` (at most 100) articles of the same search, for `indexer.evaluation`."""
        from indexer.search.search import rank

        request = SearchRequest(text, page=Page(limit=depth), expand=expand)
        with self.searcher() as searcher:
            matches = rank(request, searcher, self._knowledge(searcher))
        return tuple((match.document.id, match.score) for match in matches)

    def get(self, id: str) -> Document | None:
        """The document of that id."""
        with self.searcher() as searcher:
            return searcher.get(id)

    def scan(self, *, filters: Mapping[str, Sequence[str]] | None = None) -> Iterator[Document]:
        """Every document under the filters, in order of id."""
        with self.searcher() as searcher:
            yield from searcher.scan(Query("", filters=build_filters(filters or {})))

    def matches(self, request: SearchRequest) -> Iterator[Document]:
        """Every article that answers the request, in its order, whatever its page; streamed from one generation."""
        from indexer.search.search import scan

        with self.searcher() as searcher:
            yield from scan(request, searcher, self._knowledge(searcher))

    def related(self, id: str, limit: int = 5) -> tuple[Related, ...]:
        """Other conditions like that of the article, best first, with the words they share; none for an unknown id."""
        from indexer.search.more_like_this import related

        with self.searcher() as searcher:
            document = searcher.get(id)
            return related(document, searcher, self._knowledge(searcher), limit) if document else ()

    def siblings(self, document: Document, limit: int = 60) -> tuple[int, tuple[Document, ...]]:
        """How many articles are on the condition of the document, and at most `limit` of them, nearest sites first."""
        from indexer.search.siblings import siblings

        with self.searcher() as searcher:
            return siblings(document, searcher, limit)

    def highlight(self, document: Document, request: SearchRequest) -> tuple[tuple[tuple[int, int], ...], ...]:
        """The spans of each section of the document that the search marks, in code points."""
        from indexer.search.search import highlight

        with self.searcher() as searcher:
            return highlight(document, request, searcher, self._knowledge(searcher))

    def compare(self, documents: Sequence[Document]) -> "tuple[FieldComparison, ...]":
        """The documents section by section, with the medical words that they share and those that only one has."""
        from indexer.search.comparison import compare

        with self.searcher() as searcher:
            return compare(documents, searcher, self._knowledge(searcher))

    def comparable(
        self, pairs: "Iterable[ConfusedPair]", document: Document | None = None
    ) -> "tuple[ComparablePair, ...]":
        """Those of the pairs of conditions that there are articles of; see `indexer.search.confused_pairs`."""
        from indexer.search.confused_pairs import comparable

        with self.searcher() as searcher:
            return comparable(pairs, searcher, document)

    def complete(self, typed: str, limit: int = 8) -> tuple[Completion, ...]:
        """Names that the typed text may become, best first; where there are none, the conditions that it asks about."""
        from indexer.search.answering_conditions import answering_conditions

        with self.searcher() as searcher:
            completer = self._completer.of(searcher)
            completions = completer.complete(typed, limit)
            return completions or answering_conditions(typed, limit, searcher, self._knowledge(searcher), completer)

    def alphabetical_index(self) -> "AlphabeticalIndex":
        """The conditions and their other names from A to Z."""
        with self.searcher() as searcher:
            return self._alphabetical_index.of(searcher)

    def stats(self) -> Stats:
        """What the library holds, with all sites, sides and chapters."""
        from indexer.search.facets import build_facet

        with self.searcher() as searcher:
            matches = searcher.search(Query(""), Page(limit=0))
            return Stats(
                generation=searcher.generation,
                documents=searcher.document_count,
                conditions=matches.groups,
                words=sum(1 for _ in searcher.words()),
                facets=tuple(build_facet(counted, ()) for counted in matches.facets if counted.field in FACET_FIELDS),
            )

    def check(self) -> None:
        """Raise what keeps the newest generation from being searched: the last good one is, meanwhile."""
        self._engine.check()

    def verify(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the stored index; empty when it is OK."""
        return self._engine.verify()

    def close(self) -> None:
        """Free what the engine holds open."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_library(
    location: str | PathLike[str],
    *,
    ranking: Ranking | None = None,
    thesaurus: str | PathLike[str] | None = None,
    emergency: str = "",
) -> Library:
    """The library at a folder; an empty one where nothing is yet.

    `thesaurus` is a TOML file of further names (see `indexer.knowledge.thesaurus`), `emergency` what a notice says to
    call, for all or by locale (see `indexer.knowledge.emergency_numbers`). Raises EngineUnavailable where no
    engine answers there, SourceError for a thesaurus or numbers that cannot be read.
    """
    synonym_sets = read_synonym_sets(Path(thesaurus)) if thesaurus is not None else ()
    folder = None if "://" in os.fspath(location) else Path(location)
    numbers = EmergencyNumbers.parse(emergency)
    return Library(
        open_engine(location),
        ranking=ranking,
        synonym_sets=synonym_sets,
        seen_path=folder and folder / SEEN,
        history_path=folder and folder / HISTORY,
        emergency_numbers=numbers,
    )
