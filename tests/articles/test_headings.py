import pytest

from indexer.articles.headings import heading_text, named_fields, reads_as_heading, reads_as_title


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        ("Causes", "causes"),
        ("CAUSES AND RISK FACTORS", "causes"),
        ("What causes it?", "causes"),
        ("Why it happens", "causes"),
        ("What are the symptoms of Crohn's disease?", "symptoms"),
        ("Signs & Symptoms", "symptoms"),
        ("Symptoms of a clot on the lung", "symptoms"),
        ("When to see a doctor", "symptoms"),
        ("What a person notices", "symptoms"),
        ("Diagnosing gout", "diagnosis"),
        ("How is it diagnosed?", "diagnosis"),
        ("Exams and Tests", "diagnosis"),
        ("What else could it be?", "diagnosis"),
        ("Treatment of the symptoms", "treatment"),
        ("How might Arts syndrome be treated?", "treatment"),
        ("What can be done?", "treatment"),
        ("Outlook", "overview"),
        ("Is Arts syndrome inherited?", "overview"),
        ("Living with it", "overview"),
        ("What is gout?", "overview"),
        ("Can gout be prevented?", "overview"),
        ("Diagnosis and treatment", "diagnosis treatment"),
        ("Complications and outlook", "overview symptoms"),
        ("What is noticed", "symptoms"),
        ("How does it start?", "symptoms"),
        ("What the person feels", "symptoms"),
        ("Why both sides at once?", "causes"),
        ("How do doctors make sure?", "diagnosis"),
        ("Course", "overview"),
        ("Course of the disease", "overview"),
        ("Causes: how it starts", "causes"),
        ("How the injury occurs", "causes"),
        ("What problems can psoriasis cause?", "symptoms"),
        ("How many people in the north of the country have gout?", "overview"),
        ("How long does shingles with a fever last?", "overview"),
        ("Is whooping cough contagious?", "causes"),
        ("How does athlete's foot of both feet spread?", "causes"),
        ("Are some people more likely than others to have gout?", "causes"),
        ("How do I know if I have gout?", "symptoms"),
        ("When should I call the doctor about my child's cough?", "symptoms"),
        ("Who should be screened for cancer of the bowel?", "diagnosis"),
        ("What do the results mean?", "diagnosis"),
        ("What are the treatments for cancer of the ureter and its symptoms?", "treatment"),
        ("Which medicines can make gout better?", "treatment"),
        ("What happens if gout is left untreated?", "overview"),
        ("Will the pain in my knee come back?", "overview"),
        ("Causes and types", "causes"),
        ("TYPES AND SYMPTOMS", "symptoms"),
        ("Types", "overview"),
        ("How people get it", "causes"),
        ("How children catch it", "causes"),
        ("How is it passed on?", "causes"),
        ("How it reaches the lungs", "causes"),
        ("Catching it", "causes"),
        ("How people get better", "overview"),
        ("How does it begin?", "causes symptoms"),
        ("Why symptoms last", "causes"),
        ("Why does the pain come back?", "causes"),
        ("How the cause is found", "diagnosis"),
        ("How doctors find the cause", "diagnosis"),
        ("Looking for the cause", "diagnosis"),
        ("Finding a cause", "diagnosis"),
        ("Treating the cause", "treatment"),
        ("When to get medical care", "symptoms"),
        ("WHEN TO GET HELP", "symptoms"),
        ("When to ask for help", "symptoms"),
        ("Get help", "symptoms"),
        ("When to act", "symptoms"),
        ("Contact dermatitis, unspecified cause", ""),
        ("Acute bronchitis, unspecified", ""),
        ("Key Points", "part"),
        ("The clock inside", ""),
        ("Type 2 Diabetes Mellitus", ""),
    ],
)
def test_fields(heading: str, fields: str) -> None:
    assert named_fields(heading) == tuple(fields.split())


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("1. Causes", "Causes"),
        ("(2) Symptoms:", "Symptoms"),
        ("IV. Tests", "Tests"),
        ("Step 3: Care", "Care"),
        ("## Tests ##", "Tests"),
        ("A. Causes", "Causes"),
    ],
)
def test_numbers_and_marks_are_taken_off(line: str, text: str) -> None:
    assert heading_text(line) == text


@pytest.mark.parametrize("line", ["Causes", "Symptoms:", "SIGNS AND SYMPTOMS", "3. Treatment", "How is it diagnosed?"])
def test_lines_that_name_a_field_are_headings(line: str) -> None:
    assert reads_as_heading(line, alone=True, followed=False)


@pytest.mark.parametrize(
    "line",
    [
        "Causes are unknown.",
        "Symptoms may include:",
        "Causes of diarrhea include",
        "symptoms",
        "Treatment, surgery, and other things;",
        "Pain",
        "The most common symptoms of gas are:",
        "Treatment is a long and winding road that few people like to follow to its end",
    ],
)
def test_lines_that_do_not(line: str) -> None:
    assert not reads_as_heading(line, alone=True, followed=False)


def test_an_unknown_heading_stands_alone_over_a_paragraph() -> None:
    assert reads_as_heading("The clock inside", alone=True, followed=True)
    assert not reads_as_heading("The clock inside", alone=False, followed=True)
    assert not reads_as_heading("The clock inside", alone=True, followed=False)


@pytest.mark.parametrize(
    "line",
    [
        "Gout",
        "Gout: Causes, Symptoms, and Treatment",
        "Malignant Melanoma of Left Arm, Including Shoulder",
        "What is gout, and who gets it?",
    ],
)
def test_titles(line: str) -> None:
    assert reads_as_title(line)


@pytest.mark.parametrize(
    "line", ["Symptoms", "Causes and risk factors", "Gout is a form of arthritis", "gout", "Gout.", "x" * 200]
)
def test_no_titles(line: str) -> None:
    assert not reads_as_title(line)
