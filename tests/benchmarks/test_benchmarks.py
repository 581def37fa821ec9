"""The benchmarks measure what they say: a seed gives the same library and queries, every engine the same articles."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from urllib.request import urlopen

import pytest

from indexer import open_library
from tests.benchmarks.corpus import articles, file_of, leaves, write_files, write_jsonl
from tests.benchmarks.mix import Ask, mix
from tests.benchmarks.peers.peer import Peer, write_fielded
from tests.benchmarks.peers.site import read
from tests.benchmarks.serving import Server, path_of
from tests.benchmarks.trial import PEERS, create

ARTICLES = 100
ASKS = (
    Ask("", "all", ("glaucoma",)),
    Ask("", "all", ("displaced", "fracture")),
    Ask("", "any", ("glaucoma", "tuberculosis")),
    Ask("", "phrase", ("foreign", "body")),
    Ask("", "prefix", ("glauc",)),
    Ask("", "all", ("fracture",), site="upper-limb"),
    Ask("", "any", ("fracture", "glaucoma"), chapter="19"),
)


PLACED = Ask("", "any", ("fracture", "hand"), site="hand", chapter="19")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library of articles, our index of it, and the articles in their fields."""
    folder = tmp_path_factory.mktemp("benchmark")
    write_jsonl(folder / "raw.jsonl", ARTICLES)
    with open_library(folder / "ours") as opened:
        opened.sync([folder / "raw.jsonl"])
        write_fielded(opened.scan(), folder / "fielded.jsonl")
    return folder


@pytest.fixture(scope="module", params=[name for name in PEERS if name != "ours, everything on"])
def peer(request: pytest.FixtureRequest, library: Path) -> Iterator[Peer]:
    """Each engine that is installed, over the same library."""
    name: str = request.param
    ours = name.startswith("ours")
    try:
        peer = create(name)
    except ImportError:
        pytest.skip(f"{name} is not installed")
    folder = library / name.replace(" ", "-")
    peer.build(library / ("raw.jsonl" if ours else "fielded.jsonl"), folder)
    peer.open(folder)
    yield peer


def test_a_seed_always_gives_the_same_articles(tmp_path: Path) -> None:
    assert list(articles(20)) == list(articles(30))[:20]
    assert list(articles(20)) != list(articles(20, seed=1))
    write_jsonl(tmp_path / "raw.jsonl", 20)
    write_files(tmp_path / "files", 20)
    lines = [json.loads(line) for line in (tmp_path / "raw.jsonl").read_text().splitlines()]
    assert len({line["id"] for line in lines}) == 20
    assert all(file_of(tmp_path / "files", line["id"]).read_text() == line["text"] for line in lines)


def test_there_is_an_article_for_every_leaf_code() -> None:
    assert len({leaf.code for leaf in leaves()}) == len(leaves()) > 70_000


def test_a_seed_always_gives_the_same_queries() -> None:
    assert mix() == mix()
    assert mix() != mix(seed=1)
    assert len(set(mix())) == len(mix()) >= 120
    assert {ask.mode for ask in mix()} == {"all", "any", "phrase", "prefix"}
    assert {len(ask.words) for ask in mix()} == set(range(1, 9))


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.text)
def test_engines_find_the_same_articles(peer: Peer, library: Path, ask: Ask) -> None:
    ours = create("ours, engine")
    ours.open(library / "ours")
    if not peer.can(ask):
        pytest.skip("the engine has no such queries")
    expected, found = ours.search(ask), peer.search(ask)
    assert expected.total > 0
    assert found.total == expected.total
    for facet, value in (("site", ask.site), ("chapter", ask.chapter)):
        if value is None:  # we alone count a facet without its own filter
            assert found.counts[facet] == expected.counts[facet]
    if expected.total <= 10:
        assert set(found.ids) == set(expected.ids)
    if "snippets" not in peer.lacks:
        assert found.snippets


def test_draws_of_the_mix_have_other_queries() -> None:
    first, second = set(mix(draw=1)), set(mix(draw=2))
    assert len(first & second) < len(first) / 10
    assert mix(draw=0) == mix()


@pytest.mark.parametrize("ask", [*ASKS, PLACED])
def test_a_site_of_another_engine_reads_the_query_that_an_address_has(ask: Ask) -> None:
    assert read(dict(parse_qsl(urlsplit(path_of("/search", ask)).query))) == ask


def test_an_engine_answers_behind_the_web_server(library: Path) -> None:
    with (
        Server(library / "ours", workers=2, engine="ours, engine") as server,
        urlopen(server.address + path_of("/search", ASKS[0])) as response,
    ):
        answer = json.load(response)
    peer = create("ours, engine")
    peer.open(library / "ours")
    assert answer["ids"] == list(peer.search(ASKS[0]).ids)
