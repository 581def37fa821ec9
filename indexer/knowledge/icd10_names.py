"""A name to the code of ICD-10-CM whose title or inclusion term it is.

A name and a title of the table match when they have the same key (see name_keys.py); text in brackets may be missing
from the name. Where several codes have the name, a leaf comes before its heading, and a code that has the name with
"NOS" ("Asthma NOS") before one that merely includes it. A name inside a sentence is looked up by its rarest term, so
that it is compared only with titles that have that term.
"""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from indexer.knowledge import body_sites, icd10
from indexer.knowledge.code_table import code_table
from indexer.knowledge.icd10_name_table import INCLUDED, CodeName, code_name_table
from indexer.knowledge.name_keys import key_of_terms, name_key, name_terms, name_words, without_brackets
from indexer.text.spelling_variants import american

MAX_NAME_TERMS: Final = 12  # terms of a name that can be recognized inside a title or sentence
_PLURALS: Final = (("s", ""), ("es", ""), ("es", "is"), ("ies", "y"), ("a", "um"), ("i", "us"))


class NameMatch(NamedTuple):
    """A name of the table inside a sequence of terms, from `first` to `last` (half-open).

    `size` counts its different terms and `earliness` is -first, so that the greatest match is the longest, then the
    earliest.
    """

    size: int
    earliness: int
    first: int
    last: int
    key: str


@lru_cache(maxsize=1 << 12)
def find_code(name: str) -> str | None:
    """The code whose title or inclusion term this is, with its seventh character if the name says what that adds."""
    key = name_key(name)
    if claims := _claims(key):
        if " " not in key:
            claims = tuple(claim for claim in claims if has_words(claim[1], (key,), name))
        return _best_claim(claims, name) if claims else None
    return _find_extension(name_words(name))


def find_code_by_terms(terms: Sequence[str], name: str) -> str | None:
    """The code of a name of which only these terms count."""
    claims = _claims(key_of_terms(terms))
    return _best_claim(claims, name) if claims else None


def has_words(code: str, terms: Sequence[str], name: str) -> bool:
    """Whether the names of a code have the words that give a name these terms: "rheumatic" is not "rheumatism".

    Plurals and spellings make no difference.
    """
    names = (icd10.title(code), *icd10.inclusion_terms(code))
    official = frozenset().union(*(numbers(word) for each in names for word in name_words(each)))
    shared = (term for word in name_words(name) if not official.isdisjoint(numbers(word)) for term in name_terms(word))
    return frozenset(shared).issuperset(terms)


def find_variant(key: str) -> str | None:
    """The code of a name with this key that a title or inclusion term holds in another shape (see name_variants.py)."""
    name = code_name_table().find(key)
    return name.claims[0][1] if name and name.is_variant else None


def longest_match(terms: Sequence[str], starts: Container[int]) -> NameMatch | None:
    """The longest name of the table that begins at one of these positions, the earliest of equals.

    Its terms may come in any order; no other term may stand between them, but for right and left.
    """
    return max((match for match in _matches(terms) if match.first in starts), default=None)


def _find_extension(words: Sequence[str]) -> str | None:
    """The code with a seventh character, from a title that ends (or begins) with an encounter, stage or fetus."""
    endings, first_words = _extension_endings()
    for cut in range(1, len(words)):
        for base, ending in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            if ending[0] not in first_words or (joined := " ".join(ending)) not in endings:
                continue
            name = " ".join(base)
            claims = _claims(name_key(name))
            for code in (find_code_by_terms(name_terms(name), name), *(code for _, code in sorted(claims))):
                for extension in icd10.extensions(code) if code else ():
                    if joined in _ending_forms(extension.title):
                        return extension.code
    return None


def _best_claim(claims: Sequence[tuple[int, str]], name: str) -> str | None:
    """The code that claims a name best; where several do by inclusion terms, their common heading, None without one."""
    rank = min(rank for rank, _ in claims)
    best = tuple(dict.fromkeys(code for each, code in claims if each == rank))
    if len(best) == 1:
        return best[0]
    terms, words = name_terms(name), name_words(name)
    differences = [_difference(icd10.title(code), terms, words) for code in best]
    closest = [code for code, difference in zip(best, differences, strict=True) if difference == min(differences)]
    if len(closest) == 1 or rank != INCLUDED:
        return closest[0]
    shared = [above.code for above in icd10.trail(best[0])[1:] if all(code.startswith(above.code) for code in best)]
    return shared[-1] if shared else None


@lru_cache(maxsize=1 << 12)
def numbers(word: str) -> frozenset[str]:
    """A word, and it without an ending of the plural or a genitive: one of them is its singular."""
    word = american(word.removesuffix("'s"))
    return frozenset(
        {word, *(word.removesuffix(plural) + singular for plural, singular in _PLURALS if word.endswith(plural))}
    )


def _difference(title: str, terms: Sequence[str], words: Sequence[str]) -> tuple[bool, bool, int]:
    """How far a title is from a name with the same key: other words, other order, the number of words that differ."""
    title_words = name_words(title)
    return (
        title_words != words,
        name_terms(title) != terms,
        (Counter(title_words) - Counter(words)).total() + (Counter(words) - Counter(title_words)).total(),
    )


def _matches(terms: Sequence[str]) -> Iterator[NameMatch]:
    table = code_name_table()
    present = frozenset(terms)
    for term in present:
        for key, name in table.names(term).items():
            if name.terms <= present and _counts(key, name) and (span := _contiguous_span(terms, name.terms)):
                first, last = span
                yield NameMatch(len(name.terms), -first, first, last, key)


def _counts(key: str, name: CodeName) -> bool:
    """Whether a name is recognized inside others: it is of at most MAX_NAME_TERMS terms, in the table's own shape.

    With a side only where the table has no such name without it: the side is read with the site.
    """
    if name.is_variant or len(name.terms) > MAX_NAME_TERMS:
        return False
    without_side = [term for term in key.split(" ") if not body_sites.is_side(term)]
    return len(without_side) == len(name.terms) or not _claims(" ".join(without_side))


def _contiguous_span(terms: Sequence[str], required: frozenset[str]) -> tuple[int, int] | None:
    """The first run of terms that has all the required ones, and no others but sides."""
    first = last = 0
    missing = set(required)
    for position, term in enumerate(terms):
        if term in required:
            first = first if last else position
            last = position + 1
            missing.discard(term)
            if not missing:
                return first, last
        elif not (last and body_sites.is_side(term)):
            last = 0
            missing = set(required)
    return None


def _claims(key: str) -> tuple[tuple[int, str], ...]:
    """The codes with a title or inclusion term of this key, each with its rank."""
    name = code_name_table().find(key)
    return name.claims if name and not name.is_variant else ()


@cache
def _extension_endings() -> tuple[frozenset[str], frozenset[str]]:
    """All that a seventh character adds to a title, as words, and the first words of it."""
    added = {title.removeprefix(", ") for title in code_table().extension_titles()}
    endings = frozenset(form for ending in added for form in _ending_forms(ending))
    return endings, frozenset(ending.partition(" ")[0] for ending in endings)


@lru_cache(maxsize=1 << 8)
def _ending_forms(ending: str) -> frozenset[str]:
    """The ways to write what a seventh character adds: whole, without brackets, and one of several names of a stage."""
    return frozenset(" ".join(name_words(form)) for form in (ending, without_brackets(ending), *ending.split(" / ")))
