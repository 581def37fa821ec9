"""What an engine in a cluster does besides what every engine promises: locks, killed batches, old versions."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from indexer.documents import Document
from indexer.engine import Engine
from indexer.engines.opensearch.address import ClusterAddress
from indexer.engines.opensearch.engine import OpenSearchEngine
from indexer.engines.opensearch.mapping import CONDITION_NUMBER
from indexer.errors import EngineUnavailable, IndexDamaged, IndexLocked, IndexStale
from indexer.query.nodes import Term
from indexer.query.query import Query
from indexer.query.request import Page
from tests.engines.opensearch.servers import Servers

TOP = Path(__file__).parents[3]


def put(engine: Engine, *ids: str, title: str = "Bone") -> None:
    with engine.batch() as batch:
        for id in ids:
            batch.put(Document(id=id, source="s", title=f"{title} {id}", condition=id))


def ids(engine: Engine) -> list[str]:
    with engine.searcher() as searcher:
        return [document.id for document in searcher.scan(Query(""))]


def name_of(location: str) -> str:
    return location.rpartition("/")[2]


def versions(servers: Servers, location: str) -> int:
    """All versions of documents that the cluster has of a library, dead ones too."""
    servers.ask("POST", f"/{name_of(location)}.*/_refresh")
    return int(servers.ask("GET", f"/{name_of(location)}.*/_count")["count"])


def indices(servers: Servers, location: str) -> list[str]:
    return sorted(servers.ask("GET", f"/{name_of(location)}.*/_settings?filter_path=*.settings.index.uuid"))


def run(program: str, location: str, **options: Any) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(program), location], cwd=TOP, **options)


def test_another_process_sees_a_commit_and_its_lock(engine: OpenSearchEngine, location: str) -> None:
    put(engine, "a")
    other = OpenSearchEngine(ClusterAddress.parse(location))
    with engine.batch() as batch:
        batch.put(Document(id="b", source="s", title="Bone"))
        message = f"is being written to by process {os.getpid()} on .* since .* UTC; run the command again"
        with pytest.raises(IndexLocked, match=message), other.batch():
            pass
    assert ids(other) == ["a", "b"]
    other.close()


KILLED = """
    import os, signal, sys
    from indexer.documents import Document
    from indexer.engines import open_engine
    engine = open_engine(sys.argv[1])
    with engine.batch(fresh={fresh}) as batch:
        batch.put(Document(id="a", source="s", title="Changed"))
        batch.delete("b")
        batch.put(Document(id="c", source="s", title="New"))
        batch.describe("was", "killed")
        batch._flush_pending()
        batch._bulk.flush()
        batch._refresh()
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("fresh", [False, True])
def test_what_a_killed_batch_left_is_unseen_and_removed(
    engine: OpenSearchEngine, location: str, opensearch_servers: Servers, fresh: bool
) -> None:
    put(engine, "a", "b")
    with run(KILLED.format(fresh=fresh), location) as killed:
        assert killed.wait() == -signal.SIGKILL
    assert ids(engine) == ["a", "b"]
    assert engine.verify() == ()
    assert versions(opensearch_servers, location) > 2
    put(engine, "d")  # at once: the owner of the lock ran on this machine, and is gone
    assert ids(engine) == ["a", "b", "d"]
    assert engine.properties() == {}
    assert engine.verify() == ()
    assert versions(opensearch_servers, location) == 3
    assert len(indices(opensearch_servers, location)) == 1
    with engine.searcher() as searcher:
        assert (searcher.frequency("title", "chang"), searcher.frequency("title", "bone")) == (0, 3)


def test_a_process_that_is_stopped_keeps_its_lock(engine: OpenSearchEngine, location: str) -> None:
    program = """
        import sys
        from indexer.engines import open_engine
        with open_engine(sys.argv[1]).batch() as batch:
            print(flush=True)
            sys.stdin.readline()
            batch.describe("written by", "the other")
    """
    with run(program, location, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdin is not None
        other.stdout.readline()
        with pytest.raises(IndexLocked, match=f"by process {other.pid} "), engine.batch():
            pass
        other.stdin.write(b"\n")
    put(engine, "a")
    assert engine.properties() == {"written by": "the other"}


def test_old_versions_go_when_no_reader_can_need_them(
    engine: OpenSearchEngine, location: str, opensearch_servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, "a", "b")
    for number in range(3):
        put(engine, "a", title=f"Number {number}")
    assert versions(opensearch_servers, location) == 5
    engine.collect_garbage()
    assert versions(opensearch_servers, location) == 5
    monkeypatch.setattr("indexer.engines.opensearch.cleanup.RETENTION_S", 0.0)
    engine.collect_garbage()
    assert versions(opensearch_servers, location) == 2
    with engine.batch(fresh=True) as batch:
        batch.put(Document(id="z", source="s", title="Alone"))
    put(engine, "y")
    assert len(indices(opensearch_servers, location)) == 1
    assert ids(engine) == ["y", "z"]
    assert engine.verify() == ()


def test_tallies_are_merged_and_read_by_others(
    engine: OpenSearchEngine, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engines.opensearch.batch.MAX_TALLIES", 3)
    monkeypatch.setattr("indexer.engines.opensearch.batch.MAX_DIFFERENCE", 1.0)
    for number in range(8):
        put(engine, f"{number}", "changing", title=f"Word{number} bone")
        reader = OpenSearchEngine(ClusterAddress.parse(location))
        with reader.searcher() as searcher:
            assert searcher.frequency("title", "bone") == number + 2
            assert [word for word, _, _ in searcher.words("word")] == [f"word{each}" for each in range(number + 1)]
        assert reader.verify() == ()
        reader.close()


def test_conditions_are_counted_by_numbers_that_stay(
    engine: OpenSearchEngine, location: str, opensearch_servers: Servers
) -> None:
    put(engine, "a", "b")
    with engine.batch() as batch:
        batch.delete("a")
    put(engine, "c")
    put(engine, "a", "d")
    sources = opensearch_servers.ask(
        "POST", f"/{name_of(location)}.*/_search", {"query": {"range": {"died": {"gt": 4}}}}
    )
    numbers = {hit["_source"]["k_condition"][0]: hit["_source"][CONDITION_NUMBER] for hit in sources["hits"]["hits"]}
    assert numbers == {"a": 1, "b": 2, "c": 3, "d": 4}
    with engine.searcher() as searcher:
        assert searcher.search(Query(""), Page()).groups == 4
    assert engine.verify() == ()
    script = {"source": f"ctx._source.{CONDITION_NUMBER} = 1", "lang": "painless"}
    wrong = {"query": {"term": {"k_condition": "c"}}, "script": script}
    opensearch_servers.ask("POST", f"/{name_of(location)}.*/_update_by_query?refresh=true", wrong)
    assert [problem.what for problem in engine.verify()] == ["the number of the condition of the document “c” is wrong"]


def test_a_large_batch_is_written_as_it_comes(
    engine: OpenSearchEngine, opensearch_servers: Servers, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engines.opensearch.bulk.MAX_BULK_BYTES", 2_000)
    monkeypatch.setattr("indexer.engines.opensearch.batch.MAX_PENDING_CHANGES", 3)
    put(engine, *"abcdefg")
    with engine.batch() as batch:
        for id in "abcdefghij":
            batch.put(Document(id=id, source="s", title="First"))
        assert versions(opensearch_servers, location) > 7
        assert ids(engine) == list("abcdefg")
        batch.put(Document(id="j", source="s", title="Second"))
        batch.delete("i")
        batch.delete("a")
        batch.put(Document(id="a", source="s", title="Third"))
        batch.delete("b")
    assert ids(engine) == list("acdefghj")
    assert engine.verify() == ()
    with engine.searcher() as searcher:
        assert searcher.frequency("title", "first") == 6
        assert searcher.search(Query("", Term("second")), Page()).total == 1


def test_an_index_of_another_version_is_stale(
    engine: OpenSearchEngine, location: str, opensearch_servers: Servers
) -> None:
    put(engine, "a")
    head = f"/{name_of(location)}/_doc/head"
    stored = opensearch_servers.ask("GET", head)["_source"]
    opensearch_servers.ask("PUT", head, stored | {"schema": "newer"})
    newcomer = OpenSearchEngine(ClusterAddress.parse(location))
    for call in (newcomer.searcher, newcomer.digests, newcomer.check):
        with pytest.raises(IndexStale, match="another version of this program; run: conditions index --rebuild"):
            call()
    with pytest.raises(IndexStale), newcomer.batch():
        pass
    assert [problem.fix for problem in newcomer.verify()] == ["conditions index --rebuild"]
    with newcomer.batch(fresh=True) as batch:
        batch.put(Document(id="b", source="s", title="Bone"))
    assert ids(newcomer) == ["b"]
    newcomer.close()


@pytest.mark.parametrize("stored", [{}, {"schema": None, "head": "{}"}, {"schema": "SAME", "head": "[]"}])
def test_a_head_that_cannot_be_read_is_damage(
    engine: OpenSearchEngine, location: str, opensearch_servers: Servers, stored: dict[str, Any]
) -> None:
    put(engine, "a")
    assert ids(engine) == ["a"]
    head = f"/{name_of(location)}/_doc/head"
    same = opensearch_servers.ask("GET", head)["_source"]["schema"]
    opensearch_servers.ask("PUT", head, stored | ({"schema": same} if stored.get("schema") else {}))
    newcomer = OpenSearchEngine(ClusterAddress.parse(location))
    with pytest.raises((IndexDamaged, IndexStale), match="run: conditions index --rebuild"):
        newcomer.searcher()
    if stored.get("schema"):
        assert ids(engine) == ["a"]  # the last good generation
    assert len(newcomer.verify()) == 1
    with newcomer.batch(fresh=True) as batch:
        batch.put(Document(id="b", source="s", title="Bone"))
    assert ids(newcomer) == ["b"]
    newcomer.close()


def test_missing_documents_and_indices_are_named(
    engine: OpenSearchEngine, location: str, opensearch_servers: Servers
) -> None:
    put(engine, "a", "b")
    query = {"query": {"term": {"key": b"a".hex()}}}
    opensearch_servers.ask("POST", f"/{name_of(location)}.*/_delete_by_query?refresh=true", query)
    assert [problem.what.rpartition("holds ")[2] for problem in engine.verify()] == ["1 documents instead of 2"]
    opensearch_servers.ask("DELETE", f"/{name_of(location)}.*")
    with engine.searcher() as searcher, pytest.raises(IndexDamaged, match="is gone; run: conditions index --rebuild"):
        searcher.search(Query(""), Page())
    with pytest.raises(IndexDamaged), engine.batch():
        pass
    put(engine_after_rebuild(engine), "c")
    assert ids(engine) == ["c"]


def engine_after_rebuild(engine: OpenSearchEngine) -> OpenSearchEngine:
    with engine.batch(fresh=True):
        pass
    return engine


def test_a_cluster_that_takes_no_writes_is_named(
    engine: OpenSearchEngine, location: str, opensearch_servers: Servers
) -> None:
    """As it does to itself when a disk is nearly full."""
    put(engine, "a")
    name = name_of(location)
    block = {"index.blocks.read_only_allow_delete": True}
    for blocked in (f"{name}.*", name):
        opensearch_servers.ask("PUT", f"/{blocked}/_settings", block)
        with pytest.raises(EngineUnavailable, match="free disk space on its nodes"):
            put(engine, "b")
        assert ids(engine) == ["a"]
        opensearch_servers.ask("PUT", f"/{blocked}/_settings", dict.fromkeys(block))
    put(engine, "b")
    assert ids(engine) == ["a", "b"]
    assert engine.verify() == ()


def test_a_node_that_hangs(
    engine: OpenSearchEngine, location: str, opensearch_servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers are those of the library or one line, and nothing is lost when it goes on."""
    monkeypatch.setattr("indexer.engines.opensearch.write_lease.EXPIRY_S", 8.0)
    put(engine, "a", "b")
    patient = OpenSearchEngine(ClusterAddress.parse(f"{location}?timeout=1"))
    assert ids(patient) == ["a", "b"]
    hanging = next(node for node in opensearch_servers.nodes if node is not opensearch_servers.manager())
    acknowledged = {"a", "b"}
    hanging.pause()
    try:
        for _ in range(2):
            try:
                assert ids(patient) == ["a", "b"]
            except EngineUnavailable as error:
                assert "\n" not in str(error)
        with contextlib.suppress(EngineUnavailable):
            put(patient, "c")
            acknowledged.add("c")
    finally:
        hanging.go_on()
    opensearch_servers.await_green()
    patient.close()
    deadline = time.monotonic() + 30  # its lock expires, for it could not be released
    while time.monotonic() < deadline:
        with contextlib.suppress(IndexLocked):
            put(engine, "d")
            break
    assert acknowledged | {"d"} <= set(ids(engine)) <= {"a", "b", "c", "d"}
    assert engine.verify() == ()


def test_pages_are_whole_where_candidates_are_of_too_few_conditions(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engines.opensearch.page_collector.CANDIDATES", 2)
    monkeypatch.setattr("indexer.engines.opensearch.page_collector.CANDIDATES_PER_PLACE", 0)
    with engine.batch() as batch:
        for number in range(60):
            title = "Bone " * (1 + number % 5)
            batch.put(Document(id=f"{number:02}", source="s", title=title, condition=f"c{number % 20}"))
    query = Query("", Term("bone"))
    with engine.searcher() as searcher:
        for offset, size in ((0, 10), (15, 5), (10_000, 0)):
            matches = searcher.search(query, Page(offset, 10, collapse=True))
            assert len({match.document.condition for match in matches.page}) == len(matches.page) == size
            assert (matches.total, matches.groups, matches.is_approximate) == (60, 20, True)
        assert all(match.group_size == 3 for match in searcher.search(query, Page(0, 10, collapse=True)).page)
        assert not searcher.search(Query("", Term("bone"), sort="title"), Page()).is_approximate
