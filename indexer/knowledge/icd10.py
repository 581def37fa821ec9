"""A code or a name of ICD-10-CM to what the table says about it.

Chapter labels come from a small file of our own. The table itself (98,000 nodes, 1.5 s to load) is read by
`simple_icd_10_cm` the first time that a code is looked up: reading articles needs it, searching never does.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Code:
    """A code in its usual form ("M86.341", a block as "M86-M90") with its title."""

    code: str
    title: str


def term(code: str) -> str:
    """The code as it stands in the index: lower case, no dot ("M86.341" -> "m86341")."""
    return code.replace(".", "").lower()


@cache
def chapter_labels() -> dict[str, str]:
    """The label of every chapter by its number, "1" to "22", in order."""
    text = files(__package__).joinpath("chapters.toml").read_text(encoding="utf-8")
    return {number: entry["label"] for number, entry in tomllib.loads(text).items()}


def chapter_label(number: str) -> str:
    """The label of a chapter: "13" -> "Musculoskeletal system and connective tissue"; the number itself if there is none."""
    return chapter_labels().get(number, number)
