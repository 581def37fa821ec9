"""A count of results to the links between its pages."""

from dataclasses import dataclass
from typing import Final

from webapp.links import search_url
from webapp.search_params import SearchParams

NEARBY: Final = 2  # page numbers shown on each side of the current one


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page number and its link; a gap (shown as …) has the number None."""

    number: int | None
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """The links between the pages of a result; a link is "" where there is no page.

    `last` is the last page that can be asked for, which MAX_OFFSET bounds.
    """

    pages: tuple[PageLink, ...] = ()
    previous: str = ""
    next: str = ""
    last: int = 1


def build_pager(path: str, params: SearchParams, count: int) -> Pager:
    """The pager of `count` results: the first and the last page, and those near the current one."""
    last = min(max(1, -(-count // params.size)), params.last_page)

    def url(number: int) -> str:
        return search_url(path, params, page=number)

    current = min(params.page, last)
    near = range(max(1, current - NEARBY), min(last, current + NEARBY) + 1)
    pages: list[PageLink] = []
    for number in sorted({1, last, *near}) if last > 1 else ():
        skipped = number - (pages[-1].number or 0) - 1 if pages else 0
        if skipped == 1:  # a gap of one page shows that page
            pages.append(PageLink(number - 1, url(number - 1)))
        elif skipped:
            pages.append(PageLink(None))
        pages.append(PageLink(number, url(number), number == params.page))
    return Pager(
        tuple(pages),
        url(min(params.page - 1, last)) if params.page > 1 else "",
        url(params.page + 1) if params.page < last else "",
        last,
    )
