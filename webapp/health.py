"""The running site to probes and metrics for machines: is it up, is it ready, how is it doing."""

import time

from flask import Blueprint, Response, current_app, g, jsonify, request

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
    """200 while the index can be searched, if only its last good generation, else 503 with the kind of error."""
    try:
        with request_context.library().searcher() as searcher:
            ready = {"status": "ready", "generation": searcher.generation, "documents": searcher.document_count}
        return jsonify(ready | _newest())
    except ConditionSearchError as error:
        response = jsonify(status="not ready", reason=type(error).__name__)
        response.status_code = 503
        return response


def _newest() -> dict[str, str]:
    """What keeps the newest generation from being searched, if anything does."""
    try:
        request_context.library().check()
    except ConditionSearchError as error:
        return {"status": "ready, but not with the newest generation", "reason": type(error).__name__}
    return {}


@probes.get("/metrics")
def metrics() -> Response:
    """Requests, latencies and the index in the text format of Prometheus."""
    counters: Metrics = current_app.extensions["metrics"]
    lines = [*counters.lines(), *_index_lines()]
    return Response("\n".join([*lines, ""]), mimetype="text/plain; version=0.0.4")


def _index_lines() -> tuple[str, ...]:
    ready = "# HELP condition_search_ready Whether the index can be searched.", "# TYPE condition_search_ready gauge"
    try:
        with request_context.library().searcher() as searcher:
            generation, documents = searcher.generation, searcher.document_count
    except ConditionSearchError:
        return (*ready, "condition_search_ready 0")
    return (
        *ready,
        "condition_search_ready 1",
        "# HELP condition_search_documents Articles in the index.",
        "# TYPE condition_search_documents gauge",
        f"condition_search_documents {documents}",
        "# HELP condition_search_generation_info The generation of the index that is searched.",
        "# TYPE condition_search_generation_info gauge",
        f'condition_search_generation_info{{generation="{generation}"}} 1',
    )


@probes.before_app_request
def _start_clock() -> None:
    g.started = time.perf_counter()


@probes.after_app_request
def _stop_clock(response: Response) -> Response:
    counters: Metrics = current_app.extensions["metrics"]
    route = request.url_rule.rule if request.url_rule else None
    counters.count(route, response.status_code, time.perf_counter() - g.started)
    return response
