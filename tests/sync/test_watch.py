"""Changes before, during and after the start of watching all reach the index."""

import logging
import threading
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path

import pytest

from indexer import Library, open_library
from indexer.engines import open_engine
from indexer.sync.report import Report
from indexer.sync.watch import watch


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "gout.txt").write_text("Gout is a form of arthritis.")
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "index") as library:
        yield library


def test_what_changed_before_and_while_watching_begins_is_found(library: Library, corpus: Path) -> None:
    library.sync([corpus])
    (corpus / "lupus.txt").write_text("Lupus is a disease of the skin.")
    stop = threading.Event()
    reports = watch(library.sync, [corpus], stop)
    assert next(reports).added == ("lupus",)
    (corpus / "lupus.txt").unlink()
    assert next(reports).deleted == ("lupus",)
    stop.set()
    assert list(reports) == []


def test_a_sync_that_fails_is_logged_once_and_tried_again(
    library: Library, corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    def sync(paths: Sequence[str | PathLike[str]]) -> Report:
        tries.append(len(tries))
        if len(tries) > 2:
            writer.__exit__(None, None, None)
        return library.sync(paths)

    writer = open_engine(tmp_path / "index").batch()
    writer.__enter__()
    with caplog.at_level(logging.WARNING):
        assert next(watch(sync, [corpus])).added == ("gout",)
    assert tries == [0, 1, 2]
    assert caplog.text.count("is being written to by process") == 1
