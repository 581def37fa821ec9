"""A code of ICD-10-CM to what the table says about it: title, trail of wider codes, chapter, inclusion terms.

Chapter labels come from a small file of our own. The table itself (98,000 nodes, about a second to load) is read by
`simple_icd_10_cm` the first time that a code is looked up: reading articles needs it, searching never does.
"""

import gc
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

_STATED: Final = re.compile(r"([A-Z][0-9A-Z]{2})\.?([0-9A-Z]{0,4})")
_USUAL: Final = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?")
_RANGE: Final = re.compile(r" \([A-Z]\w\w(?:-[A-Z]\w\w)?\)$")  # "Other osteopathies (M86-M90)"
_SYNONYM: Final = re.compile(r"\[([^\[\]]{4,})\]$")
_NOS: Final = re.compile(r",? NOS\b")


@dataclass(frozen=True, slots=True)
class Code:
    """A code in its usual form ("M86.341", a block as "M86-M90") with its title."""

    code: str
    title: str


def term(code: str) -> str:
    """The code as it stands in the index: lower case, no dot ("M86.341" -> "m86341")."""
    return code.replace(".", "").lower()


@cache
def chapter_labels() -> dict[str, str]:
    """The label of every chapter by its number, "1" to "22", in order."""
    text = files(__package__).joinpath("chapters.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def chapter_label(number: str) -> str:
    """The label of a chapter: "13" -> "Musculoskeletal system and connective tissue"; the number itself if there is none."""
    return chapter_labels().get(number, number)


def exists(code: str) -> bool:
    """Whether the table has this category or subcategory; only the usual form with the dot counts."""
    return _USUAL.fullmatch(code) is not None and bool(_table().is_valid_item(code))


@cache
def title(code: str) -> str:
    """The official title of a code or block of the table."""
    text = official(code).partition(" / ")[0]
    return _RANGE.sub("", text) if text.endswith(")") else text


def official(code: str) -> str:
    """The title with all that the table puts there: the range of a block, both names of a stage."""
    text: str = _table().get_description(code)
    return text.replace("/\t", " / ")


def stated(text: str) -> tuple[str, bool] | None:
    """The code that an article states, in its usual form, and whether the table has it.

    Where the table lacks it but has a wider one ("M61.169" -> "M61.16"), that one and False; None where it has
    neither. Placeholders may be missing or too many: "T67.01A" is T67.01XA, "M61.16X" is M61.16.
    """
    match = _STATED.fullmatch(re.sub(r"\s", "", text).upper())
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
    """Every category and subcategory, in the order of the table; not the blocks, nor what a seventh character makes of a code."""
    table = _table()
    every: list[str] = table.get_all_codes(True)
    return tuple(dict.fromkeys(c for c in every if table.is_category_or_subcategory(c) and not is_extension(c)))


def is_extension(code: str) -> bool:
    """Whether the code's last character only says encounter, stage or fetus, and is written nowhere in the table itself."""
    return bool(_table().is_extended_subcategory(code))


def is_leaf(code: str) -> bool:
    """Whether the code has no narrower ones; those that a seventh character makes do not count."""
    return not narrower(code)


def extensions(code: str) -> tuple[Code, ...]:
    """What a seventh character makes of a code, with the text that it adds to the title: "initial encounter"."""
    start = len(title(code)) + 2
    return tuple(Code(c, official(c)[start:]) for c in _children(code) if is_extension(c))


def without_extension(code: str) -> str:
    """The code that a seventh character was added to: "S52.531A" -> "S52.531"; any other code as it is."""
    return str(_table().get_parent(code)) if is_extension(code) else code


@cache
def narrower(code: str) -> tuple[str, ...]:
    """The codes just below, without those that a seventh character makes."""
    return tuple(c for c in _children(code) if not is_extension(c))


def descendants(code: str) -> tuple[str, ...]:
    """All narrower codes, wider ones before narrower ones, without those that a seventh character makes."""
    return tuple(d for child in narrower(code) for d in (child, *descendants(child)))


@cache
def trail(code: str) -> tuple[Code, ...]:
    """The wider codes, widest (the block) first: M86.341 -> M86-M90, M86, M86.3, M86.34."""
    above: str = _table().get_parent(code)
    if above in chapter_labels():
        return ()
    if above == code:  # a block of one category has the category's name
        return ()
    return (*trail(above), Code(above, title(above)))


@cache
def chapter(code: str) -> str:
    """The number of the code's chapter: "M86.341" -> "13"."""
    return code if code in chapter_labels() else str(_table().get_ancestors(code)[-1])


@cache
def inclusion_terms(code: str) -> tuple[str, ...]:
    """The other names of a code, from its inclusion terms and its "includes" notes, without NOS."""
    table = _table()
    return tuple(_NOS.sub("", text) for text in (*table.get_inclusion_term(code), *table.get_includes(code)))


def names(code: str) -> tuple[str, ...]:
    """All other names of a code: its inclusion terms, and what ends its title in square brackets ("Varicella [chickenpox]")."""
    return (*inclusion_terms(code), *_SYNONYM.findall(title(code)))


def default_names(code: str) -> tuple[str, ...]:
    """The inclusion terms that make this the code of a name where nothing more is said ("Asthma NOS"), without NOS."""
    return tuple(_NOS.sub("", text) for text in _table().get_inclusion_term(code) if _NOS.search(text))


def _children(code: str) -> list[str]:
    children: list[str] = _table().get_children(code)
    return children


@cache
def _table() -> "ModuleType":
    # The table is a million small objects that all stay: collecting garbage meanwhile doubles the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        import simple_icd_10_cm
    finally:
        if collecting:
            gc.enable()
    table: ModuleType = simple_icd_10_cm
    return table
