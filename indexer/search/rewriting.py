"""ParsedQuery to RewrittenQuery: which words are searched, with what weight, and which other words stand for them.

Only free clauses are rewritten; phrases, fields, exclusions and alternatives hold as they stand. The steps, in order:

- Words that are no evidence whatever the query says are dropped (see asides.py), and so is what it denies (see
  negation.py), unless a name holds it.
- Of a very long query the words with the greatest idf are searched.
- A number may be written in another way ("type IV", "type 4"). A word that no document has is searched as the words
  that begin with it, or else as its corrections, unless it may be a code, a number, an abbreviation, or part of a name.
- In a question, words that say nothing about its subject are dropped, and others that are common in questions weigh
  less. "Knee hurts when I run" is none.
- A word for an aspect ("treatment", "signs"), or one that says nothing in a name ("NOS", "unspecified"), weighs less
  than the words that say what the query is about.
- Consecutive words that are a name in the thesaurus, a species or a compound (see genera.py, closed_compounds.py), the
  longest first, are searched as its synonyms too, and words that tell of a symptom, wherever they stand, as its medical
  names; a query that is the name of a disease as a whole also as the names that the Disease Ontology has for it.

Every term keeps its place in the query, and carries how it was understood.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from indexer.articles.model import SectionKind
from indexer.knowledge import disease_names
from indexer.knowledge.disease_names import is_abbreviation
from indexer.knowledge.disease_synonyms import NOISE_TERMS, synonym_key
from indexer.knowledge.thesaurus import MAX_NAME_TERMS, MAX_SYNONYMS, Synonym
from indexer.knowledge.thesaurus_stems import precomputed_stems
from indexer.query.interpretation import How
from indexer.query.nodes import Alternatives, Not, Or, Phrase, Term
from indexer.query.parsed_query import Clause, ParsedQuery, Word
from indexer.search.asides import asides
from indexer.search.beginnings import RARE, any_of, completions
from indexer.search.closed_compounds import compound_synonyms
from indexer.search.everyday_words import everyday_words, irregular_forms
from indexer.search.genera import genus_synonyms
from indexer.search.negation import denied_terms
from indexer.search.numerals import OTHER_NUMERAL
from indexer.search.query_knowledge import Knowledge
from indexer.search.question_words import question_words, subordinate_words
from indexer.search.rewritten_query import QueryTerm, RequiredClause, RewrittenQuery, SynonymSpan
from indexer.search.symptom_spans import symptom_spans
from indexer.search.term_statistics import TermStatistics

MAX_TERMS: Final = 64
MAX_SHORT_QUERY: Final = 5  # words up to which "anemia treatment" is taken for a question


def rewrite(
    parsed: ParsedQuery, knowledge: Knowledge, statistics: TermStatistics, *, expand: bool = True
) -> RewrittenQuery:
    """Rewrite the free clauses; without `expand` no other words are searched than those typed."""
    rewriter = _Rewriter(parsed, knowledge, statistics)
    notes = parsed.notes
    rewriter.drop_asides()
    if expand:
        rewriter.drop_denied()
    if rewriter.keep_rarest():
        notes += (f"Your search has more words than can be used; the {MAX_TERMS} least common were searched.",)
    if expand:
        rewriter.read_article_names()
        rewriter.add_numerals()
        rewriter.complete_and_correct()
    is_question, aspect = rewriter.weigh()
    rewriter.drop_repetitions()
    spans = rewriter.synonym_spans() if expand else ()
    terms = rewriter.understood(spans)
    is_absent_name = expand and rewriter.is_absent_name
    inflected = rewriter.inflected() if expand else frozenset()
    return RewrittenQuery(
        parsed,
        terms,
        rewriter.required,
        spans,
        is_question,
        aspect,
        notes,
        is_absent_name,
        inflected,
        is_as_typed=not expand,
    )


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
        self._denied: set[int] = set()
        self.is_absent_name = False
        self._cached_synonyms: dict[tuple[object, ...], tuple[Synonym, ...]] = {}
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

    def _is_article_name(self, index: int) -> bool:
        """Whether the word and the article before it are a name that the word alone is not: the bends, the runs."""
        word = self._terms[index].word
        return self._text[: max(word.start, 0)].rstrip().lower().endswith("the") and (
            self._knowledge.thesaurus.has_article_name(f"the {word.typed}")
        )

    def read_article_names(self) -> None:
        """Do not search the words of such names by themselves: "the bends" is not what bends."""
        for index in filter(self._is_article_name, self._searched):
            self._terms[index] = replace(self._terms[index], node=Or(()), frequency=0)

    def drop_asides(self) -> None:
        """Drop contractions, the pronoun I, ages and the words that announce a code."""
        spans = asides(self._text)
        self._drop({i for i in self._searched if any(span.covers(self._terms[i].word) for span in spans)})

    def drop_denied(self) -> None:
        """Drop what the text says is not wanted, with the cue that says so; it tells of no symptom, even if kept."""
        for indexes in denied_terms(self._text, {i: self._terms[i].word for i in self._searched}, self._is_name):
            self._denied |= indexes
            self._drop(indexes, "negated")

    def _is_name(self, words: Sequence[Word]) -> bool:
        """Whether the words stand side by side in a title or another name, or are a name in the thesaurus."""
        terms = tuple(word.term for word in words)
        for field in ("title", "names"):
            if self._statistics.count(Phrase(terms, field) if len(terms) > 1 else Term(terms[0], field)):
                return True
        typed = " ".join(word.typed for word in words)
        folded = tuple(word.folded for word in words)
        return bool(self._knowledge.thesaurus.synonyms(folded, terms, typed, self._knowledge.analyzer))

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

    def complete_and_correct(self) -> None:
        """Search unknown words as the words that begin so, or as their corrections.

        Except for codes, numbers, abbreviations and words of names. The beginning of a word may be a word that hardly
        any document has, too.
        """
        rare = [i for i in self._searched if self._is_rare(self._terms[i]) and not self._terms[i].alternatives]
        if not rare:
            return
        named = {index for span in (*self.name_spans(), *self._symptom_spans()) for index in span.terms}
        all_capitals = all(self._terms[index].word.typed.isupper() for index in self._searched)
        for index in rare:
            if self._statistics.budget.cuts():
                return
            term, word = self._terms[index], self._terms[index].word
            is_abbreviation = word.typed.isupper() and not all_capitals
            if word.folded.isalpha() and not is_abbreviation and not self._is_article_name(index):
                is_name = index in named and (len(self._searched) > 1 or word.folded in precomputed_stems())
                with_completions = None if is_name else self._with_completions(term)
                self._terms[index] = with_completions or (term if index in named else self._with_corrections(term))

    def _with_completions(self, term: QueryTerm) -> QueryTerm | None:
        """The term with the words that begin with its word; None for a whole word."""
        folded = term.word.folded
        begun = () if folded in everyday_words() else completions(term.word, self._statistics)
        if not begun:
            return None
        node = any_of(begun, self._statistics)
        if term.frequency:
            node = Alternatives((term.node, node))
        frequency = self._statistics.frequency(None, begun[0].term)
        return replace(term, node=node, how="prefix", frequency=frequency, completions=begun)

    def _with_corrections(self, term: QueryTerm) -> QueryTerm:
        """The term with its corrections, where no document has it and it is no word of English or of a disease."""
        folded = term.word.folded
        if term.frequency:
            return term
        if folded in irregular_forms():
            corrections: tuple[str, ...] = (irregular_forms()[folded],)
        elif folded in everyday_words() or _is_in_name_of_disease(folded):
            corrections = ()
        else:
            corrections = self._knowledge.spelling().correct(folded)
        return replace(term, alternatives=tuple(map(self._word, corrections)))

    def _is_rare(self, term: QueryTerm) -> bool:
        """Whether hardly any document has the word itself; it may share its term with others."""
        return term.frequency <= RARE or not self._statistics.has_word(term.word.folded)

    def weigh(self) -> tuple[bool, SectionKind | None]:
        """Drop and weigh terms by their part in a question; whether the query is one, and the aspect asked about."""
        lists = question_words()
        count = len(self._searched)
        words = {index: self._terms[index].resolved.folded for index in self._searched}
        # An I that is still searched is a numeral.
        free = {index: self._terms[index].word for index in self._free}
        may_ask = {index: word for index, word in free.items() if index not in words or word.folded != "i"}
        subordinate = subordinate_words(self._text, may_ask)
        said = {words.get(i, word.folded) for i, word in may_ask.items() if i not in subordinate}
        asks = not lists.asking.isdisjoint(said)
        is_question = bool(words) and (asks or self._text.rstrip().endswith("?"))
        self._drop(self._empty(words) if is_question else subordinate)
        common = lists.common if is_question else frozenset()
        noise = {index for index in self._searched if self._terms[index].word.term in NOISE_TERMS}
        light = [i for i in self._searched if words[i] in lists.aspects or words[i] in common or i in noise]
        if len(light) < len(self._searched):
            for index in light:
                self._terms[index] = replace(self._terms[index], weight=self._knowledge.ranking.aspect_weight)
        aspect = next((lists.aspects[words[i]] for i in self._searched if words[i] in lists.aspects), None)
        return is_question or (count <= MAX_SHORT_QUERY and aspect is not None), aspect

    def _empty(self, words: dict[int, str]) -> set[int]:
        """The places of words that say nothing in a question, but for "type I" and "can't hear", which is a symptom."""
        numerals = {index for index, word in words.items() if word in OTHER_NUMERAL}
        kept = {index - 1 for index in numerals} | numerals
        empty = {index for index, word in words.items() if word in question_words().empty} - kept
        of_symptoms = (span.terms for span in self._symptom_spans() if empty.issuperset(span.terms))
        return empty.difference(*of_symptoms)

    def _drop(self, indexes: set[int], how: How = "dropped") -> None:
        """Drop these terms, unless nothing else would be left."""
        indexes = indexes.intersection(self._searched)
        if len(indexes) < len(self._searched) or any(not isinstance(clause.node, Not) for clause in self.required):
            self._searched = [index for index in self._searched if index not in indexes]
            for index in indexes:
                self._terms[index] = replace(self._terms[index], how=how)

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
            words = len(span.symptom.split())  # with those that are not searched: "can't breathe"
            if known and not any(set(span.terms) <= set(name.terms) and words <= len(name.terms) for name in names):
                symptoms.append(replace(span, synonyms=known))
        # What burns when one pees is no scald: words that tell of a symptom together are no names by themselves.
        together = {index for span in symptoms if len(span.symptom.split()) > 1 for index in span.terms}
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
        } | {self._terms[index].word.start: "" for index in self._denied}
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
                key = (*words[first:last], *self._searched[first:last])
                synonyms = self._cached_synonyms.get(key)
                if synonyms is None:  # spans are found before words are dropped, and again after
                    synonyms = self._synonyms(words[first:last], self._searched[first:last])
                    if last - first == len(self._terms):
                        synonyms = self._with_disease_synonyms(synonyms, words)
                    self._cached_synonyms[key] = synonyms
                if synonyms:
                    known = tuple(each for each in synonyms if self._is_known(each))
                    if known:
                        yield SynonymSpan(tuple(self._searched[first:last]), known)
                    self.is_absent_name = not known and last - first == len(words)
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

    def _synonyms(self, words: list[Word], indexes: list[int]) -> tuple[Synonym, ...]:
        """The synonyms of the words in the thesaurus; else as a species or a compound, with those of the compound."""
        knowledge, statistics = self._knowledge, self._statistics
        folded, terms = tuple(word.folded for word in words), tuple(word.term for word in words)
        typed = " ".join(self._terms[index].word.typed for index in indexes)
        if len(indexes) == 1 and self._is_article_name(indexes[0]):
            typed = f"the {typed}"
        found = knowledge.thesaurus.synonyms(folded, terms, typed, knowledge.analyzer)
        if found:
            return found
        species = tuple(genus_synonyms(folded, statistics, knowledge.analyzer))
        if species:
            return species
        compounds = tuple(compound_synonyms(folded, statistics, knowledge.analyzer))
        more = (
            knowledge.thesaurus.synonyms(tuple(each.text.split()), each.terms, each.text, knowledge.analyzer)
            for each in compounds
        )
        return (*compounds, *chain.from_iterable(more))

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


def _is_in_name_of_disease(folded: str) -> bool:
    """Whether the word is spelled as in the name of a disease, although no document has it."""
    return folded in precomputed_stems() or folded in disease_names.words()
