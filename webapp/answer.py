"""Answers and hits to what their cards say: the title, the quotation, and in words why an article stands first."""

from collections.abc import Sequence
from typing import Final

from flask import Flask
from markupsafe import Markup

from indexer.documents import Document
from indexer.knowledge import body_sites
from indexer.results import Bucket, Hit, Snippet
from indexer.text.title_case import sentence_case
from webapp.markup import FIELD_LABELS, marked

MAX_FIELDS: Final = 2  # of those that match, in words
_SIDES: Final = {"right": "right side", "left": "left side", "bilateral": "two sides"}
_NAMES: Final = {"title": "Name of the condition", "names": "Another name of it"}


def add_to(app: Flask) -> None:
    """Give the templates of the application their filters and globals."""
    app.jinja_env.filters["quoted"] = quoted
    app.jinja_env.globals |= {"why_first": why_first, "shown_title": shown_title}


def shown_title(document: Document) -> str:
    """The title in sentence case, whatever case its article was received in."""
    sections = (section.text for section in document.sections)
    return sentence_case(document.title, (document.condition, document.code_title or "", *document.names, *sections))


def quoted(passage: Snippet) -> Markup:
    """The lines of a passage as paragraphs, with its spans in <mark>."""
    lines, start = [], 0
    for line in passage.text.split("\n"):
        spans = tuple((max(a, start) - start, b - start) for a, b in passage.spans if start < b <= start + len(line))
        lines.append(Markup("<p>{}</p>").format(marked(Snippet(passage.field, line, spans))))
        start += len(line) + 1
    return Markup("\n").join(lines)


def why_first(hit: Hit, *, is_first: bool) -> str:
    """What of the article matches, and why it leads its condition; empty where its snippets say as much."""
    reasons = []
    if hit.matched and (is_first or hit.matched[0] in _NAMES):
        shown = [name for name in hit.matched if name != "names" or "title" not in hit.matched][:MAX_FIELDS]
        labels = [_NAMES.get(name, FIELD_LABELS[name]) for name in shown]
        words = _listed([labels[0], *(label[0].lower() + label[1:] for label in labels[1:])])
        reasons.append(f"{words} match{'' if len(labels) > 1 else 'es'} your words.")
    if hit.matched and hit.group.size > 1:
        places = _listed([_SIDES.get(bucket.value, bucket.label.lower()) for bucket in asked(hit)])
        count = f"{hit.group.size} articles on it"
        reasons.append(f"Of {count}, this one is about the {places}." if places else f"The closest of {count}.")
    return " ".join(reasons)


def asked(hit: Hit) -> Sequence[Bucket]:
    """The sites and sides of the article that the query states; of a site and its part, the site."""
    own = {*hit.document.sites, hit.document.side}
    buckets = [each for each in (*hit.group.sites, *hit.group.sides) if each.selected and each.value in own]
    stated = {each.value for each in buckets}
    return [each for each in buckets if stated.isdisjoint(body_sites.ancestors(each.value))]


def _listed(words: Sequence[str]) -> str:
    """The words as a sentence lists them: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
