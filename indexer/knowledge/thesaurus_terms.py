"""The words of our thesaurus to their terms, worked out beforehand, so that a search can look names up without the stemmer.

    python -c 'from indexer.knowledge import thesaurus_terms; thesaurus_terms.write()'

writes thesaurus_terms.json anew; a test fails where it is not what the analysis says now.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from indexer.knowledge.thesaurus import own_meanings
from indexer.text.analyzer import tokens

TERMS: Final = Path(__file__).with_name("thesaurus_terms.json")


@cache
def own_terms() -> Mapping[str, str]:
    """Folded word to term."""
    terms: dict[str, str] = json.loads(TERMS.read_text("utf-8"))
    return terms


def gather() -> dict[str, str]:
    """What `own_terms` should be."""
    names = (name for meaning in own_meanings() for name in (*meaning.names, *meaning.short))
    return dict(sorted({token.word: token.term for name in names for token in tokens(name)}.items()))


def write() -> None:
    """Write the file."""
    TERMS.write_text(json.dumps(gather(), indent=0) + "\n", "utf-8")
