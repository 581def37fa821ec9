"""What of an article tells a reader when to get help, and what only sounds like it."""

import pytest

from indexer.articles.model import Section
from indexer.articles.reader import parse_article
from indexer.articles.urgent_help import with_urgent_help

URGENT = """
Call 999 or go to A&E if you cannot swallow your own saliva.
Dial 911 right away if one side of the face droops.
If your child has a fit, phone an ambulance.
Anyone with these signs should go straight to the nearest hospital.
Take your baby to the emergency room if she is hard to wake.
See a GP if the cough lasts longer than three weeks.
You should see your doctor as soon as possible if the lump grows.
Contact your midwife urgently if your waters break early.
Ask your pharmacist or see a nurse if it has not cleared up after a week.
Seek immediate medical attention for any sudden loss of vision.
A painful swollen testicle needs urgent medical care.
Sudden breathlessness is a medical emergency.
Tell your surgeon at once if the wound smells or weeps.
Get medical help straight away if the rash does not fade under a glass.
Contact your health care provider right away if you have a fever with a port.
Chest pain that spreads to the arm requires emergency treatment.
Make an appointment with your doctor if symptoms worry you.
Go to your nearest emergency department.
A toe that stays blue needs attention the same day.
"""

NOT_URGENT = """
Most people see a doctor several times before the diagnosis is made.
The doctor will ask when the pain began.
Emergency departments record about a million such injuries a year.
In a study of 911 calls, delays were common.
Doctors immediately suspect gout when the big toe is red.
Surgery is rarely urgent.
Researchers called for better care.
Needs differ from person to person, and care is planned together.
It was described by a French doctor in 1890.
Nurses visit at home once a week.
Talk to your doctor if you have questions about your medicines.
The urge to urinate comes at once and often.
An emergency stop must be possible before driving.
The body gets prompt feedback from the nerves.
Everybody in the home is treated on the same day.
The right wrist is splinted straight away.
"""


def section(text: str, heading: str | None = None) -> Section:
    return with_urgent_help(Section("symptoms", heading, text, "cue"))


@pytest.mark.parametrize("sentence", URGENT.strip().split("\n"))
def test_a_sentence_that_tells_when_to_get_help_is_urgent(sentence: str) -> None:
    assert section(f"It begins in the night. {sentence} Most attacks pass.").urgent == (sentence,)


@pytest.mark.parametrize("sentence", NOT_URGENT.strip().split("\n"))
def test_a_sentence_about_doctors_or_speed_is_not_urgent(sentence: str) -> None:
    assert section(f"It begins in the night. {sentence}").urgent == ()


@pytest.mark.parametrize(
    "heading",
    ["When to see a doctor", "When should I call the surgery?", "Get help now", "Danger signs", "Call 999 if"],
)
def test_all_below_a_heading_that_says_so_is_urgent(heading: str) -> None:
    assert section("A stiff neck.\nA rash that stays under a glass.", heading).urgent == (
        "A stiff neck.",
        "A rash that stays under a glass.",
    )


def test_a_sentence_that_ends_with_a_colon_takes_its_list_and_no_more() -> None:
    after = (
        "The swelling is greatest on the second day and then goes down, as a rule without any treatment at all. " * 2
    )
    marked = section(f"Call an ambulance if there is:\nblue skin\nno breath for ten seconds\n{after.strip()}")
    assert marked.urgent == ("Call an ambulance if there is:", "blue skin", "no breath for ten seconds")


def test_urgent_text_stays_in_its_field() -> None:
    page = """<h1>Croup</h1><h2>Symptoms</h2><p>A barking cough at night, hoarse and worse with crying.</p>
    <div class="warning"><p>Call 999 if your child is blue around the lips.</p></div>
    <h2>Treatment</h2><p>A single dose of a steroid by mouth helps within hours.</p>"""
    symptoms, treatment = parse_article("croup", page, kind="html").sections[-2:]
    assert symptoms.kind == "symptoms"
    assert symptoms.urgent == ("Call 999 if your child is blue around the lips.",)
    assert symptoms.urgent[0] in symptoms.text
    assert treatment.urgent == ()


def test_a_sentence_that_leans_on_the_one_before_is_told_with_it() -> None:
    swelling = "A swelling behind the ear is the sign of mastoiditis."
    care = "That needs hospital care the same day."
    text = f"Ears drain. {swelling} {care} Call an ambulance if the neck is stiff."
    section = with_urgent_help(Section("symptoms", None, text, ""))
    assert section.urgent == (f"{swelling} {care}", "Call an ambulance if the neck is stiff.")
