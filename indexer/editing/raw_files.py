"""Ids to the raw files of a corpus folder: read, written and deleted one at a time, for editors.

A file is replaced by a rename once the new one is on the disk, so that whoever reads it gets the old text or the new
one. Folders are opened one below the other and no link is followed, so that no id leads out of the corpus. Writers wait
for each other: between the check that a file is the one that an editor saw and its replacement, nobody else writes.
"""

import errno
import fcntl
import hashlib
import os
import secrets
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from indexer.articles.article_id import id_fault
from indexer.articles.decoding import Unreadable, checked, decode
from indexer.articles.model import RawArticle, RawKind
from indexer.articles.source import (
    KINDS,
    MAX_ARTICLE,
    NOT_ARTICLES,
    Failure,
    digest,
    list_sources,
    read_source,
    source_name,
)
from indexer.errors import ArticleConflict, ArticleRejected, SourceError

MAX_WRITTEN: Final = 2_000_000  # bytes of an article that is written, as much as is read of a page
MAX_NAME: Final = 240  # bytes of a file's name, its suffix not counted
SUFFIXES: Final[dict[RawKind, str]] = {"text": ".txt", "markdown": ".md", "html": ".html"}


class RawFile(NamedTuple):
    """The raw article of a file, called `name` below the corpus.

    `version` is the hexadecimal digest of the file's bytes. Where it is "", the file cannot be changed here, and
    `locked` says why. Where the file cannot be read as an article, `problem` says why, and the text is as much as could
    be decoded.
    """

    name: str
    raw: RawArticle
    version: str
    locked: str = ""
    problem: str = ""


class RawFiles:
    """The raw articles below a folder."""

    def __init__(self, corpus: Path) -> None:
        self._root = Path(os.path.abspath(corpus))  # noqa: PTH100 -- as list_sources, which names the sources

    def find(self, id: str, source: str | None = None) -> RawFile | None:
        """The raw article of that id; `source` is that of its document, None where it is not indexed.

        Raises ArticleRejected for an id that no file can have, ArticleConflict for a file that cannot be read.
        """
        name = self._name(id, source)
        if name is None:
            return None
        if locked := _locked(id, name):
            return self._find_inside(id, name, locked)
        with self._folder(name) as folder:
            content = None if folder is None else _read(folder, PurePosixPath(name).name)
        if content is None:
            return None
        return self._described(id, name, content)

    def write(
        self, id: str, kind: RawKind, content: bytes, *, source: str | None = None, expected: str | None = None
    ) -> tuple[RawFile, bool]:
        """Write an article; whether it is new comes with it.

        `expected` is the version of the file that is to be replaced, "" where there must be none, None for any. Raises
        ArticleRejected and ArticleConflict.
        """
        _check_id(id)
        _check_text(content, kind)
        name = self._name(id, source)
        if name is None:
            name = f"{id}{SUFFIXES[kind]}"
        elif locked := _locked(id, name):
            raise ArticleConflict(locked)
        elif KINDS[PurePosixPath(name).suffix.lower()] != kind:
            raise ArticleConflict(f"the article is held in {name}, which is no {kind} file; delete it first")
        with self._writing(), self._folder(name, create=True) as folder:
            assert folder is not None
            before = _read(folder, PurePosixPath(name).name)
            _check_version(before, expected)
            _replace(folder, PurePosixPath(name).name, content)
        return self._described(id, name, content), before is None

    def delete(self, id: str, *, source: str | None = None, expected: str | None = None) -> bool:
        """Delete the file of an article; False where there is none. Raises ArticleRejected and ArticleConflict."""
        name = self._name(id, source)
        if name is None:
            return False
        if locked := _locked(id, name):
            raise ArticleConflict(locked)
        with self._writing(), self._folder(name) as folder:
            before = None if folder is None else _read(folder, PurePosixPath(name).name)
            if folder is None or before is None:
                return False
            _check_version(before, expected)
            os.unlink(PurePosixPath(name).name, dir_fd=folder)
            os.fsync(folder)
        return True

    def _name(self, id: str, source: str | None) -> str | None:
        """The name below the corpus of the file that holds the article; None where none does."""
        if source is not None:
            root, path = source_name(str(self._root)).rstrip("/") + "/", PurePosixPath(source)
            # The index says so, and may be from elsewhere.
            if not source.startswith(root) or ".." in path.parts or path.suffix.lower() not in (*KINDS, ".gz"):
                raise ArticleConflict(
                    f"the article was read from {path.name}, which lies outside the corpus of this site"
                )
            name = source[len(root) :]
            if os.path.lexists(self._root / name):
                return name
        _check_id(id)
        names = (f"{id}{suffix}{compressed}" for suffix in KINDS if KINDS[suffix] for compressed in ("", ".gz"))
        return next((name for name in names if os.path.lexists(self._root / name)), None)

    def _find_inside(self, id: str, name: str, locked: str) -> RawFile | None:
        """The article inside a file of several, or a compressed one."""
        path = self._root / name
        if not path.resolve().is_relative_to(self._root.resolve()):
            raise ArticleConflict(f"{name} lies behind a link that leads out of the corpus")
        try:
            files = list_sources([path]).files
        except SourceError:
            return None
        for file in files:
            for raw in read_source(file):
                if isinstance(raw, RawArticle) and (raw.id == id or not name.removesuffix(".gz").endswith(".jsonl")):
                    return RawFile(name, replace(raw, id=id), "", locked)
                if isinstance(raw, Failure) and not name.removesuffix(".gz").endswith(".jsonl"):
                    raise ArticleConflict(f"{name} cannot be read: {raw.reason}")
        return None

    def _described(self, id: str, name: str, content: bytes) -> RawFile:
        kind, source = KINDS[PurePosixPath(name).suffix.lower()], source_name(str(self._root / name))
        assert kind is not None
        problem = f"larger than {MAX_ARTICLE // 1_000_000} MB" if len(content) > MAX_ARTICLE else ""
        text = content[:MAX_WRITTEN].decode("utf-8", "replace")
        if not problem:
            try:
                text = checked(decode(content, kind))
            except Unreadable as error:
                problem = str(error)
        raw = RawArticle(id, source, kind, text)
        return RawFile(name, replace(raw, digest=digest(raw)), _version(content), problem=problem)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Wait for other writers of this corpus, in any process, and keep them waiting."""
        with ExitStack() as stack:
            root = self._open_root(stack)
            fcntl.flock(root, fcntl.LOCK_EX)  # closing the descriptor lets go of it
            yield

    def _open_root(self, stack: ExitStack) -> int:
        try:
            root = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise ArticleConflict(
                f"the corpus folder of this site cannot be opened ({error.strerror}); CONDITIONS_CORPUS names it"
            ) from None
        stack.callback(os.close, root)
        return root

    @contextmanager
    def _folder(self, name: str, *, create: bool = False) -> Iterator[int | None]:
        """A descriptor of the folder that the file lies in; None where there is no such folder."""
        with ExitStack() as stack:
            try:
                folder: int | None = self._open_root(stack)
                for part in PurePosixPath(name).parts[:-1]:
                    assert folder is not None
                    if create:
                        with suppress(FileExistsError):
                            os.mkdir(part, dir_fd=folder)
                            os.fsync(folder)
                    folder = _open_inside(folder, part, os.O_RDONLY | os.O_DIRECTORY)
                    if folder is None:
                        break
                    stack.callback(os.close, folder)
                yield folder
            except OSError as error:
                raise ArticleConflict(f"{name} stays as it was: {error.strerror}; fix that and try again") from error


def _check_id(id: str) -> None:
    """Raises ArticleRejected for an id that no article file below a folder has."""
    parts = id.split("/")
    if fault := id_fault(id):
        reason = f"{fault}; it is a path below the corpus, such as gout/left-knee"
    elif not id.isprintable() or "\\" in id or "\ufffd" in id:
        reason = "has characters that no id may have (control characters, backslashes)"
    elif any(len(part.encode("utf-8", "replace")) > MAX_NAME for part in parts):
        reason = "is too long"
    elif unicodedata.normalize("NFC", id) != id or any(part != part.strip() for part in parts):
        reason = "has blanks at an end, or letters that are not composed (NFC)"
    elif any(NOT_ARTICLES.match(part) for part in parts):
        reason = "is that of a hidden file, a README or a licence, which are no articles"
    else:
        return
    raise ArticleRejected(f"the id {reason}; choose another")


def _check_text(content: bytes, kind: RawKind) -> None:
    if len(content) > MAX_WRITTEN:
        raise ArticleRejected(f"the text is larger than {MAX_WRITTEN // 1_000_000} MB; shorten it")
    try:
        text = content.decode()
        checked(decode(content, kind))
    except UnicodeDecodeError as error:
        raise ArticleRejected(f"the text is not UTF-8 (byte {error.start + 1}); save it as UTF-8") from None
    except Unreadable as error:
        raise ArticleRejected(f"the text is {error}; send the text of an article") from None
    if "\0" in text:
        raise ArticleRejected("the text has null characters; remove them")


def _check_version(content: bytes | None, expected: str | None) -> None:
    actual = "" if content is None else _version(content)
    if expected is not None and expected != actual:
        what = "is not there any more" if content is None else "is there already" if not expected else "has changed"
        raise ArticleConflict(f"the article {what} since it was loaded; load it again and repeat the change")


def _locked(id: str, name: str) -> str:
    """Why the file of an article cannot be changed here; "" where it can."""
    path = PurePosixPath(name)
    if path.suffix.lower() == ".gz":
        return f"the article is held in {name}, which is compressed; change it there"
    if path.suffix.lower() == ".jsonl":
        return f"the article is a line of {name}, which holds several; change it there"
    if unicodedata.normalize("NFC", str(path.with_suffix(""))) != id:
        return f"the article was read from {name}, which gives it another id below this corpus; index it again"
    return ""


def _version(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _open_inside(folder: int, name: str, flags: int) -> int | None:
    """Open what lies in a folder; None where nothing does. Raises ArticleConflict for a link."""
    try:
        return os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno not in {errno.ELOOP, errno.ENOTDIR, errno.ENXIO}:
            raise
        raise ArticleConflict(f"{name} is a link, or no plain file or folder; change it where it lies") from error


def _read(folder: int, name: str) -> bytes | None:
    """The bytes of a file, and of one that is too large one more than may be; None where there is none."""
    descriptor = _open_inside(folder, name, os.O_RDONLY)
    if descriptor is None:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ArticleConflict(f"{name} is a link, or no plain file or folder; change it where it lies")
    with open(descriptor, "rb") as file:  # noqa: PTH123
        return file.read(MAX_ARTICLE + 1)


def _replace(folder: int, name: str, content: bytes) -> None:
    """Put a file in the place of another, durably; a new name that begins with a dot is no article yet."""
    new = f".new-{secrets.token_hex(8)}"
    try:
        mode = stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        mode = 0o644
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with open(os.open(new, flags, mode, dir_fd=folder), "wb") as file:  # noqa: PTH123
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with suppress(OSError):
            os.unlink(new, dir_fd=folder)
        raise
    os.fsync(folder)
