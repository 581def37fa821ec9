"""A code to those of the same condition at the right, the left, both sides or an unspecified one.

Their titles differ in the side alone, and in how they say both: "cataract, right eye" and "cataract, bilateral".
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from indexer.knowledge import icd10

CodeSide: TypeAlias = Literal["right", "left", "bilateral", "unspecified"]
SIDES: Final[tuple[CodeSide, ...]] = get_args(CodeSide)

_RIGHT: Final = re.compile(r"\bright\b")


class SidedCode(NamedTuple):
    """A code, and the side that it stands for."""

    side: CodeSide
    code: str


_Groups: TypeAlias = dict[str, tuple[SidedCode, ...]]


def sides(code: str) -> tuple[SidedCode, ...]:
    """The codes of the same condition by side, this one among them; none where the table does not tell right and left.

    A seventh character says the side itself, or is the same in all of them.
    """
    plain = icd10.without_extension(code)
    if plain == code:
        return _of_category(code[:3]).get(code, ())
    if group := _groups({each.title.lower(): each.code for each in icd10.extensions(plain)}).get(code):
        return group
    extended = ((side, _with_character(other, code[-1])) for side, other in sides(plain))
    return tuple(SidedCode(side, other) for side, other in extended if other)


def _with_character(code: str, character: str) -> str | None:
    return next((each.code for each in icd10.extensions(code) if each.code.endswith(character)), None)


@lru_cache(maxsize=256)
def _of_category(category: str) -> _Groups:
    return _groups({icd10.title(code).lower(): code for code in icd10.descendants(category)})


def _groups(codes_by_title: Mapping[str, str]) -> _Groups:
    """The codes that have a side, each with its group."""
    groups: _Groups = {}
    for title in codes_by_title:
        for names in _names_by_side(title):
            found = {
                side: next((codes_by_title[name] for name in written if name in codes_by_title), None)
                for side, written in names.items()
            }
            group = tuple(SidedCode(side, code) for side, code in found.items() if code)
            if found["left"]:
                groups |= {each.code: group for each in group}
    return groups


def _names_by_side(title: str) -> Iterator[dict[CodeSide, tuple[str, ...]]]:
    """For each "right" of a title, and for all of them together: how the title may read for each side."""
    found = [(match.start(), match.end()) for match in _RIGHT.finditer(title)]
    for start, end in found:
        before, after = title[:start], title[end:]
        ending = (after, f"{after}s", re.sub(r"y\b", "ies", after), "")
        yield {
            "right": (title,),
            "left": (f"{before}left{after}",),
            "bilateral": (
                *(f"{before}bilateral{each}" for each in ending),
                *(f"{before.rstrip()}{each}, bilateral" for each in ending),
            ),
            "unspecified": (f"{before}unspecified{after}", f"{before.rstrip(', ')}{after}, unspecified"),
        }
    if len(found) > 1:
        yield {side: (_RIGHT.sub(side, title),) for side in SIDES}
