"""The words of the known names to thesaurus_stems.json, which has the term of each.

The names are those of the built-in thesaurus, of symptoms, and of the Disease Ontology and what is added to it.

    python -m indexer.knowledge.thesaurus_stems_builder

writes the file anew; a test fails where it differs from what the analysis gives now.
"""

import json
from itertools import chain

from indexer.knowledge import disease_names, disease_synonyms
from indexer.knowledge.name_keys import LETTER, name_words
from indexer.knowledge.symptoms import built_in_symptoms
from indexer.knowledge.thesaurus import built_in_synonym_sets
from indexer.knowledge.thesaurus_stems import STEMS_FILE
from indexer.text.analyzer import tokens
from indexer.text.spelling_variants import american
from indexer.text.stemming import has_ending, stem


def compute_stems() -> dict[str, str]:
    """The terms by their folded words, by analysing every name; of the ontology's words only those that are stemmed."""
    synonyms = (name for names in built_in_synonym_sets() for name in (*names.names, *names.abbreviations))
    symptoms = (name for symptom in built_in_symptoms() for name in symptom.names)
    stems = {token.word: token.term for name in chain(synonyms, symptoms) for token in tokens(name)}
    of_ontology = chain(disease_synonyms.all_names(), (name for name, _ in disease_names.spelled()))
    words = {word for name in of_ontology for word in (*(token.word for token in tokens(name)), *name_words(name))}
    words |= {LETTER}
    stems |= {word: stem(word) for word in words if word.isalpha() and has_ending(american(word))}
    return dict(sorted(stems.items()))


if __name__ == "__main__":
    STEMS_FILE.write_text(json.dumps(compute_stems(), indent=0) + "\n", "utf-8")
