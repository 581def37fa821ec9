"""An article to the document that is indexed, with its code, condition and sites; the fields of every index.

A document has text fields, which are analysed into terms with positions, and keyword fields, whose values are matched
whole. TEXT_FIELDS and KEYWORD_FIELDS declare them once, for every engine.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from indexer.articles.model import SECTION_KINDS, Article, Issue, SectionKind
from indexer.classification import ValueEvidence, classify
from indexer.knowledge import body_sites, conditions, icd10
from indexer.knowledge.body_sites import Side
from indexer.knowledge.coded_names import CodeMatch
from indexer.text.analyzer import Token, fold, tokens
from indexer.text.sentences import SENTENCE_GAP
from indexer.text.title_case import sentence_case


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


def display_title(document: Document) -> str:
    """The title as pages show it, in sentence case; the document and its JSON keep it as it was written."""
    return recased(document, document.title)


def recased(document: Document, heading: str) -> str:
    """A heading of the document in sentence case, by how its own text writes the words."""
    return sentence_case(heading, (document.condition, document.code_title or "", *document.names, *_texts(document)))


def _texts(article: Article) -> Iterable[str]:
    return (section.text for section in article.sections)


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
TEXT_FIELD_NAMES: Final = tuple(field.name for field in TEXT_FIELDS)
KEYWORD_FIELD_NAMES: Final = tuple(field.name for field in KEYWORD_FIELDS)
_ARTICLE_FIELD_NAMES: Final = tuple(field.name for field in fields(Article))


def to_document(article: Article, *, digest: str = "") -> Document:
    """The article with its code, chapter, condition, body sites and side; its other fields are copied as they are.

    Names in capitals are put into sentence case, because indexes and lists show them beside those of other articles.
    """
    found = classify(article)
    code = found.code
    issues = (*article.issues, *(Issue(flag, message) for flag, message in found.problems))
    names = tuple(name if name.isupper() else sentence_case(name, _texts(article)) for name in article.names)
    copied: dict[str, Any] = {name: getattr(article, name) for name in _ARTICLE_FIELD_NAMES}
    return Document(
        **copied | {"code": code, "issues": issues, "names": names},
        digest=digest,
        condition=found.condition,
        code_match=found.match,
        code_title=icd10.title(code) if code else None,
        chapter=icd10.chapter(code) if code else None,
        ancestors=icd10.trail(code) if code else (),
        inclusion_terms=conditions.inclusion_terms(code) if code else (),
        sites=found.sites,
        side=found.side,
        evidence=found.evidence,
        flags=tuple(sorted({issue.flag for issue in issues})),
    )


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
