"""Text to Query, whatever the text: recursive descent over the lexemes, with caps that are named when they bite.

    either := both (OR both)*
    both   := piece+                        all of them; AND between them changes nothing
    piece  := ("-" | NOT) atom | atom
    atom   := field ":" atom | "(" either ")" | quoted | prefix "*" | words

A parenthesis without its partner, an operator with nothing to act on and a lone quotation mark are read as spaces. Words that stand
together are one `And` of terms: search/interpretation gives them their other meanings.
"""

import re
from typing import Final

from indexer.documents import KEYWORD_FIELD_NAMES, slug
from indexer.knowledge import icd10
from indexer.query.lexer import Lexeme, lexemes
from indexer.query.nodes import All, Alternatives, And, Node, Not, Or, Phrase, Prefix, Term
from indexer.query.query import Query, Word
from indexer.text.analyzer import Token, fold, fold_word, tokens
from indexer.text.stemming import term

MAX_TEXT: Final = 1024  # code points
MAX_DEPTH: Final = 10  # parentheses within parentheses
MIN_PREFIX: Final = 2  # letters before a star

_CODE: Final = re.compile(r"[a-z][0-9][0-9a-z](?:\.?[0-9a-z]{1,4}|\.)?")


def parse_query(text: str) -> Query:
    """The literal reading of the text; never raises. Notes say what was left out and why."""
    notes: list[str] = []
    text = text.encode("utf-8", "replace").decode().replace("\0", " ")
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT].rsplit(None, 1)[0]
        notes.append(f"Only the first {MAX_TEXT:,} characters were searched.")
    parser = _Parser(text, notes)
    root = parser.whole()
    return Query(text=text.strip(), root=root, words=tuple(parser.words), notes=tuple(notes))


def code_prefix(text: str) -> str | None:
    """The term of a piece that has the shape of an ICD-10-CM code or of its beginning; else None."""
    folded = fold(text)
    return icd10.term(folded.rstrip(".")) if _CODE.fullmatch(folded) else None


class _Parser:
    """One pass over the lexemes; `words` collects what was typed, in order."""

    def __init__(self, text: str, notes: list[str]) -> None:
        self.words: list[Word] = []
        self._notes = notes
        self._blank = not text.strip()
        self._lexemes = _balanced(list(lexemes(text)), notes)
        self._next = 0

    def whole(self) -> Node:
        if self._blank:
            return All()
        node = self._either(None)
        if node is None:
            self._notes.append("There is no word to search for; try a condition, a symptom or a code.")
            return Or(())
        return node

    def _peek(self) -> str | None:
        return self._lexemes[self._next].kind if self._next < len(self._lexemes) else None

    def _take(self) -> Lexeme:
        self._next += 1
        return self._lexemes[self._next - 1]

    def _either(self, field: str | None) -> Node | None:
        choices = [self._both(field)]
        while self._peek() == "or":
            self._take()
            choices.append(self._both(field))
        nodes = [node for node in choices if node is not None]
        return _joined(Or, nodes)

    def _both(self, field: str | None) -> Node | None:
        wanted: list[Node] = []
        unwanted: list[tuple[Node, list[Word]]] = []
        while (kind := self._peek()) not in (None, "or", "close"):
            if kind == "and":
                self._take()
            elif kind in ("minus", "not"):
                self._take()
                before = len(self.words)
                node = self._atom(field)
                typed = self.words[before:]
                del self.words[before:]
                if node is not None:
                    unwanted.append((node, typed))
            elif (node := self._atom(field)) is not None:
                wanted.extend(node.nodes if isinstance(node, And) else (node,))
        if wanted:
            return _joined(And, [*wanted, *(Not(node) for node, _ in unwanted)])
        # Nothing is left to take away from: the minus was a hyphen, as in -ketothiolase.
        for _, typed in unwanted:
            self.words.extend(typed)
        return _joined(And, [node for node, _ in unwanted])

    def _atom(self, field: str | None) -> Node | None:
        if self._peek() in (None, "or", "and", "close"):
            return None
        lexeme = self._take()
        match lexeme.kind:
            case "field":
                return self._atom(lexeme.text)
            case "minus" | "not":
                return self._atom(field)
            case "open":
                node = self._either(field)
                if self._peek() == "close":
                    self._take()
                return node
            case _ if field in KEYWORD_FIELD_NAMES:
                return self._value(lexeme, field)
            case "quoted":
                return self._phrase(lexeme, field)
            case "prefix":
                return self._prefix(lexeme, field)
            case _:
                return self._run(lexeme, field)

    def _value(self, lexeme: Lexeme, field: str) -> Node | None:
        """A value of a keyword field, matched whole: site:"upper limb" is the site upper-limb."""
        value = icd10.term(fold(lexeme.text)) if field == "code" else slug(lexeme.text)
        return Term(value, field) if value else None

    def _phrase(self, lexeme: Lexeme, field: str | None) -> Node | None:
        found = tokens(lexeme.text)
        self.words.extend(Word(lexeme.text[t.start : t.end], t.word, t.term, exact=True) for t in found)
        terms = tuple(t.term for t in found)
        if len(terms) > 1:
            return Phrase(terms, field)
        return _leaf(found[0], lexeme.text, field) if found else None

    def _prefix(self, lexeme: Lexeme, field: str | None) -> Node | None:
        if field is None and (code := code_prefix(lexeme.text)) is not None:
            return Alternatives((Term(code, "code"), Prefix(fold_word(lexeme.text), None)))
        *before, last = (t.word for t in tokens(lexeme.text)) if tokens(lexeme.text) else ("",)
        if len(last) < MIN_PREFIX:
            self._notes.append(f"“{lexeme.text}*” needs {MIN_PREFIX} letters before the star and was left out.")
            return None
        return _joined(And, [*(Term(term(word), field) for word in before), Prefix(last, field)])

    def _run(self, lexeme: Lexeme, field: str | None) -> Node | None:
        nodes: list[Node] = []
        for token in tokens(lexeme.text):
            self.words.append(Word(lexeme.text[token.start : token.end], token.word, token.term))
            nodes.append(_leaf(token, lexeme.text, field))
        return _joined(And, nodes)


def _leaf(token: Token, text: str, field: str | None) -> Node:
    """A word, which may be a code."""
    leaf = Term(token.term, field)
    code = code_prefix(text[token.start : token.end]) if field is None else None
    return leaf if code is None else Alternatives((Term(code, "code"), leaf))


def _joined(kind: type[And] | type[Or], nodes: list[Node]) -> Node | None:
    if len(nodes) > 1:
        return kind(tuple(nodes))
    return nodes[0] if nodes else None


def _balanced(pieces: list[Lexeme], notes: list[str]) -> list[Lexeme]:
    """The lexemes without parentheses that have no partner or lie deeper than MAX_DEPTH."""
    open_at: list[int] = []
    kept: set[int] = set()
    for index, piece in enumerate(pieces):
        if piece.kind == "open":
            open_at.append(index)
        elif piece.kind == "close" and open_at:
            depth, first = len(open_at), open_at.pop()
            if depth <= MAX_DEPTH:
                kept |= {first, index}
            elif not notes or "parentheses" not in notes[-1]:
                notes.append(f"More than {MAX_DEPTH} parentheses within one another were read as one.")
    return [piece for index, piece in enumerate(pieces) if piece.kind not in ("open", "close") or index in kept]
