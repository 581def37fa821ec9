import subprocess
import sys
import threading

from werkzeug.routing import Rule

from webapp.metrics import BUCKETS, Metrics, SharedFile

RULES = (Rule("/search"), Rule("/"))


def made() -> Metrics:
    return Metrics(RULES)


def test_requests_and_latencies_are_counted() -> None:
    metrics = made()
    metrics.count("/search", 200, 0.001)
    metrics.count("/search", 200, 0.02)
    metrics.count("/search", 418, 99)
    metrics.count(None, 404, 0)
    lines = set(metrics.lines())
    assert {
        'condition_search_requests_total{route="/search",status="200"} 2',
        'condition_search_requests_total{route="/search",status="other"} 1',
        'condition_search_requests_total{route="other",status="404"} 1',
        'condition_search_request_seconds_bucket{route="/search",le="0.001"} 1',
        'condition_search_request_seconds_bucket{route="/search",le="0.01"} 1',
        'condition_search_request_seconds_bucket{route="/search",le="0.025"} 2',
        'condition_search_request_seconds_bucket{route="/search",le="+Inf"} 3',
        'condition_search_request_seconds_count{route="/search"} 3',
        'condition_search_request_seconds_sum{route="/search"} 99.021000',
    } <= lines
    assert not any('route="/"' in line for line in lines)
    assert sum("_bucket" in line for line in lines) == 2 * (len(BUCKETS) + 1)


def test_processes_that_map_one_file_count_together() -> None:
    file = SharedFile()
    metrics = Metrics(RULES, file)
    metrics.count("/", 200, 0.5)
    program = (
        "import sys; from webapp.metrics import Metrics, SharedFile; from werkzeug.routing import Rule; "
        "Metrics([Rule('/search'), Rule('/')], SharedFile(int(sys.argv[1]))).count('/', 200, 0.5)"
    )
    for _ in range(2):
        command = [sys.executable, "-c", program, str(file.descriptor)]
        subprocess.run(command, check=True, timeout=30, pass_fds=[file.descriptor])
    assert 'condition_search_requests_total{route="/",status="200"} 3' in set(metrics.lines())
    assert 'condition_search_requests_total{route="/",status="200"} 3' in set(Metrics(RULES, file).lines())
    file.close()
    assert metrics.lines()


def test_threads_lose_no_count() -> None:
    metrics = made()

    def count() -> None:
        for _ in range(500):
            metrics.count("/", 200, 0.1)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 'condition_search_requests_total{route="/",status="200"} 2000' in set(metrics.lines())
