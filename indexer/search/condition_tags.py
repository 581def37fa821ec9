"""`condition:NAME` to the conditions that a reader means by it: by other names, plurals, synonyms, several words.

The value of the field is a condition's key (crohns-disease). Where no document has the key that was typed, names that
the library knows are tried, the longest first ("condition:heart attack"), then their synonyms, then the nearest name;
at last its words are searched like any others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from indexer.documents import slug
from indexer.query.nodes import Term
from indexer.query.parsed_query import Clause, ParsedQuery
from indexer.query.parser import one_of, parse_query
from indexer.search.query_knowledge import Knowledge
from indexer.search.term_statistics import TermStatistics
from indexer.suggestions.name_finder import similarity

MAX_WORDS: Final = 6  # of a name without quotation marks
MIN_SIMILARITY: Final = 85  # of 100, of a name that is taken for a misspelled one


def resolve_condition_tags(parsed: ParsedQuery, knowledge: Knowledge, statistics: TermStatistics) -> ParsedQuery:
    """The query with every `condition:` on the conditions that it names; words that name none are free words."""
    clauses: list[Clause] = []
    rest = list(parsed.clauses)
    notes = list(parsed.notes)
    while rest:
        clause = rest.pop(0)
        if _is_unknown(clause, statistics):
            text, count, keys = _longest_name(clause.tag, rest, knowledge, statistics)
            if keys:
                del rest[:count]
                clause = replace(clause, node=one_of([Term(key, "condition") for key in keys]), tag=text)
            else:
                notes.append(f"No condition is called “{clause.tag}”, so it was searched everywhere.")
                clauses += parse_query(clause.tag, knowledge.analyzer).clauses
                continue
        clauses.append(clause)
    return replace(parsed, clauses=tuple(clauses), notes=tuple(dict.fromkeys(notes)))


def _is_unknown(clause: Clause, statistics: TermStatistics) -> bool:
    node = clause.node
    is_tag = bool(clause.tag) and isinstance(node, Term) and node.field == "condition"
    return is_tag and isinstance(node, Term) and not statistics.frequency("condition", node.term)


def _longest_name(
    tag: str, rest: Sequence[Clause], knowledge: Knowledge, statistics: TermStatistics
) -> tuple[str, int, tuple[str, ...]]:
    """The longest name of the tag and free words after it: its text, how many words after it, and its conditions."""
    following: list[str] = []
    for clause in rest[: MAX_WORDS - 1]:
        if not clause.free or not clause.words:
            break
        following.append(clause.words[0].typed)
    for count in range(len(following), -1, -1):
        text = " ".join((tag, *following[:count]))
        if keys := tuple(dict.fromkeys(_keys(text, knowledge, statistics))):
            return text, count, keys
    for name in knowledge.names().nearest(tag):
        if name.kind in ("condition", "name") and similarity(tag, name.text) >= MIN_SIMILARITY:
            return name.text, 0, (name.value,)
    return tag, 0, ()


def _keys(text: str, knowledge: Knowledge, statistics: TermStatistics) -> Iterator[str]:
    """The conditions of that name, or of its synonyms."""
    yield from _named(text, knowledge, statistics)
    tokens = knowledge.analyzer.tokens(text)
    folded, terms = tuple(token.word for token in tokens), tuple(token.term for token in tokens)
    for synonym in knowledge.thesaurus.synonyms(folded, terms, text, knowledge.analyzer):
        yield from _named(synonym.text, knowledge, statistics)


def _named(text: str, knowledge: Knowledge, statistics: TermStatistics) -> Iterator[str]:
    if statistics.frequency("condition", slug(text)):
        yield slug(text)
    yield from knowledge.names().conditions_called(text)
