"""The Disease Ontology to the names that the code table lacks: which name stands for which code of ICD-10-CM.

The ontology (https://disease-ontology.org, CC0 1.0) gives a disease its name, its exact synonyms and, for a third of
the diseases, codes. Not every code means the disease itself: "G60.0" is that of many kinds of Charcot-Marie-Tooth
disease, and some diseases have several. So each name gets one code, and whether the code is its own:

- several codes become the narrowest code above all of them; without one, the name is left out;
- a code that only ICD-10 or an earlier table has becomes the nearest wider one of the table;
- a code with a side that the name does not give becomes the code above it;
- a code of several diseases, or one that was widened, is a heading of the name and not its own code;
- a name of several diseases is that of the disease so called before a synonym; between synonyms, it is treated as one
  disease with several codes;
- a growth that the name does not call malignant has the code of a malignant one as a heading only;
- a name to which the table, by itself or by a synonym of the thesaurus, gives another code, neither wider nor narrower,
  is left out; where that is the name of the disease before its synonyms, so are they all: the ontology's disease is
  another one, or has a wrong code;
- the names of disease_names_left_out.tsv, which says why of each, are left out.

    python -m indexer.knowledge.disease_names_builder disease_ontology.jsonl

reads one disease a line (`name`, `synonyms`, `icd10cm` and `release` are used) and writes disease_names.tsv anew.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias, TypedDict

from indexer.knowledge import body_sites, icd10, icd10_names, thesaurus
from indexer.knowledge.disease_names import NAMES_FILE, NamedCode, is_abbreviation
from indexer.knowledge.name_keys import name_key

_HEADER: Final = """\
# Names of diseases with their codes of ICD-10-CM: from the Disease Ontology, release {release}
# (https://disease-ontology.org, Institute for Genome Sciences, University of Maryland), CC0 1.0.
# Made by disease_names_builder.py, which says how. A line has a code; "=" where it is the code of the names that
# follow, "<" where it is a heading above them; the names.
"""
LEFT_OUT_FILE: Final = NAMES_FILE.with_name("disease_names_left_out.tsv")
MIN_NAME: Final = 3  # characters
_GROWTH: Final = re.compile(r"neoplasm|tumou?r", re.IGNORECASE)
_MALIGNANT: Final = re.compile(r"malignan|cancer", re.IGNORECASE)

Codes: TypeAlias = Sequence[tuple[str, bool]]  # each with whether the table has it, or only this wider one


class Disease(TypedDict):
    """A disease of the ontology, as far as it is used."""

    name: str
    synonyms: list[str]
    icd10cm: list[str]
    release: str


def coded_names(diseases: Iterable[Disease]) -> dict[str, NamedCode]:
    """The names of the ontology that have a code, with it."""
    codes_by_name: defaultdict[str, list[Codes]] = defaultdict(list)  # by key: of diseases so called
    codes_by_synonym: defaultdict[str, list[Codes]] = defaultdict(list)
    spelled: dict[str, str] = {}
    diseases_with: Counter[str] = Counter()
    left_out = _left_out()
    for disease in diseases:
        codes: Codes = tuple(dict.fromkeys(filter(None, map(icd10.parse_code, disease["icd10cm"]))))
        diseases_with.update({code for code, _ in codes})
        if _contradicts_table(disease["name"], codes):
            continue
        for name, by_key in (
            (disease["name"], codes_by_name),
            *((name, codes_by_synonym) for name in disease["synonyms"]),
        ):
            key = name if is_abbreviation(name) else name_key(name)
            is_left_out = name_key(name) in left_out or _contradicts_table(name, codes)
            if key and len(name) >= MIN_NAME and not is_left_out:
                spelled.setdefault(key, name)
                by_key[key].append(codes)
    result: dict[str, NamedCode] = {}
    for key, name in spelled.items():
        meanings = codes_by_name.get(key) or codes_by_synonym[key]
        if all(meanings):
            is_own = all(is_in_table and diseases_with[code] == 1 for codes in meanings for code, is_in_table in codes)
            if entry := _entry(name, {code for codes in meanings for code, _ in codes}, is_own=is_own):
                result[name] = entry
    return result


def _contradicts_table(name: str, codes: Codes) -> bool:
    """Whether the table gives a name codes of which none is, or is wider or narrower than, one of these."""
    own = icd10_names.find_code(name)
    by_table = (own,) if own else _codes_by_synonyms().get(name_key(name), ())
    return bool(codes and by_table) and not any(
        first.startswith(second) or second.startswith(first) for first in by_table for second, _ in codes
    )


@cache
def _codes_by_synonyms() -> Mapping[str, tuple[str, ...]]:
    """The codes that the table gives to the synonyms of each name of the thesaurus."""
    codes: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for synonym_set in thesaurus.built_in_synonym_sets():
        of_set = tuple(filter(None, map(icd10_names.find_code, synonym_set.names)))
        for name in synonym_set.names if of_set else ():
            codes[name_key(name)] += of_set
    return codes


def _left_out() -> frozenset[str]:
    """The keys of the names that are left out."""
    lines = LEFT_OUT_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(name_key(line.partition("\t")[0]) for line in lines if not line.startswith("#"))


def _entry(name: str, codes: set[str], *, is_own: bool) -> NamedCode | None:
    """The code above all codes of a name, a side that only the code says left out; None where there is none."""
    code = icd10.shared_heading(codes)
    if code is None:
        return None
    if code[0] == "C" and _GROWTH.search(name) and not _MALIGNANT.search(name):
        is_own = False
    if body_sites.locate(icd10.title(code)).side and not body_sites.locate(name).side:
        code = icd10.trail(code)[-1].code
        return None if "-" in code else NamedCode(code, is_own=False)
    return NamedCode(code, is_own and codes == {code})


def write(source: str, target: Path = NAMES_FILE) -> int:
    """Read the ontology and write the names with their codes; returns the number of names."""
    with Path(source).open(encoding="utf-8") as lines:
        diseases: list[Disease] = [json.loads(line) for line in lines]
    names_by_entry: defaultdict[NamedCode, list[str]] = defaultdict(list)
    for name, entry in coded_names(diseases).items():
        names_by_entry[entry].append(name)
    rows = (
        "\t".join((entry.code, "=" if entry.is_own else "<", *sorted(names)))
        for entry, names in sorted(names_by_entry.items())
    )
    releases = {disease["release"] for disease in diseases}
    target.write_text(_HEADER.format(release=max(releases)) + "".join(f"{row}\n" for row in rows), "utf-8")
    return sum(map(len, names_by_entry.values()))


if __name__ == "__main__":
    write(sys.argv[1])
