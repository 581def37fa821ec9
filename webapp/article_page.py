"""An article to its page: its sections, and where it stands in medicine."""

from typing import Final

from flask import Blueprint, abort, render_template

from webapp import request_context
from webapp.http_cache import conditional
from webapp.search_params import SearchParams

article = Blueprint("article", __name__)

SAME_CONDITION_SIZE: Final = 12  # other articles of the condition, on the page of one
CODE_MATCH_NOTES: Final = {
    "parent": "This is the code of a wider heading; the article has none of its own.",
    "inferred": "The article does not state it; it was worked out from a name in the text.",
}


@article.get("/articles/<id:id>")
@conditional
def page(id: str) -> str:
    """One article: its sections, and where it stands in medicine."""
    document = request_context.library().get(id) or abort(404)
    same_condition = request_context.search(
        SearchParams(condition=(document.condition_key,), sort="title", size=SAME_CONDITION_SIZE + 1, collapse=False)
    )
    others = [hit.document for hit in same_condition.hits if hit.document.id != id]
    return render_template(
        "article.html",
        urgent=list(dict.fromkeys(text for section in document.sections for text in section.urgent)),
        other_codes=[code for code in document.codes if code != document.code],
        document=document,
        others=others[:SAME_CONDITION_SIZE],
        same_condition_count=same_condition.total,
        related=request_context.library().related(id),
        code_match_notes=CODE_MATCH_NOTES,
    )
