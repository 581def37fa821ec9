"""tantivy-py as a peer: the same fields, English stems, raw fast fields for facets.

The writer is given the lines as they are and parses them itself, with one thread a core. A snippet is taken from the
first section that has a word of the query: less work than comparing all of them, as we do.
"""

import os
from pathlib import Path
from typing import Any, Final

import tantivy
from tantivy import Occur, Query, Schema, SchemaBuilder, Searcher, SnippetGenerator

from tests.benchmarks.mix import Ask
from tests.benchmarks.peers.peer import FACETS, SECTIONS, SNIPPET, TOP, WEIGHTS, Answer

_FACETS: Final = {name: {"terms": {"field": name, "size": 1000}} for name in FACETS}


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in WEIGHTS:
        builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
    for name in FACETS:
        builder.add_text_field(name, stored=False, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class Tantivy:
    """An index of tantivy in a folder."""

    lacks = "scores and snippets of prefixes"

    def build(self, source: Path, folder: Path) -> None:
        folder.mkdir(parents=True)
        writer = tantivy.Index(_schema(), str(folder)).writer(256_000_000, num_threads=os.cpu_count() or 1)
        with source.open(encoding="utf-8") as file:
            for line in file:
                writer.add_json(line)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema

    def can(self, ask: Ask) -> bool:
        return True

    def search(self, ask: Ask) -> Answer:
        searcher = self._index.searcher()
        query = self._query(ask)
        result: Any = searcher.search(query, TOP, count=True)  # its types lack the count
        buckets = searcher.aggregate(query, _FACETS)
        documents = [searcher.doc(address) for _, address in result.hits]
        return Answer(
            result.count,
            tuple(document["id"][0] for document in documents),
            {name: {each["key"]: each["doc_count"] for each in buckets[name]["buckets"]} for name in FACETS},
            self._snippets(searcher, query, documents),
        )

    def _query(self, ask: Ask) -> Query:
        query = self._words(ask)
        filters = [
            (Occur.Must, Query.const_score_query(Query.term_query(self._schema, name, value), 0.0))
            for name, value in (("site", ask.site), ("chapter", ask.chapter))
            if value
        ]
        return Query.boolean_query([(Occur.Must, query), *filters]) if filters else query

    def _words(self, ask: Ask) -> Query:
        if ask.mode == "prefix":
            beginning = Query.boolean_query(
                [(Occur.Should, Query.regex_query(self._schema, name, f"{ask.words[-1]}.*")) for name in WEIGHTS]
            )
            if len(ask.words) == 1:
                return beginning
            whole = self._parsed(" ".join(ask.words[:-1]), every=True)
            return Query.boolean_query([(Occur.Must, whole), (Occur.Must, beginning)])
        words = " ".join(ask.words)
        return self._parsed(f'"{words}"' if ask.mode == "phrase" else words, every=ask.mode == "all")

    def _parsed(self, text: str, *, every: bool) -> Query:
        return self._index.parse_query(text, list(WEIGHTS), field_boosts=WEIGHTS, conjunction_by_default=every)

    def _snippets(self, searcher: Searcher, query: Query, documents: list[tantivy.Document]) -> tuple[str, ...]:
        generators: dict[str, SnippetGenerator] = {}
        found = []
        for document in documents:
            for name in SECTIONS:
                generator = generators.get(name)
                if generator is None:
                    generator = generators[name] = SnippetGenerator.create(searcher, query, self._schema, name)
                    generator.set_max_num_chars(SNIPPET)
                snippet = generator.snippet_from_doc(document)
                if snippet.highlighted():
                    found.append(snippet.fragment())
                    break
        return tuple(found)
