"""The rules of the house that a program can check."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from radon.complexity import cc_visit_ast
from radon.metrics import mi_visit

TOP = Path(__file__).parent.parent
PACKAGES = ("indexer", "webapp")
CODE = sorted(path for package in PACKAGES for path in (TOP / package).rglob("*.py"))
ALL_CODE = [*CODE, *sorted((TOP / "tests").rglob("*.py"))]
TOP_LEVEL = {
    "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "corpus", "indexer", "webapp", "tests",
    ".ci", ".gitignore", ".gitattributes",
}  # fmt: skip

MAX_LINES = 400
MAX_COMPLEXITY = 25  # cyclomatic, of a function
MAX_PARAMETERS = 7  # besides self and cls
MIN_MAINTAINABILITY = 9.0  # the index that radon calls B is above it

EMPTY_NAMES = re.compile(
    r"(?:^|_)(?:utils?|helpers?|common|misc|managers?|handlers?|processors?|services?|core|base|wrappers?)$"
)
EMPTY_FUNCTIONS = re.compile(r"^_?(?:do|process|handle)_")

# Modules of one name in several packages, because they are the same thing there.
SHARED_MODULE_NAMES = {
    "__init__",
    "engine",  # the protocol, and one module for each engine that follows it
    "searcher",  # of each engine
    "batch",  # of each engine
    "errors",  # the errors of the library, and their pages in the website
    "cli",  # the commands of the library, and the one that the website adds
}

# Words of our own that the field has words for, each with what to say instead.
FOREIGN_WORDS = {
    "kept": "cached",
    "fact facts": "cache",
    "few": "sparse",
    "many": "dense",
    "slot slots": "(doc, field)",
    "occurrence occurrences": "term frequency, positions",
    "lexicon lexicons": "term dictionary, phrases",
    "living alive": "live docs",
    "dead": "deleted",
    "dear": "expensive",
    "parted": "clauses",
    "completed": "scored, collected",
    "pack packs packed packer packing": "segment builder, add segment",
    "sweep sweeps swept": "file garbage collection",
    "seal seals sealed": "checksum footer",
    "reading readings piece pieces": "rewriting, query terms",
    "told": "title coverage, matched",
    "wanted": "aspect, terms",
    "follow": "expand",
    "telling": "expansion terms, informative",
    "akin alike": "expansion, more like this, similar",
    "meant": "did you mean",
    "weaker": "relaxed",
    "neighbour neighbours": "proximity",
    "residue furniture": "boilerplate, page chrome",
    "mend mended": "fix",
    "sound": "OK",
}
# Interfaces that keep their names, and words that have their everyday meaning in the field.
ALLOWED_IDENTIFIERS = {
    "kept",  # Report.kept, an interface, and where its value comes from
    "slots",  # __slots__ of Python
    "too_many",  # a bound that is passed, not a form of doc set
}


# What goes on, or says so, whatever a sync raises: nobody else would start it again; and the last to answer a request.
SUPERVISORS = {
    "webapp/door.py",
    "indexer/sync/watch.py",
    "indexer/sync/sync_history.py",
    "indexer/editing/index_updater.py",
}


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def relative(path: Path) -> str:
    return str(path.relative_to(TOP))


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(syntax(path)) if isinstance(node, ast.FunctionDef)]


def classes(path: Path) -> list[ast.ClassDef]:
    return [node for node in ast.walk(syntax(path)) if isinstance(node, ast.ClassDef)]


def identifiers(path: Path) -> Iterator[tuple[str, int]]:
    """What a module names by itself, with the line: classes, functions, parameters, attributes, variables."""
    yield path.stem, 1
    for node in ast.walk(syntax(path)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.ExceptHandler(name=str(name)):
                yield name, node.lineno
            case ast.alias(asname=str(name)):
                yield name, node.lineno


def words(identifier: str) -> set[str]:
    """The words of snake_case and CamelCase, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)}


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


def test_no_function_has_more_than_seven_parameters() -> None:
    many = [
        f"{relative(path)}:{function.lineno} {function.name}"
        for path in CODE
        for function in functions(path)
        if len({each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)} - {"self", "cls"})
        > MAX_PARAMETERS
    ]
    assert many == []


def test_no_class_or_module_name_occurs_twice() -> None:
    """A leading underscore aside."""
    places = defaultdict(list)
    for path in CODE:
        if path.stem not in SHARED_MODULE_NAMES:
            places[f"module {path.stem.lstrip('_')}"].append(relative(path))
        for each in classes(path):
            places[f"class {each.name.lstrip('_')}"].append(relative(path))
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_identifiers_use_the_words_of_the_field() -> None:
    instead = {word: better for foreign, better in FOREIGN_WORDS.items() for word in foreign.split()}
    assert [
        f"{relative(path)}:{line} {name}: say {instead[word]}"
        for path in CODE
        for name, line in identifiers(path)
        if name.strip("_") not in ALLOWED_IDENTIFIERS
        for word in sorted(words(name) & instead.keys())
    ] == []


def test_every_package_says_what_each_of_its_modules_is() -> None:
    silent = []
    for package in (path.parent for path in CODE if path.name == "__init__.py"):
        docstring = ast.get_docstring(syntax(package / "__init__.py")) or ""
        listed = " ".join(re.findall(r"^([\w, ]+?) (?= )", docstring, re.MULTILINE)).replace(",", "").split()
        modules = {path.stem for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/*.py")}
        silent += [f"{relative(package)}: {name}" for name in sorted(modules - {"__init__", "__main__", *listed})]
    assert silent == []


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
                case ast.ExceptHandler(type=kind) if relative(path) not in SUPERVISORS and (
                    kind is None or ast.unparse(kind) in {"Exception", "BaseException"}
                ):
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
    assert not {"simple_icd_10_cm", "flask", "nltk", "opensearchpy", "bs4", "markdown_it"} & set(loaded.split())
