"""A query as it is searched: its terms, the clauses that every match satisfies, and names with their synonyms."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from indexer.articles.model import SectionKind
from indexer.knowledge.thesaurus import Synonym
from indexer.query.interpretation import How, Interpretation
from indexer.query.leaves import leaves
from indexer.query.nodes import Alternatives, Node, Or, Term
from indexer.query.parsed_query import ParsedQuery, Word
from indexer.search.query_location import QueryLocation, locations

MAX_SHOWN: Final = 6  # completions that the interpretation lists


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word of the query, and how it is understood.

    `node` matches the word as typed, and `frequency` is the number of documents that have it. `alternatives` are
    searched for it too: the other way to write a number, or the corrections of a word that no document has, likeliest
    first. `completions` are the words that its node matches because they begin with it. A term that is not `searched`
    was dropped, repeats another, or belongs to a required clause.
    """

    word: Word
    node: Node
    how: How
    searched: bool = False
    weight: float = 1.0
    frequency: int = 0
    alternatives: tuple[Word, ...] = ()
    completions: tuple[Word, ...] = ()

    @property
    def is_main(self) -> bool:
        """Whether the term says what the query is about."""
        return self.weight == 1.0

    @property
    def is_corrected(self) -> bool:
        """Whether no document has the word, and its corrections are searched."""
        return not self.frequency and bool(self.alternatives)

    @property
    def resolved(self) -> Word:
        """The likeliest correction, or else the word as typed."""
        return self.alternatives[0] if self.is_corrected else self.word

    @property
    def code(self) -> str | None:
        """The term of the code that the word is searched as, or may be."""
        node = self.node.nodes[0] if isinstance(self.node, Alternatives | Or) and self.node.nodes else self.node
        return node.term if isinstance(node, Term) and node.field == "code" else None

    @property
    def interpretation(self) -> Interpretation:
        """How the term was understood, as results say it."""
        match self.how:
            case "dropped" | "negated":
                meaning: tuple[str, ...] = ()
            case "prefix":
                meaning = tuple(word.folded for word in self.completions[:MAX_SHOWN])
            case "spelling":
                meaning = tuple(word.folded for word in self.alternatives)
            case "code":
                meaning = (self.word.folded.upper(),)
            case _:
                meaning = (self.word.folded,)
        return Interpretation(self.word.typed, meaning, self.how)


@dataclass(frozen=True, slots=True)
class RequiredClause:
    """A clause that holds as it stands; `terms` are the places of its words among the terms of the query."""

    node: Node
    terms: range


@dataclass(frozen=True, slots=True)
class SynonymSpan:
    """Searched terms that are one name or tell of one symptom, and its synonyms; `terms` are their places in the query.

    The terms of a name are consecutive. `symptom` is what was typed of a symptom, and empty for a name.
    """

    terms: tuple[int, ...]
    synonyms: tuple[Synonym, ...]
    symptom: str = ""

    def without(self, places: Collection[int]) -> "SynonymSpan | None":
        """The span where these are no longer searched: what is left of a name is no name, but of a symptom it is."""
        left = tuple(each for each in self.terms if each not in places)
        if left == self.terms:
            return self
        return replace(self, terms=left) if self.symptom and left else None


@dataclass(frozen=True, slots=True)
class RewrittenQuery:
    """A query as it is searched: terms, some of which a match may lack, and clauses that every match satisfies.

    It `is_absent_name` where its words are a known name none of whose synonyms a document has. `inflected` are the
    words of symptoms that titles may have in another form: "burning" is not Burn. Where it `is_as_typed`, no other
    words stand for those of the query, nor the value of a facet.
    """

    parsed: ParsedQuery
    terms: tuple[QueryTerm, ...] = ()
    required: tuple[RequiredClause, ...] = ()
    spans: tuple[SynonymSpan, ...] = ()
    is_question: bool = False
    aspect: SectionKind | None = None
    notes: tuple[str, ...] = ()
    is_absent_name: bool = False
    inflected: frozenset[Word] = frozenset()
    is_as_typed: bool = False

    @property
    def searched(self) -> dict[int, QueryTerm]:
        """The searched terms by their places, in order."""
        return {index: term for index, term in enumerate(self.terms) if term.searched}

    @property
    def named(self) -> frozenset[int]:
        """The places of the terms that have synonyms, alone or together."""
        return frozenset(index for span in self.spans for index in span.terms)

    @property
    def stated_locations(self) -> tuple[QueryLocation, ...]:
        """The sites and sides that the searched words name, at the places of their terms; "foot" in "athlete's foot"
        is none, for both words are one name.
        """
        in_name = {index for span in self.spans if len(span.terms) > 1 and not span.symptom for index in span.terms}
        indexes = [index for index in self.searched if index not in in_name]
        stated = locations([self.terms[index].resolved.folded for index in indexes])
        return tuple(replace(each, positions=tuple(indexes[at] for at in each.positions)) for each in stated)

    @property
    def required_nodes(self) -> tuple[Node, ...]:
        """The nodes of the required clauses."""
        return tuple(clause.node for clause in self.required)

    @property
    def requires_words(self) -> bool:
        """Whether a required clause says what to look for, and not only where or what to exclude."""
        return any(leaves(clause.node) for clause in self.required)

    @property
    def interpretation(self) -> tuple[Interpretation, ...]:
        """The synonyms of names, then how each different word was understood."""
        names = [
            Interpretation(
                span.symptom or " ".join(self.terms[index].word.typed for index in span.terms),
                tuple(synonym.text for synonym in span.synonyms),
                span.synonyms[0].how,
            )
            for span in self.spans
        ]
        words: dict[tuple[str, str], Interpretation] = {}
        for term in self.terms:
            words.setdefault((term.word.typed, term.word.term), term.interpretation)
        return (*names, *words.values())
