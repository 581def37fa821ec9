"""A title to the condition that it is about: what is left without site, side, encounter and "unspecified".

"Chronic multifocal osteomyelitis, right hand" and twenty-nine other titles of the code table are one condition. Taken off
are the parts between commas that say a place and nothing else, and right, left and bilateral wherever they stand. A place
after "of" is harder: a cellulitis of the finger is a cellulitis, but a cyst of the kidney is no cyst in general. There the table decides:
the place goes only if the table knows the same words at another place in the same block of codes, and if
they name a disease at all (`_NAMES_NONE`).
"""

import re
from functools import cache, lru_cache
from typing import Final

from indexer.knowledge import icd10, sites
from indexer.knowledge.wording import key, terms

_SIDE: Final = re.compile(
    r"\b(?:right|left|bilateral|unilateral)\b(?! (?:and left |and right )?(?:ventric|atri|heart|bundle|main|anterior|circumflex|sided colitis|posterior))[ ,-]*(?:sided? )?",
    re.IGNORECASE,
)
_EMPTY: Final = re.compile(
    r",? ?\b(?:(?:of |with |in )?unspecified (?:sites?|side|trimester|level|severity|stage|degree)\b"
    r"|of unspecified (?:part|site) (?=of\b)|(?:unspecified|NOS|not otherwise specified)\b(?! as | whether ))",
    re.IGNORECASE,
)
_DANGLING: Final = re.compile(r"\b(?:of|with|in|at|by|and|or)(?= of\b| with\b|,|$)", re.IGNORECASE)
_EPISODE: Final = re.compile(
    r"^(?:(?:initial|subsequent) encounter.*|sequela|(?:first|second|third|unspecified) trimester|fetus \d|other fetus|"
    r"not applicable(?: or)?|unspecified(?: \w+)?|in(?:cluding|volving) .*|excluding .*|multiple sites|other sites?|multiple fetuses.*)$",
    re.IGNORECASE,
)
# Heads that name no disease by themselves, however they begin, and those that name none when they stand alone.
_NEEDS_PLACE: Final = re.compile(
    r"neoplasm|carcinoma in situ|(?:disorder|disease|condition|injur(?:y|ies)|fracture|dislocation|subluxation|sprain|strain|deformit(?:y|ies)|"
    r"malformation|absence|loss|pain|stiffness|infection|inflammation|neuropathy|lesion|instability|presence|status|procedure|"
    r"part|end|neck|shaft|body|head|base|examination|history|amputation|unequal|degeneration|displacement|complication|syndrome|mass|"
    r"swelling|tumou?r|cancer|failure|insufficiency|thrombosis|embolism)s?$",
    re.IGNORECASE,
)
_NEEDS_WORD: Final = re.compile(
    r"^(?:(?:other|acute|chronic|congenital|specified|acquired) )*(?:cyst|polyp|abscess|ulcer|lump|edema|obstruction|hernia|atresia|stenosis|"
    r"stricture|perforation|rupture|tear|atrophy|hypertrophy|calculus|prolapse|wound|bite|hemorrhage|fistula|spasm|fusion|foreign body|injury)s?$",
    re.IGNORECASE,
)
# Sites whose diseases are others than those of their neighbours: a place on the outside is a variant, an organ is not.
_ORGANS: Final = frozenset(
    "heart lungs trachea esophagus mediastinum diaphragm breast peritoneum stomach intestines liver gallbladder pancreas spleen "
    "kidney adrenal-glands urinary-tract prostate uterus ovary brain-and-nerves blood-vessels blood-and-immune-system "
    "bones-joints-and-muscles hormones-and-metabolism skin retina cornea optic-nerve middle-ear inner-ear throat thyroid".split()
)
_TISSUES: Final = frozenset({"muscles", "tendons-and-ligaments"})
_NEOPLASM: Final = re.compile(r"neoplasm|in situ|\bcancer\b", re.IGNORECASE)
_OF: Final = re.compile(r" (?:of|in|at|on|affecting|involving) (?:the )?", re.IGNORECASE)
_SPACES: Final = re.compile(r"\s{2,}")


def of_title(title: str, block: str | None = None) -> str:
    """The condition of a title; `block` is the block of codes ("M86-M90") that may know it at other places too."""
    first, *rest = title.split(",")
    kept = [part for part in rest if not _says_nothing(part.strip(), first)]
    if block and all(part in kept or _EPISODE.match(part.strip()) for part in rest):
        head = _head(_tidy(first))
        if head and len(_heads(block).get(key(terms(head)), ())) > 1:
            first = head
    return _tidy(",".join((first, *kept))) or title


@lru_cache(maxsize=1 << 13)
def of_code(code: str) -> str:
    """The condition of a code, from its official title."""
    return of_title(icd10.title(icd10.without_extension(code)), _block(code))


def of_article(title: str, code: str | None, sure: bool) -> str:
    """The condition of an article: in the table's words where it is sure of its code, in the title's own otherwise.

    Where the title says less than the code ("Migraine with aura" for G43.109), the words are those of the wider code.
    """
    if code is None:
        return of_title(title)
    own = of_title(title, _block(code))
    if not sure:
        return own
    own_key = key(terms(own))
    chain = (code, *(wider.code for wider in reversed(icd10.trail(code)[1:])))
    return next((name for name in map(of_code, chain) if key(terms(name)) == own_key), of_code(code))


@lru_cache(maxsize=1 << 13)
def synonyms(code: str) -> tuple[str, ...]:
    """The inclusion terms of a code, and those of its wider codes that are about the same condition."""
    condition = key(terms(of_code(code)))
    code = icd10.without_extension(code)
    same = [code]
    for wider in reversed(icd10.trail(code)[1:]):
        if key(terms(of_code(wider.code))) != condition:
            break
        same.append(wider.code)
    return tuple(dict.fromkeys(name for each in same for name in icd10.inclusion_terms(each)))


def _block(code: str) -> str | None:
    return next((wider.code for wider in icd10.trail(code)), None)


def _says_nothing(part: str, first: str) -> bool:
    """Whether what stands between commas says no more than an encounter or a place."""
    if _EPISODE.match(part):
        return True
    said = terms(part)
    if not said:
        return "classified" not in part
    return sites.is_place(said) and _TISSUES.isdisjoint(sites.place(part).sites) and not _NEOPLASM.search(first)


def _tidy(name: str) -> str:
    name = _EMPTY.sub(" ", _SIDE.sub("", name))
    name = _SPACES.sub(" ", _DANGLING.sub("", _SPACES.sub(" ", name).strip(" ,;-"))).replace(" ,", ",").strip(" ,;-")
    return name[:1].upper() + name[1:]


def _head(name: str) -> str | None:
    """What stands before "of" and a place that ends the name, if it names a disease."""
    for match in _OF.finditer(name):
        head, place = name[: match.start()], name[match.end() :]
        if _NEEDS_PLACE.search(head) or _NEEDS_WORD.match(head) or not sites.is_place(terms(place)):
            continue
        if _ORGANS.isdisjoint(sites.closure(sites.place(place).sites)):
            return head
    return None


@cache
def _heads(block: str) -> dict[str, frozenset[tuple[str, ...]]]:
    """The heads of all titles in a block and, for each, the different places that follow it."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for code in icd10.descendants(block):
        title = icd10.title(code)
        place = sites.place(title).sites
        first = _tidy(title.partition(",")[0])
        for head in (_head(first), first):
            if head and place:
                found.setdefault(key(terms(head)), set()).add(place)
    return {head: frozenset(places) for head, places in found.items()}
