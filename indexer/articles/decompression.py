"""Compressed files to the bytes in them, as long as these come in honest proportion to what was read, and in time.

A file of 10 MB can unpack to 10 GB, or to nothing at all in minutes. zlib takes the file apart chunk by chunk; after
each, what came out is compared with what went in (text is seldom packed to less than a twentieth), and so is the time.
gzip of the standard library can do neither: it reads the header of each member byte by byte, and a hostile one is a
gigabyte long.
"""

import io
import os
import time
import zlib
from typing import IO, Final

from indexer.articles.decoding import Unreadable

MAX_RATIO: Final = 200  # bytes out for each byte in, beyond FREE_BYTES
FREE_BYTES: Final = 2_000_000  # that any file may expand to
MAX_SECONDS: Final = 10.0  # of this thread's CPU for the first byte; honest files take 25 ms for each MB packed
SECONDS_PER_MB: Final = 0.5  # more for each MB of the file

_CHUNK: Final = 1 << 14
_GZIP: Final = 31  # zlib's window bits for a gzip header of any window


class DecompressedFile(io.RawIOBase):
    """The bytes of an open .gz file of one or more members.

    Reading raises Unreadable for a bomb, `zlib.error` for damage, EOFError where the file is cut short.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._unread = b""  # read, and not yet taken apart
        self._member: zlib._Decompress | None = None
        self._bytes_in = self._bytes_out = 0
        self._seconds = 0.0
        self._max_seconds = MAX_SECONDS + SECONDS_PER_MB * os.fstat(file.fileno()).st_size / 1_000_000

    def readable(self) -> bool:
        """It always is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with at most its length of bytes; 0 at the end."""
        started = time.thread_time() - self._seconds
        unpacked = b""
        while not unpacked and self._fill():
            assert self._member is not None
            unpacked = self._member.decompress(self._unread, len(buffer))
            self._unread = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            self._bytes_out += len(unpacked)
            self._seconds = time.thread_time() - started
            if self._bytes_out > FREE_BYTES + MAX_RATIO * self._bytes_in:
                raise Unreadable(f"expands to more than {MAX_RATIO} times its size")
            if self._seconds > self._max_seconds:
                raise Unreadable(f"takes more than {self._max_seconds:.0f} s to decompress")
        buffer[: len(unpacked)] = unpacked
        return len(unpacked)

    def _fill(self) -> bool:
        """Have packed bytes and a member that they belong to; False at the end of the file."""
        at_end = self._member is not None and self._member.eof
        while not (self._unread.lstrip(b"\0") if at_end else self._unread):  # zeros may follow a member
            self._unread = self._file.read(_CHUNK)
            self._bytes_in += len(self._unread)
            if not self._unread:
                if self._member is None or at_end:
                    return False
                raise EOFError("cut short")
        if self._member is None or at_end:
            self._unread = self._unread.lstrip(b"\0") if at_end else self._unread
            self._member = zlib.decompressobj(_GZIP)
        return True

    def close(self) -> None:
        """Close the file as well."""
        self._file.close()
        super().close()
