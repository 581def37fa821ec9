"""Condition Search as a peer: the engine alone, doing what the others do, and the library with everything on."""

from pathlib import Path

from indexer import open_library
from indexer.engines import open_engine
from indexer.query.leaves import leaves
from indexer.query.nodes import And, Node, Or, Phrase, Prefix, Term
from indexer.query.query import Query
from indexer.query.request import Filter, Page
from indexer.search.snippets import best_snippets
from indexer.search.term_statistics import TermStatistics
from indexer.text.analyzer import ANALYZER, tokens
from tests.benchmarks.mix import Ask
from tests.benchmarks.peers.peer import FACETS, SNIPPET, TOP, Answer


class Engine:
    """The searcher with a plan of terms, and snippets of the ten: no interpretation, no grouping."""

    lacks = ""

    def build(self, source: Path, folder: Path) -> None:
        with open_library(folder) as library:
            report = library.sync([source], rebuild=True)
        if report.failed:
            raise ValueError(f"{len(report.failed)} articles were not read, such as {report.failed[0]}")

    def open(self, folder: Path) -> None:
        self._engine = open_engine(folder)

    def can(self, ask: Ask) -> bool:
        return True

    def search(self, ask: Ask) -> Answer:
        with self._engine.searcher() as searcher:
            root = plan(ask)
            matches = searcher.search(Query(ask.text, root, _filters(ask)), Page(limit=TOP))
            to_mark = leaves(root, TermStatistics(searcher).idf, searcher.words_of)
            snippets_by_hit = [best_snippets(match.document, to_mark, ANALYZER) for match in matches.page]
        return Answer(
            matches.total,
            tuple(match.document.id for match in matches.page),
            {each.field: dict(each.counts) for each in matches.facets if each.field in FACETS},
            tuple(snippet.text for snippets in snippets_by_hit for snippet in snippets),
        )


class Everything:
    """What a reader gets: rewriting, drill-sideways facets, groups by condition, snippets, unmatched terms."""

    lacks = ""

    def build(self, source: Path, folder: Path) -> None:
        Engine().build(source, folder)

    def open(self, folder: Path) -> None:
        self._library = open_library(folder)

    def can(self, ask: Ask) -> bool:
        return True

    def search(self, ask: Ask) -> Answer:
        filters = {each.field: each.values for each in _filters(ask)}
        results = self._library.search(ask.text, filters=filters, page=Page(limit=TOP, collapse=True))
        return Answer(
            results.total,
            tuple(hit.document.id for hit in results.hits),
            {facet.field: {bucket.value: bucket.count for bucket in facet.buckets} for facet in results.facets},
            tuple(snippet.text[:SNIPPET] for hit in results.hits for snippet in hit.snippets),
        )


def plan(ask: Ask) -> Node:
    """The nodes that stand for the query."""
    whole = ask.words[:-1] if ask.mode == "prefix" else ask.words
    terms = tuple(token.term for word in whole for token in tokens(word))
    match ask.mode:
        case "phrase":
            return Phrase(terms)
        case "any":
            return Or(tuple(map(Term, terms)))
        case "prefix":
            return And((*map(Term, terms), Prefix(ask.words[-1])))
        case "all":
            return And(tuple(map(Term, terms)))


def _filters(ask: Ask) -> tuple[Filter, ...]:
    asked = (("site", ask.site), ("chapter", ask.chapter))
    return tuple(Filter(name, (value,)) for name, value in asked if value)
