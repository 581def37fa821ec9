"""Text from elsewhere to text that is safe to print: no terminal obeys it, and no line of a log or report is forged.

Articles, names of files and paths of requests hold whatever their writers like: escape sequences that rewrite what a
terminal shows, line breaks, marks that turn the direction of text. Everything that is printed or logged goes through
here once, at the place that prints it.
"""

import re
from typing import Final

# Control characters (C0, DEL, C1), what ends a line or paragraph, marks that override or isolate a direction (Unicode
# Bidirectional Algorithm, X1 to X8), and halves of pairs, which no encoding has.
CONTROLS: Final = "\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE: Final = re.compile(f"[{CONTROLS}]")
_UNSAFE_LINES: Final = re.compile(f"(?!\n)[{CONTROLS}]")


def printable(text: str, *, limit: int | None = None) -> str:
    r"""The text in one line, of at most `limit` characters; what is unsafe stands as in Python (\n, \x1b, \u202e)."""
    if limit is not None and len(text) > limit:
        text = f"{text[: limit - 1]}…"
    return text if text.isprintable() else _UNSAFE.sub(_escaped, text)


def printable_lines(text: str) -> str:
    """The same, with the line breaks that it has."""
    return text if text.isprintable() else _UNSAFE_LINES.sub(_escaped, text)


def printable_json(text: str) -> str:
    """Encoded JSON of the same value, in which what is unsafe is escaped as JSON does."""
    return text if text.isprintable() else _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
