"""The id of an article: what it may be, wherever it comes from (a path, a line of JSON, an editor).

It stands in addresses and reports, and is a path below the corpus where the article has a file of its own.
"""

import re
from typing import Final

from indexer.printable import CONTROLS

MAX_ID: Final = 512  # code points

# For schemas of JSON, whose texts have no halves of pairs: an id of a file of the corpus, in which none is hidden.
_NOT_CONTROL: Final = CONTROLS.partition("\ud800")[0].encode("unicode_escape").decode("ascii")
_PART: Final = rf"[^/.{_NOT_CONTROL}][^/{_NOT_CONTROL}]*"
ID_PATTERN: Final = f"^{_PART}(?:/{_PART})*$"

_CONTROL: Final = re.compile(f"[{CONTROLS}]")
_SEGMENT: Final = re.compile(r"(?:^|/)(\.{0,2})(?=/|$)")  # that is empty, or of dots alone


def id_fault(id: str) -> str | None:
    """What keeps a text from being an id, as in "the id has a dot segment"; None where nothing does."""
    if len(id) > MAX_ID:
        return f"is longer than {MAX_ID} characters"
    if not id.isprintable() and _CONTROL.search(id):
        return "has control characters"
    if segment := _SEGMENT.search(id):
        return "has a dot segment" if segment[1] else "has an empty part"
    return None
