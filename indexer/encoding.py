"""Results and documents to the JSON that the command prints and the API answers.

Each shape is a type, and its JSON Schema is made from the type. The order of the fields is the order of the keys. A
field that is UNSET is left out; all others are always there.
"""

from typing import Annotated, Final, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from indexer.articles.model import SectionKind
from indexer.classification import EvidenceKind
from indexer.documents import FACET_FIELDS, TEXT_FIELD_NAMES, Document
from indexer.knowledge.body_sites import Side
from indexer.knowledge.coded_names import CodeMatch
from indexer.query.interpretation import How
from indexer.results import Answer, Completion, Facet, Hit, NameKind, Related, Results

Count: TypeAlias = Annotated[int, Meta(ge=0)]
Spans: TypeAlias = Annotated[tuple[tuple[Count, Count], ...], Meta(description="Half-open ranges of code points.")]
TextFieldName: TypeAlias = Annotated[str, Meta(extra_json_schema={"enum": list(TEXT_FIELD_NAMES)})]
FacetFieldName: TypeAlias = Annotated[str, Meta(extra_json_schema={"enum": list(FACET_FIELDS)})]

SCORE_DIGITS: Final = 6


class JsonObject(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object that has the declared properties and no others."""


class InterpretationJson(JsonObject, frozen=True):
    """How a piece of the query was understood."""

    text: str
    meaning: tuple[str, ...]
    how: How


class CountJson(JsonObject, frozen=True):
    """A value and the number of articles that have it."""

    value: str
    label: str
    count: Count


class GroupJson(JsonObject, frozen=True):
    """The matching articles of one condition."""

    size: Count
    sites: tuple[CountJson, ...]
    sides: tuple[CountJson, ...]


class SnippetJson(JsonObject, frozen=True):
    """Sentences of the article that have words of the query."""

    field: TextFieldName
    text: str
    spans: Spans


class ReasonJson(JsonObject, frozen=True):
    """A part of a score."""

    label: str
    score: float


class HitJson(JsonObject, frozen=True):
    """An article that matches, or the best one of its condition."""

    id: str
    title: str
    condition: str
    code: str | None
    code_match: CodeMatch | None
    chapter: str | None
    sites: tuple[str, ...]
    side: Side | None
    score: float
    flags: tuple[str, ...]
    missing: Annotated[tuple[str, ...], Meta(description="Words of the query that the article does not have.")]
    group: GroupJson
    snippets: tuple[SnippetJson, ...]
    explanation: (
        Annotated[
            tuple[ReasonJson, ...],
            Meta(description="What the score is the sum of, most first; only with `explain=1`."),
        ]
        | UnsetType
    ) = UNSET


class BucketJson(JsonObject, frozen=True):
    """A value of a facet, with the values that are part of it."""

    value: str
    label: str
    count: Count
    selected: bool
    children: "tuple[BucketJson, ...]"


class FacetJson(JsonObject, frozen=True):
    """The values of a field among the matching articles, under every filter but that of the field."""

    field: FacetFieldName
    buckets: tuple[BucketJson, ...]


class NameJson(JsonObject, frozen=True):
    """The name of a condition, code or body site; `value` is the value of the filter that finds its articles."""

    kind: NameKind
    text: str
    value: str


class NoticeJson(JsonObject, frozen=True):
    """What a reader must see before any result, because the query tells of an emergency."""

    kind: Annotated[str, Meta(description="Such as `emergency`, `crisis` (thoughts of suicide) or `poison`.")]
    text: str


class OtherAnswerJson(JsonObject, frozen=True):
    """An article on another condition that the question names as well."""

    id: str
    title: str
    condition: str


class AnswerJson(JsonObject, frozen=True):
    """What one article says to a question, quoted as it stands there. Not medical advice."""

    id: str
    title: str
    condition: str
    code: str | None
    code_title: str | None
    sites: tuple[str, ...]
    side: Side | None
    named: Annotated[bool, Meta(description="False where the question describes something and names no condition.")]
    field: Annotated[TextFieldName, Meta(description="The field that was asked about, where the text stands.")]
    section: Annotated[int, Meta(ge=1, description="The section of the article that has the text, from 1.")]
    heading: str | None
    text: str
    spans: Spans
    urgent: Annotated[tuple[str, ...], Meta(description="What of the article tells a reader when to get help.")]
    others: tuple[OtherAnswerJson, ...]


class ResultsJson(JsonObject, frozen=True):
    """A page of results with facets."""

    query: str
    generation: Annotated[str, Meta(description="Names the state of the index that answered.")]
    total: Annotated[Count, Meta(description="Matching articles.")]
    groups: Annotated[Count, Meta(description="Conditions that they are about.")]
    took_ms: float
    notes: Annotated[tuple[str, ...], Meta(description="Sentences for the reader, such as what was left out.")]
    interpretation: tuple[InterpretationJson, ...]
    suggestion: Annotated[str | None, Meta(description="Words that may have been meant; they have results.")]
    hits: tuple[HitJson, ...]
    facets: tuple[FacetJson, ...]
    notice: Annotated[NoticeJson | None, Meta(description="To be shown above the hits; they do not depend on it.")]
    answer: (
        Annotated[
            AnswerJson,
            Meta(
                description="Only on the first page, where the words are a question that one article clearly answers."
            ),
        ]
        | UnsetType
    ) = UNSET
    nearest: (
        Annotated[
            tuple[NameJson, ...],
            Meta(description="Names that are like the words; only where nothing has the words, whatever the filters."),
        ]
        | UnsetType
    ) = UNSET


class SectionJson(JsonObject, frozen=True, omit_defaults=True):
    """A section of an article; `evidence` says what decided its kind."""

    kind: SectionKind
    heading: str | None
    text: str
    evidence: str
    urgent: Annotated[tuple[str, ...], Meta(description="What of the text tells a reader when to get help.")] = ()


class ParsedJson(JsonObject, frozen=True):
    """What was read of a raw article."""

    id: str
    title: str
    condition: str
    names: tuple[str, ...]
    code: str | None
    codes: Annotated[tuple[str, ...], Meta(description="Every code that the article states, ranges too.")]
    code_match: CodeMatch | None
    chapter: str | None
    sites: tuple[str, ...]
    side: Side | None
    sections: tuple[SectionJson, ...]
    dropped: tuple[str, ...]
    issues: tuple[str, ...]


class DroppedJson(JsonObject, frozen=True):
    """Text that is not part of the article, and why."""

    text: str
    reason: str


class EvidenceJson(JsonObject, frozen=True):
    """Why an article has its title, condition, code, a site or its side."""

    what: EvidenceKind
    value: str
    reason: str


class ExplainedJson(ParsedJson, frozen=True):
    """What was read of a raw article, why, and why text was dropped."""

    evidence: tuple[EvidenceJson, ...]
    reasons: tuple[DroppedJson, ...]


class CodeJson(JsonObject, frozen=True):
    """An ICD-10-CM code."""

    code: str
    title: str


class RelatedJson(JsonObject, frozen=True):
    """Another condition that is like that of the article."""

    condition: str
    id: Annotated[str, Meta(description="The article on it that is most like this one.")]
    title: str
    words: Annotated[tuple[str, ...], Meta(description="Diseases, symptoms and treatments that both name.")]


class ArticleJson(ParsedJson, frozen=True):
    """One article as it is stored, with related conditions."""

    code_title: str | None
    ancestors: tuple[CodeJson, ...]
    inclusion_terms: tuple[str, ...]
    flags: tuple[str, ...]
    url: str | None
    reviewed: str | None
    language: str | None
    related: tuple[RelatedJson, ...]


class CompletionJson(NameJson, frozen=True):
    """A name that the typed text may become."""

    documents: Count
    spans: Spans


_Json = TypeVar("_Json", bound=JsonObject)


def encode_results(results: Results, *, explain: bool = False) -> ResultsJson:
    """The JSON of a search; `explain` adds to each hit what its score is the sum of."""
    hits = tuple(_encode_hit(hit, explain=explain) for hit in results.hits)
    answer = _encode_answer(results.answer) if results.answer else UNSET
    return _encode(ResultsJson, results, hits=hits, answer=answer, nearest=results.nearest or UNSET)


def encode_parsed(document: Document, *, explain: bool = False) -> ParsedJson:
    """What was read, a line of `parse --json`; `explain` adds the evidence, and why text was dropped."""
    if explain:
        return _encode(ExplainedJson, document, **_messages(document), reasons=document.dropped)
    return _encode(ParsedJson, document, **_messages(document))


def encode_document(document: Document, related: tuple[Related, ...] = ()) -> ArticleJson:
    """A whole stored article: what `parse` prints and what the index knows besides, related conditions too."""
    conditions = tuple(_encode(RelatedJson, each.document, words=each.words) for each in related)
    return _encode(ArticleJson, document, **_messages(document), related=conditions)


def encode_facet(facet: Facet) -> FacetJson:
    """A facet with its tree of buckets."""
    return _encode(FacetJson, facet)


def encode_completion(completion: Completion) -> CompletionJson:
    """A name that the typed text may become."""
    return _encode(CompletionJson, completion.name, spans=completion.spans)


def _encode_hit(hit: Hit, *, explain: bool) -> HitJson:
    explanation = tuple(ReasonJson(label=each.label, score=round(each.score, SCORE_DIGITS)) for each in hit.explanation)
    return _encode(
        HitJson,
        hit.document,
        score=round(hit.score, SCORE_DIGITS),
        missing=hit.missing,
        group=hit.group,
        snippets=hit.snippets,
        explanation=explanation if explain else UNSET,
    )


def _encode_answer(answer: Answer) -> AnswerJson:
    passage = answer.passage
    return _encode(
        AnswerJson,
        answer.document,
        named=answer.is_named,
        field=passage.field,
        section=answer.section,
        heading=answer.document.sections[answer.section - 1].heading,
        text=passage.text,
        spans=passage.spans,
        urgent=answer.urgent,
        others=answer.others,
    )


def _messages(document: Document) -> dict[str, tuple[str, ...]]:
    return {
        "dropped": tuple(each.text for each in document.dropped),
        "issues": tuple(each.message for each in document.issues),
    }


def _encode(shape: type[_Json], source: object, **computed: object) -> _Json:
    """The shape with what is computed, and for all other fields the attributes of the source that have their names."""
    names = [name for name in shape.__struct_fields__ if computed.get(name) is not UNSET]
    values = {name: computed[name] if name in computed else getattr(source, name) for name in names}
    return msgspec.convert(values, shape, from_attributes=True)
