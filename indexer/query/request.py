"""What a user asks of a search: text, filters, fields, order and page, all of it validated once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from indexer.budget import UNLIMITED, WorkLimit
from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.errors import QueryRejected
from indexer.knowledge import icd10

Sort: TypeAlias = Literal["relevance", "title", "code"]

MAX_LIMIT: Final = 100
MAX_OFFSET: Final = 10_000
MAX_FILTER_VALUES: Final = 100
FILTER_FIELDS: Final = tuple(name for name in KEYWORD_FIELD_NAMES if name != "own_site")


@dataclass(frozen=True, slots=True)
class Filter:
    """Documents that have any of the values in the keyword field."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the ranked matches to return; `collapse` returns only the best article of each condition."""

    offset: int = 0
    limit: int = 10
    collapse: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.offset <= MAX_OFFSET:
            raise QueryRejected(
                f"offset {self.offset} is outside 0 to {MAX_OFFSET}; add words or a filter to narrow the search"
            )
        if not 0 <= self.limit <= MAX_LIMIT:
            raise QueryRejected(f"limit {self.limit} is outside 0 to {MAX_LIMIT}; ask for further pages instead")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. Raises QueryRejected for an unknown text field or sort order, never for the text.

    `filters` come from `build_filters`. `fields` restrict matching to these text fields; none means all of them.
    `expand` adds synonyms, corrections and expansion terms to the words; without it they are searched as typed.
    `explain` adds to each hit what its score is the sum of, at the cost of one more search for each clause.
    `languages` are locales that the reader prefers ("en-GB"), the first most: a notice of an emergency names the number
    to call there. `limit` is the most that may be done for the page; the answer says where it was cut.
    """

    text: str
    filters: tuple[Filter, ...] = ()
    fields: tuple[str, ...] = ()
    page: Page = Page()
    sort: Sort = "relevance"
    expand: bool = True
    explain: bool = False
    languages: tuple[str, ...] = ()
    limit: WorkLimit = UNLIMITED

    def __post_init__(self) -> None:
        for name in self.fields:
            if name not in TEXT_FIELD_NAMES:
                raise QueryRejected(f"unknown field “{name}”; use one of {', '.join(TEXT_FIELD_NAMES)}")
        if self.sort not in get_args(Sort):
            raise QueryRejected(f"unknown sort order “{self.sort}”; use one of {', '.join(get_args(Sort))}")


def build_filters(values_by_field: Mapping[str, Sequence[str]]) -> tuple[Filter, ...]:
    """Filters in the order of FILTER_FIELDS, each value once; QueryRejected for other fields and too many values."""
    for name in values_by_field:
        if name not in FILTER_FIELDS:
            raise QueryRejected(f"unknown filter “{name}”; use one of {', '.join(FILTER_FIELDS)}")
    filters = []
    for name in FILTER_FIELDS:
        given = values_by_field.get(name, ())
        values = tuple(dict.fromkeys(icd10.term(value) if name == "code" else value for value in given))
        if len(values) > MAX_FILTER_VALUES:
            raise QueryRejected(f"too many values for “{name}” (at most {MAX_FILTER_VALUES})")
        if values:
            filters.append(Filter(name, values))
    return tuple(filters)
