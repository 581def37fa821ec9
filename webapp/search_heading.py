"""A search to what its page is called: its words, and its filters in words ("Articles on the hand, left side")."""

from collections.abc import Callable, Mapping
from typing import Final

from indexer.knowledge import body_sites, icd10
from webapp.search_params import SearchParams

# The chapters of ICD-10-CM whose labels are the parts of the body that they are about.
_CHAPTERS_OF_PARTS: Final = frozenset(("3", *map(str, range(6, 15))))
_SIDES: Final[Mapping[str, str]] = {"left": "left side", "right": "right side", "bilateral": "both sides"}
_WITHOUT_ARTICLE: Final = frozenset(("hormones-and-metabolism", "pregnancy"))


def heading(params: SearchParams) -> str:
    """What a search without words is called: by its filters, or all articles."""
    said = filters_in_words(params)
    if params.site and said.startswith("on "):
        return f"Articles {said}"
    return said[:1].upper() + said[1:] or "All articles"


def title(params: SearchParams) -> str:
    """The title of a page of results, which tells its entry in a browser's history from the others."""
    said = filters_in_words(params)
    words = f"{params.q} ({said})" if params.q and said else params.q or heading(params)
    return f"{words} (page {params.page})" if params.page > 1 else words


def filters_in_words(params: SearchParams) -> str:
    """The filters, those of one kind joined by "or"; "" where none is on."""
    return ", ".join(" or ".join(map(say, values)) for name, say in _SAY.items() if (values := params.values(name)))


def _chapter(value: str) -> str:
    label = icd10.chapter_label(value)
    return f"diseases of the {_lowered(label)}" if value in _CHAPTERS_OF_PARTS else _lowered(label)


def _site(value: str) -> str:
    label = _lowered(body_sites.label(value))
    return f"on {label}" if value in _WITHOUT_ARTICLE else f"on the {label}"


def _lowered(label: str) -> str:
    """The label within a sentence; names keep their capitals."""
    return label if label.startswith("Achilles") else label[:1].lower() + label[1:]


_SAY: Final[Mapping[str, Callable[[str], str]]] = {
    "condition": lambda value: value.replace("-", " "),
    "code": lambda value: f"code {value.upper()}",
    "chapter": _chapter,
    "site": _site,
    "side": lambda value: _SIDES[value],
}
