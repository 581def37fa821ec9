"""The READMEs tell the truth: their examples run, every command, option, setting and query of theirs exists."""

import json
import re
import shlex
import threading
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import click
import pytest
from click.testing import CliRunner

from indexer import Library, open_library
from indexer.knowledge.thesaurus import read_synonym_sets
from indexer.query.ranking_file import read_ranking
from indexer.settings import Settings
from webapp import create_app
from webapp.cli import conditions

TOP = Path(__file__).parent.parent
PATHS = ("README.md", "indexer/README.md", "webapp/README.md", "tests/README.md", "corpus/README.md", "CHANGELOG.md")
READMES = {path: (TOP / path).read_text(encoding="utf-8") for path in PATHS}
EVERYTHING = "\n".join(READMES.values())
EXAMPLES = sorted(set(re.findall(r"^\$ (conditions .+)$", EVERYTHING, re.MULTILINE)))
MAX_WORDS = 900


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    location = tmp_path_factory.mktemp("readme") / "index"
    with open_library(location) as library:
        assert library.sync([TOP / "corpus"]).failed == ()
    return location


@pytest.fixture(scope="module")
def library(index: Path) -> Iterator[Library]:
    with open_library(index) as opened:
        yield opened


def blocks(path: str, language: str) -> list[str]:
    """The fenced blocks of a README in one language."""
    return re.findall(rf"```{language}\n(.*?)```", READMES[path], re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_runs(example: str, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)
    monkeypatch.setenv("CONDITIONS_INDEX", str(index))
    outcome = CliRunner().invoke(conditions, shlex.split(example)[1:])
    assert outcome.exit_code == 0, outcome.output
    assert outcome.output.strip()


def test_the_tour_has_six_commands() -> None:
    assert len(EXAMPLES) >= 6


def test_the_front_page_is_short() -> None:
    assert len(READMES["README.md"].split()) <= MAX_WORDS


@pytest.mark.parametrize("path", PATHS)
def test_links_lead_somewhere(path: str) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)", READMES[path]):
        assert target.startswith("https://") or ((TOP / path).parent / target).exists(), target


@pytest.mark.parametrize("path", PATHS)
def test_links_to_headings_lead_somewhere(path: str) -> None:
    for target, heading in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", READMES[path]):
        text = ((TOP / path).parent / target if target else TOP / path).read_text(encoding="utf-8")
        headings = [
            re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-")
            for line in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        ]
        assert heading in headings, (target, heading)


@pytest.mark.parametrize("name", sorted(conditions.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}\b.*$", READMES["indexer/README.md"], re.MULTILINE)
    for parameter in conditions.commands[name].params:
        if isinstance(parameter, click.Option) and not {"--index", "--json", "--explain"} & set(parameter.opts):
            assert any(option in row for option in parameter.opts), parameter.opts


def test_python_examples_run(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)
    ours, whoosh = blocks("README.md", "python")
    names: dict[str, object] = {}
    exec(ours.replace("var/index", str(index)), names)
    assert names["results"].hits  # type: ignore[attr-defined]
    assert names["article"].sections  # type: ignore[attr-defined]
    assert len(whoosh.strip().splitlines()) <= 7


def test_whoosh_opens_the_index_as_shown(
    index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(TOP)
    exec(blocks("README.md", "python")[1].replace("var/index", str(index)), {})
    assert "osteomyelitis" in capsys.readouterr().out


def test_toml_examples_are_read(tmp_path: Path) -> None:
    names, ranking = blocks("indexer/README.md", "toml")
    for name, text in (("names.toml", names), ("mine.toml", ranking)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert tomllib.loads(text)
    assert read_synonym_sets(tmp_path / "names.toml")
    assert read_ranking(tmp_path / "mine.toml")


def test_the_evaluation_example_runs(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONDITIONS_INDEX", str(index))
    (tmp_path / "tests" / "relevance").mkdir(parents=True)
    queries, judgments = tmp_path / "tests/relevance/queries.jsonl", tmp_path / "tests/relevance/judgments.tsv"
    queries.write_text('{"id": "q", "text": "gout"}\n', encoding="utf-8")
    judgments.write_text("q\tgout-left-ankle-and-foot\t1\n", encoding="utf-8")
    (tmp_path / "mine.toml").write_text(blocks("indexer/README.md", "toml")[1], encoding="utf-8")
    (example,) = (
        line for block in blocks("indexer/README.md", "sh") for line in block.splitlines() if "evaluate" in line
    )
    outcome = CliRunner().invoke(conditions, shlex.split(example)[1:])
    assert outcome.exit_code == 0, outcome.output


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(
        re.findall(r"^\| `(CONDITIONS_\w+)` \| (?:`([^`]+)`|none) \|", READMES["webapp/README.md"], re.MULTILINE)
    )
    settings = Settings.from_environment({})
    for field in set(Settings.__slots__) - {"watched"}:  # which is an option of the command alone
        value = getattr(settings, field)
        default = str(int(value)) if isinstance(value, bool) else str(value)
        assert rows[f"CONDITIONS_{field.upper()}"] == ("" if value is None else default)


def test_queries_of_the_table_find_what_they_say(library: Library) -> None:
    table = READMES["webapp/README.md"].partition("## Query language")[2].partition("\n## ")[0]
    queries = [
        query for row in re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE) for query in re.findall(r"`([^`]+)`", row)
    ]
    assert len(queries) >= 14
    for query in queries:
        assert library.search(query).total, query


def test_the_curl_example_answers(library: Library) -> None:
    (address,) = re.findall(r"^\$ curl '([^']+)'$", READMES["webapp/README.md"], re.MULTILINE)

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with make_server("127.0.0.1", 0, create_app(library=library), handler_class=Quiet) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with urllib.request.urlopen(address.replace(":8000", f":{server.server_port}"), timeout=30) as answer:
            assert json.load(answer)["hits"]


def test_pages_and_answers_that_are_listed_exist(library: Library) -> None:
    client = create_app(library=library).test_client()
    listed = READMES["webapp/README.md"].partition("## Operations")[0] + "`/healthz` `/readyz` `/metrics`"
    for path in re.findall(r"`(/[\w/.]*)`", listed):
        assert client.get(path).status_code == 200, path


def test_the_first_answer(library: Library) -> None:
    first = library.search("autoimmune bone inflammation").hits[0]
    assert first.document.condition.lower() == "chronic multifocal osteomyelitis"
    marked = " ".join(s.text[a:b] for s in first.snippets for a, b in s.spans).lower()
    assert all(word in marked for word in ("bone", "inflam"))
