"""A document and the leaves of a query to snippets: whole sentences with spans, never HTML.

The idea is that of Lucene's UnifiedHighlighter: every sentence is a passage, a document of its own, scored by the
same evidence. A passage scores the idf of the different leaves that it holds, with a bonus for words that stand side
by side; words that it denies count little ("has nothing to do with influenza"). The best passages of different fields
become the snippets. To score all of them fast, the text is searched for what the words of a leaf begin with; only the
sentences that are chosen are analysed.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from indexer.articles.model import Section
from indexer.caching import ENTRY_BYTES, BoundedCache
from indexer.documents import Document
from indexer.query.leaves import Leaf
from indexer.results import Snippet
from indexer.search.document_terms import fold_in_place
from indexer.search.negation import mentions_only
from indexer.text.analyzer import Analyzer, Token
from indexer.text.sentences import sentences

MAX_SNIPPET: Final = 360  # code points; a longer sentence is cut around its first highlighted words
_CONTEXT: Final = 120  # code points before the first highlighted word of a sentence that is cut
_ADJACENCY_BONUS: Final = 0.5  # of a leaf's weight, for standing right after another leaf
_MAX_ADJACENT: Final = 20  # code points from the beginning of a word to that of an adjacent one
_DENIED: Final = 0.2  # of a leaf's weight, where the sentence denies it or contrasts something with it
_ASPECT_BOOST: Final = 1.5  # of the score of a passage in the section that was asked about
_SENTENCE_BYTES: Final = 176  # of the offsets of one
_MAX_SENTENCES_BYTES: Final = 16 << 20  # of texts of sections whose sentences are cached, with these

# The first documents of common searches are shown again and again.
_known_sentences: Final = BoundedCache[str, tuple[tuple[int, int], ...]](
    _MAX_SENTENCES_BYTES, lambda text, found: ENTRY_BYTES + sys.getsizeof(text) + _SENTENCE_BYTES * len(found)
)


def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    return _known_sentences.get_or_compute(text, lambda: tuple(sentences(text)))


class _ScoredSentence(NamedTuple):
    section: Section
    start: int
    end: int
    score: float = 0.0
    leaves: int = 0  # a bit for each leaf that it holds
    offsets: tuple[tuple[int, int, float], ...] = ()  # where each is, its bit, and its weight
    is_checked: bool = False  # for denied words, which is done for the best alone: it takes longer than all the rest


_score_of: Final[Callable[[_ScoredSentence], float]] = attrgetter("score")


def best_snippets(
    document: Document, leaves: tuple[Leaf, ...], analyzer: Analyzer, *, limit: int = 3, aspect: str | None = None
) -> tuple[Snippet, ...]:
    """The best sentences, at most one a field, best first; the document's first sentence where no field has a leaf.

    A sentence of the section `aspect` is boosted. After the first snippet, leaves that were shown count half, so that a
    sentence with other leaves goes before one that repeats them; the second must score a third of the first or have
    another leaf, the third must have one.
    """
    candidates = [passage for section in document.sections for passage in _passages(section, leaves)]
    chosen: list[_ScoredSentence] = []
    snippets: list[Snippet] = []
    shown = 0

    def adjusted_score(passage: _ScoredSentence) -> float:
        again = passage.leaves & shown
        repeated = sum([leaf.weight for number, leaf in enumerate(leaves) if again >> number & 1]) if again else 0.0
        return (passage.score - repeated / 2) * (_ASPECT_BOOST if passage.section.kind == aspect else 1.0)

    while candidates and len(chosen) < limit:
        best = max(candidates, key=adjusted_score if shown or aspect else _score_of)
        if not best.is_checked:
            checked = _without_denied(best)
            if checked.score < best.score:
                candidates[candidates.index(best)] = checked
                continue
        if not best.leaves & ~shown and (len(chosen) > 1 or adjusted_score(best) < chosen[0].score / 3):
            break
        snippet = _snippet(best, leaves, analyzer)
        if not snippet.spans:  # another word that begins like one of the leaves
            candidates.remove(best)
            continue
        chosen.append(best)
        snippets.append(snippet)
        shown |= best.leaves
        candidates = [passage for passage in candidates if passage.section.kind != best.section.kind]
    if snippets:
        return tuple(snippets)
    return tuple(
        _snippet(_ScoredSentence(section, start, end), (), analyzer)
        for section in document.sections[:1]
        for start, end in _sentences(section.text)[:1]
    )


def mark(text: str, leaves: tuple[Leaf, ...], field: str, analyzer: Analyzer) -> tuple[tuple[int, int], ...]:
    """Spans of the text that match a leaf; adjacent words are one span."""
    on_field = [leaf for leaf in leaves if leaf.field in (None, field)]
    terms = {leaf.terms[0] for leaf in on_field if len(leaf.terms) == 1 and not leaf.prefix}
    prefixes = tuple(leaf.terms[0] for leaf in on_field if leaf.prefix)
    spans = analyzer.find(text, terms, prefixes)
    phrases = [leaf.terms for leaf in on_field if len(leaf.terms) > 1]
    if phrases:
        spans += _phrase_spans(analyzer.tokens(text), phrases)
    return _joined(text, spans)


def _passages(section: Section, leaves: tuple[Leaf, ...]) -> Iterator[_ScoredSentence]:
    """The sentences that seem to hold a leaf, with the leaves and the score that they seem to have."""
    text = fold_in_place(section.text)
    in_section = []
    for number, leaf in enumerate(leaves):
        if leaf.field in (None, section.kind):
            needles = [needle for needle in leaf.needles if needle in text]
            if needles:
                in_section.append((1 << number, leaf.weight, needles))
    if not in_section:
        return
    find = text.find
    for start, end in _sentences(section.text):
        offsets, bits = [], 0
        for bit, weight, needles in in_section:
            for needle in needles:
                offset = find(needle, start, end)
                if offset >= 0:
                    offsets.append((offset, bit, weight))
                    bits |= bit
                    break
        if offsets:
            offsets.sort()
            yield _ScoredSentence(section, start, end, _score(offsets), bits, tuple(offsets))


def _score(offsets: Sequence[tuple[int, int, float]]) -> float:
    """The score of a sentence: the weights of its leaves, more where one stands right after another."""
    score, before = 0.0, -_MAX_ADJACENT - 1
    for offset, _, weight in offsets:
        score += weight if offset - before > _MAX_ADJACENT else weight + _ADJACENCY_BONUS * weight
        before = offset
    return score


def _without_denied(passage: _ScoredSentence) -> _ScoredSentence:
    """The passage, for which words count little that it denies or contrasts something with."""
    denied = mentions_only(fold_in_place(passage.section.text[passage.start : passage.end]))
    if not denied:
        return passage
    offsets = [
        (
            offset,
            bit,
            weight * _DENIED if any(first <= offset - passage.start < last for first, last in denied) else weight,
        )
        for offset, bit, weight in passage.offsets
    ]
    return passage._replace(score=_score(offsets), offsets=(), is_checked=True)


def _phrase_spans(tokens: tuple[Token, ...], phrases: list[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Where each phrase stands."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        by_first.setdefault(phrase[0], []).append(phrase)
    for index, token in enumerate(tokens):
        for phrase in by_first.get(token.term, ()):
            run = tokens[index : index + len(phrase)]
            if tuple(t.term for t in run) == phrase and run[-1].position - token.position == len(run) - 1:
                yield token.start, run[-1].end


def _joined(text: str, spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those with nothing but space or a hyphen between them made one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and (start <= result[-1][1] or text[result[-1][1] : start] in (" ", "-")):
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def _snippet(passage: _ScoredSentence, leaves: tuple[Leaf, ...], analyzer: Analyzer) -> Snippet:
    """The passage as a snippet: cut at spaces where it is too long, so that the text stays a part of the section."""
    text, field = passage.section.text[passage.start : passage.end], passage.section.kind
    marked = mark(text, leaves, field, analyzer)
    start, end = 0, len(text)
    if end > MAX_SNIPPET:
        first = marked[0][0] if marked else 0
        if first > _CONTEXT:
            start = text.find(" ", first - _CONTEXT, first) + 1 or first
        if end - start > MAX_SNIPPET:
            cut = text.rfind(" ", start + MAX_SNIPPET // 2, start + MAX_SNIPPET)
            end = cut if cut > 0 else start + MAX_SNIPPET
    spans = tuple((max(a, start) - start, min(b, end) - start) for a, b in marked if a < end and b > start)
    return Snippet(field, text[start:end], spans)
