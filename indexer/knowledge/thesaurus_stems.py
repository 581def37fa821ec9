"""The words of the known names to their terms, computed in advance: a search looks names up without the stemmer.

The names are those of the built-in thesaurus, of symptoms and of the Disease Ontology.

    python -m indexer.knowledge.thesaurus_stems

writes thesaurus_stems.json anew; a test fails where the file differs from what the analysis gives now.
"""

import json
from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

from indexer.knowledge import disease_synonyms
from indexer.knowledge.symptoms import built_in_symptoms
from indexer.knowledge.thesaurus import built_in_synonym_sets
from indexer.text.analyzer import tokens
from indexer.text.spelling_variants import american
from indexer.text.stemming import has_ending

STEMS_FILE: Final = Path(__file__).with_name("thesaurus_stems.json")


@cache
def precomputed_stems() -> Mapping[str, str]:
    """The terms by their folded words, read from the file."""
    stems: dict[str, str] = json.loads(STEMS_FILE.read_text("utf-8"))
    return stems


def compute_stems() -> dict[str, str]:
    """The terms by their folded words, by analysing every name; of the ontology's words only those that are stemmed."""
    synonyms = (name for names in built_in_synonym_sets() for name in (*names.names, *names.abbreviations))
    symptoms = (name for symptom in built_in_symptoms() for name in symptom.names)
    stems = {token.word: token.term for name in chain(synonyms, symptoms) for token in tokens(name)}
    for name in disease_synonyms.all_names():
        stems.update((token.word, token.term) for token in tokens(name) if has_ending(american(token.word)))
    return dict(sorted(stems.items()))


if __name__ == "__main__":
    STEMS_FILE.write_text(json.dumps(compute_stems(), indent=0) + "\n", "utf-8")
