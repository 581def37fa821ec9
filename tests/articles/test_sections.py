import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.model import SECTION_KINDS, Section
from indexer.articles.passages import Passage
from indexer.articles.reader import parse_article
from indexer.articles.sections import sections_of

INTRODUCTION = "Gout is a form of arthritis that affects the big toe."
CAUSE = "It is caused by crystals of uric acid, which result from too much of it in the blood."
SYMPTOM = "Common symptoms include severe pain, swelling and redness."
DIAGNOSIS = "The diagnosis is confirmed by blood tests and a sample of joint fluid under the microscope."
TREATMENT = "Treatment includes naproxen, colchicine and other medications."


def prose(*paragraphs: str, heading: str | None = None) -> Passage:
    return Passage(heading, (), [[paragraph] for paragraph in paragraphs])


def kinds(sections: tuple[Section, ...]) -> list[str]:
    return [section.kind for section in sections]


def test_each_paragraph_finds_its_field() -> None:
    sections = sections_of([prose(INTRODUCTION, CAUSE, SYMPTOM, DIAGNOSIS, TREATMENT)])
    assert kinds(sections) == ["overview", "causes", "symptoms", "diagnosis", "treatment"]
    assert [section.heading for section in sections] == [None] * 5
    assert sections[1].evidence.startswith("cues '") and sections[1].evidence.endswith("(causes)")


def test_a_paragraph_of_two_fields_is_divided() -> None:
    sections = sections_of([prose(INTRODUCTION, CAUSE, f"{SYMPTOM} {DIAGNOSIS}")])
    assert [(section.kind, section.text) for section in sections[2:]] == [
        ("symptoms", SYMPTOM),
        ("diagnosis", DIAGNOSIS),
    ]


def test_one_stray_word_divides_nothing() -> None:
    text = f"{TREATMENT} A scan may be repeated. Surgery is rarely needed."
    assert kinds(sections_of([prose(INTRODUCTION, CAUSE, text)])) == ["overview", "causes", "treatment"]


def test_the_introduction_stays_whole_where_all_is_told_below() -> None:
    sections = sections_of([prose(f"{INTRODUCTION} {CAUSE}", CAUSE, SYMPTOM, TREATMENT)])
    assert sections[0].text == f"{INTRODUCTION} {CAUSE}"


def test_what_is_told_nowhere_else_is_taken_from_the_introduction() -> None:
    sections = sections_of([prose(f"{INTRODUCTION} {CAUSE}", SYMPTOM, TREATMENT)])
    assert [(section.kind, section.text) for section in sections[:2]] == [("overview", INTRODUCTION), ("causes", CAUSE)]


def test_a_heading_decides() -> None:
    sections = sections_of(
        [
            prose(INTRODUCTION),
            Passage("Why?", ("causes",), [[SYMPTOM], [TREATMENT]]),
            Passage("Help", ("treatment",), [[DIAGNOSIS]]),
        ]
    )
    assert [(section.kind, section.heading, section.evidence) for section in sections] == [
        ("overview", None, "it stands before the headings"),
        ("causes", "Why?", "heading 'Why?'"),
        ("treatment", "Help", "heading 'Help'"),
    ]
    assert sections[1].text == f"{SYMPTOM}\n{TREATMENT}"


def test_a_sub_heading_names_the_heading_above_it() -> None:
    (section,) = sections_of([Passage("In children", ("symptoms",), [[SYMPTOM]], "Signs")])
    assert (section.heading, section.evidence) == ("In children", "heading 'Signs'")


def test_a_heading_of_two_fields_leaves_the_choice_between_them() -> None:
    passage = Passage("Tests and treatment", ("diagnosis", "treatment"), [[DIAGNOSIS], [SYMPTOM], [TREATMENT]])
    sections = sections_of([passage])
    assert set(kinds(sections)) == {"diagnosis", "treatment"}
    assert sections[0].heading == "Tests and treatment"


def test_under_an_unknown_heading_stands_the_overview() -> None:
    morning = "The toe is swollen and hot, and shoes are too tight."
    hat = "Crystals of uric acid lie in the joint like sand."
    passages = [prose(INTRODUCTION), prose(morning, heading="One fine morning"), prose(hat, heading="A hat that fits")]
    assert [(section.kind, section.heading) for section in sections_of(passages)] == [
        ("overview", None),
        ("overview", "One fine morning"),
        ("overview", "A hat that fits"),
    ]


def test_an_unknown_heading_gives_way_to_overwhelming_evidence() -> None:
    told = "Symptoms include pain, fever, chills, swelling and a rash. The first signs are itching and nausea."
    _, section = sections_of([prose(INTRODUCTION), prose(told, heading="One fine morning")])
    assert section.kind == "symptoms"


def test_a_heading_over_everything_is_as_good_as_none() -> None:
    paragraphs = (INTRODUCTION, CAUSE, SYMPTOM, TREATMENT)
    sections = sections_of([Passage("Gout for beginners", (), [[paragraph] for paragraph in paragraphs])])
    assert [section.kind for section in sections] == ["overview", "causes", "symptoms", "treatment"]


def test_a_conclusion_goes_to_the_overview() -> None:
    conclusion = "In conclusion, gout can be treated."
    sections = sections_of([Passage("Treatment", ("treatment",), [[TREATMENT], [conclusion]])])
    assert [(section.kind, section.text) for section in sections] == [
        ("treatment", TREATMENT),
        ("overview", conclusion),
    ]


def test_a_list_belongs_to_the_line_that_leads_to_it() -> None:
    groups = [[INTRODUCTION], [CAUSE], ["The first symptoms are:", "fever", "blood in the stool", "a visible mass"]]
    sections = sections_of([Passage(None, (), groups)])
    assert sections[-1].kind == "symptoms"
    assert sections[-1].text == "The first symptoms are:\nfever\nblood in the stool\na visible mass"


def test_a_list_of_one_point_about_each_field_is_a_digest() -> None:
    (section,) = sections_of([Passage(None, (), [[CAUSE, SYMPTOM, DIAGNOSIS, TREATMENT]])])
    assert section.kind == "overview"


def test_nothing_gives_nothing() -> None:
    assert sections_of([]) == ()
    assert sections_of([Passage("Causes", ("causes",)), Passage()]) == ()


SENTENCE = st.sampled_from([INTRODUCTION, CAUSE, SYMPTOM, DIAGNOSIS, TREATMENT, "Why?", "It may.", "x"])
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join)
PASSAGE = st.builds(
    Passage,
    st.none() | st.just("A heading"),
    st.lists(st.sampled_from(SECTION_KINDS), unique=True, max_size=3).map(tuple),
    st.lists(st.lists(PARAGRAPH, min_size=1, max_size=3), max_size=4),
)


@given(st.lists(PASSAGE, max_size=4))
def test_every_sentence_lands_in_exactly_one_section_in_order(passages: list[Passage]) -> None:
    sections = sections_of(passages)
    given_text = " ".join(paragraph for passage in passages for group in passage.groups for paragraph in group)
    assert re.split(r"\s+", " ".join(section.text for section in sections)) == re.split(r"\s+", given_text)
    for section in sections:
        assert section.text.strip() == section.text != ""
        assert "\n\n" not in section.text
        assert section.evidence


def test_a_field_that_would_be_missing_is_favoured() -> None:

    paragraphs = (
        "Whooping cough is an infection of the airways.",
        "Fever and a cough come first, and vomiting may follow.",
        "Germs that float in the air are at work, and most people were near a person who coughs.",
        "A swab is sent to the laboratory to confirm the diagnosis.",
        "Treatment is with antibiotics.",
    )
    kinds = [section.kind for section in parse_article("a", "\n\n".join(paragraphs)).sections]
    assert kinds == ["overview", "symptoms", "causes", "diagnosis", "treatment"]


def test_a_long_text_introduces_its_subject_in_more_than_one_paragraph() -> None:
    mechanism = "Uric acid is a protein waste that builds up in the blood when the kidneys keep too little back."
    fillers = [SYMPTOM, DIAGNOSIS, TREATMENT] * 5
    long = sections_of([prose(INTRODUCTION, mechanism, CAUSE, *sorted(fillers))])
    assert mechanism in long[0].text and kinds(long)[:2] == ["overview", "causes"]


def test_a_paragraph_that_names_its_subject_first_is_not_swallowed_by_its_neighbours() -> None:
    risk = "Smoking and heavy drinking raise the risk, and germs or toxins are behind a few cases."
    named = "The signs and symptoms of gout depend on the genes, bacteria and toxins behind it, and on the defect."
    sections = sections_of([prose(INTRODUCTION, CAUSE, risk, named, TREATMENT)])
    assert kinds(sections) == ["overview", "causes", "symptoms", "treatment"]


def test_pointers_to_other_pages_stay_with_the_text_around_them() -> None:
    pointers = "For more information, visit the website below. Learn more about gout. More information is elsewhere."
    assert kinds(sections_of([prose(INTRODUCTION, CAUSE, f"{TREATMENT} {pointers}")])) == [
        "overview",
        "causes",
        "treatment",
    ]


def test_a_short_announcement_stays_with_its_paragraph() -> None:
    paragraph = "Avoidance beats repair. People inject insulin daily, and tablets or surgery help others."
    sections = sections_of([prose(INTRODUCTION, CAUSE, SYMPTOM, DIAGNOSIS, paragraph)])
    assert (sections[-1].kind, sections[-1].text) == ("treatment", paragraph)


SYMPTOMS = "The skin itches and turns red. Small blisters and swelling follow, and some people have a fever."
TESTS = "The diagnosis is made by a look at the skin. A blood test or a swab helps in doubtful cases."
CARE = "Treatment is a cream with a steroid, used twice a day. Tablets are prescribed if it does not help."


@pytest.mark.parametrize(
    "causes",
    [
        "The mite passes from person to person during long contact, such as holding hands. Crowded homes help it.",
        "In about nine of ten people, the cause is in the diet. Garlic, coffee and alcohol add to the problem.",
        "It comes from a mix of genes and life events. Loss in childhood is common, but not everyone had one.",
        "Damp cold and sweat are the leading causes all over the world. Some people simply wear the wrong shoes.",
        "There are many possible causes. Poor light, dementia and medicines often play a part.",
        "The germ spreads through drops in the air and on cups. Those with fewer than two doses have it most.",
        "Most growths come from old scars. The risk grows with age, and smoking and little exercise add to the risk.",
        "Wax piles up if it is pushed back. Swabs press it inward, and narrow canals make matters worse.",
        "The virus enters through tiny breaks. It may take months, and people with weak immunity are most at risk.",
        "Almost any strain can be the cause. Drugs that may bring it on include some sleeping pills.",
    ],
)
def test_causes_between_introduction_and_symptoms(causes: str) -> None:
    introduction = "Something rash is a disease of the skin that comes and goes."
    sections = parse_article("a", "\n\n".join((introduction, causes, SYMPTOMS, TESTS, CARE))).sections
    assert [section.kind for section in sections] == ["overview", "causes", "symptoms", "diagnosis", "treatment"]
    assert sections[1].text == causes


@pytest.mark.parametrize(
    "treatment",
    [
        "Soothing is worth trying: rocking, a walk, a warm bath. Drops are safe but do little. Teas are not advised.",
        "Small meals pass best. Metoclopramide speeds up the stomach, and some need a feeding tube in the bowel.",
        "Vancomycin for ten days is preferred, as fewer people relapse. Other drugs are best avoided.",
        "It can often be turned around by losing weight. Group programs teach how, and metformin may be offered.",
    ],
)
def test_treatment_between_tests_and_the_end(treatment: str) -> None:
    causes = "The cause is a fungus that lives in soil. People catch it from dust."
    end = "Most people recover within weeks, and it seldom comes back."
    text = f"Something rash is a disease of the skin.\n\n{causes}\n\n{SYMPTOMS}\n\n{TESTS}\n\n{treatment}\n\n{end}"
    sections = parse_article("a", text).sections
    assert [section.text for section in sections if section.kind == "treatment"] == [treatment]


def test_a_favoured_field_takes_none_away() -> None:
    introduction = "Something rash is a disease of the skin. It is common."
    more = ("It is common in all countries.", "Most people recover within weeks.", "It seldom comes back.")
    sections = parse_article("a", "\n\n".join((introduction, *more, SYMPTOMS))).sections
    assert {section.kind for section in sections} >= {"overview", "symptoms"}
