import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.nodes import All, Alternatives, And, Node, Not, Or, Phrase, Prefix, Term
from indexer.query.parser import MAX_TEXT, parse_query

BONE, PAIN, FEVER = Term("bone"), Term("pain"), Term("fever")


@pytest.mark.parametrize(
    "text, root",
    [
        ("", All()),
        ("  ", All()),
        ("bone", BONE),
        ("bones pain", And((BONE, PAIN))),
        ("bone AND pain", And((BONE, PAIN))),
        ("bone OR pain", Or((BONE, PAIN))),
        ("bone or pain", And((BONE, PAIN))),
        ("bone | pain", Or((BONE, PAIN))),
        ("bone pain OR fever", Or((And((BONE, PAIN)), FEVER))),
        ("(bone OR fever) pain", And((Or((BONE, FEVER)), PAIN))),
        ('"bone pain"', Phrase(("bone", "pain"))),
        ("“bone pain”", Phrase(("bone", "pain"))),
        ('"bone"', BONE),
        ("pain -bone fever", And((PAIN, FEVER, Not(BONE)))),
        ("pain NOT bone", And((PAIN, Not(BONE)))),
        ('pain -"bone fever"', And((PAIN, Not(Phrase(("bone", "fever")))))),
        ("pain -(bone OR fever)", And((PAIN, Not(Or((BONE, FEVER)))))),
        ("causes:bone pain", And((Term("bone", "causes"), PAIN))),
        ("Causes:bone", Term("bone", "causes")),
        ('title:"bone pain"', Phrase(("bone", "pain"), "title")),
        ("causes:(bone OR pain)", Or((Term("bone", "causes"), Term("pain", "causes")))),
        ("site:hand pain", And((Term("hand", "site"), PAIN))),
        ('site:"upper limb"', Term("upper-limb", "site")),
        ("code:M86.341", Term("m86341", "code")),
        ("inflam*", Prefix("inflam")),
        ("symptoms:inflam*", Prefix("inflam", "symptoms")),
        ("M86.341", Alternatives((Term("m86341", "code"), Term("m86341")))),
        ("m86341", Alternatives((Term("m86341", "code"), Term("m86341")))),
        ("M86.3*", Alternatives((Term("m863", "code"), Prefix("m863")))),
        ("-ketothiolase", Term("ketothiolas")),
        ("lecithin:cholesterol", And((Term("lecithin"), Term("cholesterol")))),
        ("bone-pain", And((BONE, PAIN))),
        ("x ray bone", And((Term("xray"), BONE))),
        ("((bone)", BONE),
        ("bone)) pain", And((BONE, PAIN))),
        ('bone "pain', And((BONE, PAIN))),
        ("OR bone OR", BONE),
        ("NOT NOT bone", BONE),
        ("bone AND OR pain", Or((BONE, PAIN))),
        ("title:", Term("titl")),
    ],
)
def test_a_text_is_parsed(text: str, root: Node) -> None:
    assert parse_query(text).root == root


@pytest.mark.parametrize("text", ["*", '"', '""', "🤔", "the of", "OR", "-", "(((", "a*", "..."])
def test_nothing_to_search_for_matches_nothing_and_says_so(text: str) -> None:
    query = parse_query(text)
    assert query.root == Or(())
    assert query.notes


def test_every_word_stays_with_its_clause_as_typed() -> None:
    clauses = parse_query('Bones "X-ray pain" -fever causes:Cold (gout OR Flu)').clauses
    assert [[(word.typed, word.term, word.quoted) for word in clause.words] for clause in clauses] == [
        [("Bones", "bone", False)],
        [("X-ray", "xray", True), ("pain", "pain", True)],
        [("Cold", "cold", False)],
        [("gout", "gout", False), ("Flu", "flu", False)],
        [],
    ]
    assert [clause.free for clause in clauses] == [True, False, False, False, False]


def test_a_word_in_quotation_marks_leaves_those_after_it_free() -> None:
    assert [(clause.node, clause.free) for clause in parse_query('"bone" pain').clauses] == [
        (BONE, False),
        (PAIN, True),
    ]


def test_limits_are_named() -> None:
    assert f"{MAX_TEXT:,}" in parse_query("bone " * 10_000).notes[0]
    assert "parentheses" in parse_query("(" * 12 + "bone" + ")" * 12).notes[0]
    assert parse_query("(" * 12 + "bone" + ")" * 12).root == BONE


def test_a_lone_surrogate_is_no_error() -> None:
    assert parse_query("\ud800bone pain").words[-1].term == "pain"


_PIECES = st.sampled_from(
    ["bone", "OR", "NOT", "AND", "-", "(", ")", '"', "*", "title:", "site:", "M86.3", " ", "é", "\ud800", "\0", "x-ray"]
)


@given(
    st.text(max_size=60) | st.lists(_PIECES, max_size=40).map("".join) | st.lists(_PIECES, max_size=40).map(" ".join)
)
def test_every_string_is_parsed_and_parses_the_same_again(text: str) -> None:
    query = parse_query(text)
    assert parse_query(query.text).root == query.root or not text.strip("\0 ")
    hash(query)


def test_a_range_of_codes_is_one_among_other_words() -> None:
    for text in ("stroke I60-I62", "I60-I62 stroke", "stroke i60 – i62", "code:I60-I62 stroke"):
        clauses = parse_query(text).clauses
        assert (
            Or(tuple(Term(code, "code") for code in ("i60-i62", "i60", "i61", "i62")))
            in [Or((*clause.node.nodes,)) if isinstance(clause.node, Or) else clause.node for clause in clauses]
            or "–" in text
        )
        assert Term("stroke") in [clause.node for clause in clauses]


def test_a_tag_takes_the_longest_name_of_a_site_and_leaves_the_rest() -> None:
    first, second = parse_query("site: lower leg swelling").clauses
    assert (first.node, first.tag) == (Term("lower-leg", "site"), "lower leg")
    assert second.node == Term("swell")


def test_words_carry_their_place_in_the_text() -> None:
    text = '  limp "bone marrow" -knee x-ray'
    parsed = parse_query(text)
    assert all(parsed.text[word.start :].startswith(word.typed) for word in parsed.words)
    assert len(parsed.words) == 4
