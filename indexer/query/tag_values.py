"""What was typed after the name of a keyword field to the values that documents have there.

`site:hands`, `site:Tummy`, `side:L`, `chapter:XIII` and `chapter:musculoskeletal` mean what a reader would mean by
them. A text that names no value is taken as the value itself.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from indexer.documents import slug
from indexer.knowledge import body_sites, icd10
from indexer.knowledge.name_keys import name_terms
from indexer.text.analyzer import fold

MAX_VALUE_WORDS: Final = 4  # of a value without quotation marks: site:lower leg

_SIDES: Final = {
    **dict.fromkeys(("r", "rt", "right"), "right"),
    **dict.fromkeys(("l", "lt", "left"), "left"),
    **dict.fromkeys(("b", "bl", "bilat", "bilateral", "both"), "bilateral"),
}
_ROMAN: Final = dict(zip("i v x l".split(), (1, 5, 10, 50), strict=True))


def tag_values(field: str, text: str) -> tuple[str, ...]:
    """The values of the field that the text names; () where it names none that is known without a library."""
    words = fold(text).replace("-", " ").split()
    match field:
        case "site":
            value = _lay_sites().get(slug(text), slug(text))
            return (value,) if value in body_sites.tree() else _sites(text)
        case "side":
            side = _SIDES.get(" ".join(words).removesuffix(" side").removesuffix(" sided"))
            return (side,) if side else ()
        case "chapter":
            return _chapters([word for word in words if word != "chapter"])
        case _:
            return ()


def exact_value(field: str, text: str) -> str:
    """The text as a value of the field."""
    return icd10.term(fold(text)) if field == "code" else slug(text)


@cache
def _lay_sites() -> dict[str, str]:
    sites = tomllib.loads(files(__package__).joinpath("lay_sites.toml").read_text(encoding="utf-8"))
    return {name: site for site, names in sites.items() for name in names.split()}


def _sites(text: str) -> tuple[str, ...]:
    """The sites of a text that is the name of a site and nothing else."""
    terms = name_terms(text)
    mentions = body_sites.mentions(terms)
    return mentions[0].sites if len(mentions) == 1 and (mentions[0].start, mentions[0].end) == (0, len(terms)) else ()


def _chapters(words: list[str]) -> tuple[str, ...]:
    """The chapter of that number, Arabic or Roman, or those whose label begins a word with each of the words."""
    labels = icd10.chapter_labels()
    if len(words) == 1:
        number = words[0].lstrip("0") if words[0].isdecimal() else _number(words[0])
        if number in labels:
            return (number,)
    return tuple(
        number
        for number, label in labels.items()
        if words and all(any(each.startswith(word) for each in fold(label).split()) for word in words)
    )


def _number(roman: str) -> str:
    if not roman or not set(roman) <= _ROMAN.keys():
        return ""
    digits = [_ROMAN[letter] for letter in roman]
    return str(sum(-one if one < following else one for one, following in zip(digits, (*digits[1:], 0), strict=True)))
