"""The fields that several JSON objects have, each with what it means and an example of it."""

from typing import Annotated, TypeAlias

from msgspec import Meta

from indexer.documents import FACET_FIELDS, TEXT_FIELD_NAMES
from indexer.knowledge.body_sites import Side
from indexer.knowledge.coded_names import CodeMatch

Count: TypeAlias = Annotated[int, Meta(ge=0)]
Spans: TypeAlias = Annotated[
    tuple[tuple[Count, Count], ...], Meta(description="Half-open ranges of code points.", examples=[[[3, 13]]])
]
TextFieldName: TypeAlias = Annotated[
    str,
    Meta(description="Part of an article.", examples=["causes"], extra_json_schema={"enum": list(TEXT_FIELD_NAMES)}),
]
FacetFieldName: TypeAlias = Annotated[
    str,
    Meta(description="What is counted by.", examples=["site"], extra_json_schema={"enum": list(FACET_FIELDS)}),
]
ArticleId: TypeAlias = Annotated[str, Meta(description="Id of the article.", examples=["cmo/right-hand"])]
ArticleTitle: TypeAlias = Annotated[
    str, Meta(description="Title of the article.", examples=["Chronic multifocal osteomyelitis, right hand"])
]
ConditionName: TypeAlias = Annotated[
    str,
    Meta(
        description="What the article is about, without its site and side.",
        examples=["Chronic multifocal osteomyelitis"],
    ),
]
ArticleCode: TypeAlias = Annotated[
    str | None, Meta(description="ICD-10-CM code of the article, null where none was found.", examples=["M86.341"])
]
CodeMatchName: TypeAlias = Annotated[
    CodeMatch | None,
    Meta(
        description="How the code was found: stated or the title's own (exact), of a wider heading (parent), or from a "
        "name in the text (inferred).",
        examples=["exact"],
    ),
]
ChapterNumber: TypeAlias = Annotated[
    str | None, Meta(description="Chapter of ICD-10-CM, 1 to 22, that the code is in.", examples=["13"])
]
SiteIds: TypeAlias = Annotated[
    tuple[str, ...], Meta(description="The narrowest body sites that the article is about.", examples=[["hand"]])
]
SideName: TypeAlias = Annotated[
    Side | None, Meta(description="Side of the body, null where none is named.", examples=["right"])
]
Flags: TypeAlias = Annotated[
    tuple[str, ...], Meta(description="What an editor should look at.", examples=[["incomplete"]])
]
CodeTitle: TypeAlias = Annotated[
    str | None,
    Meta(description="What its code stands for.", examples=["Chronic multifocal osteomyelitis, right hand"]),
]
Heading: TypeAlias = Annotated[
    str | None, Meta(description="The heading, null where the text has none.", examples=["Causes"])
]
Urgent: TypeAlias = Annotated[
    tuple[str, ...],
    Meta(description="What of the text says when to get help.", examples=[["Call a doctor at once."]]),
]
OtherNames: TypeAlias = Annotated[
    tuple[str, ...], Meta(description="Other names that the article gives it.", examples=[["CMO", "CRMO"]])
]
StatedCodes: TypeAlias = Annotated[
    tuple[str, ...], Meta(description="Every code that the article states, ranges too.", examples=[["M86.341"]])
]
