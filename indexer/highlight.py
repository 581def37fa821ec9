"""A document and the leaves of a query to snippets: whole sentences with spans, never HTML.

Each sentence is a passage; it is scored by the idf of the different leaves that it holds, words that stand side by side counting more, and the best
passages of different fields become the snippets. The idea is that of Lucene's UnifiedHighlighter: a snippet is a
document of its own, ranked by the same evidence. To score them all, what the words of a leaf begin with is looked for in the text;
only the sentences that are chosen are analysed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from functools import lru_cache
from itertools import chain
from os.path import commonprefix
from typing import Final, NamedTuple, assert_never

from indexer.analysis import SENTENCE_GAP, Token, fold, sentences, terms_of, tokens
from indexer.articles.model import Section
from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELDS, Document
from indexer.query.nodes import (
    All,
    Alternatives,
    And,
    AtLeast,
    Boost,
    Coverage,
    Near,
    Node,
    Not,
    One,
    Or,
    Phrase,
    Prefix,
    Should,
    Term,
)
from indexer.results import Snippet

MAX_SNIPPET: Final = 360  # code points; a longer sentence is cut around its first highlighted words
_CONTEXT: Final = 120  # code points kept before the first highlighted word of a sentence that is cut
_NEIGHBOUR_BONUS: Final = 0.5  # of a leaf's weight, for standing right after another leaf
_NEXT: Final = 20  # code points from the beginning of a word to that of the next, at most
_JOINTS: Final = frozenset("-'")  # may make one word of two
_ENOUGH: Final = 4  # letters that tell a word well enough
# The only words that a letter and a space may begin: x ray, T cells.
_AFTER_LETTER: Final = ("ray", "cell", "section")
_QUOTES: Final = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0", "''\"\"--. ")

# The first articles of common searches are shown again and again.
_KEPT: Final = 8192  # texts of sections; some 10 MB


@lru_cache(maxsize=_KEPT)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentences(text))


@lru_cache(maxsize=_KEPT)
def _terms(text: str) -> tuple[str, ...]:
    return tuple(terms_of(text))


@dataclass(frozen=True, slots=True)
class Leaf:
    """What to mark: consecutive terms, or the beginning of a word; `weight` is its worth, usually idf.

    `needles` are what to look for in the folded text: a sentence with the leaf has one of them.
    """

    terms: tuple[str, ...]
    field: str | None = None
    prefix: bool = False
    weight: float = 1.0
    needles: tuple[str, ...] = dataclass_field(default=(), compare=False)


class _Passage(NamedTuple):
    section: Section
    start: int
    end: int
    score: float = 0.0
    leaves: int = 0  # a bit for each of those wanted


def leaves(
    node: Node,
    weigh: Callable[[str], float] = lambda term: 1.0,
    words_of: Callable[[str], Sequence[str]] = lambda term: (term,),
) -> tuple[Leaf, ...]:
    """The leaves on text fields that a match may be due to, each once.

    `weigh` gives the worth of a term, `words_of` the folded words that have it (by themselves, terms begin most of theirs).
    """
    found = dict.fromkeys(_leaves(node, weigh))
    return tuple(replace(leaf, needles=_needles(words_of(leaf.terms[0]))) for leaf in found)


def _needles(words: Sequence[str]) -> tuple[str, ...]:
    """What every word begins with, where that is enough to tell it; else the words. A hyphen may follow the first letter."""
    common = commonprefix(words)  # noqa: RUF071 -- of characters, as wanted here
    needles = (common,) if len(common) >= _ENOUGH else tuple(words)
    joined = [each for each in needles if len(each) >= _ENOUGH]
    hyphened = tuple(f"{each[0]}-{each[1:]}" for each in joined)
    return needles + hyphened + tuple(f"{each[0]} {each[1:]}" for each in joined if each[1:].startswith(_AFTER_LETTER))


def _leaves(node: Node, weigh: Callable[[str], float]) -> Iterator[Leaf]:
    match node:
        case Term(term, field):
            if field not in KEYWORD_FIELD_NAMES:
                yield Leaf((term,), field, weight=weigh(term))
        case Phrase(terms, field):
            yield Leaf(terms, field, weight=sum(map(weigh, terms)))
        case Prefix(prefix, field):
            yield Leaf((prefix,), field, prefix=True)
        case Near(nodes) | Alternatives(nodes) | AtLeast(_, nodes) | And(nodes) | Or(nodes):
            for each in nodes:
                yield from _leaves(each, weigh)
        case Should(must, _):
            yield from _leaves(must, weigh)
        case Boost(inner):
            yield from _leaves(inner, weigh)
        case All() | Not() | Coverage() | One():
            return
        case _:
            assert_never(node)


def snippets(
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


def terms(document: Document) -> frozenset[str]:
    """Every term of the document, whatever its field."""
    return frozenset(term_counts(document))


def term_counts(document: Document) -> Counter[str]:
    """Every term of the document, whatever its field, and how often it stands there."""
    texts = (text for field in TEXT_FIELDS for text in field.texts(document))
    return Counter(chain.from_iterable(map(_terms, texts)))


def forms(document: Document) -> dict[str, Counter[str]]:
    """The words that stand for each term of the document, and how often; without the capitals of titles and beginnings."""
    found: dict[str, Counter[str]] = {}
    for field in TEXT_FIELDS:
        for text in field.texts(document):
            before = -SENTENCE_GAP
            for token in tokens(text):
                word = text[token.start : token.end]
                begins = field.name == "title" or token.position - before > 1
                if begins and not (word[1:].isupper() or word.endswith(("'s", "’s"))):  # MRI, Addison's
                    word = word.lower()
                found.setdefault(token.term, Counter())[word] += 1
                before = token.position
    return found


def surely_has(document: Document, words: Sequence[str]) -> bool:
    """Whether one of the folded words stands by itself in the document; False may be a word that only analysis can tell."""
    for field in TEXT_FIELDS:
        for text in field.texts(document):
            folded = _folded(text)
            for word in words:
                start = folded.find(word)
                while start >= 0:
                    before, after = folded[max(start - 1, 0) : start], folded[start + len(word) : start + len(word) + 1]
                    if not (before.isalnum() or after.isalnum() or before in _JOINTS or after in _JOINTS):
                        return True
                    start = folded.find(word, start + 1)
    return False


def _passages(section: Section, wanted: tuple[Leaf, ...]) -> Iterator[_Passage]:
    """The sentences that seem to hold a leaf, with the leaves and the score that they seem to have."""
    text = _folded(section.text)
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


def _folded(text: str) -> str:
    """The text in lower case without accents, each code point in its place; where they would move, the text itself."""
    if not text.isascii():
        text = text.translate(_QUOTES)
    folded = fold(text)
    return folded if len(folded) == len(text) else text


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
