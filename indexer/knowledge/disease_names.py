"""A name of a disease that the code table lacks to its code: eponyms, Latin and lay names.

`disease_names.tsv` has those of the Disease Ontology and is made by disease_names_builder.py; `clinical_names.tsv` has
what that lacks, and counts before it. Both say where they come from. The official table counts before them.
Names are compared by their keys (see name_keys.py), abbreviations letter by letter: "TRAPS" is a syndrome, and
traps are none. The files are read when the first name is looked up: reading articles needs it, and a search for a word
that no document has, as a name is no slip.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from indexer.knowledge.name_keys import name_key
from indexer.text.analyzer import fold

NAMES_FILE: Final = Path(__file__).with_name("disease_names.tsv")
CLINICAL_NAMES_FILE: Final = Path(__file__).with_name("clinical_names.tsv")
MIN_WORD: Final = 4
_WORD: Final = re.compile(rf"[a-z]{{{MIN_WORD},}}")
MAX_ABBREVIATION: Final = 8  # characters


class NamedCode(NamedTuple):
    """The code of a name, and whether it is the name's own code (True) or a heading above it."""

    code: str
    is_own: bool


def find(name: str) -> NamedCode | None:
    """The code of a name of a disease; None where no file has such a name."""
    names, abbreviations = tables()
    return abbreviations.get(name) if is_abbreviation(name) else names.get(name_key(name))


def find_by_key(key: str) -> NamedCode | None:
    """The code of the name with this key."""
    return tables()[0].get(key)


def is_abbreviation(name: str) -> bool:
    """Whether a name is a short word that is not written like one: capitals, or capitals and digits."""
    return len(name) <= MAX_ABBREVIATION and " " not in name and sum(map(str.isupper, name)) > 1


def spelled() -> Iterator[tuple[str, NamedCode]]:
    """Every name as it is written, with its code; of a name with two, the code that counts is last."""
    for file in (NAMES_FILE, CLINICAL_NAMES_FILE):
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                code, relation, *names = line.split("\t")
                yield from ((name, NamedCode(code, relation == "=")) for name in names)


@cache
def words() -> frozenset[str]:
    """The folded words of the names, of MIN_WORD letters or more."""
    return frozenset(word for name, _ in spelled() for word in _WORD.findall(fold(name)))


@cache
def tables() -> tuple[dict[str, NamedCode], dict[str, NamedCode]]:
    """Names by their keys, and abbreviations as they are written."""
    names: dict[str, NamedCode] = {}
    abbreviations: dict[str, NamedCode] = {}
    for name, entry in spelled():
        if is_abbreviation(name):
            abbreviations[name] = entry
        else:
            names[name_key(name)] = entry
    return names, abbreviations
