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
        ("31 February 2024", None),
        ("29 February 2024", "2024-02-29"),
        ("29 February 2023", None),
        ("2024-02-31", None),
        ("2024-13", None),
        ("13/2024", None),
        ("3/4/2024", None),
        ("0 May 2024", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert iso_date(text) == date
