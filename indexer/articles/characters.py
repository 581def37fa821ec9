"""Characters of raw texts to those of prose: what breaks a word, or is glued to it, goes.

Words that were broken at the end of a line are joined again, control and zero-width characters are taken out,
typographic ligatures are spelled out, and references ("itching [7]", "itching⁷", "itching7") are cut off; exponents
stay, and so do numbers that belong to a word ("B12", "covid19", "interleukin6").
"""

import re
from html import unescape
from typing import Final

_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ud800-\udfff\ufb00-\ufb06\ufeff\ufff9-\uffff]"
)
_LINE_BREAKS: Final = frozenset("\x0b\x0c\r\x85\u2028\u2029")
LIGATURES: Final = dict(
    zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", "ff fi fl ffi ffl st st".split(), strict=True)
)
_GARBLED: Final = re.compile("[\ud800-\udfff\ufffd]")

_ENTITY: Final = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,24});")
_SOFT_BREAK: Final = re.compile("\xad[ \t]*\n[ \t]*")
# The hyphen stands first, so that the search skips all other characters.
_BREAK_AT_HYPHEN: Final = re.compile(r"-[ \t]*+\n")
_BROKEN_WORD: Final = re.compile(r"[-\u2010](?<=[^\W_].)[ \t]*+\n[ \t]*+(?=([^\W_]+))")
# First and last parts of words that are written with a hyphen.
_FIRST_PARTS: Final = frozenset(
    """all cross double drug early end fast first five follow four full gluten half hand heart high higher ill immune
    late left life light long longer low lower middle old one right second self short single six skin slow sugar ten
    third three two water weight well world year x t b""".split()
)
_LAST_PARTS: Final = frozenset(
    """acting based borne causing control defined density dose free fold grade induced intensity known lasting level
    lived like line onset old quality range related resistant reducing risk sided specific standing term threatening
    time to treated type up""".split()
)
_NO_PARTS: Final = frozenset("and or to".split())  # "pre- and post-operative"
_SUFFIXES: Final = frozenset("age ed en ened ening er est ing ings ish less ly ment ness nesses s y".split())

_WIKI_MARK: Final = re.compile(
    r"""
    !?\[\[ (?: (?P<file> (?:File|Image|Category)\s?: ) [^\[\]\n]{0,300}
           | (?P<page> [^\[\]|#\n]{1,200} ) (?:\#[^\[\]|\n]{0,200})? (?: \|(?P<label> [^\[\]\n]{1,200}) )? ) \]\]
    | \{\{ [^{}]{0,400} \}\} | '{3} (?= [^'\n] ) | (?<=[^'\n]) '{3}
    """,
    re.VERBOSE,
)
_REFERENCE_NUMBERS: Final = r"\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3}){0,12}"
_GLUED: Final = r"[1-9]\d{0,2}(?:[,\u2013-][1-9]\d{0,2}){0,12}"
_SUPERSCRIPT_NUMBER: Final = re.compile("[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]")
_SUPERSCRIPT_NUMBERS: Final = f"{_SUPERSCRIPT_NUMBER.pattern}{{1,3}}"
_REFERENCES: Final = re.compile(
    rf"""
    \s?\[(?:{_REFERENCE_NUMBERS}|edit|citation\ needed|note\ \d{{1,2}})\](?!\()   # itching [7]
    | (?<=[a-z]{{4}}|[a-z]{{3}}[.,;:)]) {_SUPERSCRIPT_NUMBERS}                      # itching⁷; m² and 10⁹ are exponents
      (?:[,\u02d2\u2013-]{_SUPERSCRIPT_NUMBERS}){{0,12}}
    """,
    re.VERBOSE,
)
# A number glued to a word, or to the full stop of a sentence: what is left of a superscript in plain text.
_GLUED_NUMBERS: Final = re.compile(
    rf"""
    (?<=[a-z]{{4}}) (?P<word> {_GLUED} ) (?=[\s.,;:)!?]|$) (?![.,]\d) (?!\.\w)
    | (?<=[a-z]{{3}}[.!?)]) (?<!\bfig\.|\bvol\.|\bsec\.|\bref\.) {_GLUED} (?=\s+[A-Z]|\s*$)
    | (?<=[a-z]{{4}},) {_GLUED} (?=\s(?:and|or|but|which|while|although|whereas|with)\b)
    """,
    re.VERBOSE,
)
_COUNTED: Final = re.compile(
    r"[\s-]?(?:%|percent|per\s?cent|[\u00b5m]?c?g|kg|m[lLm]|cm|mmol|mmHg|units?|seconds?|minutes?|hours?|days?|weeks?|"
    r"months?|years?|times|\u00b0|to \d|or more|or less)\b"
)
# Words with a number of their own, or that a number follows though the space is lost ("within24 hours").
_NUMBERED: Final = re.compile(
    r"""(?:
    stage|grade|phase|class|group|level|step|part|page|table|figure|chapter|section|version|volume|week|month|year|
    size|number|line|room|suite|floor|channel|category|tier|wave|dose|visit|cohort|trial|case|patient|question|
    option|exon|codon|chromosome|factor|vitamin|covid|alpha|beta|gamma|delta|kappa|theta|sigma|omega|zeta|interferon|
    \w*(?:leukin|porin|claudin|connexin|presenilin|caspase|cyclin|integrin|notch|smad|virus|types?)|complement|mark|
    sars|lead|carbon|iodine|technetium|cobalt|caesium|cesium|strontium|lutetium|yttrium|gallium|fluorine|thallium|
    than|about|over|under|least|most|aged|from|with|within|until|between|after|before|every|each|only|nearly|almost|
    around|roughly|approximately|some|these|those|this|that|last|next|first|past|further|another|during|since|below|
    above|beyond|exceeds?|exceeding|reach(?:es)?|equals?|total|take|takes|have|were|when|into|onto|near|upto
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
_SUPERSCRIPT_REFERENCE: Final = re.compile(
    rf"[\s\[(]*(?:{_REFERENCE_NUMBERS}|[a-h](?:,\s?[a-h]){{0,6}}|[*\u2020\u2021\u00a7]+)[\s\])]*,?"
)
_UNITS: Final = frozenset("m cm mm km kg in ft".split())
_EXPONENTS: Final = str.maketrans("23", "\u00b2\u00b3")
_GLUED_DIGIT: Final = re.compile("[1-9](?<=[a-z.,!?)].)")  # beginning with few characters makes the search skip others
_LAST_PART: Final = re.compile(
    r"(?<![\w@/&#.-])[^\W\d_]+$"
)  # a whole word: no part of an address, a code or a compound
MAX_GLUED_WORD: Final = 40  # code points
_LAST_WORD: Final = re.compile(r"[^\W\d_]+$")


def clean_characters(text: str) -> str:
    """A raw text with the characters of prose and unified line breaks; words broken at the end of a line are joined."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if "\xad" in text:
        text = _SOFT_BREAK.sub("", text)
    return _CONTROL.sub(_replacement, text)


def without_entities(text: str) -> str:
    """A plain text whose entities, left over from a page, are the characters that they stand for."""
    return _ENTITY.sub(lambda entity: unescape(entity[0]), text) if "&" in text else text


def without_wiki_marks(text: str) -> str:
    """The text without the marks of wikis and note-taking tools: "[[Gout|podagra]]" -> "podagra"."""
    if "[[" not in text and "{{" not in text and "'''" not in text:
        return text
    return _WIKI_MARK.sub(
        lambda mark: "" if mark["file"] or mark[0][0] == "!" else mark["label"] or mark["page"] or "", text
    )


def joined_words(text: str) -> str:
    """The text with words that were broken at the ends of lines in one piece, on the first line.

    The hyphen stays where it belongs to the word: where the text writes it elsewhere, beside a number, and in
    compounds ("long-term").
    """
    if "\u2010" not in text and not _BREAK_AT_HYPHEN.search(text):
        return text
    words: frozenset[str] = frozenset()

    def joined(broken: re.Match[str]) -> str:
        nonlocal words
        words = words or frozenset(re.findall(r"[^\W_]+(?:-[^\W_]+)?", text.lower()))
        last = broken[1]
        if last in _NO_PARTS or not (last[0].islower() or last[0].isdecimal()):
            return broken[0]
        start = broken.start() - 1
        while start > 0 and text[start - 1].isalnum():
            start -= 1
        return "-" if _keeps_hyphen(text, start, broken, words) else ""

    return _BROKEN_WORD.sub(joined, text)


def _keeps_hyphen(text: str, start: int, broken: re.Match[str], words: frozenset[str]) -> bool:
    first, last = text[start : broken.start()], broken[1]
    if not (first.isalpha() and last.isalpha()):
        return True
    first = first.lower()
    if first + last in words:
        return False
    if f"{first}-{last}" in words:
        return True
    if text.endswith("-", 0, start) or text.startswith("-", broken.end(1)):
        return True  # a part of a longer compound ("up-to-\ndate")
    if first[-1] == last[0] and last[0] in "aeiou":
        return True  # "anti-\ninflammatory"
    return (first in _FIRST_PARTS and last not in _SUFFIXES) or last in _LAST_PARTS


def without_references(text: str) -> str:
    """The text without numbers that refer to a list of references."""
    if "[" in text or (not text.isascii() and _SUPERSCRIPT_NUMBER.search(text)):
        text = _REFERENCES.sub("", text)
    return _GLUED_NUMBERS.sub(_unglued, text) if _GLUED_DIGIT.search(text) else text


def _unglued(numbers: re.Match[str]) -> str:
    """Nothing for numbers of references; the numbers where they belong to the word before them, or count something."""
    if numbers["word"] is None:
        return ""
    text = numbers.string
    word = _LAST_PART.search(text[max(0, numbers.start() - MAX_GLUED_WORD) : numbers.start()])
    counts = _COUNTED.match(text, numbers.end())
    return "" if word and word[0].islower() and not counts and not _NUMBERED.match(word[0]) else numbers[0]


def superscript(raised: str, before: str) -> str:
    """A superscript as text: nothing for a reference, "^9" for an exponent of ten, "²" for one of a unit."""
    word = _LAST_WORD.search(before[-40:])
    if not raised.strip().strip("-\u2212+").isdigit() and not _SUPERSCRIPT_REFERENCE.fullmatch(raised):
        return raised
    if before[-1:].isdigit():
        return f"^{raised.strip()}" if raised.strip("-\u2212+ ").isdigit() else ""
    if word and word[0] in _UNITS and raised.strip() in {"2", "3"}:
        return raised.strip().translate(_EXPONENTS)
    if word and len(word[0]) == 1 and before[-2:-1] in {"", " ", "(", "/"} and _LAST_WORD.fullmatch(word[0]):
        return raised  # a symbol: "r2", "T4"
    return "" if _SUPERSCRIPT_REFERENCE.fullmatch(raised) else raised


def is_garbled(text: str) -> bool:
    """Whether a text has characters that stand for bytes nobody could read."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:  # surrogates
        return True
    return "\ufffd" in text


def _replacement(control: re.Match[str]) -> str:
    character = control[0]
    if character in _LINE_BREAKS:
        return "\n"
    if character in LIGATURES:
        return LIGATURES[character]
    return "\ufffd" if _GARBLED.match(character) else " " if character < " " else ""
