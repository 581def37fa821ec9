"""A seed to a library of raw articles: one for each leaf code of ICD-10-CM, as .jsonl or as files.

Titles are the real ones. The text is drawn: words by rank from a vocabulary whose frequencies follow Zipf's law
(function words first, then the words of the table, then made-up ones), with the condition's own words, site and side
among them and the chapter's strewn in, so that postings are as long and as skewed as those of real articles. Half of
the articles have headings, half are prose that only its sentences' cues take apart. Article i is the same in every
library of a seed, and the first articles of a library come from all chapters.

    python -m tests.benchmarks.corpus --articles 75000 --to library.jsonl
    python -m tests.benchmarks.corpus --articles 75000 --to folder/
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import click
import numpy as np
from numpy.typing import NDArray

from indexer.knowledge import icd10
from indexer.knowledge.code_table import code_table

SEED: Final = 6
VOCABULARY: Final = 40_000  # different words; 74,736 articles of our corpus' kind would have about as many
EXPONENT: Final = 1.05  # of Zipf's law; Mandelbrot's shift keeps the first words from being too frequent
SHIFT: Final = 2.7
OWN_SHARE: Final = 0.07  # of the words of a text: from its title
CHAPTER_SHARE: Final = 0.02
WORDS: Final = 400
SENTENCE: Final = (8, 19)  # words, at least and below

FUNCTION_WORDS: Final = (
    "the of and in to a is or with for as by are that may it from be on which can at an this when not also have "
    "most but more than has if been will there was their other usually often some after these into they who "
    "between during all only one two such both"
).split()
MEDICAL_WORDS: Final = (
    "pain people patients condition blood treatment skin disease doctor symptoms years children adults fever "
    "infection swelling body weeks days care risk severe mild chronic acute test tissue surgery muscle bone nerve "
    "joint heart women men age months common early damage pressure drug dose cells inflammation cause causes "
    "diagnosis sign signs fluid loss weakness bleeding exercise medicine hospital imaging scan sample growth scar "
    "wound rest movement sleep weight family history immune virus bacteria antibiotics"
).split()
_ONSETS: Final = "b c d f g h l m n p r s t v br cl cr dr gl gr pl pr ph st th tr sc sp".split()
_NUCLEI: Final = "a e i o u ae io ia ea".split()
_CODAS: Final = ["", "", "", "n", "r", "l", "s", "x", "m", "t"]
_ENDINGS: Final = "a us um in ol ide ine ate ism ome al ic ar ous".split()

_HEADINGS: Final = {
    "overview": ("Overview", "About {name}", "What is {name}?"),
    "causes": ("Causes", "What causes it", "Causes and risk factors"),
    "symptoms": ("Symptoms", "Signs and symptoms", "What you may notice"),
    "diagnosis": ("Diagnosis", "How it is diagnosed", "Tests"),
    "treatment": ("Treatment", "How it is treated", "Treatment and outlook"),
}
_OPENINGS: Final = {
    "overview": (
        "{title} is a condition of {word} and {other}.",
        "{title} affects the {word}, and at times the {other}.",
    ),
    "causes": ("{name} is caused by {word} and {other}.", "Risk factors for {name} include {word} and {other}."),
    "symptoms": ("Symptoms of {name} include {word} and {other}.", "People with {name} notice {word}, then {other}."),
    "diagnosis": ("{name} is diagnosed by {word} and {other}.", "Tests for {name} begin with {word} and {other}."),
    "treatment": ("Treatment of {name} begins with {word} and {other}.", "{name} is treated with {word} or {other}."),
}


class Leaf(NamedTuple):
    """A leaf code with its official title and the number of its chapter."""

    code: str
    title: str
    chapter: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words from the most to the least frequent; `shares` their cumulative probability, [words]."""

    words: tuple[str, ...]
    shares: NDArray[np.float64]

    def draw(self, random: np.random.Generator, count: int) -> list[str]:
        """So many words, as often as Zipf's law has them."""
        return [self.words[rank] for rank in np.searchsorted(self.shares, random.random(count)).tolist()]


class RawText(NamedTuple):
    """A raw article: its id and its text, whose first line is the title."""

    id: str
    text: str


@cache
def leaves() -> tuple[Leaf, ...]:
    """Every leaf code, those that a seventh character makes too: 74,731 in the table of April 2026.

    The published table lists 74,736, but five of them twice: they are blocks of a single code, such as B20.
    """
    table = code_table()
    codes = [code for code in table.codes if not table.children(code)]
    return tuple(Leaf(code, icd10.full_title(code), icd10.chapter(code)) for code in codes)


@cache
def shuffled(seed: int) -> tuple[Leaf, ...]:
    """The leaves in an order in which any beginning is a sample of all."""
    order = np.random.default_rng(seed).permutation(len(leaves()))
    return tuple(leaves()[place] for place in order.tolist())


def words_of(text: str) -> list[str]:
    """The words of a title that can be asked for: lower case, three letters or more."""
    return re.findall(r"[a-z]{3,}", text.lower())


@cache
def vocabulary(seed: int) -> Vocabulary:
    """The words that articles are drawn from."""
    counted = Counter(word for leaf in leaves() for word in words_of(leaf.title))
    known = dict.fromkeys((*FUNCTION_WORDS, *MEDICAL_WORDS, *(word for word, _ in counted.most_common())))
    random = np.random.default_rng([seed, 1])
    while len(known) < VOCABULARY:
        known.setdefault(_made_up(random))
    words = tuple(known)[:VOCABULARY]
    weights = 1 / (np.arange(len(words)) + SHIFT) ** EXPONENT
    shares = np.cumsum(weights / weights.sum())
    shares[-1] = 1.0
    return Vocabulary(words, shares)


def _made_up(random: np.random.Generator) -> str:
    def one(choices: list[str]) -> str:
        return choices[int(random.integers(len(choices)))]

    syllables = (one(_ONSETS) + one(_NUCLEI) + one(_CODAS) for _ in range(int(random.integers(2, 4))))
    return "".join(syllables) + one(_ENDINGS)


def articles(count: int, seed: int = SEED) -> Iterator[RawText]:
    """The first `count` articles of the library; past one for each leaf, further editions with other words."""
    pool = shuffled(seed)
    for number in range(count):
        edition, place = divmod(number, len(pool))
        yield article(pool[place], edition, seed, number)


def article(leaf: Leaf, edition: int, seed: int, number: int) -> RawText:
    """The article of a leaf."""
    random = np.random.default_rng([seed, 2, number])
    headed, coded = random.random(2) < (0.5, 0.6)
    words = vocabulary(seed).draw(random, WORDS)
    _strew(words, words_of(leaf.title), OWN_SHARE, random)
    _strew(words, words_of(icd10.chapter_label(leaf.chapter)), CHAPTER_SHARE, random)
    id = icd10.term(leaf.code) + (f"-{edition + 1}" if edition else "")
    paragraphs = [leaf.title + (f", edition {edition + 1}" if edition else "")]
    if coded:
        paragraphs.append(f"ICD-10-CM: {leaf.code}")
    name = leaf.title.partition(",")[0]
    for kind, openings in _OPENINGS.items():
        own, words = words[: WORDS // 5], words[WORDS // 5 :]
        if headed:
            paragraphs.append(_one(_HEADINGS[kind], random).format(name=name))
        opening = _one(openings, random).format(title=leaf.title, name=name, word=own[0], other=own[1])
        paragraphs.append(" ".join((opening[0].upper() + opening[1:], *_sentences(own[2:], random))))
    return RawText(id, "\n\n".join(paragraphs) + "\n")


def _one(choices: tuple[str, ...], random: np.random.Generator) -> str:
    return choices[int(random.integers(len(choices)))]


def _strew(words: list[str], own: list[str], share: float, random: np.random.Generator) -> None:
    if own:
        places = np.flatnonzero(random.random(len(words)) < share)
        for place, which in zip(places.tolist(), random.integers(len(own), size=len(places)).tolist(), strict=True):
            words[place] = own[which]


def _sentences(words: list[str], random: np.random.Generator) -> Iterator[str]:
    start = 0
    for length in random.integers(*SENTENCE, size=len(words)).tolist():
        if start >= len(words):
            return
        yield " ".join(words[start : start + length]).capitalize() + "."
        start += length


def write_jsonl(path: Path, count: int, seed: int = SEED) -> None:
    """The library as one file with an article a line."""
    with path.open("w", encoding="utf-8") as file:
        for each in articles(count, seed):
            file.write(json.dumps(each._asdict()) + "\n")


def write_files(folder: Path, count: int, seed: int = SEED) -> None:
    """The library as files, in a folder for each category."""
    for each in articles(count, seed):
        path = file_of(folder, each.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each.text, encoding="utf-8")


def file_of(folder: Path, id: str) -> Path:
    """Where the article of that id stands among the files."""
    return folder / id[:3] / f"{id}.txt"


@click.command()
@click.option(
    "--articles", "count", default=10_000, show_default=True, help="How many; 74731 is one for each leaf code."
)
@click.option("--seed", default=SEED, show_default=True)
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="A .jsonl file, or a folder.")
def main(count: int, seed: int, target: Path) -> None:
    """Write a library of raw articles."""
    (write_jsonl if target.suffix == ".jsonl" else write_files)(target, count, seed)


if __name__ == "__main__":
    main()
