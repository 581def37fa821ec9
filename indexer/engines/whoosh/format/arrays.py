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
_SEAL: Final = struct.Struct("<16s8s")
_ALIGNMENT: Final = 8


class Seal(NamedTuple):
    """What a file was when it was written: its length in bytes and its checksum in hexadecimal."""

    size: int
    checksum: str


class ArrayWriter:
    """Writes a file of arrays: `append` to the array at hand, `end` it with its name; `close` gives the seal."""

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
        """More bytes of the array that is being written."""
        self._write(chunk)

    def end(self, name: str, dtype: str) -> None:
        """The array that is being written is whole; the next begins."""
        length = (self._size - self._start) // np.dtype(dtype).itemsize
        self._directory[name] = (dtype, self._start, length)
        self._write(bytes(-self._size % _ALIGNMENT))
        self._start = self._size

    def add(self, name: str, numbers: NDArray[np.integer]) -> None:
        """A whole array of numbers that are not negative, flattened, as narrow as they allow."""
        narrowed = narrow(numbers)
        self._write(narrowed.tobytes())
        self.end(name, narrowed.dtype.str.lstrip("|"))

    def close(self) -> Seal:
        """Write directory and footer. The file itself stays open, to be synced."""
        directory = json.dumps(self._directory, separators=(",", ":")).encode()
        start = self._size
        self._write(directory)
        self._write(_EXTENT.pack(start, len(directory)))
        digest = self._checksum.digest()
        self._write(_SEAL.pack(digest, _END))
        return Seal(self._size, digest.hex())


def narrow(numbers: NDArray[np.integer]) -> Numbers:
    """The same numbers, none of them negative, in the narrowest of WIDTHS."""
    greatest = int(numbers.max()) if numbers.size else 0
    width = next(width for width in WIDTHS if greatest <= np.iinfo(width).max)
    return numbers.astype(width, copy=False)


def distinct_sorted(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The different ones of ascending keys."""
    return keys[begin_anew(keys)]


def begin_anew(keys: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which of the keys differ from the one before."""
    anew = np.empty(len(keys), dtype=bool)
    anew[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=anew[1:])
    return anew


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of several ranges, one after the other."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(int(ends[-1]) if len(ends) else 0)


def read_arrays(path: Path, seal: Seal) -> Mapping[str, Numbers]:
    """The arrays of a file, mapped; they keep the mapping alive, and the last to go frees it.

    Raises ValueError where the file is not what it was by its length, ends or directory (`checksum_of` finds the rest), and
    OSError where it cannot be opened.
    """
    with path.open("rb") as file:
        if seal.size < len(_HEADER) + _EXTENT.size + _SEAL.size:
            raise ValueError("shorter than any file of arrays")
        if path.stat().st_size != seal.size:
            raise ValueError(f"{path.stat().st_size} bytes instead of {seal.size}")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start, length = _EXTENT.unpack_from(mapped, seal.size - _EXTENT.size - _SEAL.size)
    digest, end = _SEAL.unpack_from(mapped, seal.size - _SEAL.size)
    if mapped[: len(_HEADER)] != _HEADER or end != _END:
        raise ValueError("not a file of arrays")
    if digest.hex() != seal.checksum:
        raise ValueError("another checksum than in the manifest")
    directory = json.loads(mapped[start : start + length])
    return {
        name: np.frombuffer(mapped, WIDTHS[WIDTHS.index(dtype)], count, offset)
        for name, (dtype, offset, count) in directory.items()
    }


def checksum_of(path: Path) -> Seal:
    """The seal that the file has now: computed from all of it."""
    checksum = hashlib.blake2b(digest_size=16)
    size = path.stat().st_size
    left = size - _SEAL.size
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(left, 1 << 20))):
            checksum.update(chunk)
            left -= len(chunk)
        footer = file.read()
    if footer != _SEAL.pack(checksum.digest(), _END):
        return Seal(size, "")
    return Seal(size, checksum.hexdigest())
