"""Blueprints, template filters, limits and caches to one Flask application."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import jinja2
from flask import Flask
from werkzeug.routing import BaseConverter

import indexer
from indexer.library import Library, open_library
from indexer.settings import Settings
from webapp import (
    admission,
    answer,
    api,
    assets,
    browse,
    codes,
    compare,
    compression,
    errors,
    health,
    http_cache,
    links,
    markup,
    overview,
    security,
    structured_data,
)
from webapp.api_page import api_page
from webapp.article_page import article
from webapp.condition_page import condition_pages
from webapp.crawlers import crawlers
from webapp.door import Door, SiteAddress, raise_refusal
from webapp.editors import desk
from webapp.export import export
from webapp.generation import generation
from webapp.home import home
from webapp.metrics import Metrics
from webapp.search_page import search


class IdConverter(BaseConverter):
    """An article's id in a path, with whatever slashes and line breaks it has."""

    regex = r"[\s\S]+?"
    part_isolating = False


def assemble(settings: Settings | None = None, library: Library | None = None) -> Flask:
    """The application; see `webapp.create_app`."""
    app = errors.Site(__name__, static_folder=None)
    app.url_map.converters["id"] = IdConverter
    app.url_map.merge_slashes = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": jinja2.StrictUndefined}
    app.jinja_options["cache_size"] = -1  # of the few dozen templates none is dropped: a list is kept for that
    if settings is None:
        settings = Settings.from_environment()
        if library is not None:  # whose corpus may be another
            settings = replace(settings, corpus=Path(os.devnull))
    app.extensions["library"] = library or _open(settings)
    app.extensions["fingerprint"] = fingerprint()
    for blueprint in (home, search, export, article, condition_pages, crawlers, api.api, api_page, health.probes):
        app.register_blueprint(blueprint)
    app.before_request(raise_refusal)  # once the clock runs
    for part in (browse, codes, compare, assets):
        part.add_to(app)
    app.register_blueprint(generation)
    desk.add_to(app, settings)
    app.config["METRICS_ELSEWHERE"] = bool(settings.metrics)
    app.extensions["metrics"] = Metrics(app.url_map.iter_rules())
    for part in (markup, answer, links, structured_data, overview):
        part.add_to(app)
    for part in (security, admission, compression, http_cache, errors):
        part.add_to(app)
    app.wsgi_app = Door(app.wsgi_app, SiteAddress.of(settings))  # type: ignore[method-assign]
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
