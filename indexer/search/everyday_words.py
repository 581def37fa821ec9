"""The words of everyday English, which are no slips and no beginnings: everyday_words.toml and the question words."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from indexer.search.question_words import question_words


@cache
def everyday_words() -> frozenset[str]:
    """The folded words."""
    lists = question_words()
    return frozenset((*_lists()["words"].split(), *lists.asking, *lists.empty, *lists.common, *lists.aspects))


@cache
def irregular_forms() -> Mapping[str, str]:
    """Irregular forms with the word that they are forms of: "fell" -> "fall"."""
    return {form: word for word, forms in _lists()["irregular"].items() for form in forms.split()}


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("everyday_words.toml").read_text(encoding="utf-8"))
