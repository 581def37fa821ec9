from indexer.query.nodes import All, Alternatives, And, AtLeast, Boost, Near, Not, Or, Phrase, Prefix, Should, Term
from indexer.query.restriction import restrict


def test_every_leaf_moves_to_the_field_and_a_leaf_with_one_stays() -> None:
    node = And(
        (
            Term("a"),
            Term("b", "title"),
            Not(Phrase(("c", "d"))),
            Boost(Prefix("ef"), 2.0),
            AtLeast(1, (Term("g"), Alternatives((Term("h"),))), (2.0, 0.5)),
            Should(Near((Term("i"), Term("j", "names")), 8), All()),
        )
    )
    assert restrict(node, ("causes",)) == And(
        (
            Term("a", "causes"),
            Term("b", "title"),
            Not(Phrase(("c", "d"), "causes")),
            Boost(Prefix("ef", "causes"), 2.0),
            AtLeast(1, (Term("g", "causes"), Alternatives((Term("h", "causes"),))), (2.0, 0.5)),
            Should(Near((Term("i", "causes"), Term("j", "names")), 8), All()),
        )
    )


def test_several_fields_are_alternatives() -> None:
    assert restrict(Term("a"), ("causes", "symptoms")) == Or((Term("a", "causes"), Term("a", "symptoms")))
