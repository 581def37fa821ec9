"""Text to ParsedQuery, whatever the text: recursive descent over the lexemes, with limits that notes name.

    disjunction := conjunction (OR conjunction)*
    conjunction := factor+                        all of them; AND between them changes nothing
    factor      := ("-" | NOT) atom | atom
    atom        := field ":" atom | "(" disjunction ")" | quoted | range | prefix "*" | words

A parenthesis without its partner, an operator without an operand and a lone quotation mark are ignored. Each rule gives
clauses, of which all must match; every word stays with the clause that it became (see search/rewriting.py).
"""

import re
from itertools import chain
from typing import Final

from indexer.documents import KEYWORD_FIELD_NAMES
from indexer.knowledge import icd10
from indexer.query.lexer import Lexeme, lexemes
from indexer.query.nodes import All, Alternatives, Node, Not, Or, Phrase, Prefix, Term
from indexer.query.parsed_query import Clause, ParsedQuery, Word, conjunction
from indexer.query.tag_values import MAX_VALUE_WORDS, exact_value, tag_values
from indexer.text.analyzer import ANALYZER, STOP_WORDS, Analyzer, Token, fold, fold_word
from indexer.text.analyzer import words as words_of

MAX_TEXT: Final = 1024  # code points
MAX_DEPTH: Final = 10  # parentheses within parentheses
MIN_PREFIX: Final = 2  # letters before a star

# ICD-10-CM; or, with their dot, ICD-9 (487.1) and ICD-11 (FA20.0), which articles state too.
_CODE: Final = re.compile(
    r"[a-z][0-9][0-9a-z](?:\.?[0-9a-z]{1,4}|\.)? | [0-9]{3}\.[0-9]{1,2} | [0-9a-h][a-z][0-9][0-9a-z]\.[0-9a-z]{1,2}",
    re.VERBOSE,
)


def parse_query(text: str, analyzer: Analyzer = ANALYZER) -> ParsedQuery:
    """Parse the text as it stands; never raises. Notes say what was left out and why."""
    notes: list[str] = []
    text = text.encode("utf-8", "replace").decode().replace("\0", " ").strip()
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT].rsplit(None, 1)[0]
        notes.append(f"Your search is very long; only its first {MAX_TEXT:,} characters were used.")
    clauses = _Parser(text, analyzer, notes).parse()
    return ParsedQuery(text, tuple(clauses), tuple(notes))


def code_prefix(text: str) -> str | None:
    """The term of a word that has the shape of an ICD-10-CM code or of its beginning; else None."""
    folded = fold(text)
    return icd10.term(folded.rstrip(".")) if _CODE.fullmatch(folded) else None


class _Parser:
    """One pass over the lexemes."""

    def __init__(self, text: str, analyzer: Analyzer, notes: list[str]) -> None:
        self._tokens = analyzer.tokens
        self._notes = notes
        self._blank = not text
        self._lexemes = _balanced(list(lexemes(text)), notes)
        self._next = 0

    def parse(self) -> list[Clause]:
        if self._blank:
            return [Clause(All())]
        clauses = self._disjunction(None)
        if not clauses:
            self._notes.append("There is no word to search for; try a condition, a symptom or a code.")
            return [Clause(Or(()))]
        return clauses

    def _peek(self) -> str | None:
        return self._lexemes[self._next].kind if self._next < len(self._lexemes) else None

    def _take(self) -> Lexeme:
        self._next += 1
        return self._lexemes[self._next - 1]

    def _disjunction(self, field: str | None) -> list[Clause]:
        operands = [self._conjunction(field)]
        while self._peek() == "or":
            self._take()
            operands.append(self._conjunction(field))
        operands = [clauses for clauses in operands if clauses]
        if len(operands) < 2:
            return operands[0] if operands else []
        words = (clause.words for clauses in operands for clause in clauses)
        return [Clause(Or(tuple(map(conjunction, operands))), tuple(chain.from_iterable(words)))]

    def _conjunction(self, field: str | None) -> list[Clause]:
        required: list[Clause] = []
        excluded: list[list[Clause]] = []
        while (kind := self._peek()) not in (None, "or", "close"):
            if kind == "and":
                self._take()
            elif kind in ("minus", "not"):
                self._take()
                if clauses := self._atom(field):
                    excluded.append(clauses)
            else:
                required += self._atom(field)
        if required:
            return required + [Clause(Not(conjunction(clauses))) for clauses in excluded]
        # There is nothing to exclude from: the minus was a hyphen, as in -ketothiolase.
        return list(chain.from_iterable(excluded))

    def _atom(self, field: str | None) -> list[Clause]:
        if self._peek() in (None, "or", "and", "close"):
            return []
        lexeme = self._take()
        match lexeme.kind:
            case "field":
                return self._atom(lexeme.text)
            case "minus" | "not":
                return self._atom(field)
            case "open":
                clauses = self._disjunction(field)
                if self._peek() == "close":
                    self._take()
                return clauses
            case _ if field in KEYWORD_FIELD_NAMES:
                return self._value(lexeme, field)
            case "quoted":
                return self._phrase(lexeme, field)
            case "prefix":
                return self._prefix(lexeme, field)
            case _:
                in_range = self._range(lexeme) if lexeme.kind == "range" and field is None else []
                return in_range or self._words(lexeme, field)

    def _value(self, lexeme: Lexeme, field: str) -> list[Clause]:
        """A value of a keyword field, matched whole: site:"upper limb" is the site upper-limb, and so is site:arms."""
        if field == "code" and lexeme.kind == "range":
            return self._range(lexeme)
        text = lexeme.text
        values = tag_values(field, text)
        if lexeme.kind == "word" and self._peek() == "word":
            text, values = self._longest_value(field, text) or (text, values)
        values = values or tuple(filter(None, (exact_value(field, text),)))
        return [Clause(one_of([Term(value, field) for value in values]), tag=text)] if values else []

    def _longest_value(self, field: str, text: str) -> tuple[str, tuple[str, ...]] | None:
        """The longest value that the word begins with some of the words after it, which are then taken."""
        following = self._lexemes[self._next]
        ends = [match.end() for match in re.finditer(r"\S+", following.text)][: MAX_VALUE_WORDS - 1]
        for end in reversed(ends):
            longer = f"{text} {following.text[:end]}".rstrip(",;.")
            if values := tag_values(field, longer):
                rest = following._replace(text=following.text[end:], start=following.start + end)
                self._lexemes[self._next : self._next + 1] = [rest] if rest.text.strip() else []
                return longer, values
        return None

    def _phrase(self, lexeme: Lexeme, field: str | None) -> list[Clause]:
        tokens = self._tokens(lexeme.text)
        words = tuple(_word(token, lexeme, quoted=True) for token in tokens)
        if len(tokens) > 1:
            return [Clause(Phrase(tuple(token.term for token in tokens), field), words)]
        return [Clause(_leaf(tokens[0], lexeme.text, field), words)] if tokens else []

    def _prefix(self, lexeme: Lexeme, field: str | None) -> list[Clause]:
        if field is None and (code := code_prefix(lexeme.text)) is not None:
            return [Clause(Alternatives((Term(code, "code"), Prefix(fold_word(lexeme.text), None))))]
        found = [(word, start) for word, start, _ in words_of(lexeme.text) if word not in STOP_WORDS]
        prefix, start = found[-1] if found else ("", 0)
        if len(prefix) < MIN_PREFIX:
            self._notes.append(f"“{lexeme.text}*” was left out: a star needs at least {MIN_PREFIX} letters before it.")
            return []
        # The beginning of a word has no term, and would load the stemmer to be given one.
        before = self._tokens(lexeme.text[:start])
        return [*(Clause(Term(token.term, field)) for token in before), Clause(Prefix(prefix, field))]

    def _range(self, lexeme: Lexeme) -> list[Clause]:
        """A range of codes, I60-I69, as any code in it, or the range itself where an article states it."""
        whole = re.sub(r"\s", "", fold(lexeme.text).replace("–", "-"))
        categories = icd10.range_terms(whole)
        return [Clause(Or(tuple(Term(term, "code") for term in (whole, *categories))))] if categories else []

    def _words(self, lexeme: Lexeme, field: str | None) -> list[Clause]:
        return [
            Clause(_leaf(token, lexeme.text, field), (_word(token, lexeme),), free=field is None)
            for token in self._tokens(lexeme.text)
        ]


def _word(token: Token, lexeme: Lexeme, *, quoted: bool = False) -> Word:
    start = lexeme.start + quoted + token.start  # after the quotation mark
    return Word(lexeme.text[token.start : token.end], token.word, token.term, quoted, start)


def _leaf(token: Token, text: str, field: str | None) -> Node:
    """A term, or the code that the word may be."""
    leaf = Term(token.term, field)
    code = code_prefix(text[token.start : token.end]) if field is None else None
    return leaf if code is None else Alternatives((Term(code, "code"), leaf))


def one_of(nodes: list[Term]) -> Node:
    """The node that matches where any of them does."""
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))


def _balanced(lexemes: list[Lexeme], notes: list[str]) -> list[Lexeme]:
    """The lexemes without parentheses that have no partner or are nested deeper than MAX_DEPTH."""
    open_at: list[int] = []
    matched: set[int] = set()
    for index, lexeme in enumerate(lexemes):
        if lexeme.kind == "open":
            open_at.append(index)
        elif lexeme.kind == "close" and open_at:
            depth, first = len(open_at), open_at.pop()
            if depth <= MAX_DEPTH:
                matched |= {first, index}
            elif not notes or "parentheses" not in notes[-1]:
                notes.append(f"Some parentheses were ignored: at most {MAX_DEPTH} can stand inside one another.")
    return [each for index, each in enumerate(lexemes) if each.kind not in ("open", "close") or index in matched]
