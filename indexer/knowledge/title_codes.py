"""A title that holds the name of a disease and more words to a code: "Refractory celiac disease", "Asthma in children".

What is added decides. It may say which kind of the disease is meant, and then the code of the disease is that of a
heading; or it makes another disease: rheumatic fever is no rheumatism, an eye stroke no stroke, and high blood pressure
in pregnancy has another code than high blood pressure. So a name counts only

- at the beginning of a title, where punctuation, a preposition, a number or "type" follows;
- at the end, after words that qualify a disease (acute, juvenile, hereditary ...), or where it has several words;
- never, where the words added tell of pregnancy, birth, drugs, injury and the like, or the name itself says too little.

The word lists below were written for this project after the titles of ICD-10-CM.
"""

import re
from collections.abc import Sequence
from typing import Final

from indexer.knowledge import body_sites, icd10, icd10_names
from indexer.knowledge.code_locations import heading_of, widened
from indexer.knowledge.coded_names import NEEDS_SITE, Coding, coding_at, coding_by_terms, forms_of
from indexer.knowledge.name_keys import name_terms, term_set

# Words that make a title with a name inside mean something that is not even a kind of what the name means.
_NO_KIND: Final = (
    "like variant dependent syndrome disease disorder deficiency association non not no without with due after "
    "post pseudo history fear risk prevention screening vaccine test surgery therapy therapies chemotherapy "
    "treatment related induced associated pregnancy pregnant gestational gestation gestationis childbirth birth "
    "puerperium puerperal postpartum maternal newborn newborns neonatal neonate neonatorum perinatal fetal drug "
    "drugs alcoholic traumatic complication procedure postprocedural postoperative injury poisoning rheumatic "
    "caring living coping exposure"
)
# Words that say which kind of a disease is meant, where they stand before its name.
_QUALIFIERS: Final = (
    "acute chronic subacute mild moderate severe refractory recurrent relapsing progressive persistent "
    "intermittent transient stable unstable advanced early late onset adult childhood pediatric juvenile "
    "infantile elderly congenital hereditary inherited familial familiar genetic autosomal dominant recessive x "
    "linked sporadic idiopathic primary secondary essential classic classical typical atypical common simple "
    "complicated uncomplicated isolated generalized localized local focal diffuse disseminated multifocal "
    "extensive limited malignant benign nonmalignant invasive metastatic symptomatic asymptomatic silent latent "
    "active inactive resistant intractable untreated untreatable seasonal nocturnal daytime painful painless type "
    "stage grade acquired american european african asian old world new male female men women bilateral "
    "unilateral life threatening long term short"
)
# What may follow the name of a disease at the beginning of a title, as the words are written.
_FOLLOWS: Final = re.compile(
    r"""\s* (?: [,;:(/–—-]
           | (?: in | with | of | without | involving | affecting | among | during | due | caused | secondary | and
               | type
               | types | stage | grade | variant | class | form | subtype | group
               | \d+[a-z]? \d? | [ivx]{1,5}[a-e]? ) (?!\w) )""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NUMBERED: Final = re.compile(r"(\w.*?\w\w\w),? (?:type )?(?:[1-9]\d?[A-Z]{0,2}\d?|[IVX]{1,5}[A-E]?)")
_NUMBER: Final = re.compile(r"\b(?:[IVX]+|\d+|[A-Z])\b")
_TYPE_AT_END: Final = re.compile(r"\b(?:type|form|variant|subtype)(?: \S{1,5})?$", re.IGNORECASE)
MIN_SPECIFIC_TERMS: Final = 2  # of a name that may stand after any words
# First letters of the codes of symptoms, injuries, their causes, and reasons for a visit: whose names are too general.
_GENERAL_CHAPTERS: Final = "RSTVWXYZ"
# Names that say too little to be the heading of a kind: their kinds have codes elsewhere.
_TOO_GENERAL: Final = (
    "infection infectious disease disorder syndrome condition hernia cyst polyp ulcer abscess fistula stricture "
    "stenosis atresia calculus hemorrhage bleeding edema cancer tumor neoplasm malignant benign carcinoma lesion "
    "deformity malformation congenital liver lung heart kidney skin eye bone joint muscle nerve brain hearing "
    "loss vision hypotension arthropathy dermatitis diabetes mellitus inflammatory inflammation nonspecific "
    "functional mental"
)


def coding_in_title(title: str) -> Coding | None:
    """The code of a title that contains a name of the table and more words.

    It is the code whose title adds the same words to that name, else the code of the name as a wider one.
    """
    for form, is_whole in forms_of(title):
        terms = name_terms(form)
        name = icd10_names.longest_match(terms, {0}) if is_whole else None
        if name and (code := icd10_names.find_code_by_terms(name.key.split(" "), form)):
            return _coding_at_beginning(code, name.key.split(" "), form, terms, terms[name.last :])
    first = title.partition(",")[0]
    return _coding_at_end(first) if " and " not in first else None


def _coding_at_end(title: str) -> Coding | None:
    """The code of a title that ends with a name: after qualifiers, or a name of two words or more after any words."""
    words = title.split()
    qualifiers, general = term_set(_QUALIFIERS), term_set(_TOO_GENERAL)
    for start in range(1, len(words)):
        added = name_terms(" ".join(words[:start]))
        rest = " ".join(words[start:])
        named = name_terms(rest)
        is_qualified = qualifiers.issuperset(added)
        if not is_qualified and (
            len(set(named) - general) < MIN_SPECIFIC_TERMS or body_sites.mentions(named) or _NUMBER.search(rest)
        ):
            return None
        if coding := coding_by_terms(named, rest):
            return _as_heading(coding.code, named, rest, frozenset() if is_qualified else frozenset(added))
    return None


def coding_of_family(title: str) -> Coding | None:
    """The code of the table for a title that ends with the number of a kind: "Usher syndrome type 2A"."""
    numbered = _NUMBERED.fullmatch(title)
    code = icd10_names.find_code(numbered[1]) if numbered else None
    return _as_heading(code, name_terms(numbered[1]), numbered[1]) if code and numbered else None


def _coding_at_beginning(
    code: str, named: Sequence[str], form: str, terms: Sequence[str], rest: Sequence[str]
) -> Coding | None:
    """The code of a title that begins with a name of `code`, which has the terms `named`; `rest` are those after it."""
    added = frozenset(terms) - frozenset(named)
    if not icd10_names.has_words(code, named, form):
        return None
    if narrower := _narrower_adding(code, added):
        return Coding(narrower, "inferred")
    if body_sites.is_location([term for term in terms if term in added]):
        coding = coding_at(code, body_sites.locate(form))
        if coding is None or coding.match == "exact":
            return Coding(coding.code, "inferred") if coding else None
        return None if _is_too_general(coding.code, named) else coding
    if any(map(_is_letter, added)) or not _is_followed_by_kind(form, len(rest)):
        return None
    return _as_heading(code, named, form, added)


def _as_heading(code: str, named: Sequence[str], form: str, added: frozenset[str] = frozenset()) -> Coding | None:
    """The code as the heading of a kind of what it names."""
    if _is_too_general(code, named) or not added.isdisjoint(term_set(_NO_KIND)):
        return None
    above = widened(code) if icd10_names.has_words(code, named, form) or not added else None
    return Coding(above, "parent") if above and "nspecified" not in icd10.title(above) else None


def _is_too_general(code: str, named: Sequence[str]) -> bool:
    """Whether a code, or these terms of its name, say too little for a heading: elsewhere they name another disease."""
    title = icd10.title(code)
    needs_site = NEEDS_SITE.search(title) is not None and not body_sites.locate(title).sites
    return code[0] in _GENERAL_CHAPTERS or term_set(_TOO_GENERAL).issuperset(named) or needs_site


def _is_followed_by_kind(form: str, count: int) -> bool:
    """Whether the last `count` terms of a title go on after a name in a way that leaves it the name of the disease."""
    if _TYPE_AT_END.search(form) or term_set(_QUALIFIERS).issuperset(name_terms(form)[-count:]):
        return True
    words = list(_WORD.finditer(form))
    ends = [word.end() for word in words if name_terms(word[0])]
    start = ends[-count - 1] if len(ends) > count else 0
    return _FOLLOWS.match(form, start) is not None


def _is_letter(term: str) -> bool:
    return len(term) == 1 and term.isalpha()


def _narrower_adding(code: str, added: frozenset[str]) -> str | None:
    """The one code of a category whose title adds just these terms to that of its heading.

    "Lung cancer, left upper lobe" is to C34.12 as "lung cancer" is to C34.
    """
    for heading in (heading_of(code), code[:3]) if added else ():
        terms = frozenset(name_terms(icd10.title(heading)))
        codes = [
            each for each in icd10.descendants(heading) if frozenset(name_terms(icd10.title(each))) - terms == added
        ]
        if codes:
            return codes[0] if len(codes) == 1 else None
    return None
