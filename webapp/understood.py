"""How the words of a query were understood to chips: each says it in plain words, and its link takes it back.

A word within quotation marks is searched as it stands, so that is what a link asks for; where the words do not stand in
the query just so, it asks for the whole query as typed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from indexer.query.interpretation import How, Interpretation
from webapp.links import changed_url
from webapp.search_params import SearchParams

MAX_LISTED: Final = 50  # characters of meanings that a chip lists; the page's explanation lists all

# What is said of a word that was not searched just as it was typed, before its meanings.
HOW_IN_WORDS: Final[Mapping[How, str]] = {
    "abbreviation": "short for",
    "spelling": "read as",
    "prefix": "the beginning of",
    "code": "the code",
    "synonym": "also",
    "negated": "not wanted, so left out",
}
_FIRST: Final[tuple[How, ...]] = ("spelling", "abbreviation")  # what a word was read as comes before its synonyms


@dataclass(frozen=True, slots=True)
class UnderstoodChip:
    """Typed words, how they were understood, and the link to the search that takes them as they stand."""

    text: str
    said: str
    url: str


def understood_chips(
    path: str, params: SearchParams, interpretation: Iterable[Interpretation]
) -> tuple[UnderstoodChip, ...]:
    """A chip for all that was understood of the same words, and one for all that is not wanted."""
    said = [each for each in interpretation if each.how in HOW_IN_WORDS]
    searched = sorted((each for each in said if each.how != "negated"), key=lambda each: each.how not in _FIRST)
    chips = []
    for text in dict.fromkeys(each.text for each in said if each in searched):
        words = "; ".join(_in_words(each) for each in searched if each.text == text)
        chips.append(UnderstoodChip(text, words, _as_typed_url(path, params, text)))
    if negated := " ".join(each.text for each in said if each.how == "negated"):
        chips.append(UnderstoodChip(negated, HOW_IN_WORDS["negated"], changed_url(path, params, plain=True)))
    return tuple(chips)


def _in_words(understood: Interpretation) -> str:
    listed = 1
    while len(", ".join(understood.meaning[: listed + 1])) <= MAX_LISTED and listed < len(understood.meaning):
        listed += 1
    meanings, more = ", ".join(understood.meaning[:listed]), len(understood.meaning) - listed
    if more > 0:
        meanings += f" and {more} more"
    return f"{HOW_IN_WORDS[understood.how]} {meanings}"


def _as_typed_url(path: str, params: SearchParams, text: str) -> str:
    quoted = quote_words(params.q, text)
    changes = {"plain": True} if quoted is None else {"q": quoted}
    return changed_url(path, params, **changes)


def quote_words(query: str, words: str) -> str | None:
    """The query with the words between quotation marks, wherever they stand outside of others; None where nowhere."""
    parts = query.split('"')
    if len(parts) % 2 == 0:  # a lone quotation mark
        return None
    pattern = re.compile(rf"(?<![\w:*-]){re.escape(words)}(?![\w:*-])", re.IGNORECASE)
    quoted = '"'.join(part if number % 2 else pattern.sub(r'"\g<0>"', part) for number, part in enumerate(parts))
    return quoted if quoted != query else None
