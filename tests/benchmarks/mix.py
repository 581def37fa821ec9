"""A seed to a mix of queries: what people ask of such a library, and what is hard for an engine.

A query is kept in a form that every engine can be given: its words, how they combine, and filters. A third of all has
filters; frequent words stand in nearly every article, rare ones in a few.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from tests.benchmarks.corpus import MEDICAL_WORDS, SEED, VOCABULARY, Leaf, shuffled, vocabulary, words_of

Mode: TypeAlias = Literal["all", "any", "phrase", "prefix"]

SITES: Final = ("hand", "lower-limb", "upper-limb", "head", "knee", "eye", "chest", "foot", "shoulder", "abdomen")
CHAPTERS: Final = ("13", "19", "2", "9", "20", "7")
FILTERED_SHARE: Final = 1 / 3
OLDEST: Final = 5_000  # titles are taken from the articles that even a small library has


@dataclass(frozen=True, slots=True)
class Ask:
    """A query: all or any of the words, the words as a phrase, or all of them with the last one a beginning."""

    kind: str
    mode: Mode
    words: tuple[str, ...]
    site: str | None = None
    chapter: str | None = None

    @property
    def text(self) -> str:
        """The query as it is typed into our search box."""
        match self.mode:
            case "phrase":
                return f'"{" ".join(self.words)}"'
            case "prefix":
                return " ".join(self.words) + "*"
            case _:
                return " ".join(self.words)


def mix(seed: int = SEED, draw: int = 0) -> tuple[Ask, ...]:
    """Some 150 different queries, in an order that mixes their kinds; others in each draw."""
    random = np.random.default_rng([seed, 3, draw])
    asks = [ask for ask in dict.fromkeys(_asks(random, seed)) if ask.words]
    filtered = random.permutation(len(asks))[: round(len(asks) * FILTERED_SHARE)].tolist()
    for number, place in enumerate(filtered):
        site = SITES[number % len(SITES)] if number % 3 != 1 else None
        chapter = CHAPTERS[number % len(CHAPTERS)] if number % 3 != 0 else None
        asks[place] = replace(asks[place], site=site, chapter=chapter)
    return tuple(asks[place] for place in random.permutation(len(asks)).tolist())


def _asks(random: np.random.Generator, seed: int) -> list[Ask]:
    titles = [leaf for leaf in shuffled(seed)[:OLDEST] if len(_telling(leaf)) >= 4]
    made_up = vocabulary(seed).words

    def leaf() -> Leaf:
        return titles[int(random.integers(len(titles)))]

    def from_title(count: int) -> tuple[str, ...]:
        return tuple(_pick(random, _telling(leaf()), count))

    def frequent(count: int) -> tuple[str, ...]:
        return tuple(_pick(random, tuple(MEDICAL_WORDS), count))

    asks = [Ask("frequent word", "all", frequent(1)) for _ in range(10)]
    asks += [Ask("word of a title", "all", from_title(1)) for _ in range(14)]
    asks += [Ask("rare word", "all", (made_up[int(random.integers(VOCABULARY // 4, VOCABULARY))],)) for _ in range(10)]
    for count in range(2, 9):
        asks += [Ask("words of a title, all", "all", from_title(count)) for _ in range(5)]
        asks += [Ask("words of a title, any", "any", from_title(count)) for _ in range(4)]
        asks += [
            Ask("mixed words, any", "any", from_title(count // 2) + frequent(count - count // 2)) for _ in range(2)
        ]
        asks += [Ask("frequent words, all", "all", frequent(count)) for _ in range(1)]
    asks += [Ask("phrase", "phrase", _neighbours(random, leaf(), 2 + number % 2)) for number in range(18)]
    asks += [Ask("prefix", "prefix", (_beginning(random, leaf()),)) for _ in range(10)]
    for _ in range(8):
        asks.append(Ask("word and prefix", "prefix", (*from_title(1), _beginning(random, leaf()))))
    return asks


def _telling(leaf: Leaf) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(word for word in words_of(leaf.title) if len(word) > 3 and word not in {"with", "other"})
    )


def _pick(random: np.random.Generator, words: tuple[str, ...], count: int) -> list[str]:
    places = sorted(random.permutation(len(words))[:count].tolist())
    return [words[place] for place in places]


def _neighbours(random: np.random.Generator, leaf: Leaf, count: int) -> tuple[str, ...]:
    """Words that stand side by side in the title, none of them one that engines leave out."""
    words = leaf.title.lower().replace(",", " ,").split()
    runs = [words[start : start + count] for start in range(len(words) - count + 1)]
    clean = [run for run in runs if all(word.isalpha() and len(word) > 3 and word != "with" for word in run)]
    return tuple(clean[int(random.integers(len(clean)))]) if clean else ()


def _beginning(random: np.random.Generator, leaf: Leaf) -> str:
    words = [word for word in _telling(leaf) if len(word) > 6]
    return words[int(random.integers(len(words)))][: int(random.integers(4, 7))] if words else "osteo"
