"""The command as a shell sees it: output, JSON and exit codes."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from indexer.cli import conditions
from indexer.cli import run as run_program

CMO = """Chronic multifocal osteomyelitis, right hand

ICD-10 code: M86.341

Chronic multifocal osteomyelitis (CMO) is a rare disease of bone.

Causes

An autoimmune inflammation of bone is thought to be the cause.

Symptoms

The hand aches and swells.
"""
GOUT = """Gout

ICD-10 code: M10.9

Gout is a painful arthritis.

Causes

Urate crystals cause inflammation in a joint.
"""


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONDITIONS_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("CONDITIONS_CORPUS", str(tmp_path / "corpus"))
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "cmo-right-hand.txt").write_text(CMO)
    (folder / "gout.txt").write_text(GOUT)
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(conditions, words)


def run_json(*words: str) -> Any:
    outcome = run(*words, "--json")
    assert outcome.exit_code == 0, outcome.output
    return json.loads(outcome.stdout)


def shell(*words: str) -> subprocess.CompletedProcess[str]:
    """What a shell gets of the program, whose errors end it; in this process."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as exiting,
    ):
        patch.setattr(sys, "argv", ["conditions", *words])
        run_program(conditions)
    return subprocess.CompletedProcess(words, int(exiting.value.code or 0), out.getvalue(), err.getvalue())


def test_index_reports_and_names_what_failed(corpus: Path) -> None:
    outcome = run("index")
    assert outcome.exit_code == 0
    assert "2 added" in outcome.output
    (corpus / "empty.txt").write_text("")
    outcome = run("index", str(corpus))
    assert outcome.exit_code == 1
    assert "empty.txt" in outcome.stderr
    assert "2 kept" in outcome.stdout


def test_index_json_and_dry_run(corpus: Path) -> None:
    assert run_json("index", "--dry-run")["added"] == 2
    report = run_json("index")
    assert (report["added"], report["kept"], report["failed"]) == (2, 0, [])
    assert run_json("index", "--rebuild", "--jobs", "1")["added"] == 2


def test_search_explains_its_scores(corpus: Path) -> None:
    run("index")
    (hit, *_) = run_json("search", "autoimmune", "bone", "--explain")["hits"]
    assert sum(part["score"] for part in hit["explanation"]) == pytest.approx(hit["score"], abs=1e-5)
    shown = run("search", "autoimmune", "bone", "--explain").output
    assert f"{hit['score']:.3f}  score, the sum of" in shown
    assert "“autoimmune”" in shown


def test_search_json_has_the_agreed_shape(corpus: Path) -> None:
    run("index")
    results = run_json("search", "autoimmune", "bone", "inflammation")
    assert set(results) == {
        "query", "generation", "total", "groups", "took_ms", "notes", "interpretation", "suggestion", "hits", "facets",
        "notice",
    }  # fmt: skip
    hit = results["hits"][0]
    assert set(hit) >= {
        "id", "title", "condition", "code", "code_match", "chapter", "sites", "side",
        "score", "flags", "missing", "group", "snippets",
    }  # fmt: skip
    assert (hit["id"], hit["code"], hit["chapter"], hit["side"]) == ("cmo-right-hand", "M86.341", "13", "right")
    assert hit["code_match"] == "exact"
    assert hit["sites"] == ["hand"]
    snippet = hit["snippets"][0]
    assert snippet["field"] == "causes"
    assert [snippet["text"][a:b] for a, b in snippet["spans"]] == ["autoimmune inflammation", "bone"]
    assert [facet["field"] for facet in results["facets"]] == ["site", "side", "chapter"]


def test_search_filters_and_pages(corpus: Path) -> None:
    run("index")
    assert [h["id"] for h in run_json("search", "inflammation", "--site", "upper-limb")["hits"]] == ["cmo-right-hand"]
    assert run_json("search", "inflammation", "--side", "left")["total"] == 0
    assert run_json("search", "inflammation", "--field", "symptoms")["total"] == 0
    assert run_json("search", "inflammation", "--limit", "1", "--offset", "1", "--no-collapse")["total"] == 2
    assert [h["id"] for h in run_json("search", "M86.3*")["hits"]] == ["cmo-right-hand"]
    assert [h["id"] for h in run_json("search", "inflammation", "--sort", "title")["hits"]] == [
        "cmo-right-hand",
        "gout",
    ]


def test_search_knows_the_names_of_the_thesaurus(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("index")
    assert run_json("search", "quillfever")["total"] == 0
    names = tmp_path / "names.toml"
    names.write_text('[[same]]\nnames = ["gout", "quillfever"]\n')
    monkeypatch.setenv("CONDITIONS_THESAURUS", str(names))
    assert [hit["id"] for hit in run_json("search", "quillfever")["hits"]] == ["gout"]
    names.write_text('[[same]]\nname = ["gout"]\n')
    outcome = shell("search", "gout")
    assert (outcome.returncode, outcome.stderr.count("\n")) == (2, 1)
    assert "line 1" in outcome.stderr


def test_search_on_a_terminal_shows_field_and_id(corpus: Path) -> None:
    run("index")
    outcome = run("search", "autoimmune")
    assert "Causes: An autoimmune inflammation of bone" in outcome.output
    assert "cmo-right-hand" in outcome.output


def test_search_begins_with_the_notice_of_an_emergency(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("index")
    monkeypatch.setenv("CONDITIONS_EMERGENCY", "en-US=911; 112")
    first = run("search", "can't breathe").output.splitlines()[0]
    assert first.startswith("Could this be an emergency? If this is happening now, call 112")
    notice = run_json("search", "i", "want", "to", "die")["notice"]
    assert set(notice) == {"kind", "text"}
    assert notice["kind"] == "crisis"
    assert "call 112" in notice["text"]
    assert run_json("search", "autoimmune")["notice"] is None
    monkeypatch.setenv("CONDITIONS_EMERGENCY", "en-US=")
    outcome = shell("search", "gout")
    assert (outcome.returncode, outcome.stderr.count("\n")) == (2, 1)
    assert "CONDITIONS_EMERGENCY" in outcome.stderr


def test_search_shows_the_answer_to_a_question_first(corpus: Path) -> None:
    run("index")
    output = run("search", "what", "causes", "gout").output
    answer = run_json("search", "what", "causes", "gout")["answer"]
    assert (answer["id"], answer["field"]) == ("gout", "causes")
    assert output.index(answer["text"]) < output.index(" on 1 condition")
    assert "answer" not in run_json("search", "gout")


def test_show_suggest_stats_verify(corpus: Path) -> None:
    run("index")
    assert run_json("show", "gout")["sections"][1]["kind"] == "causes"
    assert "Urate crystals" in run("show", "gout").output
    assert run("show", "nothing").exit_code == 2
    assert run_json("suggest", "multi")[0]["text"].lower() == "chronic multifocal osteomyelitis"
    assert run_json("suggest", "chron", "ostoe")[0]["spans"] == [[0, 5], [19, 24]]
    assert run_json("stats")["documents"] == 2
    assert "2 articles" in run("stats").output
    assert run_json("verify") == []
    assert run("verify").output.startswith("OK")


def test_show_names_related_conditions_with_the_words_of_both(corpus: Path) -> None:
    urate = "Urate crystals form. Urate crystals hurt. Gout and kidney stones: allopurinol lowers urate."
    (corpus / "gout.txt").write_text(f"Gout\n\n{urate}\n")
    (corpus / "stone.txt").write_text(f"Kidney stone\n\n{urate}\n")
    for letter in "abcdefghijklmnop":
        (corpus / f"{letter}.txt").write_text(f"Ailment {letter * 5}\n\nNobody knows {letter * 4}.\n")
    run("index")
    (related,) = run_json("show", "gout")["related"]
    assert related["id"] == "stone"
    assert related["words"] == ["gout", "kidney stones"]
    shown = run("show", "gout").output
    assert "Related conditions" in shown
    assert "stone" in shown
    assert "Related conditions" not in run("show", "a").output


def test_parse_says_how_a_file_is_read(corpus: Path) -> None:
    parsed = run_json("parse", str(corpus / "cmo-right-hand.txt"))
    assert set(parsed) == {
        "id", "title", "condition", "names", "code", "codes", "code_match", "chapter", "sites", "side",
        "sections", "dropped", "issues",
    }  # fmt: skip
    assert parsed["names"] == ["CMO"]
    assert {each["kind"] for each in parsed["sections"]} == {"overview", "causes", "symptoms"}
    shown, explained = (run("parse", *flag, str(corpus / "cmo-right-hand.txt")).output for flag in ((), ("--explain",)))
    assert "CAUSES" in shown and "LEFT OUT" in shown and "title line" in shown
    assert "why: heading" not in shown and "why: heading" in explained
    (corpus / "empty.txt").write_text("")
    assert run("parse", str(corpus / "empty.txt")).exit_code == 1


def test_evaluate(corpus: Path, tmp_path: Path) -> None:
    run("index")
    (tmp_path / "q.jsonl").write_text('{"id": "1", "text": "urate"}\n{"id": "2", "text": "autoimmune"}\n')
    (tmp_path / "q.tsv").write_text("query\tarticle\tgrade\n1\tgout\t1\n2\tgout\t1\n")
    measured = run_json("evaluate", "--queries", str(tmp_path / "q.jsonl"), "--qrels", str(tmp_path / "q.tsv"))
    assert measured["queries"] == 2
    assert measured["means"]["Success@1"] == 0.5
    (tmp_path / "mine.toml").write_text("k1 = 2.0\n")
    files = ("--queries", str(tmp_path / "q.jsonl"), "--qrels", str(tmp_path / "q.tsv"))
    compared = run_json("evaluate", *files, "--ranking", str(tmp_path / "mine.toml"), "--compare", "plain")["compared"]
    assert compared["Success@1"] == {"mean": 0.5, "difference": 0.0, "p": 1.0, "wins": 0, "ties": 2, "losses": 0}
    shown = run("evaluate", *files, "--compare", str(tmp_path / "mine.toml")).output
    assert "mine.toml" in shown
    assert "difference" in shown
    assert "nDCG@10" in shown
    (tmp_path / "mine.toml").write_text("k9 = 2.0\n")
    outcome = shell("evaluate", *files, "--ranking", str(tmp_path / "mine.toml"))
    assert (outcome.returncode, outcome.stderr.count("\n")) == (2, 1)
    assert "k9" in outcome.stderr
    (tmp_path / "bad.jsonl").write_text("nonsense")
    outcome = shell("evaluate", "--queries", str(tmp_path / "bad.jsonl"), "--qrels", str(tmp_path / "q.tsv"))
    assert (outcome.returncode, outcome.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("words", [("search", "gout"), ("show", "gout"), ("stats",), ("suggest", "go")])
def test_a_missing_index_is_one_line_with_the_fix(corpus: Path, words: tuple[str, ...]) -> None:
    outcome = shell(*words)
    assert outcome.returncode == 2
    assert outcome.stderr.count("\n") == 1
    assert "conditions index" in outcome.stderr
    assert outcome.stdout == ""


def test_a_missing_folder_is_a_usage_error(corpus: Path) -> None:
    outcome = shell("index", "/nowhere/at/all")
    assert outcome.returncode == 2
    assert "/nowhere/at/all" in outcome.stderr


@pytest.mark.parametrize("query", ["", "*", '"', "(((", "-gout", "the of", "🤔", "a" * 100_000, "NOT NOT x"])
def test_no_query_is_an_error(corpus: Path, query: str) -> None:
    run("index")
    assert run("search", "--json", "--", query).exit_code == 0


def test_every_command_has_help_with_an_example() -> None:
    for name in conditions.commands:
        outcome = run(name, "--help")
        assert outcome.exit_code == 0
        assert f"conditions {name}" in outcome.output
        assert "--json" in outcome.output
        assert "--index" in outcome.output


def test_shell_completion_is_offered(corpus: Path) -> None:
    environment = os.environ | {
        "_CONDITIONS_COMPLETE": "bash_complete",
        "COMP_WORDS": "conditions se",
        "COMP_CWORD": "1",
    }
    program = "from indexer.cli import conditions, run; run(conditions)"
    outcome = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment
    )
    assert "search" in outcome.stdout
