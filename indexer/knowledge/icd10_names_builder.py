"""The names in icd10_table.tsv to icd10_names.tsv, which is what names are looked up in.

    python -m indexer.knowledge.icd10_names_builder

writes the file anew; a test fails where it differs from what the code gives now. Run it after code_table_builder.py,
and where the key of a name (name_keys.py) or the shapes of names (name_variants.py) have changed.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Final

from indexer.knowledge import icd10
from indexer.knowledge.code_table import code_table
from indexer.knowledge.icd10_name_table import DEFAULT, HEADING, INCLUDED, LEAF, NAMES_FILE, VARIANT
from indexer.knowledge.name_keys import name_key, without_brackets
from indexer.knowledge.name_variants import table_variants

_NO_DISEASES: Final = "STVWXYZ"  # first letters of the codes of injuries, their causes, and of reasons for a visit
# In brackets, but not to be left out: a cyst of the kidney is not always the congenital one.
_ESSENTIAL: Final = re.compile(r"\((?:congenital|acquired)\)")
_HEADER: Final = """\
# The names in ICD-10-CM, tabular list of {release}; National Center for Health Statistics (CDC), in the public domain.
# Made by icd10_names_builder.py. A line has a term, and the keys of the names of which it is the rarest term, each with
# the codes that have the name: a digit for how (icd10_name_table.py says what it means) and the code.
"""


def rows() -> Iterator[str]:
    """The lines of the table, in the order of their terms."""
    claims = _claims()
    for key, code in _variants(claims.keys()).items():
        claims[key] = [(VARIANT, code)]
    frequency = Counter(term for key in claims for term in key.split(" "))
    keys_by_term: dict[str, list[str]] = {}
    for key in sorted(filter(None, claims)):
        keys_by_term.setdefault(min(key.split(" "), key=lambda term: (frequency[term], term)), []).append(key)
    for term, keys in sorted(keys_by_term.items()):
        claimed = (" ".join(f"{rank}{code}" for rank, code in claims[key]) for key in keys)
        yield "\t".join((term, *(field for pair in zip(keys, claimed, strict=True) for field in pair)))


def _claims() -> dict[str, list[tuple[int, str]]]:
    """The key of every title and inclusion term, to the codes that claim it, each with its rank."""
    claims: dict[str, list[tuple[int, str]]] = {}
    for code in icd10.codes():
        leaf = icd10.is_leaf(code)
        defaults = icd10.default_names(code) if leaf else ()
        for key in _keys(icd10.title(code)):
            claims.setdefault(key, []).append((LEAF if leaf else HEADING, code))
        for name in icd10.synonyms(code):
            for key in _keys(name)[: 1 if _ESSENTIAL.search(name) else 2]:
                claims.setdefault(key, []).append((DEFAULT if name in defaults else INCLUDED, code))
    return claims


def _variants(known: Container[str]) -> dict[str, str]:
    """The keys of names that the table has only in another shape, with their codes.

    The code above all that have the name; none where these share no category.
    """
    codes_by_key: dict[str, dict[str, None]] = {}
    for code in icd10.codes():
        if code[0] in _NO_DISEASES:
            continue
        for name in (icd10.title(code), *icd10.inclusion_terms(code)):
            for variant in table_variants(name):
                codes_by_key.setdefault(name_key(variant), {})[code] = None
    return {
        key: shared
        for key, codes in codes_by_key.items()
        if key and key not in known and (shared := icd10.shared_heading(codes))
    }


def _keys(name: str) -> tuple[str, ...]:
    """The keys of a name with and without its brackets."""
    whole = name_key(name)
    if "(" not in name and "[" not in name:
        return (whole,)
    bare = name_key(without_brackets(name))
    return (whole, bare) if bare and bare != whole else (whole,)


def write(target: Path = NAMES_FILE) -> None:
    """Write the file."""
    header = _HEADER.format(release=code_table().release)
    target.write_text(header + "".join(f"{row}\n" for row in rows()), "utf-8")


if __name__ == "__main__":
    write()
