"""A search and its facets to links: what each click would ask for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote_plus

from flask import url_for

from indexer.knowledge import body_sites, icd10
from indexer.results import Bucket, Facet, Group, Hit, Name, NameKind
from indexer.search.facets import SIDE_LABELS
from webapp.markup import FIELD_LABELS
from webapp.search_params import Asked

_quoted = lru_cache(maxsize=4096)(quote_plus)  # the same few values stand in every link of a page
_NEAR: Final = 2  # page numbers shown on each side of the current one


@dataclass(frozen=True, slots=True)
class Choice:
    """A bucket as a link: following it selects the value, or takes it back where it is selected.

    `covered` says that a site is part of a selected one, so that its articles are in the results already.
    """

    value: str
    label: str
    count: int
    selected: bool
    url: str
    children: "tuple[Choice, ...]" = ()
    covered: bool = False

    @property
    def open(self) -> bool:
        """Whether something below is selected, so that the branch must be in sight."""
        return any(child.selected or child.open for child in self.children)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the link that takes it off."""

    name: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """A page number and its link; number None is a gap."""

    number: int | None
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """The way through the pages of a result; a link is "" where there is nowhere to go."""

    steps: tuple[Step, ...] = ()
    previous: str = ""
    next: str = ""
    last: int = 1


def search_url(path: str, asked: Asked) -> str:
    """The address of a search; `path` is that of the search page or the API."""
    query = "&".join(f"{name}={_quoted(value)}" for name, value in asked.pairs())
    return f"{path}?{query}" if query else path


# The filter whose values a kind of name is; a name that an article gives itself leads to the article's condition.
_FILTER_OF: Final[Mapping[NameKind, str]] = {
    "condition": "condition",
    "name": "condition",
    "code": "code",
    "site": "site",
}


def name_url(name: Name) -> str:
    """The address of the page that a name leads to."""
    field = _FILTER_OF[name.kind]
    if field == "condition":
        return url_for("pages.condition", condition=name.value)
    return search_url(url_for("pages.search"), Asked(filters=((field, (name.value,)),)))


def choices(path: str, asked: Asked, facet: Facet) -> tuple[Choice, ...]:
    """The buckets of a facet as links."""
    return tuple(_choice(path, asked, facet.field, bucket) for bucket in facet.buckets)


def toggled(asked: Asked, name: str, value: str) -> Asked:
    """The search with the value added to a filter, or taken out of it.

    Filters are any-of, so that a site beside a site which contains it would change nothing: choosing a part
    lets go of the whole, and the whole of its parts.
    """
    chosen = asked.values(name)
    if value in chosen:
        return asked.filtered(name, tuple(each for each in chosen if each != value))
    if name == "site":
        above = body_sites.ancestors(value)
        chosen = tuple(each for each in chosen if each not in above and value not in body_sites.ancestors(each))
    return asked.filtered(name, (*chosen, value))


def _choice(path: str, asked: Asked, name: str, bucket: Bucket, *, covered: bool = False) -> Choice:
    below = covered or bucket.selected
    return Choice(
        bucket.value,
        bucket.label,
        bucket.count,
        bucket.selected,
        search_url(path, toggled(asked, name, bucket.value)),
        tuple(_choice(path, asked, name, child, covered=below) for child in bucket.children),
        covered,
    )


def flattened(found: tuple[Choice, ...]) -> Iterator[Choice]:
    """Every choice of a tree, parents before children."""
    for choice in found:
        yield choice
        yield from flattened(choice.children)


_LABELS: Final[Mapping[str, Callable[[str], str]]] = {
    "site": body_sites.label,
    "side": lambda value: SIDE_LABELS.get(value, value),
    "chapter": icd10.chapter_label,
    "condition": lambda value: value.replace("-", " ").capitalize(),
    "code": lambda value: value.upper(),
}


def chips(path: str, asked: Asked) -> tuple[Chip, ...]:
    """Every filter that is on, in the order of the URL."""
    on = [
        Chip(name, _LABELS[name](value), search_url(path, toggled(asked, name, value)))
        for name, values in asked.filters
        for value in values
    ]
    for name in asked.fields:
        fields = tuple(each for each in asked.fields if each != name)
        on.append(
            Chip("field", f"In {FIELD_LABELS[name].lower()}", search_url(path, replace(asked, page=1, fields=fields)))
        )
    return tuple(on)


def cleared(asked: Asked) -> Asked:
    """The same words without any filter."""
    return replace(asked, page=1, filters=(), fields=())


def variant(path: str, asked: Asked, **changed: Any) -> str:
    """The address of the first page of a search that differs in these parameters."""
    return search_url(path, replace(asked, page=1, **changed))


@dataclass(frozen=True, slots=True)
class Option:
    """One of several ways to show the same results."""

    label: str
    url: str
    current: bool


def variants(path: str, asked: Asked, name: str, labelled: Iterable[tuple[Any, str]]) -> tuple[Option, ...]:
    """The values of one parameter as links."""
    return tuple(
        Option(label, variant(path, asked, **{name: value}), getattr(asked, name) == value) for value, label in labelled
    )


@dataclass(frozen=True, slots=True)
class Kin:
    """The matching articles of a hit's condition, itself among them: how many, and links to those of one site or side."""

    count: int
    url: str
    sites: tuple[Choice, ...]
    sides: tuple[Choice, ...]


def kin(path: str, asked: Asked, hit: Hit) -> Kin:
    """Where the articles of the hit's condition are; each link leads to exactly those that it counts."""
    family = replace(asked, page=1, collapse=False).filtered("condition", (hit.document.condition_key,))

    def some(name: str, buckets: tuple[Bucket, ...]) -> tuple[Choice, ...]:
        return tuple(
            Choice(each.value, each.label, each.count, False, search_url(path, family.filtered(name, (each.value,))))
            for each in buckets
            if _narrows(asked, name, each.value)
        )

    group: Group = hit.group
    return Kin(group.size, search_url(path, family), some("site", group.sites), some("side", group.sides))


def _narrows(asked: Asked, name: str, value: str) -> bool:
    """Whether the value alone finds none but what the values that are on find: an article may be of two sites, one of them not asked for."""
    chosen = asked.values(name)
    return not chosen or value in chosen or (name == "site" and not set(chosen).isdisjoint(body_sites.ancestors(value)))


def pager(path: str, asked: Asked, count: int) -> Pager:
    """The way through `count` results: the first and the last page, and those near the current one."""
    last = min(max(1, -(-count // asked.size)), asked.last_page)

    def url(number: int) -> str:
        return search_url(path, replace(asked, page=number))

    here = min(asked.page, last)
    steps: list[Step] = []
    for number in sorted({1, last, *range(max(1, here - _NEAR), min(last, here + _NEAR) + 1)}) if last > 1 else ():
        missing = number - (steps[-1].number or 0) - 1 if steps else 0
        if missing == 1:
            steps.append(Step(number - 1, url(number - 1)))
        elif missing:
            steps.append(Step(None))
        steps.append(Step(number, url(number), number == asked.page))
    return Pager(
        tuple(steps),
        url(min(asked.page - 1, last)) if asked.page > 1 else "",
        url(asked.page + 1) if asked.page < last else "",
        last,
    )
