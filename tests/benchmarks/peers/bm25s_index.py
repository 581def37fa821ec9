"""bm25s as a peer: one score for each word and article, worked out when the index is built; facets by NumPy over its
scores.

It has no fields and no boolean queries: all text of an article is one, and a query is any of its words. It is given the
stems that we use, and an array of facet values for each article, since it keeps nothing but scores.
"""

import json
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from nltk.stem.snowball import SnowballStemmer

from tests.benchmarks.mix import Ask
from tests.benchmarks.peers.peer import FACETS, TOP, Answer, read_fielded

_METADATA = "articles.json"


class Bm25s:
    """A folder of arrays."""

    lacks = "fields, all-words, phrases, prefixes, snippets"

    def build(self, source: Path, folder: Path) -> None:
        folder.mkdir(parents=True)
        ids: list[str] = []
        texts: list[str] = []
        tagged: dict[str, list[tuple[int, str]]] = {name: [] for name in FACETS}
        for number, each in enumerate(read_fielded(source)):
            ids.append(each.id)
            texts.append("\n".join(each.texts.values()))
            for name in FACETS:
                tagged[name] += [(number, value) for value in each.values[name]]
        scores = bm25s.BM25()
        scores.index(self._tokens(texts), show_progress=False)
        scores.save(folder, show_progress=False)
        values = {name: sorted({value for _, value in pairs}) for name, pairs in tagged.items()}
        for name, pairs in tagged.items():
            number_of = {value: number for number, value in enumerate(values[name])}
            np.save(
                folder / f"{name}.npy", np.array([(doc, number_of[v]) for doc, v in pairs], np.int32).reshape(-1, 2)
            )
        (folder / _METADATA).write_text(json.dumps({"ids": ids, "values": values}))

    def open(self, folder: Path) -> None:
        self._scores = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        metadata = json.loads((folder / _METADATA).read_text())
        self._ids: list[str] = metadata["ids"]
        self._values: dict[str, list[str]] = metadata["values"]
        self._tagged = {name: np.load(folder / f"{name}.npy") for name in FACETS}

    def can(self, ask: Ask) -> bool:
        return ask.mode == "any" or (ask.mode == "all" and len(ask.words) == 1)

    def search(self, ask: Ask) -> Answer:
        (words,) = self._tokens([" ".join(ask.words)], return_ids=False)
        scores = self._scores.get_scores(words) if words else np.zeros(len(self._ids))
        for name, value in (("site", ask.site), ("chapter", ask.chapter)):
            if value:
                scores = scores * self._having(name, value)
        matched = scores > 0
        found = np.flatnonzero(matched)
        best = found[np.argpartition(-scores[found], min(TOP, len(found) - 1))[:TOP]] if len(found) else found
        counts = {}
        for name, values in self._values.items():
            docs, numbers = self._tagged[name].T
            counted = np.bincount(numbers[matched[docs]], minlength=len(values))
            counts[name] = {values[number]: int(counted[number]) for number in np.flatnonzero(counted).tolist()}
        ids = tuple(self._ids[doc] for doc in best[np.argsort(-scores[best])].tolist())
        return Answer(len(found), ids, counts, ())

    def _having(self, name: str, value: str) -> Any:
        mask = np.zeros(len(self._ids), dtype=bool)
        if value in self._values[name]:
            docs, numbers = self._tagged[name].T
            mask[docs[numbers == self._values[name].index(value)]] = True
        return mask

    def _tokens(self, texts: list[str], *, return_ids: bool = True) -> Any:
        stem = SnowballStemmer("english").stem
        return bm25s.tokenize(
            texts,
            stopwords="en",
            stemmer=lambda words: list(map(stem, words)),
            return_ids=return_ids,
            show_progress=False,
        )
