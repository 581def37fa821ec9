"""Named arrays to one file with a checksum, and back as memory-mapped views.

    header     8 bytes, the format
    arrays     each begins at a multiple of 8 bytes, little-endian; unsigned, no wider than their greatest number needs
    directory  JSON: name -> [dtype, offset, number of elements, XXH3 of its bytes or null]
    footer     offset, length and XXH3 of the directory (u64 each), BLAKE2b (16 bytes) of all before it, end mark

Files are written once, front to back, and never changed. Nothing in them is executed or unpickled. The directory is
checked when a file is opened and each array when it is first used, so that damage is an error and no wrong answer, nor
merged into another file; `checksum_of` checks every byte.
"""

import hashlib
import json
import mmap
import os
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64, xxh3_64_intdigest

Bytes: TypeAlias = NDArray[np.uint8]
Numbers: TypeAlias = NDArray[np.unsignedinteger]

BYTES: Final = "u1"
WIDTHS: Final = (BYTES, "<u2", "<u4", "<u8")

_HEADER: Final = b"CSARRAY2"
_END: Final = b"CSEND..1"
_EXTENT: Final = struct.Struct("<QQQ")
_FOOTER: Final = struct.Struct("<16s8s")
_ALIGNMENT: Final = 8
_LARGE_BYTES: Final = 1 << 20


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
        self._array_checksum = xxh3_64()
        self._directory: dict[str, tuple[str, int, int, int | None]] = {}
        self._write(_HEADER)
        self._start = self._size

    def _write(self, chunk: bytes | bytearray) -> None:
        self.file.write(chunk)
        self._checksum.update(chunk)
        self._size += len(chunk)

    def append(self, chunk: bytes | bytearray) -> None:
        """Write more bytes of the current array."""
        self._write(chunk)
        self._array_checksum.update(chunk)

    def end(self, name: str, dtype: str, *, checksum: bool = True) -> None:
        """Name the current array and begin the next one; `checksum` is False where each row has one of its own."""
        length = (self._size - self._start) // np.dtype(dtype).itemsize
        self._directory[name] = (dtype, self._start, length, self._array_checksum.intdigest() if checksum else None)
        self._array_checksum.reset()
        self._write(bytes(-self._size % _ALIGNMENT))
        self._start = self._size

    def add(self, name: str, numbers: NDArray[np.integer]) -> None:
        """Write a whole array of non-negative numbers, flattened, in the narrowest type that holds them."""
        narrowed = narrow(numbers)
        self.append(narrowed.tobytes())
        self.end(name, narrowed.dtype.str.lstrip("|"))

    def close(self) -> FileChecksum:
        """Write directory and footer; the file itself stays open, to be synced."""
        directory = json.dumps(self._directory, separators=(",", ":")).encode()
        start = self._size
        self._write(directory)
        self._write(_EXTENT.pack(start, len(directory), xxh3_64_intdigest(directory)))
        digest = self._checksum.digest()
        self._write(_FOOTER.pack(digest, _END))
        return FileChecksum(self._size, digest.hex())


def narrow(numbers: NDArray[np.integer]) -> Numbers:
    """Convert non-negative numbers to the narrowest of WIDTHS that holds them."""
    greatest = int(numbers.max()) if numbers.size else 0
    width = next(width for width in WIDTHS if greatest <= np.iinfo(width).max)
    return numbers.astype(width, copy=False)


class MappedArrays(Mapping[str, Numbers]):
    """The arrays of a file, mapped into memory; each is checked when it is first asked for.

    Raises ValueError for an array that is not what was written.
    """

    def __init__(self, path: Path, expected: FileChecksum) -> None:
        """Check size, header, footer and directory. Raises ValueError, or OSError where the file cannot be opened."""
        if expected.size < len(_HEADER) + _EXTENT.size + _FOOTER.size:
            raise ValueError("shorter than any file of arrays")
        self._size = expected.size
        with path.open("rb") as file:
            _check_size(os.fstat(file.fileno()).st_size, expected.size)
            self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        start, length, checksum = _EXTENT.unpack_from(self._mapped, self._size - _EXTENT.size - _FOOTER.size)
        digest, end = _FOOTER.unpack_from(self._mapped, self._size - _FOOTER.size)
        if self._mapped[: len(_HEADER)] != _HEADER or end != _END:
            raise ValueError("not a file of arrays")
        if digest.hex() != expected.checksum:
            raise ValueError("the footer has another checksum than the manifest")
        directory = self._mapped[start : start + length]
        if xxh3_64_intdigest(directory) != checksum:
            raise ValueError("the directory is not what was written")
        self._directory: dict[str, tuple[str, int, int, int | None]] = json.loads(directory)
        self._checked: dict[str, Numbers] = {}

    def check_size(self) -> None:
        """Raise ValueError where the file was cut since it was opened: reading on would end the process by a signal."""
        _check_size(self._mapped.size(), self._size)

    def __getitem__(self, name: str) -> Numbers:
        array = self._checked.get(name)
        if array is None:
            dtype, offset, count, checksum = self._directory[name]
            array = np.frombuffer(self._mapped, dtype, count, offset)
            if checksum is not None and xxh3_64_intdigest(array.data) != checksum:
                raise ValueError(f"the array {name} is not what was written")
            if array.nbytes >= _LARGE_BYTES:
                # Of a large array few pages are needed; those that were only checked are not kept in memory.
                start = offset - offset % mmap.PAGESIZE
                self._mapped.madvise(mmap.MADV_DONTNEED, start, offset + array.nbytes - start)
            self._checked[name] = array
        return array

    def __iter__(self) -> Iterator[str]:
        return iter(self._directory)

    def __len__(self) -> int:
        return len(self._directory)


def _check_size(actual: int, expected: int) -> None:
    if actual != expected:
        raise ValueError(f"{actual} bytes instead of {expected}")


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
