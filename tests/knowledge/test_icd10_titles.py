import pytest

from indexer.knowledge import icd10
from indexer.knowledge.icd10_titles import look_up


@pytest.mark.parametrize("code", ["M86.341", "A00", "Z99.89", "C7B", "I10", "L40.5"])
def test_an_entry_is_that_of_the_loaded_table(code: str) -> None:
    entry = look_up(icd10.term(code))
    assert entry is not None
    assert (entry.code, entry.title) == (code, icd10.title(code))
    trail = icd10.trail(code)
    if trail:
        assert (entry.block, entry.block_title) == (trail[0].code, trail[0].title)


@pytest.mark.parametrize("term", ["", "m8", "zz9", "m86399", "é00"])
def test_what_the_table_lacks_has_no_entry(term: str) -> None:
    assert look_up(term) is None
