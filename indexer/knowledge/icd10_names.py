"""A name to the code of ICD-10-CM whose title or inclusion term it is.

A name and a title of the table agree when they are the same but for case, commas, word order, spelling and words that say
nothing (see name_keys.py); what is in brackets may be missing on the table's side. Where several codes have the name, a leaf
comes before its heading, and a code that has it "NOS" before one that merely includes it. A name inside a sentence is
found by its rarest term, so that no title is compared that cannot fit.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from indexer.knowledge import body_sites, icd10
from indexer.knowledge.name_keys import key, terms, without_brackets, words

# How well an entry of the table may claim a name; lower is better.
_LEAF, _DEFAULT, _HEADING, _INCLUDED = range(4)
# In brackets, but not to be left out: a cyst of the kidney is not always the congenital one.
_ESSENTIAL: Final = re.compile(r"\((?:congenital|acquired)\)")


class Span(NamedTuple):
    """A name of the table inside the terms of a sentence, half-open; the greatest is the fullest and earliest."""

    size: int
    earliness: int
    first: int
    last: int
    key: str


@lru_cache(maxsize=1 << 12)
def exact(name: str) -> str | None:
    """The code whose title or inclusion term this is."""
    said = terms(name)
    if candidates := _names().get(key(said)):
        return _best(candidates, name)
    return _episode(words(name))


def by_key(said: Sequence[str], name: str) -> str | None:
    """The code of a name of which only these terms count."""
    candidates = _names().get(key(said))
    return _best(candidates, name) if candidates else None


def fullest(said: Sequence[str], starts: Container[int]) -> Span | None:
    """The fullest name of the table that begins at one of these terms, the earliest of equals.

    Nothing but right and left may stand inside it; its own terms may come in any order.
    """
    return max((span for span in _inside(said) if span.first in starts), default=None)


def _episode(spoken: Sequence[str]) -> str | None:
    """The code with a seventh character, from a title that ends (or begins) with an encounter, stage or fetus."""
    endings, first_words = _endings()
    for cut in range(1, len(spoken)):
        for base, ending in ((spoken[:cut], spoken[cut:]), (spoken[cut:], spoken[:cut])):
            if ending[0] not in first_words or (said := " ".join(ending)) not in endings:
                continue
            name = " ".join(base)
            claims = _names().get(key(terms(name)), ())
            for code in (by_key(terms(name), name), *(code for _, code in sorted(claims))):
                for extension in icd10.extensions(code) if code else ():
                    if said in _spoken(extension.title):
                        return extension.code
    return None


def _best(candidates: Sequence[tuple[int, str]], name: str) -> str | None:
    """The entry that claims a name best; their common heading where several different ones do, None without one."""
    rank = min(rank for rank, _ in candidates)
    best = tuple(dict.fromkeys(code for each, code in candidates if each == rank))
    if len(best) == 1:
        return best[0]
    said, spoken = terms(name), words(name)
    differing = [_difference(icd10.title(code), said, spoken) for code in best]
    closest = [code for code, different in zip(best, differing, strict=True) if different == min(differing)]
    if len(closest) == 1 or rank != _INCLUDED:
        return closest[0]
    shared = [above.code for above in icd10.trail(best[0])[1:] if all(code.startswith(above.code) for code in best)]
    return shared[-1] if shared else None


def _difference(title: str, said: Sequence[str], spoken: Sequence[str]) -> tuple[bool, bool, int]:
    written = words(title)
    return (
        written != spoken,
        terms(title) != said,
        (Counter(written) - Counter(spoken)).total() + (Counter(spoken) - Counter(written)).total(),
    )


def _inside(said: Sequence[str]) -> Iterator[Span]:
    rarest = _rarest()
    present = frozenset(said)
    for term in present:
        for name, needed in rarest.get(term, ()):
            if needed <= present and (span := _span(said, needed)):
                first, last = span
                yield Span(len(needed), -first, first, last, name)


def _span(said: Sequence[str], needed: frozenset[str]) -> tuple[int, int] | None:
    """The first run of terms that has all of these, and none but them and sides."""
    first = last = 0
    missing = set(needed)
    for position, term in enumerate(said):
        if term in needed:
            first = first if last else position
            last = position + 1
            missing.discard(term)
            if not missing:
                return first, last
        elif not (last and body_sites.is_side(term)):
            last = 0
            missing = set(needed)
    return None


@cache
def _names() -> dict[str, tuple[tuple[int, str], ...]]:
    """The key of every title and inclusion term, to the codes that claim it and how well."""
    claims: dict[str, list[tuple[int, str]]] = {}
    for code in icd10.codes():
        leaf = icd10.is_leaf(code)
        defaults = icd10.default_names(code) if leaf else ()
        for name_key in _keys(icd10.title(code)):
            claims.setdefault(name_key, []).append((_LEAF if leaf else _HEADING, code))
        for name in icd10.names(code):
            for name_key in _keys(name)[: 1 if _ESSENTIAL.search(name) else 2]:
                claims.setdefault(name_key, []).append((_DEFAULT if name in defaults else _INCLUDED, code))
    return {name_key: tuple(claimed) for name_key, claimed in claims.items()}


def _keys(name: str) -> tuple[str, ...]:
    """The keys of a name with and without its brackets."""
    whole = key(terms(name))
    if "(" not in name and "[" not in name:
        return (whole,)
    bare = key(terms(without_brackets(name)))
    return (whole, bare) if bare and bare != whole else (whole,)


@cache
def _endings() -> tuple[frozenset[str], frozenset[str]]:
    """All that a seventh character adds to a title, as words, and the first words of it."""
    added = {e.title for code in icd10.codes() if icd10.is_leaf(code) for e in icd10.extensions(code)}
    endings = frozenset(ending for title in added for ending in _spoken(title))
    return endings, frozenset(ending.partition(" ")[0] for ending in endings)


@lru_cache(maxsize=1 << 8)
def _spoken(ending: str) -> frozenset[str]:
    return frozenset(" ".join(words(form)) for form in (ending, without_brackets(ending), *ending.split(" / ")))


@cache
def _rarest() -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    """Names of at most twelve terms, filed under that of their terms which the fewest names have.

    A name with a side is left out where the same name without it is there: the side is read with the place.
    """
    names = _names()
    filed: dict[str, list[tuple[str, frozenset[str]]]] = {}
    kept: list[tuple[str, frozenset[str]]] = []
    count: Counter[str] = Counter()
    for name in names:
        listed = name.split(" ")
        unsided = [term for term in listed if not body_sites.is_side(term)]
        if len(listed) <= 12 and (len(unsided) == len(listed) or " ".join(unsided) not in names):
            kept.append((name, frozenset(listed)))
            count.update(listed)
    for name, needed in kept:
        filed.setdefault(min(needed, key=lambda term: (count[term], term)), []).append((name, needed))
    return {term: tuple(under) for term, under in filed.items()}
