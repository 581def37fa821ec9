"""Words to body sites: the tree of sites.

The tree stands in `sites.toml`. Every function takes any string for an id; one that is no site has itself as its
label and no relatives, so that an index written with an older tree can still be shown.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Site:
    """A place of the body: `id` as it stands in the index, `parent` None for a region at the top of the tree."""

    id: str
    label: str
    parent: str | None
    names: tuple[str, ...]


@cache
def tree() -> dict[str, Site]:
    """Every site by its id, in the order of the file: parents before their children."""
    text = files(__package__).joinpath("sites.toml").read_text(encoding="utf-8")
    return {
        id: Site(id, entry["label"], entry.get("parent"), tuple(entry["names"]))
        for id, entry in tomllib.loads(text).items()
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
