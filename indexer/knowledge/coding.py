"""What an article says about itself to its code: the code it states, else the code of its title, else of a name in its text.

Where a name is no title of the table, its place is taken off: "Frozen shoulder, right" is an inclusion term of M75.0 and a
side, and of the codes below M75.0 exactly one has that side and adds no other word. Where the place decides nothing, the
heading of the name is all that is known ("parent"). A name found in a sentence is never more than "inferred".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

from indexer.knowledge import icd10, naming, sites
from indexer.knowledge.sites import Place
from indexer.knowledge.wording import terms, without_brackets

CodeMatch: TypeAlias = Literal["exact", "parent", "inferred"]

_ADDS_NOTHING: Final = (
    "region joint joints site part level multiple limb bone upper lower other specified side unilateral bilateral"
)
_MARKS: Final = (":", " – ", " — ", " - ", " | ", ", or ", " or ")
_LONGEST: Final = 40  # terms of a sentence among which a name is looked for


_NOWHERE: Final = Place((), None)


@dataclass(frozen=True, slots=True)
class Coding:
    """A code for a name; `whole` is False where only the heading of a wider group is sure."""

    code: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The code of an article, how it was found, and as (flag, message) what an editor should look at."""

    code: str | None
    match: CodeMatch | None
    problems: tuple[tuple[str, str], ...] = ()


def decide(stated: str | None, title: str, names: Iterable[str], sentences: Iterable[str]) -> Decision:
    """The code of an article that states this code, has this title and other names, and begins with these sentences."""
    titled = of_name(title)
    if not stated:
        return _unstated(titled, title, names, sentences)
    read = icd10.stated(stated)
    if read is None:
        problem = ("unknown-code", f"{stated} is no code of ICD-10-CM.")
        found = _unstated(titled, title, names, sentences)
        return Decision(found.code, found.match, (problem,))
    code, known = read
    if not known:
        problem = (
            "unknown-code",
            f"{stated} is no code of ICD-10-CM; the nearest wider one is {code} ({icd10.title(code)}).",
        )
        if titled and titled.whole and titled.code.startswith(code):
            return Decision(titled.code, "exact", (problem,))
        return Decision(code, "parent", (problem,))
    if titled and titled.whole and titled.code[:3] != code[:3]:
        message = f"The article states {code} ({icd10.title(code)}), but its title is that of {titled.code} ({icd10.title(titled.code)})."
        return Decision(code, "exact", (("code-differs", message),))
    return Decision(code, "exact")


def _unstated(titled: Coding | None, title: str, names: Iterable[str], sentences: Iterable[str]) -> Decision:
    if titled and titled.whole and sites.place(title) != _NOWHERE:
        return Decision(titled.code, "exact")
    for sentence in (title, *sentences):
        found = in_sentence(sentence)
        if found and (
            titled is None or (found.whole and found.code != titled.code and found.code.startswith(titled.code))
        ):
            return Decision(found.code, "inferred" if found.whole else "parent")
    if titled:
        return Decision(titled.code, "exact" if titled.whole else "parent")
    place = sites.place(title)
    for name in names:
        if found := of_name(name):
            placed = found if place == _NOWHERE else _with_place(found.code, place)
            return Decision(placed.code, "inferred" if placed.whole else "parent")
    return Decision(None, None)


def of_name(name: str) -> Coding | None:
    """The code of a title or name, None where the table has no such name."""
    for form in _forms(name):
        if code := naming.exact(form):
            return Coding(code, True)
    for form in _forms(name):
        if coding := _placed(form):
            return coding
    return None


def refined(code: str, place: Place) -> str | None:
    """The one narrower code that says this place and otherwise nothing new; None where none or several do."""
    heading = frozenset(terms(icd10.title(code)))
    heading_sites = frozenset(sites.place(icd10.title(code)).sites)
    wanted = frozenset(place.sites) - heading_sites
    fitting: list[tuple[bool, int, str]] = []
    for narrower in icd10.descendants(code):
        title = icd10.title(narrower)
        own = sites.place(title)
        if own.side != place.side or not _adds_only_a_place(title, heading):
            continue
        new = frozenset(own.sites) - heading_sites
        if wanted and not all(not new.isdisjoint((site, *sites.ancestors(site))) for site in wanted):
            continue
        fitting.append((bool(wanted) and new <= wanted, len(narrower), narrower))
    best = [code for exactly, length, code in fitting if (exactly, length) == max(fitting)[:2]]
    return best[0] if len(best) == 1 else None


def in_sentence(sentence: str) -> Coding | None:
    """The code of the fullest name of the table that a sentence says, with the place that goes on from it."""
    said = terms(sentence)[:_LONGEST]
    name = naming.fullest(said)
    if name is None or (name.size == 1 and name.first > 0):
        return None
    spoken = " ".join(said[name.first : name.last])
    code = naming.by_key(name.key.split(" "), spoken)
    if code is None:
        return None
    end = name.last
    while end < len(said) and sites.is_place(said[name.last : end + 1]):
        end += 1
    return _with_place(code, sites.place(" ".join(said[name.first : end])))


def _forms(name: str) -> Iterator[str]:
    """The name, without its brackets, what is in them, and what stands before a colon or dash."""
    yield name
    bare = without_brackets(name)
    if bare != name:
        yield bare
        yield name[name.find("(") + 1 : name.rfind(")")]
    for mark in _MARKS:
        before, _, after = bare.partition(mark)
        if after:
            yield before


def _placed(name: str) -> Coding | None:
    """The code of a name that has a place which the table's own name lacks, or puts elsewhere."""
    said = terms(name)
    sided = frozenset(sites.side_positions(said))
    rest = tuple(term for position, term in enumerate(said) if position not in sided)
    places = [mention for mention in sites.mentions(rest) if mention.own]
    if not sided and not places:
        return None
    place = sites.place(name)
    dropped: set[int] = set()
    for mention in (None, *reversed(places)):
        if mention:
            dropped.update(range(mention.start, mention.end))
        kept = [term for position, term in enumerate(rest) if position not in dropped]
        for left in (kept, [term for term in kept if term not in _adds_nothing()]):
            if code := naming.by_key(left, name):
                return _with_place(code, place)
    return None


def _with_place(code: str, place: Place) -> Coding:
    """The code of a name that stands for `code` where it is at this place."""
    own = sites.place(icd10.title(code))
    if own.side == place.side and set(place.sites) <= set(own.sites):
        return Coding(code, True)
    heading = _heading(code)
    if narrower := refined(heading, place):
        return Coding(narrower, True)
    return Coding(heading, False)


def _heading(code: str) -> str:
    """The widest code that says no more than this one: M10.9 "Gout, unspecified" -> M10 "Gout"."""
    wider = icd10.trail(code)
    said = frozenset(terms(icd10.title(code)))
    for above in reversed(wider[1:]):
        if not _adds_only_a_place(icd10.title(code), frozenset(terms(above.title))) or len(
            frozenset(terms(above.title)) - said
        ):
            return code
        code = above.code
    return code


def _adds_only_a_place(title: str, heading: frozenset[str]) -> bool:
    new = [term for term in terms(title) if term not in heading]
    return not new or sites.is_place([term for term in new if term not in _adds_nothing()])


@cache
def _adds_nothing() -> frozenset[str]:
    return frozenset(terms(_ADDS_NOTHING))
