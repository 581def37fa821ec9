"""An article and what medicine knows about it to the document that is indexed; FIELDS, declared once.

A document has text fields, which are analysed into terms with positions, and keyword fields, whose
values are matched whole. Every engine indexes exactly what `field_tokens` and `KEYWORD_FIELDS` give.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from indexer.articles.model import SECTION_KINDS, Article, Issue, SectionKind
from indexer.knowledge import article_code, body_sites, conditions, icd10
from indexer.knowledge.article_code import CodeMatch
from indexer.knowledge.body_sites import Side
from indexer.text.analyzer import Token, fold, tokens
from indexer.text.sentences import SENTENCE_GAP, sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Article):
    """An article with its place in medicine: what is indexed, stored and shown.

    `code` is the ICD-10-CM code of the article and `code_match` how it was found: "exact" (stated,
    or the title is the code's own), "parent" (the code of a wider heading) or "inferred" (from a name in the
    text). `ancestors` is the trail of wider codes, narrowest last. `sites` are the most specific
    site ids; `chapter` the ICD-10-CM chapter number "1" to "22".
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
        """The condition as it stands in a URL and in the `condition` filter."""
        return slug(self.condition)


def slug(name: str) -> str:
    """Lower-case words joined by hyphens: "Crohn's disease" -> "crohns-disease"."""
    return re.sub(r"[^\w]+|_+", "-", re.sub(r"['’]", "", fold(name))).strip("-")


@dataclass(frozen=True, slots=True)
class TextField:
    """A field whose texts are analysed; each text begins a new run of positions."""

    name: str
    label: str
    texts: Callable[[Document], Iterable[str]]


@dataclass(frozen=True, slots=True)
class KeywordField:
    """A field whose values are matched whole, as filters and facets."""

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
    """The code and every wider one, without dots and in lower case, so that M86 finds M86.341."""
    if document.code is None:
        return ()
    return tuple(icd10.term(code) for code in (*(a.code for a in document.ancestors), document.code))


KEYWORD_FIELDS: Final[tuple[KeywordField, ...]] = (
    KeywordField("site", "Body site", lambda document: body_sites.closure(document.sites)),
    KeywordField("own_site", "Body site itself", lambda document: document.sites),
    KeywordField("side", "Side", lambda document: (document.side,) if document.side else ()),
    KeywordField("chapter", "Chapter", lambda document: (document.chapter,) if document.chapter else ()),
    KeywordField("condition", "Condition", lambda document: (document.condition_key,)),
    KeywordField("code", "ICD-10-CM code", code_terms),
)

FIELDS: Final[tuple[TextField | KeywordField, ...]] = (*TEXT_FIELDS, *KEYWORD_FIELDS)
# The fields whose tokens make up the length of a field, for ranking: a section is as long as the whole body.
LENGTH_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    field.name: SECTION_KINDS if field.name in SECTION_KINDS else (field.name,) for field in TEXT_FIELDS
}
FACET_FIELDS: Final = ("site", "side", "chapter")
LONGEST_NAME: Final = (
    400  # code points of a title in which a condition, place or code is looked for; official ones have 255
)
MOST_PLACES: Final = 2  # sites in a first sentence that says where an article is about
MOST_NAMES: Final = 16  # other names that are looked up where the title has no code
TEXT_FIELD_NAMES: Final = tuple(field.name for field in TEXT_FIELDS)
KEYWORD_FIELD_NAMES: Final = tuple(field.name for field in KEYWORD_FIELDS)


def to_document(article: Article, *, digest: str = "") -> Document:
    """The article with its code, chapter, condition, body sites and side."""
    title, openings = article.title[:LONGEST_NAME], _openings(article)
    names = tuple(name[:LONGEST_NAME] for name in article.names[:MOST_NAMES])
    decision = article_code.decide(article.code, title, names, openings)
    issues = (*article.issues, *(Issue(flag, message) for flag, message in decision.problems))
    code = decision.code
    where = body_sites.place(title)
    coded = body_sites.place(icd10.title(code)) if code else where
    # Without a code, and with a title that names no place, the first sentence is all there is; a list of places says nothing.
    told = [] if code or where.sites or where.implied else [body_sites.place(sentence) for sentence in openings[:1]]
    return Document(
        id=article.id,
        source=article.source,
        title=article.title,
        url=article.url,
        reviewed=article.reviewed,
        language=article.language,
        names=article.names,
        code=code,
        sections=article.sections,
        dropped=article.dropped,
        issues=issues,
        digest=digest,
        condition=conditions.of_article(title, code, decision.match),
        code_match=decision.match,
        code_title=icd10.title(code) if code else None,
        chapter=icd10.chapter(code) if code else None,
        ancestors=icd10.trail(code) if code else (),
        inclusion_terms=conditions.synonyms(code) if code else (),
        sites=body_sites.of_article(
            code, (coded, where, *(place for place in told if len(place.sites) <= MOST_PLACES))
        ),
        side=where.side or coded.side,
        flags=tuple(sorted({issue.flag for issue in issues})),
    )


def _openings(article: Article) -> tuple[str, ...]:
    """The first sentence of the article and of its overview, where it says what it is about."""
    overview = [section for section in article.sections if section.kind == "overview"]
    texts = dict.fromkeys(section.text[: 2 * LONGEST_NAME] for section in (*article.sections[:1], *overview[:1]))
    return tuple(text[start:end] for text in texts for start, end in islice(sentences(text), 1))


def field_tokens(document: Document) -> Mapping[str, tuple[Token, ...]]:
    """The tokens of each text field; positions go on, after a gap, from one text of a field to the next."""
    result: dict[str, tuple[Token, ...]] = {}
    for field in TEXT_FIELDS:
        kept: list[Token] = []
        for text in field.texts(document):
            offset = kept[-1].position + SENTENCE_GAP if kept else 0
            kept.extend(Token(t.term, t.word, t.position + offset, t.start, t.end) for t in tokens(text))
        result[field.name] = tuple(kept)
    return result
