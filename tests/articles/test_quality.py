"""How well fields are found in outside text; skipped where CONDITIONS_EVALUATION names no folder with that text."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from indexer.articles.model import SECTION_KINDS
from indexer.articles.reader import parse_article

FOLDER = Path(os.environ.get("CONDITIONS_EVALUATION", ""), "reading")
pytestmark = pytest.mark.skipif(not (FOLDER / "sections.jsonl").is_file(), reason="CONDITIONS_EVALUATION is not set")


def gold(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def macro_f1(pairs: Counter[tuple[str, str]]) -> float:
    scores = []
    for kind in SECTION_KINDS:
        hits = pairs[kind, kind]
        wrong = sum(count for (wanted, found), count in pairs.items() if (wanted == kind) != (found == kind))
        scores.append(2 * hits / (2 * hits + wrong) if hits else 0.0)
    return sum(scores) / len(scores)


def words(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def found_in(sentence: str, sections: Iterable[tuple[str, str]]) -> str:
    for part in (sentence, sentence[:60]):
        for kind, text in sections:
            if part in text:
                return kind
    return "missing"


# Half a point below what was reached, so that they may only rise.
@pytest.mark.parametrize(("style", "floor"), [("headed", 0.98), ("headless", 0.902)])
def test_characters_in_the_right_field(style: str, floor: float) -> None:
    pairs: Counter[tuple[str, str]] = Counter()
    for article in gold("raw-articles.jsonl"):
        if article["style"] != style:
            continue
        text = article["raw_text"]
        sections = [(section.kind, words(section.text)) for section in parse_article(article["id"], text).sections]
        for span in article["spans"]:
            for sentence in re.split(r"(?<=[.!?;])\s+|\n+", text[span["start"] : span["end"]]):
                if len(words(sentence)) >= 12 and span["label"] in SECTION_KINDS:
                    pairs[span["label"], found_in(words(sentence), sections)] += len(words(sentence))
    assert macro_f1(pairs) >= floor


def test_paragraphs_read_alone() -> None:
    pairs: Counter[tuple[str, str]] = Counter()
    for paragraph in gold("sections.jsonl"):
        length: Counter[str] = Counter()
        for section in parse_article(paragraph["id"], paragraph["text"]).sections:
            length[section.kind] += len(section.text)
        label = "overview" if paragraph["label"] == "other" else paragraph["label"]
        pairs[label, length.most_common(1)[0][0] if length else "missing"] += 1
    assert macro_f1(pairs) >= 0.903
