"""Sentences to the sites and the side of the body that they say are affected, each with the sentence that says so.

An article names many sites: where it hurts, where the disease may spread, what else it might be. Which it is about is
decided by points. A mention of a site has points for a side ("the left wrist"), for an announcement ("this page is
about"), for a name of the disease that it is joined to ("osteomyelitis of the hand"), for words that call it affected,
and for standing where an article says what it is about: the first paragraph, or a teaser that breaks off. Mentions
after words that lead to other diseases, patients or complications have none, and those that are denied ("rather than
the knee") count against. The points of all mentions are added up; the side and the sites with most of them count, if
they have enough and enough more than the next. So one sentence must be clear, and many may be casual.

The words are in `affected_sites.toml`.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from indexer.knowledge import body_sites
from indexer.knowledge.body_sites import BodyLocation, Side
from indexer.knowledge.name_keys import name_terms
from indexer.knowledge.phrase_lists import pattern, phrases
from indexer.knowledge.site_mentions import AffectedMention, Paragraph, SentenceSites
from indexer.text.sentences import sentences

# What a sentence outside the first paragraph must have, a side or an announcement, to be weighed.
_MARKERS: Final = (
    *("right", "left", "both ", "bilateral", "neither "),
    *("this article", "this page", "this text", "this overview", "this account", "this leaflet", "this guide"),
    *("our topic", "our subject", "our case", "our example", "we look at", "we turn to", "discussed here"),
    *("described here", "in this case", "this case", "the subject", "considered here", "is about"),
)
MIN_SIDE: Final = 1.5
MIN_BILATERAL: Final = 1.8
MIN_ONLY_SIDE: Final = 0.6  # of a side, where no other has any points
MIN_SIDE_MARGIN: Final = 1.0
MIN_SITE: Final = 2.0  # of a site without a side; two casual mentions are not enough
SHARE_OF_BEST: Final = 0.4  # points of a site of the chosen side, in relation to the best one
SHARE_WITHOUT_SIDE: Final = 0.6
MAX_SITES: Final = 3
MAX_SENTENCES: Final = 200  # that are weighed; an article says early and often what it is about
MAX_SENTENCE: Final = 600  # code points


class Affected(NamedTuple):
    """The location that an article's text is about, and the sentences that gave the most points to it."""

    location: BodyLocation
    site_source: str = ""
    side_source: str = ""


NOWHERE: Final = Affected(BodyLocation((), None))


def affected(
    paragraphs: Iterable[Paragraph], disease: str, own_sites: Sequence[str], *, has_code: bool = False
) -> Affected:
    """The location that the paragraphs say is affected by a disease of this name.

    `own_sites` are those that the disease has by its name or code: other organs do not count for it. An article that
    `has_code` states what it is about, so casual mentions of a side ("pain at the left shoulder") say nothing more.
    """
    terms = frozenset(name_terms(disease)) - _qualifiers()
    terms = frozenset(term for term in terms if not body_sites.is_location((term,)))
    mentions = list(_mentions_of(paragraphs, terms, frozenset(own_sites)))
    if has_code:
        firm = {mention.side for mention in mentions if mention.is_firm}
        mentions = [mention for mention in mentions if mention.side is None or mention.side in firm]
    side, side_source = _side(mentions)
    sites, site_source = _sites(mentions, side)
    is_firm = any(mention.is_firm for mention in mentions if mention.side == side)
    if not (sites or is_firm or any(map(body_sites.is_local, own_sites))):
        side, side_source = None, ""
    return Affected(BodyLocation(sites, side), site_source, side_source)


def without_idioms(sentence: str) -> str:
    """A sentence without the phrases in which a word names no site ("it comes back")."""
    return pattern("affected_sites.toml", "idioms").sub(" ", sentence.lower())


def _side(mentions: Sequence[AffectedMention]) -> tuple[Side | None, str]:
    points: dict[Side, float] = {}
    for mention in mentions:
        if mention.side:
            points[mention.side] = points.get(mention.side, 0.0) + mention.points
    ranked = sorted(points, key=lambda side: -points[side])
    is_only = sum(each > 0 for each in points.values()) == 1
    least = MIN_BILATERAL if ranked and ranked[0] == "bilateral" else MIN_ONLY_SIDE if is_only else MIN_SIDE
    if not ranked or points[ranked[0]] < least:
        return None, ""
    if len(ranked) > 1 and points[ranked[0]] - points[ranked[1]] < MIN_SIDE_MARGIN:
        return None, ""
    return ranked[0], _best_sentence(mention for mention in mentions if mention.side == ranked[0])


def _sites(mentions: Sequence[AffectedMention], side: Side | None) -> tuple[tuple[str, ...], str]:
    on_side = [mention for mention in mentions if side is None or mention.side == side]
    decisive = {site for each in on_side if (each.points > 0 if side else each.is_firm) for site in each.sites}
    share, least = (SHARE_OF_BEST, MIN_ONLY_SIDE) if side and decisive else (SHARE_WITHOUT_SIDE, MIN_SITE)
    points: dict[str, float] = {}
    for mention in mentions:
        for site in decisive.intersection(mention.sites) if mention.side in (side, None) or side is None else ():
            points[site] = points.get(site, 0.0) + mention.points
    best = max(points.values(), default=0.0)
    likely = [site for site in points if points[site] >= max(least, share * best)]
    sites = tuple(site for site in likely if not _has_better_relative(site, likely, points))
    if not sites or len(sites) > MAX_SITES:
        return (), ""
    return sites, _best_sentence(mention for mention in on_side if not set(sites).isdisjoint(mention.sites))


def _has_better_relative(site: str, sites: Sequence[str], points: dict[str, float]) -> bool:
    """Whether a part of this site, or the site that it is a part of, has more points."""
    return any(
        (site in body_sites.ancestors(other) and points[other] >= points[site])
        or (other in body_sites.ancestors(site) and points[other] > points[site])
        for other in sites
    )


def _best_sentence(mentions: Iterable[AffectedMention]) -> str:
    best = max(mentions, key=lambda mention: mention.points, default=None)
    return best.sentence if best else ""


def _mentions_of(
    paragraphs: Iterable[Paragraph], disease: frozenset[str], own_sites: frozenset[str]
) -> Iterator[AffectedMention]:
    remaining = MAX_SENTENCES
    for paragraph in paragraphs:
        text = paragraph.text
        if not (paragraph.is_first or paragraph.is_teaser or _may_tell(text)):
            continue
        for start, end in sentences(text):
            sentence = text[start : min(end, start + MAX_SENTENCE)]
            if not (paragraph.is_first or paragraph.is_teaser or _may_tell(sentence)):
                continue
            remaining -= 1
            if remaining < 0:
                return
            yield from SentenceSites(sentence, disease, own_sites).mentions(paragraph)


def _may_tell(text: str) -> bool:
    lowered = text.lower()
    for marker in _MARKERS:  # noqa: SIM110 (a generator takes twice as long)
        if marker in lowered:
            return True
    return False


@cache
def _qualifiers() -> frozenset[str]:
    return frozenset(term for phrase in phrases("affected_sites.toml", "qualifiers") for term in name_terms(phrase))
