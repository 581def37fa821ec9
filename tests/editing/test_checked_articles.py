from pathlib import Path

import pytest

from indexer.documents import Document
from indexer.editing import checked_articles
from indexer.editing.checked_articles import CheckedArticles, weaknesses
from indexer.library import open_library
from tests.editing.test_marked_text import document

GOUT = "Gout, left knee\n\nICD-10 code: M10.062\n\nCauses\n\nUrate crystals form in the joint.\n"
ZYZZYX = "Zyzzyx syndrome\n\nZyzzyx syndrome was made up for a test.\n"


def read(text: str) -> Document:
    return document(text)


def test_what_is_weak_about_a_reading() -> None:
    assert weaknesses(read(GOUT)) == []
    assert {"no-code", "no-site"} <= set(weaknesses(read(ZYZZYX)))


@pytest.mark.parametrize("lookups", [0, 1_000])
def test_articles_are_checked_anew_where_they_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lookups: int
) -> None:
    monkeypatch.setattr(checked_articles, "MAX_LOOKUPS", lookups)
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "gout.txt").write_text(GOUT)
    (folder / "zyzzyx.txt").write_text(ZYZZYX)
    checked = CheckedArticles()

    def weak() -> list[str]:
        return [each.id for each in checked.of(library) if each.weaknesses]

    with open_library(tmp_path / "index") as library:
        library.sync([folder], jobs=1)
        assert weak() == ["zyzzyx"]
        (folder / "zyzzyx.txt").write_text(GOUT)
        (folder / "gout.txt").write_text(ZYZZYX)
        library.sync([folder], jobs=1)
        assert weak() == ["gout"]
        assert [(each.id, each.title) for each in checked.of(library)] == [
            ("gout", "Zyzzyx syndrome"),
            ("zyzzyx", "Gout, left knee"),
        ]
        (folder / "gout.txt").unlink()
        library.sync([folder], jobs=1)
        assert [each.id for each in checked.of(library)] == ["zyzzyx"]
