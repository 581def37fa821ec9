"""Results and documents to the JSON that the command prints and the API answers."""

from collections.abc import Mapping
from typing import TypeAlias

from indexer.documents import Document
from indexer.results import Bucket, Completion, Facet, Group, Hit, Related, Results

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | float | bool | None"


def encode_results(results: Results, *, explain: bool = False) -> dict[str, Json]:
    """The JSON of a search; `explain` adds to each hit what its score is the sum of."""
    nearest: Json = [{"kind": each.kind, "text": each.text, "value": each.value} for each in results.nearest]
    return {
        "query": results.query,
        "generation": results.generation,
        "total": results.total,
        "groups": results.groups,
        "took_ms": results.took_ms,
        "notes": list(results.notes),
        "interpretation": [
            {"text": each.text, "meaning": list(each.meaning), "how": each.how} for each in results.interpretation
        ],
        "suggestion": results.suggestion,
        "hits": [_hit(hit) | (_explanation(hit) if explain else {}) for hit in results.hits],
        "facets": [encode_facet(facet) for facet in results.facets],
        **({"nearest": nearest} if nearest else {}),
    }


def encode_parsed(document: Document, *, explain: bool = False) -> dict[str, Json]:
    """What was read, a line of `parse --json`; `explain` adds why text was dropped."""
    encoded: dict[str, Json] = {
        "id": document.id,
        "title": document.title,
        "condition": document.condition,
        "names": list(document.names),
        "code": document.code,
        "code_match": document.code_match,
        "chapter": document.chapter,
        "sites": list(document.sites),
        "side": document.side,
        "sections": [
            {"kind": each.kind, "heading": each.heading, "text": each.text, "evidence": each.evidence}
            for each in document.sections
        ],
        "dropped": [each.text for each in document.dropped],
        "issues": [each.message for each in document.issues],
    }
    if explain:
        encoded["reasons"] = [{"text": each.text, "reason": each.reason} for each in document.dropped]
    return encoded


def encode_document(document: Document, related: tuple[Related, ...] = ()) -> dict[str, Json]:
    """A whole stored article: what `parse` prints and what the index knows besides, related conditions too."""
    return encode_parsed(document) | {
        "code_title": document.code_title,
        "ancestors": [{"code": each.code, "title": each.title} for each in document.ancestors],
        "inclusion_terms": list(document.inclusion_terms),
        "flags": list(document.flags),
        "url": document.url,
        "reviewed": document.reviewed,
        "language": document.language,
        "related": [
            {
                "condition": each.document.condition,
                "id": each.document.id,
                "title": each.document.title,
                "words": list(each.words),
            }
            for each in related
        ],
    }


def encode_facet(facet: Facet) -> dict[str, Json]:
    """A facet with its tree of buckets."""
    return {"field": facet.field, "buckets": [_bucket(bucket) for bucket in facet.buckets]}


def encode_completion(completion: Completion) -> dict[str, Json]:
    """A name that the typed text may become."""
    name = completion.name
    return {
        "kind": name.kind,
        "text": name.text,
        "value": name.value,
        "documents": name.documents,
        "spans": [list(span) for span in completion.spans],
    }


def _hit(hit: Hit) -> dict[str, Json]:
    document = hit.document
    return {
        "id": document.id,
        "title": document.title,
        "condition": document.condition,
        "code": document.code,
        "code_match": document.code_match,
        "chapter": document.chapter,
        "sites": list(document.sites),
        "side": document.side,
        "score": round(hit.score, 6),
        "flags": list(document.flags),
        "missing": list(hit.missing),
        "group": _group(hit.group),
        "snippets": [
            {"field": each.field, "text": each.text, "spans": [list(span) for span in each.spans]}
            for each in hit.snippets
        ],
    }


def _explanation(hit: Hit) -> dict[str, Json]:
    return {"explanation": [{"label": each.label, "score": round(each.score, 6)} for each in hit.explanation]}


def _group(group: Group) -> dict[str, Json]:
    def counted(buckets: tuple[Bucket, ...]) -> list[Json]:
        return [{"value": each.value, "label": each.label, "count": each.count} for each in buckets]

    return {"size": group.size, "sites": counted(group.sites), "sides": counted(group.sides)}


def _bucket(bucket: Bucket) -> dict[str, Json]:
    return {
        "value": bucket.value,
        "label": bucket.label,
        "count": bucket.count,
        "selected": bucket.selected,
        "children": [_bucket(child) for child in bucket.children],
    }
