from string import ascii_lowercase

import pytest

from indexer import Library, open_library
from indexer.search.more_like_this import MAX_WORDS_SHOWN, MIN_SHARED_TERMS

# Each article's words besides its title; a dozen others make "pain" and "doctor" common.
GOUT = (
    "Urate crystals inflame the joint. The urate crystals form a tophus. "
    "Allopurinol lowers urate. Allopurinol is safe. A tophus drains."
)
TEXTS = {
    "gout-toe": ("Gout, right toe", f"The toe swells. {GOUT}"),
    "gout-knee": ("Gout, left knee", f"The knee swells. {GOUT}"),
    "calculus": (
        "Kidney stone",
        "Urate crystals, and crystals of calcium, make stones. Allopurinol lowers urate. Drink more.",
    ),
    "tumor": (
        "Tumor lysis syndrome",
        "Cells burst and urate floods the blood. Urate crystals block kidneys. Allopurinol prevents it.",
    ),
    "cough": ("Cough", "A cough clears the airways. A tophus is not known here."),
    **{
        f"other-{number}": (f"Ailment {letter * 5}", f"Nobody knows {letter * 4}.")
        for number, letter in enumerate(ascii_lowercase)
    },
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    top = tmp_path_factory.mktemp("related")
    for id, (title, text) in TEXTS.items():
        (top / f"{id}.txt").write_text(f"{title}\n\n{title} hurts.\n\nCauses\n\n{text}\n")
    library = open_library(top / "index")
    library.sync([top])
    return library


def test_conditions_that_share_typical_terms_are_related_and_the_words_are_shown(library: Library) -> None:
    related = library.related("gout-toe")
    assert {each.document.id for each in related} == {"calculus", "tumor"}
    for each in related:
        assert {"urate", "allopurinol"} <= set(each.words)
        assert MIN_SHARED_TERMS <= len(each.words) <= MAX_WORDS_SHOWN
    assert related[0].score >= related[1].score > 0


def test_the_other_sites_of_the_condition_are_never_related(library: Library) -> None:
    for id in TEXTS:
        document = library.get(id)
        assert document
        conditions = [each.document.condition_key for each in library.related(id, limit=20)]
        assert document.condition_key not in conditions
        assert len(set(conditions)) == len(conditions)
    assert "Gout" in [each.document.condition for each in library.related("tumor")]


def test_a_word_in_common_relates_nothing(library: Library) -> None:
    assert library.related("cough") == ()
    assert library.related("other-3") == ()


def test_the_limit_holds_and_an_unknown_id_has_none(library: Library) -> None:
    assert len(library.related("gout-toe", limit=1)) == 1
    assert library.related("gout-toe", limit=0) == ()
    assert library.related("nothing") == ()


@pytest.mark.parametrize(
    "condition, other, word",
    [
        ("calculus-of-kidney", "Calculus of ureter", "stone"),
        ("benign-paroxysmal-vertigo", "Ménière's disease", "vertigo"),
        ("migraine-without-aura", "Migraine with aura", "migraine"),
        ("addison-s-disease", "Hypothyroidism", "autoimmune"),
        ("tinea-corporis", "Athlete's foot", "tinea"),
    ],
)
def test_an_editor_would_agree(corpus_library: Library, condition: str, other: str, word: str) -> None:
    id = next(each.id for each in corpus_library.scan(filters={"condition": [condition.replace("-s-", "s-")]}))
    words = {each.document.condition: each.words for each in corpus_library.related(id)}
    assert word in words[other]
