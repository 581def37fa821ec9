"""A word to whether it tells one condition from another: a sign, a substance, a test; medical_words.toml says which."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from indexer.text.analyzer import Analyzer, fold_word

# Of the file, that are no lists of medical words.
_OTHER_ENTRIES: Final = frozenset({"min_stem", "endings", "not_medical"})


def is_medical(word: str, analyzer: Analyzer) -> bool:
    """Whether a word, as it stands in a text, is medical: by the lists, or by how it ends."""
    folded = fold_word(word)
    if folded in _not_medical():
        return False
    return analyzer.term(folded) in _terms(analyzer) or _medical_ending().search(folded) is not None


@cache
def _not_medical() -> frozenset[str]:
    return frozenset(_table()["not_medical"].split())


@cache
def _medical_ending() -> re.Pattern[str]:
    endings = "|".join(re.sub("y$", "(?:y|ie)", ending) for ending in _table()["endings"].split())
    return re.compile(rf"\w{{{_table()['min_stem']}}}(?:{endings})s?$")


@lru_cache(maxsize=4)  # libraries that are open at once
def _terms(analyzer: Analyzer) -> frozenset[str]:
    lists = (text for name, text in _table().items() if name not in _OTHER_ENTRIES)
    return frozenset(analyzer.term(fold_word(word)) for text in lists for word in text.split())


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("medical_words.toml").read_text(encoding="utf-8"))
