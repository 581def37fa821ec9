"""Requests to their turns: a few at a time are answered, and cheap ones never wait behind costly ones.

Each worker reads requests in MAX_THREADS threads, and answers those of three lanes: `threads` at a time in the lane
where every request begins, one at a time in that of searches, and one in that of the costly ones. Searches that compute
at the same time in one process only keep each other from the interpreter, and take twice the time of a core for it.
Whoever has no turn yet waits, and after some time, or where too many wait already, is told so with 503 and Retry-After;
so no work is left waiting for clients that are gone. That they wait is also what slows down those who ask again at
once. Probes and files wait for nobody.

What is found in a cache is answered in the first lane, past all that is searched. A search changes lanes once its cost
is known (see `indexer.search.cost`). What is streamed takes a turn for each chunk, and a body is read without one: who
reads or writes slowly keeps nobody waiting. They keep a thread, though, so only some may at a time.
"""

import random
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from flask import Flask, current_app, request

from indexer.budget import WorkLimit
from indexer.errors import RequestTooCostly
from webapp.door import REFUSED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_THREADS: Final = 704  # of a worker: more than can wait in all lanes, so that there is always one for the next
MAX_WAITING_CHEAP, MAX_WAITING_COSTLY = 192, 256
MAX_WAIT_CHEAP_S, MAX_WAIT_COSTLY_S = 2.0, 1.0
MAX_STREAMS: Final = 32  # that are read at a time
MAX_BODIES, MAX_BODIES_OF_STRANGERS = 16, 8  # that are sent at a time
COSTLY: Final = 400_000  # postings from which a request is costly, some 100 ms of one core
WORK_LIMIT: Final = WorkLimit(postings=50_000_000, seconds=2.0)  # of one request

_NEVER_WAIT: Final = ("/healthz", "/readyz", "/metrics", "/static/")  # what paths begin with
_LANE: Final = "conditions.lane"  # in the environment of a request: whose turn it has


class SiteBusy(RequestTooCostly):
    """Others are being answered, and too many wait already, or this one has waited too long."""


class Lane:
    """Admits so many at a time, while others wait in the order in which they came."""

    def __init__(self, at_a_time: int, max_waiting: int, max_wait_s: float) -> None:
        self._lock = threading.Lock()
        self._free = at_a_time
        self._waiting: deque[threading.Event] = deque()
        self._max_waiting = max_waiting
        self._max_wait_s = max_wait_s

    def enter(self, *, patiently: bool = False) -> None:
        """Wait for a turn, `patiently` however long it takes. Raises SiteBusy."""
        with self._lock:
            if self._free:
                self._free -= 1
                return
            if len(self._waiting) >= self._max_waiting and not patiently:
                raise SiteBusy("too many others wait; ask again in a few seconds")
            turn = threading.Event()
            self._waiting.append(turn)
        # Those who ask again at once are not to come back all at the same time.
        if turn.wait(None if patiently else self._max_wait_s * random.uniform(0.5, 1.0)):
            return
        with self._lock:
            if turn.is_set():  # it came at the last moment
                return
            self._waiting.remove(turn)
        raise SiteBusy("others are being answered; ask again in a few seconds")

    def leave(self) -> None:
        """Give the turn to the next."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


class Places:
    """For those who keep a thread as long as they please, because it waits for them."""

    def __init__(self, number: int) -> None:
        self._lock = threading.Lock()
        self._free = number

    def check(self) -> None:
        """Raises SiteBusy where no place is free."""
        if self._free <= 0:
            raise SiteBusy("too many others are slow; ask again in a few seconds")

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take a place, one more than there are where `check` was not asked before."""
        with self._lock:
            self._free -= 1
        try:
            yield
        finally:
            with self._lock:
                self._free += 1


class Lanes:
    """The lanes of a process, and the places of those who keep a thread without a turn."""

    def __init__(self, threads: int) -> None:
        """`threads` requests are answered at a time that neither search nor are costly."""
        self.streams = Places(MAX_STREAMS)
        self.bodies = Places(MAX_BODIES)
        self.bodies_of_strangers = Places(MAX_BODIES_OF_STRANGERS)
        self.cheap = Lane(threads, MAX_WAITING_CHEAP, MAX_WAIT_CHEAP_S)
        self.searches = Lane(1, MAX_WAITING_CHEAP, MAX_WAIT_CHEAP_S)
        self.costly = Lane(1, MAX_WAITING_COSTLY, MAX_WAIT_COSTLY_S)


def add_to(app: Flask, threads: int = 2) -> None:
    """Let every request of the application wait for its turn; a server sets `app.extensions["lanes"]` to its own."""
    app.extensions["lanes"] = Lanes(threads)
    answer = app.wsgi_app

    def admitted(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # Before anything else is done: many threads that compute at once keep each other from it, probes too.
        if not environ["PATH_INFO"].startswith(_NEVER_WAIT):
            lanes: Lanes = app.extensions["lanes"]
            try:
                lanes.cheap.enter()
                environ[_LANE] = lanes.cheap
            except SiteBusy as error:
                environ.setdefault(REFUSED, error)
        try:
            return answer(environ, start_response)
        finally:
            _leave(environ)

    app.wsgi_app = admitted  # type: ignore[method-assign]


def admit(cost: float) -> None:
    """Change lanes for a search of that cost, or for what is as costly. Raises SiteBusy."""
    lanes: Lanes = current_app.extensions["lanes"]
    lane = lanes.costly if cost >= COSTLY else lanes.searches
    # One request may search several times; what has no turn, as a page that is made in advance, needs none.
    if request.environ.get(_LANE) not in (None, lane, lanes.costly):
        step_aside()
        lane.enter()
        request.environ[_LANE] = lane


def step_aside() -> None:
    """Give the turn to the next, where the rest of a request is not computing but waiting."""
    _leave(request.environ)


def receive_body(*, of_stranger: bool) -> None:
    """Read the body of this request, however slowly it is sent; others have its turn meanwhile. Raises SiteBusy.

    It is `of_stranger` where nobody showed the token: these take no place of those who did.
    """
    if not request.content_length:
        return
    lanes: Lanes = current_app.extensions["lanes"]
    places = lanes.bodies_of_strangers if of_stranger else lanes.bodies
    step_aside()
    places.check()
    with places.taken():
        request.get_data()
    lanes.cheap.enter()
    request.environ[_LANE] = lanes.cheap


def in_turns(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks of a costly response, each made in a turn of its own. Raises SiteBusy."""
    lanes: Lanes = current_app.extensions["lanes"]
    lanes.streams.check()
    return _in_turns(chunks, lanes)


def _in_turns(chunks: Iterator[bytes], lanes: Lanes) -> Iterator[bytes]:
    with lanes.streams.taken():  # by what is read: the answer to HEAD never is
        while True:
            lanes.costly.enter(patiently=True)
            try:
                chunk = next(chunks, None)
            finally:
                lanes.costly.leave()
            if chunk is None:
                return
            yield chunk


def _leave(environ: "WSGIEnvironment") -> None:
    lane: Lane | None = environ.pop(_LANE, None)
    if lane is not None:
        lane.leave()
