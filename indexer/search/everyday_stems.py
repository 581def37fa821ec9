"""The words of everyday English to their terms, computed in advance: a question is read without the stemmer.

    python -m indexer.search.everyday_stems

writes everyday_stems.json anew; a test fails where it differs from what the analysis gives now.
"""

import json
from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

from indexer.search.everyday_words import everyday_words, irregular_forms
from indexer.search.question_words import question_words
from indexer.text.spelling_variants import american
from indexer.text.stemming import has_ending, stem

STEMS_FILE: Final = Path(__file__).with_name("everyday_stems.json")


@cache
def everyday_stems() -> Mapping[str, str]:
    """The terms by their folded words, read from the file."""
    stems: dict[str, str] = json.loads(STEMS_FILE.read_text("utf-8"))
    return stems


def compute_stems() -> dict[str, str]:
    """The terms of the words that are stemmed, by their folded words."""
    words = {*everyday_words(), *question_words().unmissed, *chain.from_iterable(irregular_forms().items())}
    return {word: stem(word) for word in sorted(words) if word.isalpha() and has_ending(american(word))}


if __name__ == "__main__":
    STEMS_FILE.write_text(json.dumps(compute_stems(), indent=0) + "\n", "utf-8")
