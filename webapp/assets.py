"""The files below static/ to what a browser loads: one style sheet, one script, and the files that stand alone.

Each room of the site has a style sheet and a script of its own below static/style and static/script, and can be taken
out with them; a page asks for one of each, because a request costs more than a few kilobytes.
"""

from collections.abc import Mapping
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from flask import Flask, Response, abort, request, url_for

from webapp.compression import Coding, accepted_coding, best_compressed
from webapp.links import absolute_url

FOLDER: Final = Path(__file__).parent / "static"
FIRST: Final = "base.css"  # what the sheets of the rooms build on
SHARE: Final = "share.png"  # the picture that goes with a link to a page
LAST: Final = "print.css"  # what overrules them all on paper


def add_to(app: Flask) -> None:
    """Serve the assets of the application, and give its templates their addresses."""
    assets = compressed()

    def static(filename: str) -> Response:
        bodies = assets.get(filename) or abort(404)
        etag = app.extensions["fingerprint"]
        if request.if_none_match.contains_weak(etag):
            response = Response(status=304)
        else:
            coding = accepted_coding()
            response = Response(bodies.get(coding, bodies[None]), mimetype=guess_type(filename)[0])
            if coding and coding in bodies:
                response.content_encoding = coding
        response.set_etag(etag, weak=True)
        response.vary.add("Accept-Encoding")
        return response

    app.add_url_rule("/static/<path:filename>", "static", static)
    app.add_url_rule("/favicon.ico", "favicon", lambda: static("favicon.ico"))
    version = app.extensions["fingerprint"]
    app.jinja_env.globals |= {
        "asset": lambda name: url_for("static", filename=name, v=version),
        "share_image": lambda: SHARE in assets and absolute_url("static", filename=SHARE, v=version),
    }


@cache
def compressed() -> Mapping[str, Mapping[Coding | None, bytes]]:
    """Every asset by its name, each as it is and in every coding: compressed once, in 40 ms for all."""
    return {name: best_compressed(body) for name, body in load().items()}


def load() -> Mapping[str, bytes]:
    """Every asset by its name: `style.css` and `site.js` joined of those of the rooms, the others as they are."""
    sheets = sorted(
        (FOLDER / "style").glob("*.css"), key=lambda file: (file.name != FIRST, file.name == LAST, file.name)
    )
    scripts = sorted((FOLDER / "script").glob("*.js"))
    return {
        "style.css": b"\n".join(file.read_bytes() for file in sheets),
        "site.js": b'"use strict";\n' + b"\n".join(b"{\n%b}" % file.read_bytes() for file in scripts),
        **{file.name: file.read_bytes() for file in FOLDER.iterdir() if file.is_file()},
    }
