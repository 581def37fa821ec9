"""The numbers of ranking, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranking:
    """The numbers of ranking. Engines read k1, field_weights and field_b; the others shape the scoring plan.

    A leaf scores  idf * tf / (k1 + tf)  with  tf = sum over fields f of
    weight_f * count_f / (1 - b_f + b_f * length_f / mean_length_f)  and
    idf = ln(1 + (N - n + 0.5) / (n + 0.5)); N documents, n of them with the leaf, lengths in tokens, means over
    all documents. The sections share one length, that of the whole body: an article is no shorter for describing its
    causes in two lines. A leaf on one field uses that field's count, weight and n alone. A field that is not listed
    weighs nothing. Sums run in the order of TEXT_FIELDS and of a node's own nodes, so that equal documents get equal
    scores. Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields, CIKM 2004.

    What the parts of a plan are worth, an ablation measures by leaving them out (tests/relevance/ablation.py); what a
    change of any number is worth, `conditions evaluate --compare` does (indexer/README.md, Measuring).
    """

    k1: float = 1.2
    field_weights: tuple[tuple[str, float], ...] = (
        ("title", 5.0),
        ("names", 5.0),
        ("overview", 1.0),
        ("causes", 1.0),
        ("symptoms", 1.0),
        ("diagnosis", 1.0),
        ("treatment", 1.0),
    )
    field_b: tuple[tuple[str, float], ...] = (
        ("title", 0.5),
        ("names", 0.5),
        ("overview", 0.75),
        ("causes", 0.75),
        ("symptoms", 0.75),
        ("diagnosis", 0.75),
        ("treatment", 0.75),
    )

    # Matching: all of one or two terms; of more, terms that carry this share of the idf of all of them, or as much
    # idf as a term that only one document has. A title whose idf the query covers to `min_title_coverage` is enough,
    # too.
    min_should_match: float = 0.3
    min_title_coverage: float = 0.6

    # A term that asks for an aspect ("treatment", "signs") has this weight; one that says what the query is about has
    # 1.
    aspect_weight: float = 0.2

    # A synonym scores this share of what was typed, and never more than that. Where several terms are a name together,
    # each of them alone scores this share, and the name as a phrase scores in full.
    synonym_weight: float = 0.9
    name_term_weight: float = 0.6

    # A word that no document has is searched as its corrections, each with this weight.
    correction_weight: float = 0.6

    # Two terms that follow each other in the query score more where they are adjacent in a document, and again where
    # they are at most `proximity_window` positions apart.
    proximity_weight: float = 0.15
    proximity_window: int = 8

    # A passage that tells all the terms of a query of three to `max_name_terms`, in any order, at most this many
    # positions from first to last: less than SENTENCE_GAP, so all in one sentence. Sites and sides are left out.
    passage_weight: float = 0.7
    passage_window: int = 15

    # An article whose site or side is the one that was typed has this share of the word, if it lacks the word itself;
    # beside a passage, a site with its side ("right hand") scores it once more.
    location_weight: float = 0.5

    # Title coverage (the share of the title's idf that the query has, 0 to 1) times this is added to the score: in
    # questions, and in queries of at most `max_name_terms` terms, which may be a name, or tell the title by a synonym
    # of one. Of such a query a title that is told as a whole scores `whole_title_weight` instead.
    title_coverage_question: float = 8.0
    title_coverage_name: float = 1.0
    whole_title_weight: float = 3.0
    max_name_terms: int = 6

    # Pseudo-relevance feedback: the best expansion terms of the first documents, all together with this share of the
    # weight of the query. Where fewer than `expand_below_hits` documents match, those also match that have
    # `expansion_share` of the expansion terms, or whose title these and the query cover to `expansion_title_coverage`.
    feedback_weight: float = 0.6
    feedback_documents: int = 3
    feedback_terms: int = 10
    expand_below_hits: int = 10
    expansion_share: float = 0.4
    expansion_title_coverage: float = 0.4
