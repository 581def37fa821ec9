"""The literal Query to a Reading: what each word does, what else it may mean, what is wanted to know.

Words that only shape a question fall away; words that say what is wanted to know ("treatment") weigh less than those
that say about what. The rest are looked up: as names in the thesaurus, whole spans before single words; as numbers
("type IV", "type 4"); and, where no article has them, as misspellings. What was quoted, excluded, put on a field or
joined by operators is taken as it stands.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from indexer.articles.model import SectionKind
from indexer.engine import Searcher
from indexer.knowledge.thesaurus import MAX_NAME_TERMS, Synonym, Thesaurus
from indexer.query.leaves import leaves
from indexer.query.nodes import Alternatives, And, Node, Term
from indexer.query.query import Interpretation, Query, Word
from indexer.search.question_words import wording
from indexer.text.stemming import term

MAX_WORDS: Final = 64
SHORT_QUERY: Final = 5  # words up to which "anemia treatment" is read as a question

_ROMAN: Final = dict(zip("i ii iii iv v vi vii viii ix x xi xii".split(), map(str, range(1, 13)), strict=True))
NUMBERS: Final = {
    one + letter: other + letter
    for pairs in (_ROMAN.items(), ((arabic, roman) for roman, arabic in _ROMAN.items()))
    for one, other in pairs
    for letter in ("", "a", "b", "c", "d")
}

Correct = Callable[[str], tuple[str, ...]]  # a word that no article has, to words of the corpus, the likeliest first


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of the query in its place: the node as typed, and how much it counts.

    `documents` have it; `instead` are words that may stand for it: another number, or what an unknown word was meant to be.
    """

    word: Word
    node: Node
    weight: float = 1.0
    documents: int = 0
    instead: tuple[str, ...] = ()

    @property
    def is_corrected(self) -> bool:
        """Whether no article has the word, and others stand for it."""
        return not self.documents and bool(self.instead)

    @property
    def meant(self) -> str:
        """The folded word that is looked up in the thesaurus."""
        return self.instead[0] if self.is_corrected else self.word.word


@dataclass(frozen=True, slots=True)
class Span:
    """Pieces `first` to `last` (half-open) that have other names together."""

    first: int
    last: int
    names: tuple[Synonym, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was understood: `pieces` may be missing in part, `strict` nodes hold as they stand."""

    query: Query
    pieces: tuple[Piece, ...] = ()
    strict: tuple[Node, ...] = ()
    spans: tuple[Span, ...] = ()
    asked: bool = False
    wanted: SectionKind | None = None
    how: tuple[Interpretation, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def named(self) -> frozenset[int]:
        """The pieces that have other names, alone or together."""
        return frozenset(index for span in self.spans for index in range(span.first, span.last))

    @property
    def has_strict_words(self) -> bool:
        """Whether what holds as it stands says what to look for, and not only where or what not."""
        return any(leaves(node) for node in self.strict)


def interpret(
    query: Query, searcher: Searcher, thesaurus: Thesaurus, correct: Correct, *, facet: float, plain: bool = False
) -> Reading:
    """The reading of a query; `plain` takes the words as typed, `facet` is the weight of a word like "treatment"."""
    pieces, strict = _split(query)
    notes = list(query.notes)
    if len(pieces) > MAX_WORDS:
        pieces = _most_telling(pieces, searcher)
        notes.append(f"Only the {MAX_WORDS} most telling words were searched.")
    spans: tuple[Span, ...] = ()
    if plain:
        pieces = [_counted(piece, searcher) for piece in pieces]
    else:
        pieces = [_with_number(_counted(piece, searcher), searcher, alone=len(pieces) == 1) for piece in pieces]
        pieces = _corrected(pieces, searcher, thesaurus, correct)
    lists = wording()
    words = [piece.meant for piece in pieces]
    asked = bool(pieces) and (query.text.rstrip().endswith("?") or not lists.asking.isdisjoint(words))
    kept = [piece for piece in pieces if not (asked and piece.meant in lists.empty)] or pieces
    dropped = [piece.word for piece in pieces if piece not in kept]
    light = [piece.meant in lists.wanted or (asked and piece.meant in lists.common) for piece in kept]
    wanted = next((lists.wanted[piece.meant] for piece in kept if piece.meant in lists.wanted), None)
    if not all(light):
        kept = [replace(p, weight=facet) if is_light else p for p, is_light in zip(kept, light, strict=True)]
    kept = _once(kept)
    if not plain:
        spans = tuple(_spans(kept, searcher, thesaurus))
    named = {index for span in spans for index in range(span.first, span.last)}
    lost = [p.word for i, p in enumerate(kept) if not (p.documents or p.instead or i in named)]
    return Reading(
        query=query,
        pieces=tuple(kept),
        strict=strict,
        spans=spans,
        asked=asked or (len(pieces) <= SHORT_QUERY and wanted is not None),
        wanted=wanted,
        how=tuple(_how(query, kept, spans, [*dropped, *lost], searcher)),
        notes=tuple(notes),
    )


def _split(query: Query) -> tuple[list[Piece], tuple[Node, ...]]:
    """The words that stand for themselves, and the nodes that mean what they say."""
    nodes = query.root.nodes if isinstance(query.root, And) else (query.root,)
    pieces: list[Piece] = []
    strict: list[Node] = []
    words = iter(word for word in query.words if not word.exact)
    for node in nodes:
        own = _plain_term(node)
        word = next((word for word in words if word.term == own), None) if own else None
        if word is None:
            strict.append(node)
        else:
            pieces.append(Piece(word, node))
    return pieces, tuple(strict)


def _plain_term(node: Node) -> str | None:
    """The term of a word without field or operator; a word that may be a code is one of two alternatives."""
    match node:
        case Term(own, None) | Alternatives((Term(_, "code"), Term(own, None))):
            return own
        case _:
            return None


def _once(pieces: list[Piece]) -> list[Piece]:
    """Each term once, where it first stood, at its greatest weight."""
    heaviest: dict[str, Piece] = {}
    for piece in pieces:
        known = heaviest.get(piece.word.term)
        heaviest[piece.word.term] = replace(known, weight=max(known.weight, piece.weight)) if known else piece
    return list(heaviest.values())


def _most_telling(pieces: list[Piece], searcher: Searcher) -> list[Piece]:
    by_rarity = sorted(pieces, key=lambda piece: searcher.frequency(None, piece.word.term))
    return [piece for piece in pieces if piece in by_rarity[:MAX_WORDS]]


def _counted(piece: Piece, searcher: Searcher) -> Piece:
    documents = searcher.frequency(None, piece.word.term)
    if isinstance(piece.node, Alternatives):
        documents = max(documents, searcher.frequency("code", piece.word.word))
    return replace(piece, documents=documents)


def _with_number(piece: Piece, searcher: Searcher, *, alone: bool) -> Piece:
    number = None if alone else NUMBERS.get(piece.word.word)
    return replace(piece, instead=(number,)) if number and searcher.frequency(None, number) else piece


def _corrected(pieces: list[Piece], searcher: Searcher, thesaurus: Thesaurus, correct: Correct) -> list[Piece]:
    """Unknown words with what they may have meant; never what may be a code, a number, an abbreviation or part of a name."""
    if all(piece.documents or piece.instead for piece in pieces):
        return pieces
    named = {index for span in _spans(pieces, searcher, thesaurus) for index in range(span.first, span.last)}
    shouted = all(piece.word.typed.isupper() for piece in pieces)

    def is_misspelled(index: int, piece: Piece) -> bool:
        unknown = not (piece.documents or piece.instead or index in named)
        return unknown and piece.word.word.isalpha() and (shouted or not piece.word.typed.isupper())

    return [replace(p, instead=correct(p.word.word)) if is_misspelled(i, p) else p for i, p in enumerate(pieces)]


def _spans(pieces: list[Piece], searcher: Searcher, thesaurus: Thesaurus) -> Iterator[Span]:
    """The longest runs of words that are names, left to right, with those other names that articles have."""
    first = 0
    while first < len(pieces):
        for last in range(min(len(pieces), first + MAX_NAME_TERMS), first, -1):
            words = tuple(piece.meant for piece in pieces[first:last])
            typed = " ".join(piece.word.typed for piece in pieces[first:last])
            names = thesaurus.synonyms(words, tuple(map(term, words)), typed)
            if names:
                there = tuple(n for n in names if all(searcher.frequency(None, each) for each in n.terms))
                if there:
                    yield Span(first, last, there)
                first = last
                break
        else:
            first += 1


def _how(
    query: Query, pieces: list[Piece], spans: tuple[Span, ...], dropped: list[Word], searcher: Searcher
) -> Iterator[Interpretation]:
    for span in spans:
        text = " ".join(piece.word.typed for piece in pieces[span.first : span.last])
        yield Interpretation(text, tuple(name.text for name in span.names), span.names[0].how)
    corrected = {piece.word: piece.instead for piece in pieces if piece.is_corrected}
    shown: set[tuple[str, str]] = set()
    for word in query.words:
        if (word.typed, word.term) in shown:
            continue
        shown.add((word.typed, word.term))
        if word in dropped:
            yield Interpretation(word.typed, (), "dropped")
        elif word in corrected:
            yield Interpretation(word.typed, corrected[word], "spelling")
        elif not word.exact and searcher.frequency("code", word.word):
            yield Interpretation(word.typed, (word.word.upper(),), "code")
        else:
            yield Interpretation(word.typed, (word.word,), "exact" if word.exact or word.word == word.term else "stem")
