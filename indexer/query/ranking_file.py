"""A TOML file to a Ranking: the numbers that it has, the defaults for the rest."""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from indexer.documents import TEXT_FIELD_NAMES
from indexer.errors import SourceError
from indexer.printable import printable
from indexer.query.ranking import Ranking
from indexer.user_files import read_toml

MAX_NUMBER: Final = 1_000_000  # which no number of the ranking comes near

FORMER_NAMES: Final[Mapping[str, str]] = {
    "weights": "field_weights",
    "b": "field_b",
    "share_needed": "min_should_match",
    "name_needed": "min_title_coverage",
    "facet": "aspect_weight",
    "other_name": "synonym_weight",
    "apart": "name_term_weight",
    "corrected": "correction_weight",
    "neighbours": "proximity_weight",
    "window": "proximity_window",
    "told_in_question": "title_coverage_question",
    "told_in_name": "title_coverage_name",
    "longest_name": "max_name_terms",
    "feedback": "feedback_weight",
    "feedback_articles": "feedback_documents",
    "few": "expand_below_hits",
    "akin": "expansion_share",
    "akin_title": "expansion_title_coverage",
}


def read_ranking(path: Path) -> Ranking:
    """Read numbers of `Ranking`; `field_weights` and `field_b` are tables of text fields. Raises SourceError."""
    values, _ = read_toml(path, "a TOML file of numbers")
    ranking = Ranking()
    defaults = {field.name: getattr(ranking, field.name) for field in fields(ranking)}
    return replace(ranking, **{name: _checked(path, name, value, defaults) for name, value in values.items()})


def _checked(path: Path, name: str, value: Any, defaults: Mapping[str, Any]) -> Any:
    """The value in the type of its default; a table of fields is completed by the default of the others."""
    if name in FORMER_NAMES:
        raise SourceError(str(path), f"has “{name}”, which is now called “{FORMER_NAMES[name]}”; rename it")
    if name not in defaults:
        raise SourceError(
            str(path), f"has “{name}”, which is no number of the ranking; use one of {', '.join(defaults)}"
        )
    default = defaults[name]
    if isinstance(default, tuple):
        if not isinstance(value, dict):
            raise SourceError(
                str(path), f"gives “{name}” no table; write it as [{name}] with lines such as title = 5.0"
            )
        by_field = dict(default)
        for field, each in value.items():
            if field not in TEXT_FIELD_NAMES:
                raise SourceError(str(path), f"has “{name}.{field}”; use the fields {', '.join(TEXT_FIELD_NAMES)}")
            by_field[field] = _checked(path, f"{name}.{field}", each, {f"{name}.{field}": 0.0})
        return tuple(by_field.items())
    if (
        isinstance(value, bool)
        or not isinstance(value, int if isinstance(default, int) else int | float)
        or not 0 <= value <= MAX_NUMBER
    ):
        kind = "a whole number" if isinstance(default, int) else "a number"
        raise SourceError(
            str(path), f"gives “{name}” as {_shown(value)}; it needs {kind}, 0 or more and at most {MAX_NUMBER:,}"
        )
    return type(default)(value)


def _shown(value: object) -> str:
    """A value in a few words, however large it is or deeply nested."""
    if isinstance(value, str | float) or (isinstance(value, int) and abs(value) <= MAX_NUMBER):
        return printable(repr(value), limit=60)
    return "a larger number" if isinstance(value, int) else f"a {type(value).__name__}"
