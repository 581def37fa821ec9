"""The key of a name to the codes of ICD-10-CM that have the name, and a term to the names of which it is the rarest.

A key (name_keys.py) is the set of the terms of a name. `icd10_names.tsv` has its 61,000 keys by that term of each which
the fewest keys have: a text is compared only with the names whose rarest term it has, and most terms are the rarest of
a few names. Computing the keys takes 3 s, opening the file 20 ms; a line is parsed when its term is first asked for.
icd10_names_builder.py makes the file.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from indexer.knowledge.code_table import code_table

NAMES_FILE: Final = Path(__file__).with_name("icd10_names.tsv")

# How well a code claims a name; lower is better. A variant is a name that the table has in another shape only.
LEAF, DEFAULT, HEADING, INCLUDED, VARIANT = range(5)

_NO_NAMES: Final[Mapping[str, "CodeName"]] = MappingProxyType({})


class CodeName(NamedTuple):
    """A name of the table: its terms, and the codes that claim it, each with its rank."""

    terms: frozenset[str]
    claims: tuple[tuple[int, str], ...]

    @property
    def is_variant(self) -> bool:
        """Whether the table has the name in another shape only."""
        return self.claims[0][0] == VARIANT


class CodeNameTable:
    """The names of one release of ICD-10-CM; safe in any thread."""

    def __init__(self, path: Path = NAMES_FILE) -> None:
        lines = path.read_text("utf-8").split("\n")
        if f"tabular list of {code_table().release};" not in lines[0]:
            raise ValueError(
                f"{path} is not of the code table's release; make it anew with "
                "python -m indexer.knowledge.icd10_names_builder"
            )
        pairs = (line.partition("\t") for line in lines if line and line[0] != "#")
        self._unparsed = {term: names for term, _, names in pairs}
        self._parsed: dict[str, Mapping[str, CodeName]] = {}

    @property
    def terms(self) -> Iterable[str]:
        """The terms that are the rarest of a name."""
        return self._unparsed.keys()

    def names(self, term: str) -> Mapping[str, CodeName]:
        """The names of which this is the rarest term, by their keys."""
        found = self._parsed.get(term)
        if found is None:
            if term not in self._unparsed:
                return _NO_NAMES
            found = self._parsed[term] = _parsed(self._unparsed[term])
        return found

    def find(self, key: str) -> CodeName | None:
        """The name with this key."""
        return next((name for term in key.split(" ") if (name := self.names(term).get(key))), None)


def _parsed(line: str) -> dict[str, CodeName]:
    fields = line.split("\t")
    return {
        key: CodeName(frozenset(key.split(" ")), tuple((int(claim[0]), claim[1:]) for claim in claims.split(" ")))
        for key, claims in zip(fields[::2], fields[1::2], strict=True)
    }


@cache
def code_name_table() -> CodeNameTable:
    """The table of this program, opened when the first name is looked up."""
    return CodeNameTable()
