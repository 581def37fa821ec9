"""Paths to raw articles: files found below folders, decoded, each either read or named as a failure.

A file of .txt, .md, .html or .htm is one article, called by its path below the given folder without the suffix; a
.jsonl file holds one article a line. Each may be compressed (.gz). READMEs, licences, hidden files and
other suffixes are no articles, unless one is given by name: then the reader says why it cannot be read.

Everything here is bounded: no file, line or compressed stream can take more memory than MAX_ARTICLE allows, links that
lead in circles end, and a file that is not a plain file is never opened.
"""

import codecs
import gzip
import hashlib
import json
import os
import re
import stat
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import IO, Final, NamedTuple

from indexer.articles.cleaning import declared_text
from indexer.articles.model import RawArticle, RawKind
from indexer.errors import SourceError

MAX_ARTICLE: Final = 20_000_000  # bytes of one file, or of one line of a .jsonl file
MAX_EXPANSION: Final = 200  # times its size that a compressed .jsonl file may grow; honest text stays below 20
MAX_ID: Final = 512  # code points

KINDS: Final[dict[str, RawKind | None]] = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".jsonl": None,
}
_JSON_KINDS: Final[tuple[tuple[str, RawKind], ...]] = (("text", "text"), ("html", "html"), ("markdown", "markdown"))
_NOT_ARTICLES: Final = re.compile(r"(?:README|LICEN[CS]E)\b|\.", re.IGNORECASE)

_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_STRAY: Final = re.compile("[\udc80-\udcff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# Bytes that no English, French, German or Spanish text in windows-1252 has: undefined there, or letters of Icelandic alone.
_IMPLAUSIBLE: Final = frozenset(b"\x81\x8d\x8f\x90\x9d\xd0\xde\xf0\xfe\xff")
_JUNK: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_JUNK_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that holds articles, as found: nothing of it has been read yet.

    `source` is its absolute path with forward slashes, `id` the article's (for .jsonl files, whose lines have ids of
    their own, that of the file); `size` in bytes and `modified_ns` tell whether it changed since it was last read.
    """

    path: Path
    source: str
    id: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read: its source, the reason in words, and the article's id where it is known."""

    source: str
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies below the given paths: files in order, each once, and what could not be looked into.

    `roots` are the given paths as sources are written. A source owned by this listing lies `below` the roots; one
    that lies below a failure was not looked for, so that its absence says nothing.
    """

    roots: tuple[str, ...]
    files: tuple[SourceFile, ...]
    failures: tuple[Failure, ...]


class _Suffix(NamedTuple):
    stem: str
    kind: RawKind | None
    packed: bool


class _Unreadable(Exception):
    """Why a file, line or stream is refused; becomes a Failure."""


def read_sources(paths: Sequence[str | Path]) -> Iterator[RawArticle | Failure]:
    """Every article below the paths, in the order of `list_sources`; raises SourceError for a path that is missing."""
    listing = list_sources(paths)
    yield from listing.failures
    for file in listing.files:
        yield from read_source(file)


def list_sources(paths: Sequence[str | Path]) -> Listing:
    """The files below the paths, without opening any; raises SourceError for a path that is missing."""
    found: dict[str, SourceFile] = {}
    failures: list[Failure] = []
    roots = []
    for given in paths:
        root = Path(os.path.abspath(given))  # noqa: PTH100 -- Path.absolute keeps "..", and resolve() would follow links
        roots.append(source_name(root))
        try:
            is_folder = stat.S_ISDIR(root.stat().st_mode)
        except (FileNotFoundError, NotADirectoryError):
            raise SourceError(str(given), "does not exist; give a file or folder that does") from None
        except (OSError, ValueError) as error:
            failures.append(Failure(source_name(root), _reason(error)))
            continue
        for entry in _walk(root) if is_folder else (_describe(root, root.parent, given=True),):
            match entry:
                case SourceFile():
                    found.setdefault(entry.source, entry)
                case Failure():
                    failures.append(entry)
    return Listing(tuple(roots), tuple(found.values()), tuple(dict.fromkeys(failures)))


def below(source: str, roots: Iterable[str]) -> bool:
    """Whether the source is one of the roots, or lies in one of them."""
    return any(source == root or source.startswith(root.rstrip("/") + "/") for root in roots)


def source_name(path: Path) -> str:
    """A path as RawArticle.source has it: absolute, forward slashes, always valid Unicode."""
    return os.fsencode(path).decode("utf-8", "replace").replace(os.sep, "/")


def read_source(file: SourceFile) -> Iterator[RawArticle | Failure]:
    """The articles of one file, or the reason why there are none; a line that fails does not stop the others."""
    suffix = _suffix(file.path)
    assert suffix is not None
    try:
        if suffix.kind is None:
            yield from _read_lines(file, suffix)
        else:
            yield _sealed(RawArticle(file.id, file.source, suffix.kind, _read_whole(file.path, suffix)))
    except _Unreadable as error:
        yield Failure(file.source, str(error), None if suffix.kind is None else file.id)
    except (OSError, EOFError, zlib.error) as error:
        yield Failure(file.source, _reason(error), None if suffix.kind is None else file.id)


def digest(raw: RawArticle) -> str:
    """Hexadecimal BLAKE2b (16 bytes) of everything that reading depends on: all but id, source and digest."""
    facts = (raw.kind, raw.text, raw.title, raw.code, raw.url, raw.reviewed, raw.language)
    state = hashlib.blake2b(digest_size=16)
    for fact in facts:
        encoded = b"" if fact is None else fact.encode("utf-8", "surrogatepass")
        state.update(b"%d:" % (-1 if fact is None else len(encoded)))
        state.update(encoded)
    return state.hexdigest()


def _walk(root: Path) -> Iterator[SourceFile | Failure]:
    folders: list[tuple[Path, frozenset[tuple[int, int]]]] = [(root, frozenset())]
    while folders:
        folder, above = folders.pop()
        inside: list[tuple[Path, frozenset[tuple[int, int]]]] = []
        try:
            here = folder.stat()
            identity = (here.st_dev, here.st_ino)
            if identity in above:
                yield Failure(source_name(folder), "a link that leads back to a folder it lies in")
                continue
            names = sorted(os.listdir(folder))  # noqa: PTH208 -- names, not paths
        except OSError as error:
            yield Failure(source_name(folder), _reason(error))
            continue
        for name in names:
            if _NOT_ARTICLES.match(name):
                continue
            path = folder / name
            try:
                is_folder = stat.S_ISDIR(path.stat().st_mode)
            except OSError as error:
                yield Failure(source_name(path), _reason(error))
                continue
            if is_folder:
                inside.append((path, above | {identity}))
            elif _suffix(path):
                yield _describe(path, root)
        folders.extend(reversed(inside))


def _describe(path: Path, root: Path, *, given: bool = False) -> SourceFile | Failure:
    source = source_name(path)
    suffix = _suffix(path)
    if suffix is None:
        return Failure(source, f"not an article: its name does not end in {', '.join(KINDS)} (or one of these and .gz)")
    name = path.name if given else path.relative_to(root).as_posix()
    stem = name[: len(name) - len(path.name)] + suffix.stem
    id = unicodedata.normalize("NFC", os.fsencode(stem).decode("utf-8", "replace"))
    try:
        status = path.stat()
    except OSError as error:
        return Failure(source, _reason(error), id)
    if not stat.S_ISREG(status.st_mode):
        return Failure(source, "not a plain file", id)
    return SourceFile(path, source, id, status.st_size, status.st_mtime_ns)


def _suffix(path: PurePath) -> _Suffix | None:
    name = path.name
    packed = name.lower().endswith(".gz")
    stem, dot, ending = (name[:-3] if packed else name).rpartition(".")
    kind = "." + ending.lower()
    return _Suffix(stem, KINDS[kind], packed) if dot and stem and kind in KINDS else None


def _open(path: Path, packed: bool) -> IO[bytes]:
    stream: IO[bytes] = gzip.open(path) if packed else path.open("rb")  # type: ignore[assignment]  # noqa: SIM115 -- its callers close it
    return stream


def _read_whole(path: Path, suffix: _Suffix) -> str:
    with _open(path, suffix.packed) as stream:
        content = stream.read(MAX_ARTICLE + 1)
    return _checked(_decode(content, suffix.kind))


def _read_lines(file: SourceFile, suffix: _Suffix) -> Iterator[RawArticle | Failure]:
    empty = True
    with _open(file.path, suffix.packed) as stream:
        for number, line in _lines(stream, file.size * MAX_EXPANSION + MAX_ARTICLE if suffix.packed else None):
            id = None
            try:
                text = _decode(line, None).strip()
                if not text:
                    continue
                empty = False
                entry = _entry(text)
                id = _identifier(entry)
                yield _from_json(id, file.source, entry)
            except _Unreadable as error:
                yield Failure(file.source, f"line {number}: {error}", id)
    if empty:
        raise _Unreadable("empty")


def _lines(stream: IO[bytes], limit: int | None) -> Iterator[tuple[int, bytes]]:
    """Numbered lines; one that is too long comes cut, one byte over the limit, and the rest of it is passed over."""
    wide = stream.read(2) in _UTF_16
    stream.seek(0)
    read = _wide_reader(stream) if wide else stream.readline
    number, total = 0, 0
    while line := read(MAX_ARTICLE + 1):
        number += 1
        yield number, line
        total += len(line)
        rest = line
        while len(line) > MAX_ARTICLE and not rest.endswith(b"\n") and (rest := read(1 << 16)):
            total += len(rest)
            if limit is not None and total > limit:
                break
        if limit is not None and total > limit:
            raise _Unreadable(f"expands to more than {MAX_EXPANSION} times its size")


def _wide_reader(stream: IO[bytes]) -> Callable[[int], bytes]:
    lines = codecs.getreader("utf-16")(stream, "replace")

    def read(size: int) -> bytes:
        return lines.readline(size).encode()

    return read


def _entry(text: str) -> dict[str, object]:
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _Unreadable(
            f"not JSON ({error.msg})" if isinstance(error, json.JSONDecodeError) else "not JSON"
        ) from None
    if not isinstance(entry, dict):
        raise _Unreadable("not a JSON object")
    return entry


def _identifier(entry: dict[str, object]) -> str:
    id = entry.get("id")
    if isinstance(id, int) and not isinstance(id, bool):
        id = str(id)
    id = unicodedata.normalize("NFC", _sound(id).strip()) if isinstance(id, str) else ""
    if not id:
        raise _Unreadable('no "id"')
    if len(id) > MAX_ID or not id.isprintable():
        raise _Unreadable(f'"id" is longer than {MAX_ID} characters, or has some that cannot be printed')
    return id


def _from_json(id: str, source: str, entry: dict[str, object]) -> RawArticle:
    present = [(key, kind) for key, kind in _JSON_KINDS if entry.get(key) is not None]
    if len(present) != 1:
        raise _Unreadable(
            'none of "text", "html" and "markdown"' if not present else 'more than one of "text", "html" and "markdown"'
        )
    key, kind = present[0]
    title, code, url, reviewed, language = (
        _string(entry, name) for name in ("title", "code", "url", "reviewed", "language")
    )
    return _sealed(
        RawArticle(id, source, kind, _checked(_string(entry, key) or ""), title, code, url, reviewed, language)
    )


def _string(entry: dict[str, object], key: str) -> str | None:
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        raise _Unreadable(f'"{key}" is not text')
    return None if value is None else _sound(value)


def _sealed(raw: RawArticle) -> RawArticle:
    return replace(raw, digest=digest(raw))


def _sound(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _decode(content: bytes, kind: RawKind | None) -> str:
    """Bytes to text: a byte order mark decides, then UTF-8, then what a page declares, then windows-1252 for stray bytes."""
    if len(content) > MAX_ARTICLE:
        raise _Unreadable(f"larger than {MAX_ARTICLE // 1_000_000} MB")
    if content.startswith(_UTF_16):
        return content.decode("utf-16", "replace")
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    if content.count(b"\0") * 3 > len(content):
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")
    text = content.decode("utf-8", "surrogateescape")
    if _STRAY.search(text):
        if kind == "html" and (declared := declared_text(content)) is not None:
            return declared
        text = _STRAY.sub(_windows_1252, text)
    return text


def _windows_1252(stray: re.Match[str]) -> str:
    byte = ord(stray.group()) - 0xDC00
    if byte in _IMPLAUSIBLE:
        raise _Unreadable(f"not text in UTF-8, UTF-16 or windows-1252 (byte 0x{byte:02x} at character {stray.start()})")
    return bytes((byte,)).decode("windows-1252")


def _checked(text: str) -> str:
    if not text.strip("\0 \t\r\n\ufeff"):
        raise _Unreadable("empty")
    if sum(1 for _ in _JUNK.finditer(text)) > _JUNK_SHARE * len(text) + 1:
        raise _Unreadable("binary, not text")
    return text


def _reason(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "vanished, or a link that leads nowhere"
        case PermissionError():
            return "no permission to read it"
        case gzip.BadGzipFile() | EOFError() | zlib.error():
            return "a damaged .gz file"
        case OSError() if error.strerror:
            return error.strerror[:1].lower() + error.strerror[1:]
        case _:
            return str(error)
