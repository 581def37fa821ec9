"""The words of a query that say where: body sites and a side, by the values of the facets.

Only places count ("hand"), not systems of the body ("bone" says what is ill, not where). A side counts beside a place
or at an end of the query: "right heart failure" and "left bundle branch block" have none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from indexer.documents import Document
from indexer.knowledge import body_sites
from indexer.query.request import Filter
from indexer.text.analyzer import fold

MAX_WORDS: Final = 3  # of the name of a site

_PLACE_OF_BONE: Final = {"femur": "thigh", "humerus": "upper-arm"}  # whose only bone it is
_SIDES: Final = {"right": "right", "left": "left", "bilateral": "bilateral", "both": "bilateral"}


@dataclass(frozen=True, slots=True)
class QueryLocation:
    """Words at these positions, and the values of a keyword field that they stand for."""

    positions: tuple[int, ...]
    field: str
    values: tuple[str, ...]


def locations(words: Sequence[str]) -> tuple[QueryLocation, ...]:
    """The locations that folded words name, the longest name wherever several match."""
    sites: list[QueryLocation] = []
    position = 0
    while position < len(words):
        for end in range(min(len(words), position + MAX_WORDS), position, -1):
            if values := _places().get(" ".join(words[position:end])):
                sites.append(QueryLocation(tuple(range(position, end)), "site", values))
                position = end
                break
        else:
            position += 1
    beside = {at for site in sites for at in (site.positions[0] - 1, site.positions[-1] + 1)}
    beside -= {at for site in sites if any(map(body_sites.is_organ, site.values)) for at in (site.positions[0] - 1,)}
    sides = (
        QueryLocation((at,), "side", (_SIDES[word],))
        for at, word in enumerate(words)
        if word in _SIDES and (at in beside or at == len(words) - 1)
    )
    return (*sites, *sides)


def is_about(document: Document, stated: QueryLocation) -> bool:
    """Whether the document is about the location: its side, or one of its sites or what they are part of."""
    if stated.field == "side":
        return document.side in stated.values
    own = body_sites.closure(document.sites)
    return any(site in own or _PLACE_OF_BONE.get(site) in own for site in stated.values)


def lead_filters(stated: Sequence[QueryLocation]) -> tuple[Filter, ...]:
    """What the article that leads its condition should be about: the stated places, or what they are part of."""
    own = tuple(Filter(each.field, each.values) for each in stated)
    above = (
        Filter("site", (*each.values, *(parent for site in each.values if (parent := body_sites.parent(site)))))
        for each in stated
        if each.field == "site"
    )
    return (*own, *above)


@cache
def _places() -> dict[str, tuple[str, ...]]:
    """The sites by their folded names, without systems of the body."""
    places: dict[str, tuple[str, ...]] = {}
    for site in filter(lambda site: body_sites.is_local(site.id), body_sites.tree().values()):
        for name in dict.fromkeys(fold(f"{written}{ending}") for written in site.names for ending in ("", "s")):
            places[name] = (*places.get(name, ()), site.id)
    return places
