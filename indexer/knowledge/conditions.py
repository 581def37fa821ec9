"""A title to the condition that it is about: what is left without site, side, encounter and "unspecified".

"Chronic multifocal osteomyelitis, right hand" and twenty-nine other titles of the code table are one condition. Taken off
are the parts between commas that say a place and nothing else, and right, left and bilateral wherever they stand. A place
after "of" is harder: a cellulitis of the finger is a cellulitis, but a cyst of the kidney is no cyst in general. There the
table decides: the place goes only if the table has the same words at another place in the same block of codes, if
that place is no organ, and if the words name a disease by themselves (see `_NEEDS_PLACE`).
"""

import re
from functools import cache
from typing import Final

from indexer.knowledge import body_sites, icd10
from indexer.knowledge.body_sites import Place
from indexer.knowledge.name_keys import key, terms, without_brackets

_SIDE: Final = re.compile(
    r"\b(?:right|left|bilateral|unilateral)\b(?![ -](?:sided[ -])?(?:and (?:left|right) )?"
    r"(?:ventric|atri|heart|bundle|main|anterior|circumflex|colitis|posterior|fascic|away|untreated|alone|over|unchecked|undiagnosed|behind|out|open))(?:[ -]sided?\b)?[ ,-]*",
    re.IGNORECASE,
)
_SIDES: Final = ("right", "left", "lateral")  # without one of these, _SIDE need not be tried
_EMPTY: Final = re.compile(
    r",? ?\b(?:(?:of |with |in )?unspecified (?:sites?|side|trimester|level|severity|stage|degree)\b"
    r"|of unspecified (?:part|site|ligament) (?=of\b)|(?:unspecified|NOS|not otherwise specified)\b(?! as | whether ))",
    re.IGNORECASE,
)
_SAYS_EMPTY: Final = ("unspecified", "nos", "not otherwise")
_DANGLING: Final = re.compile(r"\b(?:of|with|in|at|by|and|or|on)(?: the)?(?= of\b| with\b|,|$)", re.IGNORECASE)
_EPISODE: Final = re.compile(
    r"^(?:(?:initial|subsequent) encounter.*|sequela|(?:first|second|third|unspecified) trimester|fetus \d|other fetus|"
    r"not applicable(?: or)?|unspecified(?: \w+)?|in(?:cluding|volving) .*|excluding .*|multiple sites|other (?:specified )?sites?|multiple fetuses.*)$",
    re.IGNORECASE,
)
# Heads that name no disease by themselves, however they begin, and those that name none when they stand alone.
_NEEDS_PLACE: Final = tuple(
    f"{ending}{plural}"
    for ending in (
        "disorder disease condition injury injurie fracture dislocation subluxation sprain strain deformity deformitie malformation absence "
        "loss pain stiffness infection inflammation neuropathy lesion instability presence status procedure derangement part end neck "
        "shaft body head base examination history amputation unequal degeneration displacement complication syndrome mass swelling tumor "
        "tumour cancer failure insufficiency thrombosis embolism"
    ).split()
    for plural in ("", "s")
)
_NEEDS_WORD: Final = re.compile(
    r"^(?:(?:other|acute|chronic|congenital|specified|acquired) )*(?:cyst|polyp|abscess|ulcer|lump|edema|obstruction|hernia|atresia|stenosis|"
    r"stricture|perforation|rupture|tear|atrophy|hypertrophy|calculus|prolapse|wound|bite|hemorrhage|fistula|spasm|fusion|foreign body|injury)s?$",
    re.IGNORECASE,
)
_TISSUES: Final = frozenset({"muscles", "tendons-and-ligaments"})
_NEOPLASM: Final = re.compile(r"neoplasm|in situ|\bcancer\b", re.IGNORECASE)
_OF: Final = re.compile(r" (?:of|in|at|on|affecting|involving) (?:the )?", re.IGNORECASE)
_GOES_ON: Final = re.compile(r" (?:with|without|limited to|due to)\b")
_OTHER_PART: Final = re.compile(r"^other (?:specified )?(?:parts?|sites?) of ", re.IGNORECASE)
_SPACES: Final = re.compile(r"\s{2,}")


def of_title(title: str, block: str | None = None) -> str:
    """The condition of a title; `block` is the block of codes ("M86-M90") that may know it at other places too."""
    first, *rest = title.split(",")
    kept = [part for part in rest if not _says_nothing(part.strip(), first)]
    placed = any(part not in kept and "cluding " not in part and body_sites.place(part).sites for part in rest)
    if block and (head := _head(_tidy(first))):
        known = _heads(block).get(key(terms(head)), (0, 0))
        if sum(known) > 1 if not placed else known[1] > 2:
            first = head
    return _tidy(",".join((first, *kept))) or title


def of_code(code: str) -> str:
    """The condition of a code, from its official title."""
    return _of_code(icd10.without_extension(code))[0]


@cache
def _of_code(code: str) -> tuple[str, str]:
    name = of_title(icd10.title(code), _block(code))
    return name, key(terms(name))


def _key_of(code: str) -> str:
    return _of_code(icd10.without_extension(code))[1]


def of_article(title: str, code: str | None, match: str | None) -> str:
    """The condition of an article with this code, found as `match` says.

    Where the table has the condition at several places, it is named by its official title, so that all its articles meet.
    Otherwise, with an exact code, by whichever name of the code or of a wider one the title uses ("Migraine with aura", a
    heading above G43.109; "Hemophilia A", an inclusion term of D66). Else the title's own words stand, unless
    they are the name that the code was inferred from and more.
    """
    if code is None or match is None:
        return of_title(title)
    gathers = _has_variants(icd10.without_extension(code))
    if gathers and (match == "exact" or (match == "inferred" and _same_place(title, icd10.title(code)))):
        return of_code(code)
    own = of_title(title, _block(code))
    chain = (code, *(wider.code for wider in reversed(icd10.trail(code)[1:])))
    if match == "exact":
        wanted = {key(terms(own)), key(terms(without_brackets(own)))}
        known = (name for each in chain for name in (of_code(each), *icd10.names(each)))
        names = (form for name in known for form in (name, without_brackets(name)))
        name = _capitalised(next((name for name in names if key(terms(name)) in wanted), of_code(code)))
        return name if "classified" in title else name.removesuffix(", not elsewhere classified")
    if match == "inferred":
        said = frozenset(terms(own))
        return next((of_code(each) for each in chain if said.issuperset(_key_of(each).split(" "))), own)
    head = _head(own)
    named = head and key(terms(head)) in {
        key(terms(name)) for each in chain for name in (of_code(each), *icd10.names(each))
    }
    return _capitalised(head) if head and named else own


def _same_place(title: str, official: str) -> bool:
    said, coded = body_sites.place(title), body_sites.place(official)
    return said.side == coded.side and set(said.sites) <= set(coded.sites)


@cache
def _has_variants(code: str) -> bool:
    """Whether the table has the condition of this code at other places or sides too."""
    place = body_sites.place(icd10.title(code))
    above = icd10.trail(code)[-1:]
    near = (above[0].code, *icd10.narrower(above[0].code), *icd10.narrower(code)) if above else icd10.narrower(code)
    own = _key_of(code)
    return any(_of_code(each)[1] == own and body_sites.place(icd10.title(each)) != place for each in near)


def synonyms(code: str) -> tuple[str, ...]:
    """The inclusion terms of a code, and those of its wider codes that are about the same condition."""
    return _synonyms(icd10.without_extension(code))


@cache
def _synonyms(code: str) -> tuple[str, ...]:
    same = [code]
    for wider in reversed(icd10.trail(code)[1:]):
        if _key_of(wider.code) != _key_of(code):
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
    return (
        body_sites.is_place(said) and _TISSUES.isdisjoint(body_sites.place(part).sites) and not _NEOPLASM.search(first)
    )


def _tidy(name: str) -> str:
    lowered = name.lower()
    if any(word in lowered for word in _SIDES):
        name = _SIDE.sub("", name)
    if any(word in lowered for word in _SAYS_EMPTY):
        name = _EMPTY.sub(" ", name)
    name = _DANGLING.sub("", _single_spaced(name).strip(" ,;-"))
    return _capitalised(_single_spaced(name).replace(" ,", ",").strip(" ,;-"))


def _single_spaced(name: str) -> str:
    return _SPACES.sub(" ", name) if "  " in name or not name.isprintable() else name


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]


def _head(name: str) -> str | None:
    """The name without "of" and the place that ends it or stands before "with" or "without", if it names a disease then."""
    for match in _OF.finditer(name):
        head, place = name[: match.start()], name[match.end() :]
        if _needs_place(head) or _NEEDS_WORD.match(head):
            continue
        place = _OTHER_PART.sub("", place)
        goes_on = _GOES_ON.search(place)
        after = place[goes_on.start() :] if goes_on else ""
        place = place[: goes_on.start()] if goes_on else place
        if body_sites.is_place(terms(place)) and not any(map(body_sites.is_organ, body_sites.place(place).sites)):
            return head + after
    return None


def _needs_place(head: str) -> bool:
    lowered = head.lower()
    return lowered.endswith(_NEEDS_PLACE) or "neoplasm" in lowered or "carcinoma in situ" in lowered


@cache
def _heads(block: str) -> dict[str, tuple[int, int]]:
    """What titles of a block begin with, and at how many places each is: behind "of", and behind a comma."""
    found: dict[str, tuple[set[Place], set[Place]]] = {}
    for code in icd10.descendants(block):
        title = icd10.title(code)
        place = Place(body_sites.place(title).sites, None)
        first, _, rest = title.partition(",")
        first = _tidy(first)
        for head, behind in ((_head(first), 0), (first if rest else None, 1)):
            if head and place.sites:
                found.setdefault(key(terms(head)), (set(), set()))[behind].add(place)
    return {head: (len(of), len(comma)) for head, (of, comma) in found.items()}
