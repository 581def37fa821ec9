"""Everything in the library: from A to Z, by body site, and by chapter and block of ICD-10-CM."""

from dataclasses import dataclass
from string import ascii_lowercase
from typing import Final, TypeAlias

from flask import Blueprint, Flask, abort, current_app, render_template, url_for

from indexer import code_details
from indexer.caching import BoundedCache
from indexer.code_details import CodeRowJson
from indexer.knowledge import icd10
from webapp import request_context
from webapp.http_cache import cached_response, conditional
from webapp.overview import overview

browse = Blueprint("browse", __name__)

BlocksCache: TypeAlias = BoundedCache[str, dict[str, list[CodeRowJson]]]

MAX_GENERATIONS: Final = 2
MAX_GUIDE: Final = 40  # code points of the first name of a page, where pages are listed


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, the number of conditions under it, and its page; `url` is empty where no name begins so."""

    label: str
    conditions: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class GuideWord:
    """A page of a letter by its first name."""

    name: str
    url: str
    current: bool


def add_to(app: Flask) -> None:
    """Add the pages, and the cache of what is counted once a generation."""
    app.register_blueprint(browse)
    app.extensions["blocks"] = BlocksCache(MAX_GENERATIONS, lambda _, __: 1)


@browse.get("/browse")
@conditional
@cached_response
def page() -> str:
    """Letters, body sites, sides, chapters and blocks, each with how much there is."""
    cache: BlocksCache = current_app.extensions["blocks"]
    blocks = cache.get_or_compute(request_context.generation(), _blocks)
    everything = overview()
    return render_template("browse.html", letters=_letters(), blocks=blocks, overview=everything, **everything.facets)


@browse.get("/browse/<letter>")
@conditional
@cached_response
def names(letter: str) -> str:
    """The conditions and other names under a letter, a page of them."""
    index = request_context.library().alphabetical_index()
    first_names = index.first_names(letter)
    number = request_context.search_params().page
    if number > len(first_names):
        abort(404)
    path = url_for("browse.names", letter=letter)
    guide = [
        GuideWord(name[:MAX_GUIDE], f"{path}?page={at}" if at > 1 else path, at == number)
        for at, name in enumerate(first_names, 1)
    ]
    return render_template(
        "browse_names.html",
        label=letter.upper(),
        letters=_letters(letter),
        entries=index.page(letter, number),
        number=number,
        guide=guide if len(guide) > 1 else [],
    )


def _letters(current: str = "") -> list[Letter]:
    """The whole alphabet, and "0-9" where names begin so."""
    counts = request_context.library().alphabetical_index().letters
    return [
        Letter(
            letter.upper(),
            counts.get(letter, 0),
            url_for("browse.names", letter=letter) if letter in counts else "",
            letter == current,
        )
        for letter in dict.fromkeys((*ascii_lowercase, *counts))
    ]


def _blocks() -> dict[str, list[CodeRowJson]]:
    """The blocks that there are articles on, by their chapters."""
    library = request_context.library()
    blocks = {chapter: code_details.rows(code_details.children(chapter), library) for chapter in icd10.chapter_labels()}
    return {chapter: [row for row in rows if row.articles] for chapter, rows in blocks.items()}
