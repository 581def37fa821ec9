import pytest

from indexer.articles.blocks import Block
from indexer.articles.model import RawArticle
from indexer.articles.reader import parse_article
from indexer.articles.title_finder import TitleFinder, clean_title, page_title, unshouted


def finder(title: str | None = None, **metadata: str) -> TitleFinder:
    return TitleFinder(RawArticle("joints/hot-toe", "", "text", "", title), metadata)


def test_the_title_of_a_page_is_its_h1_or_the_line_that_repeats_its_title_element() -> None:
    page = {"page title": "Gout - Joint Desk"}
    blocks = [Block("Joint Desk"), Block("gout"), Block("Gout in short", "heading", 1)]
    assert finder(**page).find(blocks) == (1, "gout")
    assert finder().find(blocks) == (2, "Gout in short")
    assert finder(**page).find([Block("It hurts.")]) == (0, "Gout")
    assert finder().find([Block("It hurts.")]) == (0, None)


def test_a_given_title_stays_and_is_recognised_where_it_is_repeated() -> None:
    titles = finder("Gout: a guide")
    titles.take("Podagra")
    assert titles.title == "Gout"
    assert titles.is_title("GOUT", 2, first=False)
    assert not titles.is_title("Podagra", 1, first=True)


def test_the_first_heading_is_the_title_unless_it_only_names_a_field() -> None:
    assert finder().is_title("Gout", 0, first=True)
    assert not finder().is_title("Gout", 0, first=False)
    assert not finder().is_title("Symptoms", 2, first=True)


def test_without_a_title_line_the_text_names_its_subject() -> None:
    assert finder().settled("Gout is a form of arthritis.", []) == "Gout"
    assert finder().settled("Gout is a form of arthritis.", ["Gout, left foot"]) == "Gout, left foot"
    assert finder().settled("At night a hot toe may wake people up.", []) == "Hot toe"
    assert finder().settled("It hurts. Gout is a form of arthritis. Gout passes.", []) == "Gout"
    assert finder().settled("It hurts.", []) is None
    assert finder().from_id() == "Hot toe"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (
            "Myositis Ossificans Progressiva in the Lower Leg: Causes, Symptoms, and Treatment",
            "Myositis Ossificans Progressiva in the Lower Leg",
        ),
        ("Right-sided sciatica: what is going on?", "Right-sided sciatica"),
        ("Sprained right ankle: a short guide", "Sprained right ankle"),
        ("Gout - Symptoms and causes", "Gout"),
        ("Gout of the Left Foot: Why a Toe Becomes Inflamed", "Gout of the Left Foot"),
        ("Gout, left knee (M10.062)", "Gout, left knee"),
        ("Pernicious Anemia: Vitamin B12 Deficiency Anemia", "Pernicious Anemia: Vitamin B12 Deficiency Anemia"),
        ("# Non-ST elevation myocardial infarction", "Non-ST elevation myocardial infarction"),
    ],
)
def test_titles_lose_their_tails(line: str, title: str) -> None:
    assert clean_title(line) == title


def test_titles_of_pages_lose_the_site() -> None:
    assert page_title("Asthma - Health Desk") == "Asthma"
    assert page_title("X-linked ichthyosis | Skin | Desk") == "X-linked ichthyosis"


def test_titles_in_capitals_are_written_as_the_text_writes_them() -> None:
    assert unshouted("PARKINSON'S DISEASE", "In Parkinson's disease the hands shake.") == "Parkinson's disease"
    assert (
        unshouted("HIV INFECTION OF THE BRAIN", "HIV is a virus; the brain suffers from infection.")
        == "HIV infection of the brain"
    )
    assert unshouted("Gout", "gout") == "Gout"
    assert unshouted("COPD", "copd") == "COPD"


def test_the_title_of_a_text_dump_stands_below_the_chrome_of_its_page() -> None:
    dump = (
        "Bay Health\n\nFor patients   For nurses\n\nA to Z\n\nLead poisoning\n\nPrint\n\n"
        "Lead poisoning is damage by lead that builds up in the body.\n\nCauses\n\nOld paint and old pipes."
    )
    article = parse_article("an-id", dump)
    assert article.title == "Lead poisoning"
    assert [section.text for section in article.sections] == [
        "Lead poisoning is damage by lead that builds up in the body.",
        "Old paint and old pipes.",
    ]


def test_a_heading_that_its_text_begins_with_is_no_title() -> None:
    text = "Gout\n\nPodagra is one of its names.\n\nSymptoms\n\nSymptoms begin at night, in the big toe as a rule."
    assert parse_article("an-id", text).title == "Gout"


def test_the_title_of_a_wiki_dump_stands_above_notes_and_a_box_of_facts() -> None:
    dump = (
        "Curapedia, a free handbook\nMain page\nRandom page\nTalk\nView history\nPterygium\n"
        "From Curapedia, the free handbook\n(Redirected from Surfer's eye)\n"
        '"Pinguecula" redirects here. For the wing of an insect, see Wing (insect).\nSpecialty\tEyes\n'
        "A pterygium is a wedge of tissue that grows from the white of the eye over the cornea.[3]\n"
    )
    article = parse_article("an-id", dump)
    assert article.title == "Pterygium"
    assert "redirects" not in article.sections[0].text and "Wing" not in article.sections[0].text


def test_the_headline_of_a_news_dump_stands_above_its_byline() -> None:
    dump = (
        "The Mill Valley Post\nLog in\nSport   Culture   Money\nHealth\nWhy scurvy is back in our hospitals\n"
        "By Tom Reyes, Science Correspondent\n2 May 2024\n"
        "Scurvy was thought to be gone, yet wards in three towns have seen gums bleed for want of fruit.\n"
    )
    article = parse_article("an-id", dump)
    assert article.title == "Why scurvy is back in our hospitals"
    assert article.sections[0].text.startswith("Scurvy was thought")


def test_a_title_line_below_page_chrome_is_no_text() -> None:
    dump = "Mill Valley Lung Friends\nJoin us\nAsbestosis\n\nAsbestosis is a scarring of the lungs by mineral fibres.\n"
    assert parse_article("an-id", dump).sections[0].text == "Asbestosis is a scarring of the lungs by mineral fibres."


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        ("Weeks may pass before somebody thinks of sarcoidosis.", "Sarcoidosis"),
        ("Old feather pillows raise the risk of allergic rhinitis a little.", "Allergic rhinitis"),
        ("Nobody in the choir knew until then what whooping cough could do.", "Whooping cough"),
    ],
)
def test_a_known_name_in_passing_says_more_than_the_id(opening: str, title: str) -> None:
    text = f"{opening} It can go on for months.\n\nRest helps, and most people are well again in the end."
    assert parse_article("leaflet-17", text).title == title


def test_a_part_of_the_body_is_no_title() -> None:
    text = "The knee is stuck.\n\nA footballer who says this after a fall may need a scan, and often an operation."
    assert parse_article("leaflet-17", text).title != "Knee"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Headache, unspecified, is pain in the head. Tension-type headache is most common.", "Headache, unspecified"),
        ("Cough, unspecified, is a reflex. Chronic cough lasts eight weeks; asthma causes it.", "Cough, unspecified"),
        (
            "Abdominal pain, unspecified site, is pain in the belly. Appendicitis is one cause.",
            "Abdominal pain, unspecified site",
        ),
    ],
)
def test_the_title_of_a_code_stays_the_title(text: str, title: str) -> None:
    assert parse_article("x1", f"{text} Tension-type headache, asthma and appendicitis are told apart.").title == title
