import gc
import hashlib
import re
import subprocess
import sys
import tracemalloc
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.stem.snowball import SnowballStemmer

from indexer.text import analyzer, spelling_variants, stemming
from indexer.text import sentences as sentence_module
from indexer.text.analyzer import ANALYZER, SENTENCE_END, Analyzer, analyze_word, chunk_words, chunks, tokens
from indexer.text.sentences import SENTENCE_GAP, sentences


def terms(text: str) -> list[str]:
    return [token.term for token in tokens(text)]


@pytest.mark.parametrize(
    "one, other",
    [
        ("x-ray", "X rays"),
        ("M86.341", "m86341"),
        ("Crohn's", "Crohns"),
        ("Crohn’s", "crohn"),
        ("oedema", "edema"),
        ("haemorrhage", "hemorrhage"),
        ("anaemia", "anemia"),
        ("tumours", "tumor"),
        ("oesophagus", "esophagus"),
        ("diarrhoea", "diarrhea"),
        ("paralysed", "paralyzed"),
        ("fibre", "fiber"),
        ("diagnoses", "diagnosis"),
        ("metastases", "metastasis"),
        ("vertebrae", "vertebra"),
        ("Sjögren", "Sjogren's"),
        ("T-cell", "t cells"),
        ("inflammation", "inflamed"),
        ("diagnosed", "diagnosis"),
        ("arthritic", "arthritis"),
        ("bones", "bone"),
    ],
)
def test_spellings_of_one_thing_share_their_term(one: str, other: str) -> None:
    assert terms(one) == terms(other)
    assert len(terms(one)) == 1


@pytest.mark.parametrize(
    "one, other", [("gout", "goat"), ("M86.341", "M86.342"), ("type 1", "type 2"), ("hour", "hor")]
)
def test_different_things_keep_different_terms(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_function_words_give_no_token_but_a_letter_does() -> None:
    assert [token.word for token in tokens("hepatitis A is of the liver")] == ["hepatitis", "a", "liver"]


def test_hyphens_join_a_letter_and_part_words() -> None:
    assert [token.word for token in tokens("non-Hodgkin x-ray")] == ["non", "hodgkin", "xray"]


def test_positions_jump_between_sentences() -> None:
    first, second, third = tokens("Bone pain. Fever")
    assert (first.position, second.position, third.position) == (0, 1, 2 + SENTENCE_GAP)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Pain lasts. It goes.", ["Pain lasts.", "It goes."]),
        ("See Dr. Smith about it. Then rest.", ["See Dr. Smith about it.", "Then rest."]),
        ("Drugs, e.g. Aspirin, help.", ["Drugs, e.g. Aspirin, help."]),
        ("About 2.5 in 100. Most recover.", ["About 2.5 in 100.", "Most recover."]),
        ("First line\nsecond line", ["First line", "second line"]),
        ("  \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


_PIECES = st.sampled_from(
    [
        "The bone hurts.",
        "Why?",
        "See Fig. 2.",
        "It is 3.5 cm!",
        "Dr. X came.",
        "no end",
        "(it is so.)",
        "in 2020.",
        "vitamin B. burgdorferi",
        "e.g.",
        "The",
        "and",
        "(CMO).",
        "mid-no.",
        "5.",
        "20%.",
    ]
)


@given(st.lists(_PIECES))
def test_the_fast_path_agrees_with_punkt(parts: list[str]) -> None:
    text = " ".join(parts)
    expected = [text[start:end] for start, end in sentence_module._punkt().span_tokenize(text)]
    assert [text[start:end] for start, end in sentences(text)] == expected


ENDS = (
    "word.",
    "e.g.",
    "etc.",
    "2.",
    "C.",
    "(x.)",
    "why?",
    "no!)",
    "...",
    "”",
    "Next",
    " ",
    "\n",
    "\n\n",
    " \n ",
    "\t",
    "x",
)


@given(st.lists(st.sampled_from(ENDS)).map("".join) | st.lists(st.sampled_from(ENDS)).map(" ".join))
def test_line_by_line_sentences_are_those_of_the_whole_text(text: str) -> None:
    assert list(sentences(text)) == list(sentence_module._spans(text))


@given(st.text(max_size=200) | st.text(alphabet="abX-ray'’. M86é\u0301\n", max_size=60))
def test_spans_are_in_order_and_analyse_to_their_term_again(text: str) -> None:
    last = 0
    for token in tokens(text):
        assert last <= token.start < token.end <= len(text)
        last = token.end
        assert [(t.term, t.word) for t in tokens(text[token.start : token.end])] == [(token.term, token.word)]


SPACED = (
    "x ray",
    "X rays",
    "T cell",
    "b Cells",
    "c section",
    "ab",
    "x",
    "'x ray",
    "t",
    "cell",
    "x-ray",
    ".",
    "\n",
    "é",
)


@given(
    st.text(max_size=200)
    | st.text(alphabet="abX-ray'’. M86é\u0301\n5,\x01\x02", max_size=60)
    | st.lists(st.sampled_from(SPACED)).map(" ".join)
)
def test_words_as_typed_analyse_to_the_tokens(text: str) -> None:
    analyzed, position = [], 0
    for chunk in chunks(text):
        pairs = [pair for pair in map(analyze_word, chunk_words(chunk)) if pair[0]]
        analyzed += [(*pair, position + number) for number, pair in enumerate(pairs)]
        position += SENTENCE_GAP if chunk == SENTENCE_END else len(pairs)
    assert analyzed == [(token.term, token.word, token.position) for token in tokens(text)]


@given(
    st.lists(
        st.text(max_size=100)
        | st.text(alphabet="abX-ray'’. ,;M86é\u0301\n5\x01\x02", max_size=60)
        | st.lists(st.sampled_from(SPACED)).map(" ".join),
        max_size=3,
    )
)
def test_term_frequencies_count_the_tokens(texts: list[str]) -> None:
    counted = Counter(token.term for text in texts for token in tokens(text))
    for _ in range(2):  # the second time from the memo
        assert ANALYZER.term_frequencies(texts) == counted


@given(st.text(max_size=100) | st.lists(st.sampled_from(SPACED)).map(" ".join), st.sampled_from(("", "c", "xr", "t")))
def test_what_is_found_are_tokens(text: str, prefix: str) -> None:
    every = tokens(text)
    terms = {token.term for token in every[::2]}
    prefixes = (prefix,) if prefix else ()
    expected = [(t.start, t.end) for t in every if t.term in terms or t.word.startswith(prefixes)]
    assert ANALYZER.find(text, terms, prefixes) == expected


@given(
    st.lists(st.sampled_from(("a", "word", "e.g", "vs", "M86.3", ".", ". ", "? ", " ", "\n", ",", "é", "“", "”", ")")))
)
def test_a_plain_text_is_divided_as_by_its_marks(parts: list[str]) -> None:
    text = "".join(parts)
    spans = sentence_module._plain_spans(text)
    assert not spans or spans == list(sentence_module._marked_spans(text))


@given(
    st.text(alphabet=st.characters(max_codepoint=127), max_size=200)
    | st.text(alphabet="abX-ray'. M86_5,\n", max_size=60)
)
def test_the_pattern_for_ascii_is_the_same(text: str) -> None:
    assert analyzer._ASCII_TOKEN.findall(text) == analyzer._TOKEN.findall(text)


def test_a_word_without_end_is_cut() -> None:
    (token,) = tokens("a" * 100_000)
    assert len(token.word) == analyzer.MAX_WORD


@given(
    st.from_regex("[a-z]{1,8}", fullmatch=True),
    st.sampled_from(
        "a ali ator bli enci ful fulli fulness h ible ic ical ing iveness ization li logi ment ness t ti us".split()
    ),
    st.from_regex("[a-z]?", fullmatch=True),
)
def test_an_ending_that_is_not_looked_at_is_one_that_the_stemmer_leaves(root: str, ending: str, last: str) -> None:
    word = root + ending + last
    if not word.endswith(stemming._ENDINGS):
        assert SnowballStemmer("english").stem(word) == word


def test_a_word_is_looked_through_where_a_spelling_may_differ() -> None:
    for pattern, _ in spelling_variants._REPLACEMENTS:
        letters = re.sub(r"\(\?[^()]*\)|[\^$]", "", pattern)
        assert letters.isalpha() and spelling_variants._LETTERS_OF_ANY.search(letters), pattern


def test_analyzers_keep_their_own_vocabularies() -> None:
    one, other = Analyzer({"bones": "one"}.get), Analyzer({"bones": "other"}.get)
    for _ in range(2):
        assert [analyzer.terms("Bones ached") for analyzer in (one, other)] == [("one", "ach"), ("other", "ach")]
        assert [token.term for token in tokens("Bones ached")] == ["bone", "ach"]


def test_words_that_were_learned_are_not_asked_for_again() -> None:
    asked: list[str] = []
    learned = Analyzer(asked.append)  # a vocabulary that knows nothing
    learned.learn([("bones", "bone"), ("x-rays", "wrong"), ("é", "wrong")])
    assert learned.terms("Bones, BONES and bones’s ached") == ("bone", "bone", "bone", "ach")
    assert asked == ["ached"]
    assert learned.terms("X-rays, é") == ("xray", "e")


def test_no_more_words_are_learned_than_are_memoized(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyzer, "MAX_ANALYZED", 4)
    learned = Analyzer()
    learned.learn((word, "learned") for word in ("bones", "aches", "pains"))
    assert learned.terms("bones aches pains") == ("learned", "learned", "pain")


@given(st.text(max_size=200) | st.text(alphabet="abX-ray'’. M86é\u0301\n", max_size=60))
def test_terms_are_those_of_the_tokens(text: str) -> None:
    assert Analyzer().terms(text) == tuple(token.term for token in tokens(text))


def test_stemming_needs_no_statistics() -> None:
    program = (
        "import sys; from indexer.text.stemming import stem; assert stem('infections') == 'infect';"
        "print('nltk' in sys.modules, 'scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


# Something of everything that the chain treats in its own way.
PROBE = (
    "M86.341 and x-ray. Crohn’s oedema, haemorrhage of tumours; Sjögren's T cells. Dr. Smith found 1,5 mg"
    " (C. acnes).\n"
    "Inflammatory arthritis, hepatitis and hepatic diagnoses; allergic, paralysed vertebrae were "
    "crystallizing? Yes! No... infections\n"
    "Lying skies, generalizations, agencies: consistency. pneumonoultramicroscopicsilicovolcanoconiosis "
    "75,000 MRSA β-blocker œdema"
)


def test_whoever_changes_the_tokens_raises_the_version() -> None:
    fingerprint = hashlib.blake2b(repr([tuple(token) for token in tokens(PROBE)]).encode(), digest_size=8).hexdigest()
    assert (analyzer.VERSION, fingerprint) == (2, "548cbf99d464da64"), (
        "raise analyzer.VERSION, and note the new fingerprint here"
    )


@pytest.mark.parametrize("unit", ["1. ", ". . . x. ", "x.y. ", ".", "U.S.a. b "])
def test_marks_without_end_are_no_sentences_and_ask_punkt_for_little(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    spans = list(sentences(text))
    assert spans[-1][1] == len(text.rstrip())
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_words_that_nobody_has_written_take_a_bounded_part_of_memory() -> None:
    made_up = Analyzer(lambda word: word)
    tracemalloc.start()
    for number in range(300):
        made_up.tokens(f"{number} " + " ".join("\U00020000" * 900 + str(word) for word in range(4)))
        made_up.terms("\U00020000" * 900 + str(number))
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 2 << 20
