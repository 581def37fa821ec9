"""Lines to headings: whether a line is one, and the fields that it names.

Writers announce a field in many words ("What are the symptoms of gout?", "Signs & Symptoms:", "3. DIAGNOSIS", "When to see a
doctor"), nearly always with a word or phrase of headings.toml. What follows "of", "for" or "with" is usually the
condition, whose name may hold such a word too, so what stands before it decides where it says anything.
"""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, Literal, TypeAlias

from indexer.articles.model import SECTION_KINDS, SectionKind
from indexer.articles.phrase_matcher import Lexicon, phrases_of
from indexer.articles.section_cues import WORD

Named: TypeAlias = SectionKind | Literal["part"]

MAX_HEADING: Final = 100  # code points
MAX_WORDS: Final = 12
MAX_TITLE: Final = 160  # code points
MAX_TITLE_WORDS: Final = 22
BARE: Final = 4  # words of a heading that names a field and nothing else
MAX_PART: Final = 3  # words of a heading that continues another
FEW_WORDS: Final = 6  # a line of no more words that names a field is a heading even where nothing sets it apart

_NUMBER: Final = re.compile(
    r"^(?:\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.):]\s+|(?:section|part|step)\s+\d{1,2}\b[.:]?\s*)", re.IGNORECASE
)
_TAIL: Final = re.compile(r"\b(?:of|for|with|in|associated|without|during|between|after|versus)\b")
_SENTENCE: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|might|will|should|include|includes|depends?|affects?|occurs?)\b"
)
_ASKS: Final = re.compile(
    r"(?:what|how|why|who|when|where|which|is|are|can|does|do|will|should|could)\b", re.IGNORECASE
)


def heading_text(line: str) -> str:
    """The heading without its number, underline and colon."""
    return _NUMBER.sub("", line.strip()).strip("*_#= ").rstrip(":").strip()


@lru_cache(maxsize=1 << 12)
def named_fields(heading: str) -> tuple[Named, ...]:
    """The fields that a heading names, in the order of SECTION_KINDS; ("part",) where it continues another; () otherwise."""
    lowered = heading.lower()
    if len(lowered.split()) > MAX_PART and _names(lowered) == {"part"}:
        return ()
    if tail := _TAIL.search(lowered):
        before = _names(lowered[: tail.start()])
        if before and before - {"part", "weak"}:
            return _ordered(before)
    return _ordered(_names(lowered))


def is_statement(text: str) -> bool:
    """Whether words say something, as a sentence does, and ask nothing."""
    return _ASKS.match(text) is None and _SENTENCE.search(text.lower()) is not None


def reads_as_heading(line: str, *, alone: bool, followed: bool) -> bool:
    """Whether a line of plain text is a heading.

    `alone`: a blank line (or the beginning) stands before it; `followed`: a longer paragraph comes right after it.
    """
    text = heading_text(line)
    words = text.split()
    if not (0 < len(text) <= MAX_HEADING and len(words) <= MAX_WORDS) or text[-1] in ".,;!…" or text[0].islower():
        return False
    asks = _ASKS.match(text) is not None
    says = is_statement(text)
    names = named_fields(text) not in ((), ("part",))
    if line.rstrip().endswith(":"):
        return names and len(words) <= FEW_WORDS and not says
    if text.isupper() and any(len(word) > 3 for word in words):
        return names or (followed and alone)
    if text.endswith("?"):
        return asks and (names or (alone and followed))
    if says:
        return False
    if names and len(words) <= FEW_WORDS:
        return alone or len(words) <= 3
    return alone and followed and len(words) <= MAX_WORDS - 2


def reads_as_title(line: str) -> bool:
    """Whether the first line of a text can be its title: short, no sentence, and more than the name of a field."""
    text = line.strip()
    words = text.split()
    if not (1 < len(text) <= MAX_TITLE and len(words) <= MAX_TITLE_WORDS) or text[-1] in ".,;!…:" or text[0].islower():
        return False
    bare = len(words) <= BARE and ":" not in text and named_fields(text) not in ((), ("part",))
    return not bare and (_SENTENCE.search(text.lower()) is None or text.endswith("?"))


def _names(lowered: str) -> set[str]:
    return set(_lexicon().find(WORD.findall(lowered)))


def _ordered(names: set[str]) -> tuple[Named, ...]:
    fields: tuple[Named, ...] = tuple(kind for kind in SECTION_KINDS if kind in names)
    if fields:
        return fields
    return ("overview",) if "weak" in names else ("part",) if "part" in names else ()


@cache
def _lexicon() -> Lexicon[str]:
    table = tomllib.loads((files("indexer.articles") / "headings.toml").read_text("utf-8"))
    return Lexicon({phrase: named for named, written in table.items() for phrase in phrases_of(written)})
