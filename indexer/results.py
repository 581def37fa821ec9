"""What a search gives back: matches from an engine, and hits as they are shown."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from indexer.documents import Document
from indexer.knowledge.body_sites import Side
from indexer.knowledge.icd10 import Code
from indexer.query.interpretation import Interpretation
from indexer.query.request import Page

NameKind: TypeAlias = Literal["condition", "name", "code", "site"]

GROUP_FIELDS: Final = ("own_site", "site", "side")
SIDES: Final[tuple[Side | None, ...]] = (None, "right", "left", "bilateral")  # what an article can say of its side


@dataclass(frozen=True, slots=True)
class FieldCounts:
    """How many matches have each value of a keyword field; values in ascending order, none zero."""

    field: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A document that an engine matched.

    With `Page.collapse`, `group_size` counts the matches of the same condition, `group_counts` their values of
    GROUP_FIELDS, in that order, and `group_score` is the score of the first of them in the order of the page; without,
    they are 1, () and the score itself.
    """

    document: Document
    score: float
    group_size: int = 1
    group_counts: tuple[FieldCounts, ...] = ()
    group_score: float = 0.0


@dataclass(frozen=True, slots=True)
class Matches:
    """One page of matches with the exact number of articles (`total`) and conditions (`groups`).

    `facets` has one entry for each of FACET_FIELDS, in that order, counted under every filter but its own;
    `sites_by_side` the sites of the articles of each of SIDES, counted under every filter but those on site and side.
    `is_approximate` says that the page was chosen from some matches alone, the most promising; counts are exact.
    """

    total: int
    groups: int
    page: tuple[Match, ...]
    facets: tuple[FieldCounts, ...]
    sites_by_side: tuple[FieldCounts, ...] = ()
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """Whole sentences from one field; spans are half-open, in code points of `text`."""

    field: str
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet: clicking it, with nothing else selected, leaves `count` articles."""

    value: str
    label: str
    count: int
    selected: bool = False
    children: "tuple[Bucket, ...]" = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field among the matches; nested for body sites."""

    field: str
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The matching articles of one condition: how many, of which sites (each with its parts) and sides.

    Those that the query states are selected.
    """

    size: int
    sites: tuple[Bucket, ...]
    sides: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """What added to a score, in words, and how much."""

    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A match as it is shown; `missing` are the unmatched words of the query, as typed.

    `explanation` says what the score is the sum of, most first; empty unless it was asked for. `matched` are the text
    fields that hold much of the query.
    """

    document: Document
    score: float
    snippets: tuple[Snippet, ...]
    group: Group
    missing: tuple[str, ...] = ()
    explanation: tuple[Reason, ...] = ()
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader must see before any result: its kind ("emergency", "crisis", "poison", "violence") and its words.

    `numbers` are those of the text that can be dialled, the first first.
    """

    kind: str
    heading: str
    text: str
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one article says to a question, quoted as it stands there.

    `passage` is from the section of that number (from 1). `is_named` says that the query names the condition; otherwise
    it describes what somebody feels, and the article is the one that resembles it most. `urgent` tells when to get
    help. `others` are articles on further conditions that the query names as well.
    """

    document: Document
    passage: Snippet
    section: int
    is_named: bool
    urgent: tuple[str, ...] = ()
    others: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a search.

    `suggestion` is a query that the user may have intended and that has results; `nearest` are the names most like the
    text, where nothing matches it without filters. `notice` is there where the query tells of an emergency. `answer`
    is on the first page of a question that one article clearly answers.
    `sites_by_side` are those of Matches. Without `is_complete` the budget of the request was spent before all was done:
    a note says so, and the total may be less than there is.
    """

    query: str
    generation: str
    total: int
    groups: int
    page: Page
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    interpretation: tuple[Interpretation, ...]
    notes: tuple[str, ...]
    suggestion: str | None
    took_ms: float
    nearest: "tuple[Name, ...]" = ()
    notice: Notice | None = None
    answer: Answer | None = None
    sites_by_side: tuple[FieldCounts, ...] = ()
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Related:
    """Another condition, by its article that is most like the one asked about.

    Why: `words` are names of diseases, symptoms and treatments that both mention; `sites` are of both; `code` is the
    narrowest code above both.
    """

    document: Document
    score: float
    words: tuple[str, ...]
    sites: tuple[str, ...] = ()
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """Something a reader may look for by name: what it is called, and the documents that have it.

    `value` is the filter value that leads there (a condition key, a code, a site id).
    """

    kind: NameKind
    text: str
    value: str
    documents: int


@dataclass(frozen=True, slots=True)
class Completion:
    """A name that the typed text may become; `spans` of it were typed (half-open, in code points)."""

    name: Name
    spans: tuple[tuple[int, int], ...]
