"""Bytes to text: by byte order mark, UTF-8, what a page declares, windows-1252; or why they are no text."""

import re
from typing import Final

from indexer.articles.cleaning import declared_text
from indexer.articles.model import RawKind

UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_STRAY: Final = re.compile("[\udc80-\udcff]")
# Bytes that no English, French, German or Spanish text in windows-1252 has: undefined, or letters of Icelandic alone.
_IMPLAUSIBLE: Final = frozenset(b"\x81\x8d\x8f\x90\x9d\xd0\xde\xf0\xfe\xff")
_JUNK: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_JUNK_SHARE: Final = 0.01


class Unreadable(Exception):
    """Why a file, line or stream is refused; becomes a Failure."""


def decode(content: bytes, kind: RawKind | None) -> str:
    """The text of bytes; raises Unreadable.

    A byte order mark decides, then UTF-8, then what a page declares, then windows-1252 for stray bytes.
    """
    if content.startswith(UTF_16):
        return content.decode("utf-16", "replace")
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    if content.count(b"\0") * 3 > len(content):
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")
    text = content.decode("utf-8", "surrogateescape")
    if not text.isascii() and _STRAY.search(text):
        if kind == "html" and (declared := declared_text(content)) is not None:
            return declared
        text = _STRAY.sub(_windows_1252, text)
    return text


def _windows_1252(stray: re.Match[str]) -> str:
    byte = ord(stray.group()) - 0xDC00
    if byte in _IMPLAUSIBLE:
        raise Unreadable(f"not text in UTF-8, UTF-16 or windows-1252 (byte 0x{byte:02x} at character {stray.start()})")
    return bytes((byte,)).decode("windows-1252")


def checked(text: str) -> str:
    """The text, where it is one. Raises Unreadable for none, and for what is binary."""
    if not text.strip("\0 \t\r\n\ufeff"):
        raise Unreadable("empty")
    if sum(1 for _ in _JUNK.finditer(text)) > _JUNK_SHARE * len(text) + 1:
        raise Unreadable("binary, not text")
    return text
