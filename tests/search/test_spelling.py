import string

from hypothesis import given
from hypothesis import strategies as st

from indexer.search.spelling import MAX_CORRECTIONS, Speller

WORDS = ("asthma", "anemia", "abscess", "syndrome", "symptom", "fever", "never", "femur", "osteomyelitis", "gout")


def speller(**documents: int) -> Speller:
    return Speller((word, word, documents.get(word, 5)) for word in (*WORDS, *documents))


def test_one_edit_of_every_kind_is_corrected() -> None:
    for typed, intended in (("asthmma", "asthma"), ("asthm", "asthma"), ("astgma", "asthma"), ("astham", "asthma")):
        assert speller().correct(typed)[0] == intended


def test_two_edits_are_corrected_in_longer_words() -> None:
    assert speller().correct("ostemyelitas") == ("osteomyelitis",)
    assert speller().correct("gxut") == ("gout",)
    assert speller().correct("gxxt") == ()


def test_words_too_short_or_too_far_are_left_alone() -> None:
    assert speller().correct("gou") == ()
    assert speller().correct("zyzzyx") == ()


def test_a_known_word_is_no_correction_of_itself() -> None:
    assert "fever" not in speller().correct("fever")
    assert "never" in speller().correct("fever")


def test_what_is_heard_or_struck_alike_comes_first() -> None:
    assert speller().correct("sindrome")[0] == "syndrome"
    assert speller(cold=5, bold=5).correct("vold")[0] in ("bold", "cold")  # both keys lie beside v
    assert speller(cold=5, gold=5).correct("xold")[0] == "cold"


def test_the_frequent_word_comes_before_the_rare_one() -> None:
    assert speller(liver=1000, lover=1).correct("lwver")[0] == "liver"
    assert speller(liver=1, lover=1000).correct("lwver")[0] == "lover"


@given(word=st.sampled_from(WORDS), at=st.integers(0, 12), letter=st.sampled_from(string.ascii_lowercase))
def test_corrections_are_few_known_and_near(word: str, at: int, letter: str) -> None:
    typed = word[: at % len(word)] + letter + word[at % len(word) :]
    corrections = speller().correct(typed)
    assert len(corrections) <= MAX_CORRECTIONS
    assert set(corrections) <= set(WORDS) - {typed}
    assert typed in WORDS or word in corrections


def test_a_word_is_found_by_its_sound_however_many_letters_are_wrong() -> None:
    for typed, intended in (
        ("nuemonea", "pneumonia"),
        ("sudogout", "pseudogout"),
        ("hemmorage", "hemorrhage"),
        ("rumatizm", "rheumatism"),
        ("simptum", "symptom"),
    ):
        assert intended in speller(**{intended: 5}).correct(typed), typed


def test_two_unlikely_edits_of_a_short_word_correct_nothing() -> None:
    assert speller(often=50, outer=50, step=50).correct("osteo") == ()
    assert speller(tends=5, tense=5).correct("tenax") == ()
