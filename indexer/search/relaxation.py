"""A RewrittenQuery that nothing matches to weaker ones: wider codes, fewer terms, then no quotes and fields.

What is given up is said in the notes. Terms are dropped in ascending order of idf. What was excluded stays excluded.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from indexer.documents import TEXT_FIELD_NAMES
from indexer.query.nodes import And, Node, Phrase, Term
from indexer.query.parser import code_prefix
from indexer.search.rewriting import QueryTerm, RewrittenQuery
from indexer.search.term_statistics import TermStatistics

MAX_STEPS: Final = 8
TERMS_PER_DROPPED: Final = 4  # each step drops one main term of so many, and at least one

_CATEGORY_LENGTH: Final = 3  # characters of the widest code, "m86"


def relaxations(
    rewritten: RewrittenQuery, statistics: TermStatistics, count: Callable[[Node], int]
) -> Iterator[RewrittenQuery]:
    """Weaker queries, the nearest first; `count` counts the documents that match a node."""
    wider = _with_wider_codes(rewritten, statistics)
    if wider is not rewritten:
        yield wider
    if not rewritten.required or count(And(rewritten.required_nodes)):  # else no term is to blame
        yield from _with_fewer_terms(wider)
    loose = _with_loose_clauses(wider)
    if loose is not wider:
        yield loose
        yield from _with_fewer_terms(loose)


def _with_fewer_terms(rewritten: RewrittenQuery) -> Iterator[RewrittenQuery]:
    needed = 0 if rewritten.requires_words else 1
    for _ in range(MAX_STEPS):
        searched = rewritten.searched
        main = [i for i, term in searched.items() if term.is_main and (term.frequency or term.alternatives)]
        if len(main) <= needed:
            return
        # The corrections of an unknown word are worth less than any word that some document has.
        main.sort(key=lambda index: (searched[index].is_corrected, searched[index].frequency), reverse=True)
        for index in main[: max(1, len(main) // TERMS_PER_DROPPED)]:
            rewritten = _without(rewritten, index)
        yield rewritten


def _without(rewritten: RewrittenQuery, dropped: int) -> RewrittenQuery:
    terms = list(rewritten.terms)
    terms[dropped] = replace(terms[dropped], searched=False, how="dropped")
    return replace(
        rewritten,
        terms=tuple(terms),
        spans=tuple(left for span in rewritten.spans if (left := span.without(dropped))),
        notes=(*rewritten.notes, f"No article has all of that, so “{terms[dropped].word.typed}” was left out."),
    )


def _with_wider_codes(rewritten: RewrittenQuery, statistics: TermStatistics) -> RewrittenQuery:
    """Each code that no document has becomes the next wider one that some have: M86.341 -> M86.3."""
    terms, notes = list(rewritten.terms), []
    for index, term in rewritten.searched.items():
        code = _wider_code(term, statistics)
        if code is not None:
            terms[index] = replace(term, node=Term(code, "code"), frequency=statistics.frequency("code", code))
            shown = ".".join(filter(None, (code[:_CATEGORY_LENGTH].upper(), code[_CATEGORY_LENGTH:].upper())))
            notes.append(f"No article has the code {term.word.typed}; these have {shown}.")
    return replace(rewritten, terms=tuple(terms), notes=(*rewritten.notes, *notes)) if notes else rewritten


def _wider_code(term: QueryTerm, statistics: TermStatistics) -> str | None:
    code = code_prefix(term.word.typed)
    if code is None or term.frequency:
        return None
    prefixes = (code[:length] for length in range(len(code) - 1, _CATEGORY_LENGTH - 1, -1))
    return next((prefix for prefix in prefixes if statistics.frequency("code", prefix)), None)


def _with_loose_clauses(rewritten: RewrittenQuery) -> RewrittenQuery:
    """The words of phrases and of text fields become terms like any other; those that no document has are dropped.

    They follow the other terms, so that what was searched before is scored as before.
    """
    terms = list(rewritten.terms)
    loose: list[QueryTerm] = []
    required = []
    notes: list[str] = []
    for clause in rewritten.required:
        match clause.node:
            case _ if not clause.terms:
                required.append(clause)
            case Phrase(_, field) if field is None or field in TEXT_FIELD_NAMES:
                notes.append("No article has these words side by side as quoted, so they were searched one by one.")
            case Term(_, str(field)) if field in TEXT_FIELD_NAMES:
                notes.append(f"No article has all of that with a word in “{field}”, so it was searched everywhere.")
            case Term(_, None):
                pass
            case _:
                required.append(clause)
                continue
        for index in clause.terms:
            term = terms[index]
            loose.append(replace(term, node=Term(term.word.term), searched=True))
            if not term.frequency:
                terms[index] = replace(term, how="dropped")
    if not loose:
        return rewritten
    notes += [f"No article has “{term.word.typed}”, so it was left out." for term in loose if not term.frequency]
    return replace(
        rewritten,
        terms=(*terms, *loose),
        required=tuple(required),
        notes=(*rewritten.notes, *dict.fromkeys(notes)),
    )
