from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh.format.arrays import BYTES, ArrayWriter, FileChecksum, MappedArrays, checksum_of

numbers = st.integers(0, 2**64 - 1) | st.integers(0, 70_000) | st.integers(0, 255)
contents = st.dictionaries(st.text(min_size=1, max_size=6), st.lists(numbers, max_size=9), max_size=5)


def write(path: Path, arrays: dict[str, list[int]]) -> FileChecksum:
    with path.open("wb") as file:
        writer = ArrayWriter(file)
        for name, values in arrays.items():
            writer.add(name, np.array(values, dtype=np.uint64))
        return writer.close()


@given(arrays=contents)
def test_arrays_survive_and_are_narrow(tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, list[int]]) -> None:
    path = tmp_path_factory.mktemp("arrays") / "file"
    checksum = write(path, arrays)
    assert checksum_of(path) == checksum
    read = MappedArrays(path, checksum)
    assert list(read) == list(arrays)
    for name, values in arrays.items():
        assert read[name].tolist() == values
        bits = max(values, default=0).bit_length()
        assert read[name].itemsize == next(size for size in (1, 2, 4, 8) if bits <= 8 * size)
        assert not read[name].flags.writeable


def test_an_array_is_written_piece_by_piece(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        writer = ArrayWriter(file)
        writer.append(b"one")
        writer.append(bytearray(b"two"))
        writer.end("both", BYTES)
        writer.add("next", np.array([7]))
        checksum = writer.close()
    arrays = MappedArrays(tmp_path / "file", checksum)
    assert arrays["both"].tobytes() == b"onetwo"
    assert arrays["next"].tolist() == [7]


def test_what_is_no_such_file_is_refused(tmp_path: Path) -> None:
    checksum = write(tmp_path / "file", {"a": [1, 2, 3]})
    whole = (tmp_path / "file").read_bytes()
    assert len(whole) == checksum.size
    for content in (b"", whole[:-1], whole + b"\0", whole[:-4] + b"....", b"X" + whole[1:], bytes(len(whole))):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(ValueError):
            MappedArrays(tmp_path / "file", checksum)
        assert checksum_of(tmp_path / "file") != checksum
    with pytest.raises(ValueError):
        MappedArrays(tmp_path / "file", FileChecksum(0, ""))


def test_a_whole_file_of_another_segment_is_refused(tmp_path: Path) -> None:
    expected = write(tmp_path / "file", {"a": [1, 2, 3]})
    others = (write(tmp_path / "file", {"a": [1, 2, number]}) for number in range(4, 255))
    other = next(other for other in others if other.size == expected.size)
    assert checksum_of(tmp_path / "file") == other
    with pytest.raises(ValueError, match="another checksum than the manifest"):
        MappedArrays(tmp_path / "file", expected)


def test_an_array_is_checked_when_it_is_first_used(tmp_path: Path) -> None:
    path = tmp_path / "file"
    checksum = write(path, {"a": [1, 2, 3], "b": [4, 5, 6]})
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"\4\5\6", b"\4\5\7"))
    arrays = MappedArrays(path, checksum)
    assert arrays["a"].tolist() == [1, 2, 3]
    with pytest.raises(ValueError, match="the array b is not what was written"):
        arrays["b"]


def test_a_large_array_reads_the_same_after_it_was_checked(tmp_path: Path) -> None:
    values = list(range(300_000))
    checksum = write(tmp_path / "file", {"a": [1], "large": values, "b": [2]})
    arrays = MappedArrays(tmp_path / "file", checksum)
    assert arrays["large"].tolist() == values
    assert (arrays["a"].tolist(), arrays["b"].tolist()) == ([1], [2])
