"""A few articles about hearts and joints, small enough to know what must be found."""

from collections.abc import Iterator

import pytest

from indexer import Library, open_library
from indexer.engine import Searcher

ARTICLES = {
    "infarction": (
        "Myocardial infarction\n\nICD-10 code: I21.9\n\nA blocked artery starves the muscle of the heart.\n\n"
        "Treatment\n\nAspirin, and a stent that opens the artery."
    ),
    "attack": (
        "Panic attack\n\nA sudden attack of fear. The heart races and the chest is tight.\n\nTreatment\n\n"
        "Breathing exercises."
    ),
    "gout-hand": (
        "Gout, right hand\n\nICD-10 code: M10.041\n\nUrate crystals inflame the joints of the hand.\n\n"
        "Symptoms\n\nSudden swelling and pain."
    ),
    "gout-knee": (
        "Gout, left knee\n\nICD-10 code: M10.062\n\nUrate crystals inflame the knee.\n\nCauses\n\n"
        "Urate. Too much meat and beer."
    ),
    "bleeding": (
        "Hemarthrosis, left knee\n\nICD-10 code: M25.062\n\nBlood in the knee. Hemophilia is a cause.\n\n"
        "Symptoms\n\nThe knee is swollen and warm."
    ),
    "cmo": (
        "Chronic multifocal osteomyelitis\n\nICD-10 code: M86.30\n\n"
        "Also called CMO. An inflammation of bone in many places, side by side with fever."
    ),
    "marrow": (
        "Aplastic anemia\n\nICD-10 code: D61.9\n\nThe bone marrow makes too few cells.\n\nDiagnosis\n\n"
        "A sample of the marrow. The bone is numbed."
    ),
    "stroke": (
        "Stroke\n\nICD-10 code: I63.9\n\nA clot in an artery of the brain.\n\nSymptoms\n\nA weak arm, slurred speech."
    ),
    "migraine": "Migraine\n\nICD-10 code: G43.909\n\nA throbbing headache.\n\nSymptoms\n\nNausea; light hurts.",
    "diabetes-1": (
        "Type 1 diabetes mellitus\n\nICD-10 code: E10.9\n\nThe pancreas makes no insulin.\n\nTreatment\n\nInsulin."
    ),
    "diabetes-2": (
        "Type 2 diabetes mellitus\n\nICD-10 code: E11.9\n\nInsulin works too little.\n\nTreatment\n\n"
        "Less weight, metformin."
    ),
}


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    top = tmp_path_factory.mktemp("small")
    for id, text in ARTICLES.items():
        (top / f"{id}.txt").write_text(text + "\n")
    with open_library(top / "index") as library:
        assert len(library.sync([top]).added) == len(ARTICLES)
        yield library


@pytest.fixture(scope="session")
def searcher(small: Library) -> Iterator[Searcher]:
    with small.searcher() as opened:
        yield opened


NAMED = {
    "il6": "Castleman disease\n\nToo much interleukin-6 (IL-6) makes lymph nodes swell.\n\nTreatment\n\nSiltuximab.",
    "antitrypsin": "Alpha-1 antitrypsin deficiency\n\nA lack of alpha-1 antitrypsin harms lungs and liver.",
    "hiv": "Human immunodeficiency virus disease\n\nInfection with HIV-1. Long-lasting fever, night sweats.",
    "a1c": "Type 2 diabetes mellitus\n\nICD-10 code: E11.9\n\nHbA1c shows the sugar of three months.",
    "carbuncle": "Carbuncle of neck\n\nICD-10 code: L02.13\n\nMost are due to Staphylococcus aureus of the skin.",
    "strep": "Scarlet fever\n\nICD-10 code: A38.9\n\nA toxin of S. pyogenes gives a rash like sandpaper.",
    "vitamin-s": "Sulfur, an overview\n\nThe letter S stands for sulfur. An aureus was a coin.",
    "gastro-1": "Gastroparesis\n\nThe stomach empties slowly. Gastroscopy is normal.",
    "gastro-2": "Viral gastroenteritis\n\nVomiting and diarrhea for two days.",
    "gastro-3": "Gastric polyp\n\nA growth of the stomach. It has nothing to do with gastroenteritis.",
    "clavicle": "Fracture of clavicle\n\nICD-10 code: S42.00\n\nA fall breaks the collarbone. Pain above the chest.",
    "knee": "Runner's knee\n\nPain on running; the knee bends with a snap.",
    "dcs": "Decompression sickness\n\nICD-10 code: T70.3\n\nNitrogen bubbles after a dive.",
}


@pytest.fixture(scope="session")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Articles whose names people write in other ways."""
    top = tmp_path_factory.mktemp("named")
    for id, text in NAMED.items():
        (top / f"{id}.txt").write_text(text + "\n")
    with open_library(top / "index") as library:
        library.sync([top])
        yield library
