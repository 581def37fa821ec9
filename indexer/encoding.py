"""Results and documents to the JSON that the command prints and the API answers.

Each shape is a type, and its JSON Schema is made from the type. The order of the fields is the order of the keys. A
field that is UNSET is left out; all others are always there.
"""

from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from indexer.articles.model import SectionKind
from indexer.classification import EvidenceKind
from indexer.documents import Document
from indexer.json_fields import (
    ArticleCode,
    ArticleId,
    ArticleTitle,
    ChapterNumber,
    CodeMatchName,
    CodeTitle,
    ConditionName,
    Count,
    FacetFieldName,
    Flags,
    Heading,
    OtherNames,
    SideName,
    SiteIds,
    Spans,
    StatedCodes,
    TextFieldName,
    Urgent,
)
from indexer.query.interpretation import How
from indexer.results import Answer, Completion, Facet, Hit, NameKind, Related, Results

SCORE_DIGITS: Final = 6


class JsonObject(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object that has the declared properties and no others."""


class InterpretationJson(JsonObject, frozen=True):
    """How a piece of the query was understood."""

    text: Annotated[str, Meta(description="The piece, as typed.", examples=["cmo"])]
    meaning: Annotated[
        tuple[str, ...], Meta(description="What else it finds.", examples=[["chronic multifocal osteomyelitis"]])
    ]
    how: Annotated[How, Meta(description="What led from the one to the other.", examples=["abbreviation"])]


class CountJson(JsonObject, frozen=True):
    """A value and the number of articles that have it."""

    value: Annotated[str, Meta(description="The value, as a filter takes it.", examples=["hand"])]
    label: Annotated[str, Meta(description="The value in words.", examples=["Hand"])]
    count: Annotated[Count, Meta(description="Articles that have it.", examples=[2])]


class GroupJson(JsonObject, frozen=True):
    """The matching articles of one condition."""

    size: Annotated[Count, Meta(description="How many they are.", examples=[3])]
    sites: Annotated[tuple[CountJson, ...], Meta(description="Body sites among them.")]
    sides: Annotated[tuple[CountJson, ...], Meta(description="Sides of the body among them.")]


class SnippetJson(JsonObject, frozen=True):
    """Sentences of the article that have words of the query."""

    field: TextFieldName
    text: Annotated[str, Meta(description="The sentences.", examples=["An autoimmune inflammation of bone."])]
    spans: Annotated[Spans, Meta(description="Where words of the query are: half-open ranges of code points.")]


class ReasonJson(JsonObject, frozen=True):
    """A part of a score."""

    label: Annotated[str, Meta(description="What it is for.", examples=["bone in title"])]
    score: Annotated[float, Meta(description="What it adds.", examples=[1.25])]


class HitJson(JsonObject, frozen=True):
    """An article that matches, or the best one of its condition."""

    id: ArticleId
    title: ArticleTitle
    condition: ConditionName
    code: ArticleCode
    code_match: CodeMatchName
    chapter: ChapterNumber
    sites: SiteIds
    side: SideName
    score: Annotated[float, Meta(description="How well it matches, beside the others.", examples=[7.1])]
    flags: Flags
    missing: Annotated[
        tuple[str, ...], Meta(description="Words of the query that the article does not have.", examples=[["fever"]])
    ]
    group: Annotated[GroupJson, Meta(description="The matching articles of its condition.")]
    snippets: Annotated[tuple[SnippetJson, ...], Meta(description="The sentences that match best.")]
    explanation: (
        Annotated[
            tuple[ReasonJson, ...],
            Meta(description="What the score is the sum of, most first; only with `explain=1`."),
        ]
        | UnsetType
    ) = UNSET


class BucketJson(JsonObject, frozen=True):
    """A value of a facet, with the values that are part of it."""

    value: Annotated[str, Meta(description="The value, as the filter takes it.", examples=["upper-limb"])]
    label: Annotated[str, Meta(description="The value in words.", examples=["Upper limb"])]
    count: Annotated[Count, Meta(description="Articles that have it.", examples=[5])]
    selected: Annotated[bool, Meta(description="Whether it is among the filters of this search.", examples=[False])]
    children: Annotated["tuple[BucketJson, ...]", Meta(description="The values that are part of it.")]


class FacetJson(JsonObject, frozen=True):
    """The values of a field among the matching articles, under every filter but that of the field."""

    field: FacetFieldName
    buckets: Annotated[tuple[BucketJson, ...], Meta(description="The values with their counts.")]


class NameJson(JsonObject, frozen=True):
    """The name of a condition, code or body site; `value` is the value of the filter that finds its articles."""

    kind: Annotated[NameKind, Meta(description="What is called so.", examples=["condition"])]
    text: Annotated[str, Meta(description="The name.", examples=["Idiopathic gout"])]
    value: Annotated[str, Meta(description="The filter value that finds its articles.", examples=["idiopathic-gout"])]


class NoticeJson(JsonObject, frozen=True):
    """What a reader must see before any result, because the query tells of an emergency."""

    kind: Annotated[
        str,
        Meta(description="Such as `emergency`, `crisis` (thoughts of suicide) or `poison`.", examples=["emergency"]),
    ]
    text: Annotated[
        str, Meta(description="What to show.", examples=["This may be an emergency. Call your local emergency number."])
    ]


class OtherAnswerJson(JsonObject, frozen=True):
    """An article on another condition that the question names as well."""

    id: ArticleId
    title: ArticleTitle
    condition: ConditionName


class AnswerJson(JsonObject, frozen=True):
    """What one article says to a question, quoted as it stands there. Not medical advice."""

    id: ArticleId
    title: ArticleTitle
    condition: ConditionName
    code: ArticleCode
    code_title: CodeTitle
    sites: SiteIds
    side: SideName
    named: Annotated[bool, Meta(description="False where the question names no condition.", examples=[True])]
    field: TextFieldName
    section: Annotated[int, Meta(ge=1, description="The section that has the text, from 1.", examples=[2])]
    heading: Heading
    text: Annotated[str, Meta(description="The sentences that answer.", examples=["Urate crystals cause it."])]
    spans: Spans
    urgent: Urgent
    others: Annotated[tuple[OtherAnswerJson, ...], Meta(description="Articles on the other conditions named.")]


class ResultsJson(JsonObject, frozen=True):
    """A page of results with facets."""

    query: Annotated[str, Meta(description="The words that were searched.", examples=["bone pain"])]
    generation: Annotated[str, Meta(description="Names the state of the index that answered.", examples=["1-5e0c"])]
    total: Annotated[Count, Meta(description="Matching articles.", examples=[12])]
    groups: Annotated[Count, Meta(description="Conditions that they are about.", examples=[7])]
    took_ms: Annotated[float, Meta(description="Milliseconds that the search took.", examples=[3.1])]
    notes: Annotated[
        tuple[str, ...],
        Meta(
            description="Sentences for the reader, such as what was left out.", examples=[["Only 64 words were read."]]
        ),
    ]
    interpretation: Annotated[tuple[InterpretationJson, ...], Meta(description="How the words were understood.")]
    suggestion: Annotated[
        str | None,
        Meta(description="Words that may have been meant; they have results.", examples=["osteomyelitis"]),
    ]
    hits: Annotated[tuple[HitJson, ...], Meta(description="The results of this page, best first.")]
    facets: Annotated[tuple[FacetJson, ...], Meta(description="Counts to narrow the search by.")]
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

    kind: Annotated[SectionKind, Meta(description="What it is about.", examples=["causes"])]
    heading: Heading
    text: Annotated[
        str, Meta(description="Its text, a line a paragraph.", examples=["Urate crystals in the joint cause it."])
    ]
    evidence: Annotated[str, Meta(description="What decided its kind.", examples=["heading 'Causes'"])]
    urgent: Urgent = ()


class ParsedJson(JsonObject, frozen=True):
    """What was read of a raw article."""

    id: ArticleId
    title: ArticleTitle
    condition: ConditionName
    names: OtherNames
    code: ArticleCode
    codes: StatedCodes
    code_match: CodeMatchName
    chapter: ChapterNumber
    sites: SiteIds
    side: SideName
    sections: Annotated[tuple[SectionJson, ...], Meta(description="Its text, by what each part is about.")]
    dropped: Annotated[
        tuple[str, ...], Meta(description="Text that is no part of the article.", examples=[["Share this page"]])
    ]
    issues: Annotated[
        tuple[str, ...],
        Meta(description="What an editor should know.", examples=[["Nothing says how it is treated."]]),
    ]


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

    code: Annotated[str, Meta(description="The code, with its dot.", examples=["M86.341"])]
    title: Annotated[
        str, Meta(description="What it stands for.", examples=["Chronic multifocal osteomyelitis, right hand"])
    ]


class RelatedJson(JsonObject, frozen=True):
    """Another condition that is like that of the article."""

    condition: Annotated[str, Meta(description="The other condition.", examples=["Pseudogout"])]
    id: Annotated[
        str,
        Meta(description="The article on it that is most like this one.", examples=["pseudogout/right-knee"]),
    ]
    title: Annotated[str, Meta(description="Title of that article.", examples=["Pseudogout, right knee"])]
    words: Annotated[
        tuple[str, ...],
        Meta(description="Diseases, symptoms and treatments that both name.", examples=[["arthritis", "joint pain"]]),
    ]


class ArticleJson(ParsedJson, frozen=True):
    """One article as it is stored, with related conditions."""

    code_title: CodeTitle
    ancestors: Annotated[tuple[CodeJson, ...], Meta(description="The wider codes, narrowest last.")]
    inclusion_terms: Annotated[
        tuple[str, ...], Meta(description="Names that the table has for its code.", examples=[["Gouty bursitis"]])
    ]
    flags: Flags
    url: Annotated[
        str | None, Meta(description="Where it was published, if stated.", examples=["https://example.org/gout"])
    ]
    reviewed: Annotated[
        str | None, Meta(description="Day or month of its last review, if stated.", examples=["2026-02-12"])
    ]
    language: Annotated[str | None, Meta(description="Its language, if stated.", examples=["en"])]
    related: Annotated[tuple[RelatedJson, ...], Meta(description="Conditions that are like it, most like first.")]


class CompletionJson(NameJson, frozen=True):
    """A name that the typed text may become."""

    documents: Annotated[Count, Meta(description="Articles that have it.", examples=[3])]
    spans: Annotated[Spans, Meta(description="What of it was typed: half-open ranges of code points.")]


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
