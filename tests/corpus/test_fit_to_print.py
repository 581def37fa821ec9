"""What a health publisher asks of an article before it is printed, of each article of corpus/.

Every test that fails names the articles, and what of them it missed or met, so that they can be mended.
"""

import re

import pytest

from indexer.articles.dates import iso_date
from indexer.text.readability import grade
from tests.corpus.articles import CorpusArticle
from tests.corpus.reading_grade import reading_grade
from tests.corpus.safety_lines import EMERGENCIES, urgencies
from tests.corpus.spellings import DRUG_NAMES, spelled_words

EASY_GRADE = 8.0
HARDEST_GRADE = 10.0  # that any article may have, by either measure
EASY_SHARE = 0.8

# "Last reviewed: 3 August 2026", "*Updated Feb 2026*", "reviewed: 2026-01-12" in front matter, and the like.
REVIEWED = re.compile(
    r"(?:review(?:ed)?|updated|checked|revised)(?: date)?(?: in| on)?[\W_]{1,4}"
    r"(\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+\.? (?:\d{1,2}, )?\d{4}|\d{4}-\d{2}(?:-\d{2})?)",
    re.IGNORECASE,
)
GENERAL = re.compile(
    r"\bgeneral (?:health )?information\b|\binformation\b[^.]{0,40}\b(?:is|in) general\b", re.IGNORECASE
)


def test_most_articles_are_read_with_ease_in_the_eighth_year_of_school(corpus: tuple[CorpusArticle, ...]) -> None:
    grades = {article.raw.id: reading_grade(article.sentences) for article in corpus}
    hard = {id: measures for id, measures in grades.items() if max(measures) > EASY_GRADE}
    assert len(hard) <= (1 - EASY_SHARE) * len(corpus), hard
    assert {id: measures for id, measures in hard.items() if max(measures) > HARDEST_GRADE} == {}


def test_the_grade_that_the_page_shows_is_the_same_measure(corpus: tuple[CorpusArticle, ...]) -> None:
    shown = {
        article.raw.id: (grade("\n".join(section.text for section in article.document.sections)), article)
        for article in corpus
    }
    assert {
        id: grade
        for id, (grade, article) in shown.items()
        if grade is None or abs(grade - reading_grade(article.sentences).automated_readability) > 1
    } == {}


def test_every_article_says_when_to_get_help_at_once(corpus: tuple[CorpusArticle, ...]) -> None:
    said = {article.raw.id: urgencies(article.received) for article in corpus}
    assert {id: found for id, found in said.items() if found.isdisjoint({"emergency", "the same day"})} == {}


def test_what_is_no_emergency_says_when_to_see_a_doctor(corpus: tuple[CorpusArticle, ...]) -> None:
    said = {
        article.raw.id: urgencies(article.received)
        for article in corpus
        if not any(re.search(emergency, article.raw.id) for emergency in EMERGENCIES)
    }
    assert {id: found for id, found in said.items() if found.isdisjoint({"a doctor", "the same day"})} == {}


def test_the_page_of_every_article_can_show_that_first(corpus: tuple[CorpusArticle, ...]) -> None:
    assert [
        article.raw.id for article in corpus if not any(section.urgent for section in article.document.sections)
    ] == []
    assert [
        (article.raw.id, section.heading)
        for article in corpus
        for section in article.document.sections
        if "emergency" in (section.heading or "").lower() and not section.urgent
    ] == []


@pytest.mark.parametrize("emergency", EMERGENCIES)
def test_what_can_kill_or_maim_within_hours_calls_emergency_services(
    corpus: tuple[CorpusArticle, ...], emergency: str
) -> None:
    about = [article for article in corpus if re.search(emergency, article.raw.id)]
    assert about
    assert [article.raw.id for article in about if "emergency" not in urgencies(article.received)] == []


def test_every_article_has_the_date_of_its_review(corpus: tuple[CorpusArticle, ...]) -> None:
    reviewed = {article.raw.id: _reviewed(article) for article in corpus}
    assert {id: day for id, day in reviewed.items() if day is None or day < "2024"} == {}


def _reviewed(article: CorpusArticle) -> str | None:
    if article.raw.reviewed:
        return iso_date(article.raw.reviewed)
    found = REVIEWED.search(article.received)
    return found and iso_date(found[1])


def test_every_article_says_that_it_is_general_information(corpus: tuple[CorpusArticle, ...]) -> None:
    assert [article.raw.id for article in corpus if not GENERAL.search(article.received)] == []


def test_no_article_mixes_british_and_american_spelling(corpus: tuple[CorpusArticle, ...]) -> None:
    spelled = {article.raw.id: spelled_words(article.received) for article in corpus}
    assert {id: words for id, words in spelled.items() if words.british and words.american} == {}


@pytest.mark.parametrize(("american", "elsewhere"), DRUG_NAMES)
def test_drugs_of_two_names_have_both(corpus: tuple[CorpusArticle, ...], american: str, elsewhere: str) -> None:
    named = [article for article in corpus if re.search(rf"\b{american}\b", article.received, re.IGNORECASE)]
    assert named
    assert [article.raw.id for article in named if not re.search(elsewhere, article.received, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call emergency services if a limb turns cold.", {"emergency"}),
        ("A newborn with fever belongs in an emergency room.", {"emergency"}),
        ("A hot joint with fever needs a doctor the same day.", {"the same day", "a doctor"}),
        ("See an eye doctor for a lump that lasts.", {"a doctor"}),
        ("Most wounds heal on the same day. The team looks at the scan at once.", set()),
        ("Ice eases pain. Emergency rooms treat a million sprains a year.", set()),
    ],
)
def test_safety_lines_are_told_from_other_sentences(text: str, found: set[str]) -> None:
    assert urgencies(text) == found


def test_spellings_are_told_apart_by_any_pair() -> None:
    words = spelled_words("Afterwards the anemia fades. Haemophilus is a germ, and angioedema a swelling.")
    assert words == ({"Afterwards"}, {"anemia"})
    assert (
        spelled_words("Celiac disease (coeliac disease) is hematogenous (haematogenous in British spelling).").british
        == set()
    )
