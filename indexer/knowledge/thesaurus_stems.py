"""The words of the built-in thesaurus to their terms, computed in advance: a search looks names up without the stemmer.

    python -m indexer.knowledge.thesaurus_stems

writes thesaurus_stems.json anew; a test fails where the file differs from what the analysis gives now.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from indexer.knowledge.thesaurus import built_in_synonym_sets
from indexer.text.analyzer import tokens

STEMS_FILE: Final = Path(__file__).with_name("thesaurus_stems.json")


@cache
def precomputed_stems() -> Mapping[str, str]:
    """The terms by their folded words, read from the file."""
    stems: dict[str, str] = json.loads(STEMS_FILE.read_text("utf-8"))
    return stems


def compute_stems() -> dict[str, str]:
    """The terms by their folded words, by analysing every name of the built-in thesaurus."""
    names = (name for names in built_in_synonym_sets() for name in (*names.names, *names.abbreviations))
    return dict(sorted({token.word: token.term for name in names for token in tokens(name)}.items()))


if __name__ == "__main__":
    STEMS_FILE.write_text(json.dumps(compute_stems(), indent=0) + "\n", "utf-8")
