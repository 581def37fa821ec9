"""Sentences to the US school grade of those who read them with ease, by two published measures.

Flesch-Kincaid: grade = 0.39 * words per sentence + 11.8 * syllables per word - 15.59. J. P. Kincaid, R. P. Fishburne,
R. L. Rogers and B. S. Chissom, Derivation of New Readability Formulas, Research Branch Report 8-75, Naval Technical
Training, Millington, 1975.

Automated Readability Index: grade = 4.71 * letters per word + 0.5 * words per sentence - 21.43. R. J. Senter and
E. A. Smith, Automated Readability Index, AMRL-TR-66-220, Wright-Patterson Air Force Base, 1967. It counts no syllables,
so that a mistake in counting them cannot hide behind it. The page of an article shows it rounded
(indexer.text.readability).

Syllables are counted by rule. Over the words of this corpus that the CMU Pronouncing Dictionary holds (97 percent), the
rule counts 1.409 a word, the dictionary 1.417: less than 0.1 of a grade. textstat computes both measures, too, but
needs a dictionary that NLTK downloads when it runs.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SILENT_E: Final = re.compile(
    r"(?<![aeiouy])(?<![^aeiouy]l)e$|"  # bone, scale; not knee, muscle
    r"(?<![aeiouydt])ed$|"  # caused; not treated
    r"(?<![aeiouycghsxz])(?<![^aeiouy]l)es$"  # bones; not diseases, muscles
)
_VOWELS: Final = re.compile(r"(?<![cgst])i(?=[aou])|(?<![gq])u(?=a)|[aeiouy]+")  # pneumoni-a; not condi-tion


class ReadingGrade(NamedTuple):
    """School grades: 8.0 is read with ease by somebody in the eighth year of school."""

    flesch_kincaid: float
    automated_readability: float


def syllables(word: str) -> int:
    return max(1, len(_VOWELS.findall(_SILENT_E.sub("", word.lower()))))


def reading_grade(sentences: Iterable[str]) -> ReadingGrade:
    """The grades of a text; sentences without words do not count."""
    by_sentence = [words for sentence in sentences if (words := _WORD.findall(sentence))]
    words = [word for sentence in by_sentence for word in sentence]
    words_per_sentence = len(words) / len(by_sentence)
    return ReadingGrade(
        0.39 * words_per_sentence + 11.8 * sum(map(syllables, words)) / len(words) - 15.59,
        0.5 * words_per_sentence + 4.71 * sum(map(len, words)) / len(words) - 21.43,
    )
