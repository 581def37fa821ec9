"""The Disease Ontology to the sets of names that mean one disease, each name with the key that it is found by.

The ontology (https://disease-ontology.org, CC0 1.0) gives a disease its name and its exact synonyms. A name of several
diseases is that of the disease so called before a synonym; a synonym of several diseases is left out, for it would
bring in the others. So is a set that has one name only.

    python -m indexer.knowledge.disease_synonyms_builder disease_ontology.jsonl

reads one disease a line (`name`, `synonyms` and `release` are used) and writes disease_synonyms.tsv anew.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypedDict

from indexer.knowledge.disease_names import is_abbreviation
from indexer.knowledge.disease_synonyms import MIN_KEY, SYNONYMS_FILE, synonym_key
from indexer.text.analyzer import tokens

_HEADER: Final = """\
# Names of one disease a line: from the Disease Ontology, release {release}
# (https://disease-ontology.org, Institute for Genome Sciences, University of Maryland), CC0 1.0.
# Made by disease_synonyms_builder.py, which says how. Before each name stands the key that it is found by.
"""


class NamedDisease(TypedDict):
    """A disease of the ontology, as far as it is used."""

    name: str
    synonyms: list[str]
    release: str


def key_of_name(name: str) -> str:
    """The key of a name: an abbreviation as it is written, else by its terms."""
    return name if is_abbreviation(name) else synonym_key(token.term for token in tokens(name))


def synonym_sets(diseases: Iterable[NamedDisease]) -> Iterator[dict[str, str]]:
    """For each disease that has several names, these by their keys, its own name first."""
    spelled = []
    for disease in diseases:
        names: dict[str, str] = {}
        for name in (disease["name"], *disease["synonyms"]):
            if len(key := key_of_name(name)) >= MIN_KEY:
                names.setdefault(key, name)
        spelled.append(names)
    own = Counter(next(iter(names)) for names in spelled if names)
    shared = Counter(key for names in spelled for key in names)
    for names in spelled:
        first = next(iter(names), None)
        kept = {key: name for key, name in names.items() if shared[key] == 1 or (key == first and own[key] == 1)}
        if len(kept) > 1:
            yield kept


def write(source: str, target: Path = SYNONYMS_FILE) -> None:
    """Read the ontology and write the sets of names."""
    with Path(source).open(encoding="utf-8") as lines:
        diseases: list[NamedDisease] = [json.loads(line) for line in lines]
    rows = sorted("\t" + "\t".join(f"{key}={name}" for key, name in names.items()) for names in synonym_sets(diseases))
    release = max(disease["release"] for disease in diseases)
    target.write_text(_HEADER.format(release=release) + "".join(f"{row}\n" for row in rows), "utf-8")


if __name__ == "__main__":
    write(sys.argv[1])
