"""Paths to raw articles: files found below folders, decoded, each either read or named as a failure.

A file of .txt, .md, .html or .htm is one article, called by its path below the given folder without the suffix; a
.jsonl file holds one article a line. Each may be compressed (.gz). READMEs, licences, hidden files and
other suffixes are no articles, unless one is given by name: then the reader says why it cannot be read.

Everything here is bounded: no file, line or compressed stream can take more memory than MAX_ARTICLE allows, links that
lead in circles end, and a file that is not a plain file is never opened. A link may lead anywhere below the given
paths, and nowhere else: whoever may put a file into a corpus shall not have every file of the machine served. Links
that are given by name are followed.
"""

import hashlib
import io
import json
import os
import re
import stat
import time
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Final, NamedTuple

from indexer.articles.article_id import id_fault
from indexer.articles.decoding import UTF_16, Unreadable, checked, decode
from indexer.articles.decompression import DecompressedFile
from indexer.articles.model import RawArticle, RawKind
from indexer.articles.stated_fields import MAX_STATED
from indexer.errors import SourceError
from indexer.printable import printable

MAX_ARTICLE: Final = 20_000_000  # bytes of one file, or of one line of a .jsonl file

KINDS: Final[dict[str, RawKind | None]] = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".jsonl": None,
}
_JSON_KINDS: Final[tuple[tuple[str, RawKind], ...]] = (("text", "text"), ("html", "html"), ("markdown", "markdown"))
NOT_ARTICLES: Final = re.compile(r"(?:README|LICEN[CS]E)\b|\.", re.IGNORECASE)

_LEADS_OUT: Final = (
    "a link that leads out of the corpus; put a copy there, or index the folder that it leads to by name"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BLANK: Final = b" \t\r\n\f\v\xef\xbb\xbf"  # and the byte order mark, which stands before a first line


class SourceFile(NamedTuple):
    """A file that holds articles, as listed: nothing of it has been read yet.

    `path` is as the system spells it, `source` the same as valid Unicode with forward slashes, `id` the article's (for
    .jsonl files, whose lines have ids of their own, that of the file); `size` is in bytes. `stamp` differs whenever
    the file was written to or replaced, unless twice within one tick of the system's clock; `changed_ns` is that clock
    at the last time, in ns.
    """

    path: str
    source: str
    id: str
    size: int
    stamp: str
    changed_ns: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read: its source, the reason in words, and the article's id where it is known.

    What is `refused` may not be read at all: what was indexed from there is not kept, as it is for what fails.
    """

    source: str
    reason: str
    id: str | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies below the given paths: files in order, each once, and what could not be looked into.

    `roots` are the given paths as sources are written. A source owned by this listing lies `below` the roots; one
    that lies below a failure was not looked for, so that its absence says nothing. `began_ns` is the time, in ns of the
    system's clock, before the first file was listed.
    """

    roots: tuple[str, ...]
    files: tuple[SourceFile, ...]
    failures: tuple[Failure, ...]
    began_ns: int


class _Suffix(NamedTuple):
    stem: str
    kind: RawKind | None
    compressed: bool


class SourceRecord(NamedTuple):
    """What may be one article, not yet decoded: a whole file (`line` 0, `kind` by its name), or a line of .jsonl."""

    file: SourceFile
    kind: RawKind | None
    line: int
    content: bytes

    @property
    def content_digest(self) -> str:
        """Hexadecimal BLAKE2b (16 bytes) of the content."""
        return hashlib.blake2b(self.content, digest_size=16).hexdigest()

    def read(self) -> RawArticle | Failure:
        """The article, or the reason why it is none."""
        file, id = self.file, None if self.line else self.file.id
        try:
            text = _decoded(self.content, self.kind)
            if self.kind is not None:
                return _with_digest(RawArticle(file.id, file.source, self.kind, checked(text)))
            entry = _entry(text.strip())
            id = _identifier(entry)
            return _from_json(id, file.source, entry)
        except Unreadable as error:
            return Failure(file.source, f"line {self.line}: {error}" if self.line else str(error), id)


def read_sources(paths: Sequence[str | Path]) -> Iterator[RawArticle | Failure]:
    """Every article below the paths, in the order of `list_sources`; raises SourceError for a path that is missing."""
    listing = list_sources(paths)
    yield from listing.failures
    for file in listing.files:
        yield from read_source(file)


def list_sources(paths: Sequence[str | Path]) -> Listing:
    """The files below the paths, without opening any; raises SourceError for a path that is missing."""
    began_ns = time.time_ns()
    by_source: dict[str, SourceFile] = {}
    failures: list[Failure] = []
    given_paths = [os.path.abspath(given) for given in paths]  # noqa: PTH100 -- Path.absolute keeps ".."
    inside = tuple(map(os.path.realpath, given_paths))
    roots = tuple(map(source_name, given_paths))
    for given, root in zip(paths, given_paths, strict=True):
        try:
            status = os.stat(root)  # noqa: PTH116 -- 75,000 files are looked at: no Path is made for any
        except (FileNotFoundError, NotADirectoryError):
            raise SourceError(str(given), "does not exist; give a file or folder that does") from None
        except (OSError, ValueError) as error:
            failures.append(Failure(source_name(root), _reason(error)))
            continue
        for entry in _walk(root, inside) if stat.S_ISDIR(status.st_mode) else (_given_file(root, status),):
            match entry:
                case SourceFile():
                    by_source.setdefault(entry.source, entry)
                case Failure():
                    failures.append(entry)
    return Listing(roots, tuple(by_source.values()), tuple(dict.fromkeys(failures)), began_ns)


def below(source: str, roots: Iterable[str]) -> bool:
    """Whether the source is one of the roots, or lies in one of them."""
    return any(source == root or source.startswith(root.rstrip("/") + "/") for root in roots)


def source_name(path: str) -> str:
    """A path as RawArticle.source has it: absolute, forward slashes, always valid Unicode."""
    return _unicode(path).replace(os.sep, "/")


def read_source(file: SourceFile) -> Iterator[RawArticle | Failure]:
    """The articles of one file, or the reason why there are none; a line that fails does not stop the others."""
    for record in records(file):
        yield record if isinstance(record, Failure) else record.read()


def records(file: SourceFile) -> Iterator[SourceRecord | Failure]:
    """The records of a file, in order; a Failure where the file itself cannot be read."""
    suffix = _suffix(PurePath(file.path).name)
    assert suffix is not None
    id = None if suffix.kind is None else file.id
    try:
        with _open(file.path, suffix.compressed) as stream:
            if suffix.kind is not None:
                yield SourceRecord(file, suffix.kind, 0, stream.read(MAX_ARTICLE + 1))
            else:
                yield from _read_lines(file, stream)
    except Unreadable as error:
        yield Failure(file.source, str(error), id)
    except (OSError, EOFError, zlib.error) as error:
        yield Failure(file.source, _reason(error), id)


def digest(raw: RawArticle) -> str:
    """Hexadecimal BLAKE2b (16 bytes) of everything that reading depends on: all but id, source and digest."""
    fields = (raw.kind, raw.text, raw.title, raw.code, raw.url, raw.reviewed, raw.language)
    state = hashlib.blake2b(digest_size=16)
    for field in fields:
        encoded = b"" if field is None else field.encode("utf-8", "surrogatepass")
        state.update(b"%d:" % (-1 if field is None else len(encoded)))
        state.update(encoded)
    return state.hexdigest()


def _walk(root: str, allowed: Sequence[str]) -> Iterator[SourceFile | Failure]:
    """What lies below the folder; a link counts only where it leads below one of the `allowed` real paths."""
    folders: list[tuple[str, frozenset[tuple[int, int]]]] = [(root, frozenset())]
    while folders:
        folder, above = folders.pop()
        inside: list[tuple[str, frozenset[tuple[int, int]]]] = []
        try:
            here = os.stat(folder)  # noqa: PTH116
            identity = (here.st_dev, here.st_ino)
            if identity in above:
                yield Failure(source_name(folder), "a link that leads back to a folder it lies in")
                continue
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            yield Failure(source_name(folder), _reason(error))
            continue
        source = source_name(folder).rstrip("/")
        prefix = folder[len(root) :].strip(os.sep).replace(os.sep, "/")
        for entry in entries:
            if NOT_ARTICLES.match(entry.name):
                continue
            suffix, is_link = _suffix(entry.name), entry.is_symlink()
            leads_out = is_link and not below(os.path.realpath(entry.path), allowed)
            try:
                status = entry.stat() if suffix or is_link else None
                is_folder = entry.is_dir() if status is None else stat.S_ISDIR(status.st_mode)
            except OSError as error:
                yield Failure(
                    f"{source}/{_unicode(entry.name)}", _LEADS_OUT if leads_out else _reason(error), refused=leads_out
                )
                continue
            if leads_out and (is_folder or suffix):
                yield Failure(f"{source}/{_unicode(entry.name)}", _LEADS_OUT, refused=True)
            elif is_folder:
                inside.append((entry.path, above | {identity}))
            elif suffix is not None and status is not None:
                id = _identified(f"{prefix}/{suffix.stem}" if prefix else suffix.stem)
                yield _described(entry.path, f"{source}/{_unicode(entry.name)}", id, status)
        folders.extend(reversed(inside))


def _given_file(path: str, status: os.stat_result) -> SourceFile | Failure:
    suffix = _suffix(PurePath(path).name)
    if suffix is None:
        why = f"not an article: its name does not end in {', '.join(KINDS)} (or one of these and .gz)"
        return Failure(source_name(path), why)
    return _described(path, source_name(path), _identified(suffix.stem), status)


def _described(path: str, source: str, id: str, status: os.stat_result) -> SourceFile | Failure:
    if fault := id_fault(id):
        return Failure(source, f"its name makes an id that {fault}; rename it", refused=True)
    if not stat.S_ISREG(status.st_mode):
        return Failure(source, "not a plain file", id)
    # Whoever writes to a file can set its time of modification back, but not that of its change.
    size, changed_ns = status.st_size, status.st_ctime_ns
    return SourceFile(path, source, id, size, f"{size} {status.st_mtime_ns} {changed_ns} {status.st_ino}", changed_ns)


def _identified(name: str) -> str:
    return name if name.isascii() else unicodedata.normalize("NFC", _unicode(name))


def _unicode(path: str) -> str:
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "replace")


def _suffix(name: str) -> _Suffix | None:
    compressed = name.lower().endswith(".gz")
    stem, dot, ending = (name[:-3] if compressed else name).rpartition(".")
    kind = "." + ending.lower()
    return _Suffix(stem, KINDS[kind], compressed) if dot and stem and kind in KINDS else None


def _open(path: str, compressed: bool) -> io.BufferedReader:
    """Its callers close it. What has become a pipe or a device since it was listed keeps nobody waiting."""
    file = open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")  # noqa: SIM115, PTH123
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Unreadable("not a plain file")
    return io.BufferedReader(DecompressedFile(file), 1 << 16) if compressed else file


def _read_lines(file: SourceFile, stream: io.BufferedReader) -> Iterator[SourceRecord]:
    empty = True
    for number, line in _lines(stream):
        if line.strip(_BLANK):
            empty = False
            yield SourceRecord(file, None, number, line.rstrip(b"\r\n"))
    if empty:
        raise Unreadable("empty")


def _lines(stream: io.BufferedReader) -> Iterator[tuple[int, bytes]]:
    """Numbered lines; one that is too long comes cut, one byte over the limit, and the rest of it is passed over."""
    if stream.peek(2)[:2] not in UTF_16:
        yield from _numbered(stream.readline)
        return
    # A reader of codecs would take time that is quadratic in the number of lines.
    wide = io.TextIOWrapper(stream, "utf-16", "replace", newline="\n")
    try:
        yield from _numbered(lambda size: wide.readline(size).encode())
    finally:
        wide.detach()


def _numbered(read: Callable[[int], bytes]) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := read(MAX_ARTICLE + 1):
        number += 1
        yield number, line
        rest = line
        while len(line) > MAX_ARTICLE and not rest.endswith(b"\n") and rest:
            rest = read(1 << 16)


def _entry(text: str) -> dict[str, object]:
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON ({error.msg})" if isinstance(error, json.JSONDecodeError) else "not JSON") from None
    if not isinstance(entry, dict):
        raise Unreadable("not a JSON object")
    return entry


def _identifier(entry: dict[str, object]) -> str:
    id = entry.get("id")
    if isinstance(id, int) and not isinstance(id, bool):
        id = str(id)
    id = unicodedata.normalize("NFC", _without_surrogates(id).strip()) if isinstance(id, str) else ""
    if not id:
        raise Unreadable('no "id"')
    if fault := id_fault(id):
        raise Unreadable(f'"id" {printable(id, limit=60)} {fault}')
    return id


def _from_json(id: str, source: str, entry: dict[str, object]) -> RawArticle:
    present = [(key, kind) for key, kind in _JSON_KINDS if entry.get(key) is not None]
    if len(present) != 1:
        raise Unreadable(
            'none of "text", "html" and "markdown"' if not present else 'more than one of "text", "html" and "markdown"'
        )
    key, kind = present[0]
    title = _string(entry, "title")
    code, url, reviewed, language = (_stated(entry, name) for name in ("code", "url", "reviewed", "language"))
    return _with_digest(
        RawArticle(id, source, kind, checked(_string(entry, key) or ""), title, code, url, reviewed, language)
    )


def _string(entry: dict[str, object], key: str) -> str | None:
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f'"{key}" is not text')
    return None if value is None else _without_surrogates(value)


def _stated(entry: dict[str, object], key: str) -> str | None:
    """A field that the reader checks: what is no text is written as JSON, for the issue that names it."""
    value = entry.get(key)
    return _string(entry, key) if value is None or isinstance(value, str) else json.dumps(value)[:MAX_STATED]


def _with_digest(raw: RawArticle) -> RawArticle:
    return replace(raw, digest=digest(raw))


def _decoded(content: bytes, kind: RawKind | None) -> str:
    if len(content) > MAX_ARTICLE:
        raise Unreadable(f"larger than {MAX_ARTICLE // 1_000_000} MB")
    return decode(content, kind)


def _without_surrogates(text: str) -> str:
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _reason(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "vanished, or a link that leads nowhere"
        case PermissionError():
            return "no permission to read it"
        case EOFError() | zlib.error():
            return "a damaged .gz file"
        case OSError() if error.strerror:
            return error.strerror[:1].lower() + error.strerror[1:]
        case _:
            return str(error)
