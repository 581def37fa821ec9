"""A line that states codes to the codes, each with the classification that it belongs to.

Publishers state several side by side: "ICD-9: 487.1 ICD-10: J10.1", "ICD codes: 487.1 (ICD-9-CM); J10.1 (ICD-10-CM)",
"M10.9, M1A.9", "M80-M82". A label says what the codes after it are; one in brackets after codes says what these are.
Only an unbroken list counts: "D51.9 Vitamin B12 deficiency" states one code.
"""

import re
from typing import Final, Literal, NamedTuple, TypeAlias

# The American ICD-10-CM, or an ICD-10 that the line says nothing more about; that of the WHO or of another country;
# and older and newer classifications.
System: TypeAlias = Literal["icd10", "icd10-who", "other"]

CODE: Final = r"[A-TV-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?"
_RANGE: Final = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?\s?[-–—]\s?[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_OLDER: Final = r"(?:[VE]?[0-9]{3}|V[0-9]{2})(?:\.[0-9]{1,2})?"  # ICD-9: 487.1, V22.2
_NEWER: Final = r"[0-9A-HJ-NP-Z][A-HJ-NP-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,2})?"  # ICD-11: 1E32, FA20.0
LABEL: Final = (
    r"ICD(?:\W{0,2}(?P<version>9|10|11)(?![0-9]))?(?:\W{0,2}\(?(?P<edition>CM|WHO|MMS|PCS|GM|AM|CA)\b\)?)?"
    r"(?:\s(?:codes?|classification))?"
)
_LABEL: Final = re.compile(LABEL, re.IGNORECASE)
_LABEL_AFTER: Final = re.compile(rf"\s*[(\[]\s*{LABEL}\b[^()\[\]]*[)\]]", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\s*[(\[][^()\[\]]{0,80}[)\]]")
_BETWEEN: Final = re.compile(r"(?:[\s,;/&+|·•:=#-]|and\b|or\b|codes?\b)*", re.IGNORECASE)
_END: Final = r"(?![0-9A-Za-z]|\.[0-9A-Z])"
_OF_SYSTEM: Final = {
    "9": re.compile(_OLDER + _END),
    "10": re.compile(rf"(?:{_RANGE}|{CODE}){_END}", re.IGNORECASE),
    "11": re.compile(_NEWER + _END, re.IGNORECASE),
}
_ANY: Final = re.compile(rf"(?:{_RANGE}|[A-TV-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{{1,4}})?|[0-9]{{3}}\.[0-9]{{1,2}}){_END}")
_FIRST: Final = re.compile(rf"{_RANGE}|{CODE}|{_OLDER}|{_NEWER}", re.IGNORECASE)


class StatedCode(NamedTuple):
    """A code or range of codes ("M80-M82") as it is stated, in capitals with its dot."""

    system: System
    code: str


def stated_codes(text: str) -> tuple[StatedCode, ...]:
    """The codes of a line that states codes: those of ICD-10-CM first, each once."""
    result: list[StatedCode] = []
    position = 0
    while position < len(text):
        label = _LABEL.search(text, position)
        start = label.end() if label else position
        if label and not result and position == 0 and (first := _FIRST.match(text)):
            label, start = None, first.start()
        position = _read_list(text, start, label, result)
        if label is None:
            # Past what stands before the next label: what began like a code may be none ("m10" in small letters).
            following = _LABEL.search(text, position)
            position = following.start() if following else len(text)
    result.sort(key=lambda stated: ("icd10", "icd10-who", "other").index(stated.system))
    return tuple(dict.fromkeys(result))


def _read_list(text: str, position: int, label: re.Match[str] | None, result: list[StatedCode]) -> int:
    """Add the codes of an unbroken list and return where it ends."""
    pattern = _OF_SYSTEM.get(label["version"] or "", _ANY) if label else _ANY
    group: list[str] = []
    while True:
        between = _BETWEEN.match(text, position)
        at = between.end() if between else position
        if code := pattern.match(text, at):
            group.append(code[0])
            position = code.end()
            continue
        after = _LABEL_AFTER.match(text, position) if group else None
        if after:
            result.extend(StatedCode(_system(after), dotted(code)) for code in group)
            group = []
            position = after.end()
        elif group and (brackets := _BRACKETS.match(text, position)):
            position = brackets.end()
        else:
            break
    result.extend(StatedCode(_system(label, code), dotted(code)) for code in group)
    return max(position, label.end() if label else position)


def _system(label: re.Match[str] | None, code: str = "") -> System:
    version = (label["version"] if label else None) or ("9" if code[:1].isdigit() else "10")
    edition = ((label["edition"] if label else None) or "").upper()
    if version != "10" or edition == "PCS":
        return "other"
    return "icd10" if edition in ("", "CM") else "icd10-who"


def dotted(code: str) -> str:
    """A code in capitals with its dot: "m6116" -> "M61.16"; a range as its two ends: "M80-M82"."""
    if "-" in code or "–" in code or "—" in code:
        return "-".join(dotted(end.strip()) for end in re.split("[-–—]", code))
    if code[:1].isdigit() or not code[1:2].isdigit():
        return code.upper()
    bare = code.upper().replace(".", "")
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"
