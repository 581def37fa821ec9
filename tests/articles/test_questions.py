import pytest

from indexer.articles.blocks import BOLD_LEVEL, Block
from indexer.articles.questions import with_question_headings
from indexer.articles.reader import parse_article

OPENING = "A ganglion is a bag of jelly that grows from the lining of a joint, mostly on the back of the wrist."
FAQ = (
    ("Is it dangerous?", "Not at all."),
    ("What brings it on?", "Nobody knows, though it is seen more often in gymnasts and in loose joints."),
    ("May I swim with it?", "You may."),
    ("Can I still row?", "Yes, with a strap."),
)


@pytest.mark.parametrize(
    ("pair", "kind"),
    [
        ("<p>{q}</p><p>{a}</p>", "html"),
        ("<div><span>{q}</span><div>{a}</div></div>", "html"),
        ("<ul><li><span>{q}</span><p>{a}</p></li></ul>", "html"),
        ("<p>Q: {q}</p><p>A: {a}</p>", "html"),
        ("<div itemtype=https://schema.org/Question><b itemprop=name>{q}</b><p>{a}</p></div>", "html"),
        ("\n\n{q}\n{a}", "text"),
        ("\n\nQ. {q}\nA. {a}", "text"),
        ("\n\n{q}\n\n{a}\n", "markdown"),
    ],
)
def test_questions_that_answers_follow_are_headings(pair: str, kind: str) -> None:
    faq = "".join(pair.format(q=question, a=answer) for question, answer in FAQ if not question.startswith("May"))
    sections = parse_article("a", f"{OPENING}{faq}", kind=kind, title="Ganglion").sections  # type: ignore[arg-type]
    assert [(section.heading, section.text) for section in sections] == [
        (None, OPENING),
        *(pair for pair in FAQ if not pair[0].startswith("May")),
    ]


@pytest.mark.parametrize("dd", ["{}", "<p>{}</p>"])
def test_a_definition_list_of_questions_is_a_faq(dd: str) -> None:
    rows = "".join(f"<div><dt>{question}</dt><dd>{dd.format(answer)}</dd></div>" for question, answer in FAQ[:2])
    sections = parse_article("a", f"<p>{OPENING}</p><dl>{rows}</dl>", kind="html", title="Ganglion").sections
    assert [(section.heading, section.text) for section in sections[1:]] == list(FAQ[:2])


def test_a_list_of_questions_and_a_single_question_stay_text() -> None:
    asked = tuple(Block(question, "item") for question, _ in FAQ)
    assert with_question_headings((*asked, Block("Bring a list."))) == (*asked, Block("Bring a list."))
    single = (Block("So what can be done?"), Block("Little, and that is good news."))
    assert with_question_headings(single) == single


def test_the_answers_of_a_faq_lose_their_mark() -> None:
    blocks = (Block("Q1: Is it?"), Block("A1: It is.", bold=3), Block("Q2: Does it?"), Block("A2: It does."))
    assert with_question_headings(blocks) == (
        Block("Is it?", "heading", BOLD_LEVEL),
        Block("It is."),
        Block("Does it?", "heading", BOLD_LEVEL),
        Block("It does."),
    )


def test_a_question_among_the_points_of_a_list_is_no_heading() -> None:
    text = """Bitten by a cat

Who is scratched, and by which cat?
Children lead the figures.

Assessment
  - Where, when, and can the animal be watched?
  - Feeling and movement beyond the wound
  - X-ray for pieces of teeth"""
    headings = {section.heading for section in parse_article("cat", text).sections}
    assert "Where, when, and can the animal be watched?" not in headings
