"""The numbers of ranking, and the one place where they live."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranking:
    """The numbers of ranking, the one place where they live. Engines read the first three; the rest make the plan.

    A leaf scores  idf * tf / (k1 + tf)  with  tf = sum over fields f of
    weight_f * count_f / (1 - b_f + b_f * length_f / mean_length_f)  and
    idf = ln(1 + (N - n + 0.5) / (n + 0.5)); N documents, n of them with the leaf, lengths in tokens, means over
    all documents. The sections share one length, that of the whole body: an article is no shorter for telling its causes
    in two lines. A leaf on one field uses that field's count, weight and n alone. A field that is not listed weighs
    nothing. Sums run in the order of TEXT_FIELDS and of a node's own nodes, so that equal documents get equal scores.
    Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields, CIKM 2004.

    What the other numbers are worth stands in the README, measured by leaving each out.
    """

    k1: float = 1.2
    weights: tuple[tuple[str, float], ...] = (
        ("title", 5.0),
        ("names", 5.0),
        ("overview", 1.0),
        ("causes", 1.0),
        ("symptoms", 1.0),
        ("diagnosis", 1.0),
        ("treatment", 1.0),
    )
    b: tuple[tuple[str, float], ...] = (
        ("title", 0.5),
        ("names", 0.5),
        ("overview", 0.75),
        ("causes", 0.75),
        ("symptoms", 0.75),
        ("diagnosis", 0.75),
        ("treatment", 0.75),
    )

    # Matching: all of one or two words; of more, those that carry this share of what all of them tell (their idf), or as
    # much as a word that one article alone has. Where a name is told to the other share, that is enough.
    share_needed: float = 0.3
    name_needed: float = 0.6

    # A word that says what is wanted to know ("treatment", "signs") counts this much of a word that says about what.
    facet: float = 0.2

    # Another name of what was typed counts this much, and never more than what was typed. Of a name of several words that
    # was typed, the words apart from one another count this much of the name.
    other_name: float = 0.9
    apart: float = 0.6

    # A word that no article has is searched as the words that it may have meant, each counting this much.
    corrected: float = 0.6

    # Two words that follow each other in the query: side by side in the article, and again within `window` positions.
    neighbours: float = 0.15
    window: int = 8

    # How much of the title was told, 0 to 1, times this: in questions, and in queries short enough to be a name.
    told_in_question: float = 8.0
    told_in_name: float = 1.0
    longest_name: int = 6

    # The first articles are searched for themselves: their most telling terms, together this much of what was typed.
    # Fewer than `few` articles are joined by those that have a share of these terms, or enough of whose title they tell.
    feedback: float = 0.6
    feedback_articles: int = 3
    feedback_terms: int = 10
    few: int = 10
    akin: float = 0.4
    akin_title: float = 0.4
