"""`serve --watch` under load while everything changes: is every answer whole, and does nothing grow?

16 connections ask pages and the API of two workers. Meanwhile an article changes every second, an editor saves one
every 10 s, a second `index` runs every minute as cron would start it, and every 5 minutes `index --rebuild`.

Each changing article says its number and version (zq7v12) in its title and in every section: an answer that shows two
versions of one article is mixed. So is a search that answers otherwise than another of the same generation did.

    python -m tests.faults.soak --minutes 30

The last line is JSON; exit code 1 where an answer failed or was mixed, a process died, or anything grew by over 5
percent after the first quarter. Linux only.
"""

import argparse
import hashlib
import http.client
import json
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from indexer import open_library
from tests.faults.processes import Usage, kind, session, usage

CORPUS = Path(__file__).parent.parent.parent / "corpus"
CHANGING = 40  # articles that change
MARK = re.compile(r"zq([0-9]+)v([0-9]+)")
NAMES = ("Gout", "Pseudogout", "Chronic osteomyelitis", "Asthma", "Migraine", "Psoriasis", "Lupus", "Sciatica")
PLACES = ("right hand", "left hand", "right knee", "left knee", "left hip")
WORDS = (
    "gout", "autoimmune bone inflammation", "swelling", '"bone marrow"', "fever -cough", "osteo*", "causes:virus",
    "M86", "headache nausea", "skin rash itching", "arthrits", "zqnothing", "pain in the knee", "infection",
    "treatment of asthma", "what causes gout", "my child's collarbone hurts and swells again and again",
)  # fmt: skip
COMPARED = 2_000  # answers that are held to be compared with later ones
SAMPLE_S = 10.0
GROWTH = 1.05
MAX_SEGMENT_FILES = 64  # two for each segment of some generations; each merge policy has its ups and downs
JUDGED_S = 600.0  # of a shorter run, growth is shown and not judged: it is still warming up


def article(number: int, version: int) -> str:
    """An article that says its version everywhere."""
    mark = f"zq{number}v{version}"
    name = f"{NAMES[number % len(NAMES)]}, {PLACES[number % len(PLACES)]}"
    return (
        f"{name} {mark}\n\n{name} is a painful inflammation {mark} with swelling.\n\n"
        f"Causes\n\nCrystals or an infection {mark} cause it, rarely a virus.\n\n"
        f"Symptoms\n\nThe joint swells {mark} and hurts, with fever at times.\n\n"
        f"Treatment\n\nRest and naproxen {mark} calm it.\n"
    )


class Site:
    """A corpus, its index, and `serve --watch` over them."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.corpus, self.index, self.log = folder / "corpus", folder / "index", folder / "log"
        shutil.copytree(CORPUS, self.corpus)
        self.versions = [0] * CHANGING
        for number in range(CHANGING):
            self.change(number)
        self.process = subprocess.Popen(
            [*self.command("serve"), "--watch", "--port", "0", "--workers", str(workers), "--corpus", str(self.corpus)],
            stdout=subprocess.PIPE, stderr=self.log.open("wb"), text=True, start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout
        address = next(json.loads(line)["address"] for line in self.process.stdout if "address" in line)
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.host, self.port = urlsplit(address).hostname, urlsplit(address).port

    def command(self, name: str, *words: str) -> list[str]:
        return [sys.executable, "-m", "webapp.cli", name, *words, "--index", str(self.index), "--json"]

    def change(self, number: int) -> None:
        """Write the next version of an article, as a publisher's export would: by a rename."""
        self.versions[number] += 1
        new = self.corpus / f".{number}.new"
        new.write_text(article(number, self.versions[number]))
        new.rename(self.corpus / f"changing-{number}.txt")

    def sync(self, *options: str) -> tuple[int, str]:
        """Index in another process, as cron would."""
        command = self.command("index", str(self.corpus), *options)
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        return outcome.returncode, outcome.stderr

    def ask(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None
    ) -> tuple[int, str]:
        headers = {"Content-Type": "text/plain"} if body else {}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host or "", self.port, timeout=60)


class Soak:
    """Everything that happens to a site at once, and what was seen."""

    def __init__(self, site: Site, pause: float) -> None:
        self.site, self.pause = site, pause
        self.ended = threading.Event()
        self.began = time.monotonic()
        self.lock = threading.Lock()
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.answers: OrderedDict[tuple[str, str], str] = OrderedDict()
        self.latencies: list[float] = []
        self.samples: dict[int, list[Usage]] = defaultdict(list)
        self.paths = sorted(path.stem for path in self.site.corpus.glob("*.txt") if path.stem.lower() != "readme")

    def fault(self, what: str) -> None:
        with self.lock:
            self.counts["faults"] += 1
            self.faults.append(f"{time.monotonic() - self.began:.0f} s: {what[:300]}")

    def path(self, dice: random.Random) -> str:
        words, id = quote(dice.choice(WORDS)), quote(dice.choice(self.paths))
        number = dice.randrange(CHANGING)
        paths = (
            (30, f"/api/v1/search?q={words}"), (10, f"/search?q={words}&site=hand"), (8, f"/search?q={words}"),
            (8, f"/api/v1/suggest?q={dice.choice(('oste', 'inf', 'go', 'ast', 'pne'))}"),
            (10, f"/api/v1/articles/changing-{number}"), (10, f"/articles/changing-{number}"),
            (6, f"/articles/{id}"), (4, "/browse"), (4, "/"), (3, "/readyz"), (2, "/metrics"), (2, "/sitemap.xml"),
            (2, "/codes/M86"), (2, "/library"),
            (2, f"/compare?id=changing-{number}&id=changing-{(number + 1) % CHANGING}"),
            (2, "/api/v1/search?q=pain&page=2&sort=title&explain=1"), (1, f"/search/export.json?q={words}"),
        )  # fmt: skip
        return dice.choices([path for _, path in paths], [weight for weight, _ in paths])[0]

    def load(self, seed: int) -> None:
        dice, connection = random.Random(seed), self.site.connect()
        while not self.ended.is_set():
            path, started = self.path(dice), time.perf_counter()
            try:
                status, body = self.site.ask(connection, "GET", path)
            except (OSError, http.client.HTTPException) as error:
                self.fault(f"{path}: {error!r}")
                connection.close()
                connection = self.site.connect()
                continue
            with self.lock:
                self.counts[f"status {status}"] += 1
                self.latencies.append(time.perf_counter() - started)
            if status not in {200, 503}:  # 503 says that others are being answered: it is counted
                self.fault(f"{path}: {status} {body[:200]}")
            if status == 200:
                self.check(path, body)
            self.ended.wait(self.pause)

    def check(self, path: str, body: str) -> None:
        """Whether the answer is of one state: each article of one version, each generation of one answer."""
        versions: dict[str, set[str]] = defaultdict(set)
        for number, version in MARK.findall(body):
            versions[number].add(version)
        mixed = {number: found for number, found in versions.items() if len(found) > 1}
        if mixed:
            self.counts["mixed"] += 1
            self.fault(f"mixed {path}: {mixed}")
        if path.startswith("/api/v1/search"):
            answer: dict[str, Any] = json.loads(body)
            answer.pop("took_ms")
            key = answer["generation"], path
            digest = hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()
            with self.lock:
                first = self.answers.setdefault(key, digest)
                self.counts["compared"] += first is not digest
                if len(self.answers) > COMPARED:
                    self.answers.popitem(last=False)
            if first != digest:
                self.counts["mixed"] += 1
                self.fault(f"two answers of generation {key}")

    def edit(self) -> None:
        connection, number = self.site.connect(), 1_000
        body = article(number, self.counts["saved"] + 1).encode()
        try:
            status, text = self.site.ask(connection, "PUT", "/api/v1/articles/editors/one", body)
        except (OSError, http.client.HTTPException) as error:
            self.fault(f"PUT: {error!r}")
            return
        finally:
            connection.close()
        self.counts["saved"] += 1
        self.counts[f"PUT {status}"] += 1
        if status not in {200, 201, 202, 503}:
            self.fault(f"PUT: {status} {text[:200]}")

    def cron(self, *options: str) -> None:
        code, said = self.site.sync(*options)
        self.counts[f"index {' '.join(options)} exit {code}".replace("  ", " ")] += 1
        if code and "is being written to by process" not in said:
            self.fault(f"index {options}: {code} {said}")
        if options and code:  # a rebuild is tried until it is its turn
            while code and not self.ended.wait(0.3):
                code, _ = self.site.sync(*options)

    def change(self) -> None:
        self.site.change(random.randrange(CHANGING))
        self.counts["changes"] += 1

    def sample(self) -> None:
        for process in session(self.site.process.pid):
            if found := usage(process, self.site.process.pid):
                self.samples[process].append(found)

    def every(self, seconds: float, do: Callable[[], None]) -> None:
        due = time.monotonic() + seconds
        while not self.ended.wait(max(0.0, due - time.monotonic())):
            do()
            due = max(due + seconds, time.monotonic())

    def run(self, seconds: float, connections: int) -> None:
        tasks: list[tuple[Callable[..., None], tuple[Any, ...]]] = [(self.load, (seed,)) for seed in range(connections)]
        tasks += [
            (self.every, (1.0, self.change)),
            (self.every, (10.0, self.edit)),
            (self.every, (60.0, self.cron)),
            (self.every, (300.0, lambda: self.cron("--rebuild"))),
            (self.every, (SAMPLE_S, self.sample)),
        ]
        threads = [threading.Thread(target=task, args=words, daemon=True) for task, words in tasks]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        self.ended.set()
        for thread in threads:
            thread.join(120)

    def end(self) -> dict[str, Any]:
        """Stop the site and say what was seen, as JSON."""
        leader = self.site.process.pid
        before = {process: kind(process, leader) for process in session(leader)}
        growth = self.growth(before)
        connection = self.site.connect()
        settled = False
        for _ in range(100):
            _, body = self.site.ask(connection, "GET", "/readyz")
            with open_library(self.site.index) as library:
                settled = not library.sync([self.site.corpus], dry_run=True).written
            if settled:
                break
            time.sleep(0.3)
        connection.close()
        self.site.process.send_signal(signal.SIGTERM)
        code = self.site.process.wait(60)
        with open_library(self.site.index) as library:
            problems = [problem.what for problem in library.verify()]
        log = self.site.log.read_text()
        latencies = sorted(self.latencies)
        died = {each for each in self.samples if each not in before}
        return {
            "requests": len(latencies),
            "p50_ms": round(1000 * latencies[len(latencies) // 2], 1),
            "p99_ms": round(1000 * latencies[len(latencies) * 99 // 100], 1),
            "counts": dict(sorted(self.counts.items())),
            "mixed": self.counts["mixed"],
            "faults": self.faults[:20],
            "growth": growth,
            "grown": grown(growth) if len(self.samples[leader]) * SAMPLE_S >= JUDGED_S else [],
            "died": [self.samples[each][-1].kind for each in died],
            "agrees with the corpus": settled,
            "readyz": json.loads(body),
            "verify": problems,
            "exit code": code,
            "processes left": len(session(leader)),
            "log": {"lines": len(log.splitlines()), "tracebacks": log.count("Traceback"), "end": log[-500:]},
        }

    def growth(self, processes: dict[int, str]) -> list[dict[str, Any]]:
        """Of each process, the medians of the second quarter of the time and of the last, and their ratio."""
        found = []
        for process, name in processes.items():
            samples = self.samples[process]
            quarter = max(1, len(samples) // 4)
            early, late = samples[quarter : 2 * quarter], samples[-quarter:]
            if early and late:
                medians: dict[str, Any] = {"kind": name}
                for what in ("resident", "own", "files", "sockets", "segments"):
                    first, last = (statistics.median(getattr(each, what) for each in some) for some in (early, late))
                    medians[what] = (round(first, 1), round(last, 1), round(last / first, 3) if first else 1.0)
                found.append(medians)
        return found


def grown(growth: list[dict[str, Any]]) -> list[str]:
    """What has grown: the memory of a process, its files, or the sockets of all, for clients go from one to another."""
    what = [f"memory of a {each['kind']}" for each in growth if each["resident"][2] > GROWTH]
    what += [f"open files of a {each['kind']}" for each in growth if each["files"][1] > each["files"][0]]
    what += [f"segments of a {each['kind']}" for each in growth if each["segments"][1] > MAX_SEGMENT_FILES]
    sockets = sum(each["sockets"][1] - each["sockets"][0] for each in growth)
    return [*what, *(["sockets"] if sockets > 0 else [])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between an answer and the next request")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), options.workers)
        soak = Soak(site, options.pause)
        try:
            soak.run(60 * options.minutes, options.connections)
            seen = soak.end()
        finally:
            site.process.kill()
    print(json.dumps(seen))
    fine = seen["agrees with the corpus"] and not seen["exit code"] and not seen["log"]["tracebacks"]
    bad = seen["faults"] or seen["grown"] or seen["died"] or seen["verify"] or seen["processes left"]
    sys.exit(0 if fine and not bad else 1)


if __name__ == "__main__":
    main()
