"""A code and a body location to the code at that location, by the titles of the table.

A narrower code has a disease at a location where its title adds that location to the title of the wider one and
otherwise nothing new. The heading of a code is the widest one from whose title only a location is missing.
"""

import re
from typing import Final

from indexer.knowledge import body_sites, icd10
from indexer.knowledge.body_sites import BodyLocation
from indexer.knowledge.name_keys import name_terms, term_set

# Words that a narrower title may add to the location without saying anything else.
FILLERS: Final = "region joint joints site part level multiple limb bone upper lower side unilateral bilateral"
_UNSPECIFIED_SITE: Final = re.compile(
    r"unspecified (?:body region|site|part)|(?:region|site|part),? unspecified", re.IGNORECASE
)


def refine(code: str, location: BodyLocation, terms: frozenset[str] | None = None) -> str | None:
    """The one narrower code whose title adds this location and otherwise nothing new; None where none or several do.

    New is what is neither in the title of `code` nor, where given, in the `terms` that replace that title.
    """
    title = icd10.title(code)
    heading = frozenset(name_terms(title)) if terms is None else terms
    heading_sites = frozenset(body_sites.locate(title).sites) if terms is None else frozenset()
    required = frozenset(location.sites) - heading_sites
    candidates: list[tuple[bool, bool, int, str]] = []
    for narrower in icd10.descendants(code):
        title = icd10.title(narrower)
        own = body_sites.locate(title)
        if (
            own.side != location.side
            or not adds_only_a_location(title, heading)
            or (terms and not terms.issubset(name_terms(title)))
        ):
            continue
        new = frozenset(own.sites) - heading_sites
        if not all(
            site in body_sites.closure(new) or not new.isdisjoint(body_sites.ancestors(site)) for site in required
        ):
            continue
        candidates.append((bool(required) and new <= required, "other" not in title.lower(), len(narrower), narrower))
    best = [candidate[-1] for candidate in candidates if candidate[:-1] == max(candidates)[:-1]]
    return best[0] if len(best) == 1 else None


def widened(code: str) -> str | None:
    """The code as a heading: for an "unspecified" code the one above it, unless that is for all others ("Other")."""
    for wider in reversed(icd10.trail(code)[1:]):
        is_for_others = wider.title.startswith("Other") and "nspecified" not in wider.title
        if is_for_others or "nspecified" not in icd10.title(code):
            break
        code = wider.code
    return None if _UNSPECIFIED_SITE.search(icd10.title(code)) else code


def heading_of(code: str) -> str:
    """The widest code from whose title only a location is missing: M10.9 "Gout, unspecified" -> M10 "Gout"."""
    terms = frozenset(name_terms(icd10.title(code)))
    for wider in reversed(icd10.trail(code)[1:]):
        heading = frozenset(name_terms(wider.title))
        if not heading <= terms or not adds_only_a_location(icd10.title(code), heading):
            break
        code = wider.code
    return code


def adds_only_a_location(title: str, heading: frozenset[str]) -> bool:
    """Whether a title has the terms of its heading, and besides these only a location."""
    new = [term for term in name_terms(title) if term not in heading]
    return not new or body_sites.is_location([term for term in new if term not in term_set(FILLERS)])
