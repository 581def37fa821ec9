"""Text of an article to whom it tells a reader to go to, and how soon: what a safety line looks like, as data.

Safety lines are written to the reader or in the third person ("A hot joint needs a doctor the same day"), in a
sentence or below a heading ("Call emergency services if"), so the patterns look for the deed and how soon it is done.
"""

import re
from typing import Final

_PROFESSIONAL: Final = (
    r"(?:doctor|nurse|midwife|dentist|pharmacist|clinic|clinician|surgeon|specialist|optometrist|ophthalmologist|"
    r"dermatologist|pediatrician|care team|health professional)s?"
)

_NEAR: Final = r"\b(?:[^.]|\.(?=\d)){0,80}\b"  # within a sentence; the point of "100.4" ends none

# How soon, and what an article then says; the first is the most urgent.
SAFETY_LINES: Final = {
    "emergency": (
        rf"\b(?:call|phone|dial|text)(?:s|ing)?{_NEAR}(?:emergency (?:services|number)|ambulance|911|988)",
        rf"\b(?:go|going|get|take|taken|belongs?|needs?|brought|seen){_NEAR}emergency (?:room|department|care|help)",
        r"\bcall also for\b",
    ),
    "the same day": (
        rf"\b(?:see|seen|ask|call|contact|tell|go|gets?|needs?|care|visit|examined|checked|X-rayed|doctor|show|phone){_NEAR}"
        r"(?:the same day|same-day|that day|at once|right away|immediately|within (?:a day|hours)|without delay)\b",
        r"\bneeds? (?:same-day|urgent|immediate)\b",
    ),
    "a doctor": (
        rf"\b(?:see|ask|call|tell|contact|visit|show|phone|talk to|needs?|should){_NEAR}{_PROFESSIONAL}\b",
        r"\b(?:make|get) an appointment\b",
    ),
}

# Conditions that can kill or maim within hours, by the ids of their articles: these call emergency services.
EMERGENCIES: Final = (
    "cerebral-infarction|transient-ischemic|hemorrhage$|aneurysm",
    "myocardial-infarction|angina|chest-pain|coronary|cardiac-arrest|aortic-dissection|heart-failure|carditis",
    "pulmonary-embolism|deep-vein-thrombosis|pneumothorax",
    "meningitis|sepsis|epiglottitis|tracheitis|mediastinitis|peritonitis",
    "torsion-of-testis",
    "asthma|croup|bronchiolitis|whooping-cough|anaphyl|choking|pneumonia",
    "diabetes-mellitus(?!-with-diabetic-poly|-diet)|hypoglycemia|addisons",
    "atherosclerosis",
    "lumbar-disc|sciatica|low-back-pain|spinal-stenosis",
    "staphylococcal-arthritis|arthritis-due-to-other-bacteria",
    "polymyalgia|headache$",
    "neonatal-jaundice|febrile-seizure|respiratory-distress-syndrome-of-newborn|kawasaki|dehydration",
    "malaria|dengue|rabies",
    "angle-closure-glaucoma|retinal-detachment",
    "depress|bipolar|schizophrenia|anorexia|borderline|opioid|alcohol",
    "ectopic|eclampsia|miscarriage",
    "poisoning|carbon-monoxide|rattlesnake|button-battery|heatstroke|hypothermia",
    "head-injury|concussion|delirium|appendicitis|intestinal-obstruction|acute-pancreatitis|acute-cholecystitis",
)

_PATTERNS: Final = {
    urgency: re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
    for urgency, patterns in SAFETY_LINES.items()
}


def urgencies(text: str) -> set[str]:
    """How soon the text tells a reader to get help: keys of SAFETY_LINES."""
    return {urgency for urgency, pattern in _PATTERNS.items() if pattern.search(text)}
