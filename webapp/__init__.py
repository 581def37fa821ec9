"""A library to a website: pages that work without JavaScript, and a JSON API beside them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from indexer.library import Library
    from indexer.settings import Settings


def create_app(settings: "Settings | None" = None, library: "Library | None" = None) -> "Flask":
    """The WSGI application over the library, else over the index of the settings, else over that of the environment.

    Opens nothing yet: an index that is missing or damaged gives status 503 and words that say so, until it is there.
    """
    from webapp.app import assemble  # Flask is imported only where pages are served, so that commands start fast

    return assemble(settings, library)
