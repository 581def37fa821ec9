"""The parameters of a URL to what was asked for, and back: the same for pages and API.

Every value is checked here. A bad one raises QueryRejected, whose sentence says what would be right; a parameter that
does not exist is ignored, and one that is empty counts as not given (forms send those).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, Self, get_args

from werkzeug.datastructures import MultiDict

from indexer.documents import TEXT_FIELD_NAMES
from indexer.errors import QueryRejected
from indexer.knowledge import body_sites, icd10
from indexer.query.request import MAX_LIMIT, MAX_OFFSET, Page, SearchRequest, Sort, build_filters
from indexer.search.facets import SIDE_LABELS

DEFAULT_SIZE: Final = 10
FILTERS: Final = ("site", "side", "chapter", "condition", "code")
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
SWITCH: Final[Mapping[str, bool]] = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}

# What a parameter accepts. Conditions and codes are open: one that no article has finds nothing.
_ACCEPTED: Final[Mapping[str, Callable[[], Collection[str]]]] = {
    "site": body_sites.tree,
    "side": lambda: SIDE_LABELS,
    "chapter": icd10.chapter_labels,
    "field": lambda: TEXT_FIELD_NAMES,
    "sort": lambda: SORTS,
    "collapse": lambda: SWITCH,
    "explain": lambda: SWITCH,
    "plain": lambda: SWITCH,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it stands in a URL; `filters` has only fields with values, in the order of FILTERS."""

    q: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fields: tuple[str, ...] = ()
    sort: Sort = "relevance"
    page: int = 1
    size: int = DEFAULT_SIZE
    collapse: bool = True
    explain: bool = False
    plain: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MAX_LIMIT:
            raise QueryRejected(f"size {self.size} is outside 1 to {MAX_LIMIT}; ask for further pages instead")
        if not 1 <= self.page <= self.last_page:
            raise QueryRejected(
                f"page {self.page} is outside 1 to {self.last_page}; use one of those, or narrow the search by more words"
            )

    @classmethod
    def read(cls, arguments: MultiDict[str, str]) -> Self:
        """What the arguments of a URL ask for. Raises QueryRejected for a value that cannot be."""
        return cls(
            q=" ".join(arguments.get("q", "").split()),
            filters=tuple((name, found) for name in FILTERS if (found := _values(arguments, name))),
            fields=_values(arguments, "field"),
            sort=next(each for each in SORTS if each == (_value(arguments, "sort") or SORTS[0])),
            page=_number(arguments, "page", 1),
            size=_number(arguments, "size", DEFAULT_SIZE),
            collapse=SWITCH[_value(arguments, "collapse") or "on"],
            explain=SWITCH[_value(arguments, "explain") or "off"],
            plain=SWITCH[_value(arguments, "plain") or "off"],
        )

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The arguments that say the same, defaults left out: `Asked.read(MultiDict(asked.pairs())) == asked`."""
        once = (
            ("sort", self.sort, "relevance"),
            ("page", str(self.page), "1"),
            ("size", str(self.size), str(DEFAULT_SIZE)),
            ("collapse", str(int(self.collapse)), "1"),
            ("explain", str(int(self.explain)), "0"),
            ("plain", str(int(self.plain)), "0"),
        )
        return (
            *((("q", self.q),) if self.q else ()),
            *((name, value) for name, values in self.filters for value in values),
            *(("field", name) for name in self.fields),
            *((name, value) for name, value, default in once if value != default),
        )

    def kept(self) -> tuple[tuple[str, str], ...]:
        """The arguments that stay when other words are searched."""
        return tuple((name, value) for name, value in self.pairs() if name not in {"q", "page"})

    @property
    def last_page(self) -> int:
        """The last page that can be asked for, whatever is found."""
        return MAX_OFFSET // self.size + 1

    def window(self) -> Page:
        """The part of the matches that is wanted."""
        return Page((self.page - 1) * self.size, self.size, self.collapse)

    def request(self) -> SearchRequest:
        """The search that the library answers. Raises QueryRejected for more values of a filter than it takes."""
        return SearchRequest(
            self.q,
            build_filters(dict(self.filters)),
            self.fields,
            self.window(),
            self.sort,
            expand=not self.plain,
            explain=self.explain,
        )

    def values(self, name: str) -> tuple[str, ...]:
        """The values of one filter."""
        return dict(self.filters).get(name, ())

    def filtered(self, name: str, values: tuple[str, ...]) -> Self:
        """The same search, from its first page, with these values for one filter."""
        chosen = dict(self.filters) | {name: values}
        return replace(self, page=1, filters=tuple((each, chosen[each]) for each in FILTERS if chosen.get(each)))


def _values(arguments: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """Every value of a repeatable parameter, each once."""
    return tuple(dict.fromkeys(_checked(name, value) for value in arguments.getlist(name) if value.strip()))


def _value(arguments: MultiDict[str, str], name: str) -> str:
    """The first value of a parameter that is said once; "" where there is none."""
    return next(iter(_values(arguments, name)), "")


def _checked(name: str, value: str) -> str:
    value = value.strip()
    accepted = _ACCEPTED[name]() if name in _ACCEPTED else (value,)
    if value in accepted:
        return value
    choices = ", ".join(accepted) if len(accepted) < 25 else "one of those that /browse lists"
    raise QueryRejected(f"{name} cannot be “{value[:60]}”; use {choices}")


def _number(arguments: MultiDict[str, str], name: str, default: int) -> int:
    value = _value(arguments, name)
    if not value:
        return default
    if value.isascii() and value.isdecimal() and len(value) <= 9:
        return int(value)
    raise QueryRejected(f"{name} cannot be “{value[:60]}”; use a whole number such as {default}")
