"""A small library with everything that a page can show, indexed by the real thing."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import Library, open_library
from tests.engines.opensearch.libraries import new_location
from tests.webapp.browser import CHROMIUM, DRIVER, Browser, serving
from tests.webapp.serving import Serving
from webapp import create_app

SCRIPT = "<script>alert('x')</script>"
CMO = """Chronic multifocal osteomyelitis (CMO) is a rare disease of {bone}. It is also called CRMO.

Causes

An autoimmune inflammation of bone is thought to be the cause. Genes play a part.

Symptoms

{place} aches and swells, with fever at times.

Treatment

Naproxen calms most flares.
"""
# id, title, code, text
TEXTS = (
    (
        "cmo/right-hand",
        "Chronic multifocal osteomyelitis, right hand",
        "M86.341",
        CMO.format(bone="bone", place="The hand"),
    ),
    (
        "cmo/left-hand",
        "Chronic multifocal osteomyelitis, left hand",
        "M86.342",
        CMO.format(bone="bones", place="The left hand"),
    ),
    (
        "cmo/left-femur",
        "Chronic multifocal osteomyelitis, left femur",
        "M86.352",
        CMO.format(bone="bone", place="The thigh"),
    ),
    (
        "cmo/right-shoulder",
        "Chronic multifocal osteomyelitis, right shoulder",
        "M86.311",
        CMO.format(bone="bone", place="It"),
    ),
    (
        "gout/right-knee",
        "Idiopathic gout, right knee",
        "M10.061",
        "Gout is a painful inflammation of a joint.\n\nCauses\n\nUrate crystals.\n",
    ),
    (
        "gout/left-ankle",
        "Idiopathic gout, left ankle and foot",
        "M10.072",
        "Gout is a painful arthritis.\n\nSymptoms\n\nThe big toe hurts.\n",
    ),
    (
        "fracture/left-hip",
        "Trochanteric bursitis, left hip",
        "M70.62",
        "A bursa at the hip hurts when one lies on it, and pain is felt at night.\n",
    ),
    (
        "ulcer",
        "Gastric ulcer",
        "K25.9",
        "A gastric ulcer is a break in the lining of the stomach.\n\nTreatment\n\nA pill. Not a bone of contention.\n",
    ),
    ("asthma", "Asthma", "J45.909", "Asthma narrows the airways.\n\nDiagnosis\n\nBreathing tests show it.\n"),
    (
        "cataract",
        "Age-related nuclear cataract, right eye",
        "H25.11",
        "A cataract clouds the lens of the right eye & more.\n",
    ),
    (
        "no code at all",
        "Zyzzyx syndrome",
        None,
        "Zyzzyx syndrome was made up for a test. Nothing else is known about it.\n",
    ),
)
HOSTILE = {
    "id": 'odd/"><img src=x onerror=alert(1)>/100%?#ü',
    "title": f"Gout {SCRIPT} of the right hand",
    "url": "javascript:alert(1)",
    "text": f'Gout {SCRIPT} hurts.\n\nCauses <b>"of"</b> it\n\nCrystals & {SCRIPT} cause it.\n',
}


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    lines = [
        {
            "id": id,
            "title": title,
            "code": code,
            "text": text,
            "url": f"https://example.org/{id}",
            "reviewed": "2024-03-01",
        }
        for id, title, code, text in TEXTS
    ]
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(line)}\n" for line in (*lines, HOSTILE))
    return folder


@pytest.fixture(scope="session")
def index(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    location = tmp_path_factory.mktemp("index") / "index"
    with open_library(location) as library:
        report = library.sync([corpus], jobs=1)
    assert not report.failed
    assert len(report.added) == len(TEXTS) + 1
    return location


of_a_folder = pytest.mark.skipif(
    os.environ.get("CONDITIONS_TEST_CLUSTER") == "web",
    reason="a folder alone has the record of syncs, and counts work as it is done and not beforehand",
)


@pytest.fixture(scope="session")
def library(request: pytest.FixtureRequest, corpus: Path) -> Iterator[Library]:
    """The library in a folder; where CONDITIONS_TEST_CLUSTER is `web`, in a cluster."""
    if os.environ.get("CONDITIONS_TEST_CLUSTER") != "web":
        with open_library(request.getfixturevalue("index")) as opened:
            yield opened
        return
    servers = request.getfixturevalue("opensearch_servers")
    with new_location(servers) as location, open_library(location) as opened:
        assert not opened.sync([corpus], jobs=1).failed
        yield opened


@pytest.fixture(scope="session")
def app(library: Library) -> Flask:
    return create_app(library=library)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def site(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def serve() -> Iterator[Callable[..., Serving]]:
    running: list[Serving] = []

    def start(*words: str) -> Serving:
        running.append(Serving(*words))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            os.killpg(each.process.pid, signal.SIGKILL)
            each.process.wait()
        if each.process.stdout:
            each.process.stdout.close()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "gout.txt").write_text("Gout\n\nICD-10 code: M10.9\n\nGout is a painful arthritis.\n")
    return folder


@pytest.fixture(scope="session")
def driver() -> Iterator[str]:
    if not (DRIVER and CHROMIUM) and os.environ.get("CI") != "true":
        pytest.skip("needs chromium and chromium-driver")
    assert DRIVER, "CI runs these tests: install chromium and chromium-driver"
    with subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = next(line for line in process.stdout if "started successfully" in line)
        yield f"http://127.0.0.1:{re.findall(r'[0-9]+', line)[-1]}"
        process.terminate()


@pytest.fixture(scope="module")
def browser(driver: str, site: str) -> Iterator[Browser]:
    opened = Browser(driver, site)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def plain(driver: str, site: str) -> Iterator[Browser]:
    opened = Browser(driver, site, scripts=False)
    yield opened
    opened.close()
