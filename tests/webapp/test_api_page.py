"""The page of the API shows all that its description has, with examples that work."""

import re
import shlex
from html import unescape

from flask.testing import FlaskClient
from markupsafe import Markup

from webapp import openapi
from webapp.api_page import with_code

ROOT = "http://localhost"


def test_every_operation_parameter_and_field_is_shown(client: FlaskClient) -> None:
    html = client.get("/api").text
    for operation in openapi.OPERATIONS:
        assert f"{operation.method.upper()} {operation.path}</code>" in html
        for parameter in operation.parameters:
            assert f"<dt><code>{parameter['name']}</code>" in html
    ids = set(re.findall(r' id="([^"]+)"', html))
    for name, schema in openapi.SCHEMAS.items():
        assert name in ids
        for field in schema["properties"]:
            assert f"<dt><code>{field}</code>" in html
    assert set(re.findall(r'href="#([^"]+)"', html)) <= ids


def test_the_examples_work(client: FlaskClient) -> None:
    html = client.get("/api").text
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    commands = [shlex.split(unescape(each)) for each in re.findall(r"<pre><code>(.*?)</code></pre>", html)]
    assert len(commands) == sum(map(len, paths.values())) + 1
    for program, *options, url in commands:
        assert program == "curl"
        if options:  # of editors, with a token
            continue
        response = client.get(url.removeprefix(ROOT))
        assert (response.status_code, response.mimetype) == (200, "application/json")


def test_every_page_leads_to_it(client: FlaskClient) -> None:
    assert '<a href="/api">API</a>' in client.get("/about").text


def test_code_in_a_description_is_escaped() -> None:
    assert with_code("`a<b` and <i>") == Markup("<code>a&lt;b</code> and &lt;i&gt;")
