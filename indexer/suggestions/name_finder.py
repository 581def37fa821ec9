"""A misspelled name to the names most like it, by fuzzy matching.

The similarity of two names is the better of two scores of rapidfuzz, 0 to 100: `ratio` compares them letter by letter,
`token_set_ratio` compares their sets of words, in whatever order.
"""

import re
from array import array
from collections.abc import Iterator
from itertools import chain, compress, count
from typing import Final

from rapidfuzz import fuzz, process

from indexer.results import Name
from indexer.suggestions.name_table import NameTable
from indexer.text.analyzer import fold

MAX_NAMES: Final = 6
MIN_LENGTH: Final = 5  # letters; what is shorter is as likely an abbreviation
MIN_SIMILARITY: Final = 65  # of 100

_SCORERS: Final = (fuzz.ratio, fuzz.token_set_ratio)


def similarity(one: str, other: str) -> float:
    """The similarity of two names, 0 to 100."""
    return max(scorer(fold(one), fold(other)) for scorer in _SCORERS)


class NameFinder:
    """The names of one snapshot without the codes, for fuzzy matching; safe in any thread."""

    def __init__(self, names: NameTable) -> None:
        self._names = names
        is_no_code = [kind != "code" for kind in names.kinds]
        self._numbers = array("q", compress(count(), is_no_code))
        self._folded = list(map(fold, compress(names.texts, is_no_code)))

    def conditions_called(self, typed: str) -> Iterator[str]:
        """The keys of the conditions with this name; where there are none, of those with a name that has its words.

        A word in the plural is its singular, too.
        """
        name = fold(typed).strip()
        singulars = [re.escape(word.removesuffix("s")) for word in re.findall(r"[^\W_]+", name)]
        words = [re.compile(rf"\b{singular}s?\b") for singular in singulars]
        whole = [index for index, folded in enumerate(self._folded) if folded in (name, name.removesuffix("s"))]
        indexes = whole or [
            index for index, folded in enumerate(self._folded) if words and all(word.search(folded) for word in words)
        ]
        found = (self._names[self._numbers[index]] for index in indexes)
        return iter(dict.fromkeys(each.value for each in found if each.kind in ("condition", "name")))

    def nearest(self, typed: str) -> tuple[Name, ...]:
        """At most MAX_NAMES names most like the text, best first, each value once; none for a short text."""
        if len(typed) < MIN_LENGTH:
            return ()
        scored = chain.from_iterable(
            process.extract(fold(typed), self._folded, scorer=scorer, score_cutoff=MIN_SIMILARITY, limit=4 * MAX_NAMES)
            for scorer in _SCORERS
        )
        names = [(-score, self._names[self._numbers[index]], folded) for folded, score, index in scored]
        unique: dict[str, Name] = {}
        for _, name, _ in sorted(names, key=lambda each: (each[0], -each[1].documents, each[2])):
            unique.setdefault(name.value, name)
        return tuple(unique.values())[:MAX_NAMES]
