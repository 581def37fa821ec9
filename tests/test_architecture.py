"""The rules of the house that a program can check."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from radon.complexity import cc_visit_ast
from radon.metrics import mi_visit

TOP = Path(__file__).parent.parent
PACKAGES = ("indexer", "webapp")
CODE = sorted(path for package in PACKAGES for path in (TOP / package).rglob("*.py"))
ALL_CODE = [*CODE, *sorted((TOP / "tests").rglob("*.py"))]
TOP_LEVEL = {
    "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "corpus", "indexer", "webapp", "tests", ".ci", ".gitignore", ".gitattributes"
}  # fmt: skip

MAX_LINES = 400
MAX_COMPLEXITY = 25  # cyclomatic, of a function
MIN_MAINTAINABILITY = 9.0  # the index that radon calls B is above it

EMPTY_NAMES = re.compile(
    r"(?:^|_)(?:utils?|helpers?|common|misc|managers?|handlers?|processors?|services?|core|base|wrappers?)$"
)
EMPTY_FUNCTIONS = re.compile(r"^_?(?:do|process|handle)_")


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def relative(path: Path) -> str:
    return str(path.relative_to(TOP))


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(syntax(path)) if isinstance(node, ast.FunctionDef)]


def classes(path: Path) -> list[ast.ClassDef]:
    return [node for node in ast.walk(syntax(path)) if isinstance(node, ast.ClassDef)]


def test_no_file_is_longer_than_400_lines() -> None:
    lines = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in ALL_CODE}
    assert {path: count for path, count in lines.items() if count > MAX_LINES} == {}


def test_no_function_is_too_complex_and_no_file_hard_to_maintain() -> None:
    complexity = {
        f"{relative(path)}: {block.name}": block.complexity for path in CODE for block in cc_visit_ast(syntax(path))
    }
    assert {where: count for where, count in complexity.items() if count > MAX_COMPLEXITY} == {}
    index = {relative(path): mi_visit(path.read_text(encoding="utf-8"), multi=True) for path in CODE}
    assert {path: value for path, value in index.items() if value <= MIN_MAINTAINABILITY} == {}


def test_modules_and_functions_have_docstrings_and_names_that_say_something() -> None:
    faults = []
    for path in CODE:
        if not (ast.get_docstring(syntax(path)) or "").strip():
            faults.append(f"{relative(path)}: the module says nothing of itself")
        faults += [
            f"{relative(path)}:{line} {name}"
            for name, line in ((path.stem, 1), *((each.name, each.lineno) for each in functions(path) + classes(path)))
            if EMPTY_NAMES.search(name.lower()) or EMPTY_FUNCTIONS.match(name)
        ]
    assert faults == []


def test_the_library_never_prints_and_never_catches_everything() -> None:
    faults = []
    for path in CODE:
        for node in ast.walk(syntax(path)):
            match node:
                case ast.ExceptHandler(type=kind) if kind is None or ast.unparse(kind) in {
                    "Exception",
                    "BaseException",
                }:
                    faults.append(f"{relative(path)}:{node.lineno} catches everything")
                case ast.Call(func=ast.Name(id="print")):
                    faults.append(f"{relative(path)}:{node.lineno} prints")
    assert faults == []


def test_nothing_is_left_for_later() -> None:
    marks = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")))
    assert [relative(path) for path in ALL_CODE if marks.search(path.read_text(encoding="utf-8"))] == []


def test_the_top_level_is_the_agreed_one() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=False).stdout
    assert {line.split("/")[0] for line in listed.splitlines()} <= TOP_LEVEL


def test_layers() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    outcome = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout


def test_a_search_process_loads_neither_the_code_tables_nor_the_web() -> None:
    program = "import sys, indexer.library; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True).stdout
    assert not {"simple_icd_10_cm", "flask", "nltk", "opensearchpy"} & set(loaded.split())
