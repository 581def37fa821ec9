"""Raw requests to a site of its own: bytes, escapes, hosts, headers, methods, bodies, many on one connection.

    python -m tests.fuzz.raw_requests [--requests 100000] [--seed 1]

It indexes a small corpus in a temporary folder, serves it, and sends what no browser would. It fails for a status of
5xx other than 503, a connection that ends without an answer to a whole request, a reply of the application without its
headers, a header or line of the log that a request has made up, a trace in the log, and for memory that grows.
Each run prints its seed.
"""

import argparse
import json
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from webapp.security import HEADERS

TEXT = "Gout\n\nGout is a painful form of arthritis of the left knee.\n\nCauses\n\nUrate crystals.\n"
PATHS = """/ /search /articles/gout /articles/ /conditions/gout /codes /codes/M10 /browse /browse/g /compare /about /api
/library /library/edit/gout /static/style.css /static/ /favicon.ico /robots.txt /sitemap.xml /opensearch.xml
/opensearch-suggestions
/healthz /readyz /metrics /api/v1/search /api/v1/suggest /api/v1/articles/gout /api/v1/raw/gout /api/v1/openapi.json //
/. /.. * /none""".split()
PARAMETERS = "q site side chapter condition code field sort page size collapse explain plain id v junk".split()
PIECES = r"""gout bone "knee pain" title: site:hand ( )))) -fever OR NOT * osteo* M10.9 M86.3* 0 -1 1e9
99999999999999999999 ١٢ ½ %00 %0d%0aX-Forged:%201 %1b[2J %9b %e2%80%ae %ff%fe %c0%af %ed%a0%80 %zz % ..%2f..%2f
%2e%2e/ %5c <script> ' ; & = # ? é İ""".split()
METHODS = ["GET"] * 40 + "HEAD POST PUT DELETE PATCH OPTIONS TRACE CONNECT PROPFIND get G\0T".split() + ["A" * 300]
HOSTS = ["localhost"] * 40 + [
    "..",
    "",
    "a" * 64 + ".example",
    "a" * 9000,
    "a b",
    "[::1",
    "evil:0",
    "\x1b[31m",
    "\xff",
    "x\0",
    "xn--",
    "a..b",
    "user@x",
    "evil/x",
]
VALUES = [
    *'* W/"x" bytes=0-0,1-1 gzip;q=nan identity;q=0 br,,, en;q=1e999 de -1 chunked 100-continue close https'.split(),
    *"javascript //evil.example 127.0.0.1 application/x-www-form-urlencoded multipart/form-data;boundary=".split(),
    *("", "1 1", "x" * 3000, "\xff\xfe", "\x01", "Bearer \xff", "Basic ====", "Thu, 99 Foo 99999"),
]
NAMES = """Accept Accept-Encoding Accept-Language Authorization Connection Content-Length Content-Type Cookie Expect
Forwarded Host If-Match If-None-Match If-Modified-Since If-Range Origin Range Referer Transfer-Encoding Upgrade
X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Forwarded-Prefix X-Forwarded-Port X-HTTP-Method-Override""".split()
ANSWER_S = 20.0  # that an answer may take on a machine that does other things as well
GROWTH_MB = 40.0  # that memory may grow once caches are warm
WARM = 0.3  # share of the requests after which they are


def path_of(random_: random.Random) -> str:
    path = random_.choice(PATHS)
    if random_.random() < 0.3:
        path += "/" + "/".join(random_.choices(PIECES, k=random_.choice((1, 2, 30)))).replace(" ", "%20")
    if random_.random() < 0.02:
        path += "a/" * random_.choice((100, 9000))
    if random_.random() < 0.7:
        arguments = (f"{random_.choice(PARAMETERS)}={value_of(random_)}" for _ in range(random_.choice((1, 2, 5))))
        path += "?" + "&".join(arguments) * random_.choice((1, 1, 1, 1, 1, 1, 1, 1, 1, 200))
    return path


def value_of(random_: random.Random) -> str:
    if random_.random() < 0.3:
        return quote(
            "".join(
                chr(random_.choice((random_.randrange(0xD800), random_.randrange(0xE000, 0x110000)))) for _ in range(9)
            )
        )
    return "%20".join(random_.choices(PIECES, k=random_.randint(1, 6))).replace(" ", "%20")


def request_of(random_: random.Random) -> tuple[bytes, bool]:
    """A request, and whether it is a whole one that any server would answer."""
    if random_.random() < 0.02:
        return random_.randbytes(random_.randint(1, 2000)), False
    method, host = random_.choice(METHODS), random_.choice(HOSTS)
    lines = [f"{method} {path_of(random_)} HTTP/1.1", f"Host: {host}"]
    extra = random_.choices(NAMES, k=random_.choice((0, 0, 1, 2)))
    lines += [f"{name}: {random_.choice(VALUES)}" for name in extra]
    body = ""
    if random_.random() < 0.05:
        body = random_.choice(
            ("id=gout&kind=text&text=x&action=preview", "token=guess", "5\r\nhello\r\n0\r\n\r\n", "\xff" * 5000)
        )
        lines.append(f"Content-Length: {len(body)}")
    sent = "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body.encode("latin-1")
    is_whole = (
        method.isalpha()
        and len(sent) < 8000
        and sent.isascii()
        and not extra
        and not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f]", sent)
    )
    if random_.random() < 0.02:
        return sent[: random_.randrange(1, len(sent))], False
    return sent, is_whole and method not in {"CONNECT", "HEAD"}


def answer_to(port: int, sent: bytes, *, is_whole: bool) -> bytes:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        try:
            connection.sendall(sent)
            connection.settimeout(ANSWER_S if is_whole else 0.05)
            if not is_whole:
                connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(1 << 16)
            while is_whole and b"\r\n\r\n" not in answer and (more := connection.recv(1 << 16)):
                answer += more
        except OSError:
            return b""
    return answer


def memory_mb(pid: int) -> float:
    """Of the process and its children; those of Linux alone can be told."""
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    rollups = (Path(f"/proc/{each}/smaps_rollup") for each in (pid, *children))
    return (
        sum(
            int(found[1])
            for file in rollups
            if file.exists() and (found := re.search(r"Pss: +(\d+)", file.read_text()))
        )
        / 1024
    )


def faults_of(answer: bytes, *, is_whole: bool) -> list[str]:
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1").lower()
    status = int(head[9:12] or 0) if head[9:12].isdigit() else 0
    faults = ["no answer"] if is_whole and not answer else []
    faults += [f"status {status}"] if status >= 500 and status != 503 else []
    faults += ["a forged header"] if "\nx-forged" in head else []
    # What hyper itself says of a request that is none has no body, and none of our headers.
    is_ours = bool(answer) and "content-type" in head
    return faults + (["no headers"] if is_ours and any(f"\n{name.lower()}:" not in head for name in HEADERS) else [])


def run(requests: int, seed: int) -> int:
    random_ = random.Random(seed)
    statuses: Counter[str] = Counter()
    faults: list[tuple[str, bytes]] = []
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w") as log:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        (corpus / "gout.txt").write_text(TEXT)
        served = ("--port", "0", "--workers", "1", "--corpus", str(corpus), "--index", f"{folder}/index")
        command = [sys.executable, "-m", "webapp.cli", "serve", "--json", *served]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as server:
            assert server.stdout
            try:
                lines = (json.loads(line) for line in server.stdout)
                address = next(line["address"] for line in lines if "address" in line)
                port, started, warm = int(re.findall(r":(\d+)/", address)[0]), time.time(), 0.0
                for number in range(requests):
                    if number == int(WARM * requests):
                        warm = memory_mb(server.pid)
                    sent, is_whole = request_of(random_)
                    answer = answer_to(port, sent, is_whole=is_whole)
                    statuses[answer[9:12].decode("latin-1") if answer else "none"] += 1
                    faults += [(fault, sent[:500]) for fault in faults_of(answer, is_whole=is_whole)]
                grown, seconds = memory_mb(server.pid) - warm, time.time() - started
            finally:
                server.terminate()
        logged = (Path(folder) / "log").read_text()
    faults += [("growth", f"{grown:.0f} MB".encode())] if grown > GROWTH_MB else []
    faults += [("log", line.encode()) for line in logged.splitlines() if not line.isprintable() or "Traceback" in line]
    print(f"seed {seed}: {requests:,} requests in {seconds:.0f} s, statuses {dict(sorted(statuses.items()))}")
    print(f"{grown:+.1f} MB since a third of them, {len(logged):,} bytes logged, {len(faults)} faults")
    for fault, sent in faults[:20]:
        print(f"  {fault}: {sent!r}")
    return 1 if faults else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.exit(run(arguments.requests, arguments.seed))
