"""The words of the known names to their terms, computed in advance: a search looks names up without the stemmer.

`thesaurus_stems.json` is made by thesaurus_stems_builder.py.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

STEMS_FILE: Final = Path(__file__).with_name("thesaurus_stems.json")


@cache
def precomputed_stems() -> Mapping[str, str]:
    """The terms by their folded words, read from the file."""
    stems: dict[str, str] = json.loads(STEMS_FILE.read_text("utf-8"))
    return stems
