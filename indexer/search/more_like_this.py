"""A document to the conditions most like its own, each with the reasons: sites, a code above both, names in both.

The terms most typical of the condition's documents (see expansion.py) are a query; what it matches, other than the
condition itself, is related. The rules were tuned by reading the lists of 60 articles of our corpus:

- a term that some title or name has is a medical term, and weighs twice as much as one that none has;
- a part of the body where many diseases occur (thigh, not kidney) weighs half: two diseases of the thigh need not be
  alike;
- a term that a document has once says little about it, in the source as anywhere;
- codes of the same category and block break ties between equals;
- what shares fewer than MIN_SHARED_TERMS terms, or little of their idf, is left out: better three good ones than five;
- so is what has no reason that a doctor would give: a heading of the codes, or the names of diseases, symptoms and
  treatments that both mention (see medical_names.py). Words that both have by chance ("boots") are no reason;
- a place or an organ makes a single name of a symptom enough; by itself, two diseases of a shoulder are related only
  where they are twice as much alike as others must be. A region ("lower limb") counts for nothing.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache
from itertools import chain, islice
from typing import Final, TypeAlias

from indexer.documents import Document, code_terms
from indexer.engine import Searcher
from indexer.knowledge import body_sites
from indexer.knowledge.icd10 import Code
from indexer.query.nodes import And, AtLeast, Boost, Not, Or, Should, Term
from indexer.query.query import Query
from indexer.query.request import Page
from indexer.results import Match, Related
from indexer.search.document_terms import surface_forms
from indexer.search.expansion import MIN_LENGTH, ExpansionTerm, select_terms
from indexer.search.medical_names import Key, MentionedNames, is_part, names_of
from indexer.search.query_knowledge import Knowledge
from indexer.search.question_words import question_words
from indexer.search.term_statistics import TermStatistics, inverse_document_frequency

MAX_RELATED: Final = 20
MAX_SOURCES: Final = 3  # documents of the condition whose terms are taken together, so that one site does not decide
MAX_TERMS: Final = 25
MAX_DOCUMENT_SHARE: Final = 0.15  # of all documents that have a term
MIN_SHARED_TERMS: Final = 3
MIN_SHARED_IDF: Final = 0.14  # of the weighted idf of all terms
MIN_SHARED_IDF_AT_PLACE: Final = 0.28  # the same, where nothing but a place in the body is the reason
MIN_NAMES_IDF: Final = 1.5  # of that of a term which one document has
MIN_PART_IDF: Final = 0.45  # the same, of one word of a document's own name
MAX_WORDS_SHOWN: Final = 3
CANDIDATES: Final = 2  # for each that is asked for; some have no reason

_Forms: TypeAlias = dict[str, Counter[str]]  # see `surface_forms`
# Words that names of all kinds share: two conditions are not alike for having them.
_SHARED_BY_ALL: Final = frozenset(
    "acute chronic primary secondary bilateral unilateral unspecified specified type stage degree current initial "
    "subsequent single multiple site sites region part non mild severe early late full complete due new main "
    "idiopathic essential simple other symptom".split()
)
_EVERYWHERE: Final = frozenset({"whole-body"})
# Weights.
_SINGLE_FREQUENCY: Final = 0.4  # what a term that occurs once counts, instead of its frequency less one
_NOT_IN_NAMES: Final = 0.5  # of a term
_BODY_PART: Final = 0.5  # of a term
_SAME_CODE: Final = 0.04


def related(document: Document, searcher: Searcher, knowledge: Knowledge, limit: int = 5) -> tuple[Related, ...]:
    """At most `limit` other conditions, each by its document that is most like this one, best first."""
    own = Term(document.condition_key, "condition")
    siblings = searcher.search(Query("", root=own), Page(limit=MAX_SOURCES), counts=False)
    others = [match.document for match in siblings.page if match.document.id != document.id]
    forms = [surface_forms(each, knowledge.analyzer) for each in (document, *others[: MAX_SOURCES - 1])]
    statistics = TermStatistics(searcher)
    selected = _typical_terms(forms, siblings.total, statistics)
    if not selected or limit < 1:
        return ()
    idf = {each.term: each.weight * statistics.idf(each.term) for each in selected}
    shared = AtLeast(MIN_SHARED_TERMS, tuple(Term(term) for term in idf))
    like = (Boost(Term(each.term), each.weight) for each in selected)
    same_code = (Boost(Term(code, "code"), _SAME_CODE) for code in code_terms(document))
    root = Should(Boost(And((shared, Not(own))), 0.0), Or((*like, *same_code)))
    matches = searcher.search(
        Query("", root=root, ranking=knowledge.ranking),
        Page(limit=min(CANDIDATES * limit, MAX_RELATED), collapse=True),
        counts=False,
    )
    min_score = MIN_SHARED_IDF * sum(idf.values())
    likely = [match for match in matches.page if match.score >= min_score]
    mentioned = MentionedNames(document)
    likely_by_place = MIN_SHARED_IDF_AT_PLACE * sum(idf.values())
    reasoned = (
        _with_reasons(document, mentioned, match, statistics, knowledge, place_suffices=match.score >= likely_by_place)
        for match in likely
    )
    return tuple(islice(filter(None, reasoned), limit))


def _with_reasons(
    document: Document,
    mentioned: MentionedNames,
    match: Match,
    statistics: TermStatistics,
    knowledge: Knowledge,
    *,
    place_suffices: bool,
) -> Related | None:
    """The match with what it has in common with the document; None where that is not enough to call them related.

    `place_suffices` says whether a place in common is enough.
    """
    other = match.document
    sites, code = _shared_sites(document, other), _shared_code(document, other)
    names = sorted(mentioned.shared_with(MentionedNames(other)), key=lambda name: (-len(name), name))
    most = MAX_DOCUMENT_SHARE * statistics.document_count
    weights: dict[Key, float] = {}
    for name in names:
        terms = knowledge.analyzer.terms(name)
        if any(is_part(name, longer) for longer in weights):  # deep vein thrombosis says thrombosis
            continue
        if terms and min(statistics.frequency(None, term) for term in terms) <= most:
            weights[name] = max(map(statistics.idf, terms))
    is_located = any(body_sites.parent(site) or body_sites.is_organ(site) for site in sites)
    own_names = (*names_of(document), *names_of(other))
    if not (code or (is_located and (weights or place_suffices)) or _is_enough(weights, own_names, statistics)):
        return None
    best = sorted(weights, key=lambda name: (-weights[name], name))[:MAX_WORDS_SHOWN]
    return Related(other, match.score, tuple(map(mentioned.written, best)), sites, code)


def _is_enough(weights: Mapping[Key, float], own_names: Collection[Key], statistics: TermStatistics) -> bool:
    """Whether names alone relate two documents: that of one of them, or several that are as informative together.

    A single word of a longer name ("headache" of "tension-type headache") counts as the name where it is rare.
    """
    most = inverse_document_frequency(statistics.document_count, 1)
    for name, weight in weights.items():
        is_whole = name in own_names or len(name.split()) > 1 or weight >= MIN_PART_IDF * most
        if is_whole and any(is_part(name, own) for own in own_names):
            return True
    return sum(weights.values()) >= MIN_NAMES_IDF * most


def _shared_sites(one: Document, other: Document) -> tuple[str, ...]:
    """The narrowest sites of both: one that either has itself, an organ, or else a system of the body."""
    both = set(body_sites.closure(one.sites)) & set(body_sites.closure(other.sites)) - _EVERYWHERE
    own = {*one.sites, *other.sites}
    specific = {site for site in both if body_sites.parent(site) and (site in own or body_sites.is_organ(site))}
    specific |= {*one.sites} & {*other.sites} - _EVERYWHERE
    specific = specific or {site for site in both if body_sites.is_organ(site)}
    wider = {above for site in specific for above in body_sites.ancestors(site)}
    return tuple(sorted(specific - wider))


def _shared_code(one: Document, other: Document) -> Code | None:
    """The narrowest code above both, or that both have."""
    codes = {code.code for code in other.ancestors} | {other.code}
    if one.code and one.code_title and one.code in codes:
        return Code(one.code, one.code_title)
    return next((code for code in reversed(one.ancestors) if code.code in codes), None)


def _typical_terms(
    forms: list[_Forms], condition_documents: int, statistics: TermStatistics
) -> tuple[ExpansionTerm, ...]:
    """The terms most typical of the condition, each weighted by its share of the source documents."""
    lists = question_words()
    empty = lists.asking | lists.empty | lists.common | lists.aspects.keys() | _SHARED_BY_ALL
    shares: dict[str, float] = {}
    for each in forms:
        length = sum(counts.total() for counts in each.values()) * len(forms)
        for term, counts in each.items():
            if len(term) >= MIN_LENGTH and term.isalpha() and empty.isdisjoint(map(str.lower, counts)):
                frequency = max(counts.total() - 1, _SINGLE_FREQUENCY)
                shares[term] = shares.get(term, 0.0) + frequency / length

    def weight_of(term: str) -> float:
        words = [each[term] for each in forms if term in each]
        if statistics.frequency(None, term) <= (condition_documents if len(words) == len(forms) else len(words)):
            return 0.0  # no other condition has it
        if not _body_parts().isdisjoint(chain.from_iterable(words)):
            return _BODY_PART
        return 1.0 if statistics.frequency("title", term) or statistics.frequency("names", term) else _NOT_IN_NAMES

    return select_terms(shares, statistics, MAX_TERMS, max_share=MAX_DOCUMENT_SHARE, weight_of=weight_of)


@cache
def _body_parts() -> frozenset[str]:
    """The words for parts of the body where any disease may occur."""
    parts = (site for site in body_sites.tree().values() if not body_sites.is_organ(site.id))
    return frozenset(name for site in parts for name in site.names)
