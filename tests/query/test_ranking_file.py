from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.query.ranking import Ranking
from indexer.query.ranking_file import FORMER_NAMES, read_ranking


def test_the_ranking_of_a_file_changes_what_it_names(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("k1 = 2\nexpand_below_hits = 3\n[field_weights]\ntitle = 1.5\n", encoding="utf-8")
    ranking, own = read_ranking(file), Ranking()
    assert (ranking.k1, ranking.expand_below_hits, ranking.field_b) == (2.0, 3, own.field_b)
    assert dict(ranking.field_weights) == dict(own.field_weights) | {"title": 1.5}
    file.write_text("", encoding="utf-8")
    assert read_ranking(file) == own


@pytest.mark.parametrize(
    "text, said",
    [
        ("k1 = ", "not valid TOML"),
        ("k9 = 1", "k9.*use one of k1, field_weights"),
        ("k1 = 'high'", "k1.*a number"),
        ("k1 = true", "k1.*a number"),
        ("k1 = -1", "k1.*0 or more"),
        ("expand_below_hits = 2.5", "expand_below_hits.*whole number"),
        ("field_weights = 2", "field_weights.*no table"),
        ("[field_weights]\nbody = 1", r"field_weights\.body.*title, names"),
        ("[field_b]\ntitle = 'low'", r"field_b\.title.*a number"),
    ],
)
def test_a_wrong_number_is_named_with_what_would_be_right(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=rf"mine\.toml.*{said}"):
        read_ranking(file)


def test_a_ranking_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.toml.*cannot be read"):
        read_ranking(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("name, new", FORMER_NAMES.items())
def test_a_former_name_is_answered_with_the_new_one(tmp_path: Path, name: str, new: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f"{name} = 1\n", encoding="utf-8")
    assert hasattr(Ranking(), new)
    with pytest.raises(SourceError, match=f"“{name}”, which is now called “{new}”"):
        read_ranking(file)
