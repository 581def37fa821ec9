import pytest

from indexer.articles.other_names import abbreviations, defined_in, named_like, names_of, subject_of


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("Gout is a form of arthritis.", "Gout"),
        ("The common cold (acute nasopharyngitis) is mild.", "Common cold"),
        (
            "Chronic multifocal osteomyelitis, unspecified tibia and fibula, is a rare condition.",
            "Chronic multifocal osteomyelitis, unspecified tibia and fibula",
        ),
        ("Myositis ossificans progressiva (MOP), also known as FOP, is rare.", "Myositis ossificans progressiva"),
        ("Chickenpox, or varicella, is what happens.", "Chickenpox"),
        ("Lyme disease takes its name from a town.", "Lyme disease"),
        (
            "Deep vein thrombosis of the right leg, coded as embolism, is a clot.",
            "Deep vein thrombosis of the right leg",
        ),
        ("Raynaud’s syndrome – also Raynaud’s disease – is a response.", "Raynaud’s syndrome"),
        ("Schizophrenia does not mean a split personality.", "Schizophrenia"),
        ("When a scan lights up, gout is near.", None),
        ("People with gout are in pain.", None),
        ("Nothing here has what a subject needs", None),
        ("It is rare.", None),
        ("Hepatitis* A is an infection.", "Hepatitis A"),
        ("17q23.1 microdeletion syndrome is a condition.", "17q23.1 microdeletion syndrome"),
    ],
)
def test_subjects(sentence: str, subject: str | None) -> None:
    assert subject_of(sentence) == subject


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Deep vein thrombosis (DVT) hurts", [("Deep vein thrombosis", "DVT")]),
        ("It is caused by BMP (bone morphogenetic protein).", [("bone morphogenetic protein", "BMP")]),
        ("human immunodeficiency virus (HIV, or just the virus)", [("human immunodeficiency virus", "HIV")]),
        ("in adults (see below) and others (USA)", []),
        ("transient ischemic attack (TIA); the heart (TIA)", [("transient ischemic attack", "TIA")]),
    ],
)
def test_abbreviations(text: str, pairs: list[tuple[str, str]]) -> None:
    assert abbreviations(text) == pairs


@pytest.mark.parametrize(
    ("title", "text", "names"),
    [
        (
            "Myositis Ossificans Progressiva in the Lower Leg",
            "Myositis Ossificans Progressiva (MOP), also known as Fibrodysplasia Ossificans Progressiva (FOP), is "
            "rare.",
            ("Fibrodysplasia Ossificans Progressiva", "FOP", "MOP"),
        ),
        ("Chickenpox", "Chickenpox, or varicella, is what happens.", ("varicella",)),
        (
            "Beta thalassemia",
            "Beta thalassemia, formerly called Cooley's anemia or Mediterranean anemia, is inherited.",
            ("Cooley's anemia", "Mediterranean anemia"),
        ),
        ("Human immunodeficiency virus [HIV] disease", "It weakens the immune system.", ("HIV",)),
        ("Measles (rubeola)", "Measles spreads.", ("rubeola",)),
        ("Essential (primary) hypertension", "It is high blood pressure.", ()),
        ("Hallux valgus (acquired)", "It is a bunion.", ()),
        (
            "Gout",
            "Gout hurts. The carpometacarpal joint, also called the trapeziometacarpal joint, lets the thumb swing.",
            (),
        ),
        ("Gout", "Gout is caused by crystals called urate.", ()),
        ("Gout", "GOUT is also known as gout.", ()),
        ("Gout", "Gout (also called: podagra; gouty arthritis) hurts.", ("podagra", "gouty arthritis")),
        ("Gout", "Gout, also known as podagra; uric arthritis, is painful.", ("podagra", "uric arthritis")),
        ("Gout", "Gout hurts. The condition is also called podagra; it comes at night.", ("podagra",)),
        ("Gout", "Gout is also called podagra; acute gout comes at night; and chronic gout stays.", ("podagra",)),
    ],
)
def test_names(title: str, text: str, names: tuple[str, ...]) -> None:
    assert names_of(title, text) == names


def test_stated_names() -> None:
    stated = ["podagra; gouty arthritis or uric arthritis", "Occlusion or stenosis of the artery"]
    assert names_of("Gout", "", stated) == (
        "podagra",
        "gouty arthritis",
        "uric arthritis",
        "Occlusion or stenosis of the artery",
    )


def test_named_like_its_id() -> None:
    text = "“I can't lie on it” is what someone with trochanteric bursitis of the left hip says. Trochanteric pain."
    assert named_like("a/trochanteric-bursitis-left-hip", text) == "Trochanteric bursitis of the left hip"
    assert (
        named_like("crohns-disease-colon", "In Crohn’s disease of the colon, blood comes.")
        == "Crohn’s disease of the colon"
    )
    assert named_like("ing-0001234", text) is None
    assert named_like("gout", "Some have gout.") is None


def test_defined_in() -> None:
    points = "Key Points; Gout is a disease of joints.; Urate is a salt. People with gout rest."
    assert defined_in(points) == "Gout"
    assert defined_in("Key Points; Gout is a disease of joints.") is None
    assert defined_in("Nobody sleeps. Gout hurts. Gout again.") is None


@pytest.mark.parametrize(
    ("title", "text", "names"),
    [
        # The name of something that a sentence speaks of beside the condition.
        ("Fatigue", "Fatigue is tiredness. Chronic fatigue syndrome, also called ME/CFS, lasts six months.", ()),
        ("Asthma", "Asthma narrows airways. Cough-variant asthma, also called CVA, starts with a cough.", ()),
        ("Scurvy", "Scurvy is an illness because the body has too little ascorbic acid, also known as vitamin C.", ()),
        ("Rickets", "Rickets softens bones when there is too little calciferol, also called vitamin D.", ()),
        ("Insomnia", "Insomnia is poor sleep. Cognitive behavioral therapy for insomnia (CBT-I) is first.", ()),
        ("Celiac disease", "Celiac disease harms the gut. An antibody test for celiac disease (ATCD) helps.", ()),
        ("Migraine", "Migraine is a headache. The Migraine Disability Assessment Scale (MIDAS) counts days.", ()),
        # A name ends before a verb.
        ("Asthma", "Asthma, once called phthisic, needs care.", ("phthisic",)),
        ("Flu", "Flu, commonly called influenza, damages the airways.", ("influenza",)),
        ("Gout", "Gout, also known as podagra, hurts.", ("podagra",)),
        # The name of today.
        (
            "Social phobia",
            "Social phobia, today mostly called social anxiety disorder, is a fear.",
            ("social anxiety disorder",),
        ),
        ("Fibrositis", "Fibrositis, now called fibromyalgia, is widespread pain.", ("fibromyalgia",)),
        ("Backache", "Backache, usually called low back pain by doctors, is common.", ("low back pain",)),
    ],
)
def test_names_of_something_else_and_of_today(title: str, text: str, names: tuple[str, ...]) -> None:
    assert names_of(title, text) == names


@pytest.mark.parametrize(
    "sentence",
    [
        "Dysthymic disorder, now more often called persistent depressive disorder, is a low mood.",
        "Dysthymic disorder, today mostly called persistent depressive disorder, is a low mood.",
        "Dysthymic disorder, nowadays known as persistent depressive disorder, is a low mood.",
        "Dysthymic disorder, these days simply called dysthymia, is a low mood.",
        "Dysthymic disorder, officially a mood disorder, is a low mood.",
        "Dysthymic disorder, usually called dysthymia by doctors, is a low mood.",
        "Dysthymic disorder, previously depressive neurosis, is a low mood.",
        "Dysthymic disorder lasts for two years or more.",
    ],
)
def test_the_subject_ends_before_its_other_name(sentence: str) -> None:
    assert subject_of(sentence) == "Dysthymic disorder"
