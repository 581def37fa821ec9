"""Everything in the library, by body site and by chapter."""

from flask import Blueprint, render_template

from webapp.http_cache import conditional
from webapp.overview import overview

browse = Blueprint("browse", __name__)


@browse.get("/browse")
@conditional
def page() -> str:
    """Everything by body site and by chapter."""
    return render_template("browse.html", overview=overview(), **overview().facets)
