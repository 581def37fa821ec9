import pytest

from indexer.articles.characters import is_garbled
from indexer.articles.extraction import MAX_TEXT, extract_text
from indexer.articles.model import RawArticle, RawKind


def lines(text: str, kind: RawKind = "text") -> list[str]:
    return [block.text for block in extract_text(RawArticle("a", "", kind, text)).blocks]


def test_every_kind_of_line_break() -> None:
    assert lines("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h") == list("abcdefgh")


def test_characters_that_are_no_text() -> None:
    assert lines("a\x00b soft\xadhyphen zero\u200bwidth\ufeff \ud800") == ["a b softhyphen zerowidth \ufffd"]


@pytest.mark.parametrize("kind", ["text", "markdown", "html"])
def test_a_cap_on_length(kind: RawKind) -> None:
    text = "\n\n".join(["word " * 20] * (MAX_TEXT[kind] // 50))
    assert sum(map(len, lines(text, kind))) <= MAX_TEXT[kind]


def test_is_garbled() -> None:
    assert is_garbled("a\ufffd") and is_garbled("\udc80") and not is_garbled("é")
