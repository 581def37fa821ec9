import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.model import RawArticle
from indexer.articles.source import read_sources
from indexer.documents import Document
from indexer.engines.stored import SHAPE, decode_document, encode_document
from indexer.sync.article_reader import ArticleReader
from tests.engines.strategies import documents

# Ways to say a lone surrogate, in JSON, HTML and Markdown.
SURROGATES = ("\ud800", "\udfff", "&#xD800;", "&#57343;", "gout", "Causes", "<b>", "</title>", "# ", "*", "`", "\n\n")


def document_of(raw: RawArticle) -> Document:
    document = ArticleReader().read(raw)
    assert isinstance(document, Document)
    return document


@given(document=documents())
def test_a_document_is_the_same_once_decoded(document: Document) -> None:
    assert decode_document(encode_document(document)) == document


@given(
    stored=st.binary() | st.recursive(st.integers() | st.text(), st.lists).map(lambda each: json.dumps(each).encode())
)
def test_other_bytes_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError):
        decode_document(stored)


def test_a_pickle_is_refused() -> None:
    with pytest.raises(ValueError, match="not a stored document"):
        decode_document(pickle.dumps(Document(id="a", source="a", title="a")))


@pytest.mark.parametrize("stored", [b"[" * 100_000, b'{"id":' * 100_000, b'{"id": "a"}', b'{"id": 1}', b'"\\ud800"'])
def test_hostile_bytes_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="not a stored document"):
        decode_document(stored)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        encode_document(Document(id="a", source="a", title="\ud800"))


@given(
    kind=st.sampled_from(["text", "html", "markdown"]),
    text=st.lists(st.sampled_from(SURROGATES), min_size=1).map(" ".join),
)
def test_no_lone_surrogate_gets_past_reading(kind: str, text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / f"{kind}.jsonl"
    entry = {"id": f"\udfff{text[:100].strip()}".replace("\n", ""), kind: f"Gout {text}"}
    facts = dict.fromkeys(("title", "code", "url", "reviewed", "language"), text)
    file.write_text(f"{json.dumps(entry | facts)}\n{json.dumps(entry | {'id': 2})}\n", encoding="utf-8")
    read = list(read_sources([file]))
    assert len(read) == 2
    for raw in read:
        assert isinstance(raw, RawArticle)
        assert encode_document(document_of(raw))


def test_the_name_of_a_file_may_be_any_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    try:
        (folder / b"go\xffut.txt".decode("utf-8", "surrogateescape")).write_text("Gout hurts.")
    except OSError:
        pytest.skip("this file system takes valid names only")
    (raw,) = read_sources([folder])
    assert isinstance(raw, RawArticle)
    assert b"go\xef\xbf\xbdut" in encode_document(document_of(raw))


def test_the_shape_names_every_field_of_every_type_but_no_docstring() -> None:
    shape = json.loads(SHAPE)
    assert shape.keys() == {"Document", "Section", "Dropped", "Issue", "Code", "ValueEvidence"}
    assert list(shape["Document"]) == list(Document.__dataclass_fields__)
    assert "description" not in SHAPE
