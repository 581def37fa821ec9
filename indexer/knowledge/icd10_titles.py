"""A code of ICD-10-CM to its title and block, looked up in the file of the table without loading it.

Loading the table takes a second and hundreds of megabytes (see icd10.py), which a search process does without. A search
needs a title where a reader types a code that no document has: a look through the file takes some milliseconds.
"""

import mmap
import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_DESCRIPTION: Final = re.compile(rb"\s*<desc>([^<]*)</desc>")
_SECTION: Final = b'<section id="'
_RANGE: Final = re.compile(r"\s*\([A-Z]\w\w(?:-[A-Z]\w\w)?\)$")


@dataclass(frozen=True, slots=True)
class TableEntry:
    """What the table says of a code in its dotted form: its title, and the range and title of its block."""

    code: str
    title: str
    block: str
    block_title: str


@lru_cache(maxsize=1024)
def look_up(term: str) -> TableEntry | None:
    """The entry of a code by its term ("m86341"); None where the file has none, as for a code with a seventh letter."""
    path = _table_file()
    if path is None or len(term) < 3:
        return None
    code = f"{term[:3]}.{term[3:]}".rstrip(".").upper().encode("ascii", "replace")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as table:
        name = b"<name>" + code + b"</name>"
        at = table.find(name)
        description = _DESCRIPTION.match(table, at + len(name)) if at >= 0 else None
        section = table.rfind(_SECTION, 0, at) if description else -1
        if description is None or section < 0:
            return None
        start = section + len(_SECTION)
        end = table.find(b'"', start)
        block = _DESCRIPTION.search(table, end)
        return TableEntry(code.decode(), _text(description), table[start:end].decode(), _text(block) if block else "")


def _text(description: re.Match[bytes]) -> str:
    return _RANGE.sub("", unescape(description[1].decode("utf-8")).strip())


@lru_cache(maxsize=1)
def _table_file() -> Path | None:
    package = find_spec("simple_icd_10_cm")
    folders = package.submodule_search_locations or () if package else ()
    return next((path for folder in folders for path in sorted(Path(folder, "data").glob("*tabular*.xml"))), None)
