from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.results import Name, NameKind
from indexer.suggestions.name_table import NameTable, Strings

KINDS: tuple[NameKind, ...] = ("condition", "name", "code", "site")


@given(st.lists(st.builds(Name, st.sampled_from(KINDS), st.text(), st.text(), st.integers(0, 1 << 40)), max_size=20))
def test_every_name_is_there_as_it_was(names: list[Name]) -> None:
    stored = NameTable(names)
    assert len(stored) == len(names)
    assert Counter(stored) == Counter(names)
    assert list(stored) == [stored[number] for number in range(len(stored))]
    assert [*zip(stored.kinds, stored.texts, strict=True)] == [(name.kind, name.text) for name in stored]
    documents = [name.documents for name in stored]
    assert documents == sorted(documents, reverse=True)


def test_conditions_come_before_their_other_names_and_short_before_long() -> None:
    names = [
        Name("code", "M10", "v", 3),
        Name("name", "Podagra", "v", 3),
        Name("condition", "Acute gout", "v", 3),
        Name("condition", "Gout", "v", 3),
    ]
    assert [name.text for name in NameTable(names)] == ["Gout", "Acute gout", "Podagra", "M10"]


def test_strings_may_hold_anything() -> None:
    texts = ["", "Sjögren", "\ud800", "a\0b\n", "\U0001f9b4"]
    stored = Strings(texts)
    assert [stored[number] for number in range(len(stored))] == list(stored) == texts
    with pytest.raises(IndexError):
        stored[len(texts)]
