"""A code as somebody writes it to the code of the table, or to the codes most like it."""

import re
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.knowledge import icd10
from indexer.knowledge.code_table import code_table

MAX_NEAREST: Final = 8
MAX_TERM: Final = 7  # characters of a code without its dot
MAX_ERRORS: Final = 2  # characters that are wrong, missing, superfluous or swapped

_SHAPE: Final = re.compile(r"[A-Z](?=[A-Z]?[0-9])[0-9A-Z]{2,6}")


def find(text: str) -> str | None:
    """The code, block or chapter of the table that the text is: in any case, without the dot or the placeholder X.

    A chapter has two names: its number, and the range of its categories.
    """
    written = _normalized(text)
    if written in code_table():
        return written
    if "-" in written:
        return next((number for number, each in icd10.chapter_ranges().items() if each == written), None)
    parsed = icd10.parse_code(written)
    return parsed[0] if parsed and parsed[1] else None


def nearest(text: str) -> tuple[str, ...]:
    """At most MAX_NEAREST codes that differ from the text in at most MAX_ERRORS characters, the most similar first.

    Of equals, those come first that begin as the text does.
    """
    written = _normalized(text).replace(".", "")[:MAX_TERM]
    if not _SHAPE.fullmatch(written):
        return ()
    codes = code_table().codes
    terms = [code.replace(".", "") for code in codes]
    found = process.extract(written, terms, scorer=OSA.distance, score_cutoff=MAX_ERRORS, limit=None)
    ranked = sorted((errors, -_shared(written, term), number) for term, errors, number in found)
    return tuple(codes[number] for _, _, number in ranked[:MAX_NEAREST])


def _normalized(text: str) -> str:
    return re.sub(r"\s", "", text).upper().replace("–", "-").strip(".")


def _shared(one: str, other: str) -> int:
    """The number of characters at the beginning that are the same."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
