"""Blueprints, template filters, limits and caches to one Flask application."""

import hashlib
from pathlib import Path

import jinja2
from flask import Flask
from werkzeug.routing import BaseConverter

import indexer
from indexer.library import Library, open_library
from indexer.settings import Settings
from webapp import answer, api, assets, browse, codes, compare, errors, health, http_cache, markup, overview, security
from webapp.article_page import article
from webapp.condition_page import condition_pages
from webapp.crawlers import crawlers
from webapp.export import export
from webapp.home import home
from webapp.metrics import Metrics
from webapp.search_page import search


class IdConverter(BaseConverter):
    """An article's id in a path, with whatever slashes it has."""

    regex = ".+?"
    part_isolating = False


def assemble(settings: Settings | None = None, library: Library | None = None) -> Flask:
    """The application; see `webapp.create_app`."""
    app = Flask(__name__, static_folder=None)
    app.url_map.converters["id"] = IdConverter
    app.url_map.merge_slashes = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": jinja2.StrictUndefined}
    settings = settings or Settings.from_environment()
    app.extensions["library"] = library or _open(settings)
    app.extensions["fingerprint"] = fingerprint()
    for blueprint in (home, search, export, article, condition_pages, crawlers, api.api, health.probes):
        app.register_blueprint(blueprint)
    for part in (browse, codes, compare, assets):
        part.add_to(app)
    app.extensions["metrics"] = Metrics(app.url_map.iter_rules())
    for part in (markup, answer, overview, security, http_cache, errors):
        part.add_to(app)
    return app


def _open(settings: Settings) -> Library:
    return open_library(settings.index, thesaurus=settings.thesaurus, emergency=settings.emergency)


def fingerprint() -> str:
    """Twelve hexadecimal digits that differ between versions of this program: no browser uses what another one sent."""
    digest = hashlib.sha256()
    for package in (Path(indexer.__file__).parent, Path(__file__).parent):
        for file in sorted(package.rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
