"""What is logged to one line each, in which nothing is obeyed by a terminal: of this program and of its server."""

import logging
from typing import Any, Final

from indexer.printable import printable


class LineFormatter(logging.Formatter):
    """A record, with the trace of its exception, in one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return printable(super().format(record))


_FORMAT: Final = "%(levelname)s %(name)s: %(message)s"
_FORMATTER: Final = {"()": LineFormatter, "fmt": _FORMAT}

# What granian adds to its own settings, whose handlers use these formatters.
LOG_CONFIG: Final[dict[str, Any]] = {"formatters": {"generic": _FORMATTER, "access": _FORMATTER}}


def log_in_lines() -> None:
    """Have this process log warnings and errors to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter(_FORMAT))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
