"""The README tells the truth: its examples run, and every command and option stands in it."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from indexer import open_library
from webapp.cli import conditions

TOP = Path(__file__).parent.parent
README = (TOP / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\$ (conditions .+)$", README, re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_runs(example: str, corpus_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)
    monkeypatch.setenv("CONDITIONS_INDEX", str(corpus_index))
    outcome = CliRunner().invoke(conditions, shlex.split(example)[1:])
    assert outcome.exit_code == 0, outcome.output
    assert outcome.output.strip()


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize("name", sorted(conditions.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}\b.*$", README, re.MULTILINE)
    for parameter in conditions.commands[name].params:
        if isinstance(parameter, click.Option) and not {"--index", "--json", "--explain"} & set(parameter.opts):
            assert any(option in row for option in parameter.opts), parameter.opts


def test_the_python_example_runs(corpus_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    exec(code.replace("var/index", str(corpus_index)), names)
    assert names["results"].hits  # type: ignore[attr-defined]
    assert names["article"].sections  # type: ignore[attr-defined]


def test_the_first_answer(corpus_index: Path) -> None:
    with open_library(corpus_index) as library:
        first = library.search("autoimmune bone inflammation").hits[0]
    assert first.document.condition.lower() == "chronic multifocal osteomyelitis"
    marked = " ".join(s.text[a:b] for s in first.snippets for a, b in s.spans).lower()
    assert all(word in marked for word in ("bone", "inflam"))
