import pytest

from indexer.articles.dates import iso_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("March 2026", "2026-03"),
        ("12 February 2026", "2026-02-12"),
        ("Feb. 12th, 2026", "2026-02-12"),
        ("2026-02-12T10:00", "2026-02-12"),
        ("2026-02", "2026-02"),
        ("2/2026", "2026-02"),
        ("last spring", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert iso_date(text) == date
