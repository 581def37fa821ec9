import tomllib
from importlib.resources import files

import pytest

from indexer.articles.model import SECTION_KINDS
from indexer.articles.phrase_matcher import EARLY, phrases_of
from indexer.articles.section_cues import FIELD_OF, MAX_CUE_NATS, MAX_LEARNED_NATS, TOPICS, evidence, stem


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("Gout is a form of arthritis, also known as podagra.", "definition"),
        ("This condition is inherited in an autosomal recessive pattern.", "inheritance"),
        ("It affects an estimated 1 in 40,000 newborns worldwide.", "frequency"),
        ("The prognosis is good, and most people recover fully.", "outlook"),
        ("Vaccination can help prevent the disease.", "prevention"),
        ("The institute conducts research on this disorder.", "research"),
        ("In conclusion, gout is common.", "summary"),
        ("It is caused by mutations in the HTT gene.", "causes"),
        ("Common symptoms include fever, cough and fatigue.", "symptoms"),
        ("To confirm the diagnosis, doctors order blood tests.", "diagnosis"),
        ("Treatment usually involves surgery and physical therapy.", "treatment"),
        ("Drugs can relieve symptoms.", "treatment"),
        ("The trouble seems to lie in how the lining repairs itself.", "causes"),
        ("A mild virus is the usual cause.", "causes"),
        ("In the shin two other diagnoses come to mind.", "diagnosis"),
        ("Babies are born with webbed toes.", "symptoms"),
        ("The bladder is an organ composed of muscle.", "definition"),
    ],
)
def test_the_strongest_topic(sentence: str, topic: str) -> None:
    nats = evidence(sentence).nats
    assert TOPICS[nats.index(max(nats))] == topic


def test_evidence_keeps_the_cues_that_gave_it() -> None:
    assert "is caused by" in [cue.phrase for cue in evidence("Gout is caused by crystals.").cues]


def test_no_words_no_evidence() -> None:
    assert set(evidence("... !?").nats) == {0.0}


def test_evidence_is_bounded() -> None:
    sentence = "fever cough fatigue nausea vomiting biopsy " * 2000
    assert all(-MAX_LEARNED_NATS <= nat <= MAX_CUE_NATS + MAX_LEARNED_NATS for nat in evidence(sentence).nats)


def test_words_without_a_cue_help() -> None:
    nats = dict(zip(TOPICS, evidence("Rivaroxaban and colchicine").nats, strict=True))
    assert max(nats, key=nats.__getitem__) == "treatment"


def test_topics_of_a_field_stand_together() -> None:
    fields = [kind for kind, following in zip(FIELD_OF, (*FIELD_OF[1:], None), strict=True) if kind != following]
    assert fields == list(SECTION_KINDS)


def test_stems() -> None:
    assert stem("injections") == stem("injection")
    assert (stem("the"), stem("of"), stem("2026"), stem("ct")) == ("", "", "", "")


def test_every_cue_can_match() -> None:
    text = (files("indexer.articles") / "section_cues.toml").read_text("utf-8")
    lists = [written for topic in tomllib.loads(text).values() for key, written in topic.items() if key != "field"]
    cues = {cue for written in lists for cue in phrases_of(written)}
    dead = [cue for cue in cues if cue not in {found.phrase for found in evidence(sentence_of(cue)).cues}]
    assert not dead  # a cue holds letters and digits only: "patient s", not "patient's"


def sentence_of(cue: str) -> str:
    """A sentence in which a cue stands, at the beginning where it counts only there."""
    words = ["filler" if word == "_" else word.replace("*", "xx") for word in cue.removeprefix("^").split()]
    return " ".join(words if cue.startswith("^") else ["filler"] * EARLY + words)
