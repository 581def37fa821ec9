"""A name of a disease to its other names in the Disease Ontology, for queries that are such a name and nothing else.

Inside a longer query these names do harm: "cold" and "shock" are names of diseases, too. `disease_synonyms.tsv` says
where it comes from and is made by disease_synonyms_builder.py. A name is found by its key (its terms, see
name_keys.py), an abbreviation as it is written: "TRAPS" is a syndrome, and traps are none. The keys stand in the file.
Finding out where takes the first search 11 ms; every search through the file as one string would take 0.4 ms.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from indexer.knowledge.name_keys import key_of_terms

SYNONYMS_FILE: Final = Path(__file__).with_name("disease_synonyms.tsv")
NOISE_TERMS: Final = frozenset(("nos", "nec", "unspecifi"))  # of a name; they change nothing in it
MIN_KEY: Final = 2  # characters; a letter alone is no name
_KEY: Final = re.compile(r"\t([^=\t\n]+)=")


def synonym_key(terms: Iterable[str]) -> str:
    """The key of a name with these terms: without what is added to a name and changes nothing in it."""
    return key_of_terms(term for term in terms if term not in NOISE_TERMS)


def other_names(key: str) -> tuple[str, ...]:
    """The names of the disease that has a name with this key, but for the latter; none for an unknown key."""
    found = _offsets().get(key)
    if len(key) < MIN_KEY or found is None:
        return ()
    text = _text()
    line = text[text.rindex("\n", 0, found) + 1 : text.index("\n", found)]
    return tuple(name for own, name in _entries(line) if own != key)


def all_names() -> Iterator[str]:
    """Every name of every disease."""
    lines = (line for line in _text().splitlines() if not line.startswith("#"))
    return (name for line in lines for _, name in _entries(line))


def _entries(line: str) -> Iterator[tuple[str, str]]:
    """The keys of a line with their names."""
    for entry in line.strip("\t").split("\t"):
        key, _, name = entry.partition("=")
        yield key, name


@cache
def _offsets() -> Mapping[str, int]:
    """Where the first entry of each key begins."""
    offsets: dict[str, int] = {}
    for entry in _KEY.finditer(_text()):
        offsets.setdefault(entry[1], entry.start())
    return offsets


@cache
def _text() -> str:
    return SYNONYMS_FILE.read_text(encoding="utf-8")
