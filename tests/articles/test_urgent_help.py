"""What of an article tells a reader when to get help, and what only sounds like it."""

import pytest

from indexer.articles.model import RawKind, Section
from indexer.articles.reader import parse_article
from indexer.articles.urgent_help import most_pressing_first, with_urgent_help

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
A swollen knee with fever needs an emergency room at once.
A hernia that turns hard needs a surgeon the same day.
Clots in the urine need your unit or an emergency room the same day.
Go the same day for a foot that drops.
Get care the same day if nothing stays down.
Take a baby under three months with a temperature of 38.3 C (101 F) to an emergency department at once.
A bite to the hand must be seen the same day.
An eye doctor should look at it within a day or two.
Have a feverish child with a limp examined the same day.
Same-day care is needed after a fall on the head.
A hip out of joint belongs in a hospital at once.
Shaking chills on these tablets mean going to an emergency room at any hour.
A groin lump that cannot be pushed back is an emergency as well.
Burns from electricity are emergencies.
See a doctor within days for a limp that lasts.
See a dentist about a sore that has not healed in three weeks.
Book a visit if the lump comes back.
Swallowed magnets are just as urgent.
Anyone who vomits should ask at once whether to pause the drug.
A snap at the heel should be seen the same day as well.
A blur that does not clear needs same-day care from an eye doctor.
If the croup gets no better after an hour call 111.
Watch the child and seek advice if the rash spreads.
See a doctor if cramps come several times a week.
Many causes of chest pain need an emergency room at once.
A counselor can be reached at 988.
Return if the fever comes back after two days.
Go to your doctor soon after a first attack.
Contact your diabetes team at once if ketones rise.
You do not need to call an ambulance unless the seizure lasts more than five minutes.
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
It is the most common reason for a hospital stay in infants.
Tell the surgeon before the operation if you are allergic to latex.
The woman was sent home with a plan to be examined again within a day.
People sometimes need a hospital bed for the drip.
Heavy drinkers should not stop all at once.
See your doctor for routine checks of the drug.
See your doctor after six weeks.
Such spots do not usually need urgent care.
Get help with the bottle if you need it.
More people survive if bystanders call 911 early.
A doctor should examine every newborn within 24 hours of birth.
Some people need help day or night.
A torn tendon needs surgery within two weeks.
People with HIV need less help today than in the past.
They carry it at night and in an emergency.
"""

# Written without the lists, in the manner of other publishers and in their markup: what the lists mean by kinds.
URGENT_ELSEWHERE = (
    ("html", "If the rash spreads over a few hours, <strong>phone 111 or your GP surgery straight away</strong>."),
    ("markdown", "**Head straight to A&E** if a baby younger than 3 months feels hot."),
    ("text", "Any wound that shows bone must be looked at in an emergency department without delay."),
    (
        "html",
        "<em>Bring your child</em> to the nearest children's emergency department if the breathing is noisy at rest.",
    ),
    ("text", "Sudden blindness in one eye warrants a trip to the emergency room right now."),
    ("markdown", "Ring the [maternity ward](/ward) straight away if your baby is moving less."),
    ("text", "Have your eyes checked by an optometrist within 24 hours if you see flashes."),
    ("text", "You should be assessed in hospital the same day if you have had a fit for the first time."),
    ("html", "Phone your 24-hour helpline <b>immediately</b> if you feel shivery during chemotherapy."),
    ("text", "Someone with these symptoms has to be taken to hospital immediately."),
    ("text", "It is important to get urgent medical attention if the pain comes on in seconds."),
    ("markdown", "A hot, swollen joint has to be seen *today*."),
    ("text", "Get yourself to a hospital as fast as possible if a snake has bitten you."),
    ("text", "New weakness of a leg is a reason to attend the emergency department straight away."),
    ("html", "If you can't get through to your practice, <a href='/111'>call NHS 111</a> the same day."),
    ("text", "Vomiting blood always needs to be checked at a hospital straight away."),
    ("text", "Let your cancer team know right away about any temperature above 38 °C."),
    ("text", "Call them as well if one arm feels heavy."),
    ("markdown", "A tooth knocked out needs an __emergency dentist__ within the hour."),
    ("text", "Swelling of the face after a new tablet should be treated as an emergency."),
    ("html", "<b>Attend your nearest emergency department</b> or phone for an ambulance when lips look blue."),
    ("text", "Burns from electricity should always receive immediate medical attention."),
    ("markdown", "Contact your oncologist or nurse **now** if mouth sores stop you from drinking."),
    ("html", "Call within 24 hours if vomiting has not let up by <i>the next day</i>."),
    ("text", "It is vital that you ring your doctor immediately once a rash blisters."),
    ("text", "Parents should seek emergency department care immediately for a child who struggles to breathe."),
    ("text", "If your temperature is 38.5 °C or above, go straight to casualty."),
    ("markdown", "A seizure that goes on past five minutes **is a 911 call**."),
    ("text", "Sudden trouble speaking requires a trip to the hospital at once."),
    ("text", "Report any bleeding from the gums to your haematology nurse the same day."),
    ("html", "Your baby must be examined by a doctor today if the nappy stays dry for eight hours."),
    ("text", "An eye specialist needs to look at it within 24 hours."),
    ("text", "Please get in touch with your midwife right away if the waters are green."),
    ("text", "Don't hesitate to dial 000 for chest pain that moves to the jaw."),
    ("text", "Swallowed batteries are always an emergency, even when the child looks well."),
    ("markdown", "If you feel you might act on such thoughts, [text or call 988](tel:988) now."),
    ("text", "Numbness of the saddle area means a hospital visit without delay."),
    ("text", "Drive to the nearest hospital at once if no ambulance can reach you."),
    ("html", "You should be <strong>seen by a dentist within a day</strong> if your face swells."),
    ("text", "Get it checked by a pharmacist or GP if it has not healed in three weeks."),
    ("html", "Take your toddler to the children's A&amp;E without delay if a fit lasts longer than five minutes."),
    ("text", "Get medical advice at once if the skin around the stitches turns dark."),
    ("markdown", "Ask for an **urgent GP appointment** if a lump has grown in recent weeks."),
    ("text", "If the pain is unbearable, have somebody drive you to an emergency department."),
    ("text", "A sudden curtain across the sight has to be assessed by an eye doctor within hours."),
    ("text", "Contact the hospital that operated on you right away if the wound opens."),
    ("text", "Anyone bitten by a bat should go to a clinic the same day for a vaccine."),
    ("html", "A child who is floppy <i>needs to go to hospital straight away</i>."),
    ("text", "These are signs of sepsis, which is a medical emergency."),
    ("text", "Speak to your pharmacist today if the inhaler runs out."),
    ("text", "Never ignore chest pain: dial 112."),
    ("text", "You need to be seen urgently if your waters have broken and you have a fever."),
    ("text", "Stop the tablets and let your doctor know straight away if your skin turns yellow."),
    ("text", "Book an urgent appointment with an optician if you see double."),
    ("text", "Severe belly pain in pregnancy always warrants a call to the labour ward."),
    ("text", "A stiff neck and a fever together should be treated as an emergency."),
    ("markdown", "*Seek help the same day* when a diabetic foot sore starts to smell."),
    ("text", "Make sure that somebody calls an ambulance while you start chest compressions."),
    ("text", "See your GP within two weeks if the hoarseness does not settle."),
    ("text", "Take the person straight to hospital if they become confused."),
)
NOT_URGENT_ELSEWHERE = (
    ("text", "Call the clinic on the same day each month to order more tablets."),
    ("html", "<strong>Emergency contraception</strong> works best soon after sex."),
    ("text", "Most people with a mild sprain need not go to an emergency department."),
    ("text", "Same-day surgery lets most people sleep at home."),
    ("html", "You do <em>not</em> need to call an ambulance for a short seizure in someone known to have epilepsy."),
    ("text", "About one child in ten needs an emergency visit for asthma each year."),
    ("markdown", "Keep an **emergency card** in your wallet."),
    ("text", "The nurse takes blood and gives the result on the same day."),
    ("text", "Patients go home the same day and drive a week later."),
    ("text", "In an emergency department, staff will check your heart first."),
    ("text", "Tell the hospital before the scan if you have a pacemaker."),
    ("text", "It is the leading reason for emergency admissions in older adults."),
    ("markdown", "The test is *not urgent* and can wait until after the holidays."),
    ("text", "This is rarely an emergency."),
    ("text", "People who got care within a day did no better in the trial."),
    ("text", "Ask the pharmacist for a sugar-free syrup if you have diabetes."),
    ("text", "Emergency services were called to 300 overdoses that year."),
    ("html", "A doctor sees the baby on the <b>day of birth</b> and again at six weeks."),
    ("text", "Both knees can be replaced at once."),
    ("text", "Visit your dentist twice a year even if nothing hurts."),
    ("html", "Do not go to A&amp;E or call 999 for emergency contraception."),
    ("text", "At the emergency department, tell the staff which tablets you take."),
    ("text", "The number 112 works in every country of the European Union."),
    ("markdown", "Emergency departments *see* more asthma in September."),
    ("text", "An ambulance crew can give the injection at home."),
    ("text", "Hospitals record every case within 24 hours of admission."),
    ("text", "Most children do not need to be seen by a doctor at all."),
    ("text", "The results are sent to your GP within two weeks."),
    ("text", "A midwife visits at home the day after birth and again within a week."),
    ("html", "Call <b>ahead</b> each month to renew the prescription."),
    ("text", "She was taken to hospital and went home the same day."),
    ("text", "Immediate relief is seen in about half of patients."),
    ("text", "Surgery within 48 hours gives no better results."),
    ("text", "Your doctor will see you again after six weeks."),
    ("text", "Needing to urinate at once, day or night, is the chief complaint."),
    ("markdown", "You do **not** have to rush to a hospital with a simple nosebleed."),
    ("text", "The blood pressure should be checked at once in both arms."),
    ("text", "Samples must be looked at within hours, or the cells break up."),
    ("text", "Not every burn is an emergency."),
    ("text", "Doctors reserve surgery for urgent cases."),
    ("text", "The injection can be given on the same day as the flu vaccine."),
    ("text", "Emergency surgery was once the only treatment."),
    ("text", "A hospital admission is rarely needed."),
    ("text", "Paramedics and emergency doctors use the same score."),
    ("html", "The clinic calls you <b>within a week</b> with the results."),
    ("text", "See the section on emergency care for more about this."),
    ("text", "Relief comes at once when the stone passes."),
    ("text", "People with asthma see a doctor more often than others."),
    ("text", "In most towns the ambulance comes within ten minutes."),
    ("text", "Do not take both tablets at once."),
    ("text", "After the operation you can eat the same day."),
    ("text", "Talk to your doctor about travel insurance."),
    ("markdown", "Your care team will **check the wound** within two days."),
    ("text", "The drug gets to work within hours."),
    ("text", "Children get help at school from a nurse."),
    ("text", "You will be asked to come to hospital on the day of surgery."),
    ("text", "Researchers want faster help for people with stroke."),
    ("text", "Most cuts need no more than a plaster, and no doctor."),
    ("text", "Nobody needs to be admitted for this test."),
    ("text", "Ask the nurse to show you how the inhaler works."),
)
PAGES = {
    "text": "Croup\n\nSymptoms\n\nIt begins in the night and is worse with crying, as a rule. {}\n",
    "html": "<h1>Croup</h1><h2>Symptoms</h2><p>It begins in the night and is worse with crying, as a rule. {}</p>",
    "markdown": "# Croup\n\n## Symptoms\n\nIt begins in the night and is worse with crying, as a rule. {}\n",
}


def section(text: str, heading: str | None = None) -> Section:
    return with_urgent_help(Section("symptoms", heading, text, "cue"))


@pytest.mark.parametrize("sentence", URGENT.strip().split("\n"))
def test_a_sentence_that_tells_when_to_get_help_is_urgent(sentence: str) -> None:
    assert section(f"It begins in the night. {sentence} Most attacks pass.").urgent == (sentence,)


@pytest.mark.parametrize("sentence", NOT_URGENT.strip().split("\n"))
def test_a_sentence_about_doctors_or_speed_is_not_urgent(sentence: str) -> None:
    assert section(f"It begins in the night. {sentence}").urgent == ()


def urgent_of_page(kind: RawKind, sentence: str) -> list[str]:
    article = parse_article("croup", PAGES[kind].format(sentence), kind=kind)
    return [text for section in article.sections for text in section.urgent]


@pytest.mark.parametrize(("kind", "sentence"), URGENT_ELSEWHERE)
def test_advice_of_other_publishers_is_urgent(kind: RawKind, sentence: str) -> None:
    assert len(urgent_of_page(kind, sentence)) == 1


@pytest.mark.parametrize(("kind", "sentence"), NOT_URGENT_ELSEWHERE)
def test_what_only_looks_like_advice_is_not_urgent(kind: RawKind, sentence: str) -> None:
    assert urgent_of_page(kind, sentence) == []


@pytest.mark.parametrize(
    "heading",
    ["When to see a doctor", "When should I call the surgery?", "Get help now", "Danger signs", "When to call 999"],
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


def test_a_heading_that_says_what_to_do_is_told_with_what_stands_below_it() -> None:
    below = ("a rash that stays under a glass", "a stiff neck")
    assert section("\n".join(below), "Call 999 if").urgent == ("Call 999 if", *below)


def test_what_goes_on_with_advice_is_urgent_and_the_same_words_elsewhere_are_not() -> None:
    first, second, third = (
        "Call an ambulance for a stiff neck.",
        "Do the same for a seizure.",
        "The same goes for a baby who is limp.",
    )
    assert section(f"Most fevers pass. {first} {second} {third}").urgent == (first, second, third)
    assert section("Lift the right leg ten times. Do the same for the left.").urgent == ()


def test_what_names_an_emergency_service_comes_first_with_its_list() -> None:
    soon = ("See a doctor if it lasts more than a week.", "Go the same day for fever.")
    at_once = ("Call 999 if there is:", "blue skin", "No breath for ten seconds.")
    room = "Go to an emergency department for a stiff neck."
    assert most_pressing_first([*soon, *at_once, soon[1], room]) == [*at_once, room, *soon, soon[1]]
