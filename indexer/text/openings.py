"""A sentence to whether a quotation can begin with it: whether it leans on the one before, whether it defines."""

import re
from typing import Final

_LEANS: Final = re.compile(
    r"(?:it(?! (?:is|was|may be|can be) \w+ (?:to|that)\b)|"
    r"its|this|that|these|those|they|them|their|he|she|his|her|but|so|otherwise|however|then|also|both|either|"
    r"neither|such|others?|another|instead|and|or|yet|still|even|in turn|"
    r"the (?:latter|former|same|rest|second|third))\b",
    re.IGNORECASE,
)
_DEFINES: Final = re.compile(r".{0,140}\b(?:(?:is|are) (?:an?|any|the|one|when|what)|means|refers to)\b")


def leans(sentence: str) -> bool:
    """Whether it begins with a word that stands for something said before: "It", "This". Not "It is best to"."""
    return _LEANS.match(sentence) is not None


def defines(sentence: str) -> bool:
    """Whether it says near its beginning what something is."""
    return _DEFINES.match(sentence) is not None
