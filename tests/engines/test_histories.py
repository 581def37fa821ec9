"""A random sequence of put, delete, rollback and fresh equals a dict."""

import tempfile
from contextlib import AbstractContextManager, ExitStack

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from indexer.documents import Document
from indexer.engine import Batch
from indexer.engines import open_engine
from indexer.query.query import Query
from tests.engines.opensearch.libraries import new_location
from tests.engines.opensearch.servers import Servers
from tests.engines.strategies import IDS, documents

segments = st.lists(documents(), max_size=4, unique_by=lambda document: document.id)
changes = st.lists(documents() | segments | st.sampled_from(IDS), max_size=6)  # a document is put, an id deleted


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.place = ExitStack()
        self.location = self.place.enter_context(self.new_location())
        self.engine = open_engine(self.location)
        self.expected: dict[str, Document] = {}
        self.properties: dict[str, str] = {}
        with self.engine.batch(fresh=True):
            pass

    def new_location(self) -> AbstractContextManager[str]:
        return tempfile.TemporaryDirectory()

    def teardown(self) -> None:
        self.engine.close()
        self.place.close()

    def apply(self, batch: Batch, made: list[Document | list[Document] | str], expected: dict[str, Document]) -> None:
        for change in made:
            if isinstance(change, list):
                batch.add_segment(self.engine.segment_builder(change))
                expected |= {each.id: each for each in change}
            elif isinstance(change, Document):
                batch.put(change)
                expected[change.id] = change
            else:
                batch.delete(change)
                expected.pop(change, None)

    @rule(made=changes, fresh=st.sampled_from((False, False, False, True)))
    def commit(self, made: list[Document | list[Document] | str], fresh: bool) -> None:
        expected = {} if fresh else dict(self.expected)
        with self.engine.batch(fresh=fresh) as batch:
            self.apply(batch, made, expected)
        self.expected = expected
        self.properties = {} if fresh else self.properties

    @rule(made=changes, fresh=st.booleans())
    def roll_back(self, made: list[Document | list[Document] | str], fresh: bool) -> None:
        before = self.engine.searcher().generation
        with pytest.raises(KeyError), self.engine.batch(fresh=fresh) as batch:
            self.apply(batch, made, {})
            batch.describe("rolled", "back")
            raise KeyError
        assert self.engine.searcher().generation == before

    @rule(value=st.text(max_size=5))
    def describe(self, value: str) -> None:
        with self.engine.batch() as batch:
            batch.describe("name", value)
        self.properties["name"] = value

    @rule()
    def reopen(self) -> None:
        self.engine.close()
        self.engine = open_engine(self.location)

    @invariant()
    def equals_a_dict(self) -> None:
        with self.engine.searcher() as searcher:
            assert {document.id: document for document in searcher.scan(Query(""))} == self.expected
            assert searcher.document_count == len(self.expected)
            assert all(searcher.get(id) == self.expected.get(id) for id in IDS)
        assert self.engine.digests() == {id: document.digest for id, document in self.expected.items()}
        assert self.engine.properties() == self.properties

    @invariant()
    def has_no_problems(self) -> None:
        assert self.engine.verify() == ()


def test_so_it_does_where_a_batch_is_written_in_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch larger than MAX_BUFFERED_DOCS: documents in segments already written may be replaced and deleted."""
    monkeypatch.setattr("indexer.engines.whoosh.batch.MAX_BUFFERED_DOCS", 2)
    monkeypatch.setattr("indexer.engines.whoosh.format.segment_merger.CHUNK_SIZE", 3)
    run_state_machine_as_test(
        Histories, settings=settings(max_examples=settings().max_examples // 2, stateful_step_count=8)
    )


class TestHistories(Histories.TestCase):  # type: ignore[misc, valid-type]
    settings = settings(stateful_step_count=8)


def test_so_it_does_in_a_cluster(opensearch_servers: Servers) -> None:
    class InACluster(Histories):
        def new_location(self) -> AbstractContextManager[str]:
            return new_location(opensearch_servers)

    run_state_machine_as_test(
        InACluster, settings=settings(max_examples=settings().max_examples // 5, stateful_step_count=8)
    )
