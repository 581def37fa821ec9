"""What becomes of the watcher of `conditions serve --watch`, by real processes, limits and signals."""

import json
import os
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer import open_library
from tests.faults.processes import PROC, kind, session, wait_until
from tests.webapp.serving import Serving, gone

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="looks at processes as Linux shows them")


def add(articles: Path, name: str) -> None:
    """Write an article about a disease."""
    (articles / f"{name}.txt").write_text(f"{name.capitalize()}\n\n{name.capitalize()} is a painful disease.\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("watched")


@pytest.fixture(scope="module")
def articles(folder: Path) -> Path:
    (folder / "articles").mkdir()
    (folder / "articles" / "gout.txt").write_text("Gout\n\nGout is a painful arthritis.\n")
    return folder / "articles"


@pytest.fixture(scope="module")
def site(folder: Path, articles: Path) -> Iterator[Serving]:
    """A site whose watcher follows the corpus."""
    site = Serving("--index", str(folder / "index"), "--corpus", str(articles), "--workers", "1", "--watch")
    (articles / "asthma.txt").write_text("Asthma\n\nAsthma narrows the airways.\n")
    try:
        wait_until(lambda: has(site, "asthma"))
        yield site
        assert site.stop() == 0
    finally:
        site.process.kill()
        site.process.wait()


def ready(site: Serving) -> dict[str, Any]:
    status, text = site.get("readyz")
    assert status == 200
    answer: dict[str, Any] = json.loads(text)
    return answer


def has(site: Serving, id: str) -> bool:
    return site.get(f"api/v1/articles/{id}")[0] == 200


def processes(site: Serving, name: str) -> list[int]:
    leader = site.process.pid
    return [each for each in session(leader) if kind(each, leader) == name]


def started(site: Serving, name: str) -> int:
    """The one process of that name, once it is there: a thread starts it, maybe after the site is ready."""
    wait_until(lambda: bool(processes(site, name)))
    (only,) = processes(site, name)
    return only


def test_a_full_disk_is_survived_and_said(site: Serving, articles: Path, folder: Path) -> None:
    watcher = started(site, "watcher")
    record = (folder / "index" / "syncs.json").stat().st_size
    limits = resource.prlimit(watcher, resource.RLIMIT_FSIZE)
    resource.prlimit(watcher, resource.RLIMIT_FSIZE, (record, limits[1]))  # no file may become longer
    for number in range(200):
        (articles / f"{number}.txt").write_text(f"Lupus\n\nThe sign of Smith{number} is seen in case {number}.\n")
    wait_until(lambda: "problem" in ready(site))
    state = ready(site)
    assert state["status"] == "ready, but syncs fail"
    assert "cannot be written to" in state["problem"]
    assert str(folder) not in state["problem"]
    assert 'failed_sync_info{reason="EngineUnavailable"} 1' in site.get("metrics")[1]
    assert "The index is behind the articles" in site.get("library")[1]
    assert has(site, "asthma")
    resource.prlimit(watcher, resource.RLIMIT_FSIZE, limits)
    wait_until(lambda: ready(site)["status"] == "ready")
    assert has(site, "199")
    assert "condition_search_failed_syncs 0" in site.get("metrics")[1]
    assert processes(site, "watcher") == [watcher]


def test_a_watcher_that_is_killed_is_started_again(site: Serving, articles: Path) -> None:
    watcher = started(site, "watcher")
    os.kill(watcher, signal.SIGKILL)
    wait_until(lambda: "was ended by signal 9" in ready(site).get("problem", ""))
    add(articles, "psoriasis")
    wait_until(lambda: has(site, "psoriasis"))
    wait_until(lambda: ready(site)["status"] == "ready")
    assert processes(site, "watcher") != [watcher]


def test_a_corpus_that_is_gone_for_a_while_is_followed_again(site: Serving, articles: Path) -> None:
    away = articles.with_name("away")
    articles.rename(away)
    wait_until(lambda: "does not exist" in ready(site).get("problem", ""))
    assert has(site, "asthma")
    shutil.copytree(away, articles)  # another folder than the one that was watched
    wait_until(lambda: ready(site)["status"] == "ready")
    add(articles, "migraine")
    wait_until(lambda: has(site, "migraine"))


def test_a_damaged_index_is_followed_again_once_it_is_rebuilt(site: Serving, articles: Path, folder: Path) -> None:
    (folder / "index" / "manifest.json").write_text("{")
    add(articles, "scurvy")
    wait_until(lambda: "manifest.json cannot be read" in ready(site).get("problem", ""))
    with open_library(folder / "index") as library:
        library.sync([articles], rebuild=True)
    add(articles, "sciatica")
    wait_until(lambda: has(site, "sciatica"))
    assert ready(site)["status"] == "ready"


def test_a_worker_that_is_killed_is_replaced(site: Serving) -> None:
    worker = started(site, "worker")
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: worker not in processes(site, "worker") and bool(processes(site, "worker")))
    assert ready(site)["status"] == "ready"


def test_a_stopped_watcher_does_not_keep_a_site_from_ending(
    serve: Callable[..., Serving], articles: Path, tmp_path: Path
) -> None:
    site = serve("--index", str(tmp_path / "index"), "--corpus", str(articles), "--workers", "1", "--watch")
    watcher = started(site, "watcher")
    os.kill(watcher, signal.SIGSTOP)
    assert site.stop() == 0
    wait_until(lambda: gone(site.process.pid))
