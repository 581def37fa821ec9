"""A Reading that nothing matches to weaker ones, step by step: wider codes, fewer words, then quotes and fields let go.

What is left out is named, and is what told least: the word that most articles have. What was excluded stays excluded.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from indexer.documents import TEXT_FIELD_NAMES
from indexer.engine import Searcher
from indexer.query.nodes import And, Node, Phrase, Term
from indexer.query.parser import code_prefix
from indexer.query.query import Interpretation
from indexer.search.rewriting import Piece, Reading

MAX_STEPS: Final = 8
LEFT_OUT: Final = 4  # one word of so many is left out with each step, and at least one
_CATEGORY: Final = 3  # characters of the widest code, "m86"

Count = Callable[[Node], int]  # the articles that match


def relaxed(reading: Reading, searcher: Searcher, count: Count) -> Iterator[Reading]:
    """Weaker readings, the nearest first; each says in its notes what it gave up."""
    wider = _with_wider_codes(reading, searcher)
    if wider is not reading:
        yield wider
    if not reading.strict or count(And(reading.strict)):  # else no word is to blame
        yield from _with_fewer_words(wider)
    loose = _loosened(wider, searcher)
    if loose is not wider:
        yield loose
        yield from _with_fewer_words(loose)


def _with_fewer_words(reading: Reading) -> Iterator[Reading]:
    needed = 0 if reading.has_strict_words else 1
    for _ in range(MAX_STEPS):
        main = [piece for piece in reading.pieces if piece.weight == 1.0 and (piece.documents or piece.instead)]
        if len(main) <= needed:
            return
        # A guess at a word that no article has tells less than any word that one has.
        main.sort(key=lambda piece: (piece.is_corrected, piece.documents), reverse=True)
        for piece in main[: max(1, len(main) // LEFT_OUT)]:
            reading = _without(reading, piece)
        yield reading


def _without(reading: Reading, lost: Piece) -> Reading:
    index = reading.pieces.index(lost)
    return replace(
        reading,
        pieces=tuple(piece for piece in reading.pieces if piece is not lost),
        # A name of several words is gone with one of them.
        spans=tuple(
            replace(span, first=span.first - (span.first > index), last=span.last - (span.last > index))
            for span in reading.spans
            if not span.first <= index < span.last
        ),
        how=tuple(
            Interpretation(each.text, (), "dropped") if each.text == lost.word.typed else each for each in reading.how
        ),
        notes=(*reading.notes, f"No article has all of that, so “{lost.word.typed}” was left out."),
    )


def _with_wider_codes(reading: Reading, searcher: Searcher) -> Reading:
    """Codes that no article has become the next wider one that some have: M86.341 -> M86.3."""
    pieces, notes = [], []
    for piece in reading.pieces:
        wider = _wider(piece, searcher)
        if wider is None:
            pieces.append(piece)
        else:
            pieces.append(replace(piece, node=Term(wider, "code"), documents=searcher.frequency("code", wider)))
            shown = ".".join(filter(None, (wider[:_CATEGORY].upper(), wider[_CATEGORY:].upper())))
            notes.append(f"No article has the code {piece.word.typed}; these have {shown}.")
    return replace(reading, pieces=tuple(pieces), notes=(*reading.notes, *notes)) if notes else reading


def _wider(piece: Piece, searcher: Searcher) -> str | None:
    code = code_prefix(piece.word.typed)
    if code is None or piece.documents:
        return None
    beginnings = (code[:length] for length in range(len(code) - 1, _CATEGORY - 1, -1))
    return next((each for each in beginnings if searcher.frequency("code", each)), None)


def _loosened(reading: Reading, searcher: Searcher) -> Reading:
    """What was quoted or put on a field, as words like any other; those that no article has are left out."""
    strict: list[Node] = []
    terms: list[str] = []
    notes: list[str] = []
    for node in reading.strict:
        match node:
            case Phrase(several, field) if field is None or field in TEXT_FIELD_NAMES:
                terms += several
                notes.append("No article has these words side by side as quoted, so they were searched one by one.")
            case Term(one, field) if field in TEXT_FIELD_NAMES:
                terms.append(one)
                notes.append(f"No article has all of that with a word in “{field}”, so it was searched everywhere.")
            case Term(one, None):
                terms.append(one)
            case _:
                strict.append(node)
    known = {word.term: word for word in reading.query.words}
    pieces = [
        Piece(known[each], Term(each), documents=searcher.frequency(None, each)) for each in terms if each in known
    ]
    if not pieces:
        return reading
    lost = dict.fromkeys(piece.word.typed for piece in pieces if not piece.documents)
    notes += [f"No article has “{each}”, so it was left out." for each in lost]
    return replace(
        reading,
        pieces=(*reading.pieces, *pieces),
        strict=tuple(strict),
        how=tuple(Interpretation(each.text, (), "dropped") if each.text in lost else each for each in reading.how),
        notes=(*reading.notes, *dict.fromkeys(notes)),
    )
