"""Named arrays to one file with a checksum, and back as memory-mapped views.

    header     8 bytes, the format
    arrays     each begins at a multiple of 8 bytes, little-endian; unsigned, no wider than their greatest number needs
    directory  JSON: name -> [dtype, offset, number of elements]
    footer     offset and length of the directory (u64 each), BLAKE2b (16 bytes) of all before it, 8 bytes end mark

Files are written once, front to back, and never changed. Nothing in them is executed or unpickled.
"""

import hashlib
import json
import mmap
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Numbers: TypeAlias = NDArray[np.unsignedinteger]

BYTES: Final = "u1"
WIDTHS: Final = (BYTES, "<u2", "<u4", "<u8")

_HEADER: Final = b"CSARRAY1"
_END: Final = b"CSEND..1"
_EXTENT: Final = struct.Struct("<QQ")
_FOOTER: Final = struct.Struct("<16s8s")
_ALIGNMENT: Final = 8


class FileChecksum(NamedTuple):
    """The size of a file in bytes and its BLAKE2b checksum in hexadecimal."""

    size: int
    checksum: str


class ArrayWriter:
    """Writes a file of arrays: `append` bytes to an array and `end` it by naming it; `close` returns the checksum."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._checksum = hashlib.blake2b(digest_size=16)
        self._size = 0
        self._start = 0
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._write(_HEADER)
        self._start = self._size

    def _write(self, chunk: bytes | bytearray) -> None:
        self.file.write(chunk)
        self._checksum.update(chunk)
        self._size += len(chunk)

    def append(self, chunk: bytes | bytearray) -> None:
        """Write more bytes of the current array."""
        self._write(chunk)

    def end(self, name: str, dtype: str) -> None:
        """Name the current array and begin the next one."""
        length = (self._size - self._start) // np.dtype(dtype).itemsize
        self._directory[name] = (dtype, self._start, length)
        self._write(bytes(-self._size % _ALIGNMENT))
        self._start = self._size

    def add(self, name: str, numbers: NDArray[np.integer]) -> None:
        """Write a whole array of non-negative numbers, flattened, in the narrowest type that holds them."""
        narrowed = narrow(numbers)
        self._write(narrowed.tobytes())
        self.end(name, narrowed.dtype.str.lstrip("|"))

    def close(self) -> FileChecksum:
        """Write directory and footer; the file itself stays open, to be synced."""
        directory = json.dumps(self._directory, separators=(",", ":")).encode()
        start = self._size
        self._write(directory)
        self._write(_EXTENT.pack(start, len(directory)))
        digest = self._checksum.digest()
        self._write(_FOOTER.pack(digest, _END))
        return FileChecksum(self._size, digest.hex())


def narrow(numbers: NDArray[np.integer]) -> Numbers:
    """Convert non-negative numbers to the narrowest of WIDTHS that holds them."""
    greatest = int(numbers.max()) if numbers.size else 0
    width = next(width for width in WIDTHS if greatest <= np.iinfo(width).max)
    return numbers.astype(width, copy=False)


def distinct_sorted(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Remove duplicates from ascending keys."""
    return keys[first_of_runs(keys)]


def first_of_runs(keys: NDArray[np.integer]) -> NDArray[np.bool_]:
    """The mask of the keys that differ from the key before them."""
    mask = np.empty(len(keys), dtype=bool)
    mask[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=mask[1:])
    return mask


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Concatenate the ranges start, start + 1, ... of the given lengths."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(int(ends[-1]) if len(ends) else 0)


def read_arrays(path: Path, expected: FileChecksum) -> Mapping[str, Numbers]:
    """Map the arrays of a file into memory; the mapping is freed with the last of them.

    Checks size, header, footer and directory, not the bytes between (`checksum_of` does). Raises ValueError where they
    are not as expected, OSError where the file cannot be opened.
    """
    with path.open("rb") as file:
        if expected.size < len(_HEADER) + _EXTENT.size + _FOOTER.size:
            raise ValueError("shorter than any file of arrays")
        if path.stat().st_size != expected.size:
            raise ValueError(f"{path.stat().st_size} bytes instead of {expected.size}")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start, length = _EXTENT.unpack_from(mapped, expected.size - _EXTENT.size - _FOOTER.size)
    digest, end = _FOOTER.unpack_from(mapped, expected.size - _FOOTER.size)
    if mapped[: len(_HEADER)] != _HEADER or end != _END:
        raise ValueError("not a file of arrays")
    if digest.hex() != expected.checksum:
        raise ValueError("the footer has another checksum than the manifest")
    directory = json.loads(mapped[start : start + length])
    return {
        name: np.frombuffer(mapped, WIDTHS[WIDTHS.index(dtype)], count, offset)
        for name, (dtype, offset, count) in directory.items()
    }


def checksum_of(path: Path) -> FileChecksum:
    """Compute the checksum of all bytes of a file; an empty one where the footer does not agree with them."""
    checksum = hashlib.blake2b(digest_size=16)
    size = path.stat().st_size
    left = size - _FOOTER.size
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(left, 1 << 20))):
            checksum.update(chunk)
            left -= len(chunk)
        footer = file.read()
    if footer != _FOOTER.pack(checksum.digest(), _END):
        return FileChecksum(size, "")
    return FileChecksum(size, checksum.hexdigest())
