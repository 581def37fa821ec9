"""A condition to its page: what it is, its other names and codes, and every article on it, by body site.

What is said of the condition is said by its most complete article, and stands there with its source.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from flask import Blueprint, abort, render_template, url_for

from indexer.documents import Document, slug
from indexer.knowledge.icd10 import Code
from indexer.search.confused_pairs import completeness
from indexer.search.summary import summary
from webapp import request_context
from webapp.body_drawing import is_about_child
from webapp.body_map import build_body_map
from webapp.http_cache import cached_response, conditional
from webapp.pager import build_pager
from webapp.search_params import SearchParams

condition_pages = Blueprint("condition", __name__)

CONDITION_SIZE: Final = 100
MAX_NAMES: Final = 12
MAX_CODES: Final = 6  # more stand beside the articles; the page says what is above them all


@condition_pages.get("/conditions/<condition>")
@conditional
@cached_response
def page(condition: str) -> str:
    """What one condition is, and every article on it, by body site."""
    page = request_context.search_params().page
    results = request_context.search(
        SearchParams(condition=(condition,), page=page, size=CONDITION_SIZE, collapse=False, sort="title")
    )
    documents = [hit.document for hit in results.hits] or abort(404)
    by_sites = groupby(sorted(documents, key=_by_sites), key=lambda document: document.sites)
    path = url_for("condition.page", condition=condition)
    lead = max(documents, key=completeness)
    return render_template(
        "condition.html",
        name=documents[0].condition,
        condition=condition,
        lead=lead,
        summary=summary(lead),
        urgent=list(dict.fromkeys(text for section in lead.sections for text in section.urgent)),
        names=_other_names(documents),
        codes=_codes(documents),
        chapters=sorted({document.chapter for document in documents if document.chapter}),
        related=request_context.library().related(lead.id) if page == 1 else (),
        results=results,
        body_map=build_body_map(
            SearchParams(condition=(condition,), collapse=False), results, child=is_about_child(documents[0].condition)
        ),
        documents_by_sites=[(sites, list(documents)) for sites, documents in by_sites],
        pager=build_pager(path, SearchParams(page=page, size=CONDITION_SIZE), results.total),
    )


def _by_sites(document: Document) -> tuple[bool, tuple[str, ...], str]:
    return not document.sites, document.sites, document.title


def _other_names(documents: Sequence[Document]) -> tuple[str, ...]:
    """The other names that the articles give the condition, those of most articles first; each once."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for name in (name for document in documents for name in document.names):
        counts[slug(name)] += 1
        names.setdefault(slug(name), name)
    counts.pop(documents[0].condition_key, None)
    return tuple(names[key] for key, _ in counts.most_common(MAX_NAMES))


def _codes(documents: Iterable[Document]) -> tuple[Code, ...]:
    """The codes of the articles; where they are many, the narrowest ones that are above all of them."""
    trails = [(*each.ancestors, Code(each.code, each.code_title or "")) for each in documents if each.code]
    codes = tuple(sorted({trail[-1] for trail in trails}, key=lambda code: code.code))
    if len(codes) <= MAX_CODES:
        return codes
    shared = set.intersection(*map(set, trails))
    return tuple(code for code in trails[0] if code in shared)[-1:] or codes[:MAX_CODES]
