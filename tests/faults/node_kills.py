"""`kill -9` of nodes of a cluster while a library in it is written and searched; the manager's too.

Nothing that a batch has acknowledged may be lost, every answer must be that of one generation, and a search must have
an answer again within FAILOVER_S.

python -m tests.faults.node_kills --count 20
"""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import click

from indexer.documents import Document
from indexer.engine import Engine
from indexer.engines import open_engine
from indexer.errors import EngineUnavailable
from indexer.query.nodes import Term
from indexer.query.query import Query
from indexer.query.request import Page
from tests.engines.opensearch.servers import Node, Servers

NODES = 3
FAILOVER_S = 5.0
BATCH = 20  # documents, and one more that is changed in each
LEFT_ALONE_S = 4.0  # a cluster without one of its nodes, before that comes back


@dataclass
class Load:
    """A writer and a reader of a library, and what they saw."""

    location: str
    acknowledged: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    problems: list[str] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        """Add BATCH documents at once, and change one that is in every generation, until it is done."""
        engine = open_engine(self.location)
        while not self.done.is_set():
            number = self.counts["batches"] + self.counts["batches refused"]
            ids = [f"{number}/{each}" for each in range(BATCH)]
            try:
                with engine.batch() as batch:
                    for id in (*ids, "always"):
                        batch.put(Document(id=id, source="s", title=f"Bone {number}", condition=id))
            except EngineUnavailable as error:
                self.counts["batches refused"] += 1
                self.problems += [str(error)] if "\n" in str(error) else []
            else:
                self.acknowledged.update(ids)
                self.counts["batches"] += 1
        engine.close()

    def search(self) -> None:
        """Search until it is done; each answer has whole batches and the document that is always there."""
        engine = open_engine(self.location)
        since = time.monotonic()
        while not self.done.is_set():
            try:
                with engine.searcher() as searcher:
                    total = searcher.search(Query("", Term("bone")), Page()).total
            except EngineUnavailable:
                self.counts["searches refused"] += 1
                continue
            now = time.monotonic()
            self.slowest_s, since = max(self.slowest_s, now - since), now
            self.counts["searches"] += 1
            if total % BATCH != 1:
                self.problems.append(f"a search found {total} documents, which no generation has")
        engine.close()


def kill_one(servers: Servers, dice: random.Random, counts: Counter[str]) -> None:
    """Kill a node, in a third of all cases the manager, and start it again."""
    victim: Node = servers.manager() if dice.random() < 1 / NODES else dice.choice(servers.nodes)
    counts["kills of the manager" if victim is servers.manager() else "kills of others"] += 1
    time.sleep(dice.random())
    victim.kill()
    time.sleep(LEFT_ALONE_S)
    servers.start(victim)
    servers.await_green()


def check(engine: Engine, load: Load) -> None:
    """Compare what there is with what was acknowledged."""
    held = set(engine.digests())
    assert load.acknowledged <= held, sorted(load.acknowledged - held)[:10]
    assert load.problems == []
    assert engine.verify() == ()


@click.command()
@click.option("--count", default=20, show_default=True, help="Kills.")
@click.option("--seconds", type=float, help="At most so long, and one kill at least.")
@click.option("--seed", default=1, show_default=True)
def main(count: int, seconds: float | None, seed: int) -> None:
    """Kill nodes under load and check the library after each kill."""
    dice = random.Random(seed)
    deadline = time.monotonic() + (seconds or float("inf"))
    with Servers(NODES) as servers:
        location = f"opensearch://{servers.hosts}/killed"
        engine = open_engine(location)
        with engine.batch() as batch:
            batch.put(Document(id="always", source="s", title="Bone", condition="always"))
        load = Load(location)
        threads = [threading.Thread(target=load.write), threading.Thread(target=load.search)]
        for each in threads:
            each.start()
        try:
            for number in range(count):
                if number and time.monotonic() > deadline:
                    break
                kill_one(servers, dice, load.counts)
        finally:
            load.done.set()
            for each in threads:
                each.join()
        check(engine, load)
        engine.close()
        click.echo(f"{dict(load.counts)}, the longest time without an answer {load.slowest_s:.1f} s, nothing lost")
        if load.slowest_s > FAILOVER_S:
            raise SystemExit(f"no answer for {load.slowest_s:.1f} s, more than {FAILOVER_S:g}")


if __name__ == "__main__":
    main()
