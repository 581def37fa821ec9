"""ParsedQuery to RewrittenQuery: which words are searched, with what weight, and which other words stand for them.

Only free clauses are rewritten; phrases, fields, exclusions and alternatives hold as they stand. The steps, in order:

- Of a very long query the words with the greatest idf are searched.
- A number may be written in another way ("type IV", "type 4"). A word that no document has is searched as its
  corrections, unless it may be a code, a number, an abbreviation, or part of a name in the thesaurus.
- In a question, words that say nothing about its subject are dropped, and others that are common in questions weigh
  less.
- A word for an aspect ("treatment", "signs"), or one that says nothing in a name ("NOS", "unspecified"), weighs less
  than the words that say what the query is about.
- Consecutive words that are a name in the thesaurus, the longest first, are searched as its synonyms too, and words
  that tell of a symptom, wherever they stand, as its medical names; a query that is the name of a disease as a whole
  also as the names that the Disease Ontology has for it.

Every term keeps its place in the query, and carries how it was understood.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from indexer.articles.model import SectionKind
from indexer.knowledge.disease_names import is_abbreviation
from indexer.knowledge.disease_synonyms import NOISE_TERMS, synonym_key
from indexer.knowledge.thesaurus import MAX_NAME_TERMS, MAX_SYNONYMS, Synonym
from indexer.query.interpretation import How, Interpretation
from indexer.query.leaves import leaves
from indexer.query.nodes import Alternatives, Node, Term
from indexer.query.parsed_query import Clause, ParsedQuery, Word
from indexer.search.query_knowledge import Knowledge
from indexer.search.question_words import question_words
from indexer.search.synonym_spans import SynonymSpan, symptom_spans
from indexer.search.term_statistics import TermStatistics

MAX_TERMS: Final = 64
MAX_SHORT_QUERY: Final = 5  # words up to which "anemia treatment" is taken for a question

_ROMAN: Final = dict(zip("i ii iii iv v vi vii viii ix x xi xii".split(), map(str, range(1, 13)), strict=True))
OTHER_NUMERAL: Final = {
    one + letter: other + letter
    for pairs in (_ROMAN.items(), ((arabic, roman) for roman, arabic in _ROMAN.items()))
    for one, other in pairs
    for letter in ("", "a", "b", "c", "d")
}


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word of the query, and how it is understood.

    `node` matches the word as typed, and `frequency` is the number of documents that have it. `alternatives` are
    searched for it too: the other way to write a number, or the corrections of a word that no document has, likeliest
    first. A term that is not `searched` was dropped, repeats another, or belongs to a required clause.
    """

    word: Word
    node: Node
    how: How
    searched: bool = False
    weight: float = 1.0
    frequency: int = 0
    alternatives: tuple[Word, ...] = ()

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
        node = self.node.nodes[0] if isinstance(self.node, Alternatives) else self.node
        return node.term if isinstance(node, Term) and node.field == "code" else None

    @property
    def interpretation(self) -> Interpretation:
        """How the term was understood, as results say it."""
        match self.how:
            case "dropped":
                meaning: tuple[str, ...] = ()
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
class RewrittenQuery:
    """A query as it is searched: terms, some of which a match may lack, and clauses that every match satisfies.

    `inflected` are the words of symptoms that titles may have in another form: "burning" is not Burn.
    """

    parsed: ParsedQuery
    terms: tuple[QueryTerm, ...] = ()
    required: tuple[RequiredClause, ...] = ()
    spans: tuple[SynonymSpan, ...] = ()
    is_question: bool = False
    aspect: SectionKind | None = None
    notes: tuple[str, ...] = ()
    inflected: frozenset[Word] = frozenset()

    @property
    def searched(self) -> dict[int, QueryTerm]:
        """The searched terms by their places, in order."""
        return {index: term for index, term in enumerate(self.terms) if term.searched}

    @property
    def named(self) -> frozenset[int]:
        """The places of the terms that have synonyms, alone or together."""
        return frozenset(index for span in self.spans for index in span.terms)

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


def rewrite(
    parsed: ParsedQuery, knowledge: Knowledge, statistics: TermStatistics, *, expand: bool = True
) -> RewrittenQuery:
    """Rewrite the free clauses; without `expand` no other words are searched than those typed."""
    rewriter = _Rewriter(parsed, knowledge, statistics)
    notes = parsed.notes
    if rewriter.keep_rarest():
        notes += (f"Only the {MAX_TERMS} most telling words were searched.",)
    if expand:
        rewriter.add_numerals()
        rewriter.add_corrections()
    is_question, aspect = rewriter.weigh()
    rewriter.drop_repetitions()
    spans = rewriter.synonym_spans() if expand else ()
    inflected = rewriter.inflected() if expand else frozenset()
    terms = rewriter.understood(spans)
    return RewrittenQuery(parsed, terms, rewriter.required, spans, is_question, aspect, notes, inflected)


class _Rewriter:
    """The steps of rewriting; `_searched` are the places of the terms that are still to be searched."""

    def __init__(self, parsed: ParsedQuery, knowledge: Knowledge, statistics: TermStatistics) -> None:
        self._text = parsed.text
        self._knowledge = knowledge
        self._statistics = statistics
        self._terms: list[QueryTerm] = []
        self._searched: list[int] = []
        required = []
        for clause in parsed.clauses:
            first = len(self._terms)
            self._terms += [self._as_typed(word, clause) for word in clause.words]
            if clause.free:
                self._searched.append(first)
            else:
                required.append(RequiredClause(clause.node, range(first, len(self._terms))))
        self.required = tuple(required)
        self._free = tuple(self._searched)
        self._known_spans: tuple[list[Word], tuple[SynonymSpan, ...]] | None = None
        self._known_symptoms: tuple[object, tuple[SynonymSpan, ...]] | None = None

    def _as_typed(self, word: Word, clause: Clause) -> QueryTerm:
        frequency, in_code = self._statistics.frequency(None, word.term), 0
        if not word.quoted:
            in_code = self._statistics.frequency("code", word.folded)
        if isinstance(clause.node, Alternatives):
            frequency = max(frequency, in_code)
        how: How = "code" if in_code else "exact" if word.quoted or word.folded == word.term else "stem"
        return QueryTerm(word, clause.node, how, frequency=frequency)

    def keep_rarest(self) -> bool:
        """Search only the MAX_TERMS rarest terms; whether there were more."""
        too_many = len(self._searched) > MAX_TERMS
        if too_many:
            by_rarity = sorted(
                self._searched, key=lambda index: self._statistics.frequency(None, self._terms[index].word.term)
            )
            self._searched = sorted(by_rarity[:MAX_TERMS])
        return too_many

    def add_numerals(self) -> None:
        """Search a number in its other way of writing too, unless it is the whole query."""
        if len(self._searched) == 1:
            return
        for index in self._searched:
            other = OTHER_NUMERAL.get(self._terms[index].word.folded)
            if other and self._statistics.frequency(None, other):
                self._terms[index] = replace(self._terms[index], alternatives=(self._word(other),))

    def add_corrections(self) -> None:
        """Search the corrections of unknown words, except for codes, numbers, abbreviations and words of names."""
        unknown = [i for i in self._searched if not (self._terms[i].frequency or self._terms[i].alternatives)]
        if not unknown:
            return
        named = {index for span in (*self.name_spans(), *self._symptom_spans()) for index in span.terms}
        all_capitals = all(self._terms[index].word.typed.isupper() for index in self._searched)
        for index in unknown:
            word = self._terms[index].word
            if index not in named and word.folded.isalpha() and (all_capitals or not word.typed.isupper()):
                corrections = self._knowledge.spelling().correct(word.folded)
                self._terms[index] = replace(self._terms[index], alternatives=tuple(map(self._word, corrections)))

    def weigh(self) -> tuple[bool, SectionKind | None]:
        """Drop and weigh terms by their part in a question; whether the query is one, and the aspect asked about."""
        lists = question_words()
        count = len(self._searched)
        words = {index: self._terms[index].resolved.folded for index in self._searched}
        asks = not lists.asking.isdisjoint(words.values())
        is_question = bool(words) and (asks or self._text.rstrip().endswith("?"))
        if is_question:
            empty = {index for index, word in words.items() if word in lists.empty}
            # "can't hear" tells of a symptom in empty words alone.
            of_symptoms = (span.terms for span in self._symptom_spans() if empty.issuperset(span.terms))
            self._drop(empty.difference(*of_symptoms))
        common = lists.common if is_question else frozenset()
        noise = {index for index in self._searched if self._terms[index].word.term in NOISE_TERMS}
        light = [i for i in self._searched if words[i] in lists.aspects or words[i] in common or i in noise]
        if len(light) < len(self._searched):
            for index in light:
                self._terms[index] = replace(self._terms[index], weight=self._knowledge.ranking.aspect_weight)
        aspect = next((lists.aspects[words[i]] for i in self._searched if words[i] in lists.aspects), None)
        return is_question or (count <= MAX_SHORT_QUERY and aspect is not None), aspect

    def _drop(self, indexes: set[int]) -> None:
        """Drop these terms, unless nothing else would be left."""
        if len(indexes) < len(self._searched):
            self._searched = [index for index in self._searched if index not in indexes]
            for index in indexes:
                self._terms[index] = replace(self._terms[index], how="dropped")

    def drop_repetitions(self) -> None:
        """Search each term once, where it first stands, with its greatest weight."""
        first: dict[str, int] = {}
        for index in self._searched:
            term = self._terms[index]
            place = first.setdefault(term.word.term, index)
            if term.weight > self._terms[place].weight:
                self._terms[place] = replace(self._terms[place], weight=term.weight)
        self._searched = list(first.values())

    def synonym_spans(self) -> tuple[SynonymSpan, ...]:
        """The names, then the symptoms that are no part of a name, with those synonyms that documents have."""
        names = self.name_spans()
        symptoms = []
        for span in self._symptom_spans():
            own = tuple(self._terms[index].resolved.term for index in span.terms)
            known = tuple(each for each in span.synonyms if each.terms != own and self._is_known(each))
            if known and not any(set(name.terms).issuperset(span.terms) for name in names):
                symptoms.append(replace(span, synonyms=known))
        # What burns when one pees is no scald: words that tell of a symptom together are no names by themselves.
        together = {index for span in symptoms if len(span.terms) > 1 for index in span.terms}
        return (*(name for name in names if len(name.terms) > 1 or together.isdisjoint(name.terms)), *symptoms)

    def _symptom_spans(self) -> tuple[SynonymSpan, ...]:
        kept = {self._terms[index].word.term: index for index in self._searched}
        searched = set(self._searched)
        places: dict[int, int | None] = {}
        for index in self._free:
            word = self._terms[index].word
            if index in searched or word.term in kept:
                places[word.start] = kept[word.term]
            elif self._terms[index].how == "dropped":
                places[word.start] = None
        corrected = {
            term.word.start: term.resolved.folded
            for term in map(self._terms.__getitem__, searched)
            if term.is_corrected
        }
        known_for = (tuple(self._searched), corrected)
        if self._known_symptoms is None or self._known_symptoms[0] != known_for:
            spans = tuple(symptom_spans(self._text, places, corrected, self._knowledge))
            self._known_symptoms = (known_for, spans)
        return self._known_symptoms[1]

    def inflected(self) -> frozenset[Word]:
        """The words of symptoms that share their term with a shorter word of the library; a noun's plural is none."""
        described = {self._terms[index].resolved for span in self._symptom_spans() for index in span.terms}
        return frozenset(word for word in described if self._is_inflected(word))

    def _is_inflected(self, word: Word) -> bool:
        forms = self._statistics.words_of(word.term)
        is_verb = any(form.endswith("ing") for form in forms)
        is_plural = word.folded.endswith("s") and word.folded[:-1] in forms and not is_verb
        return not is_plural and any(len(form) < len(word.folded) for form in forms)

    def name_spans(self) -> tuple[SynonymSpan, ...]:
        """The longest runs of terms that are names, left to right, with those synonyms that documents have."""
        words = [self._terms[index].resolved for index in self._searched]
        if self._known_spans is None or self._known_spans[0] != words:
            self._known_spans = (words, tuple(self._find_spans(words)))
        return self._known_spans[1]

    def _find_spans(self, words: list[Word]) -> Iterator[SynonymSpan]:
        first = 0
        while first < len(words):
            for last in range(min(len(words), first + MAX_NAME_TERMS), first, -1):
                synonyms = self._knowledge.thesaurus.synonyms(
                    tuple(word.folded for word in words[first:last]),
                    tuple(word.term for word in words[first:last]),
                    " ".join(self._terms[index].word.typed for index in self._searched[first:last]),
                    self._knowledge.analyzer,
                )
                if last - first == len(self._terms):
                    synonyms = self._with_disease_synonyms(synonyms, words)
                if synonyms:
                    known = tuple(each for each in synonyms if self._is_known(each))
                    if known:
                        yield SynonymSpan(tuple(self._searched[first:last]), known)
                    first = last
                    break
            else:
                first += 1

    def _with_disease_synonyms(self, synonyms: tuple[Synonym, ...], words: list[Word]) -> tuple[Synonym, ...]:
        """The synonyms, and those of the Disease Ontology for a query that is the name of a disease as a whole."""
        typed, terms = self._text.strip(), tuple(word.term for word in words)
        key = typed if is_abbreviation(typed) else synonym_key(terms)
        known = {terms, *(synonym.terms for synonym in synonyms)}
        result = list(synonyms)
        for name in self._knowledge.disease_synonyms(key):
            own = self._knowledge.analyzer.terms(name)
            if own and own not in known:
                known.add(own)
                result.append(Synonym(name, own, "abbreviation" if key == typed else "synonym"))
        return tuple(result[:MAX_SYNONYMS])

    def _is_known(self, synonym: Synonym) -> bool:
        return all(self._statistics.frequency(None, term) for term in synonym.terms)

    def understood(self, spans: tuple[SynonymSpan, ...]) -> tuple[QueryTerm, ...]:
        """The terms, marked as searched, corrected, or dropped where nothing matches them."""
        named = {index for span in spans for index in span.terms}
        for index in self._searched:
            term = self._terms[index]
            if term.is_corrected:
                self._terms[index] = replace(self._terms[index], searched=True, how="spelling")
            elif term.frequency or index in named:
                self._terms[index] = replace(self._terms[index], searched=True)
            else:
                self._terms[index] = replace(self._terms[index], searched=True, how="dropped")
        return tuple(self._terms)

    def _word(self, folded: str) -> Word:
        return Word(folded, folded, self._knowledge.analyzer.term(folded))
