"""Misspelled names of conditions to the share that is still found.

python -m tests.relevance.misspellings [TRIALS] [SEED]. Each trial takes the name of a condition of corpus/ and one of
its words of five or more letters, and inserts, deletes, replaces or swaps a letter there, once or twice. The condition
must still be among the first ten, one card for each condition.
"""

import random
import string
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from indexer import Library, Page, open_library

CORPUS = Path(__file__).parents[2] / "corpus"
FIRST_TEN = Page(limit=10, collapse=True)
MIN_LETTERS = 5


def _insert(word: str, at: int, letter: str) -> str:
    return word[:at] + letter + word[at:]


def _delete(word: str, at: int, letter: str) -> str:
    return word[:at] + word[at + 1 :]


def _replace(word: str, at: int, letter: str) -> str:
    return word[:at] + letter + word[at + 1 :]


def _swap(word: str, at: int, letter: str) -> str:
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


EDITS: Sequence[Callable[[str, int, str], str]] = (_insert, _delete, _replace, _swap)


def misspelled(word: str, edits: int, chance: random.Random) -> str:
    """The word with so many random edits of one letter, and never the word itself."""
    changed = word
    while changed.lower() == word.lower():
        changed = word
        for _ in range(edits):
            edit = chance.choice(EDITS)
            changed = edit(changed, chance.randrange(len(changed)), chance.choice(string.ascii_lowercase))
    return changed


def lost(library: Library, trials: int, edits: int, seed: int) -> list[tuple[str, str]]:
    """Of so many trials those where the condition is not found: its name, and what was typed."""
    chance = random.Random(seed)
    names = {document.condition_key: document.condition for document in library.scan()}
    whole = [(key, name) for key, name in sorted(names.items()) if any(map(_is_long, name.split()))]
    missed = []
    for _ in range(trials):
        key, name = chance.choice(whole)
        words = name.split()
        index = chance.choice([index for index, word in enumerate(words) if _is_long(word)])
        typed = " ".join((*words[:index], misspelled(words[index], edits, chance), *words[index + 1 :]))
        if key not in {hit.document.condition_key for hit in library.search(typed, page=FIRST_TEN).hits}:
            missed.append((name, typed))
    return missed


def _is_long(word: str) -> bool:
    return len(word) >= MIN_LETTERS and word.isalpha()


def main() -> None:
    """Print the share that is found with one edit and with two, and some of what is not."""
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory(prefix="misspellings-") as folder, open_library(Path(folder) / "index") as library:
        library.sync([CORPUS])
        for edits, word in ((1, "one edit"), (2, "two edits")):
            missed = lost(library, trials, edits, seed)
            print(f"{word}: {100 - 100 * len(missed) / trials:.1f} percent of {trials:,} found")
            for name, typed in missed[:20]:
                print(f"  {typed}  (for {name})")


if __name__ == "__main__":
    main()
