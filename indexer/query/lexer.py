"""Text to lexemes: words, quoted phrases, prefixes, ranges of codes and the operators, one regular expression.

An operator counts only where it can mean one: a colon after the name of a field and before something, a minus before
something and after a space, OR, AND and NOT in capitals. Everything else is part of a word, so that every string can
be parsed.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES

LexemeKind: TypeAlias = Literal[
    "open", "close", "quoted", "field", "minus", "or", "and", "not", "range", "prefix", "word"
]

_TAGS: Final = tuple(name for name in KEYWORD_FIELD_NAMES if name != "own_site")
SEARCHABLE_FIELDS: Final = (*TEXT_FIELD_NAMES, *_TAGS)

_RULES: Final[tuple[tuple[LexemeKind, str], ...]] = (
    ("open", r"\("),
    ("close", r"\)"),
    ("quoted", r'["“”„«»](?P<inside>[^"“”„«»]*)["“”„«»]'),
    # A space may follow the name of a keyword field: it is rarely prose, as "Symptoms: fever" is.
    ("field", rf"(?P<name>{'|'.join(SEARCHABLE_FIELDS)}):(?=[^\s:)])|(?P<tag>{'|'.join(_TAGS)}):\s+(?=[^\s:)])"),
    ("minus", r"(?<![^\s(])[-−](?=[^\s)-])"),
    ("or", r"(?<![^\s(])OR(?![^\s)])|(?<![^\s(])\|(?!\S)"),
    ("and", r"(?<![^\s(])(?:AND(?![^\s)])|&(?!\S))"),
    ("not", r"(?<![^\s(])NOT(?=\s+\S)"),
    ("range", r"(?<!\w)[a-z][0-9][0-9ab](?:\.\w{1,4})?\s?[-–]\s?[a-z][0-9][0-9ab](?:\.\w{1,4})?(?![\w-])"),
    ("prefix", r'(?P<stem>[^\s()"“”„«»*]+)\*+(?![^\s)])'),
    ("word", r'[^\s()"“”„«»]+|["“”„«»]'),
)
_LEXEME: Final = re.compile("|".join(f"(?P<{kind}_>{pattern})" for kind, pattern in _RULES), re.IGNORECASE)
_TAKES_ONE: Final = frozenset({"field", "minus", "not"})
_CAPITALS: Final = frozenset({"or", "and", "not"})


class Lexeme(NamedTuple):
    """A token of the query language: its text without delimiters, and its half-open span in the query."""

    kind: LexemeKind
    text: str
    start: int
    end: int


def lexemes(text: str) -> Iterator[Lexeme]:
    """The lexemes of the text, left to right; adjacent words are one, as the analysis may join them ("x ray").

    A field, a minus and NOT take the one word that follows them, so that word stays alone.
    """
    run: Lexeme | None = None
    alone = False
    for lexeme in _scan(text):
        if lexeme.kind == "word" and not alone:
            run = Lexeme("word", text[run.start : lexeme.end], run.start, lexeme.end) if run else lexeme
            continue
        if run:
            yield run
            run = None
        yield lexeme
        alone = lexeme.kind in _TAKES_ONE
    if run:
        yield run


def _scan(text: str) -> Iterator[Lexeme]:
    for match in _LEXEME.finditer(text):
        kind, whole = _kind(match), match.group()
        if kind in _CAPITALS and whole.isalpha() and not whole.isupper():
            kind = "word"
        group = {"quoted": "inside", "field": "name", "prefix": "stem"}.get(kind)
        content = (match.group(group) or (match.group("tag") if kind == "field" else "") or "") if group else whole
        yield Lexeme(kind, content.lower() if kind == "field" else content, *match.span())


def _kind(match: re.Match[str]) -> LexemeKind:
    return next(kind for kind, _ in _RULES if match.group(f"{kind}_") is not None)
