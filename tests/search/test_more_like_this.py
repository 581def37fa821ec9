from string import ascii_lowercase

import pytest

from indexer import Library, open_library
from indexer.knowledge.icd10 import Code
from indexer.results import Related

# Each article's words besides its title; others make "pain" and "doctor" common.
GOUT = (
    "Urate crystals inflame the joint. The urate crystals form a tophus, or kidney stones. "
    "Allopurinol lowers urate. Allopurinol is safe. A tophus drains."
)
TEXTS = {
    "gout-toe": ("Gout, right toe", f"The toe swells. {GOUT}"),
    "gout-knee": ("Gout, left knee", f"The knee swells. {GOUT}"),
    "calculus": (
        "Kidney stone",
        "Urate crystals, and crystals of calcium, make stones. Allopurinol lowers urate, as in gout. Drink more.",
    ),
    "tumor": (
        "Tumor lysis syndrome",
        "Cells burst and urate floods the blood, as in gout. Urate crystals block kidneys. Allopurinol prevents it.",
    ),
    "boots": ("Zyzzyx", "Urate crystals on boots. Allopurinol on boots. A tophus of urate crystals in boots."),
    "cough": ("Cough", "A cough clears the airways. A tophus is not known here."),
    **{
        f"other-{number}": (f"Ailment {letter * 5}{number}", f"Nobody knows {letter * 4}.")
        for number, letter in enumerate(ascii_lowercase * 2)
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


def test_conditions_that_share_typical_terms_are_related_and_names_in_both_say_why(library: Library) -> None:
    related = library.related("gout-toe")
    assert {each.document.id: each.words for each in related} == {
        "calculus": ("kidney stones", "gout"),
        "tumor": ("gout",),
    }
    assert related[0].score >= related[1].score > 0


def test_words_that_are_no_names_of_diseases_relate_nothing(library: Library) -> None:
    assert library.related("boots") == ()
    assert "boots" not in {each.document.id for id in TEXTS for each in library.related(id, limit=20)}


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
        ("calculus-of-kidney", "Calculus of ureter", "colic"),
        ("benign-paroxysmal-vertigo", "Ménière's disease", "benign paroxysmal vertigo"),
        ("migraine-without-aura", "Migraine with aura", "migraine without aura"),
        (
            "addisons-disease",
            "Vitamin B12 deficiency anemia due to intrinsic factor deficiency",
            "pernicious anemia",
        ),
        ("tinea-corporis", "Athlete's foot", "athlete's foot"),
    ],
)
def test_an_editor_would_agree(corpus_library: Library, condition: str, other: str, word: str) -> None:
    words = {each.document.condition: each.words for each in _related(corpus_library, condition)}
    assert word in words[other]


def test_sites_and_the_narrowest_code_of_both_are_reasons(corpus_library: Library) -> None:
    (glaucoma,) = (
        each
        for each in _related(corpus_library, "age-related-nuclear-cataract")
        if each.document.condition.endswith("glaucoma")
    )
    assert glaucoma.sites == ("eye",)  # of a lens and of an eye
    assert glaucoma.code is None
    for each in _related(corpus_library, "bacterial-pneumonia"):
        if each.document.condition == "Viral pneumonia":
            assert each.code == Code("J09-J18", "Influenza and pneumonia")
            assert each.sites == ("lungs",)


def test_every_related_condition_has_a_reason_and_none_is_everyday_english(corpus_library: Library) -> None:
    documents = list(corpus_library.scan())[::6]
    related = [each for document in documents for each in corpus_library.related(document.id)]
    assert len(related) > 2 * len(documents)
    assert all(each.words or each.sites or each.code for each in related)
    assert not {"whole-body"} & {site for each in related for site in each.sites}
    words = {word for each in related for word in each.words}
    assert {"thigh", "boots", "wall", "knee", "water", "curves", "disease", "pain"}.isdisjoint(words)
    assert not any(word.isdigit() for word in words)


def _related(library: Library, condition: str) -> tuple[Related, ...]:
    id = next(each.id for each in library.scan(filters={"condition": [condition]}))
    return library.related(id)


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        ("burn-of-second-degree", "Palmar fascial fibromatosis"),  # a hand
        ("achilles-tendinitis", "Atherosclerosis"),
        ("adolescent-idiopathic-scoliosis", "Spinal stenosis"),
        ("episodic-tension-type-headache", "Heatstroke"),  # a headache
    ],
)
def test_a_place_a_region_or_a_common_word_of_a_name_alone_relates_nothing(
    corpus_library: Library, condition: str, other: str
) -> None:
    assert not [each for each in _related(corpus_library, condition) if each.document.condition.startswith(other)]


def test_two_that_are_much_alike_at_one_place_are_related(corpus_library: Library) -> None:
    related = {each.document.condition: each for each in _related(corpus_library, "carpal-tunnel-syndrome")}
    tendon = related["Radial styloid tenosynovitis [de Quervain]"]
    assert (tendon.sites, tendon.words, tendon.code) == (("wrist",), ("arthritis",), None)
