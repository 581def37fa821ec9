"""What is stated about an article beside its text to what can be: an address, a code, a date, a language.

Anybody may have written it: an address is followed by readers, all of it is shown and goes into data for machines. What
cannot be is left out, with an issue that quotes it; the article stays.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from indexer.articles.dates import iso_date
from indexer.articles.model import Issue, RawArticle
from indexer.articles.stated_codes import dotted, stated_codes
from indexer.printable import printable

MAX_URL: Final = 2_047  # code points, the longest that a sitemap may have
MAX_STATED: Final = 200  # code points of any other
FLAG: Final = "invalid"

_MAX_QUOTE: Final = 60  # code points of what an issue quotes
_URL: Final = re.compile(r"[!#-;=?-\[\]_a-z~\x80-\U0010ffff]+", re.IGNORECASE)  # no blanks, quotes, brackets of markup
_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
# The shape of BCP 47 (RFC 5646, 2.1): a language, then subtags, of at most 35 characters; or for private use alone.
_LANGUAGE: Final = re.compile(r"(?=.{1,35}$)(?:[a-z]{2,8}|[ix](?=-))(?:-[a-z0-9]{1,8})*", re.IGNORECASE)


class StatedFields(NamedTuple):
    """The fields that are left, and an issue for each that is not."""

    url: str | None
    code: str | None
    reviewed: str | None
    language: str | None
    issues: tuple[Issue, ...]


def stated_fields(raw: RawArticle, metadata: Mapping[str, str]) -> StatedFields:
    """The fields of a raw article; its language may stand in the metadata of its page instead."""
    given = {
        "url": raw.url,
        "code": raw.code,
        "reviewed": raw.reviewed,
        "language": raw.language or metadata.get("language"),
    }
    values: dict[str, str | None] = {}
    issues = []
    for name, value in given.items():
        check, expected = _CHECKS[name]
        text = (value or "").strip()
        values[name] = check(text) if text else None
        if text and values[name] is None:
            quoted = printable(text, limit=_MAX_QUOTE)
            issues.append(Issue(FLAG, f"“{quoted}”, stated as {name}, is no {expected}; it was left out."))
    return StatedFields(**values, issues=tuple(issues))


def _url(text: str) -> str | None:
    if len(text) > MAX_URL or not _URL.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        parts.port  # noqa: B018 -- raises for one that is no number
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and "@" not in parts.netloc and "\\" not in text
    return text if is_web and len(host) <= 253 and _HOST.fullmatch(host) else None


def _code(text: str) -> str | None:
    """The text, where it states codes. Codes of other classifications that no label names are taken as they are."""
    if len(text) > MAX_STATED or not text.isprintable():
        return None
    return text if stated_codes(text.upper()) or _BARE_CODE.fullmatch(dotted(text)) else None


def _reviewed(text: str) -> str | None:
    return iso_date(text) if len(text) <= MAX_STATED else None


def _language(text: str) -> str | None:
    tag = text.replace("_", "-")  # as locales are written
    return tag if _LANGUAGE.fullmatch(tag) else None


_BARE_CODE: Final = re.compile(r"[0-9A-Z]{1,4}(?:\.[0-9A-Z]{1,4})?")
_CHECKS: Final[Mapping[str, tuple[Callable[[str], str | None], str]]] = {
    "url": (_url, "address of a page on the web"),
    "code": (_code, "code of a classification"),
    "reviewed": (_reviewed, "date"),
    "language": (_language, "language tag such as en or en-GB"),
}
