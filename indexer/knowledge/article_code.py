"""What an article says about itself to its code: the code it states, else the code of its title, else of a name in its text.

Where a name is no title of the table, its place is taken off: "Frozen shoulder, right" is an inclusion term of M75.0 and a
side, and of the codes below M75.0 exactly one has that side and adds no other word. Where the place decides nothing, the
heading of the name is all that is known ("parent"), as it is of a title that only begins or ends with a name of the
table ("refractory celiac disease"). In a sentence a name counts where it is the subject, or is given as another
name ("classified as ..."); then the code is "inferred". What is less sure than that has no code.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

from indexer.knowledge import body_sites, icd10, icd10_names
from indexer.knowledge.body_sites import Place
from indexer.knowledge.name_keys import key, terms, without_brackets

CodeMatch: TypeAlias = Literal["exact", "parent", "inferred"]

_ADDS_NOTHING: Final = "region joint joints site part level multiple limb bone upper lower side unilateral bilateral"
_NO_PLACE: Final = re.compile(
    r"unspecified (?:body region|site|part)|(?:region|site|part),? unspecified", re.IGNORECASE
)
_MARKS: Final = (":", " – ", " — ", " - ", " | ", ", or ", " or ")
_CANCER: Final = re.compile(r"\bcancer\b", re.IGNORECASE)
# Names that a place makes another disease, not the same one elsewhere.
_NEEDS_PLACE: Final = re.compile(
    r"neoplasm|in situ|^(?:pain|injury|fracture|dislocation|sprain|strain|wound)\b", re.IGNORECASE
)
# Where the subject of a sentence ends, and where it gives another name of it.
_VERB: Final = re.compile(
    r"\s(?:is|are|was|were|means?|describes?|occurs?|happens?|affects?|causes?|develops?|begins?|starts?|refers?|has|have|can|may|"
    r"appears?|arises?|comes?|belongs?|consists?)\b|[;:]|\s[–—-]\s"
)
_ALSO: Final = re.compile(
    r"\b(?:known|called|named|termed|classified|coded|recorded|listed|labell?ed|registered|filed)(?: (?:to|by|in) \w+)? (?:as )?|\((?=\w)"
)
_CLAUSE_END: Final = re.compile(_VERB.pattern + r"|(?<=\w)\)")
_QUOTES: Final = " \"'“”‘’"
_MOST_COMMAS: Final = 3  # parts of a subject, from the left, that may be the name
# Words that make of a name inside a title something that is not even a kind of it.
_NO_KIND: Final = (
    "like syndrome disease disorder deficiency association non not no without with due after post pseudo history fear risk "
    "prevention screening vaccine test surgery therapy therapies chemotherapy treatment"
)


@dataclass(frozen=True, slots=True)
class Coding:
    """A code for a name, and how sure it is that the name is that of the code."""

    code: str
    match: CodeMatch


@dataclass(frozen=True, slots=True)
class Decision:
    """The code of an article, how it was found, and as (flag, message) what an editor should look at."""

    code: str | None
    match: CodeMatch | None
    problems: tuple[tuple[str, str], ...] = ()


def decide(stated: str | None, title: str, names: Iterable[str], sentences: Iterable[str]) -> Decision:
    """The code of an article that states this code, has this title and other names, and begins with these sentences."""
    if not stated:
        return _unstated(title, names, sentences)
    read = icd10.stated(stated)
    if read is None:
        problem = ("unknown-code", f"{stated} is no code of ICD-10-CM.")
        found = _unstated(title, names, sentences)
        return Decision(found.code, found.match, (problem,))
    code, known = read
    if known and key(terms(title)) == key(terms(icd10.title(code))):
        return Decision(code, "exact")
    titled = of_name(title)
    if not known:
        problem = (
            "unknown-code",
            f"{stated} is no code of ICD-10-CM; the nearest wider one is {code} ({icd10.title(code)}).",
        )
        if titled and titled.match == "exact" and titled.code.startswith(code):
            return Decision(titled.code, "exact", (problem,))
        return Decision(code, "parent", (problem,))
    if titled and titled.match == "exact" and titled.code[:3] != code[:3]:
        message = f"The article states {code} ({icd10.title(code)}), but its title is that of {titled.code} ({icd10.title(titled.code)})."
        return Decision(code, "exact", (("code-differs", message),))
    return Decision(code, "exact")


def _unstated(title: str, names: Iterable[str], sentences: Iterable[str]) -> Decision:
    titled = of_name(title)
    if titled and titled.match == "exact" and (icd10.is_leaf(titled.code) or _is_placed(title)):
        return Decision(titled.code, "exact")
    titled = titled or in_title(title)
    if titled is None or titled.match != "inferred":
        for found, subject in (each for sentence in sentences for each in in_sentence(sentence)):
            if titled is None:
                fits = subject
            else:
                fits = found.match == "inferred" and found.code != titled.code and found.code.startswith(titled.code)
            if fits:
                return Decision(found.code, found.match)
    if titled:
        return Decision(titled.code, titled.match)
    for found in filter(None, map(of_name, filter(_is_word, names))):
        if placed := _with_place(found.code, body_sites.place(title)) if _is_placed(title) else found:
            return Decision(placed.code, "parent" if placed.match == "parent" else "inferred")
    return Decision(None, None)


def _is_word(name: str) -> bool:
    """Whether this is no abbreviation, which may be that of several names."""
    return len(name) > 4 and not name.isupper()


def _is_placed(name: str) -> bool:
    place = body_sites.place(name)
    return bool(place.sites or place.side)


def of_name(name: str) -> Coding | None:
    """The code of a title or name, None where the table has no such name."""
    for form, whole in _forms(name):
        if code := icd10_names.exact(form):
            return Coding(code, "exact" if whole else "inferred")
    for form, whole in _forms(name):
        if coding := _placed(form):
            return coding if whole or coding.match == "parent" else Coding(coding.code, "inferred")
    return None


def refined(code: str, place: Place, said: frozenset[str] | None = None) -> str | None:
    """The one narrower code that says this place and otherwise nothing new; None where none or several do.

    New is what neither the title of `code` says nor, where given, the terms `said` instead of it.
    """
    title = icd10.title(code)
    heading = frozenset(terms(title)) if said is None else said
    heading_sites = frozenset(body_sites.place(title).sites) if said is None else frozenset()
    wanted = frozenset(place.sites) - heading_sites
    fitting: list[tuple[bool, bool, int, str]] = []
    for narrower in icd10.descendants(code):
        title = icd10.title(narrower)
        own = body_sites.place(title)
        if (
            own.side != place.side
            or not _adds_only_a_place(title, heading)
            or (said and not said.issubset(terms(title)))
        ):
            continue
        new = frozenset(own.sites) - heading_sites
        if not all(
            site in body_sites.closure(new) or not new.isdisjoint(body_sites.ancestors(site)) for site in wanted
        ):
            continue
        fitting.append((bool(wanted) and new <= wanted, "other" not in title.lower(), len(narrower), narrower))
    best = [each[-1] for each in fitting if each[:-1] == max(fitting)[:-1]]
    return best[0] if len(best) == 1 else None


def in_sentence(sentence: str) -> Iterator[tuple[Coding, bool]]:
    """The codes of the subject of a sentence and of other names that it gives, and whether each belongs to the subject."""
    verb = _VERB.search(sentence)
    for start in (0, *(match.end() for match in _ALSO.finditer(sentence))):
        clause = (_CLAUSE_END if start else _VERB).split(sentence[start:], maxsplit=1)[0]
        parts = clause.split(",")
        forms = (",".join(parts[:count]).strip(_QUOTES) for count in range(min(len(parts), _MOST_COMMAS), 0, -1))
        found = [coding for coding in map(of_name, forms) if coding]
        for coding in sorted(found, key=lambda coding: coding.match == "parent")[:1]:
            whole = coding if coding.match == "parent" else Coding(coding.code, "inferred")
            yield whole, verb is None or start <= verb.start()


def in_title(title: str) -> Coding | None:
    """The code of a title that says more than a name of the table: one code if it says the same more, else the wider one."""
    for form, whole in _forms(title):
        said = terms(form)
        name = icd10_names.fullest(said, {0}) if whole else None
        if name and (code := icd10_names.by_key(name.key.split(" "), form)):
            added = frozenset(said) - frozenset(name.key.split(" "))
            if narrower := _qualified(code, added):
                return Coding(narrower, "inferred")
            if body_sites.is_place([term for term in said if term in added]):
                placed = _with_place(code, body_sites.place(form))
                return Coding(placed.code, "inferred") if placed and placed.match == "exact" else placed
            return _wider(code) if added.isdisjoint(_terms_of(_NO_KIND)) and not any(map(_is_letter, added)) else None
    first = title.partition(",")[0]
    said = terms(first)
    for start in range(1, len(said) - 1) if " and " not in first else ():
        if (code := icd10_names.by_key(said[start:], first)) and _terms_of(_NO_KIND).isdisjoint(said[:start]):
            return _wider(code)
    return None


def _is_letter(term: str) -> bool:
    return len(term) == 1 and term.isalpha()


def _qualified(code: str, added: frozenset[str]) -> str | None:
    """The one code of a category that adds to its heading just these terms.

    "Lung cancer, left upper lobe" is to C34.12 as "lung cancer" is to C34.
    """
    for heading in (_heading(code), code[:3]) if added else ():
        said = frozenset(terms(icd10.title(heading)))
        below = icd10.descendants(heading)
        if found := [narrower for narrower in below if frozenset(terms(icd10.title(narrower))) - said == added]:
            return found[0] if len(found) == 1 else None
    return None


def _wider(code: str) -> Coding | None:
    """The code as a heading: where it is one for what is not specified, the one above it, if that is not one for the rest."""
    for wider in reversed(icd10.trail(code)[1:]):
        of_the_rest = wider.title.startswith("Other") and "nspecified" not in wider.title
        if of_the_rest or "nspecified" not in icd10.title(code):
            break
        code = wider.code
    return None if _NO_PLACE.search(icd10.title(code)) else Coding(code, "parent")


def _forms(name: str) -> Iterator[tuple[str, bool]]:
    """The name, and without its brackets, a cancer as the table calls it; then what is only a part of the name."""
    yield name, True
    if _CANCER.search(name):
        yield _CANCER.sub("malignant neoplasm", name), True
    bare = without_brackets(name)
    if bare != name:
        yield bare, True
        yield name[name.find("(") + 1 : name.rfind(")")], False
    for mark in _MARKS:
        before, _, after = bare.partition(mark)
        if after:
            yield before, False


def _placed(name: str) -> Coding | None:
    """The code of a name that has a place which the table's own name lacks, or puts elsewhere.

    An organ is never taken off: a cancer of the breast is another disease than a cancer, but gout of the ankle is gout.
    """
    said = terms(name)
    sided = frozenset(body_sites.side_positions(said))
    rest = tuple(term for position, term in enumerate(said) if position not in sided)
    places = [mention for mention in body_sites.mentions(rest) if mention.own]
    if not sided and not places:
        return None
    place = body_sites.place(name)
    dropped: set[int] = set()
    for mention in (None, *reversed(places)):
        if mention:
            if any(map(body_sites.is_organ, mention.sites)):
                return None
            dropped.update(range(mention.start, mention.end))
        kept = [term for position, term in enumerate(rest) if position not in dropped]
        for left in (kept, [term for term in kept if term not in _terms_of(_ADDS_NOTHING)]):
            if left and (code := icd10_names.by_key(left, name)):
                found = _with_place(code, place, frozenset(left))
                return None if found and found.match == "parent" and _NEEDS_PLACE.search(icd10.title(code)) else found
    return None


def _with_place(code: str, place: Place, said: frozenset[str] = frozenset()) -> Coding | None:
    """The code of a name that stands for `code` where it is at this place; `said` are the terms of the name."""
    own = body_sites.place(icd10.title(code))
    if own.side == place.side and set(place.sites) <= set(body_sites.closure(body_sites.of_article(code, (own,)))):
        return Coding(code, "exact")
    heading = _heading(code)
    if narrower := refined(code, place) or refined(heading, place) or (said and refined(code[:3], place, said)):
        return Coding(narrower, "exact")
    if not icd10.is_leaf(code) and (narrower := refined(code, place, frozenset({*terms(icd10.title(code)), "other"}))):
        return Coding(narrower, "inferred")
    return _wider(heading)


def _heading(code: str) -> str:
    """The widest code that says no more than this one: M10.9 "Gout, unspecified" -> M10 "Gout"."""
    said = frozenset(terms(icd10.title(code)))
    for wider in reversed(icd10.trail(code)[1:]):
        heading = frozenset(terms(wider.title))
        if not heading <= said or not _adds_only_a_place(icd10.title(code), heading):
            break
        code = wider.code
    return code


def _adds_only_a_place(title: str, heading: frozenset[str]) -> bool:
    new = [term for term in terms(title) if term not in heading]
    return not new or body_sites.is_place([term for term in new if term not in _terms_of(_ADDS_NOTHING)])


@cache
def _terms_of(listed: str) -> frozenset[str]:
    return frozenset(terms(listed))
