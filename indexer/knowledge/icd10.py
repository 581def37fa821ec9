"""A code of ICD-10-CM to what the table says about it: title, trail of wider codes, chapter, inclusion terms.

Chapter labels come from `chapters.toml`. The table itself (98,000 codes) is opened when the first code is looked up:
reading articles needs it, and a search for a code that no document has.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import digits
from typing import Final

from indexer.knowledge.code_table import code_table

_LENIENT: Final = re.compile(r"([A-Z][0-9A-Z]{2})\.?([0-9A-Z]{0,4})")
_DOTTED: Final = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?")
_RANGE: Final = re.compile(r" \([A-Z]\w\w(?:-[A-Z]\w\w)?\)$")  # "Other osteopathies (M86-M90)"
_RANGE_OF_CODES: Final = re.compile(
    r"([A-Z][0-9][0-9AB])(?:\.\w{1,4})?[-–]([A-Z][0-9][0-9AB])(?:\.\w{1,4})?", re.IGNORECASE
)
_LETTER_UNITS: Final = "ab"  # the letters in third place of categories such as M1A and C7B
MAX_RANGE: Final = 240  # categories of a range of codes: two letters of the alphabet
_BRACKETED_SYNONYM: Final = re.compile(r"\[([^\[\]]{4,})\]$")
_NOS: Final = re.compile(r",? NOS\b")


@dataclass(frozen=True, slots=True)
class Code:
    """A code in its dotted form ("M86.341", a block as "M86-M90") with its title."""

    code: str
    title: str


def term(code: str) -> str:
    """The term of a code in the index: lower case, no dot ("M86.341" -> "m86341")."""
    return code.replace(".", "").lower()


def stated_terms(code: str) -> tuple[str, ...]:
    """The terms of a code as an article states it, wider ones first, by its characters alone.

    "M86.34" gives m86, m863 and m8634; "M80-M82" the range and its categories; a code of another classification itself.
    """
    if "-" in code:
        return (term(code), *range_terms(code))
    whole = term(code)
    return tuple(whole[:length] for length in range(3, len(whole) + 1)) if _LENIENT.fullmatch(code) else (whole,)


def range_terms(text: str) -> tuple[str, ...]:
    """The terms of the categories that a range of codes may have ("I60-I69"), also such as M1A; () for any other text.

    At most MAX_RANGE: a wider range says nothing. Whether the table has a category is not looked up.
    """
    match = _RANGE_OF_CODES.fullmatch(text)
    if match is None:
        return ()
    first, last = match[1].lower(), match[2].lower()
    letters = map(chr, range(ord(first[0]), ord(last[0]) + 1))
    categories = (letter + tens + unit for letter in letters for tens in digits for unit in digits + _LETTER_UNITS)
    between = tuple(category for category in categories if first <= category <= last)
    return between if len(between) <= MAX_RANGE else ()


@cache
def chapter_labels() -> dict[str, str]:
    """The label of every chapter by its number, "1" to "22", in order."""
    text = files(__package__).joinpath("chapters.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def chapter_label(number: str) -> str:
    """The label of a chapter: "12" -> "Skin and subcutaneous tissue"; of an unknown chapter, its number."""
    return chapter_labels().get(number, number)


@cache
def chapter_ranges() -> dict[str, str]:
    """The first and the last category of every chapter by its number: "13" -> "M00-M99"."""
    return {number: full_title(number).rpartition("(")[2].rstrip(")") for number in chapter_labels()}


def exists(code: str) -> bool:
    """Whether the table has this category or subcategory; only the dotted form counts."""
    return _DOTTED.fullmatch(code) is not None and code in code_table()


@cache
def title(code: str) -> str:
    """The official title of a code or block of the table."""
    text = full_title(code).partition(" / ")[0]
    return _RANGE.sub("", text) if text.endswith(")") else text


def full_title(code: str) -> str:
    """The title with everything that the table writes there: the range of a block, both names of a stage."""
    return code_table().title(code)


def parse_code(text: str) -> tuple[str, bool] | None:
    """The dotted form of a code as an article states it, and True where the table has that code.

    Where the table has only a wider code ("M61.167" -> "M61.16"), that one and False; None where it has neither.
    Placeholders may be missing or superfluous: "T67.01A" is T67.01XA, "M61.16X" is M61.16.
    """
    match = _LENIENT.fullmatch(re.sub(r"\s", "", text).upper())
    if match is None:
        return None
    code = f"{match[1]}.{match[2]}".rstrip(".")
    padded = f"{match[1]}.{match[2][:-1]:X<3}{match[2][-1:]}"
    for form in (code, padded, code.rstrip("X").rstrip(".")):
        if exists(form):
            return form, True
    while len(code) > 3:
        code = code[:-1].rstrip(".")
        if exists(code):
            return code, False
    return None


@cache
def codes() -> tuple[str, ...]:
    """Every category and subcategory in the order of the table, without blocks and without extensions."""
    return tuple(code for code in code_table().codes if exists(code) and not is_extension(code))


def is_extension(code: str) -> bool:
    """Whether the code's seventh character only adds an encounter, stage or fetus to a code of the table."""
    return code_table().is_extension(code)


def is_leaf(code: str) -> bool:
    """Whether the code has no narrower ones; extensions do not count."""
    return not narrower(code)


def extensions(code: str) -> tuple[Code, ...]:
    """The extensions of a code, each with what the seventh character adds to the title ("initial encounter")."""
    table = code_table()
    return tuple(Code(c, table.line(c).title.removeprefix(", ")) for c in table.children(code) if is_extension(c))


def without_extension(code: str) -> str:
    """The code that an extension extends: "S52.531A" -> "S52.531"; any other code as it is."""
    return code_table().ancestors(code)[-1] if is_extension(code) else code


@cache
def narrower(code: str) -> tuple[str, ...]:
    """The codes one level below, without extensions."""
    return tuple(c for c in code_table().children(code) if not is_extension(c))


def descendants(code: str) -> tuple[str, ...]:
    """All narrower codes, wider ones before narrower ones, without extensions."""
    return tuple(d for child in narrower(code) for d in (child, *descendants(child)))


@cache
def trail(code: str) -> tuple[Code, ...]:
    """The wider codes, widest (the block) first: M86.341 -> M86-M90, M86, M86.3, M86.34."""
    return tuple(Code(above, title(above)) for above in code_table().ancestors(code)[1:])


def shared_heading(codes: Iterable[str]) -> str | None:
    """The narrowest code that is one of these or a wider one of all; None where they share no category."""
    shortest, *others = sorted(codes, key=len)
    lineage = (shortest, *(wider.code for wider in reversed(trail(shortest)) if "-" not in wider.code))
    return next((each for each in lineage if all(code.startswith(each) for code in others)), None)


@cache
def chapter(code: str) -> str:
    """The number of the code's chapter: "M86.341" -> "13"."""
    return (*code_table().ancestors(code), code)[0]


@cache
def inclusion_terms(code: str) -> tuple[str, ...]:
    """The inclusion terms of a code and its "includes" notes, without NOS."""
    line = code_table().line(code)
    return tuple(_NOS.sub("", text) for text in (*line.texts("inclusion term"), *line.texts("includes")))


def synonyms(code: str) -> tuple[str, ...]:
    """The synonyms of a code: its inclusion terms, and the bracketed end of its title ("Varicella [chickenpox]")."""
    return (*inclusion_terms(code), *_BRACKETED_SYNONYM.findall(title(code)))


def default_names(code: str) -> tuple[str, ...]:
    """The inclusion terms with NOS, without it: an unqualified "asthma" has the code of "Asthma NOS"."""
    terms = code_table().line(code).texts("inclusion term")
    return tuple(_NOS.sub("", text) for text in terms if _NOS.search(text))
