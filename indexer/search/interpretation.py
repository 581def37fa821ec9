"""The literal Query to the plan that is searched: what the words were understood to mean.

Words that only shape a question ("what are the ... of") are left out where others remain. An article matches when it has
enough of the rest: all of one or two words, `share_needed` of more.
"""

import math
from typing import Final

from indexer.engine import Searcher
from indexer.query.model import Interpretation, Query, Word
from indexer.query.nodes import Alternatives, And, AtLeast, Node, Term

MAX_WORDS: Final = 64
SHARE_NEEDED: Final = 0.6  # of three words or more

QUESTION_WORDS: Final = frozenset(
    "what whats who when where why how which does do did can could should would will i me my am you your he she we our us about any some there "
    "tell please know want get give help need anyone is are was were so".split()
)


def interpret(query: Query, searcher: Searcher) -> Query:
    """The query with its root rewritten, and for each word how it was understood."""
    match query.root:
        case And(nodes) if all(map(_is_word, nodes)):
            kept, dropped = _telling(query.words, nodes, searcher)
            needed = len(kept) if len(kept) <= 2 else math.ceil(SHARE_NEEDED * len(kept))
            root: Node = AtLeast(needed, kept) if needed < len(kept) else And(kept)
            words = tuple(word for word in query.words if word not in dropped)
            notes = query.notes
            if len(kept) == MAX_WORDS:
                notes = (*notes, f"Only the {MAX_WORDS} most telling words were searched.")
            asked = Query(query.text, root, query.filters, query.ranking, query.sort, words, (), notes)
        case _:
            dropped, asked = frozenset(), query
    meanings = (_meaning(word, searcher, dropped=word in dropped) for word in query.words)
    return Query(
        asked.text,
        asked.root,
        asked.filters,
        asked.ranking,
        asked.sort,
        asked.words,
        tuple(dict.fromkeys(meanings)),
        asked.notes,
    )


def _is_word(node: Node) -> bool:
    return isinstance(node, Term) or (isinstance(node, Alternatives) and isinstance(node.nodes[0], Term))


def _telling(
    words: tuple[Word, ...], nodes: tuple[Node, ...], searcher: Searcher
) -> tuple[tuple[Node, ...], frozenset[Word]]:
    """The nodes without question words and, past MAX_WORDS, without the most frequent; and the words left out."""
    pairs = list(zip(words, nodes, strict=True)) if len(words) == len(nodes) else []
    kept = [(word, node) for word, node in pairs if word.exact or word.word not in QUESTION_WORDS]
    if not kept:
        return nodes, frozenset()
    if len(kept) > MAX_WORDS:
        rarest = sorted(kept, key=lambda pair: searcher.frequency(None, pair[0].term))[:MAX_WORDS]
        kept = [pair for pair in kept if pair in rarest]
    remaining = {word for word, _ in kept}
    return tuple(dict.fromkeys(node for _, node in kept)), frozenset(word for word, _ in pairs if word not in remaining)


def _meaning(word: Word, searcher: Searcher, *, dropped: bool) -> Interpretation:
    if dropped:
        return Interpretation(word.typed, (), "dropped")
    if searcher.frequency("code", word.word):
        return Interpretation(word.typed, (word.word.upper(),), "code")
    return Interpretation(word.typed, (word.word,), "exact" if word.exact or word.word == word.term else "stem")
