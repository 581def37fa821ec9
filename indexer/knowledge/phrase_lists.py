"""A list of phrases in a TOML file to a regular expression: each entry is a list of phrases separated by commas."""

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def phrases(file: str, name: str) -> tuple[str, ...]:
    """The phrases of one list of a file of this package, in order; a phrase may be a regular expression."""
    written = _lists(file)[name]
    return tuple(filter(None, (phrase.strip() for phrase in " ".join(written.split()).split(","))))


@cache
def any_phrase(file: str, name: str) -> str:
    """A regular expression for any phrase of a list, the longest that matches."""
    return f"(?:{'|'.join(sorted(phrases(file, name), key=len, reverse=True))})"


@cache
def pattern(file: str, name: str) -> re.Pattern[str]:
    """Any phrase of a list as whole words of a text in lower case, which is three times as fast as in any case."""
    return re.compile(rf"\b{any_phrase(file, name)}\b")


@cache
def _lists(file: str) -> dict[str, str]:
    return tomllib.loads(files(__package__).joinpath(file).read_text(encoding="utf-8"))
