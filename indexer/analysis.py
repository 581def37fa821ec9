"""Text to tokens: the one chain that index, query and highlight share.

A word is what stands between spaces and hyphens, folded to lower case without accents or apostrophes. Its term is
the word in American spelling with the ending taken off by NLTK's Snowball stemmer (Porter 2). Medicine needs a few exceptions:

    M86.341           one word, the dot left out, so that m86341 is the same
    x-ray, x ray, T-cell, C-section   one word: the letter alone would say nothing
    Crohn's, Crohns   the same term; the possessive is no part of the name
    oedema, haemorrhage, tumour   edema, hemorrhage, tumor
    diagnoses, vertebrae          diagnosis, vertebra

A span of text gives the same term alone as in its place. Function words (`STOP_WORDS`) give no token.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from nltk.stem.snowball import SnowballStemmer
    from nltk.tokenize.punkt import PunktSentenceTokenizer

VERSION: Final = 1  # raised whenever the same text gives other tokens than before: an index of another version is stale
SENTENCE_GAP: Final = 16  # wider than any window of `Near`, so that no phrase crosses a full stop
MAX_WORD: Final = 64  # code points; what is longer is no word, its beginning identifies it

MAX_STEMMED: Final = 32  # letters; longer ones are names of substances, or noise

STOP_WORDS: Final = frozenset(
    "an and are as at be been being by for from has have had if in into is it its of on or than that the their them then there these they this "
    "those to was were which while with".split()
)

_WORD: Final = r"""
    [^\W_] [^\W_\u0300-\u036f]* (?: [\u0300-\u036f'\u2019\u02bc] [^\W_]+ | [\u0300-\u036f] )*
"""
_TOKEN: Final = re.compile(
    rf"""(?=[^\W\d_]{{2}}) {_WORD}                                            # most of a text; the rest begins otherwise
      | (?<![^\W_]) [A-Za-z][0-9][0-9A-Za-z]\.[0-9A-Za-z]{{1,4}} (?![^\W_])     # a code with its dot
      | (?<![^\W_]) [A-Za-z] - [A-Za-z]{{3,}} (?![^\W_])                        # x-ray
      | (?<![^\W_]) (?: [xX]\ [rR]ays? | [bBtT]\ [cC]ells? | [cC]\ [sS]ections? ) (?![^\W_])
      | [0-9]+ (?: [.,][0-9]+ )+
      | {_WORD}
    """,
    re.VERBOSE,
)
# The same for text without anything else, where a set of characters is a look into a bitmap.
_ASCII_TOKEN: Final = re.compile(
    _TOKEN.pattern.replace(r"[^\W\d_]", "[A-Za-z]")
    .replace(r"[^\W_\u0300-\u036f]", "[A-Za-z0-9]")
    .replace(r"[^\W_]", "[A-Za-z0-9]"),
    re.VERBOSE,
)
_POSSESSIVE: Final = re.compile(r"['\u2019\u02bc]s$", re.IGNORECASE)
_SILENT: Final = re.compile(r"['\u2019\u02bc\- ]")
_DOTTED_CODE: Final = re.compile(r"[a-z][0-9][0-9a-z]\.[0-9a-z]{1,4}")

# British spellings and classical plurals, as stem patterns: each pair rewrites every word that has the left side.
_SPELLINGS: Final = (
    (r"aemi", "emi"),
    (r"haem", "hem"),
    (r"oedem", "edem"),
    (r"paed(?!o)", "ped"),
    (r"^paedo", "pedo"),
    (r"oesoph", "esoph"),
    (r"oestr", "estr"),
    (r"rrhoe", "rrhe"),
    (r"foet", "fet"),
    (r"coeli", "celi"),
    (r"gynaec", "gynec"),
    (r"anaes", "anes"),
    (r"aesth", "esth"),
    (r"caec", "cec"),
    (r"faec", "fec"),
    (r"caesar", "cesar"),
    (r"aetiol", "etiol"),
    (r"apnoea", "apnea"),
    (r"pnoea", "pnea"),
    (r"manoeuv", "maneuv"),
    (r"sulph", "sulf"),
    (r"(?<=[a-z]{2})our(?=$|s$|al$|ed$|ing$|less$|ful)", "or"),
    (r"fibre", "fiber"),
    (r"(?<=[a-z]{2})tre(?=s?$)", "ter"),
    (r"(?<=[a-z]{3})is(?=e$|ed$|es$|ing$|ation$|ations$)", "iz"),
    (r"(?<=[a-z]{3})ys(?=e$|ed$|ing$)", "yz"),
    (r"(?<=[a-z])oses$", "osis"),
    (r"(?<=st|[a-z]i)ases$", "asis"),
    (r"itides$", "itis"),
    (r"(?<=[a-z]{3})ae$", "a"),
)
_REWRITE: Final = re.compile("|".join(f"({pattern})" for pattern, _ in _SPELLINGS))

# Porter 2 goes by the ending of a word: one that ends in none of these stays as it is.
_ENDINGS: Final = tuple("s ed ing y e l ci li er on or sm ti gi ic ant ent".split())

# Families of words that Porter 2 parts; arthritic and arthritis are handled by their ending.
_FAMILIES: Final = {"inflam": "inflamm", "diagnos": "diagnosi", "diagnost": "diagnosi", "allerg": "allergi"}

_ABBREVIATIONS: Final = frozenset(
    "dr mr mrs ms prof st vs cf e.g i.e etc approx ca no fig al u.s u.k ph.d m.d inc jr sr spp sp var vol resp incl esp".split()
)
# One set of characters to begin with is what makes the search skip all others; a run of marks is looked at once, from its first.
_STOP: Final = re.compile(r"[.!?\n](?:(?<=\n)\s*|(?<![.!?][.!?])([.!?]*)[\"'\u201d\u2019)\]}]*\s+(?=(\S)))")
_LEADING: Final = "([{\"'\u201c\u2018"
_NUMBER: Final = re.compile(r"-?[.,]?[0-9][0-9,.\-]*")


class Token(NamedTuple):
    """A word in its place: `start` and `end` are code points of the text, half-open.

    `position` counts tokens and jumps by SENTENCE_GAP from one sentence to the next.
    """

    term: str
    word: str
    position: int
    start: int
    end: int


def tokens(text: str) -> tuple[Token, ...]:
    """Every word of the text that is not a function word, in order."""
    result: list[Token] = []
    append, known, words = result.append, _analysed.get, _token(text).finditer
    position = 0
    for start, end in sentences(text):
        for match in words(text, start, end):
            typed = match.group()
            pair = known(typed) or _analyse(typed)
            if pair[0]:
                append(Token(pair[0], pair[1], position, match.start(), match.end()))
                position += 1
        position += SENTENCE_GAP
    return tuple(result)


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Every folded word of the text in its place (half-open), function words too, without the cost of stemming."""
    for match in _TOKEN.finditer(text):
        word = fold_word(match.group())
        if word:
            yield word, match.start(), match.end()


def terms_of(text: str) -> list[str]:
    """The terms of `tokens`, in order."""
    known = _analysed.get
    found = [known(typed) or _analyse(typed) for typed in _token(text).findall(text)]
    return [term for term, _ in found if term]


def typed_sentences(text: str) -> Iterator[list[str]]:
    """What `tokens` looks at, sentence by sentence: words as typed, function words too (see `analysed`)."""
    words = _token(text).findall
    return (words(text, start, end) for start, end in sentences(text))


def analysed(typed: str) -> tuple[str, str]:
    """The term and the word of what is typed; both empty for a function word."""
    return _analysed.get(typed) or _analyse(typed)


def _token(text: str) -> re.Pattern[str]:
    return _ASCII_TOKEN if text.isascii() else _TOKEN


# What was typed to its term and word; both empty for a function word. A library has some 100,000 different words, and looking one up
# takes a tenth of the time of analysing it.
_analysed: dict[str, tuple[str, str]] = {}
_MAX_ANALYSED: Final = 1 << 18


def _analyse(typed: str) -> tuple[str, str]:
    word = fold_word(typed)
    pair = ("", "") if not word or word in STOP_WORDS else (term(word), word)
    if len(_analysed) >= _MAX_ANALYSED:
        _analysed.clear()
    _analysed[typed] = pair
    return pair


def fold(text: str) -> str:
    """Lower case without accents: "Sjögren" -> "sjogren"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def fold_word(typed: str) -> str:
    """The word as it is counted: folded, without apostrophes, hyphens or a code's dot; "" where nothing is left."""
    word = fold(_POSSESSIVE.sub("", typed))
    if _DOTTED_CODE.fullmatch(word):
        return word.replace(".", "")
    return _SILENT.sub("", word)[:MAX_WORD]


@lru_cache(maxsize=1 << 17)
def term(word: str) -> str:
    """The term of a folded word: American spelling, singular of Greek and Latin, stemmed."""
    if len(word) > MAX_STEMMED or not (word.isalpha() and word.isascii()):
        return word
    spelled = american(word)
    if spelled.endswith("itis"):
        # Arthritis is arthritic; the stemmer would make hepatitis and hepatic one, and find any liver.
        return spelled[:-2]
    stemmed = spelled
    if spelled.endswith(_ENDINGS):
        if _vocabulary is not None and (known := _vocabulary(word)) is not None:
            return known
        stemmed = _stemmer().stem(spelled)
    return _FAMILIES.get(stemmed, stemmed.removesuffix("i") if stemmed.endswith("iti") else stemmed)


def american(word: str) -> str:
    """The folded word in American spelling, Greek and Latin plurals in the singular: "anaemia" -> "anemia"."""
    return _REWRITE.sub(lambda match: _SPELLINGS[(match.lastindex or 1) - 1][1], word)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of the sentences, without the space between them; a line break ends a sentence.

    Where NLTK's Punkt, with our abbreviations, can decide in one way only, `_ends` says so at once; the rest is Punkt's.
    """
    start = len(text) - len(text.lstrip())
    doubtful = False
    for match in _STOP.finditer(text, start):
        verdict = _ends(text, start, match) if match[2] else True
        if verdict is None:
            doubtful = True
        elif verdict:
            end = match.end()
            if doubtful:
                yield from _as_punkt_says(text, start, end)
            else:
                yield start, start + len(text[start:end].rstrip())
            start, doubtful = end, False
    if start < len(text):
        yield from _as_punkt_says(text, start, len(text)) if doubtful else ((start, len(text.rstrip())),)


def _ends(text: str, start: int, match: re.Match[str]) -> bool | None:
    """Whether a sentence ends at this mark; None where only Punkt can tell."""
    more, following = match.groups()
    if more or text[match.start()] != ".":
        return None if more else True
    typed = text[max(text.rfind(" ", start, match.start()) + 1, start) : match.start()]
    if len(typed) > 1 and typed.isalpha():
        return typed.lower() not in _ABBREVIATIONS
    word = typed.lstrip(_LEADING).lower()
    if word in _ABBREVIATIONS or word.rpartition("-")[2] in _ABBREVIATIONS:
        return False
    if len(word) > 1 and "." not in word and not _NUMBER.fullmatch(word):
        return True
    # C. acnes, 2. loss of interest; but: in 2020. The
    if word.isalnum() and following.isalpha():
        return word.isdecimal() and following.isupper()
    return None


def _as_punkt_says(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for first, last in _punkt().span_tokenize(text[start:end].rstrip()):
        yield start + first, start + last


_vocabulary: Callable[[str], str | None] | None = None


def use_vocabulary(lookup: Callable[[str], str | None] | None) -> None:
    """Ask an index for the terms of its words before the stemmer, which takes long to load; None: no longer.

    It changes what an answer costs, never the answer: the index had the terms from here.
    """
    global _vocabulary  # noqa: PLW0603 -- a memo, like the caches above
    _vocabulary = lookup


# NLTK takes long to import: only reading, or a word never seen before, has to wait for it.
@cache
def _stemmer() -> "SnowballStemmer":
    with _no_scipy():
        from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer("english")


@cache
def _punkt() -> "PunktSentenceTokenizer":
    with _no_scipy():
        from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters)


@contextmanager
def _no_scipy() -> Iterator[None]:
    """Three quarters of NLTK's import are scipy.stats, for a test of significance; without scipy it does without that."""
    if "nltk" in sys.modules or "scipy" in sys.modules:
        yield
        return
    sys.modules["scipy"] = None  # type: ignore[assignment]  # to the import system: it is not installed
    try:
        yield
    finally:
        del sys.modules["scipy"]
