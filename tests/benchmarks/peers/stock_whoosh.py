"""Whoosh 2.7.4 as it comes, as a peer: its schema, writer, query parser, BM25F, sorting facets and highlights."""

from pathlib import Path
from typing import Any

from whoosh import analysis, fields, index, qparser, query, sorting

from tests.benchmarks.mix import Ask
from tests.benchmarks.peers.peer import FACETS, SECTIONS, TOP, WEIGHTS, Answer, read_fielded

_MEMORY = 256  # MB for the writer


def _schema() -> Any:
    schema = fields.Schema(id=fields.ID(stored=True, unique=True))
    for name, weight in WEIGHTS.items():
        schema.add(name, fields.TEXT(analyzer=analysis.StemmingAnalyzer(), stored=True, field_boost=weight))
    for name in FACETS:
        schema.add(name, fields.KEYWORD(stored=False))
    return schema


class StockWhoosh:
    """An index of Whoosh in a folder."""

    lacks = ""

    def build(self, source: Path, folder: Path) -> None:
        folder.mkdir(parents=True)
        writer = index.create_in(str(folder), _schema()).writer(limitmb=_MEMORY)
        for each in read_fielded(source):
            writer.add_document(id=each.id, **each.texts, **{name: " ".join(each.values[name]) for name in FACETS})
        writer.commit()

    def open(self, folder: Path) -> None:
        self._index = index.open_dir(str(folder))
        self._searcher = self._index.searcher()
        self._parsers = {
            every: qparser.MultifieldParser(list(WEIGHTS), self._index.schema, group=group)
            for every, group in ((True, qparser.AndGroup), (False, qparser.OrGroup))
        }

    def can(self, ask: Ask) -> bool:
        return True

    def search(self, ask: Ask) -> Answer:
        words = " ".join(ask.words)
        text = {"phrase": f'"{words}"', "prefix": f"{words}*"}.get(ask.mode, words)
        asked = (("site", ask.site), ("chapter", ask.chapter))
        terms = [query.Term(name, value) for name, value in asked if value]
        results = self._searcher.search(
            self._parsers[ask.mode != "any"].parse(text),
            limit=TOP,
            filter=query.And(terms) if terms else None,
            groupedby={name: sorting.FieldFacet(name, allow_overlap=True, maptype=sorting.Count) for name in FACETS},
        )
        hits = list(results)
        return Answer(
            len(results),
            tuple(hit["id"] for hit in hits),
            {name: {value: count for value, count in results.groups(name).items() if value} for name in FACETS},
            tuple(snippet for hit in hits if (snippet := next(filter(None, map(hit.highlights, SECTIONS)), ""))),
        )
