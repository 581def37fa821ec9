"""A search to its URL, and to the URLs of the same search shown in other ways."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote_plus

from flask import Flask, request, url_for

from indexer.results import Name, NameKind
from webapp.door import NAMED
from webapp.search_params import SearchParams

# The same few values stand in every link of a page; each may have as many bytes as an address.
_quoted = lru_cache(maxsize=512)(quote_plus)

VIEW_PARAMETERS: Final = {"sort", "page", "size", "collapse", "explain"}  # how results are shown, not which

# The filter that a kind of name is a value of; a name that an article gives itself leads to the article's condition.
_FILTER_BY_KIND: Final[Mapping[NameKind, str]] = {
    "condition": "condition",
    "name": "condition",
    "code": "code",
    "site": "site",
}


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One of several ways to show the same results."""

    label: str
    url: str
    current: bool


def add_to(app: Flask) -> None:
    """Give the templates the addresses that are read away from the site."""
    app.jinja_env.globals |= {"absolute_url": absolute_url, "canonical_url": canonical_url}


def search_url(path: str, params: SearchParams, **changes: Any) -> str:
    """The URL of a search, or of one that differs in some parameters; `path` is that of the search page or the API."""
    query = query_string(params.to_args(**changes))
    return f"{path}?{query}" if query else path


def filtered_urls(path: str, params: SearchParams, *names: str) -> Callable[..., str]:
    """Makes the URL of the first page of a search with other values of the filters, each given as a `query_string`.

    A page has hundreds of them: they are made from one, in which no other parameter can have the text of a blank.
    """
    unfilled = changed_url(path, params, **dict.fromkeys(names, ("_",))).replace("%", "%%")
    for name in names:
        unfilled = unfilled.replace(f"{name}=_", "%s", 1)
    return lambda *arguments: unfilled % arguments


def in_html(url: str) -> str:
    """A URL of this module as it stands in an attribute: everything else that HTML reserves is quoted in it."""
    return url.replace("&", "&amp;")


def query_string(arguments: Iterable[tuple[str, str]]) -> str:
    """The arguments as they stand in a URL."""
    return "&".join([f"{name}={_quoted(value)}" for name, value in arguments])


def absolute_url(endpoint: str, **values: Any) -> str:
    """An address for what is read away from the site, with scheme and host: the one place that makes such.

    It is a path alone where the request names a host that may not be the site's (see `door`).
    """
    return url_for(endpoint, _external=has_name(), **values)


def has_name() -> bool:
    """Whether the site is asked for by a name that is known to be its own."""
    return bool(request.environ.get(NAMED, True))


def canonical_url(params: SearchParams | None = None, **arguments: Any) -> str:
    """The one address of what this request shows, whichever view of it; `arguments` are those that it depends on.

    Of a search it is the first page of the results, as anybody sees them who changes nothing.
    """
    url = absolute_url(request.endpoint or "home.page", **request.view_args or {}, **arguments)
    if params is None:
        return url
    content = [(name, value) for name, value in params.to_args() if name not in VIEW_PARAMETERS]
    return f"{url}?{query_string(content)}" if content else url


def name_url(name: Name) -> str:
    """The URL of the page that a name leads to."""
    field = _FILTER_BY_KIND[name.kind]
    if field == "condition":
        return url_for("condition.page", condition=name.value)
    if field == "code":
        return url_for("codes.page", code=name.text)
    return search_url(url_for("search.page"), SearchParams().with_values(**{field: (name.value,)}))


def changed_url(path: str, params: SearchParams, **changes: Any) -> str:
    """The URL of the first page of a search that differs in these parameters."""
    return search_url(path, params, page=1, **changes)


def view_links(path: str, params: SearchParams, name: str, labels: Iterable[tuple[Any, str]]) -> tuple[ViewLink, ...]:
    """The values of one parameter as links."""
    current = getattr(params, name)
    return tuple(
        ViewLink(label, changed_url(path, params, **{name: value}), current == value) for value, label in labels
    )
