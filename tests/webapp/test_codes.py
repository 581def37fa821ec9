"""Pages of codes, of every kind of node of the table, whether or not an article has the code."""

import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import simple_icd_10_cm as published
from flask.testing import FlaskClient

from indexer.knowledge.code_table import code_table
from tests.webapp.test_pages import ParsedPage, total

ROOT = "http://localhost"


def get(client: FlaskClient, path: str, status: int = 200) -> ParsedPage:
    response = client.get(path)
    assert response.status_code == status, response.text
    page = ParsedPage(response.text)
    assert page.tags.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert not [name for name, _ in page.attributes if name == "style" or name.startswith("on")]
    return page


def details(client: FlaskClient, code: str) -> Any:
    response = client.get(f"/api/v1/codes/{code}")
    assert response.status_code == 200, response.text
    return response.get_json()


def codes(rows: list[dict[str, str]]) -> list[str]:
    return [row["code"] for row in rows]


def test_a_leaf_shows_where_it_stands_and_what_is_written_on_it(client: FlaskClient) -> None:
    page = get(client, "/codes/M86.352")
    assert "M86.352 Chronic multifocal osteomyelitis, left femur" in page.text
    assert "Billable Valid on a claim, by the table of April 1, 2026" in page.text
    assert page.link("^Chronic multifocal osteomyelitis, femur M86.35$") == "/codes/M86.35"
    assert page.link("Chapter 13$") == "/codes/13"
    assert "The same condition by side Right M86.351 Left M86.352 Unspecified M86.359" in page.text
    assert page.link("^Right M86.351$") == "/codes/M86.351"
    assert page.link("^Unspecified M86.359$") == "/codes/M86.359"
    assert "Codes beside it in the order of the table ← Previous M86.351" in page.text
    assert page.link("^← Previous M86.351") == "/codes/M86.351"
    assert page.link("^Next → M86.359") == "/codes/M86.359"
    assert "From M86 Osteomyelitis Use additional code" in page.text
    assert page.link("^B95-B97$") == "/codes/B95-B97"
    assert page.link("left femur$") == "/articles/cmo/left-femur"
    assert page.link("right hand") == "/articles/cmo/right-hand"  # the nearest that is about another code
    assert ("rel", "canonical") in page.attributes
    assert ("href", f"{ROOT}/codes/M86.352") in page.attributes


def test_a_code_that_no_article_has_leads_to_the_nearest_articles(client: FlaskClient) -> None:
    page = get(client, "/codes/M86.9")
    assert "The library has none yet." in page.text
    found = details(client, "M86.9")
    assert (found["articles"]["total"], found["nearest"]["code"], found["nearest"]["total"]) == (0, "M86", 4)
    assert [each["code"] for each in found["nearest"]["articles"]] == ["M86.352", "M86.342", "M86.341", "M86.311"]
    assert total(get(client, page.link("^Search in all 4 articles$"))) == 4
    far = get(client, "/codes/A00.1")
    assert "Nearest articles" not in far.text
    assert far.link("^See its chapter$") == "/search?chapter=1&collapse=0"


@pytest.mark.parametrize(
    ("code", "kind", "billable", "text"),
    [
        ("13", "chapter", False, "Chapter 13 Diseases of the musculoskeletal system and connective tissue M00-M99"),
        ("M86-M90", "block", False, "M86-M90 Other osteopathies"),
        ("M86", "category", False, "M86 Osteomyelitis"),
        ("I10", "category", True, "I10 Essential (primary) hypertension"),
        ("B20", "category", True, "B20 Human immunodeficiency virus [HIV] disease"),
        ("M86.35", "subcategory", False, "Use one of the 3 narrower codes below instead."),
        ("M86.3", "subcategory", False, "codes below instead; those without “Billable” are headings too."),
        ("H18.82", "subcategory", False, "Use one of the 4 narrower codes below instead."),
        ("S52.531", "subcategory", False, "without a seventh character. Use one of the 16 codes below instead."),
        ("A00-A09", "block", False, "Not billable This is a block, no code for a claim."),
        ("S52.531A", "extension", True, "S52.531A Colles' fracture of right radius, initial encounter"),
        ("T67.01XA", "extension", True, "T67.01XA Heatstroke and sunstroke, initial encounter"),
        ("W10.9XXD", "extension", True, "subsequent encounter"),
    ],
)
def test_every_kind_of_node_has_a_page(client: FlaskClient, code: str, kind: str, billable: bool, text: str) -> None:
    assert text in get(client, f"/codes/{code}").text
    found = details(client, code)
    assert (found["code"], found["kind"], found["billable"]) == (code, kind, billable)


def test_notes_stand_under_their_headings(client: FlaskClient) -> None:
    text = get(client, "/codes/F02").text
    for heading, note in (
        ("Includes", "Major neurocognitive disorder in other diseases classified elsewhere"),
        ("Code first before this code", "the underlying physiological condition, such as:"),
        ("Excludes 1 never coded together with this", "mild neurocognitive disorder"),
        ("Excludes 2 no part of this; both may be coded", "dementia in alcohol"),
    ):
        assert f"{heading} {note}" in text
    notes = details(client, "J45.909")["notes"]
    assert "Asthma NOS" in notes["inclusion_terms"]
    assert details(client, "E11")["notes"]["use_additional_code"][0].endswith(":")


def test_notes_of_wider_codes_hold_too(client: FlaskClient) -> None:
    found = details(client, "M86.352")
    assert codes(found["inherited"]) == ["M86", "M86-M90", "13"]
    assert codes(found["trail"]) == ["13", "M86-M90", "M86", "M86.3", "M86.35"]
    assert codes(found["sides"]) == ["M86.351", "M86.352", "M86.359"]


def test_a_block_that_the_table_leaves_empty_has_the_blocks_in_its_range(client: FlaskClient) -> None:
    found = details(client, "M80-M94")
    assert codes(found["children"]) == ["M80-M85", "M86-M90", "M91-M94"]
    assert found["billable"] is False
    assert found["articles"]["total"] == 4
    assert total(get(client, get(client, "/codes/M00-M25").link("^Search in all 2 articles$"))) == 2


def test_a_random_sample_of_the_table_has_pages_with_the_right_neighbours(client: FlaskClient) -> None:
    every = list(dict.fromkeys(published.get_all_codes(True)))
    for number in random.Random(352).sample(range(1, len(every) - 1), 300):
        page = get(client, f"/codes/{every[number]}")
        turns = [href.removeprefix("/codes/") for href, text in page.links if re.match("← Previous|Next →", text)]
        assert turns == [every[number - 1], every[number + 1]]
        narrower = published.get_children(every[number])
        assert {f"/codes/{code}" for code in narrower} <= {href for href, _ in page.links}


def test_browsing_leads_from_the_chapters_to_a_leaf_and_counts_articles(client: FlaskClient) -> None:
    page = get(client, "/codes")
    assert len([href for href, _ in page.links if re.fullmatch(r"/codes/\d+", href)]) == 22
    assert page.link("^1 A00-B99 Certain infectious") == "/codes/1"
    for step in ("^13 M00-M99 ", "^M86-M90 ", "^M86 ", "^M86.3 ", "^M86.34 ", "^M86.341 .* Billable$"):
        page = get(client, page.link(step))
    assert "Chronic multifocal osteomyelitis, right hand" in page.text
    rows = {row["code"]: row["articles"] for row in details(client, "M86.3")["children"]}
    assert (rows["M86.34"], rows["M86.35"], rows["M86.36"]) == (2, 1, 0)
    assert "M86.34 Chronic multifocal osteomyelitis, hand 2 articles" in get(client, "/codes/M86.3").text


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("m86.352", "M86.352"),
        ("M86352", "M86.352"),
        ("m86-m90", "M86-M90"),
        ("T67.01A", "T67.01XA"),
        ("i10.", "I10"),
        ("a00-b99", "1"),
        ("Q00-QA0", "17"),
    ],
)
def test_a_code_has_one_address(client: FlaskClient, written: str, code: str) -> None:
    response = client.get(f"/codes/{written}")
    assert (response.status_code, response.location) == (308, f"/codes/{code}")
    assert details(client, written) == details(client, code)


@pytest.mark.parametrize(
    ("code", "near"), [("M86.357", "M86.352"), ("Z99.99", "Z99.89"), ("M86-M91", None), ("bone", None), ("23", None)]
)
def test_an_unknown_code_leads_to_the_nearest(client: FlaskClient, code: str, near: str | None) -> None:
    page = get(client, f"/codes/{code}", 404)
    assert f"There is no code {code.upper()}" in page.text
    assert page.link("^Browse all codes$") == "/codes"
    response = client.get(f"/api/v1/codes/{code}")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    if near:
        assert f"/codes/{near}" in [href for href, _ in page.links]
        assert near in response.get_json()["detail"]


@pytest.mark.parametrize("code", ["<script>alert(1)</script>", "%00", "%ED%A0%80", "🦴", "a" * 3000, "..", "%2e%2e"])
def test_any_text_gets_a_page(client: FlaskClient, code: str) -> None:
    response = client.get(f"/codes/{code}", follow_redirects=True)
    assert response.status_code in {200, 404}
    assert "<script>alert" not in response.text
    ParsedPage(response.text)


def test_only_billable_codes_are_marked_so(client: FlaskClient) -> None:
    for code in ("M86.3", "S52.53", "A00-A09", "13"):
        marked = [text.split()[0] for _, text in get(client, f"/codes/{code}").links if text.endswith(" Billable")]
        assert marked == [row["code"] for row in details(client, code)["children"] if row["billable"]]


@pytest.mark.parametrize(
    ("code", "remark"), [("M86.352", None), ("M86.35", "not billable"), ("S52.531", "not billable")]
)
def test_what_is_copied_is_said_not_to_be_billable(client: FlaskClient, code: str, remark: str | None) -> None:
    page = get(client, f"/codes/{code}")
    remarks = [value for name, value in page.attributes if name == "data-remark"]
    if remark is None:
        assert "Copy code Copy code and title To copy" in page.text
        assert "(not billable)" not in page.text
        assert remarks == ["", ""]
    else:
        assert f"Copy code ({remark}) Copy code and title ({remark}) To copy ({remark})" in page.text
        assert remarks == [f", which is {remark}"] * 2


def test_blocks_in_the_range_of_a_wider_one_are_set_in(client: FlaskClient) -> None:
    page = client.get("/codes/13").text
    inside = re.findall(r'class="inside"><a href="/codes/([^"]+)', page)
    assert inside[:4] == ["M00-M02", "M04", "M05-M14", "M15-M19"]
    assert {"M00-M25", "M26-M27", "M30-M36", "M95"}.isdisjoint(inside)
    assert 'class="inside"' not in client.get("/codes/M86").text


@pytest.mark.parametrize("query", ["M86.352", "m86352", "icd-10 M86.352", "code: m86.352"])
def test_a_search_for_a_code_leads_to_its_page(client: FlaskClient, query: str) -> None:
    page = get(client, f"/search?q={query}")
    assert page.link("^M86.352 Chronic multifocal osteomyelitis, left femur$") == "/codes/M86.352"


def test_a_search_for_a_code_that_nobody_wrote_about_or_that_there_is_not(client: FlaskClient) -> None:
    assert get(client, "/search?q=C34.11").link("^C34.11 Malignant neoplasm of upper lobe") == "/codes/C34.11"
    page = get(client, "/search?q=m86.357")
    assert "ICD-10-CM has no code M86.357 ." in page.text
    assert page.link("^See the nearest codes$") == "/codes/M86.357"
    assert get(client, "/search?code=m86").link("^M86 Osteomyelitis$") == "/codes/M86"
    assert get(client, "/search?q=A00-B99").link("^Chapter 1 Certain infectious") == "/codes/1"
    assert "Not billable. What belongs to this code" in get(client, "/search?q=M86").text


@pytest.mark.parametrize("query", ["q=bone", "q=B12", "q=covid19", "q=M86.352+pain", "q=13", "q=pain&code=M86", "q="])
def test_other_searches_have_no_card(client: FlaskClient, query: str) -> None:
    assert "code-card" not in client.get(f"/search?{query}").text


def test_pages_of_codes_and_searches_lead_to_each_other(client: FlaskClient) -> None:
    assert get(client, "/articles/cmo/right-hand").link("^M86.341$") == "/codes/M86.341"
    search = get(client, "/codes/M86.3").link("^Search in all 4 articles$")
    assert search == "/search?code=M86.3&collapse=0"
    assert total(get(client, search)) == 4
    assert get(client, search).link("^M86.3 Chronic multifocal osteomyelitis$") == "/codes/M86.3"
    assert get(client, "/browse").link("^Every code") == "/codes"
    for path in ("/", "/about", "/search?q=bone", "/articles/cmo/right-hand", "/library"):
        assert get(client, path).link("^Codes$") == "/codes"


def test_suggested_codes_have_titles(client: FlaskClient) -> None:
    suggested = client.get("/api/v1/suggest?q=m86.35").get_json()["suggestions"]
    assert [(each["text"], each["url"], each["documents"]) for each in suggested] == [
        ("M86.35", "/codes/M86.35", 1),
        ("M86.352", "/codes/M86.352", 1),
        ("M86.351", "/codes/M86.351", 0),  # of the table; no article has it
        ("M86.359", "/codes/M86.359", 0),
    ]
    assert suggested[2]["title"] == "Chronic multifocal osteomyelitis, right femur"
    assert all(each["spans"] == [[0, 6]] for each in suggested)
    assert len(client.get("/api/v1/suggest?q=S52.531").get_json()["suggestions"]) == 8
    assert all("title" not in each for each in client.get("/api/v1/suggest?q=gout").get_json()["suggestions"])


@pytest.mark.parametrize(
    ("behind", "codes"), [("left+fem", ["M86.352"]), ("fem", ["M86.35", "M86.351", "M86.352"]), ("toothache", [])]
)
def test_a_name_with_a_place_behind_it_suggests_its_code(client: FlaskClient, behind: str, codes: list[str]) -> None:
    path = f"/api/v1/suggest?q=chronic+multifocal+osteomyelitis+{behind}"
    first, *others = client.get(path).get_json()["suggestions"]
    assert first["url"] == "/conditions/chronic-multifocal-osteomyelitis"
    assert [each["text"] for each in others if each["kind"] == "code"] == codes


def test_a_browser_may_keep_a_page_of_a_code(client: FlaskClient) -> None:
    etag = client.get("/codes/M86.352").headers["ETag"]
    assert client.get("/codes/M86.352", headers={"If-None-Match": etag}).status_code == 304
    missing = client.get("/codes/M86.357", headers={"If-None-Match": etag})
    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")


def test_serving_codes_costs_a_process_little(index: Path) -> None:
    program = (
        "import resource, sys; from webapp import create_app; from indexer.library import open_library\n"
        f"client = create_app(library=open_library({str(index)!r})).test_client()\n"
        "assert client.get('/search?q=bone').status_code == 200\n"
        "print('indexer.knowledge.code_lookup' in sys.modules, end=' ')\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "assert client.get('/codes/M86.352').status_code == 200\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "print('simple_icd_10_cm' in sys.modules, grown // (1 if sys.platform == 'linux' else 1024))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    _, loaded, kilobytes = done.stdout.split()
    assert loaded == "False"
    assert int(kilobytes) < 60_000


def test_the_table_is_opened_by_searches_for_codes_alone(index: Path) -> None:
    program = (
        "from webapp import create_app; from indexer.library import open_library\n"
        "from indexer.knowledge.code_table import code_table\n"
        f"client = create_app(library=open_library({str(index)!r})).test_client()\n"
        "for path in ('/', '/search?q=bone+pain', '/search?q=osteomyelitis&site=hand', '/articles/cmo/right-hand',\n"
        "             '/api/v1/suggest?q=osteo'):\n"
        "    assert client.get(path).status_code == 200\n"
        "print(code_table.cache_info().currsize)\n"
        "client.get('/search?q=M86.352')\n"
        "print(code_table.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1"]


def test_every_code_that_a_note_mentions_is_a_link(client: FlaskClient) -> None:
    for code in ("Z18", "M95", "T07"):
        page = get(client, f"/codes/{code}")
        links = {text for _, text in page.links}
        notes = " ".join(note.text for note in code_table().line(code).notes)
        for mentioned in re.findall(r"[A-Z]\d\d(?:\.\d+)?", notes):
            assert mentioned in links or any(mentioned in text.split("-") for text in links), (code, mentioned)
    assert get(client, "/codes/13").link("^A00-B99$") == "/codes/1"  # the range of a chapter
    assert "vitamin B12" in get(client, "/codes/D51").text
    assert "/codes/B12" not in [href for href, _ in get(client, "/codes/D51").links]
