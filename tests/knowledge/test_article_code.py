import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.knowledge import article_code, body_sites, icd10
from indexer.knowledge.body_sites import BodyLocation, Side
from indexer.knowledge.code_locations import refine
from indexer.knowledge.coded_names import CodeMatch, Coding


def code_and_match(
    title: str, stated: str | None = None, names: tuple[str, ...] = (), *sentences: str
) -> tuple[str | None, CodeMatch | None]:
    assigned = article_code.assign_code(stated, title, names, sentences)
    return assigned.code, assigned.match


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Chronic multifocal osteomyelitis, right hand", "M86.341"),
        ("Chronic Multifocal Osteomyelitis of the Right Hand", "M86.341"),
        ("Frozen shoulder, right", "M75.01"),
        ("Frozen Left Shoulder (Adhesive Capsulitis)", "M75.02"),
        ("Tennis elbow, left arm", "M77.12"),
        ("Carpal tunnel syndrome on the right", "G56.01"),
        ("Cellulitis of the left leg", "L03.116"),
        ("Deep vein thrombosis of the right leg", "I82.401"),
        ("Primary osteoarthritis of both hips", "M16.0"),
        ("Stress fracture in the right tibia", "M84.361"),
        ("Sprain of the left ankle", "S93.402"),
        ("Right-sided heart failure", "I50.810"),
        ("Breast cancer", "C50"),
        ("Breast cancer, upper-outer quadrant of right female breast", "C50.411"),
        ("Abscess of the liver", "K75.0"),
        ("Anaemia", "D64.9"),
    ],
)
def test_titles_of_one_code_are_exact(title: str, code: str | None) -> None:
    assert code_and_match(title) == (code, "exact" if code else None)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Gout of the left ankle", "M10"),
        ("Osteoarthritis of the left knee", "M17"),
        ("Bell's palsy, right side", "G51.0"),
        ("Chronic multifocal osteomyelitis, right", "M86.3"),
        ("Rheumatoid arthritis in the right wrist", "M06.9"),  # not "other specified"
        ("Refractory celiac disease", "K90.0"),
        ("Asthma in children", "J45"),
        ("Ehlers-Danlos syndrome, spondylocheirodysplastic type", "Q79.6"),
    ],
)
def test_titles_narrower_than_any_code_have_its_heading(title: str, code: str) -> None:
    assert code_and_match(title) == (code, "parent")


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Adult dermatomyositis with myopathy", "M33.12"),
        ("Lung cancer of the left upper lobe", "C34.12"),
        ("Mucopurulent conjunctivitis of the left eye", "H10.022"),
        ("Acute tracheitis with obstruction of the windpipe", "J04.11"),
        ("Parasites - scabies", None),
        ("Scabies: a mite under the skin", "B86"),
    ],
)
def test_titles_that_begin_with_a_name_have_an_inferred_code(title: str, code: str | None) -> None:
    assert code_and_match(title) == (code, "inferred" if code else None)


@pytest.mark.parametrize(
    "title",
    [
        "Broken left wrist",
        "Swelling around the right hand",
        "Huntington disease-like syndrome",
        "Cancer chemotherapy",
        "Cyst of the left kidney",
        "",
        "???",
    ],
)
def test_doubtful_titles_have_no_code(title: str) -> None:
    assert code_and_match(title) == (None, None)


def test_a_stated_code_counts_before_the_title() -> None:
    assert code_and_match("Gout, right ankle and foot", "M10.071") == ("M10.071", "exact")
    assert code_and_match("Whatever it is", "m86341") == ("M86.341", "exact")
    assert code_and_match("Myositis ossificans progressiva, lower leg", "M61.16") == ("M61.16", "exact")


def test_a_title_with_another_code_is_an_issue() -> None:
    assigned = article_code.assign_code("M61.162", "Idiopathic gout, right hand", (), ())
    assert (assigned.code, assigned.match) == ("M61.162", "exact")
    assert [flag for flag, _ in assigned.problems] == ["code-differs"]
    assert "M10.041" in assigned.problems[0][1]
    assert article_code.assign_code("M10.042", "Idiopathic gout, right hand", (), ()).problems == ()


def test_a_stated_code_that_does_not_exist_is_an_issue() -> None:
    assigned = article_code.assign_code("M61.167", "A strange disease", (), ())
    assert (assigned.code, assigned.match) == ("M61.16", "parent")
    assert [flag for flag, _ in assigned.problems] == ["unknown-code"]
    assigned = article_code.assign_code("QQ9.1", "Idiopathic gout, right hand", (), ())
    assert (assigned.code, assigned.match) == ("M10.041", "exact")
    assert [flag for flag, _ in assigned.problems] == ["unknown-code"]
    assigned = article_code.assign_code("M61.167", "Myositis ossificans progressiva, right lower leg", (), ())
    assert (assigned.code, assigned.match) == ("M61.161", "exact")


def test_a_stated_range_only_says_where_the_code_has_to_be() -> None:
    assert code_and_match("Gallstones", "K80-K87") == code_and_match("Gallstones")
    assert code_and_match("Gallstones", "J40-J47") == (None, None)
    assert code_and_match("A stubborn rash", "L40.0-L40.9") == ("L40", "parent")


def test_a_second_code_is_an_issue_only_where_it_contradicts() -> None:
    def flags(stated: str, *others: str) -> list[str]:
        return [flag for flag, _ in article_code.assign_code(stated, "Whatever it is", (), (), others).problems]

    assert flags("L40.0", "L40.0", "L40.4", "L40-L45", "696.1") == []
    assert flags("L40.0", "J45.909") == ["code-differs"]
    assert flags("E85.4", "N08") == []  # glomerular disorders in diseases classified elsewhere


def test_the_first_sentence_may_say_more_than_the_title() -> None:
    sentence = "Chronic multifocal osteomyelitis, unspecified tibia and fibula, is rare."
    assert code_and_match("Chronic multifocal osteomyelitis", None, (), sentence) == ("M86.369", "inferred")
    assert code_and_match(
        "A bone disease", None, (), "Chronic multifocal osteomyelitis of the right hand is painful."
    ) == (
        "M86.341",
        "inferred",
    )
    assert code_and_match("Chronic multifocal osteomyelitis", None, (), "Gout is another disease.") == (
        "M86.3",
        "exact",
    )


@pytest.mark.parametrize(
    ("title", "sentence", "code"),
    [
        ("Ridge Point Cough", "Cough is what begins it.", None),
        ("Delta Lake Fever", "Fever comes first and lasts a week.", None),
        ("High fever", "Fever is a raised temperature of the body.", "R50.9"),
        ("Workplace Asthma", "Asthma is a disease of the airways.", "J45.909"),
    ],
)
def test_a_proper_name_that_ends_with_a_symptom_is_not_that_symptom(
    title: str, sentence: str, code: str | None
) -> None:
    assert code_and_match(title, None, (), sentence)[0] == code


def test_other_names_are_looked_up_last() -> None:
    assert code_and_match("Myocardial trouble", None, ("NSTEMI", "Non-ST elevation myocardial infarction")) == (
        "I21.4",
        "inferred",
    )
    assert code_and_match("Hard to move, right side", None, ("frozen shoulder",)) == ("M75.01", "inferred")


def test_refine() -> None:
    assert refine("M86.3", BodyLocation(("hand",), "left")) == "M86.342"
    assert refine("M86.3", BodyLocation((), "left")) is None
    assert refine("M75.0", BodyLocation((), "left")) == "M75.02"
    assert refine("K90.0", BodyLocation((), "left")) is None


@pytest.mark.parametrize(
    ("code", "sites", "side", "completed"),
    [
        ("M86.3", ("hand",), "right", "M86.341"),
        ("M86.3", ("hand", "bones-joints-and-muscles"), "right", "M86.341"),
        ("M86.34", ("finger",), "right", "M86.341"),
        ("M86.349", (), "left", "M86.342"),
        ("M86.349", ("hand",), "left", "M86.342"),
        ("M86.341", ("hand",), "left", "M86.341"),  # its own side stays
        ("M86.3", (), "right", "M86.3"),
        ("M75.0", ("shoulder",), "left", "M75.02"),
        ("G56.0", ("wrist", "hand"), "left", "G56.02"),
        ("L03.90", ("lower-limb",), "right", "L03.115"),
        ("M20.1", ("toe",), "left", "M20.12"),
        ("H25.1", (), "bilateral", "H25.13"),
        ("M10.9", ("foot",), "right", "M10.9"),  # idiopathic or not: the location does not say
        ("J45", ("lungs",), None, "J45"),
    ],
)
def test_a_code_is_completed_by_the_location_of_its_article(
    code: str, sites: tuple[str, ...], side: Side | None, completed: str
) -> None:
    assert article_code.complete_code(code, BodyLocation(sites, side)) == completed


@pytest.mark.parametrize(
    ("sentence", "code", "match"),
    [
        ("Acute appendicitis is common.", "K35.80", "inferred"),
        ("Chronic multifocal osteomyelitis (CMO), right hand, is rare.", "M86.341", "inferred"),
        ("Idiopathic gout of the right hand, or primary gout in the fingers, happens.", "M10.041", "inferred"),
        ("Pseudogout, classified as other chondrocalcinosis, right wrist, is painful.", "M11.231", "inferred"),
        ("Breathing trouble (asthma) is common.", "J45.909", "inferred"),
        ("Gout of the left ankle is painful.", "M10", "parent"),
        ("It hurts.", None, None),
        ("Some people have asthma.", None, None),
        ("Nijmegen breakage syndrome causes small stature and intellectual disabilities.", None, None),
    ],
)
def test_the_code_of_the_subject_of_a_sentence(sentence: str, code: str | None, match: CodeMatch | None) -> None:
    assert code_and_match("Something that hurts", None, (), sentence) == (code, match)


def test_a_name_that_stands_after_the_verb_is_not_the_subject() -> None:
    assert list(article_code.codings_in_sentence("The wrist is sore in what is called gout.")) == [
        (Coding("M10.9", "inferred"), False)
    ]
    assert code_and_match("A sore wrist", None, (), "The wrist is sore in what is called gout.") == (None, None)


WORDS = sorted({word for code in icd10.codes()[::150] for word in icd10.title(code).split()})


@given(st.lists(st.sampled_from(WORDS), max_size=6), st.lists(st.sampled_from(WORDS), max_size=9))
def test_words_of_the_table_in_any_order_give_a_code_or_none(title: list[str], sentence: list[str]) -> None:
    assigned = article_code.assign_code(None, " ".join(title), (), (" ".join(sentence),))
    assert assigned.code is None or icd10.exists(assigned.code)


@given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=8)), st.lists(st.text(max_size=20), max_size=2))
def test_any_text_gives_a_code_or_none(title: str, stated: str | None, names: list[str]) -> None:
    assigned = article_code.assign_code(stated, title, names, names)
    assert (assigned.code is None) == (assigned.match is None)
    assert assigned.code is None or icd10.exists(assigned.code)


@given(st.sampled_from(icd10.codes()), st.sampled_from([*body_sites.tree()]), st.sampled_from(["right", "left", None]))
def test_a_completed_code_is_in_the_same_category(code: str, site: str, side: Side | None) -> None:
    completed = article_code.complete_code(code, BodyLocation((site,), side))
    assert icd10.exists(completed)
    assert completed[:3] == code[:3]


@given(st.sampled_from(icd10.codes()))
def test_a_code_that_is_stated_is_kept(code: str) -> None:
    assert code_and_match(icd10.title(code), code) == (code, "exact")
