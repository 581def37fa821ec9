"""What people say of a symptom to its medical names: "it burns when I pee" to dysuria; symptoms.toml.

The words of a symptom come in any order and with others between them (see word_groups.py), so it is recognized by
patterns and not, as the names in the thesaurus are, by consecutive terms.

    python -m indexer.knowledge.symptoms

writes symptoms.json anew, the table as parsed, which a search reads in a tenth of the time; a test fails where the two
differ.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeAlias

from indexer.knowledge.word_groups import Phrase, WordGroupIndex, WordGroups

TABLE: Final = Path(__file__).with_name("symptoms.toml")
PARSED_TABLE: Final = TABLE.with_suffix(".json")
WINDOW: Final = 10  # words from the first to the last of a symptom, in what is typed

_KEYS: Final = {"also", "say", "unless"}

_Group: TypeAlias = tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Symptom:
    """A symptom: its medical names, the patterns of what people say, and what must not be said with them."""

    names: tuple[str, ...]
    patterns: tuple[WordGroups, ...]
    unless: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class SymptomMention:
    """A symptom that a text tells of, and the numbers of the words that tell it."""

    names: tuple[str, ...]
    words: tuple[int, ...]


class SymptomFinder:
    """Finds the symptoms that a text tells of."""

    def __init__(self, symptoms: Iterable[Symptom] = ()) -> None:
        self._symptoms = tuple(symptoms)
        numbered = [(pattern, number) for number, each in enumerate(self._symptoms) for pattern in each.patterns]
        self._symptom_of = [number for _, number in numbered]
        self._index = WordGroupIndex([pattern for pattern, _ in numbered])

    def mentions(self, words: Sequence[str]) -> tuple[SymptomMention, ...]:
        """The symptoms, each once, in order of the table; the words are those of `query_words`."""
        found: dict[int, tuple[int, ...]] = {}
        for match in self._index.matches(words, WINDOW):
            found.setdefault(self._symptom_of[match.pattern], match.words)
        return tuple(
            SymptomMention(self._symptoms[number].names, places)
            for number, places in found.items()
            if not any(_stands_in(phrase, words) for phrase in self._symptoms[number].unless)
        )


def _stands_in(phrase: Phrase, words: Sequence[str]) -> bool:
    first, size = phrase[0], len(phrase)
    if size == 1:
        return first in words
    return any(tuple(words[start : start + size]) == phrase for start, word in enumerate(words) if word == first)


def read_symptoms(text: str) -> tuple[Symptom, ...]:
    """The symptoms of a table. Raises ValueError, which names the entry and says what is wrong with it."""
    entries = tomllib.loads(text)
    lists = {name: _parse(written, {})[0] for name, written in entries.pop("words", {}).items()}
    return tuple(_symptom(name, entry, lists) for name, entry in entries.items())


def _symptom(name: str, entry: Mapping[str, Any], lists: Mapping[str, _Group]) -> Symptom:
    try:
        _check(entry)
        return Symptom(
            (name, *entry.get("also", ())),
            tuple(WordGroups(_parse(said, lists)) for said in entry["say"]),
            _parse(entry["unless"], lists)[0] if "unless" in entry else (),
        )
    except ValueError as error:
        raise ValueError(f"symptom “{name}”: {error}") from None


def _check(entry: Mapping[str, Any]) -> None:
    if unknown := sorted(entry.keys() - _KEYS):
        raise ValueError(f"“{unknown[0]}” is no part of a symptom; use also, say and unless")
    for key in ("also", "say"):
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise ValueError(f'{key} is not a list of texts; write {key} = ["...", "..."]')
    if not entry.get("say"):
        raise ValueError('nobody says it; write say = ["..."]')
    if "unless" in entry and not (isinstance(entry["unless"], str) and entry["unless"]):
        raise ValueError('unless is no text; write unless = "...|..."')


def _parse(written: str, lists: Mapping[str, _Group]) -> tuple[_Group, ...]:
    """The groups of a pattern; a word that is an alternative by itself stands for its form with -s, too."""
    return tuple(
        tuple(dict.fromkeys(chain.from_iterable(map(_with_plural, group))))
        for group in WordGroups.parse(written, lists).groups
    )


def _with_plural(phrase: Phrase) -> _Group:
    word = phrase[0]
    has_plural = len(phrase) == 1 and len(word) > 2 and word.isalpha() and not word.endswith("s")
    return (phrase, (f"{word}s",)) if has_plural else (phrase,)


def built_in_symptoms() -> tuple[Symptom, ...]:
    """The symptoms of symptoms.toml, as they stand there."""
    return read_symptoms(TABLE.read_text("utf-8"))


def parsed_symptoms() -> tuple[Symptom, ...]:
    """The same symptoms, read from the file of parsed ones in a tenth of the time."""
    parsed = json.loads(PARSED_TABLE.read_text("utf-8"))
    groups = [tuple(tuple(phrase.split()) for phrase in phrases) for phrases in parsed["groups"]]
    return tuple(
        Symptom(
            tuple(names), tuple(WordGroups(tuple(groups[each] for each in said)) for said in patterns), groups[unless]
        )
        for names, patterns, unless in parsed["symptoms"]
    )


def parse_table() -> str:
    """The content of the file of parsed symptoms: each different group once, a phrase with its words joined."""
    numbers: dict[_Group, int] = {}
    symptoms = [
        [
            each.names,
            [[numbers.setdefault(group, len(numbers)) for group in pattern.groups] for pattern in each.patterns],
            numbers.setdefault(each.unless, len(numbers)),
        ]
        for each in built_in_symptoms()
    ]
    groups = [[" ".join(phrase) for phrase in group] for group in numbers]
    return (
        "{"
        + ",\n".join(f'"{key}": [\n{_lines(value)}]' for key, value in (("groups", groups), ("symptoms", symptoms)))
        + "}\n"
    )


def _lines(values: Sequence[object]) -> str:
    return ",\n".join(json.dumps(value) for value in values)


@cache
def default_symptoms() -> SymptomFinder:
    """Finds the symptoms of symptoms.toml."""
    return SymptomFinder(parsed_symptoms())


if __name__ == "__main__":
    PARSED_TABLE.write_text(parse_table(), "utf-8")
