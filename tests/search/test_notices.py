"""The notice above the results of a query that tells of an emergency."""

from pathlib import Path

from indexer import open_library
from indexer.knowledge.emergency_numbers import EmergencyNumber
from indexer.query.request import SearchRequest
from indexer.search.notices import build_notice

URGENT = "chest pain and sweating"


def test_a_notice_names_the_number_to_call() -> None:
    notice = build_notice(URGENT, EmergencyNumber("112", "116 123"))
    assert notice is not None
    assert notice.kind == "emergency"
    assert "call 112" in notice.text
    assert notice.numbers == ("112",)


def test_a_crisis_names_the_crisis_line_first() -> None:
    notice = build_notice("i want to die", EmergencyNumber("999", "116 123"))
    assert notice is not None
    assert notice.kind == "crisis"
    assert notice.text.index("the crisis line 116 123") < notice.text.index("call 999")
    assert notice.numbers == ("116 123", "999")
    without = build_notice("i want to die", EmergencyNumber())
    assert without is not None
    assert "a crisis line" in without.text
    assert without.numbers == ()


def test_most_queries_have_none() -> None:
    assert build_notice("history of stroke", EmergencyNumber()) is None


def test_results_carry_the_notice_of_the_reader_s_locale(tmp_path: Path) -> None:
    (tmp_path / "gout.txt").write_text("Gout\n\nGout hurts.\n")
    with open_library(tmp_path / "index", emergency="en-US=911; 112") as library:
        library.sync([tmp_path])
        assert library.search("gout").notice is None
        for languages, number in (((), "112"), (("en-US",), "911")):
            notice = library.answer(SearchRequest(URGENT, languages=languages)).notice
            assert notice is not None
            assert f"call {number} " in notice.text


def test_ranking_does_not_depend_on_it(tmp_path: Path) -> None:
    words = ("chest", "pain", "sweating", "die", "baby", "breathing", "bone", "reflux")
    for number, word in enumerate(words):
        others = " ".join(words[number:])
        (tmp_path / f"{word}.txt").write_text(f"Disease of {word}\n\nIt is a disease with {others}, not urgent.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path])
        for text in (URGENT, "i want to die of bone pain", "baby not breathing"):
            results = library.search(text)
            assert results.notice is not None
            assert results.hits
            assert tuple((hit.document.id, hit.score) for hit in results.hits) == library.rank(text, 10)
