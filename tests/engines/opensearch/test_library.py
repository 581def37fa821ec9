"""What stands on the engine works in a cluster as it does in a folder: sync, search, the command, the site."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from indexer import Library, Page, open_library
from indexer.cli import conditions
from indexer.engines.opensearch.page_collector import CANDIDATES, CANDIDATES_PER_PLACE
from indexer.search.search import APPROXIMATE_NOTE
from tests.engines.opensearch.libraries import new_location
from tests.engines.opensearch.servers import Servers
from tests.faults.processes import wait_until
from tests.relevance.test_relevance import CORPUS, QUERIES
from tests.webapp.serving import Serving

EVERY = 4  # of the judged queries
GOUT = "Gout\n\nICD-10 code: M10.9\n\nGout is a painful arthritis.\n\nCauses\n\nUrate crystals inflame a joint.\n"
RICKETS = "Rickets\n\nICD-10 code: E55.0\n\nRickets softens the bones of children.\n"


@pytest.fixture(scope="module")
def clustered(opensearch_servers: Servers) -> Iterator[Library]:
    """The corpus in a cluster."""
    with new_location(opensearch_servers) as location, open_library(location) as library:
        assert not library.sync([CORPUS]).failed
        yield library


def test_judged_queries_have_the_same_results(clustered: Library, corpus_library: Library) -> None:
    different = []
    for text in list(QUERIES.values())[::EVERY]:
        for page in (Page(limit=10), Page(limit=10, collapse=True)):
            there, here = clustered.search(text, page=page), corpus_library.search(text, page=page)
            assert (there.total, there.groups, there.facets) == (here.total, here.groups, here.facets)
            notes = tuple(note for note in there.notes if note != APPROXIMATE_NOTE)
            assert (APPROXIMATE_NOTE in there.notes) == (there.total > CANDIDATES + CANDIDATES_PER_PLACE * page.limit)
            assert (there.suggestion, notes, there.interpretation) == (here.suggestion, here.notes, here.interpretation)
            if [hit.document.id for hit in there.hits] != [hit.document.id for hit in here.hits]:
                different.append(text)
            assert [hit.score for hit in there.hits] == pytest.approx([hit.score for hit in here.hits], abs=1e-4)
    assert different == []


def test_everything_else_that_a_page_asks_is_the_same(clustered: Library, corpus_library: Library) -> None:
    assert clustered.stats().facets == corpus_library.stats().facets
    assert clustered.stats().words == corpus_library.stats().words
    assert [document.id for document in clustered.scan()] == [document.id for document in corpus_library.scan()]
    assert clustered.complete("osteo") == corpus_library.complete("osteo")
    first = next(corpus_library.scan())
    assert clustered.get(first.id) == first
    here = corpus_library.related(first.id)
    assert [each.document.id for each in clustered.related(first.id)] == [each.document.id for each in here]
    assert clustered.siblings(first) == corpus_library.siblings(first)
    assert clustered.verify() == ()


def run(*words: str) -> Result:
    return CliRunner().invoke(conditions, words)


def test_the_commands(location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDITIONS_INDEX", location)
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "gout.txt").write_text(GOUT)

    def of(*words: str) -> Any:
        outcome = run(*words, "--json")
        assert outcome.exit_code == 0, outcome.output
        return json.loads(outcome.output)

    assert of("index", str(folder))["added"] == 1
    assert of("index", str(folder))["kept"] == 1
    (folder / "gout.txt").write_text(GOUT.replace("painful", "most painful"))
    (folder / "rickets.txt").write_text(RICKETS)
    assert of("index", str(folder))["changed"] == 1
    assert [hit["id"] for hit in of("search", "crystals in the joint")["hits"]] == ["gout"]
    assert of("show", "rickets")["id"] == "rickets"
    assert of("stats")["documents"] == 2
    assert of("verify") == []
    (folder / "rickets.txt").unlink()
    assert of("index", str(folder), "--rebuild")["added"] == 1
    assert of("search", "rickets")["total"] == 0
    assert of("suggest", "gou")[0]["text"] == "Gout"


def test_a_site_that_watches_its_corpus(location: str, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "gout.txt").write_text(GOUT)
    named = location.replace("://", "://reader:secret@")
    site = Serving("--index", named, "--corpus", str(folder), "--watch", "--workers", "2")
    try:
        assert site.total("gout") == 1
        assert "secret" not in "".join(site.lines)
        (folder / "rickets.txt").write_text(RICKETS)
        wait_until(lambda: site.total("rickets") == 1)
        for path in ("", "search?q=gout", "articles/gout", "conditions/gout", "codes/M10.9", "browse", "library"):
            assert site.get(path)[0] == 200, path
        assert site.get("readyz")[0] == 200
    finally:
        site.stop()
