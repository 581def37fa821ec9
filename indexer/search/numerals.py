"""A number to its other way of writing: "type IV" is "type 4"."""

from typing import Final

_ROMAN: Final = dict(zip("i ii iii iv v vi vii viii ix x xi xii".split(), map(str, range(1, 13)), strict=True))
OTHER_NUMERAL: Final = {
    one + letter: other + letter
    for pairs in (_ROMAN.items(), ((arabic, roman) for roman, arabic in _ROMAN.items()))
    for one, other in pairs
    for letter in ("", "a", "b", "c", "d")
}
