"""The running site to probes and metrics for machines: is it up, is it ready, how is it doing.

A site that can be searched is ready, however old its index is: an older library is better than none, and a load
balancer that took the site away would help nobody. How old it is, and what keeps it from being newer, is said beside.
"""

import re
import time
from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response, abort, current_app, g, jsonify, request

from indexer.errors import ConditionSearchError
from webapp import request_context
from webapp.metrics import Metrics

probes = Blueprint("probes", __name__)


@probes.get("/healthz")
def healthz() -> Response:
    """200 while the process answers at all."""
    return jsonify(status="up")


@probes.get("/readyz")
def readyz() -> Response:
    """200 while the index can be searched, however old, else 503 with the kind of error."""
    try:
        with request_context.library().searcher() as searcher:
            ready = {"status": "ready", "generation": searcher.generation, "documents": searcher.document_count}
        return jsonify(ready | _age() | _newest())
    except ConditionSearchError as error:
        response = jsonify(status="not ready", reason=type(error).__name__)
        response.status_code = 503
        return response


def _age() -> dict[str, str | int]:
    """When the index last agreed with the corpus, as far as that is known, and what has gone wrong since."""
    history = request_context.library().history()
    said: dict[str, str | int] = {}
    if history.synced:
        said = {"synced": history.synced, "age_s": int(time.time() - _timestamp(history.synced))}
    if failing := history.failing:
        problem = re.sub(r"(?:/[^/\s]+)+/", "", str(failing))  # folders of the machine are not for everybody
        said |= {"status": "ready, but syncs fail", "tried": history.tried, "problem": problem}
    return said


def _newest() -> dict[str, str]:
    """What keeps the newest generation from being searched, if anything does."""
    try:
        request_context.library().check()
    except ConditionSearchError as error:
        return {"status": "ready, but not with the newest generation", "reason": type(error).__name__}
    return {}


@probes.get("/metrics")
def metrics() -> Response:
    """Requests, latencies and the index in the text format of Prometheus, unless they have an address of their own."""
    if current_app.config["METRICS_ELSEWHERE"]:
        abort(404)
    counters: Metrics = current_app.extensions["metrics"]
    lines = [*counters.lines(), *_index_lines(), *_sync_lines()]
    return Response("\n".join([*lines, ""]), mimetype="text/plain; version=0.0.4")


def _index_lines() -> Iterator[str]:
    try:
        with request_context.library().searcher() as searcher:
            generation, documents = searcher.generation, searcher.document_count
    except ConditionSearchError:
        yield from _gauge("ready", "Whether the index can be searched.", 0)
        return
    yield from _gauge("ready", "Whether the index can be searched.", 1)
    yield from _gauge("documents", "Articles in the index.", documents)
    yield from _gauge(
        "generation_info", "The generation of the index that is searched.", 1, f'generation="{generation}"'
    )


def _sync_lines() -> Iterator[str]:
    history = request_context.library().history()
    if history.synced:
        what = "When a sync last succeeded: the index is that old."
        yield from _gauge("synced_timestamp_seconds", what, _timestamp(history.synced))
    if history.tried:
        what = "When a sync last ended, whether or not it succeeded."
        yield from _gauge("tried_timestamp_seconds", what, _timestamp(history.tried))
    failing = history.failing
    yield from _gauge("failed_syncs", "Syncs that failed in a row.", failing.count if failing else 0)
    if failing:
        yield from _gauge("failed_sync_info", "Why the last sync failed.", 1, f'reason="{failing.kind}"')


def _gauge(name: str, what: str, value: float, label: str = "") -> Iterator[str]:
    name = f"condition_search_{name}"
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} gauge"
    yield f"{name}{{{label}}} {value:.0f}" if label else f"{name} {value:.0f}"


def _timestamp(time: str) -> float:
    return datetime.fromisoformat(time).timestamp()


@probes.before_app_request
def _start_clock() -> None:
    g.started = time.perf_counter()


@probes.after_app_request
def _stop_clock(response: Response) -> Response:
    counters: Metrics = current_app.extensions["metrics"]
    route = request.url_rule.rule if request.url_rule else None
    counters.count(route, response.status_code, time.perf_counter() - g.started)
    return response
