"""Pages with a reviewed main text to the weights of main_text.py.

    python -m indexer.articles.main_text_trainer FOLDER [NAMES]

FOLDER holds html/NAME.html.gz and ground-truth/NAME.json with the main text, as the Web Content Extraction Benchmark
(WCXB, CC BY 4.0) does; NAMES, if given, is a file with the names of the pages to learn from, one a line. A block is
main text where most of its word triples stand in the reviewed text (of fewer than five words: where it stands there
as it is). Blocks weigh as the root of their length, pages alike; the weights are those of a logistic regression with
a quadratic penalty, found by Newton's method. No text of the pages goes into the weights.
"""

import gzip
import json
import re
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from indexer.articles.cleaning import page_tree
from indexer.articles.main_text import hidden_blocks
from indexer.articles.page_features import Floats, PageFeatures
from indexer.articles.page_outline import PageOutline

PENALTY: Final = 100.0
STEPS: Final = 15  # of Newton's method; it stands still after 8
MIN_TRIPLES: Final = 5  # words of a block that is compared by its triples
SHARE: Final = 0.5  # of the triples of a block that stand in the main text

_WORD: Final = re.compile(r"\w+")
WEIGHTS_FILE: Final = Path(__file__).with_name("main_text_weights.json")


def labelled_pages(folder: Path, names: Collection[str] = ()) -> Iterator[tuple[PageOutline, PageFeatures, Floats]]:
    """The outline and features of each page, with 1 for a block of the main text and 0 for any other."""
    for path in sorted((folder / "ground-truth").glob("*.json")):
        main = json.loads(path.read_text("utf-8"))["ground_truth"].get("main_content")
        if not main or (names and path.stem not in names):
            continue
        html = gzip.decompress((folder / "html" / f"{path.stem}.html.gz").read_bytes()).decode("utf-8", "replace")
        root = page_tree(html)
        if root is None:
            continue
        outline = PageOutline(root)
        yield outline, PageFeatures(outline, hidden_blocks(outline, root)), labels(outline, main)


def labels(outline: PageOutline, main: str) -> Floats:
    """1 for each block that stands in the main text."""
    words = _WORD.findall(main.lower())
    triples = set(zip(words, words[1:], words[2:], strict=False))
    running = f" {' '.join(words)} "
    result = np.zeros(len(outline.texts))
    for place, text in enumerate(outline.texts):
        own = _WORD.findall(text.lower())
        if len(own) < MIN_TRIPLES:
            result[place] = bool(own) and f" {' '.join(own)} " in running
        else:
            found = [triple in triples for triple in zip(own, own[1:], own[2:], strict=False)]
            result[place] = sum(found) > SHARE * len(found)
    return result


def train(pages: Collection[tuple[PageOutline, PageFeatures, Floats]]) -> dict[str, float]:
    """The weight of each feature by its name, and the bias."""
    names = tuple(next(iter(pages))[1].by_name)
    features = np.vstack([page.matrix(names) for _, page, _ in pages])
    label = np.concatenate([each for *_, each in pages])
    importance = np.concatenate([np.sqrt(outline.words) / np.sqrt(outline.words).sum() for outline, *_ in pages])
    importance /= importance.mean()
    mean, spread = features.mean(0), features.std(0) + 1e-6
    scaled = np.column_stack(((features - mean) / spread, np.ones(len(features))))
    penalty = np.full(len(names) + 1, PENALTY)
    penalty[-1] = 0.0
    weights = np.zeros(len(names) + 1)
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-scaled @ weights))
        gradient = scaled.T @ (importance * (probability - label)) + penalty * weights
        curvature = (scaled.T * (importance * probability * (1 - probability))) @ scaled + np.diag(penalty)
        weights -= np.linalg.solve(curvature, gradient)
    plain = weights[:-1] / spread
    return {**dict(zip(names, plain.tolist(), strict=True)), "bias": float(weights[-1] - plain @ mean)}


def write(folder: str, names: Collection[str] = (), target: Path = WEIGHTS_FILE) -> int:
    """Train on the pages below a folder and write the weights; returns the number of pages."""
    pages = list(labelled_pages(Path(folder), names))
    weights = {name: round(weight, 4) for name, weight in train(pages).items()}
    target.write_text(json.dumps(weights, indent=0) + "\n", "utf-8")
    return len(pages)


if __name__ == "__main__":
    write(sys.argv[1], Path(sys.argv[2]).read_text("utf-8").split() if len(sys.argv) > 2 else ())
