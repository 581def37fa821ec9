"""Few are answered at a time, cheap ones never behind costly ones, and the rest are told when to ask again."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.budget import WorkLimit
from indexer.library import Library
from indexer.search.search import CUT_NOTE
from tests.webapp.conftest import of_a_folder
from webapp import admission, create_app
from webapp.admission import Lane, Lanes, Places, SiteBusy

WORDS = "+".join(f"word{number}" for number in range(60))
COSTLY = f"/api/v1/search?explain=1&size=100&q={WORDS}"
CHEAP = "/api/v1/search?q=bone"


@pytest.fixture
def app(library: Library) -> Flask:
    made = create_app(library=library)
    lanes: Lanes = made.extensions["lanes"]
    lanes.cheap, lanes.searches, lanes.costly = Lane(2, 0, 0.01), Lane(1, 1, 0.01), Lane(1, 1, 0.01)
    return made


@pytest.fixture
def lanes(app: Flask) -> Lanes:
    found: Lanes = app.extensions["lanes"]
    return found


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as made:
        yield made


def test_a_lane_admits_so_many_then_the_next_in_order() -> None:
    lane, order = Lane(1, 2, 60), []
    lane.enter()

    def follow(name: str) -> None:
        lane.enter()
        order.append(name)
        lane.leave()

    waiting = []
    for name in ("first", "second"):
        thread = threading.Thread(target=follow, args=(name,))
        thread.start()
        waiting.append(thread)
        while len(lane._waiting) < len(waiting):
            pass
    with pytest.raises(SiteBusy):  # two wait already
        lane.enter()
    lane.leave()
    for thread in waiting:
        thread.join()
    assert order == ["first", "second"]
    lane.enter()


def test_who_waits_in_vain_takes_no_turn_from_others() -> None:
    lane = Lane(1, 1, 0.01)
    lane.enter()
    with pytest.raises(SiteBusy):
        lane.enter()
    lane.leave()
    lane.enter()


@pytest.mark.parametrize(
    "path",
    [
        COSTLY,
        COSTLY.replace("/api/v1", ""),
        "/search/export.csv?q=bone",
        "/sitemap.xml",
        f"/compare?find={WORDS}",
        f"/articles/ulcer?q={WORDS}",
    ],
)
def test_while_costly_requests_have_their_lane_full_others_are_answered(
    client: FlaskClient, lanes: Lanes, path: str
) -> None:
    lanes.costly.enter()
    refused = client.get(path)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert "Too many are asking just now" in refused.text
    if path.startswith("/api/"):
        assert refused.mimetype == "application/problem+json"
    assert client.get(CHEAP).status_code == 200
    assert client.get("/articles/ulcer").status_code == 200
    lanes.costly.leave()
    assert client.get(path).status_code == 200


def test_one_search_computes_at_a_time_and_what_is_cached_passes_by(client: FlaskClient, lanes: Lanes) -> None:
    first = client.get(CHEAP)
    lanes.searches.enter()
    assert client.get(CHEAP).data == first.data
    assert client.get("/articles/ulcer").status_code == client.get("/browse").status_code == 200
    refused = client.get(f"{CHEAP}&n=1")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    lanes.searches.leave()
    assert client.get(f"{CHEAP}&n=1").status_code == 200


def test_probes_and_files_are_answered_whoever_waits(client: FlaskClient, lanes: Lanes) -> None:
    for lane in (lanes.cheap, lanes.cheap, lanes.costly):
        lane.enter()
    assert client.get(CHEAP).status_code == client.get("/").status_code == 503
    for path in ("/healthz", "/readyz", "/metrics", "/static/style.css"):
        assert client.get(path).status_code == 200


def test_a_costly_answer_that_is_cached_waits_for_nobody(client: FlaskClient, lanes: Lanes) -> None:
    first = client.get(COSTLY)
    lanes.costly.enter()
    assert client.get(COSTLY).data == first.data
    assert client.get(COSTLY + "0").status_code == 503


@pytest.mark.parametrize("path", [COSTLY, CHEAP, "/search/export.json", "/sitemap.xml", "/nowhere", "/search?size=0"])
def test_every_turn_is_given_back(client: FlaskClient, lanes: Lanes, path: str) -> None:
    for number in range(5):
        client.get(f"{path}{'&' if '?' in path else '?'}n={number}").close()
    for lane in (lanes.cheap, lanes.cheap, lanes.searches, lanes.costly):
        lane.enter()


def test_who_reads_slowly_keeps_no_turn(app: Flask, lanes: Lanes) -> None:
    with app.test_client() as client, client.get("/search/export.json", buffered=False) as response:
        assert next(iter(response.response))
        for lane in (lanes.cheap, lanes.cheap, lanes.costly):
            lane.enter()


@pytest.mark.parametrize("path", ["/search/export.csv", "/sitemap.xml"])
def test_only_some_may_read_slowly_at_a_time(app: Flask, lanes: Lanes, path: str) -> None:
    lanes.streams = Places(1)
    for _ in range(2):
        with app.test_client() as client, client.get(path, buffered=False) as slow:
            assert next(iter(slow.response))
            with pytest.raises(SiteBusy):
                lanes.streams.check()
        with app.test_client() as client:
            assert client.head(path).status_code == client.get(path).status_code == 200
    with lanes.streams.taken(), app.test_client() as client:
        assert client.get(path).status_code == 503
        assert client.get(CHEAP).status_code == 200


def test_who_keeps_a_thread_leaves_some_for_others() -> None:
    waiting = 2 * admission.MAX_WAITING_CHEAP + admission.MAX_WAITING_COSTLY
    slow = admission.MAX_STREAMS + admission.MAX_BODIES + admission.MAX_BODIES_OF_STRANGERS
    assert waiting + slow < admission.MAX_THREADS


@of_a_folder
def test_an_answer_that_was_cut_says_so_and_is_not_cached(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "/api/v1/search?explain=1&q=bone+inflammation"
    whole = client.get(asked + "&n=1").json
    monkeypatch.setattr(admission, "WORK_LIMIT", WorkLimit(postings=3))
    cut = client.get(asked)
    assert cut.json and CUT_NOTE in cut.json["notes"]
    assert (cut.headers["Cache-Control"], "ETag" in cut.headers) == ("no-store", False)
    monkeypatch.undo()
    again = client.get(asked).json
    assert again and whole and again["notes"] == whole["notes"] and again["hits"] == whole["hits"]


def test_a_search_that_takes_too_much_is_a_503_that_says_what_helps(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "WORK_LIMIT", WorkLimit(postings=0))
    for path in (
        "/search?q=naproxen+flares",
        "/api/v1/search?q=naproxen+flares",
        "/search/export.csv?q=naproxen+flares",
        "/compare?find=naproxen+flares",
    ):
        refused = client.get(path)
        assert refused.status_code == 503
        assert "fewer or rarer words" in refused.text


def test_an_article_is_shown_without_marks_where_these_take_too_much(
    client: FlaskClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hit, *_) = library.search("naproxen").hits
    path = f"/articles/{hit.document.id}?q=naproxen+flares"
    monkeypatch.setattr(admission, "WORK_LIMIT", WorkLimit(postings=-1))
    cut = client.get(path)
    assert (cut.status_code, cut.headers["Cache-Control"]) == (200, "no-store")
    assert "<mark" not in cut.text
    monkeypatch.undo()
    assert "<mark" in client.get(path).text
