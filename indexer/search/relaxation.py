"""A RewrittenQuery that nothing matches to weaker ones: wider codes, fewer terms, then no quotes and fields.

What is given up is said in the notes. Single letters and numbers go first, then terms in ascending order of idf; the
name of a disease goes last, however many documents have it: who asks whether gout is contagious asks about gout. What
was excluded stays excluded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from indexer.documents import TEXT_FIELD_NAMES
from indexer.knowledge import disease_names, disease_synonyms, icd10
from indexer.knowledge.disease_synonyms import synonym_key
from indexer.query.nodes import And, Node, Phrase, Term
from indexer.query.parser import code_prefix, one_of
from indexer.search.numerals import OTHER_NUMERAL
from indexer.search.rewritten_query import QueryTerm, RewrittenQuery
from indexer.search.term_statistics import TermStatistics

MAX_STEPS: Final = 8
TERMS_PER_DROPPED: Final = 4  # each step drops one main term of so many, and at least one

MAX_NAME_TERMS: Final = 6  # of the name of a disease

_CATEGORY_LENGTH: Final = 3  # characters of the widest code, "m86"


def relaxations(
    rewritten: RewrittenQuery, statistics: TermStatistics, count: Callable[[Node], int]
) -> Iterator[RewrittenQuery]:
    """Weaker queries, the nearest first; `count` counts the documents that match a node.

    None for a known name that no document has: some of its words alone are another thing.
    """
    if rewritten.is_absent_name and not rewritten.required:
        return
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
    diseases = _names_of_diseases(rewritten)
    for _ in range(MAX_STEPS):
        searched = rewritten.searched
        named = rewritten.named
        main = [i for i, t in searched.items() if t.is_main and (t.frequency or t.alternatives or i in named)]
        if len(main) <= needed:
            return
        main.sort(key=lambda index: (index not in diseases, *_expendability(searched[index])), reverse=True)
        yield (rewritten := _without(rewritten, main[: max(1, len(main) // TERMS_PER_DROPPED)]))


def _names_of_diseases(rewritten: RewrittenQuery) -> frozenset[int]:
    """The places of the searched terms that are names of diseases, alone or side by side, or have such a synonym."""
    places = list(rewritten.searched)
    named: set[int] = set()
    for first in range(len(places)):
        for last in range(first + 1, min(len(places), first + MAX_NAME_TERMS) + 1):
            words = [rewritten.terms[index].resolved for index in places[first:last]]
            if _is_disease(" ".join(word.folded for word in words), tuple(word.term for word in words)):
                named.update(places[first:last])
    for span in rewritten.spans:
        if any(_is_disease(synonym.text, synonym.terms) for synonym in span.synonyms):
            named.update(span.terms)
    return frozenset(named)


def _is_disease(name: str, terms: tuple[str, ...]) -> bool:
    return disease_names.find(name) is not None or bool(disease_synonyms.other_names(synonym_key(terms)))


def _expendability(term: QueryTerm) -> tuple[bool, bool, int]:
    """Single letters and numbers say least, then corrections of unknown words, then words that many documents have."""
    word = term.word.folded
    return (len(word) == 1 or word.isdecimal() or word in OTHER_NUMERAL, term.is_corrected, term.frequency)


def _without(rewritten: RewrittenQuery, dropped: list[int]) -> RewrittenQuery:
    terms = list(rewritten.terms)
    for index in dropped:
        terms[index] = replace(terms[index], searched=False, how="dropped")
    notes = (f"No article has all of that, so “{terms[index].word.typed}” was left out." for index in dropped)
    return replace(
        rewritten,
        terms=tuple(terms),
        spans=tuple(left for span in rewritten.spans if (left := span.without(dropped))),
        notes=tuple(dict.fromkeys((*rewritten.notes, *notes))),
    )


def _with_wider_codes(rewritten: RewrittenQuery, statistics: TermStatistics) -> RewrittenQuery:
    """Each code that no document has becomes the next wider one that some have (M86.341 -> M86.3), or its block."""
    terms, required, notes = list(rewritten.terms), list(rewritten.required), []
    for index, term in rewritten.searched.items():
        code = code_prefix(term.word.typed)
        if code is not None and not term.frequency and (nearest := _nearest_codes(code, statistics)):
            frequency = sum(statistics.frequency("code", each) for each in nearest.terms)
            terms[index] = replace(term, node=nearest.node, frequency=frequency)
            notes.append(f"No article has the code {with_title(code)}; {nearest.description}.")
    for index, clause in enumerate(rewritten.required):
        match clause.node:
            case Term(code, "code") if not statistics.frequency("code", code):
                if nearest := _nearest_codes(code, statistics):
                    required[index] = replace(clause, node=nearest.node)
                    notes.append(f"No article has the code {with_title(code)}; {nearest.description}.")
    if not notes:
        return rewritten
    notes = list(dict.fromkeys((*rewritten.notes, *notes)))
    return replace(rewritten, terms=tuple(terms), required=tuple(required), notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _NearestCodes:
    """The terms of codes that documents have, and what they are, in words."""

    terms: tuple[str, ...]
    description: str

    @property
    def node(self) -> Node:
        return one_of([Term(term, "code") for term in self.terms])


def _nearest_codes(code: str, statistics: TermStatistics) -> _NearestCodes | None:
    """The next wider code that documents have, or else those of its block."""
    for length in range(len(code) - 1, _CATEGORY_LENGTH - 1, -1):
        if statistics.frequency("code", code[:length]):
            return _NearestCodes((code[:length],), f"these have {with_title(code[:length])}")
    category = code[:_CATEGORY_LENGTH].upper()
    block = next(iter(icd10.trail(category)), None) if icd10.exists(category) else None
    terms = tuple(term for term in icd10.range_terms(block.code) if statistics.frequency("code", term)) if block else ()
    if block is None or not terms:
        return None
    return _NearestCodes(terms, f"these are of its block, {block.code} ({block.title})")


def with_title(code: str) -> str:
    """The code of a term with its dot, and its title where the table has it."""
    dotted = ".".join(filter(None, (code[:_CATEGORY_LENGTH].upper(), code[_CATEGORY_LENGTH:].upper())))
    return f"{dotted} ({icd10.title(dotted)})" if icd10.exists(dotted) else dotted


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
