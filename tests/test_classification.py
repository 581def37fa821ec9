import pytest

from indexer.articles.reader import parse_article
from indexer.classification import Classification, classify
from indexer.knowledge import body_sites


def classified(*paragraphs: str) -> Classification:
    return classify(parse_article("an-id", "\n\n".join(paragraphs)))


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("My left knee is fine; the gout sits in my right big toe.", "right"),
        ("Carpal tunnel syndrome numbs the fingers. At night the postman shakes his left hand awake.", "left"),
        ("Cataract clouds the lens. In the woman we describe it was the right one that was operated on.", "right"),
        ("Kidney stones hurt like nothing else. Hers was on the left, and it passed after two days.", "left"),
        ("Ankle sprain heals by itself. It happened on the right, and he limped for a week.", "right"),
        ("Hydrocele is a painless collection of fluid around a testicle. The swelling is left-sided here.", "left"),
        ("Dupuytren's contracture bends the fingers. He has had it in both hands since he turned sixty.", "bilateral"),
        ("A frozen shoulder stiffens slowly. Ms. Lind could not lift her right arm above the table.", "right"),
        ("Retinal detachment is an emergency. A curtain came down over her left eye on a Sunday.", "left"),
        ("Plantar fasciitis hurts with the first steps. Your right heel may need a softer shoe, so rest it.", "right"),
        ("Pneumothorax is air around the lung. On this film, the left lung has shrunk to a fist.", "left"),
        ("Acute otitis media hurts at night. Hers was the left ear; the right one looked normal.", "left"),
        ("Carotid stenosis is silent. In the case presented here the right carotid artery was blocked.", "right"),
        ("Allergic conjunctivitis itches. It comes in both eyes at once, with the first birch in flower.", "bilateral"),
        ("Shoulder impingement hurts at night. It troubles her on the right; the left shoulder never hurt.", "right"),
        ("Varicose veins twist. Hers are on the left only; the right leg stayed smooth.", "left"),
        ("Chalazion is a lump in the lid. The left eye was spared.", "right"),
        ("Carpal tunnel syndrome numbs. The left hand was never affected in our typist; the right wakes her.", "right"),
        ("Dupuytren's contracture bends fingers. Neither of his hands was free of cords.", "bilateral"),
        ("Pneumothorax is air around the lung. Her film showed it at the left apex.", "left"),
        ("Pulmonary embolism blocks an artery. The clot lay in the right lower lobe of Mr. Okafor.", "right"),
        ("Hidradenitis suppurativa is chronic. She has had boils under her left arm since June.", "left"),
        ("Thyroid nodule is a lump. Sample report: left lobe, 9 mm, cystic.", "left"),
        ("Phaeochromocytoma makes adrenaline. The tumour shone in the right adrenal of Ms. Grey.", "right"),
        ("Frostbite is ice in tissue. On Friday the tips of the toes of the right foot were black.", "right"),
        ("Bell's palsy weakens the face. A baker we interviewed turns hers away, which is the left.", "left"),
    ],
)
def test_the_side_that_an_article_tells_in_passing(text: str, side: str) -> None:
    assert classified(text).side == side


@pytest.mark.parametrize(
    "text",
    [
        "Plantar fasciitis hurts with the first steps. It may be on the left or on the right.",
        "Appendicitis is an inflammation of the appendix. The pain settles on the right, low in the belly.",
        "Heart failure makes people breathless. Most sleep on the left side, propped up.",
        "Kidney stones hurt like nothing else. Pain is often on the left.",
        "Glaucoma harms the optic nerve. It can develop in one or both eyes.",
        "Gout is a form of arthritis. Click the arrow in the lower right-hand corner of the picture.",
        "Varicocele is common in young men. A lump on the right alone should be examined.",
        "Otitis media is an infection of the middle ear. If the right one hurts, the left may soon follow.",
        "Pneumonia is an infection of the lungs. Doctors look for the right one among many antibiotics.",
        "Stroke is a loss of blood flow to the brain. Weakness on the left means damage on the right.",
    ],
)
def test_possible_usual_and_idiomatic_sides_are_none(text: str) -> None:
    assert classified(text).side is None


@pytest.mark.parametrize(
    ("paragraphs", "condition"),
    [
        (("Painters get it, and so do cooks.", "Tennis elbow is a wear of tendons."), "Lateral epicondylitis"),
        (("Nobody slept. By morning he could not sit.", "What he had was sciatica, a pain in the leg."), "Sciatica"),
        (("A red nose is no proof of drink.", "Their doctor speaks of rosacea. It comes with age."), "Rosacea"),
        (("Cold hands, slow thoughts.", "Hypothyroidism means that a gland makes too little."), "Hypothyroidism"),
        (("Bread was the last thing anyone suspected.", "In celiac disease, gluten harms us."), "Celiac disease"),
        (("Whoever has had chickenpox may meet the virus again, and shingles is how it comes back.",), "Shingles"),
        (("Itching at night is the first hint of scabies, a mite that digs under the skin.",), "Scabies"),
        (("Stairs had become hard. Pale gums told the rest.", "Anemia is a lack of red cells."), "Anemia"),
        (("It came with the rain.", "Dehydration, too, was near. This is cholera."), "Cholera"),
        (("He thought it was a stroke.", "It was Bell's palsy. A nerve swells."), "Bell's palsy"),
        (("It glows pink.", "A hydrocele surrounds the testicle. A hernia has to be excluded."), "Hydrocele"),
        (("Cheeks like a hamster's are what everyone remembers about mumps.",), "Mumps"),
    ],
)
def test_the_condition_that_is_named_after_a_scene(paragraphs: tuple[str, ...], condition: str) -> None:
    assert classified(*paragraphs).condition == condition


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("Zorg syndrome is a disorder of growth.", "Hearing loss is common. Cataract is rare."),
        ("Multiple pterygium syndrome is a rare disorder.", "A pterygium is a web of skin. Pterygium limits joints."),
    ],
)
def test_a_disease_that_nobody_knows_is_not_one_that_it_brings(paragraphs: tuple[str, ...]) -> None:
    assert classified(*paragraphs).condition.endswith("syndrome")


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        (
            "Cellulitis is an infection of the skin. This article is about cellulitis of the left foot.",
            ("foot", "skin"),
        ),
        ("Pressure ulcer is an open sore. In our patient it is on the right heel.", ("heel", "skin")),
        ("Kienböck disease is the death of a small bone.", ("wrist",)),
    ],
)
def test_the_parts_that_the_text_names_stand_for_the_wider_site(text: str, sites: tuple[str, ...]) -> None:
    assert classified(text).sites == sites


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("Carpal tunnel syndrome, right upper limb", ("wrist", "hand", "nerves")),
        ("Familial Mediterranean fever is inherited. One joint may swell.", ("whole-body",)),
        ("Fracture of the surgical neck is common in old age.", ("humerus",)),
        ("Hidradenitis suppurativa is chronic. The woman whose story we tell has it under the right arm.", ("armpit",)),
    ],
)
def test_the_sites_are_those_of_the_disease_and_the_patient(text: str, sites: tuple[str, ...]) -> None:
    assert set(sites) <= set(classified(*text.split(". ", 1)).sites) <= {*sites, "skin"}


@pytest.mark.parametrize(
    "text",
    [
        "Tetanus is caused by a toxin. Vaccines are given in the left upper arm.",
        "Breast cancer starts in ducts. The left breast is affected slightly more often than the right.",
        "Varicocele is a bag of veins. Nine in ten are on the left, where the vein joins at an angle.",
        "Ankle sprain tears ligaments. Stand on the left foot with eyes closed to train balance.",
        "Bacterial pneumonia starts with a chill. Viral forms creep up over days and shade both lungs.",
        "Deep vein thrombosis is a clot. The left leg is affected more often because a vein is squeezed.",
    ],
)
def test_later_paragraphs_on_what_is_usual_or_on_tests_tell_no_side(text: str) -> None:
    assert classified(text.replace(". ", ".\n\n", 1)).side is None


def test_casual_mentions_of_a_side_do_not_move_an_article_that_states_its_code() -> None:
    text = """Infectious mononucleosis

    ICD-10 code: B27.90

    A virus makes the throat sore for weeks.

    - a full feeling under the left ribs, from the spleen

    Sudden pain in the left upper abdomen or at the left shoulder tip is the warning."""
    located = classify(parse_article("mono", "\n".join(map(str.strip, text.split("\n")))))
    assert (located.side, "shoulder" in located.sites, "ribs" in located.sites) == (None, False, False)


REST = """

A germ is the cause. It spreads by touch.

Pain and redness are the main symptoms.

A swab makes the diagnosis.

Treatment is a cream.
"""


@pytest.mark.parametrize(
    ("text", "sites", "side"),
    [
        # Where it is often seen.
        ("A boil is a lump filled with pus. Boils are common on the neck, face and thighs.", ("skin",), None),
        ("A carbuncle is a cluster of boils. Carbuncles are most frequent on the neck.", ("skin",), None),
        ("Impetigo is an infection of the skin. Impetigo is typical on the face.", ("skin",), None),
        ("Cellulitis is an infection of the skin. Cellulitis is most common in the leg.", ("skin",), None),
        ("Viral warts are rough growths of the skin. The plantar wart grows on the sole.", ("skin",), None),
        ("Lipoma is a soft lump of fat. Most lipomas are on the shoulder, back or neck.", ("skin",), None),
        ("Psoriasis is a disease of the skin. Psoriasis mostly appears on the elbow.", ("skin",), None),
        ("Polyneuropathy is damage of nerves that begins in the toes and moves upward.", ("nerves",), None),
        # What a doctor looks at.
        ("Edema is swelling of tissue. The clinician compares both legs.", ("whole-body",), None),
        ("Raynaud phenomenon is a spasm of vessels. The doctor examines both hands.", ("arteries",), None),
        # Phrases that name no site.
        ("Mystery welts is a rash that comes back each spring.", (), None),
        ("Mystery welts is a loss of fur that grows back after weeks.", (), None),
        # And where it is.
        ("Cellulitis of the left leg is an infection of the skin.", ("lower-limb", "skin"), "left"),
        ("Osteomyelitis in the right hand is an infection of bone.", ("hand",), "right"),
        ("This page is about boils on the neck. Boils are lumps filled with pus.", ("neck", "skin"), None),
    ],
)
def test_sites_named_in_passing(text: str, sites: tuple[str, ...], side: str | None) -> None:
    found = classify(parse_article("x1", text + REST))
    assert (found.sites, found.side) == (sites, side)


@pytest.mark.parametrize(
    ("title", "sites"),
    [
        ("Type 1 diabetes mellitus with ketoacidosis without coma", {"hormones-and-metabolism"}),
        ("Periapical abscess without sinus", set()),
        ("Hepatitis A without hepatic coma", {"liver"}),
        ("Acute bronchitis without asthma", {"bronchi"}),
        ("Laceration without foreign body of right hand", {"hand"}),
        ("Rheumatoid arthritis without rheumatoid factor, left knee", {"knee", "joints"}),
        ("Chronic sinusitis without polyps", {"sinuses"}),
        ("Concussion without loss of consciousness", {"brain"}),
    ],
)
def test_what_a_disease_is_without_has_no_site(title: str, sites: set[str]) -> None:
    location = body_sites.locate(title)
    assert {*location.sites, *location.implied} == sites
