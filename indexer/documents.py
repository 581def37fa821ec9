"""An article to the document that is indexed, with its code, condition and sites; the fields of every index.

A document has text fields, which are analysed into terms with positions, and keyword fields, whose values are matched
whole. TEXT_FIELDS and KEYWORD_FIELDS declare them once, for every engine.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from indexer.articles.model import SECTION_KINDS, Article, Issue, SectionKind
from indexer.knowledge import affected_sites, article_code, body_sites, conditions, icd10
from indexer.knowledge.affected_sites import NOWHERE, Affected
from indexer.knowledge.body_sites import BodyLocation, Side
from indexer.knowledge.coded_names import CodeMatch, coding_of_name
from indexer.knowledge.site_mentions import Paragraph
from indexer.text.analyzer import Token, fold, tokens
from indexer.text.sentences import SENTENCE_GAP, sentences

EvidenceKind: TypeAlias = Literal["title", "condition", "code", "site", "side"]


@dataclass(frozen=True, slots=True)
class ValueEvidence:
    """Why a document has a value: `reason` says what gave it, or quotes the sentence that did."""

    what: EvidenceKind
    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Article):
    """An article with its code, condition and body sites: what is indexed, stored and shown.

    `code` is the ICD-10-CM code of the article and `code_match` how it was found: "exact" (stated, or the title is the
    code's own), "parent" (the code of a wider heading) or "inferred" (from a name in the text). `ancestors` are the
    wider codes, narrowest last. `sites` are the most specific site ids; `chapter` is the ICD-10-CM chapter number "1"
    to "22". `evidence` says where title, condition, code, sites and side come from.
    """

    digest: str = ""
    condition: str = ""
    code_match: CodeMatch | None = None
    code_title: str | None = None
    chapter: str | None = None
    ancestors: tuple[icd10.Code, ...] = ()
    inclusion_terms: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    side: Side | None = None
    evidence: tuple[ValueEvidence, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def condition_key(self) -> str:
        """The condition as it is written in a URL and in the `condition` filter."""
        return slug(self.condition)


def slug(name: str) -> str:
    """Lower-case words joined by hyphens: "Crohn's disease" -> "crohns-disease"."""
    return re.sub(r"[^\w]+|_+", "-", re.sub(r"['’]", "", fold(name))).strip("-")


@dataclass(frozen=True, slots=True)
class TextField:
    """A field whose texts are analysed; positions jump from one text to the next."""

    name: str
    label: str
    texts: Callable[[Document], Iterable[str]]


@dataclass(frozen=True, slots=True)
class KeywordField:
    """A field whose values are matched whole, in filters and facets."""

    name: str
    label: str
    values: Callable[[Document], Iterable[str]]


def _section_field(kind: SectionKind) -> TextField:
    def texts(document: Document) -> Iterable[str]:
        return (section.text for section in document.sections if section.kind == kind)

    return TextField(kind, kind.capitalize(), texts)


TEXT_FIELDS: Final[tuple[TextField, ...]] = (
    TextField("title", "Title", lambda document: (document.title,)),
    TextField("names", "Other names", lambda document: (*document.names, *document.inclusion_terms)),
    *map(_section_field, SECTION_KINDS),
)


def code_terms(document: Document) -> tuple[str, ...]:
    """The code, every other one that the article states, and all wider ones, so that M86 finds M86.341.

    Without dots and in lower case; of a stated range the range itself and the categories in it.
    """
    own = (*(above.code for above in document.ancestors), *filter(None, (document.code,)))
    stated = (wider for code in document.codes for wider in icd10.stated_terms(code))
    return tuple(dict.fromkeys((*map(icd10.term, own), *stated)))


KEYWORD_FIELDS: Final[tuple[KeywordField, ...]] = (
    KeywordField("site", "Body site", lambda document: body_sites.closure(document.sites)),
    KeywordField("own_site", "Body site itself", lambda document: document.sites),
    KeywordField("side", "Side", lambda document: (document.side,) if document.side else ()),
    KeywordField("chapter", "Chapter", lambda document: (document.chapter,) if document.chapter else ()),
    KeywordField("condition", "Condition", lambda document: (document.condition_key,)),
    KeywordField("code", "ICD-10-CM code", code_terms),
)

# The fields whose tokens make up the length of a field, for ranking: a section is as long as the whole body.
LENGTH_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    field.name: SECTION_KINDS if field.name in SECTION_KINDS else (field.name,) for field in TEXT_FIELDS
}
FACET_FIELDS: Final = ("site", "side", "chapter")
MAX_NAME_CHARS: Final = 400  # code points of a title or name that are looked up; official titles have at most 255
MAX_OPENING_SITES: Final = 2  # sites in a first sentence that says what an article is about; more are a list
MAX_NAME_WORDS: Final = 6  # words of a title before "is" that are a name, not the beginning of a story
MAX_TITLE_START: Final = 12  # code points before a title that was taken from the first sentence
MAX_QUOTE_CHARS: Final = 200  # code points of a sentence that is kept as evidence
MAX_LOOKED_UP_NAMES: Final = 16  # other names of an article whose title has no code
TEXT_FIELD_NAMES: Final = tuple(field.name for field in TEXT_FIELDS)
KEYWORD_FIELD_NAMES: Final = tuple(field.name for field in KEYWORD_FIELDS)
# What follows the name of a disease that a sentence defines: a title that stands so is a name, known or not.
_DEFINED: Final = re.compile(
    r"s?(?:\s*[(\[,].*?[)\],])?\s+(?:is|are|refers?|means?|describes?|causes?|affects?|occurs?)\b"
)
_ARTICLE_FIELD_NAMES: Final = tuple(field.name for field in fields(Article))


def to_document(article: Article, *, digest: str = "") -> Document:
    """The article with its code, chapter, condition, body sites and side; its other fields are copied as they are."""
    title, first_sentences = article.title[:MAX_NAME_CHARS], _first_sentences(article)
    names = tuple(name[:MAX_NAME_CHARS] for name in article.names[:MAX_LOOKED_UP_NAMES])
    assigned = article_code.assign_code(
        article.code, title, names, first_sentences, article.codes, opening=_opening(article)
    )
    located = _located(article, title, assigned)
    code, match = located.code, located.match
    issues = (*article.issues, *(Issue(flag, message) for flag, message in assigned.problems))
    condition = conditions.of_article(title, code, match)
    copied: dict[str, Any] = {name: getattr(article, name) for name in _ARTICLE_FIELD_NAMES}
    return Document(
        **copied | {"code": code, "issues": issues},
        digest=digest,
        condition=condition,
        code_match=match,
        code_title=icd10.title(code) if code else None,
        chapter=icd10.chapter(code) if code else None,
        ancestors=icd10.trail(code) if code else (),
        inclusion_terms=conditions.inclusion_terms(code) if code else (),
        sites=located.sites,
        side=located.side,
        evidence=(
            ValueEvidence("title", title, _title_reason(article)),
            ValueEvidence(
                "condition", condition, "the title without site and side" if code is None else f"title and {code}"
            ),
            *located.evidence,
        ),
        flags=tuple(sorted({issue.flag for issue in issues})),
    )


class _Located(NamedTuple):
    """The code, sites and side of an article, and the evidence for them."""

    code: str | None
    match: CodeMatch | None
    sites: tuple[str, ...]
    side: Side | None
    evidence: tuple[ValueEvidence, ...]


def _located(article: Article, title: str, assigned: article_code.CodeAssignment) -> _Located:
    """The location that title, code and text give, and the code with what only the text says of it.

    Where the title names a part of the body, that is the site; where title or code say the side, that is it.
    """
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
    return _Located(code, match, sites, location.side, tuple(evidence))


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
    )


def _in_first_sentence(article: Article, affected: Affected) -> Affected:
    """The sites of the first sentence, for a disease that nobody knows; a list of sites says nothing."""
    for sentence in _first_sentences(article)[:1]:
        sites = body_sites.locate(sentence).sites
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
    """The first sentence of the article and that of its overview, where it says what it is about."""
    overview = [section for section in article.sections if section.kind == "overview"]
    texts = dict.fromkeys(section.text[: 2 * MAX_NAME_CHARS] for section in (*article.sections[:1], *overview[:1]))
    return tuple(text[start:end] for text in texts for start, end in islice(sentences(text), 1))


def _opening(article: Article) -> str:
    """The first paragraph of an article without a title of its own, whose title is its id or words of its opening."""
    opening = article.sections[0].text.partition("\n")[0] if article.sections else ""
    at = opening.lower().find(article.title.lower())
    is_subject = (
        len(article.title.split()) <= MAX_NAME_WORDS and _DEFINED.match(opening, at + len(article.title)) is not None
    )
    is_id = slug(article.title) == slug(article.id.rpartition("/")[2])
    return opening if is_id or (0 <= at < MAX_TITLE_START and not is_subject) else ""


def field_tokens(document: Document) -> Mapping[str, tuple[Token, ...]]:
    """The tokens of each text field; positions go on, after a gap, from one text of a field to the next."""
    by_field: dict[str, tuple[Token, ...]] = {}
    for field in TEXT_FIELDS:
        of_field: list[Token] = []
        for text in field.texts(document):
            offset = of_field[-1].position + SENTENCE_GAP if of_field else 0
            of_field.extend(Token(t.term, t.word, t.position + offset, t.start, t.end) for t in tokens(text))
        by_field[field.name] = tuple(of_field)
    return by_field
