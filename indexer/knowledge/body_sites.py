"""Words to body sites: the tree of sites, the places that a title names, and the side.

The tree stands in `sites.toml`, what codes say about places in `code_sites.toml`. Every function of the tree takes any string
for an id; one that is no site has itself as its label and no relatives, so that an index written with an older tree can
still be shown.

A place is read from terms (see name_keys.py) without right and left, longest name first: "neck of the left femur" is the
femur, not the neck. "Right heart failure" is no side: see `_NO_SIDE_BEFORE`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from indexer.knowledge.name_keys import terms

Side: TypeAlias = Literal["right", "left", "bilateral"]

_SIDES: Final[Mapping[str, Side | None]] = {
    "right": "right",
    "left": "left",
    "bilater": "bilateral",
    "both": "bilateral",
    "unilater": None,
}
# After these words, right and left are part of the name, or no side at all.
_NO_SIDE_BEFORE: Final = (
    "ventricle ventricular atrium atrial heart bundle main anterior circumflex away untreated alone over unchecked undiagnosed "
    "behind out open colitis fascicular posterior"
)
# Words that belong to a place but name none.
_FILLERS: Final = "region regions site sites level area part parts side sided structure structures multiple upper lower bone bones joint joints including"
# Regions at the top of the tree that are everywhere in the body.
_SYSTEMS: Final = frozenset(
    "skin bones-joints-and-muscles brain-and-nerves blood-vessels blood-and-immune-system hormones-and-metabolism mind whole-body".split()
)
# Sites whose diseases are others than those of their neighbours: a place on the outside is a variant, an organ is not.
_ORGANS: Final = frozenset(
    "heart lungs trachea esophagus mediastinum diaphragm breast peritoneum stomach intestines liver gallbladder pancreas spleen "
    "kidney adrenal-glands urinary-tract prostate uterus ovary brain-and-nerves blood-vessels blood-and-immune-system "
    "bones-joints-and-muscles hormones-and-metabolism skin retina cornea optic-nerve middle-ear inner-ear throat thyroid".split()
)
_EXCEPTION: Final = re.compile(r",?\s+\(?(?:excluding|including|except|other than|without)\b[^,]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Site:
    """A place of the body: `id` as it stands in the index, `parent` None for a region at the top of the tree."""

    id: str
    label: str
    parent: str | None
    names: tuple[str, ...]
    conditions: tuple[str, ...]


class Mention(NamedTuple):
    """Places named by the terms from `start` to `end` (half-open); `own` is False where a disease only implies them."""

    start: int
    end: int
    sites: tuple[str, ...]
    own: bool


class Place(NamedTuple):
    """Where something is: the sites, the one said last first, the side, and the sites that a disease's name only implies."""

    sites: tuple[str, ...]
    side: Side | None
    implied: tuple[str, ...] = ()


@cache
def tree() -> dict[str, Site]:
    """Every site by its id, in the order of the file: parents before their children."""
    return {
        id: Site(id, entry["label"], entry.get("parent"), tuple(entry["names"]), tuple(entry.get("conditions", ())))
        for id, entry in _toml("sites.toml").items()
    }


@cache
def _children() -> dict[str | None, tuple[str, ...]]:
    result: dict[str | None, tuple[str, ...]] = {}
    for site in tree().values():
        result[site.parent] = (*result.get(site.parent, ()), site.id)
    return result


def label(id: str) -> str:
    """What a reader is shown for a site: "upper-limb" -> "Upper limb"."""
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
    """Whether a disease of this site is another disease than the same one elsewhere: a cyst of the kidney, not cellulitis of the hand."""
    return not _ORGANS.isdisjoint((id, *ancestors(id)))


def is_side(term: str) -> bool:
    """Whether the term says a side, or that there is but one: right, left, both, bilateral, unilateral."""
    return term in _SIDES


def side_positions(said: Sequence[str]) -> tuple[int, ...]:
    """Where terms say a side of the body: not in "right ventricle", "left untreated", or "both" before anything but a place."""
    return tuple([position for position, term in enumerate(said) if term in _SIDES and _is_side_at(said, position)])


def _is_side_at(said: Sequence[str], position: int) -> bool:
    after = position + 1
    if after < len(said) and said[after] == "side":
        after += 1
    if after < len(said) and said[after] in _terms_of(_NO_SIDE_BEFORE):
        return False
    return said[position] != "both" or _names(said, position + 1)


def mentions(said: Sequence[str]) -> tuple[Mention, ...]:
    """The places that terms name, from left to right, the longest name wherever several fit."""
    lexicon, longest = _lexicon()
    if longest.keys().isdisjoint(said):
        return ()
    result: list[Mention] = []
    position, total = 0, len(said)
    while position < total:
        most = longest.get(said[position], 0)
        for end in range(min(total, position + most), position, -1):
            if found := lexicon.get(tuple(said[position:end])):
                result.append(Mention(position, end, *found))
                position = end
                break
        else:
            position += 1
    return tuple(result)


def is_place(said: Sequence[str]) -> bool:
    """Whether terms say a place or a side and nothing else."""
    sides = side_positions(said)
    rest = [term for position, term in enumerate(said) if position not in sides]
    fillers = _terms_of(_FILLERS)
    covered = {position for mention in mentions(rest) if mention.own for position in range(mention.start, mention.end)}
    return all(position in covered or term in fillers for position, term in enumerate(rest))


@lru_cache(maxsize=1 << 13)
def place(name: str) -> Place:
    """The place that a title or name gives: "Pain in right ankle and joints of right foot" -> ankle-and-foot, right."""
    if "cluding" in name or "xcept" in name or "than" in name:
        name = _EXCEPTION.sub("", name)
    found: list[str] = []
    implied: list[str] = []
    said_sides: list[Side | None] = []
    for part in reversed(name.split(",")):
        said = terms(part)
        sides = side_positions(said)
        if sides:
            said_sides.extend(_SIDES[said[position]] for position in sides)
            said = tuple([term for position, term in enumerate(said) if position not in sides])
        for mention in mentions(said):
            (found if mention.own else implied).extend(mention.sites)
    said_side = {side for side in said_sides if side}
    side = said_side.pop() if len(said_side) == 1 else "bilateral" if said_side else None
    return Place(tuple(dict.fromkeys(found)), side, tuple(dict.fromkeys(implied)))


def of_article(code: str | None, places: Iterable[Place]) -> tuple[str, ...]:
    """The sites of an article with this code and these places in its titles, parts of the body before systems.

    What a title names comes first; failing that what the disease's name implies, or the code where it is narrower.
    The code also corrects words of two meanings, and adds the system that it belongs to.
    """
    named = tuple(dict.fromkeys(site for place in places for site in place.sites))
    implied = tuple(dict.fromkeys(site for place in places for site in place.implied))
    if code is None:
        return _parts_first(named or implied)
    for swap in _ranges("instead", code[:3]):
        named = tuple(dict.fromkeys(swap.get(site, site) for site in named))
    if not named:
        named = _unnamed(code, implied)
    known = closure(named)
    return _parts_first((*named, *(site for site in _narrowest("always", code) if site not in known)))


def _unnamed(code: str, implied: tuple[str, ...]) -> tuple[str, ...]:
    coded = _narrowest("otherwise", code)
    if coded == ("whole-body",):
        return implied or coded
    vague = _SYSTEMS.issuperset(implied)
    within = not set(implied).isdisjoint(above for id in coded for above in ancestors(id))
    return coded if vague or within else implied


def _parts_first(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(ids, key=lambda id: not _SYSTEMS.isdisjoint((id, *ancestors(id)))))


@cache
def _terms_of(listed: str) -> frozenset[str]:
    return frozenset(terms(listed))


def _names(said: Sequence[str], position: int) -> bool:
    return any(mention.start == 0 and mention.own for mention in mentions(said[position : position + 4]))


@cache
def _lexicon() -> tuple[dict[tuple[str, ...], tuple[tuple[str, ...], bool]], dict[str, int]]:
    """Names as terms to their sites, and first terms to the length of the longest name that begins so."""
    names: dict[tuple[str, ...], tuple[tuple[str, ...], bool]] = {}
    for own in (True, False):
        for site in tree().values():
            for name in site.names if own else site.conditions:
                said = terms(name)
                before, owned = names.get(said, ((), own))
                if owned == own:
                    names[said] = (tuple(dict.fromkeys((*before, site.id))), own)
    longest: dict[str, int] = {}
    for said in names:
        longest[said[0]] = max(longest.get(said[0], 0), len(said))
    return names, longest


@cache
def _narrowest(table: str, code: str) -> tuple[str, ...]:
    """The entry of the narrowest range that holds the code: a longer key, or one of fewer categories."""
    whole = [key for key in _places()[table] if "-" not in key and code.startswith(key)]
    if whole:
        return tuple(_places()[table][max(whole, key=len)])
    found = _ranges(table, code[:3])
    return tuple(found[0]) if found else ()


@cache
def _ranges(table: str, category: str) -> tuple[Any, ...]:
    """The entries whose range of categories holds this one, narrowest first."""
    spans = ((key.partition("-")[0], key.rpartition("-")[2], key) for key in _places()[table])
    held = [(first, last, key) for first, last, key in spans if first <= category <= last]
    held.sort(key=lambda span: _width(span[0], span[1]))
    return tuple(_places()[table][key] for _, _, key in held)


def _width(first: str, last: str) -> int:
    return (
        (ord(last[0]) - ord(first[0])) * 100
        + int(last[1], 36) * 10
        + int(last[2], 36)
        - int(first[1], 36) * 10
        - int(first[2], 36)
    )


@cache
def _places() -> dict[str, dict[str, Any]]:
    return _toml("code_sites.toml")


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
