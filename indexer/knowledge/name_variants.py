"""A name to other ways to write it: the shapes that a code table has and writers do not, and the reverse.

The table packs several names into one: "Dengue fever [classical dengue]", "Rickets, active", "Pigeon fancier's disease
or lung", "Mucopolysaccharidosis, type III (A) (B) (C) (D)". `table_variants` takes them apart. Writers say "tumour" for
neoplasm, "hepatic" for "of liver", "disease" where the table has "syndrome": `written_variants` puts such a name into
the table's words. A variant need not be a name of anything: it is only looked up.
"""

import re
from collections.abc import Iterator
from typing import Final

from indexer.knowledge import body_sites
from indexer.knowledge.name_keys import name_terms, term_set, without_brackets

MIN_NAME: Final = 4  # letters of a variant that stands for the whole name

_BRACKET: Final = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_SQUARE_AT_END: Final = re.compile(r"\[([^\[\]]+)\](?=$|,| \()")
_EPONYM: Final = re.compile(r"[A-Z][\w'’]+(?:-[A-Z][\w'’]+)*")
_ALTERNATIVES: Final = re.compile(r" or |(?<=[a-z])/(?=[a-z])")
_LONE_LETTER: Final = re.compile(r"(?<=[a-z]) [A-D](?= (?:syndrome|disease|mucopolysaccharidos[ei]s)\b)")  # of a family
_NUMBERED: Final = re.compile(r"\b(?:type )?([IVX]{1,4}|\d)-?([A-Ea-e]?)$")
_PAINFUL: Final = re.compile(r"painful ", re.IGNORECASE)
_ROMAN: Final = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_QUALIFIER: Final = re.compile(r", (?:[a-z][\w-]*)(?: [a-z][\w-]*){0,2}$")
# Words before a comma that name no disease without what follows.
_VAGUE: Final = (
    "other disorder disease condition injury abnormal deficiency abnormality finding malformation anomaly deformity "
    "complication infection neoplasm tumor cyst fracture effusion activity person status encounter type problem "
    "absence "
    "pain lesion cell screening history exposure"
)
_KINDS: Final = "disease syndrome disorder"  # one may stand for another at the end of a name
_KIND_AT_END: Final = re.compile(rf"[ -](?:{'|'.join(_KINDS.split())})s?$", re.IGNORECASE)
# A name of two persons, or of one and the letter of a kind: "Tay-Sachs", "Sanfilippo A".
_EPONYM_AT_START: Final = re.compile(r"[A-Z]\w+(?:-[A-Z]\w+|(?:-[A-Z]\w+)? (?:[A-D]|\d))$")
# What writers say, as patterns of words, and what the table says.
_TABLE_WORDS: Final = tuple(
    (re.compile(rf"\b(?:{written})\b", re.IGNORECASE), official)
    for written, official in (
        ("cancers?|(?:malignant|cancerous) (?:tumou?rs?|growths?)|malignancy", "malignant neoplasm"),
        ("benign (?:tumou?rs?|growths?)", "benign neoplasm"),
        ("tumou?rs?", "neoplasm"),
        ("infectious disease|infestation", "infection"),
        ("infections?", "infectious disease"),
        ("inflammatory disease|inflammation", "inflammatory disorders"),
        ("renal|nephric", "kidney"),
        ("kidney", "renal"),
        ("hepatic", "liver"),
        ("cardiac", "heart"),
        ("pulmonary", "lung"),
        ("lung", "pulmonary"),
        ("gastric", "stomach"),
        ("cutaneous|dermal", "skin"),
        ("skin", "cutaneous"),
        ("cerebral", "brain"),
        ("ocular|ophthalmic", "eye"),
        ("osseous", "bone"),
        ("ovarian", "ovary"),
        ("uterine", "uterus"),
        ("testicular", "testis"),
        ("prostatic", "prostate"),
        ("pancreatic", "pancreas"),
        ("corneal", "cornea"),
        ("retinal", "retina"),
        ("vaginal", "vagina"),
        ("anal", "anus"),
        ("bronchial", "bronchus"),
        ("splenic", "spleen"),
        ("vesical", "bladder"),
        ("o?esophageal", "esophagus"),
        ("thyroid gland", "thyroid"),
        ("h(?:a?e)morrhagic", "hemorrhage"),
        ("inherited|familial|genetic", "hereditary"),
        ("hereditary", "familial"),
        ("inborn", "congenital"),
        ("wasting", "atrophy"),
        ("tuberculous", "tuberculosis"),
        ("syphilitic", "syphilis"),
        ("adenocarcinoma|carcinoma", "malignant neoplasm"),
        ("underactive thyroid", "hypothyroidism"),
        ("overactive thyroid", "hyperthyroidism"),
    )
)


def table_variants(name: str) -> Iterator[str]:
    """The names that a title or inclusion term of the table holds besides itself."""
    if "[" in name:
        yield from _bracketed(name)
    brackets = _BRACKET.findall(name) if "(" in name else []
    if len(brackets) > 1 or (brackets and len(brackets[0]) < MIN_NAME):
        for bracket in brackets:
            yield f"{without_brackets(name)} {bracket}"
    if (family := _LONE_LETTER.sub("", name)) != name:
        yield family
    bare = without_brackets(name) if "(" in name or "[" in name else name
    parts = _ALTERNATIVES.split(bare) if "," not in bare else []
    if len(parts) == 2:
        yield from _either(parts[0].split(), parts[1].split())
    left, joined, _ = bare.partition(" and ")
    if joined and " of " in left:
        yield left
    if (qualifier := _QUALIFIER.search(bare)) and not _is_vague(head := bare[: qualifier.start()]):
        yield head


def _bracketed(name: str) -> Iterator[str]:
    """What stands in square brackets at the end of a name or part of it; a person's name is that of a disease."""
    for match in _SQUARE_AT_END.finditer(name):
        inside = match[1].strip()
        if _EPONYM.fullmatch(inside):
            yield from (f"{inside} {kind}" for kind in _KINDS.split())
        elif (len(inside) >= MIN_NAME or inside.isupper()) and not _is_vague(inside):
            yield inside


def _either(left: list[str], right: list[str]) -> Iterator[str]:
    """The two names in "pigeon fancier's disease | lung" or "patent | persistent ostium secundum defect"."""
    if not left or not right:
        return
    if len(right) == 1:
        yield " ".join((*left[:-1], *right))
        yield " ".join(left)
    if len(left) == 1:
        yield " ".join((*left, *right[1:]))
        yield " ".join(right)


def _is_vague(head: str) -> bool:
    """Whether the words before a comma only say that there is some disorder."""
    terms = name_terms(head)
    return "," in head or not terms or not term_set(_VAGUE).isdisjoint((terms[0], terms[-1]))


def written_variants(name: str) -> Iterator[str]:
    """A name in the words that the table may have for it, the likeliest first; none for a mere site and "disease"."""
    kind = _KIND_AT_END.search(name)
    stem = name[: kind.start()] if kind else name
    if body_sites.is_location(name_terms(stem)):
        return
    if kind:
        yield from (f"{stem} {each}" for each in _KINDS.split() if not kind[0][1:].lower().startswith(each))
        if len(stem) >= MIN_NAME and len(stem.split()) <= 2:
            yield stem
    elif _EPONYM_AT_START.match(name):
        yield from (f"{stem} syndrome", f"{stem} disease")
    if numbered := _NUMBERED.search(name):
        yield from _renumbered(name[: numbered.start()], numbered[1], numbered[2].upper())
    if painful := _PAINFUL.match(name):
        yield f"{name[painful.end() :]} with pain"
    for pattern, official in _TABLE_WORDS:
        replaced = pattern.sub(official, name)
        if replaced != name:
            yield replaced


def _renumbered(name: str, number: str, letter: str) -> Iterator[str]:
    """A name with a number at its end in Roman and Arabic figures, its letter by itself or joined to it."""
    at = _ROMAN.index(number) if number in _ROMAN else int(number) if number.isdigit() else 0
    for figure in (_ROMAN[at], str(at)) if at else ():
        yield from (f"{name}type {figure}{letter}", f"{name}type {figure} {letter}".rstrip(), f"{name}{figure}{letter}")
