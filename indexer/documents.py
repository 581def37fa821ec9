"""An article to the document that is indexed, with its code, condition and sites; the fields of every index.

A document has text fields, which are analysed into terms with positions, and keyword fields, whose values are matched
whole. TEXT_FIELDS and KEYWORD_FIELDS declare them once, for every engine.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any, Final

from indexer.articles.model import SECTION_KINDS, Article, Issue, SectionKind
from indexer.knowledge import article_code, body_sites, conditions, icd10
from indexer.knowledge.body_sites import BodyLocation, Side
from indexer.knowledge.coded_names import CodeMatch
from indexer.text.analyzer import Token, fold, tokens
from indexer.text.sentences import SENTENCE_GAP, sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Article):
    """An article with its code, condition and body sites: what is indexed, stored and shown.

    `code` is the ICD-10-CM code of the article and `code_match` how it was found: "exact" (stated, or the title is the
    code's own), "parent" (the code of a wider heading) or "inferred" (from a name in the text). `ancestors` are the
    wider codes, narrowest last. `sites` are the most specific site ids; `chapter` is the ICD-10-CM chapter number "1"
    to "22".
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
    code = assigned.code
    by_title = body_sites.locate(title)
    by_code = body_sites.locate(icd10.title(code)) if code else by_title
    by_text = () if code or by_title.sites or by_title.implied else _opening_locations(first_sentences)
    issues = (*article.issues, *(Issue(flag, message) for flag, message in assigned.problems))
    copied: dict[str, Any] = {name: getattr(article, name) for name in _ARTICLE_FIELD_NAMES}
    return Document(
        **copied | {"code": code, "issues": issues},
        digest=digest,
        condition=conditions.of_article(title, code, assigned.match),
        code_match=assigned.match,
        code_title=icd10.title(code) if code else None,
        chapter=icd10.chapter(code) if code else None,
        ancestors=icd10.trail(code) if code else (),
        inclusion_terms=conditions.inclusion_terms(code) if code else (),
        sites=body_sites.sites_of_article(code, (by_code, by_title, *by_text)),
        side=by_title.side or by_code.side,
        flags=tuple(sorted({issue.flag for issue in issues})),
    )


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


def _opening_locations(first_sentences: tuple[str, ...]) -> tuple[BodyLocation, ...]:
    """The location of the first sentence, for an article without code and location; a list of sites says nothing."""
    locations = map(body_sites.locate, first_sentences[:1])
    return tuple(location for location in locations if len(location.sites) <= MAX_OPENING_SITES)


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
