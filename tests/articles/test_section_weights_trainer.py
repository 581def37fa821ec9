import json
from pathlib import Path

from indexer.articles.model import SECTION_KINDS
from indexer.articles.reader import parse_article
from indexer.articles.section_weights_trainer import train, write

TEXT = """{name}

{name} is a lasting illness of the body.

Causes

The {name} germ hides in muddy ponds. Swimmers meet it there.

Symptoms

The skin turns purple and cold. Fingers tingle.

Treatment

Warm quinine tea is brewed and sipped. Quinine works within days.
"""


def test_headed_articles_teach_the_words_of_their_fields() -> None:
    articles = [parse_article(name, TEXT.format(name=name)) for name in ("Alphaitis", "Betaitis", "Gammaitis")]
    weights = train(articles)
    best = {word: SECTION_KINDS[tenths.index(max(tenths))] for word, tenths in weights.items()}
    assert (best["pond"], best["purpl"], best["quinin"]) == ("causes", "symptoms", "treatment")
    assert "alphaiti" not in weights
    assert all(-20 <= tenth <= 20 for tenths in weights.values() for tenth in tenths)


def test_articles_without_headings_teach_nothing() -> None:
    assert train([parse_article("a", "Gout hurts. It is caused by crystals.")]) == {}


def test_write(tmp_path: Path) -> None:
    for name in ("Alphaitis", "Betaitis", "Gammaitis"):
        (tmp_path / f"{name}.txt").write_text(TEXT.format(name=name))
    count = write(str(tmp_path), tmp_path / "section_weights.json")
    assert len(json.loads((tmp_path / "section_weights.json").read_text())) == count > 10
