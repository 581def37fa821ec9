import pytest

from indexer.articles.model import Dropped, Section, SectionKind
from indexer.articles.reader import parse_article
from indexer.articles.shortcomings import missing_kinds, shortcomings


def sections(*kinds: SectionKind) -> tuple[Section, ...]:
    return tuple(Section(kind, None, "Text.", "nothing says otherwise") for kind in kinds)


WHOLE = sections("overview", "causes", "symptoms", "diagnosis", "treatment")


def test_what_was_left_out_is_quoted() -> None:
    dropped = (
        Dropped("Gout is a form of arthritis that can le", "cut-off teaser"),
        Dropped("To see more,\nplease sign up", "sign-up wall"),
        Dropped("Sign up again", "sign-up wall"),
    )
    assert list(shortcomings(dropped, WHOLE)) == [
        "The publisher keeps something behind a sign-up: “To see more, please sign up”.",
        "A paragraph that breaks off was left out: “Gout is a form of arthritis that can le…”.",
    ]


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        (("overview", "causes", "symptoms", "diagnosis"), "No treatment section was found."),
        (("causes", "symptoms"), "No diagnosis or treatment section was found."),
        (("overview",), "No causes, symptoms, diagnosis or treatment section was found."),
    ],
)
def test_fields_without_a_section_are_named(kinds: tuple[SectionKind, ...], message: str) -> None:
    assert list(shortcomings((), sections(*kinds))) == [message]


def test_nothing_is_missing_of_a_whole_article_but_an_overview() -> None:
    assert missing_kinds(WHOLE[1:]) == ()
    assert list(shortcomings((), WHOLE[1:])) == []


def test_an_issue_of_an_incomplete_article_says_what_is_missing() -> None:
    article = parse_article(
        "gout", "Gout\n\nGout hurts.\n\nCauses\n\nUrate crystals.\n\nTo see full text please sign up or log in\n"
    )
    assert {issue.flag for issue in article.issues} == {"incomplete"}
    assert [issue.message for issue in article.issues][-1].startswith("No ")
    assert "sign up" in article.issues[0].message


def test_the_end_of_a_long_text_is_cut_at_a_word() -> None:
    (message,) = shortcomings((Dropped("word " * 50 + "ending", "cut-off sentence"),), WHOLE)
    assert message.endswith("word word ending…”.")
    assert "“… word" in message
    assert len(message) < 150
