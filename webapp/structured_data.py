"""Pages to JSON-LD in the vocabulary of schema.org: what search engines and other programs read of a page.

Only what is known is said: a code only where it is the article's own, no publisher, no symptoms that a program took out
of a sentence. The block is data, not a script: no Content-Security-Policy stands in its way, and nothing in it ends it.
"""

import re
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import msgspec
from flask import Flask
from markupsafe import Markup

from indexer.code_details import CodeDetailsJson
from indexer.documents import Document
from indexer.encoding import CodeJson
from indexer.knowledge import body_sites, icd10
from webapp.links import absolute_url, canonical_url

JsonLd: TypeAlias = dict[str, Any]

SITE_NAME: Final = "Condition Search"
CODING_SYSTEM: Final = "ICD-10-CM"
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNSAFE: Final = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def add_to(app: Flask) -> None:
    """Give the templates a function for each kind of page."""
    app.jinja_env.globals |= {
        "site_name": SITE_NAME,
        "home_data": home_data,
        "article_data": article_data,
        "condition_data": condition_data,
        "code_data": code_data,
    }


def home_data() -> Markup:
    """The site, and how to search it."""
    search = absolute_url("search.page")
    target = {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"}
    action = {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"}
    return _block(_website() | {"potentialAction": action})


def article_data(document: Document) -> Markup:
    """An article: the page, the condition that it is about, and the codes that it stands below."""
    condition = {
        "@type": "MedicalCondition",
        "name": document.title,
        "alternateName": list(document.names),
        "code": _code(document.code, document.code_title) if document.code and document.code_match == "exact" else None,
        "associatedAnatomy": [
            {"@type": "AnatomicalStructure", "name": body_sites.label(site)} for site in document.sites
        ],
    }
    page = _page(
        document.title,
        condition,
        aspect=list(dict.fromkeys(section.kind for section in document.sections)),
        inLanguage=document.language,
        lastReviewed=document.reviewed if document.reviewed and _DATE.fullmatch(document.reviewed) else None,
        isBasedOn=document.url if document.url and re.match(r"https?://", document.url) else None,
    )
    return _block(page, _breadcrumbs((*_code_trail(document.ancestors), (document.title, canonical_url()))))


def condition_data(name: str) -> Markup:
    """A condition with the articles on it."""
    trail = (("Browse", absolute_url("browse.page")), (name, canonical_url()))
    return _block(_page(name, {"@type": "MedicalCondition", "name": name}), _breadcrumbs(trail))


def code_data(details: CodeDetailsJson) -> Markup:
    """A code of ICD-10-CM."""
    trail = (*details.trail, details)
    return _block(
        _page(f"{details.code} {details.title}", _code(details.code, details.title)),
        _breadcrumbs((("Codes", absolute_url("codes.index")), *_code_trail(trail))),
    )


def _website() -> JsonLd:
    return {"@type": "WebSite", "name": SITE_NAME, "url": absolute_url("home.page")}


def _page(name: str, about: JsonLd, **known: Any) -> JsonLd:
    url = canonical_url()
    return {
        "@type": "MedicalWebPage",
        "@id": url,
        "url": url,
        "name": name,
        "isPartOf": _website(),
        "about": about,
    } | known


def _code(code: str, title: str | None) -> JsonLd:
    return {"@type": "MedicalCode", "codeValue": code, "codingSystem": CODING_SYSTEM, "name": title}


def _code_trail(codes: Iterable[icd10.Code | CodeJson]) -> Iterable[tuple[str, str]]:
    return ((f"{each.code} {each.title}", absolute_url("codes.page", code=each.code)) for each in codes)


def _breadcrumbs(trail: Iterable[tuple[str, str]]) -> JsonLd:
    elements = [
        {"@type": "ListItem", "position": position, "name": name, "item": {"@id": url}}
        for position, (name, url) in enumerate(trail, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": elements}


def _block(*nodes: JsonLd) -> Markup:
    """The nodes as a data block; no text in it can end it, and what is not known is left out."""
    known = [_without_unknown(node) for node in nodes]
    graph = known[0] if len(known) == 1 else {"@graph": known}
    text = msgspec.json.encode({"@context": "https://schema.org"} | graph).decode().translate(_UNSAFE)
    return Markup(f'<script type="application/ld+json">{text}</script>')


def _without_unknown(node: JsonLd) -> JsonLd:
    return {
        name: _without_unknown(value) if isinstance(value, dict) else value
        for name, value in node.items()
        if value not in (None, [], "")
    }
