"""Answers and hits to what their cards say: title, quotation, the words that are missing, why an article is first."""

import re
from collections.abc import Sequence
from typing import Final

from flask import Flask, url_for
from markupsafe import Markup, escape

from indexer.knowledge import body_sites, code_locations, icd10
from indexer.knowledge.code_table import code_table
from indexer.results import Bucket, Hit, Results, Snippet
from indexer.search.facets import SIDE_LABELS
from indexer.search.question_words import question_words
from indexer.text.analyzer import fold
from webapp.facet_links import GroupLinks
from webapp.markup import FIELD_LABELS, marked

MAX_FIELDS: Final = 2  # of those that match, in words
_SIDES: Final = {"right": "right side", "left": "left side", "bilateral": "two sides"}
_NAMES: Final = {"title": "the name of the condition", "names": "another name of it"}
_PLURALS: Final = ("causes", "symptoms")
_APOSTROPHE: Final = re.compile(r"['’](?:s$)?")


def add_to(app: Flask) -> None:
    """Give the templates of the application their filters and globals."""
    app.jinja_env.filters["quoted"] = quoted
    app.jinja_env.globals |= {"why_first": why_first, "hit_card_top": hit_card_top}
    app.jinja_env.globals |= {"stated_places": stated_places, "code_without_place": code_without_place}


def quoted(passage: Snippet) -> Markup:
    """The lines of a passage as paragraphs, with its spans in <mark>."""
    lines, start = [], 0
    for line in passage.text.split("\n"):
        spans = tuple((max(a, start) - start, b - start) for a, b in passage.spans if start < b <= start + len(line))
        lines.append(Markup("<p>{}</p>").format(marked(Snippet(passage.field, line, spans))))
        start += len(line) + 1
    return Markup("\n").join(lines)


def why_first(hit: Hit, articles: int, *, is_first: bool) -> str:
    """What of the article matches, and why it leads its condition; empty where its snippets say as much.

    `articles` are on the condition, matching or not.
    """
    reasons = []
    if hit.matched and (is_first or hit.matched[0] in _NAMES):
        shown = [name for name in hit.matched if name != "names" or "title" not in hit.matched][:MAX_FIELDS]
        words = _listed([_NAMES.get(name, f"the {FIELD_LABELS[name].lower()}") for name in shown])
        several = len(shown) > 1 or shown[0] in _PLURALS
        reasons.append(f"{words[0].upper()}{words[1:]} match{'' if several else 'es'} your words.")
    if hit.matched and hit.group.size > 1:
        places = _listed([_SIDES.get(bucket.value, bucket.label.lower()) for bucket in asked(hit)])
        count = f"the {hit.group.size:,} articles on it{' that match' if articles > hit.group.size else ''}"
        reasons.append(f"Of {count}, this one is about the {places}." if places else f"The closest of {count}.")
    return " ".join(reasons)


def hit_card_top(hit: Hit, title: str, group: GroupLinks | None, rank: int) -> Markup:
    """The card of a hit but for what is done with it: Python makes the ten of a page in half the time of a template."""
    document = hit.document
    labels = [body_sites.label(site) for site in document.sites]
    if document.side:
        labels.append(SIDE_LABELS.get(document.side, document.side))
    if not document.sites and document.chapter:
        labels.append(icd10.chapter_label(document.chapter))
    spans = "".join([f"<span>{escape(label)}</span>" for label in labels])
    spans += "".join([f'<span class="flag">{escape(flag.replace("-", " "))}</span>' for flag in document.flags])
    if code := document.code:
        spans = f'<a class="code" href="{escape(url_for("codes.page", code=code))}">{escape(code)}</a>{spans}'
    card = [
        f'<article class="hit">\n  <h2><a href="{escape(url_for("article.page", id=document.id))}">'
        f'{escape(title)}</a></h2>\n  <p class="facts">\n{spans}  </p>\n'
    ]
    for snippet in hit.snippets:
        field = FIELD_LABELS[snippet.field]
        card.append(f'  <p class="snippet"><span class="field">{field}</span> {marked(snippet)}</p>\n')
    if rank and (why := why_first(hit, group.articles if group else 1, is_first=rank == 1)):
        card.append(f'  <p class="why-first">{escape(why)}</p>\n')
    if missing := missing_words(hit):
        words = ", ".join([f"<s>{escape(word)}</s>" for word in missing])
        card.append(f'  <p class="missing">Not in this article: {words}</p>\n')
    return Markup("".join(card) + (group.html if group else ""))


def missing_words(hit: Hit) -> tuple[str, ...]:
    """The words of the query that the article lacks, without those that ask, or say who has it and how often."""
    lists = question_words()
    words = [(word, _APOSTROPHE.sub("", fold(word))) for word in hit.missing]
    return tuple(
        word for word, key in words if not (key in lists.asking or key in lists.empty or key in lists.unmissed)
    )


def stated_places(results: Results) -> frozenset[str]:
    """The sites and sides of the article that answers which the query states."""
    own = results.answer.document if results.answer else None
    hits = (hit for hit in results.hits if own and hit.document.id == own.id)
    return frozenset(bucket.value for hit in hits for bucket in asked(hit))


def code_without_place(code: str) -> str:
    """The code of the same condition at any place: M86.352 -> M86.3; one that the table lacks stays as it is."""
    return code_locations.heading_of(code) if code in code_table() else code


def asked(hit: Hit) -> Sequence[Bucket]:
    """The sites and sides of the article that the query states; of a site and its part, the site."""
    own = {*hit.document.sites, hit.document.side}
    buckets = [each for each in (*hit.group.sites, *hit.group.sides) if each.selected and each.value in own]
    stated = {each.value for each in buckets}
    return [each for each in buckets if stated.isdisjoint(body_sites.ancestors(each.value))]


def _listed(words: Sequence[str]) -> str:
    """The words as a sentence lists them: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
