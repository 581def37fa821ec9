"""An article to its ICD-10-CM code: the code that it states, else that of its title, else that of a name in its text.

In a sentence a name counts where it is the subject, or where it is given as another name ("classified as ..."); then
the code is "inferred". Less certain than that is no code.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from indexer.knowledge import body_sites, icd10
from indexer.knowledge.body_sites import BodyLocation
from indexer.knowledge.code_locations import heading_of, refine
from indexer.knowledge.coded_names import CodeMatch, Coding, coding_at, coding_of_name
from indexer.knowledge.name_keys import name_key, name_terms, term_set
from indexer.knowledge.title_codes import coding_in_title, coding_of_family

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
_VAGUE: Final = "disease disorder syndrome condition problem trouble infection pain system"
SYMPTOM_CODES: Final = "R"  # how the codes of the chapter of symptoms and signs begin
MAX_COMMA_PARTS: Final = 3  # parts of a subject between commas, from the left, that may be the name together


@dataclass(frozen=True, slots=True)
class CodeAssignment:
    """The code of an article, how it was found, and as (flag, message) the problems that an editor should look at."""

    code: str | None
    match: CodeMatch | None
    problems: tuple[tuple[str, str], ...] = ()


def assign_code(
    stated: str | None,
    title: str,
    names: Iterable[str],
    sentences: Iterable[str],
    others: Iterable[str] = (),
) -> CodeAssignment:
    """The code of an article that states this code, has this title and other names, and begins with these sentences.

    A range of codes ("M80-M82") is no code of an article, but says where that of its title has to be. `others` are the
    other codes that the article states: one is a problem where it is of another chapter.
    """
    if stated and "-" in stated:
        return _assign_in_range(stated, _assign_unstated(title, names, sentences))
    if not stated:
        return _assign_unstated(title, names, sentences)
    assigned = _assign_stated(stated, title, names, sentences)
    return replace(assigned, problems=(*assigned.problems, *_contradictions(assigned.code, others)))


def _assign_in_range(stated: str, unstated: CodeAssignment) -> CodeAssignment:
    """The code that an article with a range of codes has by its title; the range's only category where it has one."""
    first, _, last = stated.partition("-")
    if unstated.code and first[:3] <= unstated.code[:3] <= last[:3]:
        return unstated
    if first[:3] == last[:3] and icd10.exists(first[:3]):
        return CodeAssignment(first[:3], "parent")
    return CodeAssignment(None, None)


def _contradictions(code: str | None, others: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The stated codes that cannot be those of the same disease, but for diseases "classified elsewhere"."""
    for parsed in filter(None, map(icd10.parse_code, others)) if code else ():
        other, exists = parsed
        if not exists or icd10.chapter(other) == icd10.chapter(code or ""):
            continue
        if not any("classified elsewhere" in icd10.title(each) for each in (other, code or "")):
            yield "code-differs", f"The article states {code} and {other} ({icd10.title(other)}), of another chapter."


def _assign_stated(stated: str, title: str, names: Iterable[str], sentences: Iterable[str]) -> CodeAssignment:
    """The code of an article that states this one."""
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
    if by_title and by_title.match == "parent":  # a heading of the ontology: the table may have a newer code
        by_title = coding_of_family(title) or by_title
    by_title = by_title or coding_in_title(title)
    if by_title is None or by_title.match != "inferred" or _says_only_where(title):
        above = None if _says_only_where(title) else by_title
        by_sentence = _coding_in_sentences(sentences, above)
        by_title = by_title if by_sentence is None or _is_symptom_in(title, by_sentence.code) else by_sentence
    if by_title:
        return CodeAssignment(by_title.code, by_title.match)
    for by_name in filter(None, map(coding_of_name, filter(_is_word, names))):
        coding = coding_at(by_name.code, body_sites.locate(title)) if _has_location(title) else by_name
        if coding:
            return CodeAssignment(coding.code, "parent" if coding.match == "parent" else "inferred")
    return CodeAssignment(None, None)


def _says_only_where(title: str) -> bool:
    """Whether a title names no disease but that there is one of some site: "A bone disease"."""
    return body_sites.is_location([term for term in name_terms(title) if term not in term_set(_VAGUE)])


def _is_symptom_in(title: str, code: str) -> bool:
    """Whether a code is that of a symptom which a proper name ends with: no "Ridge Fever" is R50.9, fever."""
    words = title.split()
    if not (code.startswith(SYMPTOM_CODES) and words and words[-1][0].isupper()):
        return False
    tails = (coding_of_name(" ".join(words[start:])) for start in range(1, len(words)))
    return any(tail is not None and tail.code == code for tail in tails)


def _coding_in_sentences(sentences: Iterable[str], by_title: Coding | None) -> Coding | None:
    """The first code in the sentences below that of the title; for a title without code, that of the first subject.

    The code of the subject is likewise made narrower by another name that is given for it.
    """
    found = by_title
    for coding, is_subject in (pair for sentence in sentences for pair in codings_in_sentence(sentence)):
        if found is None:
            found = coding if is_subject else None
        elif coding.match == "inferred" and found.code != coding.code and coding.code.startswith(found.code):
            return coding
    return None if found is by_title else found


def _is_word(name: str) -> bool:
    """Whether this is no abbreviation, which may stand for several names."""
    return len(name) > 4 and not name.isupper()


def _has_location(name: str) -> bool:
    location = body_sites.locate(name)
    return bool(location.sites or location.side)


def complete_code(code: str, location: BodyLocation) -> str:
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
    heading, above = heading_of(code), (wider.code for wider in reversed(icd10.trail(code)[1:]))
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
        codings = [coding for coding in map(coding_of_name, filter(_is_word, forms)) if coding]
        for coding in sorted(codings, key=lambda coding: coding.match == "parent")[:1]:
            inferred = coding if coding.match == "parent" else Coding(coding.code, "inferred")
            yield inferred, verb is None or start <= verb.start()
