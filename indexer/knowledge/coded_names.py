"""A name of a disease to its code: by the code table, further names, synonyms, and without its location.

The sources are tried in this order, and each only where those before it know no such name:

1. a title or inclusion term of the table (exact);
2. a clinical name or one of the Disease Ontology: inferred where the code is its own, else a heading (parent); and
   where the name stands in the table in another shape (inferred);
3. the name in the table's words ("hepatic" for "of liver"), and its synonyms in the thesaurus (inferred);
4. the name without its location, by the same sources: "Frozen shoulder, right" is an inclusion term of M75.0 and a
   side, and exactly one of the codes below M75.0 has that side and adds no other word. Where the location does not
   single out one code, only the heading of the name is known (parent).

The word lists below were written for this project after the titles of ICD-10-CM.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Literal, TypeAlias

from indexer.knowledge import body_sites, disease_names, icd10, icd10_names, thesaurus
from indexer.knowledge.body_sites import BodyLocation
from indexer.knowledge.code_locations import FILLERS, heading_of, refine, widened
from indexer.knowledge.name_keys import key_of_terms, name_key, name_terms, term_set, without_brackets
from indexer.knowledge.name_variants import written_variants

CodeMatch: TypeAlias = Literal["exact", "parent", "inferred"]

_NAME_ENDS: Final = (
    ":",
    " – ",
    " — ",
    " - ",
    " | ",
    ", or ",
    " or ",
)  # a title may go on after a name and one of these
# What stands before a name in the title of a leaflet.
_ABOUT: Final = re.compile(
    r"""^ (?: (?: what | all | facts | things | everything | more | information | basics | learn | questions ) \b
              [^,:]{0,40}? \ about
            | understanding | overview\ of | introduction\ to | an?\ guide\ to | what\ (?: is | are )
          ) \ (?: the\  )?""",
    re.IGNORECASE | re.VERBOSE,
)
_CANCER: Final = re.compile(r"\bcancer\b", re.IGNORECASE)
# Names of injuries and growths, which are another disease at another site, not the same one elsewhere.
NEEDS_SITE: Final = re.compile(
    r"neoplasm|in situ|^(?:pain|injury|fracture|dislocation|sprain|strain|wound)\b", re.IGNORECASE
)
_INJURIES: Final = "STVWXYZ"  # first letters of the codes of injuries, their causes, and of reasons for a visit


@dataclass(frozen=True, slots=True)
class Coding:
    """A code for a name, and how well the code matches the name."""

    code: str
    match: CodeMatch


@lru_cache(maxsize=1 << 12)
def coding_of_name(name: str) -> Coding | None:
    """The code of a title or name, None where no source knows it."""
    forms = tuple(forms_of(name))
    for form, is_whole in forms:
        if code := icd10_names.find_code(form):
            return Coding(code, "exact" if is_whole else "inferred")
    for form, is_whole in forms:
        if is_whole and (coding := _coding_in_other_words(form)):
            return coding
    for form, is_whole in forms:
        if coding := _coding_without_location(form):
            return coding if is_whole or coding.match == "parent" else Coding(coding.code, "inferred")
    return next((coding for form, is_whole in forms if not is_whole and (coding := _coding_in_other_words(form))), None)


def _coding_in_other_words(name: str) -> Coding | None:
    """The code of a name that is not written so in the table."""
    if named := disease_names.find(name):
        return Coding(named.code, "inferred" if named.is_own else "parent")
    if code := icd10_names.find_variant(name_key(name)):
        return Coding(code, "inferred")
    for variant in written_variants(name):
        code = icd10_names.find_code(variant) or icd10_names.find_variant(name_key(variant))
        if code:
            return Coding(code, "inferred")
        if (named := disease_names.find(variant)) and not disease_names.is_abbreviation(variant):
            return Coding(named.code, "inferred" if named.is_own else "parent")
    code = synonym_codes().get(name_key(name))
    return Coding(code, "inferred") if code else None


@cache
def synonym_codes() -> dict[str, str]:
    """The names of the thesaurus that have a code by a synonym alone, by their keys.

    Its synonyms are those that people search by: a broken wrist is found with Colles' fracture, but need not be one. So
    injuries have no code by a synonym, nor has a name with codes of several categories.
    """
    codes: dict[str, str] = {}
    ambiguous: set[str] = set()
    for synonym_set in thesaurus.built_in_synonym_sets():
        if (code := next(filter(None, map(_own_code, synonym_set.names)), None)) and code[0] not in _INJURIES:
            for key in map(name_key, synonym_set.names):
                if codes.setdefault(key, code)[:3] != code[:3]:
                    ambiguous.add(key)
    return {key: code for key, code in codes.items() if key not in ambiguous}


def _own_code(name: str) -> str | None:
    """The code of a name by the table or the ontology."""
    named = disease_names.find(name)
    return icd10_names.find_code(name) or icd10_names.find_variant(name_key(name)) or (named.code if named else None)


def coding_by_terms(terms: Sequence[str], name: str) -> Coding | None:
    """The code of a name of which only these terms count."""
    if code := icd10_names.find_code_by_terms(terms, name):
        return Coding(code, "exact")
    key = key_of_terms(terms)
    if named := disease_names.find_by_key(key):
        return Coding(named.code, "inferred" if named.is_own else "parent")
    code = icd10_names.find_variant(key) or synonym_codes().get(key)
    return Coding(code, "inferred") if code else None


def forms_of(name: str) -> Iterator[tuple[str, bool]]:
    """The name, also with "cancer" as in the table and without brackets (True); then parts of it (False)."""
    name = _ABOUT.sub("", name)
    yield name, True
    if _CANCER.search(name):
        yield _CANCER.sub("malignant neoplasm", name), True
    bare = without_brackets(name)
    if bare != name:
        yield bare, True
        yield name[name.find("(") + 1 : name.rfind(")")], False
    for mark in _NAME_ENDS:
        before, _, after = bare.partition(mark)
        if after:
            yield before, False


def _coding_without_location(name: str) -> Coding | None:
    """The code of a name with a location that the table's own name lacks or puts elsewhere.

    An organ is never left out: a cancer of the breast is another disease than a cancer, but gout of the ankle is gout.
    """
    terms = name_terms(name)
    side_positions = frozenset(body_sites.side_positions(terms))
    without_side = tuple(term for position, term in enumerate(terms) if position not in side_positions)
    mentions = [mention for mention in body_sites.mentions(without_side) if mention.named]
    if not side_positions and not mentions:
        return None
    location = body_sites.locate(name)
    left_out: set[int] = set()
    for mention in (None, *reversed(mentions)):
        if mention:
            if "pregnancy" in mention.sites or any(map(body_sites.is_organ, mention.sites)):
                return None
            left_out.update(range(mention.start, mention.end))
        rest = [term for position, term in enumerate(without_side) if position not in left_out]
        for candidate in (rest, [term for term in rest if term not in term_set(FILLERS)]):
            if candidate and (found := coding_by_terms(candidate, name)):
                if found.match == "parent":
                    return _narrowed(found, location)
                if _is_elsewhere(found.code, location):
                    return None
                coding = coding_at(found.code, location, frozenset(candidate))
                is_vague = found.code[0] == "R" or NEEDS_SITE.search(icd10.title(found.code))
                return None if is_vague and coding and coding.match == "parent" else coding
    return None


def _narrowed(heading: Coding, location: BodyLocation) -> Coding:
    """The code below a heading at a location, else the heading."""
    narrower = refine(heading.code, location)
    return Coding(narrower, "inferred") if narrower else heading


def _is_elsewhere(code: str, location: BodyLocation) -> bool:
    """Whether a code is about a part of the body other than the location: an eye stroke is no stroke."""
    coded = body_sites.sites_of_article(code, (body_sites.locate(icd10.title(code)),))
    local = [site for site in coded if body_sites.is_local(site)]
    covered = {*body_sites.closure(location.sites)}
    return bool(location.sites and local) and not any(
        site in covered or not {*location.sites}.isdisjoint(body_sites.ancestors(site)) for site in local
    )


def coding_at(code: str, location: BodyLocation, terms: frozenset[str] = frozenset()) -> Coding | None:
    """The code of a name that has `code` without a location, at this location; `terms` are those of the name."""
    own = body_sites.locate(icd10.title(code))
    own_sites = body_sites.closure(body_sites.sites_of_article(code, (own,)))
    if own.side == location.side and set(location.sites) <= set(own_sites):
        return Coding(code, "exact")
    heading = heading_of(code)
    narrower = refine(code, location) or refine(heading, location) or (terms and refine(code[:3], location, terms))
    if narrower:
        return Coding(narrower, "exact")
    if not icd10.is_leaf(code):
        other = refine(code, location, frozenset({*name_terms(icd10.title(code)), "other"}))
        if other:
            return Coding(other, "inferred")
    above = widened(heading)
    return Coding(above, "parent") if above else None
