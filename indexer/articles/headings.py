"""Lines to headings: whether a line is one, and the fields that it names.

Writers announce a field in many words ("What are the symptoms of gout?", "Signs & Symptoms:", "3. DIAGNOSIS", "When to
see a doctor"), nearly always with a word or phrase of headings.toml. What follows "of", "for" or "with" is usually the
condition, whose name may hold such a word too; so what stands before it decides, where it names a field. So does what
stands before a colon, and the beginning of a question ("How many people have gout?"), whatever follows it.
"""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias

from indexer.articles.characters import without_references
from indexer.articles.model import SECTION_KINDS, SectionKind
from indexer.articles.phrase_matcher import PhraseMatcher, any_of, phrases_of, words_of

HeadingField: TypeAlias = SectionKind | Literal["part"]

MAX_HEADING: Final = 100  # code points
MAX_WORDS: Final = 12
MAX_QUESTION: Final = 240  # code points
MAX_TITLE: Final = 160  # code points
MAX_TITLE_WORDS: Final = 22
MAX_BARE_WORDS: Final = 4  # of a heading that names a field and nothing else
MAX_PART_WORDS: Final = 3  # of a heading that continues another
MAX_FIELD_WORDS: Final = 6  # of a line that is a heading because it names a field, whatever follows it
MAX_CLOSE_WORDS: Final = 3  # of such a line right below another

_NUMBER: Final = re.compile(
    r"^(?:\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.):]\s+|\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+|(?:section|part|step)\s+\d{1,2}\b[.:]?\s*)",
    re.IGNORECASE,
)
_GLUED_REFERENCES: Final = re.compile(r"(?<=[a-z]{4})[1-9]\d?(?:[,\u2013-][1-9]\d?){0,6}$")
_TAIL: Final = re.compile(r"\b(?:of|for|with|in|associated|without|during|between|after|versus|can|could|does|do)\b")
_SENTENCE: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|might|will|should|include|includes|depends?|affects?|occurs?)\b"
)
# What only the titles of codes say ("Contact dermatitis, unspecified cause"): they name a disease, and no field.
OFFICIAL: Final = re.compile(r"\b(?:unspecified|not otherwise specified|other specified|elsewhere classified)\b")
QUESTION: Final = re.compile(
    r"(?:what|how|why|who|when|where|which|is|are|can|does|do|will|should|could)\b", re.IGNORECASE
)
_KINDS_OF: Final = re.compile(r"\b(?:types?|kinds?|forms?|overview|summary) of\b")
_SENTENCE_ENDS: Final = ".,;!…"


def heading_text(line: str) -> str:
    """The heading without its number, underline and colon, and without references behind a field ("Symptoms3")."""
    line = line.strip()
    number = _NUMBER.match(line)
    text = line[number.end() if number else 0 :].strip("*_#= ").rstrip(":").strip()
    if text.endswith("]"):
        return without_references(text)
    if not text[-1:].isdigit():
        return text
    without = _GLUED_REFERENCES.sub("", text)
    return without if without != text and named_fields(without) else text


@lru_cache(maxsize=1 << 12)
def named_fields(heading: str) -> tuple[HeadingField, ...]:
    """The fields that a heading names, in the order of SECTION_KINDS; ("part",) where it continues another; else ()."""
    lowered = heading.lower()
    if OFFICIAL.search(lowered):
        return ()
    if field := _asked_field(lowered):
        return (field,)
    if len(lowered.split()) > MAX_PART_WORDS and _labels(lowered) == {"part"}:
        return ()
    if ":" in lowered and (before := _labels(lowered.partition(":")[0]) - {"part", "weak"}):
        return _ordered(before)
    if tail := _TAIL.search(lowered):
        before = _labels(lowered[: tail.start()])
        if _KINDS_OF.search(lowered) and (after := _labels(lowered[tail.end() :]) - {"part", "weak", "overview"}):
            return _ordered(after)  # "Types of treatment"
        if before and before - {"part", "weak"}:
            return _ordered(before)
    return _ordered(_labels(lowered))


def is_statement(text: str) -> bool:
    """Whether words state something, as a sentence does, and are no question."""
    return QUESTION.match(text) is None and _SENTENCE.search(text.lower()) is not None


def is_sentence(text: str) -> bool:
    """Whether a line in bold type is a sentence rather than a heading: it ends as one, and says something."""
    words = text.split()
    if text[-1:] in ".!" and len(words) > MAX_BARE_WORDS:
        return True
    return text[-1:] == "." and is_statement(text) and len(words) > 2


def reads_as_heading(line: str, *, alone: bool, followed: bool) -> bool:
    """Whether a line of plain text is a heading.

    `alone`: a blank line (or the beginning) stands before it; `followed`: a longer paragraph comes right after it.
    """
    text = heading_text(line)
    words = text.split()
    if text.endswith("?") and alone and 0 < len(text) <= MAX_QUESTION and QUESTION.match(text) and "." not in text:
        return followed or _names_field(text)
    if not _fits(text, MAX_HEADING, MAX_WORDS):
        return False
    names_field = _names_field(text)
    if line.rstrip().endswith(":"):
        return names_field and len(words) <= MAX_FIELD_WORDS and not is_statement(text)
    stands_over_text = alone and followed
    if text.isupper() and any(len(word) > 3 for word in words):
        return names_field or stands_over_text
    if text.endswith("?"):
        return QUESTION.match(text) is not None and (names_field or stands_over_text)
    if is_statement(text):
        return False
    if names_field and len(words) <= MAX_FIELD_WORDS:
        return alone or len(words) <= MAX_CLOSE_WORDS
    return stands_over_text and len(words) <= MAX_WORDS - 2


def reads_as_title(line: str, following: str = "") -> bool:
    """Whether the first line of a text can be its title: short, no sentence, and more than the name of a field.

    `following` is the text below it: what that says again of a line that names a field ("Heart Tests") is its subject.
    """
    text = line.strip()
    if text[:1].islower() and _says_again(following, text):
        text = text[:1].upper() + text[1:]
    if len(text) < 2 or text.endswith(":") or not _fits(text, MAX_TITLE, MAX_TITLE_WORDS):
        return False
    if is_bare_field(text) and _names_field(text) and not _says_again(following, text):
        return False
    return _SENTENCE.search(text.lower()) is None or text.endswith("?")


def _says_again(following: str, line: str) -> bool:
    """Whether a text speaks of what a line names beside a field."""
    if _TAIL.search(line.lower()):
        return False
    subject = set(words_of(heading_text(line))) - _vocabulary()
    return bool(subject) and subject <= set(words_of(following))


def is_bare_field(text: str) -> bool:
    """Whether a heading names a field, or continues one, and says no more ("Symptoms and signs")."""
    return named_fields(text) != () and len(text.split()) <= MAX_BARE_WORDS and ":" not in text


def _fits(text: str, max_length: int, max_words: int) -> bool:
    """Whether a line is short enough, and neither begins nor ends as only a part of a sentence does."""
    if not 0 < len(text) <= max_length or len(text.split()) > max_words:
        return False
    return text[-1] not in _SENTENCE_ENDS and not text[0].islower()


def _names_field(text: str) -> bool:
    return named_fields(text) not in ((), ("part",))


def _asked_field(lowered: str) -> SectionKind | None:
    """The field that a question asks for, if it begins as one of headings.toml does."""
    if QUESTION.match(lowered) is None:
        return None
    words = " ".join(words_of(lowered))
    return next((field for field, begins in _questions() if begins.match(words)), None)


def _labels(lowered: str) -> set[str]:
    return {label for labels in _matcher().find(words_of(lowered)) for label in labels}


def _ordered(labels: set[str]) -> tuple[HeadingField, ...]:
    fields: tuple[HeadingField, ...] = tuple(kind for kind in SECTION_KINDS if kind in labels)
    if fields:
        return fields
    return ("overview",) if "weak" in labels else ("part",) if "part" in labels else ()


@cache
def _matcher() -> PhraseMatcher[tuple[str, ...]]:
    labels: dict[str, tuple[str, ...]] = {}
    for label, written in _table().items():
        for phrase in phrases_of(written) if label != "questions" else ():
            labels[phrase] = (*labels.get(phrase, ()), label)
    return PhraseMatcher(labels)


@cache
def _questions() -> tuple[tuple[SectionKind, re.Pattern[str]], ...]:
    return tuple(
        (field, re.compile(rf"{any_of(written.replace('...', '.+'))}\b"))
        for field, written in _table()["questions"].items()
    )


@cache
def _vocabulary() -> frozenset[str]:
    """The words of which headings that name a field are made."""
    written = [each for label, each in _table().items() if label != "questions"]
    words = {word for each in written for word in words_of(each)}
    return frozenset(words | set("and or the a an of its your possible main typical".split()))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("indexer.articles") / "headings.toml").read_text("utf-8"))
