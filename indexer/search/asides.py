"""A query's text to its asides: the places of words that say nothing about what is looked for.

    contractions          can't, won't, I've, dont
    the pronoun I         "I have type I diabetes" has one, and one numeral
    ages                  3 year old, 6-month-old, aged 65, in her 40s
    words around a code   ICD-10-CM M86.341, dx code: E11.9; "icd 10" beside any other words, too

The word lists are in asides.toml.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from indexer.search.spans import Span

_WORD: Final = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_CONTRACTED: Final = re.compile(r"(?:n['’ʼ]t|['’ʼ](?:re|ve|ll|d|m))$", re.IGNORECASE)
_PRONOUN_IS: Final = re.compile(
    r"(?:i|he|she|it|that|this|what|who|where|how|when|why|there|here|let)['’ʼ]s$", re.IGNORECASE
)
_ONE_CODE: Final = r"[A-Za-z][0-9][0-9A-Za-z](?:\.?[0-9A-Za-z]{1,4})?"
_CODE: Final = rf"{_ONE_CODE}(?:\s?[-–]\s?{_ONE_CODE})?(?![\w-]|\.\w)"


def asides(text: str) -> tuple[Span, ...]:
    """The spans of the asides, in no particular order; they may overlap."""
    return (*_contractions(text), *_pronouns(text), *_ages(text), *_code_words(text))


def _contractions(text: str) -> Iterator[Span]:
    for match in _WORD.finditer(text):
        word = match.group()
        plain = word.lower() in _words("contractions") and not word.isupper()
        if plain or _CONTRACTED.search(word) or _PRONOUN_IS.fullmatch(word):
            yield Span(*match.span())


def _pronouns(text: str) -> Iterator[Span]:
    """Every I that is no numeral: "type I" has one, "when I cough" has none."""
    matches = list(_WORD.finditer(text))
    for before, match, after in zip([None, *matches], matches, [*matches[1:], None], strict=False):
        if match.group() not in ("i", "I"):
            continue
        follows = before is not None and before.group().lower() in _words("before_pronoun")
        precedes = after is not None and after.group().lower().replace("’", "'") in _words("after_pronoun")
        begins = before is None or bool(re.search(r"[.,;:!?]\s*$", text[before.end() : match.start()]))
        if precedes or follows or (begins and after is not None and text[match.end() : after.start()].isspace()):
            yield Span(*match.span())


def _ages(text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in _age().finditer(text))


def _code_words(text: str) -> Iterator[Span]:
    return (Span(*match.span("words")) for pattern in _code_patterns() for match in pattern.finditer(text))


@cache
def _words(name: str) -> frozenset[str]:
    lists = tomllib.loads(files(__package__).joinpath("asides.toml").read_text(encoding="utf-8"))
    return frozenset(lists[name].split())


@cache
def _age() -> re.Pattern[str]:
    number = rf"(?:[0-9]{{1,3}}|(?:{'|'.join(_words('numbers'))})(?:[- ](?:{'|'.join(_words('numbers'))}))?)"
    unit = rf"(?:{'|'.join(_words('units'))})"
    owner = "(?:my|your|his|her|their|our|the)"
    return re.compile(
        rf"""(?<![\w.]) (?:
            (?:aged?|ages)\s+ (?:of\s+)? {number} (?:\s*(?:-|to)\s*{number})? (?:[\s-]*{unit})? (?:[\s-]*old)?
          | {number} [\s-]* {unit} [\s-]* (?:olds?|of\s+age)
          | [0-9]{{1,3}} \s* (?: y/?o | yr?s?/old )
          | in\s+{owner}\s+ (?:early|mid|late)?[\s-]* [0-9]0\W?s
        ) (?!\w)""",
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _code_patterns() -> tuple[re.Pattern[str], ...]:
    strong, weak = (
        f"(?:{'|'.join(sorted(_words(name), key=len, reverse=True))})" for name in ("announcing", "between")
    )
    gap = r"[\s:#=(,.-]+"
    announcement = rf"(?P<words>{strong}(?:{gap}(?:{strong}|{weak}))*)"
    patterns = (
        rf"(?<![\w.]){announcement}{gap}(?={_CODE})",
        rf"(?<![\w.]){_CODE}{gap}{announcement}(?!\w)",
        rf"(?<![\w.])(?P<words>icd{gap}?(?:9|10|11)(?:{gap}?(?:cm|pcs))?(?:{gap}codes?)?|icd{gap}codes?)(?!\w)",
        r"(?<![\w.])(?P<words>(?:dx|diagnosis|diagnostic|billing)\s+codes?)(?!\w)",
    )
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
