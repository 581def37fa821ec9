"""An article to its ICD-10-CM code: the code that it states, else that of its title, else that of a name in its text.

A title that is no title of the table may be one with another site or side: "Frozen shoulder, right" is an inclusion
term of M75.0 and a side, and exactly one of the codes below M75.0 has that side and adds no other word. Where the
location does not single out one code, only the heading of the name is known ("parent"), as for a title that only begins
or ends with a name of the table ("refractory celiac disease"). In a sentence a name counts where it is the subject, or
where it is given as another name ("classified as ..."); then the code is "inferred". Less certain than that is no code.

The word lists below were written for this project after the titles of ICD-10-CM.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from indexer.knowledge import body_sites, icd10, icd10_names
from indexer.knowledge.body_sites import BodyLocation
from indexer.knowledge.name_keys import name_key, name_terms, term_set, without_brackets

CodeMatch: TypeAlias = Literal["exact", "parent", "inferred"]

# Words that a narrower title may add to the location without saying anything else.
_FILLERS: Final = "region joint joints site part level multiple limb bone upper lower side unilateral bilateral"
_UNSPECIFIED_SITE: Final = re.compile(
    r"unspecified (?:body region|site|part)|(?:region|site|part),? unspecified", re.IGNORECASE
)
_NAME_ENDS: Final = (
    ":",
    " – ",
    " — ",
    " - ",
    " | ",
    ", or ",
    " or ",
)  # a title may go on after a name and one of these
_CANCER: Final = re.compile(r"\bcancer\b", re.IGNORECASE)
# Names of injuries and growths, which are another disease at another site, not the same one elsewhere.
_NEEDS_SITE: Final = re.compile(
    r"neoplasm|in situ|^(?:pain|injury|fracture|dislocation|sprain|strain|wound)\b", re.IGNORECASE
)
# Where the subject of a sentence ends: at its verb, a colon, a semicolon or a dash.
_VERBS: Final = (
    "is are was were mean means describe describes occur occurs happen happens affect affects cause causes develop "
    "develops begin begins start starts refer refers has have can may appear appears arise arises come comes belong "
    "belongs consist consists"
)
_SUBJECT_END: Final = re.compile(
    rf"""\s (?: {"|".join(_VERBS.split())} ) \b
       | [;:]
       | \s [–—-] \s""",
    re.VERBOSE,
)
# Where a sentence begins to give another name of its subject: "known to doctors as", "classified as", "(".
_ALIAS_VERBS: Final = "known called named termed classified coded recorded listed labeled labelled registered filed"
_ALIAS_START: Final = re.compile(
    rf"""\b (?: {"|".join(_ALIAS_VERBS.split())} ) (?: \  (?: to | by | in ) \  \w+ )? \  (?: as \  )?
       | \( (?=\w)""",
    re.VERBOSE,
)
_ALIAS_END: Final = re.compile(rf"{_SUBJECT_END.pattern} | (?<=\w) \)", re.VERBOSE)
_QUOTES: Final = " \"'“”‘’"
MAX_COMMA_PARTS: Final = 3  # parts of a subject between commas, from the left, that may be the name together
# Words that make a title with a name inside mean something that is not even a kind of what the name means.
_NO_KIND: Final = (
    "like syndrome disease disorder deficiency association non not no without with due after post pseudo history fear "
    "risk prevention screening vaccine test surgery therapy therapies chemotherapy treatment"
)


@dataclass(frozen=True, slots=True)
class Coding:
    """A code for a name, and how well the code matches the name."""

    code: str
    match: CodeMatch


@dataclass(frozen=True, slots=True)
class CodeAssignment:
    """The code of an article, how it was found, and as (flag, message) the problems that an editor should look at."""

    code: str | None
    match: CodeMatch | None
    problems: tuple[tuple[str, str], ...] = ()


def assign_code(stated: str | None, title: str, names: Iterable[str], sentences: Iterable[str]) -> CodeAssignment:
    """The code of an article that states this code, has this title and other names, and begins with these sentences."""
    if not stated:
        return _assign_unstated(title, names, sentences)
    parsed = icd10.parse_code(stated)
    if parsed is None:
        problem = ("unknown-code", f"{stated} is no code of ICD-10-CM.")
        unstated = _assign_unstated(title, names, sentences)
        return CodeAssignment(unstated.code, unstated.match, (problem,))
    code, exists = parsed
    if exists and name_key(title) == name_key(icd10.title(code)):
        return CodeAssignment(code, "exact")
    by_title = coding_of_name(title)
    if not exists:
        message = f"{stated} is no code of ICD-10-CM; the nearest wider one is {code} ({icd10.title(code)})."
        problem = ("unknown-code", message)
        if by_title and by_title.match == "exact" and by_title.code.startswith(code):
            return CodeAssignment(by_title.code, "exact", (problem,))
        return CodeAssignment(code, "parent", (problem,))
    if by_title and by_title.match == "exact" and by_title.code[:3] != code[:3]:
        official, other = icd10.title(code), f"{by_title.code} ({icd10.title(by_title.code)})"
        message = f"The article states {code} ({official}), but its title is that of {other}."
        return CodeAssignment(code, "exact", (("code-differs", message),))
    return CodeAssignment(code, "exact")


def _assign_unstated(title: str, names: Iterable[str], sentences: Iterable[str]) -> CodeAssignment:
    """The code of an article that states none."""
    by_title = coding_of_name(title)
    if by_title and by_title.match == "exact" and (icd10.is_leaf(by_title.code) or _has_location(title)):
        return CodeAssignment(by_title.code, "exact")
    by_title = by_title or coding_in_title(title)
    if by_title is None or by_title.match != "inferred":
        by_title = _coding_in_sentences(sentences, by_title) or by_title
    if by_title:
        return CodeAssignment(by_title.code, by_title.match)
    for by_name in filter(None, map(coding_of_name, filter(_is_word, names))):
        coding = _code_at(by_name.code, body_sites.locate(title)) if _has_location(title) else by_name
        if coding:
            return CodeAssignment(coding.code, "parent" if coding.match == "parent" else "inferred")
    return CodeAssignment(None, None)


def _coding_in_sentences(sentences: Iterable[str], by_title: Coding | None) -> Coding | None:
    """The first code in the sentences below that of the title; for a title without code, the first of a subject."""
    for coding, is_subject in (pair for sentence in sentences for pair in codings_in_sentence(sentence)):
        if by_title is None:
            if is_subject:
                return coding
        elif coding.match == "inferred" and by_title.code != coding.code and coding.code.startswith(by_title.code):
            return coding
    return None


def _is_word(name: str) -> bool:
    """Whether this is no abbreviation, which may stand for several names."""
    return len(name) > 4 and not name.isupper()


def _has_location(name: str) -> bool:
    location = body_sites.locate(name)
    return bool(location.sites or location.side)


def coding_of_name(name: str) -> Coding | None:
    """The code of a title or name, None where the table has no such name."""
    for form, is_whole in _forms(name):
        if code := icd10_names.find_code(form):
            return Coding(code, "exact" if is_whole else "inferred")
    for form, is_whole in _forms(name):
        if coding := _coding_without_location(form):
            return coding if is_whole or coding.match == "parent" else Coding(coding.code, "inferred")
    return None


def refine(code: str, location: BodyLocation, terms: frozenset[str] | None = None) -> str | None:
    """The one narrower code whose title adds this location and otherwise nothing new; None where none or several do.

    New is what is neither in the title of `code` nor, where given, in the `terms` that replace that title.
    """
    title = icd10.title(code)
    heading = frozenset(name_terms(title)) if terms is None else terms
    heading_sites = frozenset(body_sites.locate(title).sites) if terms is None else frozenset()
    required = frozenset(location.sites) - heading_sites
    candidates: list[tuple[bool, bool, int, str]] = []
    for narrower in icd10.descendants(code):
        title = icd10.title(narrower)
        own = body_sites.locate(title)
        if (
            own.side != location.side
            or not _adds_only_a_location(title, heading)
            or (terms and not terms.issubset(name_terms(title)))
        ):
            continue
        new = frozenset(own.sites) - heading_sites
        if not all(
            site in body_sites.closure(new) or not new.isdisjoint(body_sites.ancestors(site)) for site in required
        ):
            continue
        candidates.append((bool(required) and new <= required, "other" not in title.lower(), len(narrower), narrower))
    best = [candidate[-1] for candidate in candidates if candidate[:-1] == max(candidates)[:-1]]
    return best[0] if len(best) == 1 else None


def completed(code: str, location: BodyLocation) -> str:
    """The code with the location that an article gives: M86.3 at the right hand is M86.341.

    It stays as it is where the table has no code, or several, for the disease at that location, and where its own title
    gives another side. Sites that the code says already, or that are parts of these, ask for nothing more.
    """
    own = body_sites.locate(icd10.title(code))
    if own.side and own.side != location.side:
        return code
    of_code = body_sites.sites_of_article(code, (own,))
    coded = frozenset(body_sites.closure(of_code))
    parts_of_coded = frozenset(of_code) if own.sites else frozenset()
    new = tuple(
        site for site in location.sites if site not in coded and parts_of_coded.isdisjoint(body_sites.ancestors(site))
    )
    if not new and own.side == location.side:
        return code
    heading, above = _heading(code), (wider.code for wider in reversed(icd10.trail(code)[1:]))
    for wider in (code, *above):
        if wider.startswith(heading) and (narrower := refine(wider, BodyLocation((*own.sites, *new), location.side))):
            return narrower
    if new and not own.sites:  # another branch of the category: cellulitis, unspecified, and cellulitis of the leg
        return refine(code[:3], location, frozenset(name_terms(icd10.title(code)))) or code
    return code


def codings_in_sentence(sentence: str) -> Iterator[tuple[Coding, bool]]:
    """The codes of the subject of a sentence and of other names in it, with True where the name is before the verb."""
    verb = _SUBJECT_END.search(sentence)
    for start in (0, *(match.end() for match in _ALIAS_START.finditer(sentence))):
        clause = (_ALIAS_END if start else _SUBJECT_END).split(sentence[start:], maxsplit=1)[0]
        parts = clause.split(",")
        forms = (",".join(parts[:count]).strip(_QUOTES) for count in range(min(len(parts), MAX_COMMA_PARTS), 0, -1))
        codings = [coding for coding in map(coding_of_name, forms) if coding]
        for coding in sorted(codings, key=lambda coding: coding.match == "parent")[:1]:
            inferred = coding if coding.match == "parent" else Coding(coding.code, "inferred")
            yield inferred, verb is None or start <= verb.start()


def coding_in_title(title: str) -> Coding | None:
    """The code of a title that contains a name of the table and more words.

    It is the code whose title adds the same words to that name, else the code of the name as a wider one.
    """
    for form, is_whole in _forms(title):
        terms = name_terms(form)
        name = icd10_names.longest_match(terms, {0}) if is_whole else None
        if name and (code := icd10_names.find_code_by_terms(name.key.split(" "), form)):
            added = frozenset(terms) - frozenset(name.key.split(" "))
            if narrower := _narrower_adding(code, added):
                return Coding(narrower, "inferred")
            if body_sites.is_location([term for term in terms if term in added]):
                coding = _code_at(code, body_sites.locate(form))
                return Coding(coding.code, "inferred") if coding and coding.match == "exact" else coding
            return _wider(code) if added.isdisjoint(term_set(_NO_KIND)) and not any(map(_is_letter, added)) else None
    first = title.partition(",")[0]
    terms = name_terms(first)
    for start in range(1, len(terms) - 1) if " and " not in first else ():
        code_of_rest = icd10_names.find_code_by_terms(terms[start:], first)
        if code_of_rest and term_set(_NO_KIND).isdisjoint(terms[:start]):
            return _wider(code_of_rest)
    return None


def _is_letter(term: str) -> bool:
    return len(term) == 1 and term.isalpha()


def _narrower_adding(code: str, added: frozenset[str]) -> str | None:
    """The one code of a category whose title adds just these terms to that of its heading.

    "Lung cancer, left upper lobe" is to C34.12 as "lung cancer" is to C34.
    """
    for heading in (_heading(code), code[:3]) if added else ():
        terms = frozenset(name_terms(icd10.title(heading)))
        codes = [
            each for each in icd10.descendants(heading) if frozenset(name_terms(icd10.title(each))) - terms == added
        ]
        if codes:
            return codes[0] if len(codes) == 1 else None
    return None


def _wider(code: str) -> Coding | None:
    """The code as a heading: for an "unspecified" code the one above it, unless that is for all others ("Other")."""
    for wider in reversed(icd10.trail(code)[1:]):
        is_for_others = wider.title.startswith("Other") and "nspecified" not in wider.title
        if is_for_others or "nspecified" not in icd10.title(code):
            break
        code = wider.code
    return None if _UNSPECIFIED_SITE.search(icd10.title(code)) else Coding(code, "parent")


def _forms(name: str) -> Iterator[tuple[str, bool]]:
    """The name, also with "cancer" as in the table and without brackets (True); then parts of it (False)."""
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
            if any(map(body_sites.is_organ, mention.sites)):
                return None
            left_out.update(range(mention.start, mention.end))
        rest = [term for position, term in enumerate(without_side) if position not in left_out]
        for candidate in (rest, [term for term in rest if term not in term_set(_FILLERS)]):
            if candidate and (code := icd10_names.find_code_by_terms(candidate, name)):
                coding = _code_at(code, location, frozenset(candidate))
                is_vague = coding and coding.match == "parent" and _NEEDS_SITE.search(icd10.title(code))
                return None if is_vague else coding
    return None


def _code_at(code: str, location: BodyLocation, terms: frozenset[str] = frozenset()) -> Coding | None:
    """The code of a name that has `code` without a location, at this location; `terms` are those of the name."""
    own = body_sites.locate(icd10.title(code))
    own_sites = body_sites.closure(body_sites.sites_of_article(code, (own,)))
    if own.side == location.side and set(location.sites) <= set(own_sites):
        return Coding(code, "exact")
    heading = _heading(code)
    narrower = refine(code, location) or refine(heading, location) or (terms and refine(code[:3], location, terms))
    if narrower:
        return Coding(narrower, "exact")
    if not icd10.is_leaf(code):
        other = refine(code, location, frozenset({*name_terms(icd10.title(code)), "other"}))
        if other:
            return Coding(other, "inferred")
    return _wider(heading)


def _heading(code: str) -> str:
    """The widest code from whose title only a location is missing: M10.9 "Gout, unspecified" -> M10 "Gout"."""
    terms = frozenset(name_terms(icd10.title(code)))
    for wider in reversed(icd10.trail(code)[1:]):
        heading = frozenset(name_terms(wider.title))
        if not heading <= terms or not _adds_only_a_location(icd10.title(code), heading):
            break
        code = wider.code
    return code


def _adds_only_a_location(title: str, heading: frozenset[str]) -> bool:
    """Whether a title has the terms of its heading, and besides these only a location."""
    new = [term for term in name_terms(title) if term not in heading]
    return not new or body_sites.is_location([term for term in new if term not in term_set(_FILLERS)])
