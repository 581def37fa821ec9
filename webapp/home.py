"""The pages that introduce the site: home, and what it is and is not."""

from flask import Blueprint, render_template

from webapp.http_cache import conditional
from webapp.overview import overview

home = Blueprint("home", __name__)


@home.get("/")
@conditional
def page() -> str:
    """The search box and what is in the library."""
    return render_template("home.html", overview=overview(), **overview().facets)


@home.get("/about")
def about() -> str:
    """What this is, how to ask, and what it is not."""
    return render_template("about.html")
