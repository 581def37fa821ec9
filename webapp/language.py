"""The language that an article states to the attributes of the elements that hold its words."""

import re
from collections.abc import Mapping
from typing import Final

# The form of a tag of BCP 47 (RFC 5646, section 2.1): letters first, then parts of letters and digits.
_TAG: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
# Scripts that are written from right to left, and the languages whose usual script (CLDR, likely subtags) is one.
_SCRIPTS: Final = frozenset("adlm arab armi avst hebr mand mend nkoo phnx rohg samr syrc thaa".split())
_LANGUAGES: Final = frozenset("ar arc arz azb ckb dv fa glk he iw ji ks mzn nqo pnb prs ps sd syr ug ur yi".split())


def text_attributes(language: str | None) -> Mapping[str, str | None]:
    """The `lang` and `dir` of text in this language; the browser finds the direction where the language is unknown."""
    tag = (language or "").strip().replace("_", "-")
    if not _TAG.fullmatch(tag):
        return {"lang": None, "dir": "auto"}
    first, *others = tag.lower().split("-")
    script = next((part for part in others[:2] if len(part) == 4 and part.isalpha()), None)
    leftward = script in _SCRIPTS if script else first in _LANGUAGES
    return {"lang": tag, "dir": "rtl" if leftward else "ltr"}


def is_english(language: str | None) -> bool:
    """Whether a text is in English, or does not say what it is in."""
    return not language or language.lower().startswith("en")
