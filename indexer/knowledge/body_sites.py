"""Words to body sites: the tree of sites, and the sites and the side that a title names.

The tree is in `sites.toml`, what codes say about sites in `code_sites.toml`. Every function of the tree takes any
string for an id; one that is not in the tree has itself as its label and no relatives, so that an index written with an
older tree can still be shown.

Sites are found by the terms of their names (see name_keys.py) without right and left, longest name first: "neck of the
left femur" is the femur, not the neck. "Right heart failure" has no side: see `_NO_SIDE_BEFORE`.

The word lists below were written for this project after the titles of ICD-10-CM.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from indexer.knowledge.name_keys import name_terms, term_set

Side: TypeAlias = Literal["right", "left", "bilateral"]

_SIDES: Final[Mapping[str, Side | None]] = {
    "right": "right",
    "left": "left",
    "bilater": "bilateral",
    "both": "bilateral",
    "unilater": None,
}
# Before these words, right and left are part of a name ("left ventricle"), or no side at all ("left untreated").
_NO_SIDE_BEFORE: Final = (
    "ventricle ventricular atrium atrial heart bundle main anterior posterior circumflex fascicular colitis away "
    "untreated alone over unchecked undiagnosed behind out open"
)
# Words that may stand beside the name of a site but name none.
_FILLERS: Final = (
    "region regions site sites level area part parts side sided structure structures multiple upper lower bone bones "
    "joint joints including"
)
# Top-level sites that are body systems: they are everywhere in the body.
_SYSTEMS: Final = frozenset(
    "skin bones-joints-and-muscles brain-and-nerves blood-vessels blood-and-immune-system hormones-and-metabolism mind "
    "whole-body".split()
)
_PLACES_IN_SYSTEMS: Final = frozenset("brain meninges pituitary spinal-cord aorta nails".split())
# Sites whose diseases are other diseases than those of their neighbours: cellulitis of the hand is cellulitis, but a
# cyst of the kidney is not a variant of "cyst".
_ORGANS: Final = frozenset(
    "heart lungs trachea esophagus mediastinum diaphragm breast peritoneum stomach intestines liver gallbladder "
    "pancreas spleen kidney adrenal-glands urinary-tract prostate uterus ovary brain-and-nerves blood-vessels "
    "blood-and-immune-system bones-joints-and-muscles hormones-and-metabolism skin retina cornea optic-nerve "
    "middle-ear inner-ear throat thyroid".split()
)
# What a disease is without: "ketoacidosis without coma", "periapical abscess without sinus".
_WITHOUT: Final = re.compile(r"\bwithout [^,;()]*?(?=[,;()]|$| (?:of|in|at|on|with|without|due|and)\b)", re.IGNORECASE)
_EXCEPTION: Final = re.compile(r",?\s+\(?(?:excluding|including|except|other than|without)\b[^,]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BodySite:
    """A site of the body: `id` is its value in the index, `parent` is None at the top of the tree.

    `names` name the site itself ("shin"), `conditions` are diseases whose name implies it ("hepatitis").
    """

    id: str
    label: str
    parent: str | None
    names: tuple[str, ...]
    conditions: tuple[str, ...]


class SiteMention(NamedTuple):
    """Sites mentioned by the terms from `start` to `end` (half-open); `named` is False where a disease implies them."""

    start: int
    end: int
    sites: tuple[str, ...]
    named: bool


class BodyLocation(NamedTuple):
    """The sites that a text names, the last named first, the side, and the sites that names of diseases imply."""

    sites: tuple[str, ...]
    side: Side | None
    implied: tuple[str, ...] = ()


@cache
def tree() -> dict[str, BodySite]:
    """Every site by its id, in the order of the file: parents before their children."""
    return {
        id: BodySite(id, entry["label"], entry.get("parent"), tuple(entry["names"]), tuple(entry.get("conditions", ())))
        for id, entry in _toml("sites.toml").items()
    }


@cache
def _children() -> dict[str | None, tuple[str, ...]]:
    result: dict[str | None, tuple[str, ...]] = {}
    for site in tree().values():
        result[site.parent] = (*result.get(site.parent, ()), site.id)
    return result


def label(id: str) -> str:
    """The label of a site: "upper-limb" -> "Upper limb"."""
    site = tree().get(id)
    return site.label if site else id


def parent(id: str) -> str | None:
    """The site that this one is a part of; None for the top of the tree."""
    site = tree().get(id)
    return site.parent if site else None


def children(id: str | None) -> tuple[str, ...]:
    """The parts of a site, in the order of the file; those of None are the top of the tree."""
    return _children().get(id, ())


@cache
def ancestors(id: str) -> tuple[str, ...]:
    """The sites that this one is a part of, nearest first."""
    above = parent(id)
    return () if above is None else (above, *ancestors(above))


def closure(ids: Iterable[str]) -> tuple[str, ...]:
    """The sites and everything that they are a part of, each once, in order."""
    return tuple(dict.fromkeys(site for id in ids for site in (id, *ancestors(id))))


@cache
def is_organ(id: str) -> bool:
    """Whether the site is, or is part of, an organ whose diseases are not variants of a disease elsewhere."""
    return not _ORGANS.isdisjoint((id, *ancestors(id)))


def is_local(id: str) -> bool:
    """Whether the site is one place: no body system, and no tissue that is everywhere, but the brain is."""
    return id in _PLACES_IN_SYSTEMS or _SYSTEMS.isdisjoint((id, *ancestors(id)))


def is_side(term: str) -> bool:
    """Whether the term says a side, or that there is but one: right, left, both, bilateral, unilateral."""
    return term in _SIDES


def side_of(term: str) -> Side | None:
    """The side that a term says; None for "unilateral" and for a term that says none."""
    return _SIDES.get(term)


def side_positions(terms: Sequence[str]) -> tuple[int, ...]:
    """The positions of terms that say a side of the body.

    Not in "right ventricle" or "left untreated", and "both" only before the name of a site.
    """
    return tuple([at for at, term in enumerate(terms) if term in _SIDES and _is_side_at(terms, at)])


def _is_side_at(terms: Sequence[str], position: int) -> bool:
    after = position + 1
    if after < len(terms) and terms[after] == "side":
        after += 1
    if after < len(terms) and terms[after] in term_set(_NO_SIDE_BEFORE):
        return False
    return terms[position] != "both" or _begins_with_site(terms[position + 1 : position + 5])


def _begins_with_site(terms: Sequence[str]) -> bool:
    return any(mention.start == 0 and mention.named for mention in mentions(terms))


def mentions(terms: Sequence[str]) -> tuple[SiteMention, ...]:
    """The sites that terms mention, from left to right, the longest name wherever several match."""
    sites_by_name, longest = _site_names()
    if longest.keys().isdisjoint(terms):
        return ()
    result: list[SiteMention] = []
    position, count = 0, len(terms)
    while position < count:
        max_terms = longest.get(terms[position], 0)
        for end in range(min(count, position + max_terms), position, -1):
            if entry := sites_by_name.get(tuple(terms[position:end])):
                result.append(SiteMention(position, end, *entry))
                position = end
                break
        else:
            position += 1
    return tuple(result)


def is_location(terms: Sequence[str]) -> bool:
    """Whether terms name sites or a side and say nothing else."""
    sides = side_positions(terms)
    rest = [term for position, term in enumerate(terms) if position not in sides]
    fillers = term_set(_FILLERS)
    covered = {at for mention in mentions(rest) if mention.named for at in range(mention.start, mention.end)}
    return all(position in covered or term in fillers for position, term in enumerate(rest))


@lru_cache(maxsize=1 << 13)
def locate(text: str) -> BodyLocation:
    """The location that a title or name gives: "Pain in right ankle and joints of foot" -> ankle-and-foot, right."""
    if "cluding" in text or "xcept" in text or "than" in text:
        text = _EXCEPTION.sub("", text)
    if "without" in text:
        text = _WITHOUT.sub("", text)
    named: list[str] = []
    implied: list[str] = []
    sides: set[Side] = set()
    for part in reversed(text.split(",")):
        terms = name_terms(part)
        positions = side_positions(terms)
        if positions:
            sides.update(filter(None, (_SIDES[terms[position]] for position in positions)))
            terms = tuple([term for position, term in enumerate(terms) if position not in positions])
        for mention in mentions(terms):
            (named if mention.named else implied).extend(mention.sites)
    side: Side | None = "bilateral" if len(sides) > 1 else next(iter(sides), None)
    return BodyLocation(tuple(dict.fromkeys(named)), side, tuple(dict.fromkeys(implied)))


def added(affected: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    """The sites that a text adds to those that a disease has by its name or code, and the latter that stay beside them.

    All, where the disease has none or only systems of the body; else those that are parts of its own sites.
    """
    parts = [site for site in own if is_local(site)]
    if not parts:
        return tuple(
            site for site in affected if is_local(site) or not own or site in own or set(ancestors(site)) & set(own)
        )
    narrower = [site for site in affected if not frozenset(parts).isdisjoint(ancestors(site))]
    covered = closure(narrower)
    return (*narrower, *(site for site in parts if site not in covered)) if narrower else ()


def narrowed(location: BodyLocation, wider: BodyLocation) -> BodyLocation:
    """A location with the sites that its disease implies in place of those that these are parts of.

    Without sites of its own, it has those of `wider`: a carpal tunnel syndrome of the upper limb is at wrist and hand.
    """
    divided = {above for site in location.sites for above in ancestors(site)}  # a part of these is named already
    above = frozenset(location.sites or wider.sites) - divided
    parts = tuple(site for site in location.implied if not above.isdisjoint(ancestors(site)))
    covered = frozenset(closure(parts))
    rest = tuple(site for site in location.sites if site not in covered)
    return location._replace(sites=(*parts, *rest)) if parts else location


def sites_of_article(code: str | None, locations: Iterable[BodyLocation]) -> tuple[str, ...]:
    """The sites of an article with this code and these locations in its titles, parts of the body before systems.

    Sites that a title names come first. Where it names none, those that the disease's name implies count, or those of
    the code where they are narrower. The code also corrects ambiguous words ("cervical"), and adds its body system.
    """
    locations = tuple(locations)
    named = tuple(dict.fromkeys(site for location in locations for site in location.sites))
    implied = tuple(dict.fromkeys(site for location in locations for site in location.implied))
    if code is None:
        return _parts_first(named or implied)
    for replacements in _entries_for_category("instead", code[:3]):
        named = tuple(dict.fromkeys(replacements.get(site, site) for site in named))
    if not named:
        named = _unnamed_sites(code, implied)
    covered = closure(named)
    return _parts_first((*named, *(site for site in _narrowest_entry("always", code) if site not in covered)))


def _unnamed_sites(code: str, implied: tuple[str, ...]) -> tuple[str, ...]:
    """The sites of an article whose titles name none."""
    coded = _narrowest_entry("otherwise", code)
    if coded == ("whole-body",):
        return implied or coded
    only_systems = _SYSTEMS.issuperset(implied) or (any(map(is_local, coded)) and not any(map(is_local, implied)))
    code_is_narrower = not set(implied).isdisjoint(above for id in coded for above in ancestors(id))
    if only_systems or code_is_narrower:
        return coded
    return tuple(filter(is_local, implied)) or implied


def _parts_first(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(ids, key=lambda id: not _SYSTEMS.isdisjoint((id, *ancestors(id)))))


@cache
def _site_names() -> tuple[dict[tuple[str, ...], tuple[tuple[str, ...], bool]], dict[str, int]]:
    """Names by their terms, and the number of terms of the longest name by its first term.

    A name has its sites, and True where it names them, False where it is a disease that implies them.
    """
    sites_by_name: dict[tuple[str, ...], tuple[tuple[str, ...], bool]] = {}
    for named in (True, False):
        for site in tree().values():
            for name in site.names if named else site.conditions:
                terms = name_terms(name)
                sites, earlier = sites_by_name.get(terms, ((), named))
                if earlier == named:
                    sites_by_name[terms] = (tuple(dict.fromkeys((*sites, site.id))), named)
    longest: dict[str, int] = {}
    for terms in sites_by_name:
        longest[terms[0]] = max(longest.get(terms[0], 0), len(terms))
    return sites_by_name, longest


@cache
def _narrowest_entry(table: str, code: str) -> tuple[str, ...]:
    """The sites of a table of `code_sites.toml` for a code: of its longest prefix, else of the narrowest range."""
    prefixes = [key for key in _code_sites()[table] if "-" not in key and code.startswith(key)]
    if prefixes:
        return tuple(_code_sites()[table][max(prefixes, key=len)])
    entries = _entries_for_category(table, code[:3])
    return tuple(entries[0]) if entries else ()


@cache
def _entries_for_category(table: str, category: str) -> tuple[Any, ...]:
    """The entries of a table whose range of categories includes this one, narrowest range first."""
    ranges = ((key.partition("-")[0], key.rpartition("-")[2], key) for key in _code_sites()[table])
    matching = [(first, last, key) for first, last, key in ranges if first <= category <= last]
    matching.sort(key=lambda entry: _category_number(entry[1]) - _category_number(entry[0]))
    return tuple(_code_sites()[table][key] for _, _, key in matching)


def _category_number(category: str) -> int:
    return ord(category[0]) * 100 + int(category[1], 36) * 10 + int(category[2], 36)


@cache
def _code_sites() -> dict[str, dict[str, Any]]:
    return _toml("code_sites.toml")


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
