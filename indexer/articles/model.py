"""The values of reading: a raw article as received, and the article as understood."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

RawKind: TypeAlias = Literal["text", "html", "markdown"]
SectionKind: TypeAlias = Literal["overview", "causes", "symptoms", "diagnosis", "treatment"]

SECTION_KINDS: Final[tuple[SectionKind, ...]] = get_args(SectionKind)


@dataclass(frozen=True, slots=True)
class RawArticle:
    """One article as received, decoded but not yet understood.

    `source` is the path (or URL) it came from, `digest` a hexadecimal digest of all fields but
    id, source and digest: two raw articles with the same digest read the same.
    """

    id: str
    source: str
    kind: RawKind
    text: str
    title: str | None = None
    code: str | None = None
    url: str | None = None
    reviewed: str | None = None
    language: str | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A run of sentences about one kind of thing.

    `heading` is the line that announced it, None where the text itself gave it away; `evidence`
    says in words what made the decision ("heading 'Causes'", "cue 'caused by'").
    Paragraphs in `text` are separated by one newline. `urgent` are those sentences and paragraphs of it that tell a
    reader when to get help, in order, for a page to show first, and before them the heading where that tells it.
    """

    kind: SectionKind
    heading: str | None
    text: str
    evidence: str
    urgent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """Text that was received but is not part of the article, with the reason."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Issue:
    """Something an editor should know; `flag` is a short machine word such as "incomplete"."""

    flag: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What was read from one raw article, before any medical knowledge is added.

    `code` is the ICD-10-CM code as the article states it, None where it states none; `codes` are all
    that it states, ranges and those of other classifications too. `names` are the other names and abbreviations that
    the article gives itself.
    """

    id: str
    source: str
    title: str
    url: str | None = None
    reviewed: str | None = None
    language: str | None = None
    names: tuple[str, ...] = ()
    code: str | None = None
    codes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    issues: tuple[Issue, ...] = ()
