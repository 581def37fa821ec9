import subprocess
import sys
from pathlib import Path

import pytest

from indexer.engines import open_engine
from indexer.errors import EngineUnavailable


def test_a_folder_is_whoosh(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "index")
    with engine.batch(fresh=True):
        pass
    assert open_engine(str(tmp_path / "index")).searcher().document_count == 0


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(EngineUnavailable, match=r"no engine “solr”.*give a folder"):
        open_engine("solr://host/name")
    with pytest.raises(EngineUnavailable, match=r"“N” cannot be the name"):
        open_engine("opensearch://host:9200/N")


def test_an_engine_without_its_package_is_named() -> None:
    program = (
        "import sys; sys.modules['opensearchpy'] = None; from indexer.engines import open_engine; "
        "open_engine('opensearch://host/name')"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "ExtraMissing: an index in OpenSearch needs a package that is not installed; run: pip install" in run.stderr


def test_searching_imports_neither_whoosh_nor_what_only_reading_needs(tmp_path: Path) -> None:
    with open_engine(tmp_path).batch(fresh=True):
        pass
    program = (
        "import sys\n"
        "from indexer.engines import open_engine\n"
        "from indexer.query.query import Query\n"
        "from indexer.results import Page\n"
        "open_engine(sys.argv[1]).searcher().search(Query(''), Page())\n"
        "print(*sys.modules)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    top = Path(__file__).parent.parent.parent
    loaded = subprocess.run(command, cwd=top, capture_output=True, text=True, check=True).stdout.split()
    assert {"whoosh", "nltk", "opensearchpy"}.isdisjoint(loaded)


def test_a_system_without_posix_locks_is_named() -> None:
    program = "import sys; sys.modules['fcntl'] = None; from indexer.engines import open_engine; open_engine('index')"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "EngineUnavailable: index: an index in a folder needs the file locks of a POSIX system" in run.stderr
