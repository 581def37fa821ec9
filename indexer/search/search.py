"""Words, filters and a page to Results: the whole journey out, over one snapshot."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, get_args

from indexer import highlight
from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES, code_terms
from indexer.engine import Searcher
from indexer.errors import QueryRejected
from indexer.knowledge import icd10
from indexer.query.model import Filter, Ranking, Sort, Word
from indexer.query.parser import parse_query
from indexer.query.restriction import restrict
from indexer.results import Hit, Match, Page, Results
from indexer.search.facets import build_facet, build_group
from indexer.search.interpretation import interpret

FILTER_FIELDS: Final = tuple(name for name in KEYWORD_FIELD_NAMES if name != "own_site")
MAX_FILTER_VALUES: Final = 100


def search(
    searcher: Searcher,
    text: str,
    *,
    filters: Mapping[str, Sequence[str]] | None = None,
    fields: Sequence[str] = (),
    page: Page = Page(),
    sort: Sort = "relevance",
    ranking: Ranking = Ranking(),
) -> Results:
    """The page of results for the text.

    `filters` maps a keyword field to the values wanted (any of them); `fields` restricts matching to those text
    fields. Raises QueryRejected for a field or order that does not exist; never for the text.
    """
    started = time.perf_counter()
    query = replace(parse_query(text), filters=build_filters(filters or {}), sort=_checked_sort(sort), ranking=ranking)
    query = interpret(query, searcher)
    if fields:
        query = replace(query, root=restrict(query.root, _checked_fields(fields)))
    matches = searcher.search(query, page)
    weigh = _idf(searcher)
    wanted = highlight.leaves(query.root, weigh)
    hits = tuple(_hit(match, query.words, wanted) for match in matches.page)
    return Results(
        query=query.text,
        generation=searcher.generation,
        total=matches.total,
        groups=matches.groups,
        page=page,
        hits=hits,
        facets=tuple(build_facet(counted, query.filters) for counted in matches.facets),
        interpretation=query.interpretation,
        notes=query.notes,
        suggestion=None,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def build_filters(wanted: Mapping[str, Sequence[str]]) -> tuple[Filter, ...]:
    """Filters in the order of the fields; raises QueryRejected for a field that is no filter."""
    for name in wanted:
        if name not in FILTER_FIELDS:
            raise QueryRejected(f"there is no filter “{name}”; use one of {', '.join(FILTER_FIELDS)}")
    filters = []
    for name in FILTER_FIELDS:
        values = tuple(dict.fromkeys(icd10.term(value) if name == "code" else value for value in wanted.get(name, ())))
        if len(values) > MAX_FILTER_VALUES:
            raise QueryRejected(f"{len(values)} values for “{name}” are more than {MAX_FILTER_VALUES}; choose fewer")
        if values:
            filters.append(Filter(name, values))
    return tuple(filters)


def _checked_fields(fields: Sequence[str]) -> tuple[str, ...]:
    for name in fields:
        if name not in TEXT_FIELD_NAMES:
            raise QueryRejected(f"there is no field “{name}”; use one of {', '.join(TEXT_FIELD_NAMES)}")
    return tuple(dict.fromkeys(fields))


def _checked_sort(sort: Sort) -> Sort:
    if sort in get_args(Sort):
        return sort
    raise QueryRejected(f"there is no order “{sort}”; use one of {', '.join(get_args(Sort))}")


def _idf(searcher: Searcher) -> Callable[[str], float]:
    count = searcher.document_count

    def idf(term: str) -> float:
        with_term = searcher.frequency(None, term)
        return math.log(1 + (count - with_term + 0.5) / (with_term + 0.5))

    return idf


def _hit(match: Match, words: tuple[Word, ...], wanted: tuple[highlight.Leaf, ...]) -> Hit:
    document = match.document
    held = highlight.terms(document)
    missing = tuple(word.typed for word in words if word.term not in held and word.word not in code_terms(document))
    return Hit(document, match.score, highlight.snippets(document, wanted), build_group(match), missing)
