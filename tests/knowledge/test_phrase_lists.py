import re

from indexer.knowledge.phrase_lists import any_phrase, pattern, phrases

LISTS = {
    "affected_sites.toml": ("announces", "affected", "joins", "diseases", "distracts", "denies", "corrects", "idioms"),
    "condition_mentions.toml": ("introduces", "announces", "defines", "aside", "too_general", "qualifiers"),
}


def test_every_phrase_is_a_regular_expression_in_lower_case() -> None:
    for file, names in LISTS.items():
        for name in names:
            for phrase in phrases(file, name):
                assert re.compile(phrase)
                assert phrase == phrase.lower().replace("  ", " ") or "\\" in phrase


def test_the_longest_phrase_comes_first() -> None:
    assert any_phrase("affected_sites.toml", "denies").startswith("(?:rather than in the|")


def test_a_pattern_matches_whole_words() -> None:
    assert pattern("affected_sites.toml", "joins").search("pain of a")
    assert not pattern("affected_sites.toml", "joins").search("soft")
