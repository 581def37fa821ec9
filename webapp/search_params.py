"""The parameters of a URL to a SearchRequest, and back to a URL: one table for pages, API and OpenAPI.

Every value is checked here. A bad one raises QueryRejected, whose sentence says what would be right; an unknown
parameter is ignored, and an empty one counts as not given (forms send those).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, Final, Self, get_args, get_type_hints

from werkzeug.datastructures import MultiDict

from indexer.documents import TEXT_FIELD_NAMES
from indexer.errors import QueryRejected
from indexer.knowledge import body_sites, icd10
from indexer.query.parser import MAX_TEXT
from indexer.query.request import (
    FILTER_FIELDS,
    MAX_FILTER_VALUES,
    MAX_LIMIT,
    MAX_OFFSET,
    Page,
    SearchRequest,
    Sort,
    build_filters,
)
from indexer.search.facets import SIDE_LABELS

DEFAULT_SIZE: Final = 10
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
SWITCHES: Final[Mapping[str, bool]] = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
MAX_PAGE: Final = MAX_OFFSET + 1  # of one result each; of more, see `last_page`
MAX_NAMED_VALUES: Final = 24  # accepted values that an error or a schema lists; body sites are more
MAX_DIGITS: Final = 9
MAX_VALUES_TEXT: Final = 2_000  # code points of all values of filters together: each link of a page repeats them
MAX_SHOWN: Final = 60  # code points of a bad value that an error repeats


class PageOutOfReach(QueryRejected):
    """A page of the results that would be there if each had fewer of them."""


class AddressTooLong(QueryRejected):
    """Filters of more text than the links of a page can repeat."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a parameter means, and which values it accepts: any, a set of strings, or numbers from 1 to `maximum`."""

    description: str
    example: Any
    accepted: Callable[[], Collection[str]] | None = None
    maximum: int | None = None

    def named_values(self) -> tuple[str, ...]:
        """The accepted values, where they are few enough to be listed."""
        values = self.accepted() if self.accepted else ()
        return tuple(values) if len(values) <= MAX_NAMED_VALUES else ()


@dataclass(frozen=True, slots=True)
class SearchParams:
    """The parameters of a search; a tuple is a repeatable one. Raises QueryRejected for a page that cannot be shown.

    Conditions and codes are open: one that no article has matches nothing.
    """

    q: Annotated[
        str,
        Parameter('Words, "phrases", -word, a OR b, field:word, begin*, codes with or without the dot.', "bone pain"),
    ] = ""
    site: Annotated[tuple[str, ...], Parameter("Body site, its parts included.", "hand", body_sites.tree)] = ()
    side: Annotated[tuple[str, ...], Parameter("Side of the body.", "left", lambda: SIDE_LABELS)] = ()
    chapter: Annotated[tuple[str, ...], Parameter("Chapter of ICD-10-CM.", "13", icd10.chapter_labels)] = ()
    condition: Annotated[
        tuple[str, ...], Parameter("Condition, as it stands in the address of its page.", "idiopathic-gout")
    ] = ()
    code: Annotated[tuple[str, ...], Parameter("ICD-10-CM code, narrower ones included.", "M86.3")] = ()
    field: Annotated[
        tuple[str, ...], Parameter("Match in this part of an article only.", "causes", lambda: TEXT_FIELD_NAMES)
    ] = ()
    sort: Annotated[Sort, Parameter("Order of the results.", "title", lambda: SORTS)] = "relevance"
    page: Annotated[int, Parameter("Page of the results.", 2, maximum=MAX_PAGE)] = 1
    size: Annotated[int, Parameter("Results on a page.", 20, maximum=MAX_LIMIT)] = DEFAULT_SIZE
    collapse: Annotated[bool, Parameter("Only the best article of each condition.", "0", lambda: SWITCHES)] = True
    explain: Annotated[bool, Parameter("Say of each hit what added how much to its score.", "1", lambda: SWITCHES)] = (
        False
    )
    plain: Annotated[
        bool, Parameter("Take the words as typed, without their other meanings.", "1", lambda: SWITCHES)
    ] = False

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MAX_LIMIT:
            raise QueryRejected(f"size {self.size} is outside 1 to {MAX_LIMIT}; ask for further pages instead")
        if not 1 <= self.page <= self.last_page:
            rejected = PageOutOfReach if 1 <= self.page <= MAX_PAGE else QueryRejected
            raise rejected(
                f"page {self.page} is outside 1 to {self.last_page}; "
                "use one of those, or narrow the search by more words"
            )

    @classmethod
    def from_args(cls, arguments: MultiDict[str, str]) -> Self:
        """Parses and checks the arguments of a URL. Raises QueryRejected for a value that is not accepted."""
        parsed = {
            name: _parsed(name, values, default)
            for name, default in DEFAULTS
            if name != "q" and (values := _checked(name, arguments.getlist(name)))
        }
        values_text = sum(len(each) for values in parsed.values() if isinstance(values, tuple) for each in values)
        if values_text > MAX_VALUES_TEXT:
            raise AddressTooLong(f"filters longer than {MAX_VALUES_TEXT:,} characters together; use fewer values")
        return cls(q=tidied(arguments.get("q", "")), **parsed)

    def to_args(self, **changes: Any) -> tuple[tuple[str, str], ...]:
        """The arguments of a URL with these changes, defaults left out: `from_args(MultiDict(p.to_args())) == p`."""
        arguments: list[tuple[str, str]] = []
        for name, default in DEFAULTS:
            value = changes[name] if name in changes else getattr(self, name)
            if value == default:
                continue
            if isinstance(value, tuple):
                arguments += [(name, each) for each in value]
            else:
                arguments.append((name, str(int(value)) if isinstance(value, bool) else str(value)))
        return tuple(arguments)

    def hidden_args(self) -> tuple[tuple[str, str], ...]:
        """The arguments that the search form repeats when other words are searched."""
        return tuple((name, value) for name, value in self.to_args() if name not in {"q", "page"})

    @property
    def last_page(self) -> int:
        """The last page that can be asked for, however many articles match."""
        return MAX_OFFSET // self.size + 1

    def request(self) -> SearchRequest:
        """The search that the library answers. Raises QueryRejected for more values of a filter than it takes."""
        return SearchRequest(
            self.q,
            build_filters({name: self.values(name) for name in FILTER_FIELDS}),
            self.field,
            Page((self.page - 1) * self.size, self.size, self.collapse),
            self.sort,
            expand=not self.plain,
            explain=self.explain,
        )

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a repeatable parameter."""
        values: tuple[str, ...] = getattr(self, name)
        return values

    def with_values(self, **values: tuple[str, ...]) -> Self:
        """The first page of the same search with other values of repeatable parameters."""
        return replace(self, page=1, **values)  # type: ignore[arg-type]


def tidied(text: str) -> str:
    """The words of a query with single spaces, and no more of them than say that it is too long to be searched whole.

    Hundreds of links of a page repeat it.
    """
    return " ".join(text.split())[: MAX_TEXT + 2].rstrip()  # of two more at most one is a space


PARAMETERS: Final[Mapping[str, Parameter]] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(SearchParams, include_extras=True).items()
}
DEFAULTS: Final = tuple((field.name, field.default) for field in fields(SearchParams))


def _checked(name: str, given: list[str]) -> tuple[str, ...]:
    """The values that are not empty, each once. Raises QueryRejected."""
    values = tuple(dict.fromkeys(filter(None, given)))
    parameter = PARAMETERS[name]
    if len(given) > MAX_FILTER_VALUES:
        raise QueryRejected(f"too many values for “{name}” (at most {MAX_FILTER_VALUES})")
    if values and parameter.accepted:
        accepted = parameter.accepted()
        for value in values:
            if value not in accepted:
                choices = ", ".join(parameter.named_values()) or "one of those that /browse lists"
                raise QueryRejected(f"{name} cannot be “{value[:MAX_SHOWN]}”; use {choices}")
    return values


def _parsed(name: str, values: tuple[str, ...], default: Any) -> Any:
    match default:
        case tuple():
            return values
        case bool():
            return SWITCHES[values[0]]
        case int():
            return _number(name, values[0], default)
        case _:
            return values[0]


def _number(name: str, value: str, default: int) -> int:
    whole, _, fraction = value.partition(".")  # 2.0 is an integer, says JSON Schema
    if whole.isascii() and whole.isdecimal() and len(whole) <= MAX_DIGITS and not fraction.strip("0"):
        return int(whole)
    raise QueryRejected(f"{name} cannot be “{value[:MAX_SHOWN]}”; use a whole number such as {default}")
