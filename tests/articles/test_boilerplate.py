from collections.abc import Iterator

import pytest

from indexer.articles.blocks import ExtractedText
from indexer.articles.boilerplate import (
    REPEATED,
    heading_boilerplate,
    is_cut_off,
    line_boilerplate,
    may_hold_boilerplate,
    repeated_sentences,
    sentence_boilerplate,
    sentence_key,
)
from indexer.articles.plain_text import extract_plain_text

OURS = "Ask the friendly people of the Riverside Clinic about it."


def reason(line: str) -> str | None:
    boilerplate = line_boilerplate(line)
    return boilerplate.reason if boilerplate else None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Gout, left foot digital illustration", "caption of an illustration"),
        ("Image credit: Bone Atlas", "caption of an illustration"),
        ("Gout, left foot Save", "button"),
        ("X Save", "button"),
        ("Share | Print | Email", "button"),
        ("Read more", "button"),
        ("Advertisement", "advertisement"),
        ("Home > Conditions > Bones", "breadcrumbs or menu"),
        ("About us | Terms | Accessibility", "breadcrumbs or menu"),
        ("On this page", "breadcrumbs or menu"),
        ("We use cookies to improve your experience. Accept all | Settings", "cookie notice"),
        ("Sign up for our newsletter", "newsletter"),
        ("To see full information about treatment please Sign up or Log in", "sign-up wall"),
        ("© 2026 Open Health Reader", "copyright"),
        ("Related articles: Gout | Flu", "links to other articles"),
        ("Was this page helpful?", "feedback form"),
        ("Medically reviewed by Dr. Ann Example, MD", "byline"),
        ("4-minute read", "byline"),
        ("By Tom Reyes, Science Correspondent", "byline"),
        ("View this message in a browser", "newsletter"),
        ("Manage email preferences", "newsletter"),
        ("Dear subscribers,", "newsletter"),
        ("You received this message because you joined our list.", "newsletter"),
        ("Give $25 today", "appeal for donations"),
        ("Every gift pays for an hour with a nurse", "appeal for donations"),
        ("(Redirected from Housemaid's knee)", "publication notes"),
        ("For the sea animal, see Cancer (genus).", "publication notes"),
        ("Show all answers", "button"),
        ("Hide details | Show details", "button"),
    ],
)
def test_boilerplate_by_its_pattern(line: str, expected: str) -> None:
    assert reason(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Symptoms",
        "Back",
        "Share needles with no one",
        "Sign of Leser-Trelat",
        "Related disorders include lupus.",
        "Open fractures",
        "Close contacts",
        "Issues of sleep",
        "Dear ones may notice it first",
        "For the pain of the first days, see a doctor.",
        "Ways to save energy through the day",
        "Most people can close the eye again within weeks.",
        "Contact with an infected person",
        "Pain > 3 days",
        "By mouth, twice a day",
        "Help at home",
        "Previous fracture",
    ],
)
def test_lines_of_articles_are_no_boilerplate(line: str) -> None:
    assert reason(line) is None


def dropped(text: str, repeated: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    return [
        (text[start:end], boilerplate.reason)
        for start, end, boilerplate in sentence_boilerplate(text, repeated)
        if boilerplate
    ]


def test_sentences_within_paragraphs() -> None:
    text = "Gout hurts. This article is for general information only and does not replace a visit to a doctor."
    assert dropped(text) == [(text[12:], "disclaimer")]
    text = "To read on, please log in or register. Gout hurts."
    assert dropped(text) == [(text[:38], "sign-up wall")]
    assert dropped("Sexual information and advice help couples. Patients may register pain in a diary.") == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Our site uses cookies for statistics.", "cookie notice"),
        ("Register for our weekly alerts.", "newsletter"),
        ("To continue you need to sign-up.", "sign-up wall"),
        ("(c) 2024 Bone Atlas.", "copyright"),
        ("All rights reserved.", "copyright"),
        ("This text does not replace a visit to a doctor.", "disclaimer"),
        ("It is not a replacement for medical care.", "disclaimer"),
        ("The site has content of general purpose and is not for emergencies.", "disclaimer"),
        ("Related conditions: lupus, gout.", "links to other articles"),
    ],
)
def test_boilerplate_within_paragraphs_is_found_by_its_words(sentence: str, expected: str) -> None:
    assert dropped(f"Gout hurts. {sentence}") == [(sentence, expected)]


def test_repeated_sentences() -> None:
    repeated = frozenset({sentence_key(OURS)})
    assert dropped(f"Gout hurts. {OURS.upper()}", repeated) == [(OURS.upper(), REPEATED.reason)]
    assert may_hold_boilerplate(OURS, repeated)
    assert not may_hold_boilerplate("Gout hurts.", repeated)


def library(count: int, share: int) -> Iterator[ExtractedText]:
    for number in range(count):
        ending = OURS if number < share else ""
        yield extract_plain_text(
            f"Article number {number} tells of one more condition. Symptoms\n\nSymptoms of it\n\n{ending}"
        )


def test_sentences_of_a_tenth_of_the_articles_are_repeated() -> None:
    assert repeated_sentences(library(40, 4)) == {sentence_key(OURS)}
    assert repeated_sentences(library(40, 3)) == frozenset()
    assert repeated_sentences(library(19, 19)) == frozenset()
    assert repeated_sentences(()) == frozenset()


def test_cut_off() -> None:
    assert is_cut_off("it's important to understan...")
    assert is_cut_off("it's important to understand […]")
    assert not is_cut_off("It hurts.")


PAGE_CHROME = {
    "site navigation": [
        "Skip to main navigation",
        "Search our site",
        "An official website of the state government",
        "Basket (3)",
        "Secure .gov websites use HTTPS",
        "Chat is closed",
        "Get our free app",
        "Contact our team",
        "Our heart specialists",
        "Telephone: 0161 555 0100",
        "Monday to Friday, 9 to 5",
        "Request a call 555-010-0199",
        "Causes | Symptoms | Tests | Treatment",
        "Visit us today",
    ],
    "appeal for donations": [
        "Donate today",
        "Get involved",
        "Only $9 a month feeds our research",
        "$10 $25 $50 other amount",
        "Your gift helps fund our nurses in every county.",
        "Registered charity in Wales (no. 555)",
    ],
    "shop": [
        "Shop now",
        "Free shipping on all creams",
        "People also viewed",
        "4.8 out of 5 stars (90)",
        "Order our starter kit",
        "Download this booklet",
        "If you buy something through a link we may earn a commission.",
        "A Book: Guide to Sleep",
    ],
    "comments": [
        "Leave a comment",
        '12 thoughts on "My knee"',
        "Older posts",
        "Powered by Ghost",
        "Archives",
        "Full name",
        "Your email address will not be published.",
        "Save my name, email and website for next time.",
    ],
    "publication notes": [
        "Updated on 3 May 2021",
        "Posted 2 days ago",
        "Date of issue: June 2020",
        "Keywords: joint, urate",
        "Senior health editor",
        "Exported from Obsidian",
        "Backlinks",
        "Most viewed",
        "Main article: Uric acid",
        '"Podagra" redirects here.',
        "This page was last changed on 3 May.",
        "To cite this page use the address above.",
        "By clicking Accept you agree to the rules.",
        "June 4, 2019",
        "www.gout.example.org",
        "Ann Lee, MD, PhD and Bo Ek, RN",
        "Cite this article: Lee A. Gout. 2020.",
    ],
    "feedback form": [
        "Is this page useful to you?",
        "Thanks for your feedback",
        "Report a problem with this page",
    ],
    "newsletter": [
        "Errors: the email field is required",
        "All the news in your inbox",
        "I would like to hear from you by post",
    ],
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [(line, kind) for kind, lines in PAGE_CHROME.items() for line in lines],
)
def test_chrome_of_pages_in_text_dumps(line: str, expected: str) -> None:
    assert reason(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "By midnight the pain is at its worst.",
        "By avoiding beer, many people have fewer attacks.",
        "Version of light therapy with a lamp at home",
        "Call 112 if you cannot breathe.",
        "Call your doctor if the fever lasts.",
        "Contact your team if the pain comes back.",
        "Follow your diet for a month.",
        "Give up smoking",
        "Share your worries with a friend.",
        "Get involved in a support group.",
        "Visit a dentist twice a year.",
        "Ask your pharmacist before you buy creams.",
        "People with a fever and a hot joint must be seen the same day.",
        "Warning: a hot joint with a fever is an emergency.",
        "When to see a doctor",
        "Symptoms and treatment",
        "Skip no dose of the tablets.",
        "In May 2020 a vaccine was approved.",
        "Tags of skin at the neck",
        "Plans for the day help people with memory loss.",
    ],
)
def test_advice_that_begins_as_chrome_does_is_kept(line: str) -> None:
    assert reason(line) is None
    assert not any(boilerplate for _, _, boilerplate in sentence_boilerplate(line, frozenset()))


def test_why_choose_is_praise_of_a_publisher_only_where_it_speaks_of_itself() -> None:
    assert heading_boilerplate("Why choose our hospital?") is not None
    assert heading_boilerplate("How we reviewed this article") is not None
    assert heading_boilerplate("Why choose keyhole surgery?") is None


@pytest.mark.parametrize(
    "sentence",
    [
        "General information only; it does not replace care from your own dentist or doctor.",
        "General information only, not intended to replace medical advice.",
        "General information.",
        "General information only.",
        "For general information only.",
        "It cannot replace care from a health professional.",
        "For general information only, not as a replacement for medical advice.",
        "For general information; the dentist decides.",
        "This is written as general information for families.",
        "General information, not advice for one person.",
        "General information for families.",
        "This is general information and does not take the place of advice from your doctor.",
        "Intended as general information, not as a substitute for a health professional's advice.",
        "Advice in this article is general and cannot take account of your own history.",
        "This is general information.",
        "Please do not use it in place of medical advice.",
        "General information, to be used together with the advice of a professional and not in its place.",
        "This is general information, written for readers at large.",
        "Everything here is general information.",
        "Information for parents in general, not for diagnosing a child.",
        "General information, not personal medical advice.",
        "General information for adults; not a substitute for seeing a clinician.",
        "Reviewed information that is general; it is no substitute for a medical examination or advice.",
        "The text informs in general terms and is not medical advice for any one person.",
        "This page informs in a general way and cannot replace a medical visit.",
        "The information is general and does not judge any single child.",
        "Readers should treat this as general information only.",
        "These lines are general information.",
        "For information in general, not for self-diagnosis.",
        "This information is general in nature and does not replace medical care.",
        "Plain Health Answers is written as general information and does not replace care from a professional.",
        "These pages give general information and are no substitute for your own doctor.",
        "Only general information: your own doctor knows your case.",
        "This leaflet is meant to inform in general and should not be used to treat yourself.",
        "The article does not replace an examination by a doctor.",
        "This text should never be used instead of medical advice.",
        "Nothing on this page is medical advice.",
        "This material is for information only.",
        "For information only, not a diagnosis.",
        "For educational use only.",
        "Information only; ask your own doctor about your case.",
        "This page cannot tell you what is wrong with you; only a clinician can.",
        "The content here is intended for general education and is not a substitute for care.",
    ],
)
def test_disclaimers(sentence: str) -> None:
    assert reason(sentence) == "disclaimer"
    assert all(each[2] for each in sentence_boilerplate(f"Sit down. {sentence}", frozenset())[1:])


@pytest.mark.parametrize(
    "sentence",
    [
        "General information",
        "General information about gout",
        "General information: Gout is a form of arthritis that is not rare.",
        "It does not replace theater.",
        "No drug is licensed as a substitute for the diet, although several are in trials.",
        "The general practitioner will ask for more information and not only about the pain.",
        "In general, the information that the test gives does not change treatment.",
        "Insulin does not replace the diet.",
        "The implant does not replace the whole joint.",
        "A home test cannot tell you what is wrong.",
        "The doctor asks for general information about the family and past illnesses.",
        "Massage eases pain, but it is no substitute for exercise.",
        "A general anesthetic is not needed.",
        "Get medical advice when memory trouble worries you or your family.",
        "Most people do well in general and are not in danger.",
        "Ask a doctor for advice if the fever does not go down.",
        "It cannot be replaced by artificial tears.",
        "The page boy cut hides hair loss.",
        "A second opinion does not replace the first operation.",
        "Paracetamol does not replace antibiotics when a doctor has prescribed them.",
        "General symptoms are fever and not feeling well.",
        "The general health is not affected.",
    ],
)
def test_no_disclaimers(sentence: str) -> None:
    assert reason(sentence) is None
    assert sentence_boilerplate(sentence, frozenset()) == ()
