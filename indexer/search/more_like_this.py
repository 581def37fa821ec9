"""An article to the conditions that are most like its own, with the words that say why.

The most telling terms of the condition's articles (see expansion.py) are a query: what matches, other than the condition
itself, is related by what both texts dwell on. Tuned by reading the lists of 60 articles of our corpus:

- a term that some title or name has is a thing of medicine, and counts twice as much as one that none has;
- a place of the body that many diseases share (thigh, not kidney) counts half: what is near is not alike;
- a term that an article says once says little of it, in the source as anywhere;
- codes of the same category and block break ties between equals;
- what shares fewer than LEAST_SHARED terms, or little of what they tell, is left out: rather three good ones than five.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import Final, TypeAlias

from indexer.documents import Document, code_terms
from indexer.engine import Searcher
from indexer.knowledge import body_sites
from indexer.query.nodes import And, AtLeast, Boost, Not, Or, Should, Term
from indexer.query.query import Query
from indexer.query.ranking import Ranking
from indexer.query.request import Page
from indexer.results import Related
from indexer.search import document_terms
from indexer.search.expansion import MIN_LENGTH, Telling, most_telling
from indexer.search.question_words import wording
from indexer.search.scoring_plan import idf_of

MAX_RELATED: Final = 20
KIN_READ: Final = 3  # articles of the condition whose terms are taken together, so that one site does not decide
TERMS: Final = 25
MAX_SHARE: Final = 0.15  # of all articles that have a term
LEAST_SHARED: Final = 3
LEAST_TOLD: Final = 0.14  # of what the terms tell all together (their weighted idf)
WORDS_SHOWN: Final = 4

_Forms: TypeAlias = dict[str, Counter[str]]  # see `indexer.search.document_terms.forms`
# Words that names of all kinds share: alike in these is not alike.
_SHARED_BY_ALL: Final = frozenset(
    "acute chronic primary secondary bilateral unilateral unspecified specified type stage degree current initial subsequent "
    "single multiple site sites region part non mild severe early late full complete due new main "
    "idiopathic essential simple other symptom".split()
)
_ONCE: Final = 0.4  # of an occurrence, for a term that is said once
_UNNAMED: Final = 0.5
_PLACE: Final = 0.5
_SAME_CODE: Final = 0.04


def related(searcher: Searcher, document: Document, ranking: Ranking, limit: int = 5) -> tuple[Related, ...]:
    """At most `limit` other conditions, each by its article that is most like this one, best first."""
    kin = searcher.search(Query("", root=Term(document.condition_key, "condition")), Page(limit=KIN_READ), facets=False)
    others = [match.document for match in kin.page if match.document.id != document.id]
    forms = [document_terms.forms(each) for each in (document, *others[: KIN_READ - 1])]
    telling = _telling_terms(searcher, forms, kin.total)
    if not telling or limit < 1:
        return ()
    idf = idf_of(searcher)
    told = {each.term: each.weight * idf(each.term) for each in telling}
    own = Term(document.condition_key, "condition")
    shared = AtLeast(LEAST_SHARED, tuple(Term(each) for each in told))
    like = (Boost(Term(each.term), each.weight) for each in telling)
    same_code = (Boost(Term(each, "code"), _SAME_CODE) for each in code_terms(document))
    plan = Should(Boost(And((shared, Not(own))), 0.0), Or((*like, *same_code)))
    found = searcher.search(
        Query("", root=plan, ranking=ranking), Page(limit=min(limit, MAX_RELATED), collapse=True), facets=False
    )
    least = LEAST_TOLD * sum(told.values())
    return tuple(
        Related(match.document, match.score, _words(match.document, told, forms))
        for match in found.page
        if match.score >= least
    )


def _telling_terms(searcher: Searcher, forms: list[_Forms], articles: int) -> tuple[Telling, ...]:
    """The terms that tell most about the condition, each weighted by its share of the articles read; `articles` are on it."""
    lists = wording()
    empty = lists.asking | lists.empty | lists.common | lists.wanted.keys() | _SHARED_BY_ALL
    shares: dict[str, float] = {}
    for each in forms:
        length = sum(counts.total() for counts in each.values()) * len(forms)
        for term, counts in each.items():
            if len(term) >= MIN_LENGTH and term.isalpha() and empty.isdisjoint(map(str.lower, counts)):
                shares[term] = shares.get(term, 0.0) + max(counts.total() - 1, _ONCE) / length

    def worth(term: str) -> float:
        said = [each[term] for each in forms if term in each]
        if searcher.frequency(None, term) <= (articles if len(said) == len(forms) else len(said)):
            return 0.0  # no other condition has it
        if not _places().isdisjoint(chain.from_iterable(said)):
            return _PLACE
        return 1.0 if searcher.frequency("title", term) or searcher.frequency("names", term) else _UNNAMED

    return most_telling(shares, searcher, TERMS, share=MAX_SHARE, worth=worth)


@cache
def _places() -> frozenset[str]:
    """The words for parts of the body where any disease may be."""
    parts = (site for site in body_sites.tree().values() if not body_sites.is_organ(site.id))
    return frozenset(name for site in parts for name in site.names)


def _words(other: Document, told: Mapping[str, float], forms: list[_Forms]) -> tuple[str, ...]:
    """The terms that the other has too, each as this article has it most often, or else its kin; what tells most first."""
    shared = document_terms.terms(other).intersection(told)
    words: list[str] = []
    for term in sorted(shared, key=lambda each: (-told[each], each)):
        word = next(each[term] for each in forms if term in each).most_common(1)[0][0]
        if not any(word.startswith(shown) or shown.startswith(word) for shown in words):  # gout says gouty
            words.append(word)
    return tuple(words[:WORDS_SHOWN])
