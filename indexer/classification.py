"""An article to its code, condition, body sites and side, each with the evidence for it.

The code comes from what the article states, its title and its first sentences; the sites and the side from title, code
and text. What only the text says of the location completes the code. The words of the text that decided are quoted.
"""

from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, NamedTuple, TypeAlias

from indexer.articles.model import Article
from indexer.knowledge import affected_sites, article_code, body_sites, conditions, icd10
from indexer.knowledge.affected_sites import NOWHERE, Affected
from indexer.knowledge.body_sites import BodyLocation, Side
from indexer.knowledge.coded_names import CodeMatch, coding_of_name
from indexer.knowledge.site_mentions import Paragraph
from indexer.text.sentences import sentences
from indexer.text.title_case import sentence_case

MAX_NAME_CHARS: Final = 400  # code points of a title or name that are looked up; official titles have at most 255
MAX_OPENING_SITES: Final = 2  # sites in a first sentence that says what an article is about; more are a list
MAX_QUOTE_CHARS: Final = 200  # code points of a sentence that is kept as evidence
MAX_LOOKED_UP_NAMES: Final = 16  # other names of an article whose title has no code
MIN_SENTENCE_WORDS: Final = 5  # of a line that is a sentence, though nothing ends it

_SENTENCE_ENDS: Final = '.!?:;…"”'

EvidenceKind: TypeAlias = Literal["title", "condition", "code", "site", "side"]


@dataclass(frozen=True, slots=True)
class ValueEvidence:
    """Why a document has a value: `reason` says what gave it, or quotes the sentence that did."""

    what: EvidenceKind
    value: str
    reason: str


class Classification(NamedTuple):
    """The condition, code, sites and side of an article, the evidence for them, and problems as (flag, message)."""

    condition: str
    code: str | None
    match: CodeMatch | None
    sites: tuple[str, ...]
    side: Side | None
    evidence: tuple[ValueEvidence, ...]
    problems: tuple[tuple[str, str], ...]


def classify(article: Article) -> Classification:
    """The condition, code, sites and side of an article.

    Where the title names a part of the body, that is the site; where title or code say the side, that is it.
    """
    title = article.title[:MAX_NAME_CHARS]
    names = tuple(name[:MAX_NAME_CHARS] for name in article.names[:MAX_LOOKED_UP_NAMES])
    assigned = article_code.assign_code(article.code, title, names, _first_sentences(article), article.codes)
    code, match = assigned.code, assigned.match
    by_title = body_sites.locate(title)
    by_code = body_sites.locate(icd10.title(code)) if code else by_title
    if (narrowed := body_sites.narrowed(by_title, by_code)) != by_title:
        by_title, by_code = narrowed, by_code._replace(sites=())
    titles = (by_code, by_title)
    titled = any(map(body_sites.is_local, by_title.sites))
    side = by_title.side or by_code.side
    own_sites = body_sites.sites_of_article(code, titles)
    affected = NOWHERE if titled and side else _affected(article, title, own_sites)
    if not (code or own_sites or affected.location.sites):
        affected = _in_first_sentence(article, affected)
    from_text = () if titled else body_sites.added(affected.location.sites, own_sites)
    sites = body_sites.sites_of_article(code, (*titles, BodyLocation(from_text, None)))
    parts = (*by_title.sites, *from_text)
    sites = tuple(site for site in sites if site in parts or site not in body_sites.closure(parts))
    location = BodyLocation(by_title.sites if titled else affected.location.sites, side or affected.location.side)
    reason = _code_reason(article, assigned)
    if not article.code:
        code, match = _at_location(code, match, title, location)
        if code != assigned.code:
            reason += ", completed by site and side"
    evidence = [ValueEvidence("code", code, reason)] if code else []
    for site in sites:
        evidence.append(ValueEvidence("site", site, _site_reason(site, by_title, from_text, affected)))
    if location.side:
        where = "the title" if by_title.side else "the title of the code" if by_code.side else ""
        evidence.append(ValueEvidence("side", location.side, where or _quoted(affected.side_source)))
    condition = _in_sentence_case(conditions.of_article(title, code, match), article, code)
    evidence = [
        ValueEvidence("title", title, _title_reason(article)),
        ValueEvidence("condition", condition, f"title and {code}" if code else "the title without site and side"),
        *evidence,
    ]
    return Classification(condition, code, match, sites, location.side, tuple(evidence), assigned.problems)


def _in_sentence_case(condition: str, article: Article, code: str | None) -> str:
    return sentence_case(condition, (icd10.title(code) if code else "", *(each.text for each in article.sections)))


def _affected(article: Article, title: str, own_sites: tuple[str, ...]) -> Affected:
    """The location that the text says is affected by the disease of the title, which has these sites of its own."""
    texts = (text for section in article.sections for text in section.text.split("\n"))
    return affected_sites.affected(
        (
            *(Paragraph(teaser, is_teaser=True) for teaser in _teasers(article)),
            *(Paragraph(text, is_first=not number) for number, text in enumerate(texts)),
        ),
        conditions.of_title(title),
        own_sites,
        has_code=article.code is not None,
    )


def _in_first_sentence(article: Article, affected: Affected) -> Affected:
    """The sites of the first sentence, for a disease that nobody knows; a list of sites says nothing."""
    for sentence in _first_sentences(article)[:1]:
        sites = body_sites.locate(affected_sites.without_idioms(sentence)).sites
        if 0 < len(sites) <= MAX_OPENING_SITES:
            location = BodyLocation(sites, affected.location.side)
            return affected._replace(location=location, site_source=sentence)
    return affected


def _teasers(article: Article) -> tuple[str, ...]:
    return tuple(each.text for each in article.dropped if each.reason.startswith("cut-off"))


def _at_location(
    code: str | None, match: CodeMatch | None, title: str, location: BodyLocation
) -> tuple[str | None, CodeMatch | None]:
    """The code of a title at a location that only the text gives, and how it was found."""
    if code and (narrower := article_code.complete_code(code, location)) != code:
        return narrower, "inferred" if match == "parent" else match
    if location.sites and (code is None or not body_sites.locate(icd10.title(code)).sites):
        place = " ".join((location.side or "", " and ".join(map(body_sites.label, location.sites)))).strip()
        coding = coding_of_name(f"{conditions.of_title(title)}, {place.lower()}")
        if coding and coding.match == "exact":
            return coding.code, "inferred"
        if code and "unspecified" in icd10.title(code) and "body region" in icd10.title(code):
            return None, None
    return code, match


def _title_reason(article: Article) -> str:
    if any(issue.flag == "untitled" for issue in article.issues):
        return "the id: the text does not say what it is about"
    if any(each.reason == "title line" for each in article.dropped):
        return "the title line"
    texts = (*_teasers(article), *(section.text for section in article.sections))
    sentence = next((found for text in texts if (found := _sentence_with(article.title, text))), "")
    return _quoted(sentence) if sentence else "given with the article"


def _sentence_with(phrase: str, text: str) -> str:
    place = text.lower().find(phrase.lower())
    return next((text[start:end] for start, end in sentences(text) if start <= place < end), "") if place >= 0 else ""


def _code_reason(article: Article, assigned: article_code.CodeAssignment) -> str:
    if article.code:
        return "stated by the article"
    match assigned.match:
        case "exact":
            return "the title is a name of it"
        case "parent":
            return "the heading of what the title names"
        case _:
            return "a name in title or text"


def _site_reason(site: str, by_title: BodyLocation, from_text: tuple[str, ...], affected: Affected) -> str:
    if site in by_title.sites:
        return "the title"
    if site in from_text and site in affected.location.sites:
        return _quoted(affected.site_source)
    return "the name of the disease" if site in by_title.implied else "the code"


def _quoted(sentence: str) -> str:
    """A sentence of the text as evidence, cut at a word."""
    if len(sentence) > MAX_QUOTE_CHARS:
        sentence = f"{sentence[:MAX_QUOTE_CHARS].rsplit(' ', 1)[0]} …"
    return f"the text: “{' '.join(sentence.split())}”"


def _first_sentences(article: Article) -> tuple[str, ...]:
    """The first sentence of the article and that of its overview, where it says what it is about; no list item."""
    overview = [section for section in article.sections if section.kind == "overview"]
    texts = dict.fromkeys(section.text[: 2 * MAX_NAME_CHARS] for section in (*article.sections[:1], *overview[:1]))
    first = (text[start:end] for text in texts for start, end in islice(sentences(text), 1))
    return tuple(each for each in first if each[-1] in _SENTENCE_ENDS or len(each.split()) >= MIN_SENTENCE_WORDS)
