"""A document and the leaves of a query to snippets: whole sentences with spans, never HTML.

Each sentence is a passage; it is scored by the idf of the different leaves that it holds, words that stand side by side counting more, and the best
passages of different fields become the snippets. The idea is that of Lucene's UnifiedHighlighter: a snippet is a
document of its own, ranked by the same evidence. To score them all, what the words of a leaf begin with is looked for in the text;
only the sentences that are chosen are analysed.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from indexer.articles.model import Section
from indexer.documents import Document
from indexer.query.leaves import Leaf
from indexer.results import Snippet
from indexer.search.document_terms import folded_in_place
from indexer.text.analyzer import Token, tokens
from indexer.text.sentences import sentences

MAX_SNIPPET: Final = 360  # code points; a longer sentence is cut around its first highlighted words
_CONTEXT: Final = 120  # code points kept before the first highlighted word of a sentence that is cut
_NEIGHBOUR_BONUS: Final = 0.5  # of a leaf's weight, for standing right after another leaf
_NEXT: Final = 20  # code points from the beginning of a word to that of the next, at most

# The first articles of common searches are shown again and again.
_KEPT: Final = 8192  # texts of sections; some 10 MB


@lru_cache(maxsize=_KEPT)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentences(text))


class _Passage(NamedTuple):
    section: Section
    start: int
    end: int
    score: float = 0.0
    leaves: int = 0  # a bit for each of those wanted


def best_snippets(
    document: Document, wanted: tuple[Leaf, ...], *, limit: int = 3, prefer: str | None = None
) -> tuple[Snippet, ...]:
    """The best sentences, at most one a field, best first; the article's first sentence where nothing stands in the text.

    A sentence of the field `prefer` counts half as much again. After the first, what was shown counts half, so that one
    with the words still missing goes before one that repeats; a second must be worth a third of the first or hold such
    a word, a third must hold one.
    """
    left = [passage for section in document.sections for passage in _passages(section, wanted)]
    chosen: list[_Passage] = []
    made: list[Snippet] = []
    shown = 0

    def worth(passage: _Passage) -> float:
        again = passage.leaves & shown
        repeated = sum([leaf.weight for number, leaf in enumerate(wanted) if again >> number & 1]) if again else 0.0
        return (passage.score - repeated / 2) * (1.5 if passage.section.kind == prefer else 1.0)

    while left and len(chosen) < limit:
        best = max(left, key=worth)
        if not best.leaves & ~shown and (len(chosen) > 1 or worth(best) < chosen[0].score / 3):
            break
        snippet = _snippet(best, wanted)
        if not snippet.spans:  # another word that begins so
            left.remove(best)
            continue
        chosen.append(best)
        made.append(snippet)
        shown |= best.leaves
        left = [passage for passage in left if passage.section.kind != best.section.kind]
    if made:
        return tuple(made)
    return tuple(
        _snippet(_Passage(section, start, end), ())
        for section in document.sections[:1]
        for start, end in _sentences(section.text)[:1]
    )


def mark(text: str, wanted: tuple[Leaf, ...], field: str) -> tuple[tuple[int, int], ...]:
    """Spans of the text where a leaf stands; neighbouring words are one span."""
    return _joined(text, [(first.start, last.end) for _, first, last in _places(tokens(text), wanted, field)])


def _passages(section: Section, wanted: tuple[Leaf, ...]) -> Iterator[_Passage]:
    """The sentences that seem to hold a leaf, with the leaves and the score that they seem to have."""
    text = folded_in_place(section.text)
    here = []
    for number, leaf in enumerate(wanted):
        if leaf.field in (None, section.kind):
            needles = [needle for needle in leaf.needles if needle in text]
            if needles:
                here.append((1 << number, leaf.weight, needles))
    if not here:
        return
    find = text.find
    for start, end in _sentences(section.text):
        places = []
        for bit, weight, needles in here:
            for needle in needles:
                place = find(needle, start, end)
                if place >= 0:
                    places.append((place, bit, weight))
                    break
        if places:
            places.sort()
            leaves, score, before = 0, 0.0, -_NEXT - 1
            for place, bit, weight in places:
                leaves |= bit
                score += weight if place - before > _NEXT else weight + _NEIGHBOUR_BONUS * weight
                before = place
            yield _Passage(section, start, end, score, leaves)


def _places(found: tuple[Token, ...], wanted: tuple[Leaf, ...], field: str) -> Iterator[tuple[Leaf, Token, Token]]:
    """Where each leaf stands: the leaf, its first and its last token; in order of the text."""
    here = [leaf for leaf in wanted if leaf.field in (None, field)]
    single = {leaf.terms[0]: leaf for leaf in reversed(here) if len(leaf.terms) == 1 and not leaf.prefix}
    prefixes = [leaf for leaf in here if leaf.prefix]
    longer: dict[str, list[Leaf]] = {}
    for leaf in here:
        if len(leaf.terms) > 1:
            longer.setdefault(leaf.terms[0], []).append(leaf)
    for index, token in enumerate(found):
        for leaf in longer.get(token.term, ()):
            run = found[index : index + len(leaf.terms)]
            if tuple(t.term for t in run) == leaf.terms and run[-1].position - token.position == len(run) - 1:
                yield leaf, token, run[-1]
        if token.term in single:
            yield single[token.term], token, token
        elif prefixes:
            for leaf in prefixes:
                if token.word.startswith(leaf.terms[0]):
                    yield leaf, token, token


def _joined(text: str, spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those with nothing but space or a hyphen between them made one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and (start <= result[-1][1] or text[result[-1][1] : start] in (" ", "-")):
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def _snippet(passage: _Passage, wanted: tuple[Leaf, ...]) -> Snippet:
    """The passage as a snippet: cut at spaces where it is too long, so that the text stays a part of the section."""
    text, field = passage.section.text[passage.start : passage.end], passage.section.kind
    marked = mark(text, wanted, field)
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
