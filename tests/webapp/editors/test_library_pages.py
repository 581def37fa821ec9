import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.webapp.conftest import SCRIPT
from tests.webapp.editors.conftest import GOUT
from webapp.editors import library_pages
from webapp.editors.article_lists import PAGE_SIZE

HOSTILE = (
    f"Gout {SCRIPT} of the hand\n\nGout {SCRIPT} hurts.\n\nCauses\n\nCrystals & {SCRIPT} </pre></textarea> cause it.\n"
)


def save(client: FlaskClient, id: str, text: str, *, version: str = "", action: str = "save") -> TestResponse:
    form = {"id": id, "kind": "text", "text": text, "version": version, "action": action}
    return client.post("/library/edit", data=form, headers={"Origin": "http://localhost"})


def version(client: FlaskClient, id: str) -> str:
    found = re.search(r'name="version" value="(\w*)"', client.get(f"/library/edit/{id}").text)
    assert found
    return found[1]


def test_the_library_says_what_the_last_sync_did(editor: FlaskClient, articles: Path) -> None:
    page = editor.get("/library").text
    assert "2 added, 0 changed, 0 deleted, 0 failed" in page
    (articles / "bad.txt").write_bytes(b"Gout \xd0\xfe\xff")
    editor.application.extensions["library"].sync([articles], jobs=1)
    assert "1 failed" in editor.get("/library").text
    failed = editor.get("/library/lists/failed").text
    assert "bad.txt" in failed
    assert "<span>Not read: not text in UTF-8" in failed


def test_what_failed_can_be_fixed(editor: FlaskClient, articles: Path) -> None:
    (articles / "bad.txt").write_bytes(b"Gout \xd0\xfe\xff")
    editor.application.extensions["library"].sync([articles], jobs=1)
    assert 'href="/library/articles/bad"' in editor.get("/library/lists/failed").text
    assert "not text in UTF-8" in editor.get("/library/articles/bad").text
    assert "The file cannot be read" in editor.get("/library/edit/bad").text
    answer = save(editor, "bad", GOUT, version=version(editor, "bad"))
    assert "Saved and live since" in editor.get(answer.location).text
    assert "There are none." in editor.get("/library/lists/failed").text


def test_without_a_record_it_is_not_known(editor: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "index" / "syncs.json").unlink()
    assert "Not known" in editor.get("/library").text
    assert "Live." in editor.get("/library/articles/gout").text


def test_new_and_changed_articles_are_listed_the_last_first(editor: FlaskClient) -> None:
    save(editor, "new/one", "Scurvy\n\nScurvy is a want of vitamin C.\n")
    rows = re.findall(r'<a href="/library/articles/([^"]+)"', editor.get("/library/lists/newest").text)
    assert rows[0] == "new/one"
    assert set(rows[1:]) == {"gout", "lung/asthma"}
    assert "/library/articles/gout" not in editor.get("/library/lists/changed").text
    save(editor, "gout", GOUT + "More.\n", version=version(editor, "gout"))
    assert '<a href="/library/articles/gout">Gout, left knee</a>' in editor.get("/library/lists/changed").text


def test_weak_readings_are_listed_by_what_is_weak(editor: FlaskClient) -> None:
    save(editor, "zyzzyx", "Zyzzyx syndrome\n\nZyzzyx syndrome was made up for a test.\n")
    page = editor.get("/library/lists/weak?why=no-code").text
    assert '<a href="/library/articles/zyzzyx">Zyzzyx syndrome</a>' in page
    assert "<span>No ICD-10-CM code was found.</span>" in page
    assert "<span>No body site was found.</span>" in page
    assert "/library/articles/gout" not in page
    assert "There are none." in editor.get("/library/lists/weak?why=nonsense").text
    save(editor, "zyzzyx", GOUT, version=version(editor, "zyzzyx"))
    assert "zyzzyx" not in editor.get("/library/lists/weak?why=no-code").text


def test_flagged_articles_are_listed(editor: FlaskClient) -> None:
    cut = "Gout is a painful arthritis that comes at night, and whoever has had it once fears it for the rest of ..."
    save(editor, "cut", f"Gout of the hand\n\n{cut}\n")
    page = editor.get("/library/lists/flagged?why=incomplete").text
    assert "/library/articles/cut" in page
    assert "<span>No causes, symptoms, diagnosis or treatment section was found.</span>" in page
    save(editor, "odd", "Gout of the hand\n\nICD-10 code: M10.0499\n\nGout is a painful arthritis.\n")
    page = editor.get("/library/lists/flagged").text
    assert 'why=unknown-code">Unknown code <small>1</small>' in page
    assert "M10.0499 is no code of ICD-10-CM" in page


def test_a_part_without_a_heading_is_listed_with_the_phrase_that_decided(editor: FlaskClient) -> None:
    save(editor, "one", "Asthma\n\nAsthma narrows the airways.\n\nIt is caused by an allergy.\n")
    page = editor.get("/library/lists/weak?why=one-cue").text
    assert "“It is caused by an allergy.”, without a heading, was taken for its causes by “is caused by” alone." in page


def test_what_wants_work_stands_first_on_the_desk(editor: FlaskClient) -> None:
    names = re.findall(r'href="/library/lists/(\w+)"><b>', editor.get("/library").text)
    assert names == ["failed", "flagged", "weak", "newest", "changed", "unanswered", "all"]


@pytest.mark.parametrize(
    ("words", "said", "ids"),
    [
        ("sthm", "1 article.", ["lung/asthma"]),
        ("LUNG/", "1 article.", ["lung/asthma"]),
        ("left gout", "1 article.", ["gout"]),
        ("bad", "1 article.", ["bad"]),  # although it could not be read
        ("goat", "There are none. These are the nearest.", ["gout"]),
        ("qqqq", "There are none.", []),
        (" ", "Those that were read", ["bad", "gout", "lung/asthma"]),
        ("", "Those that were read", ["bad", "gout", "lung/asthma"]),
    ],
)
def test_an_article_is_found_by_parts_of_title_and_id(
    editor: FlaskClient, articles: Path, words: str, said: str, ids: list[str]
) -> None:
    (articles / "bad.txt").write_bytes(b"Gout \xd0\xfe\xff")
    editor.application.extensions["library"].sync([articles], jobs=1)
    page = editor.get("/library/lists/all", query_string={"q": words}).text
    assert said in page
    assert re.findall(r'<a href="/library/articles/([^"]+)"', page) == ids
    assert ("Not read: not text in UTF-8" in page) == ("bad" in ids)


def test_what_is_looked_for_is_shown_as_text(editor: FlaskClient) -> None:
    page = editor.get("/library/lists/all", query_string={"q": f'"{SCRIPT}'}).text
    assert SCRIPT not in page
    assert "“&#34;&lt;script&gt;" in page


def test_an_article_whose_id_another_file_has_too_is_listed_as_it_was_read(editor: FlaskClient, articles: Path) -> None:
    (articles / "z.jsonl").write_text('{"id": "gout", "text": "Another one."}\n')
    editor.application.extensions["library"].sync([articles], jobs=1)
    assert "has the id of" in editor.get("/library/lists/failed").text
    page = editor.get("/library/lists/all?q=gout").text
    assert '<a href="/library/articles/gout">Gout, left knee</a>' in page
    assert "Not read" not in page


def test_a_list_is_paged(editor: FlaskClient, articles: Path) -> None:
    for number in range(PAGE_SIZE):
        (articles / f"gout-{number:02}.txt").write_text(GOUT)
    editor.application.extensions["library"].sync([articles], jobs=1)
    first, last = (editor.get(f"/library/lists/newest?page={number}").text for number in (1, 2))
    links = [re.findall(r'<a href="/library/articles/([^"]+)"', page) for page in (first, last)]
    assert len(links[0]) == PAGE_SIZE
    assert len(links[1]) == 2
    assert not set(links[0]) & set(links[1])
    second = editor.get("/library/lists/all?q=gou&page=2").text
    assert len(re.findall(r'<a href="/library/articles/([^"]+)"', second)) == 1
    assert '<a rel="prev" href="/library/lists/all?page=1&amp;q=gou">' in second
    for odd in ("0", "-1", "x", "9" * 5000, "99999"):
        assert editor.get(f"/library/lists/newest?page={odd}").status_code == 200
    assert editor.get("/library/lists/other").status_code == 404


def test_a_raw_text_stands_beside_its_reading(editor: FlaskClient) -> None:
    page = editor.get("/library/articles/gout").text
    assert '<span class="mark-label">Title</span>' in page
    assert '<mark class="of-causes ">Causes\n\nUrate crystals</mark>' in page
    assert re.search(r"<dt>Code</dt><dd><b>M10.062</b> <span>The article states it: <q>ICD-10 code: M10.062</q>", page)
    assert re.search(r"Causes</span> Causes</h3>\s*<p class=\"over\">Its heading: <q>Causes</q>", page)
    assert "Live since <time" in page


def test_an_article_that_cannot_be_changed_here_is_shown(editor: FlaskClient, articles: Path) -> None:
    (articles / "all.jsonl").write_text('{"id": "held", "text": "Scurvy is a want of vitamin C."}\n')
    editor.application.extensions["library"].sync([articles], jobs=1)
    page = editor.get("/library/articles/held").text
    assert "a line of all.jsonl" in page
    assert "Scurvy" in page
    assert "/library/edit/held" not in page
    assert editor.get("/library/edit/held").status_code == 409


@pytest.mark.parametrize("action", ["preview", "save"])
def test_hostile_text_is_shown_as_text(editor: FlaskClient, action: str) -> None:
    answer = save(editor, "odd", HOSTILE, action=action)
    pages = (
        [answer.text]
        if action == "preview"
        else [editor.get(f"/library/{each}/odd").text for each in ("articles", "edit")]
    )
    for page in pages:
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page
        assert page.count("</textarea>") == page.count("<textarea")
        assert page.count("</pre>") == page.count("<pre")


def test_a_preview_saves_nothing(editor: FlaskClient, articles: Path) -> None:
    page = save(editor, "gout", GOUT.replace("left", "right"), version=version(editor, "gout"), action="preview").text
    assert "Not saved yet" in page
    assert "<dt>Side</dt><dd><b>Right</b>" in page
    assert (articles / "gout.txt").read_text() == GOUT


def test_a_saved_article_is_live_and_its_page_says_so(editor: FlaskClient, articles: Path) -> None:
    answer = save(editor, "gout", GOUT.replace("left", "right").replace("\n", "\r\n"), version=version(editor, "gout"))
    assert (answer.status_code, answer.location) == (303, "/library/articles/gout?saved=1")
    assert (articles / "gout.txt").read_text() == GOUT.replace("left", "right")
    assert "Saved and live since <time" in editor.get(answer.location).text
    assert editor.get("/api/v1/articles/gout").get_json()["side"] == "right"


def test_what_is_not_live_yet_says_so_until_it_is(
    make_site: Callable[..., Flask], articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_pages, "WAIT_S", 0)
    app = make_site(watched=True)
    client = app.test_client()
    answer = save(client, "gout", GOUT.replace("left", "right"), version=version(client, "gout"))
    page = client.get(answer.location).text
    assert "Saved, not live yet." in page
    assert "<dt>Side</dt><dd><b>Right</b>" in page  # as it will be read
    app.extensions["library"].sync([articles], jobs=1)
    assert "Saved and live since" in client.get(answer.location).text


def test_of_two_editors_the_second_is_told_and_loses_no_text(editor: FlaskClient, articles: Path) -> None:
    loaded = version(editor, "gout")
    save(editor, "gout", GOUT + "First.\n", version=loaded)
    answer = save(editor, "gout", GOUT + "Second.\n", version=loaded)
    assert answer.status_code == 409
    assert "has changed since it was loaded" in answer.text
    assert "Second." in answer.text
    assert (articles / "gout.txt").read_text() == GOUT + "First.\n"
    assert save(editor, "gout", "A new one.").status_code == 409  # a new article replaces none


@pytest.mark.parametrize(("id", "text"), [("../x", "Gout hurts."), ("x", " "), ("", "Gout hurts."), ("a//b", "Gout.")])
def test_what_cannot_be_saved_is_said_beside_the_text(editor: FlaskClient, id: str, text: str) -> None:
    answer = save(editor, id, text)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "<textarea" in answer.text


def test_an_article_is_deleted_as_it_was_seen(editor: FlaskClient, articles: Path) -> None:
    own = {"Origin": "http://localhost"}
    assert editor.post("/library/delete/gout", data={"version": "0"}, headers=own).status_code == 409
    assert editor.post("/library/delete/gout", headers=own).status_code == 409
    seen = {"version": version(editor, "gout")}
    assert "No search finds the article" in editor.post("/library/delete/gout", data=seen, headers=own).text
    assert not (articles / "gout.txt").exists()
    assert editor.get("/articles/gout").status_code == 404
    assert editor.get("/library/articles/gout").status_code == 404


def test_queries_are_listed_only_where_they_are_counted(make_site: Callable[..., Flask], editor: FlaskClient) -> None:
    assert "CONDITIONS_COUNT_QUERIES=1" in editor.get("/library/lists/unanswered").text
    client = make_site(count_queries=True).test_client()
    client.get("/search?q=zebrafish")
    assert re.search(r"<b>zebrafish</b>\s*<span>Asked once", client.get("/library/lists/unanswered").text)


def test_a_form_of_an_odd_kind_is_refused(editor: FlaskClient) -> None:
    form = {"id": "x", "kind": "exe", "text": "Gout", "action": "save"}
    assert editor.post("/library/edit", data=form, headers={"Origin": "http://localhost"}).status_code == 400
