"""Documents to the medical words that they share and those that only one of them has, section by section.

A word is compared by its term, within one kind of section, where it is medical (see medical_words.py). What is "only
here" stands in sections of this kind in one document alone; what only some of three or four share is not shown. The
words of the titles and names say nothing new: those of all documents are not shared, and those of any are not only
here. The words shown are those with the greatest idf times the root of their frequency. A clause that denies something
("without fever", "injury does not cause it") names nothing, so it does not count.

Two words that always stand together ("uric acid") are shown as one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import sqrt
from typing import Final

from indexer.articles.model import SECTION_KINDS, SectionKind
from indexer.documents import Document
from indexer.engine import Searcher
from indexer.search.medical_words import is_medical
from indexer.search.query_knowledge import Knowledge
from indexer.search.question_words import question_words
from indexer.search.term_statistics import TermStatistics
from indexer.text.analyzer import Analyzer, Token
from indexer.text.sentences import SENTENCE_GAP

MAX_WORDS: Final = 8  # in one list
MIN_LETTERS: Final = 3
MIN_STEM: Final = 5  # letters of a term with which another form of it begins
MAX_DOCUMENT_SHARE: Final = 0.6  # of all documents that have a term; a more frequent one tells nothing apart
MIN_PAIRS: Final = 2  # how often a word stands before another, and never without it, before they are one

_CLAUSE: Final = re.compile(r"[^.,;:!?()\n–—]+")
_DENIES: Final = re.compile(
    r"\b(?:no|not|cannot|never|without|neither|nor|none|nothing|free of|lacks?|lacking|absent|absence|negative|"
    r"rules? out|ruled out|excludes?|excluded|rather than|instead of|unlike|hardly|rarely)\b|n['’]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ComparedText:
    """A section with the half-open spans of its words that are shown as shared, and as only here."""

    heading: str | None
    text: str
    shared: tuple[tuple[int, int], ...]
    distinct: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ComparedDocument:
    """What one document says in sections of one kind, and the words that only it has there."""

    texts: tuple[ComparedText, ...]
    distinct: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One kind of section in every document, in their order, and the words that it has in all of them."""

    kind: SectionKind
    shared: tuple[str, ...]
    documents: tuple[ComparedDocument, ...]


def compare(documents: Sequence[Document], searcher: Searcher, knowledge: Knowledge) -> tuple[FieldComparison, ...]:
    """Every kind of section that one of the documents has, compared between them."""
    present = {section.kind for document in documents for section in document.sections}
    if not present:
        return ()
    comparer = _Comparer(documents, TermStatistics(searcher), knowledge.analyzer)
    return tuple(comparer.compare(kind) for kind in SECTION_KINDS if kind in present)


class _Comparer:
    """The comparison of some documents."""

    def __init__(self, documents: Sequence[Document], statistics: TermStatistics, analyzer: Analyzer) -> None:
        self._documents = documents
        self._statistics = statistics
        self._analyzer = analyzer
        lists = question_words()
        self._general = lists.asking | lists.empty | lists.common | lists.aspects.keys()
        named = [frozenset(chain.from_iterable(map(analyzer.terms, (each.title, *each.names)))) for each in documents]
        self._named_by_all = frozenset.intersection(*named)
        self._named_by_any = frozenset.union(*named)
        self._pairs = self._collocations()

    def compare(self, kind: SectionKind) -> FieldComparison:
        texts = [[section for section in document.sections if section.kind == kind] for document in self._documents]
        forms = [self._forms(section.text for section in sections) for sections in texts]
        shared = self._best(set.intersection(*map(set, forms)) - self._named_by_all, forms)
        columns = []
        for sections, own in zip(texts, forms, strict=True):
            others = set(chain.from_iterable(each for each in forms if each is not own))
            # Beside a document without such a section, nobody knows what is only here.
            only = (term for term in own if not (term in self._named_by_any or _has_form(term, others)))
            distinct = self._best(only, [own]) if all(texts) else ()
            compared = tuple(
                ComparedText(
                    section.heading,
                    section.text,
                    self._spans(section.text, shared),
                    self._spans(section.text, distinct),
                )
                for section in sections
            )
            columns.append(ComparedDocument(compared, self._words(distinct, own)))
        return FieldComparison(kind, self._words(shared, forms[0]), tuple(columns))

    def _forms(self, texts: Iterable[str]) -> dict[str, Counter[str]]:
        """The words of each term that counts, lower case where only the beginning of a sentence capitalizes them."""
        forms: dict[str, Counter[str]] = {}
        for text in texts:
            before = -SENTENCE_GAP
            denied = _denied(text)
            for token in self._analyzer.tokens(text):
                if self._counts(token) and token.start not in denied:
                    word = text[token.start : token.end]
                    begins = token.position - before > 1 and word[1:].islower() and not word.endswith(("'s", "’s"))
                    forms.setdefault(token.term, Counter())[word.lower() if begins else word] += 1
                before = token.position
        return forms

    def _counts(self, token: Token) -> bool:
        most = MAX_DOCUMENT_SHARE * self._statistics.document_count
        return (
            len(token.word) >= MIN_LETTERS
            and token.word.isalpha()
            and token.word not in self._general
            and is_medical(token.word, self._analyzer)
            and self._statistics.frequency(None, token.term) <= max(most, len(self._documents))
        )

    def _best(self, terms: Iterable[str], forms: Sequence[Mapping[str, Counter[str]]]) -> tuple[str, ...]:
        def weight(term: str) -> float:
            return self._statistics.idf(term) * min(sqrt(each[term].total()) for each in forms)

        return tuple(sorted(terms, key=lambda term: (-weight(term), term))[:MAX_WORDS])

    def _spans(self, text: str, terms: Sequence[str]) -> tuple[tuple[int, int], ...]:
        denied, tokens = _denied(text), self._analyzer.tokens(text)
        return tuple((each.start, each.end) for each in tokens if each.term in terms and each.start not in denied)

    def _collocations(self) -> Mapping[str, str]:
        """Terms that always stand before another one, with that one."""
        single: Counter[str] = Counter()
        together: Counter[tuple[str, str]] = Counter()
        for section in chain.from_iterable(document.sections for document in self._documents):
            tokens = self._analyzer.tokens(section.text)
            single.update(token.term for token in tokens)
            together.update(
                (one.term, two.term) for one, two in pairwise(tokens) if section.text[one.end : two.start] == " "
            )
        return {
            one: two
            for (one, two), count in together.items()
            if one != two and count == single[one] and (count == single[two] or count >= MIN_PAIRS)
        }

    def _words(self, terms: Sequence[str], forms: Mapping[str, Counter[str]]) -> tuple[str, ...]:
        """The most frequent word of each term; one that always stands before another of them, together with it."""
        shown = {term: forms[term].most_common(1)[0][0] for term in terms}
        second = {term: self._pairs[term] for term in terms if self._pairs.get(term) in shown}
        return tuple(
            f"{word} {shown[second[term]]}" if term in second else word
            for term, word in shown.items()
            if term not in second.values()
        )


def _denied(text: str) -> set[int]:
    """The places of the text, in code points, that are in a clause which denies something."""
    return {
        place
        for clause in _CLAUSE.finditer(text)
        if _DENIES.search(clause[0])
        for place in range(clause.start(), clause.end())
    }


def _has_form(term: str, terms: Iterable[str]) -> bool:
    """Whether the term, or another that begins with it or that it begins with, is among the terms: smoking, smokers."""
    return any(
        term == other or (min(len(term), len(other)) >= MIN_STEM and (term.startswith(other) or other.startswith(term)))
        for other in terms
    )
