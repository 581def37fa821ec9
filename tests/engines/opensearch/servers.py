"""Real OpenSearch servers for tests: nodes of one cluster on this machine, started, killed and started again.

    python -m tests.engines.opensearch.servers [NODES]      starts a cluster and stops it when Enter is pressed

The server is the official one, from Maven Central: the distribution without plug-ins, that OpenSearch's own tests use.
It needs Java 21 or newer and Maven. Folders of a cluster are deleted when it stops.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

VERSION: Final = "3.8.0"
MIN_JAVA: Final = 21
HEAP: Final = "512m"
FULL_DISKS: Final = "cluster.routing.allocation.disk.threshold_enabled: false"  # are no reason to refuse anything
START_S: Final = 300  # on a machine with two cores that does something else too
DISTRIBUTION: Final = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
NEEDLESS: Final = re.compile(
    r"/modules/(ingest-geoip|transport-grpc|percolator|opensearch-dashboards|repository-url|ingest-user-agent)/"
)
NOBODY: Final = 65534  # the server refuses to run as root

LOGGING: Final = """status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] [%node_name]%marker %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


class Unavailable(Exception):
    """This machine cannot run the server; says why."""


@cache
def java_home() -> Path:
    """The home of a Java that is new enough."""
    homes = [Path(os.environ[name]) for name in ("OPENSEARCH_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    if java := shutil.which("java"):
        homes.append(Path(java).resolve().parent.parent)
    homes += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    for home in homes:
        if (home / "bin" / "java").exists():
            command = [str(home / "bin" / "java"), "-version"]
            said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
            version = re.search(r'version "(\d+)', said)
            if version and int(version[1]) >= MIN_JAVA:
                return home
    raise Unavailable(f"there is no Java {MIN_JAVA} or newer here, which OpenSearch needs")


def server_home() -> Path:
    """The folder of the server, which is downloaded once."""
    cache_folder = Path(tempfile.gettempdir()) / f"conditions-opensearch-{os.getuid()}"
    home = cache_folder / f"opensearch-{VERSION}"
    if home.is_dir():
        return home
    maven = shutil.which("mvn")
    if maven is None:
        raise Unavailable("there is no Maven here, which downloads OpenSearch")
    with tempfile.TemporaryDirectory(prefix="conditions-") as folder:
        command = [maven, "-q", "-B", "dependency:copy", f"-DoutputDirectory={folder}", f"-Dartifact={DISTRIBUTION}"]
        run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        if run.returncode:
            raise Unavailable(f"OpenSearch could not be downloaded: {run.stdout[-500:]}{run.stderr[-500:]}")
        unpacked = Path(folder) / "unpacked"
        with zipfile.ZipFile(next(Path(folder).glob("*.zip"))) as archive:
            for entry in archive.infolist():
                if not NEEDLESS.search(entry.filename) and not entry.filename.endswith((".exe", ".bat")):
                    path = Path(archive.extract(entry, unpacked))
                    if path.parent.name == "bin":
                        path.chmod(0o755)
        new = next(unpacked.iterdir())
        (new / "plugins").mkdir(exist_ok=True)
        for path in (new, *new.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        cache_folder.mkdir(exist_ok=True)
        cache_folder.chmod(0o755)
        with suppress(OSError):  # another process was faster
            shutil.move(new, home)
    return home


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@dataclass
class Node:
    """One server: its folder, its port, and its process while it runs."""

    name: str
    folder: Path
    port: int
    transport: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """As if the machine had lost power."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def pause(self) -> None:
        """As if the machine were busy for long."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def log(self) -> str:
        return (self.folder / "stdout.log").read_text(encoding="utf-8", errors="replace")


@dataclass
class Servers:
    """The nodes of one cluster, as a context manager: empty when it begins, gone when it ends.

    `settings` are lines of each node's opensearch.yml, in place of FULL_DISKS. With `optimized` Java
    compiles all that it can, which takes longer to start: for measurements.
    """

    count: int = 2
    settings: tuple[str, ...] = ()
    optimized: bool = False
    heap: str = HEAP
    nodes: list[Node] = field(default_factory=list)
    folder: Path = Path()

    def __enter__(self) -> Self:
        java_home(), server_home()
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="conditions-opensearch-", dir=memory if memory.is_dir() else None))
        self.folder.chmod(0o755)
        ports = free_ports(2 * self.count)
        for number in range(self.count):
            name = f"node-{number + 1}"
            self.nodes.append(Node(name, self.folder / name, ports[number], ports[self.count + number]))
        try:
            for node in self.nodes:
                self._configure(node)
                self.start(node)
            self.await_green()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def hosts(self) -> str:
        """The nodes as a location names them."""
        return ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def stop(self) -> None:
        for node in self.nodes:
            node.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _configure(self, node: Node) -> None:
        for name in ("config", "data", "logs", "tmp"):
            (node.folder / name).mkdir(parents=True)
        lines = (
            f"cluster.name: {self.folder.name}",
            f"node.name: {node.name}",
            "network.host: 127.0.0.1",
            f"http.port: {node.port}",
            f"transport.port: {node.transport}",
            f"discovery.seed_hosts: [{', '.join(f'127.0.0.1:{each.transport}' for each in self.nodes)}]",
            f"cluster.initial_cluster_manager_nodes: [{', '.join(each.name for each in self.nodes)}]",
            f"path.data: {node.folder / 'data'}",
            f"path.logs: {node.folder / 'logs'}",
            "node.processors: 2",
            "action.auto_create_index: false",
            *(self.settings or (FULL_DISKS,)),
        )
        options = (
            f"-Xms{self.heap}",
            f"-Xmx{self.heap}",
            "-XX:+UseSerialGC",
            *(() if self.optimized else ("-XX:TieredStopAtLevel=1",)),
            f"-Djava.io.tmpdir={node.folder / 'tmp'}",
            "-javaagent:agent/opensearch-agent.jar",  # relative to the server's folder
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1",
        )
        config = node.folder / "config"
        (config / "opensearch.yml").write_text("\n".join(lines) + "\n")
        (config / "jvm.options").write_text("\n".join(options) + "\n")
        (config / "log4j2.properties").write_text(LOGGING)
        if os.getuid() == 0:
            for path in (node.folder, *node.folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)

    def start(self, node: Node) -> None:
        """Start a node, with the data that it has."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(node.folder),
            "LANG": "C.UTF-8",
            "OPENSEARCH_JAVA_HOME": str(java_home()),
            "OPENSEARCH_PATH_CONF": str(node.folder / "config"),
            "OPENSEARCH_TMPDIR": str(node.folder / "tmp"),
        }
        user: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        with (node.folder / "stdout.log").open("ab") as log:
            node.process = subprocess.Popen(
                [server_home() / "bin" / "opensearch"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=node.folder,
                env=environment,
                start_new_session=True,
                **user,
            )

    def await_green(self, count: int | None = None) -> None:
        """Wait until so many nodes (default: all) are one cluster that has every copy of everything."""
        wanted = count or self.count
        deadline = time.monotonic() + START_S
        while True:
            for node in self.nodes:
                if node.process is not None and node.process.poll() is not None:
                    raise AssertionError(f"{node.name} ended:\n{node.log()[-3000:]}")
                if node.process is not None:
                    with suppress(OSError, ValueError):
                        health = f"/_cluster/health?wait_for_nodes={wanted}&wait_for_status=green&timeout=5s"
                        if not self.ask("GET", health, node=node)["timed_out"]:
                            return
            assert time.monotonic() < deadline, self.nodes[0].log()[-3000:]
            time.sleep(0.2)

    def ask(self, method: str, path: str, body: object = None, *, node: Node | None = None) -> Any:
        """What a node, by default the first that runs, answers. Raises OSError."""
        node = node or next(each for each in self.nodes if each.process is not None)
        sent = None if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
        request = urllib.request.Request(node.url + path, sent, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def manager(self) -> Node:
        """The node that is elected to manage the cluster."""
        name = self.ask("GET", "/_cat/cluster_manager?format=json")[0]["node"]
        return next(node for node in self.nodes if node.name == name)


def main() -> None:
    """Start a cluster, say where, and stop it when a line comes in."""
    with Servers(int(sys.argv[1]) if len(sys.argv) > 1 else 2, optimized=True) as servers:
        print(f"opensearch://{servers.hosts}/conditions", flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    main()
