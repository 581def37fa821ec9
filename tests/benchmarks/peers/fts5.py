"""SQLite's FTS5 as a peer: one virtual table with a column for each field, Porter stems, and a table of facet values.

Matches are kept in a temporary table, so that they are found once for the number and both facets, and once more ranked.
"""

import sqlite3
from pathlib import Path
from typing import Final

from tests.benchmarks.mix import Ask
from tests.benchmarks.peers.peer import FACETS, TOP, WEIGHTS, Answer, read_fielded

FILE: Final = "articles.sqlite"
_RANK: Final = f"bm25(0, {', '.join(str(weight) for weight in WEIGHTS.values())})"
_JOINED: Final = {"all": " AND ", "any": " OR ", "phrase": " + ", "prefix": " AND "}


class Fts5:
    """A database in a folder."""

    lacks = ""

    def build(self, source: Path, folder: Path) -> None:
        folder.mkdir(parents=True)
        database = sqlite3.connect(folder / FILE)
        database.execute(
            f"CREATE VIRTUAL TABLE article USING fts5(id UNINDEXED, {', '.join(WEIGHTS)}, tokenize='porter unicode61')"
        )
        database.execute("CREATE TABLE tag (doc, field, value, PRIMARY KEY (doc, field, value)) WITHOUT ROWID")
        marks = ", ".join("?" * (2 + len(WEIGHTS)))
        for number, each in enumerate(read_fielded(source), 1):
            row = (number, each.id, *each.texts.values())
            database.execute(f"INSERT INTO article (rowid, id, {', '.join(WEIGHTS)}) VALUES ({marks})", row)
            tags = ((number, name, value) for name, values in each.values.items() for value in values)
            database.executemany("INSERT INTO tag VALUES (?, ?, ?)", tags)
        database.execute("CREATE INDEX tagged ON tag (field, value, doc)")
        database.execute("INSERT INTO article (article) VALUES ('optimize')")
        database.commit()
        database.close()

    def open(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / FILE)
        self._database.execute("PRAGMA mmap_size = 4000000000")
        self._database.execute("CREATE TEMP TABLE matching (doc INTEGER PRIMARY KEY)")

    def can(self, ask: Ask) -> bool:
        return True

    def search(self, ask: Ask) -> Answer:
        asked = _match(ask)
        condition, values = "", []
        for name, value in (("site", ask.site), ("chapter", ask.chapter)):
            if value:
                condition += " AND rowid IN (SELECT doc FROM tag WHERE field = ? AND value = ?)"
                values += [name, value]
        run = self._database.execute
        run("DELETE FROM matching")
        run(f"INSERT INTO matching SELECT rowid FROM article WHERE article MATCH ?{condition}", (asked, *values))
        (total,) = run("SELECT count(*) FROM matching").fetchone()
        counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        for name, value, count in run("SELECT field, value, count(*) FROM matching JOIN tag USING (doc) GROUP BY 1, 2"):
            counts[name][value] = count
        top = run(
            "SELECT id, snippet(article, -1, '', '', '', 30) FROM article WHERE article MATCH ? AND rank MATCH ?"
            f"{condition} ORDER BY rank LIMIT {TOP}",
            (asked, _RANK, *values),
        ).fetchall()
        return Answer(total, tuple(id for id, _ in top), counts, tuple(text for _, text in top))


def _match(ask: Ask) -> str:
    words = [f'"{word}"' for word in ask.words]
    if ask.mode == "prefix":
        words[-1] += "*"
    return _JOINED[ask.mode].join(words)
