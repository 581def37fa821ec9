"""Our analyzer as Whoosh analyzers: Whoosh's query parsers and highlighter make the terms that are indexed.

They are pickled by reference with the schema: Whoosh's table of contents holds their names, not their code.
"""

from collections.abc import Callable, Iterator
from typing import Any

from indexer.engines.whoosh.bridge.whoosh_modules import analysis
from indexer.text.analyzer import fold_word, tokens


class TextAnalyzer(analysis.Analyzer):  # type: ignore[misc]
    """Text to the tokens of `indexer.text.analyzer`; function words give none, whatever `removestops` says."""

    def __call__(self, value: str, *, tokenize: bool = True, no_morph: bool = False, **options: Any) -> Iterator[Any]:
        """Yield one Token object again and again, as Whoosh's analyzers do.

        Without `tokenize`, for the beginning of a word in a prefix query, the text is folded and not stemmed; with
        `no_morph` tokens carry the folded word instead of its term.
        """
        token = analysis.Token(**options)
        if not tokenize:
            token.text, token.pos, token.startchar, token.endchar = fold_word(value), 0, 0, len(value)
            yield token
            return
        for each in tokens(value):
            token.text = token.original = each.word if no_morph else each.term
            token.pos, token.startchar, token.endchar = each.position, each.start, each.end
            yield token


class KeywordAnalyzer(analysis.Analyzer):  # type: ignore[misc]
    """A keyword to one token: the whole text, brought into the form of the indexed values by a module's function."""

    def __init__(self, normalize: Callable[[str], str]) -> None:
        self.normalize = normalize

    def __call__(self, value: str, **options: Any) -> Iterator[Any]:
        """Yield the token; prefixes are treated in the same way."""
        options.pop("tokenize", None)
        token = analysis.Token(**options)
        token.text = token.original = self.normalize(value)
        token.pos, token.startchar, token.endchar = 0, 0, len(value)
        yield token
