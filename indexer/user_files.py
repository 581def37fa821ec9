"""Files that a user names to their text or TOML: whatever they hold, what is wrong with them is said in one line."""

import os
import stat
import tomllib
from pathlib import Path
from typing import Any, Final

from indexer.errors import SourceError

MAX_BYTES: Final = 50_000_000


def read_text(path: Path, what: str) -> str:
    """The text of a file in UTF-8; `what` it should be is said where it cannot be read. Raises SourceError."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SourceError(str(path), f"is not a plain file; name {what}")
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise SourceError(str(path), f"is larger than {MAX_BYTES // 1_000_000} MB; name {what}")
        return content.decode()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SourceError(str(path), f"cannot be read ({reason}); name {what}") from None


def read_toml(path: Path, what: str) -> tuple[dict[str, Any], str]:
    """The values of a TOML file, and its text. Raises SourceError."""
    text = read_text(path, what)
    try:
        return tomllib.loads(text), text
    except RecursionError:
        raise SourceError(str(path), "is not valid TOML (nested too deeply); fix that place") from None
    except ValueError as error:  # TOMLDecodeError, and numbers of thousands of digits
        raise SourceError(str(path), f"is not valid TOML ({error}); fix that place") from None
