from indexer.articles.blocks import row_text


def test_row_text() -> None:
    assert row_text(["Blood", "", "low", "high"]) == "Blood: low; high"
    assert row_text([]) == ""
    assert row_text(["", "Acute", "Chronic"]) == "Acute; Chronic"
