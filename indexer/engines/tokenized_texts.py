"""The texts of documents to their tokens, as arrays: no token is ever an object.

A text is divided at its spaces, and a dictionary gives the tokens of each chunk ("bone", "bone,", "x-ray"), so that a
text costs one look for each word. What is left, positions and numbers, is arithmetic on many documents at once. A
process that takes one batch of documents after another keeps the dictionary.
"""

from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.documents import TEXT_FIELDS, Document
from indexer.engines.scoring.keys import first_of_runs, ranges
from indexer.text.analyzer import PUNCTUATION, SENTENCE_END, analyze_word, chunk_words, chunks
from indexer.text.sentences import SENTENCE_GAP

MAX_VOCABULARY: Final = 1 << 20  # code points of the chunks of a vocabulary that is kept: some 25 MB

Integers = NDArray[np.int64]


class Tokens(NamedTuple):
    """The word number, document, field and position of each token, [tokens]; those of a number ascend in this order.

    `terms` and `words`, folded and not stemmed, are those of each number.
    """

    numbers: Integers
    docs: Integers
    fields: Integers
    positions: Integers
    terms: list[str]
    words: list[str]


class Vocabulary(dict[str, int]):
    """Maps a chunk of text to its number; `counts` says how many tokens it has, `numbers` from `starts` on which.

    A token is the number of its word in `words` and of that word's term in `terms`.
    """

    def __init__(self) -> None:
        super().__init__({SENTENCE_END: 0})
        self.starts = array("q", [0])
        self.counts = array("q", [0])
        self.numbers = array("q")
        self.terms: list[str] = []
        self.words: list[str] = []
        self.code_points = 0
        self._number_of_word: dict[str, int] = {}

    def __missing__(self, chunk: str) -> int:
        self.code_points += len(chunk)
        bare = chunk.strip(PUNCTUATION)
        if len(bare) < len(chunk):
            number = self[chunk] = self[bare]
            return number
        self.starts.append(len(self.numbers))
        for term, word in map(analyze_word, chunk_words(chunk)):
            if term:
                self.numbers.append(self._number(term, word))
        self.counts.append(len(self.numbers) - self.starts[-1])
        number = self[chunk] = len(self.counts) - 1
        return number

    def _number(self, term: str, word: str) -> int:
        number = self._number_of_word.setdefault(word, len(self.words))
        if number == len(self.words):
            self.terms.append(term)
            self.words.append(word)
        return number


_spare_vocabularies: Final[list[Vocabulary]] = []  # of this process; each is in the hands of one thread at a time


def tokenize(documents: Iterable[Document]) -> tuple[Tokens, Integers]:
    """The tokens of documents, and their field lengths, [documents, text fields]; each is asked for once, not kept."""
    with _borrowed_vocabulary() as vocabulary:
        texts = _TokenizedTexts(vocabulary)
        for document in documents:
            texts.add(document)
        return texts.arrays()


@contextmanager
def _borrowed_vocabulary() -> Iterator[Vocabulary]:
    """A vocabulary that no other thread has: an earlier one, where there is one."""
    try:
        vocabulary = _spare_vocabularies.pop()
    except IndexError:
        vocabulary = Vocabulary()
    yield vocabulary
    if vocabulary.code_points <= MAX_VOCABULARY:
        _spare_vocabularies.append(vocabulary)


class _TokenizedTexts:
    """The texts of documents, taken one document after another, as numbers of chunks."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._numbers: list[int] = []
        self._text_ends: list[int] = []  # of each text, in `_numbers`
        self._text_fields: list[int] = []  # of each text the number of its field, through all documents
        self._field_count = 0

    def add(self, document: Document) -> None:
        """Take the texts of another document."""
        number_of = self._vocabulary.__getitem__
        for field in TEXT_FIELDS:
            for text in field.texts(document):
                self._numbers += map(number_of, chunks(text))
                self._text_ends.append(len(self._numbers))
                self._text_fields.append(self._field_count)
            self._field_count += 1

    def arrays(self) -> tuple[Tokens, Integers]:
        """The tokens of `field_tokens`, and the field lengths, [documents, text fields]."""
        chunk_numbers = np.array(self._numbers, dtype=np.int64)
        counts = np.array(self._vocabulary.counts, dtype=np.int64)[chunk_numbers]
        numbers = np.array(self._vocabulary.numbers, dtype=np.int64)[
            ranges(np.array(self._vocabulary.starts, dtype=np.int64)[chunk_numbers], counts)
        ]
        ends = np.flatnonzero(chunk_numbers == 0)  # of the sentences
        texts = np.searchsorted(np.array(self._text_ends, dtype=np.int64), ends, side="right")
        ending = np.cumsum(counts)[ends]  # tokens up to the end of each sentence
        sentences = np.diff(ending, prepend=0)
        text_fields = np.array(self._text_fields, dtype=np.int64)
        positions = np.repeat(
            _first_positions(sentences, texts, text_fields) - (ending - sentences), sentences
        ) + np.arange(len(numbers))
        fields = np.repeat(text_fields[texts], sentences)
        lengths = np.bincount(fields, minlength=self._field_count).reshape(-1, len(TEXT_FIELDS))
        is_used = np.zeros(len(self._vocabulary.words), dtype=bool)
        is_used[numbers] = True
        used = np.flatnonzero(is_used).tolist()
        docs, fields = np.divmod(fields, len(TEXT_FIELDS))
        tokens = Tokens(
            (np.cumsum(is_used) - 1)[numbers],
            docs,
            fields,
            positions,
            [self._vocabulary.terms[number] for number in used],
            [self._vocabulary.words[number] for number in used],
        )
        return tokens, lengths


def _first_positions(sentences: Integers, texts: Integers, text_fields: Integers) -> Integers:
    """The position of the first token of each sentence, from its tokens and its text, and the field of each text.

    Sentences are SENTENCE_GAP apart, also those without a token; a text goes on so behind the last token of the text
    before it in its field.
    """
    in_text = _before_in_run(sentences + SENTENCE_GAP, texts)
    with_tokens = np.flatnonzero(sentences)
    last = with_tokens[_last_of_runs(texts[with_tokens])]
    extents = np.zeros(len(text_fields), dtype=np.int64)
    extents[texts[last]] = in_text[last] + sentences[last] - 1 + SENTENCE_GAP
    return _before_in_run(extents, text_fields)[texts] + in_text


def _before_in_run(steps: Integers, keys: Integers) -> Integers:
    """The sum of the steps before each one in its run of equal keys."""
    before = np.cumsum(steps) - steps
    first = np.flatnonzero(first_of_runs(keys))
    return before - np.repeat(before[first], np.diff(first, append=len(keys)))


def _last_of_runs(keys: Integers) -> NDArray[np.bool_]:
    return first_of_runs(keys[::-1])[::-1]
