"""A title or heading in capitals to the same in sentence case, by how its own article writes the words.

"Crohn's Disease of Small Intestine" is Crohn's disease of small intestine: a word loses its capital if the article
writes it without one, or nowhere within a sentence; a name or an abbreviation ("Crohn", "MRI") keeps what it has there.
The beginning of a sentence tells nothing of a capital, but for an abbreviation and a double name ("Guillain-Barré").
"""

import re
from collections.abc import Iterable
from typing import Final

MIN_LETTERS: Final = 4  # of a word that shows whether a title is in capitals; "of" and "with" never are

_APOSTROPHES: Final = ("'", "’")
_WORD: Final = re.compile(r"[^\W\d_]+")
_EVIDENCE: Final = re.compile(  # a word within a sentence, the first of a double name, an abbreviation
    r"(?:(?<=[\w,;] )|(?<=[\w,;] [(\[])|(?<=\w[-–]))[^\W\d_]+|[^\W\d_]+(?=[-–][A-ZÀ-Þ][^\W\d_]+)|\b[A-ZÀ-Þ]{2,}\b"
)
_ROMAN: Final = re.compile(r"[IVX]{2,}")


def in_capitals(title: str) -> bool:
    """Whether every word is capitalized, or all letters are."""
    if title.isupper():
        return True
    count = 0
    for match in _WORD.finditer(title):  # as far as the first that is not: titles are many, and texts are long
        word = match[0]
        if len(word) >= MIN_LETTERS:
            if not (word[0].isupper() and (word[0] + word[1:].lower()).istitle()):
                return False
            count += 1
    return count > 1


def sentence_case(title: str, texts: Iterable[str]) -> str:
    """The title in sentence case, if it is in capitals; `texts` are what the article says in ordinary sentences."""
    if not in_capitals(title):
        return title
    written = {word for text in texts if not in_capitals(text) for word in _EVIDENCE.findall(text)}
    whole = title.isupper()
    words = list(_WORD.finditer(title))
    first, last, parts = True, 0, []
    for word in words:
        is_ending = title[word.start() - 1 : word.start()] in _APOSTROPHES
        recased = word.group().lower() if is_ending else _recased(word.group(), written, whole=whole, first=first)
        parts += [title[last : word.start()], recased]
        first, last = False, word.end()
    return "".join((*parts, title[last:]))


def _recased(word: str, written: set[str], *, whole: bool, first: bool) -> str:
    lowered, capitalized = word.lower(), word[:1].upper() + word[1:].lower()
    if len(word) == 1 or _ROMAN.fullmatch(word):
        return word if len(word) > 1 or first or not whole else lowered if lowered in written else word
    if not whole and any(map(str.isupper, word[1:])):
        return word  # an abbreviation in a title whose words are capitalized
    if lowered in written:
        return capitalized if first else lowered
    if whole and word in written:
        return word
    return capitalized if first or capitalized in written else lowered
