"""Text to tokens: the one analysis that index, query and snippets share.

A word is what stands between spaces and hyphens, folded to lower case without accents or apostrophes. Its term is the
word in American spelling with the ending taken off by NLTK's Snowball stemmer (Porter 2). Medicine needs a few
exceptions:

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
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from functools import lru_cache, partial
from typing import Final, NamedTuple

from indexer.caching import ENTRY_BYTES, BoundedCache
from indexer.text.sentences import SENTENCE_GAP, sentences
from indexer.text.stemming import Vocabulary, stem

VERSION: Final = 2  # raised whenever the same text gives other tokens than before: an index of another version is stale
MAX_WORD: Final = 64  # code points; what is longer is no word, its beginning identifies it

# What an analyzer memoizes, at most: some 50 MB of words, whatever it is given, and texts.
MAX_ANALYZED: Final = 1 << 17  # words as typed
MAX_WORDS: Final = 1 << 16  # folded words
MAX_CHUNKS: Final = 1 << 16  # words with what stands beside them
MAX_MEMOIZED: Final = 24  # code points of such a word; few are longer
MAX_TEXTS_BYTES: Final = 16 << 20  # of texts and their terms

STOP_WORDS: Final = frozenset(
    "an and are as at be been being by for from has have had if in into is it its of on or than that the their them "
    "then there these they this those to was were which while with".split()
)

_WORD: Final = r"""
    [^\W_] [^\W_\u0300-\u036f]* (?: [\u0300-\u036f'\u2019\u02bc] [^\W_]+ | [\u0300-\u036f] )*
"""
_TOKEN: Final = re.compile(
    rf"""(?=[^\W\d_]{{2}}) {_WORD}                                            # most words of a text
      | (?<![^\W_]) [A-Za-z][0-9][0-9A-Za-z]\.[0-9A-Za-z]{{1,4}} (?![^\W_])     # a code with its dot
      | (?<![^\W_]) [A-Za-z] - [A-Za-z]{{3,}} (?![^\W_])                        # x-ray
      | (?<![^\W_]) (?: [xX]\ [rR]ays? | [bBtT]\ [cC]ells? | [cC]\ [sS]ections? ) (?![^\W_])
      | [0-9]+ (?: [.,][0-9]+ )+
      | {_WORD}
    """,
    re.VERBOSE,
)
# Words with a space inside, and their second words: most texts have none of these.
_SPACED: Final = re.compile(r"(?<![^\W_])(?:[xX] [rR]ays?|[bBtT] [cC]ells?|[cC] [sS]ections?)(?![^\W_])")
_AFTER_LETTER: Final = tuple(" ray, Ray, cell, Cell, section, Section".split(","))
SENTENCE_END: Final = "\x01"
_END: Final = f" {SENTENCE_END} "
_INNER_SPACE: Final = "\x02"
PUNCTUATION: Final = ".,;:!?()[]"  # no part of a word that it stands beside
# The same for text without anything else, where a set of characters is a look into a bitmap.
_ASCII_TOKEN: Final = re.compile(
    _TOKEN.pattern.replace(r"[^\W\d_]", "[A-Za-z]")
    .replace(r"[^\W_\u0300-\u036f]", "[A-Za-z0-9]")
    .replace(r"[^\W_]", "[A-Za-z0-9]"),
    re.VERBOSE,
)
_POSSESSIVE: Final = re.compile(r"['\u2019\u02bc]s$", re.IGNORECASE)
_SILENT: Final = re.compile(r"['\u2019\u02bc\- ]")
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_DOTTED_CODE: Final = re.compile(r"[a-z][0-9][0-9a-z]\.[0-9a-z]{1,4}")


class Token(NamedTuple):
    """A word in its place: `start` and `end` are code points of the text, half-open.

    `position` counts tokens and jumps by SENTENCE_GAP from one sentence to the next.
    """

    term: str
    word: str
    position: int
    start: int
    end: int


class _WordMemo(dict[str, tuple[str, str]]):
    """Typed word to its term and its folded word, analysed when first asked for."""

    def __init__(self, analyze: Callable[[str], tuple[str, str]]) -> None:
        super().__init__()
        self._analyze = analyze

    def __missing__(self, typed: str) -> tuple[str, str]:
        pair = self._analyze(typed)
        if len(typed) <= MAX_MEMOIZED:
            if len(self) >= MAX_ANALYZED:
                self.clear()
            self[typed] = pair
        return pair


class _ChunkMemo(dict[str, str | tuple[str, ...]]):
    """What stands between two spaces to its term, or its terms where it has not exactly one; analysed when asked for.

    A string is counted in half the time of a tuple.
    """

    def __init__(self, words: _WordMemo) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, chunk: str) -> str | tuple[str, ...]:
        bare = chunk.strip(PUNCTUATION)
        typed = (bare,) if bare.isalpha() and bare.isascii() else chunk_words(bare)  # most are one word
        terms = tuple([term for term, _ in map(self._words.__getitem__, typed) if term])
        value = terms[0] if len(terms) == 1 else terms
        if len(chunk) <= MAX_MEMOIZED:
            if len(self) >= MAX_CHUNKS:
                self.clear()
            self[chunk] = value
        return value


class Analyzer:
    """The analysis of text, with memos of its own; safe in any thread.

    Each library searches with an analyzer whose vocabulary gives the terms of the words that its index has, so that a
    search process need not import the stemmer. Indexing uses ANALYZER, which has none. The tokens are the same.
    """

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        # A library has some 100,000 different words, and looking one up takes a tenth of the time of analysing it.
        self._words = _WordMemo(self._analyze)
        self._chunks = _ChunkMemo(self._words)
        self.term: Final[Callable[[str], str]] = lru_cache(MAX_WORDS)(partial(stem, vocabulary=vocabulary))
        """The term of a folded word."""
        self._texts = BoundedCache[str, tuple[str, ...]](MAX_TEXTS_BYTES, _size_of_terms)

    def learn(self, terms: Iterable[tuple[str, str]]) -> None:
        """Memoize folded words with their terms, as an index has them, in a half of what is memoized of words."""
        for word, term in terms:
            if word.isascii() and word.isalpha() and len(word) <= MAX_MEMOIZED:
                if len(self._words) >= MAX_ANALYZED // 2:
                    return
                self._words[word] = (term, word)
                if len(self._chunks) < MAX_CHUNKS // 2:
                    self._chunks[word] = term

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Every word of the text that is not a function word, in order."""
        result: list[Token] = []
        append, analyzed, words = result.append, self._words, _pattern(text).finditer
        position = 0
        for start, end in sentences(text):
            for match in words(text, start, end):
                term, word = analyzed[match.group()]
                if term:
                    append(Token(term, word, position, match.start(), match.end()))
                    position += 1
            position += SENTENCE_GAP
        return tuple(result)

    def find(self, text: str, terms: Container[str], prefixes: tuple[str, ...] = ()) -> list[tuple[int, int]]:
        """The spans of those of `tokens` that have one of the terms, or whose word begins with one of the prefixes."""
        analyzed = self._words
        return [
            match.span()
            for match in _pattern(text).finditer(text)
            if (pair := analyzed[match.group()])[0] in terms or pair[1].startswith(prefixes)
        ]

    def terms(self, text: str) -> tuple[str, ...]:
        """The terms of `tokens`, in order; for texts that are analysed again and again."""
        return self._texts.get_or_compute(text, lambda: self._terms_of(text))

    def term_frequencies(self, texts: Iterable[str]) -> dict[str, int]:
        """How often each term of `tokens` occurs in the texts together; in half the time of `terms`."""
        chunks = _bare_chunks("\n".join(texts))
        frequencies: dict[str, int] = {}
        several: list[tuple[tuple[str, ...], int]] = []
        for terms, count in Counter(map(self._chunks.__getitem__, chunks)).items():
            if isinstance(terms, str):
                frequencies[terms] = count
            else:
                several.append((terms, count))
        for terms, count in several:
            for term in terms:
                frequencies[term] = frequencies.get(term, 0) + count
        return frequencies

    def analyze_word(self, typed: str) -> tuple[str, str]:
        """The term and the folded word of a word as typed; both empty for a function word."""
        return self._words[typed]

    def _terms_of(self, text: str) -> tuple[str, ...]:
        pairs = map(self._words.__getitem__, _pattern(text).findall(text))
        return tuple([term for term, _ in pairs if term])

    def _analyze(self, typed: str) -> tuple[str, str]:
        word = fold_word(typed)
        folded = self._words.get(word)
        if folded is not None and folded[1] == word:
            return folded  # the same word as it stands within a sentence
        return ("", "") if not word or word in STOP_WORDS else (self.term(word), word)


def _size_of_terms(text: str, terms: tuple[str, ...]) -> int:
    return ENTRY_BYTES + sys.getsizeof(text) + sys.getsizeof(terms)  # the terms are shared


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Every folded word of the text in its place (half-open), function words too, without the cost of stemming."""
    for match in _TOKEN.finditer(text):
        word = fold_word(match.group())
        if word:
            yield word, match.start(), match.end()


def chunks(text: str) -> list[str]:
    """What stands between the spaces of a text, with SENTENCE_END after each sentence.

    `chunk_words` gives the words of a chunk: those of all chunks are what `tokens` looks at. A library has few
    different chunks, so that a dictionary of them saves the analysis of most.
    """
    if SENTENCE_END in text:
        text = text.replace(SENTENCE_END, "\0")  # likewise in no word
    marked = _END.join([text[start:end] for start, end in sentences(text)])
    return [*_spaced_as_one(marked).split(), SENTENCE_END] if marked else []


def _spaced_as_one(text: str) -> str:
    """The text, the space inside a word marked."""
    if _INNER_SPACE in text:
        text = text.replace(_INNER_SPACE, "\0")  # likewise in no word
    if any(map(text.__contains__, _AFTER_LETTER)):
        text = _SPACED.sub(lambda match: match[0].replace(" ", _INNER_SPACE), text)
    return text


def _bare_chunks(text: str) -> list[str]:
    """What stands between the spaces of a text, without the most frequent marks: few chunks are then different."""
    return _spaced_as_one(text).replace(". ", " ").replace(", ", " ").split()


def chunk_words(chunk: str) -> list[str]:
    """The words of a chunk as typed, function words too (see `analyze_word`)."""
    chunk = chunk.replace(_INNER_SPACE, " ")
    return _pattern(chunk).findall(chunk)


def _pattern(text: str) -> re.Pattern[str]:
    return _ASCII_TOKEN if text.isascii() else _TOKEN


def fold(text: str) -> str:
    """Lower case without accents and ligatures: "Sjögren" -> "sjogren", "œdema" -> "oedema"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def fold_word(typed: str) -> str:
    """The word as it is counted: folded, without apostrophes, hyphens or a code's dot; "" where nothing is left."""
    if typed.isascii() and typed.isalpha():
        return typed[:MAX_WORD].lower()  # most words: there is nothing else to take out
    word = fold(_POSSESSIVE.sub("", typed))
    if _DOTTED_CODE.fullmatch(word):
        return word.replace(".", "")
    return _SILENT.sub("", word)[:MAX_WORD]


ANALYZER: Final = Analyzer()
term = ANALYZER.term
tokens = ANALYZER.tokens
analyze_word = ANALYZER.analyze_word
