"""A title to the condition that it is about: the title without site, side, encounter and "unspecified".

"Chronic multifocal osteomyelitis, right hand" and twenty-nine other titles of the code table are one condition. Parts
between commas that name a location and nothing else are taken off, and right, left and bilateral wherever they stand. A
location after "of" is harder: a cellulitis of the finger is a cellulitis, but a cyst of the kidney is no cyst in
general. There the table decides: the location goes only if the table has the same words at another location in the same
block of codes, if its site is no organ, and if the words name a disease by themselves (see `_NEEDS_SITE` and
`_NEEDS_WORD`).

The word lists and patterns below were written for this project after the titles of ICD-10-CM. `_SIDE` and
`_UNSPECIFIED` are tried only where a substring that they need is present: a condition is derived for every code of the
table.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from indexer.knowledge import body_sites, disease_names, icd10
from indexer.knowledge.body_sites import BodyLocation
from indexer.knowledge.coded_names import CodeMatch
from indexer.knowledge.name_keys import name_key, name_terms, without_brackets


def _any_of(alternatives: str) -> str:
    """The words, or beginnings of words, as alternatives of a pattern."""
    return "|".join(alternatives.split())


# Where a word begins so, the side before it belongs to it ("left ventricular"), or is none ("left untreated").
_NO_SIDE_BEFORE: Final = (
    "ventric atri heart bundle main anterior circumflex colitis posterior fascic away untreated alone over unchecked "
    "undiagnosed behind out open"
)
_SIDE: Final = re.compile(
    rf"""\b (?: right | left | bilateral | unilateral ) \b
         (?! [ -] (?: sided [ -] )? (?: and\ (?: left | right )\  )? (?: {_any_of(_NO_SIDE_BEFORE)} ) )
         (?: [ -] sided? \b )?
         [ ,-]*""",
    re.IGNORECASE | re.VERBOSE,
)
_SIDE_SUBSTRINGS: Final = ("right", "left", "lateral")
_UNSPECIFIED: Final = re.compile(
    r""",? \ ? \b
        (?: (?: (?: of | with | in )\  )? unspecified[ ]
            (?: sites? | side | trimester | level | severity | stage | degree ) \b
          | of\ unspecified\ (?: part | site | ligament )\  (?= of\b )
          | (?: unspecified | NOS | not\ otherwise\ specified ) \b (?! \ as\  | \ whether\  )
        )""",
    re.IGNORECASE | re.VERBOSE,
)
_UNSPECIFIED_SUBSTRINGS: Final = ("unspecified", "nos", "not otherwise")
# A preposition or conjunction that is left over where what followed it was taken off.
_DANGLING: Final = re.compile(r"\b(?:of|with|in|at|by|and|or|on)(?: the)?(?= of\b| with\b|,|$)", re.IGNORECASE)
# Parts between commas that say an encounter, a trimester, a fetus, or that there are several or other sites.
_EPISODE: Final = re.compile(
    r"""^ (?: (?: initial | subsequent )\ encounter .*
            | sequela
            | (?: first | second | third | unspecified )\ trimester
            | fetus\ \d | other\ fetus | multiple\ fetuses .*
            | not\ applicable (?: \ or )?
            | unspecified (?: \ \w+ )?
            | in(?: cluding | volving )\  .* | excluding\  .*
            | multiple\ sites | other\ (?: specified\  )? sites?
          ) $""",
    re.IGNORECASE | re.VERBOSE,
)
# Names that end so, also in the plural, name no disease without their site: "disorder of".
_NEEDS_SITE: Final = tuple(
    f"{ending}{plural}"
    for ending in (
        "disorder disease condition injury injurie fracture dislocation subluxation sprain strain deformity deformitie "
        "malformation absence loss pain stiffness infection inflammation neuropathy lesion instability presence status "
        "procedure derangement part end neck shaft body head base examination history amputation unequal degeneration "
        "displacement complication syndrome mass swelling tumor tumour cancer failure insufficiency thrombosis "
        "embolism"
    ).split()
    for plural in ("", "s")
)
# Words that name no disease without their site where no other words than these qualifiers stand before them.
_QUALIFIERS: Final = "other acute chronic congenital specified acquired"
_BARE_WORDS: Final = (
    "cyst polyp abscess ulcer lump edema obstruction hernia atresia stenosis stricture perforation rupture tear "
    "atrophy hypertrophy calculus prolapse wound bite hemorrhage fistula spasm fusion injury"
)
_NEEDS_WORD: Final = re.compile(
    rf"^(?:(?:{_any_of(_QUALIFIERS)}) )*(?:{_any_of(_BARE_WORDS)}|foreign body)s?$", re.IGNORECASE
)
_TISSUES: Final = frozenset({"muscles", "tendons-and-ligaments"})
_NEOPLASM: Final = re.compile(r"neoplasm|in situ|\bcancer\b", re.IGNORECASE)
_PREPOSITION: Final = re.compile(r" (?:of|in|at|on|affecting|involving) (?:the )?", re.IGNORECASE)
_QUALIFICATION: Final = re.compile(r" (?:with|without|limited to|due to)\b")
_OTHER_PART: Final = re.compile(r"^other (?:specified )?(?:parts?|sites?) of ", re.IGNORECASE)
# What of a condition an article is about, at the end of its title ("Melanoma Treatment").
_ASPECT: Final = re.compile(
    r"(?<=\w{4})\s+(?:treatments?|symptoms|medicines|medications|management|overview|causes)(?:\s+\(\w+\))?$",
    re.IGNORECASE,
)
_SPACES: Final = re.compile(r"\s{2,}")


def of_title(title: str, block: str | None = None) -> str:
    """The condition of a title; `block` is the block of codes ("M86-M90") that may have it at other locations too."""
    first, *rest = title.split(",")
    informative = [part for part in rest if not _says_nothing(part.strip(), first)]
    has_location = any(
        part not in informative and "cluding " not in part and body_sites.locate(part).sites for part in rest
    )
    if block and (disease := _without_location(_tidy(first))):
        after_of, after_comma = _location_counts(block).get(name_key(disease), (0, 0))
        if after_comma > 2 if has_location else after_of + after_comma > 1:
            first = disease
    return _tidy(",".join((first, *informative))) or title


def of_code(code: str) -> str:
    """The condition of a code, from its official title."""
    return _name_and_key(icd10.without_extension(code))[0]


@cache
def _name_and_key(code: str) -> tuple[str, str]:
    """The condition of a code without extension, and its key; by the name of the code above where that says the same.

    "Mallet finger of right finger(s)" is a mallet finger.
    """
    name = of_title(icd10.title(code), _block(code))
    key = name_key(name)
    for above in icd10.trail(code)[-1:] if "(s)" in name else ():
        wider, wider_key = _name_and_key(above.code)
        if wider_key == key:
            return wider, key
    return name, key


def _key_of_code(code: str) -> str:
    return _name_and_key(icd10.without_extension(code))[1]


def of_article(title: str, code: str | None, match: CodeMatch | None) -> str:
    """The condition of an article with this code, which was found as `match` says.

    Where the table has the condition at several locations, it is named by its official title, so that all its articles
    are grouped. Otherwise, with an exact code, by whichever name of the code or of a wider one the title uses
    ("Migraine with aura", a heading above G43.109; "Hemophilia A", an inclusion term of D66). Else the title's own
    words stand, unless they are the name that the code was inferred from and more.
    """
    if match != "exact":
        title = _ASPECT.sub("", title)
    if code is None or match is None:
        return of_title(title)
    if _has_variants(icd10.without_extension(code)) and (
        match == "exact" or (match == "inferred" and _same_location(title, icd10.title(code)))
    ):
        return of_code(code)
    own = of_title(title, _block(code))
    match match:
        case "exact":
            return _named_as_in_title(title, own, code)
        case "inferred" if disease_names.find(own):
            return own
        case "inferred":
            terms = frozenset(name_terms(own))
            return next(
                (of_code(each) for each in _lineage(code) if terms.issuperset(_key_of_code(each).split(" "))), own
            )
        case "parent":
            return _known_disease(own, code) or own


def _known_disease(own: str, code: str) -> str | None:
    """A title's own condition without its location, if that is a name of the code or of a wider one."""
    disease = _without_location(own)
    if disease and name_key(disease) in map(name_key, _names_of_lineage(code)):
        return _capitalized(disease)
    return None


def _named_as_in_title(title: str, own: str, code: str) -> str:
    """The name of the code or of a wider one that the title uses; else the condition of the code.

    `own` is the condition in the title's own words.
    """
    keys = {name_key(own), name_key(without_brackets(own))}
    forms = (form for name in _names_of_lineage(code) for form in (name, without_brackets(name)))
    name = _capitalized(next((form for form in forms if name_key(form) in keys), of_code(code)))
    return name if "classified" in title else name.removesuffix(", not elsewhere classified")


def _lineage(code: str) -> tuple[str, ...]:
    """The code and the wider ones below its block, narrowest first."""
    return (code, *(wider.code for wider in reversed(icd10.trail(code)[1:])))


def _names_of_lineage(code: str) -> Iterator[str]:
    return (name for each in _lineage(code) for name in (of_code(each), *icd10.synonyms(each)))


def _same_location(title: str, official: str) -> bool:
    own, coded = body_sites.locate(title), body_sites.locate(official)
    return own.side == coded.side and set(own.sites) <= set(coded.sites)


@cache
def _has_variants(code: str) -> bool:
    """Whether the table has the condition of this code at other locations too."""
    location = body_sites.locate(icd10.title(code))
    above = icd10.trail(code)[-1:]
    nearby = (above[0].code, *icd10.narrower(above[0].code), *icd10.narrower(code)) if above else icd10.narrower(code)
    key = _key_of_code(code)
    return any(_name_and_key(each)[1] == key and body_sites.locate(icd10.title(each)) != location for each in nearby)


def inclusion_terms(code: str) -> tuple[str, ...]:
    """The inclusion terms of a code, and those of its wider codes that are about the same condition."""
    return _inclusion_terms(icd10.without_extension(code))


@cache
def _inclusion_terms(code: str) -> tuple[str, ...]:
    same = [code]
    for wider in reversed(icd10.trail(code)[1:]):
        if _key_of_code(wider.code) != _key_of_code(code):
            break
        same.append(wider.code)
    return tuple(dict.fromkeys(name for each in same for name in icd10.inclusion_terms(each)))


def _block(code: str) -> str | None:
    return next((wider.code for wider in icd10.trail(code)), None)


def _says_nothing(part: str, first: str) -> bool:
    """Whether a part after a comma says only an encounter or a location; `first` is the part before all commas."""
    if _EPISODE.match(part):
        return True
    terms = name_terms(part)
    if not terms:
        return "classified" not in part
    names_tissue = not _TISSUES.isdisjoint(body_sites.locate(part).sites)
    return body_sites.is_location(terms) and not names_tissue and not _NEOPLASM.search(first)


def _tidy(name: str) -> str:
    """The name without sides and "unspecified", and without the punctuation and prepositions that they leave behind."""
    lowered = name.lower()
    if any(substring in lowered for substring in _SIDE_SUBSTRINGS):
        name = _SIDE.sub("", name)
    if any(substring in lowered for substring in _UNSPECIFIED_SUBSTRINGS):
        name = _UNSPECIFIED.sub(" ", name)
    name = _DANGLING.sub("", _single_spaced(name).strip(" ,;-"))
    return _capitalized(_single_spaced(name).replace(" ,", ",").strip(" ,;-"))


def _single_spaced(name: str) -> str:
    return _SPACES.sub(" ", name) if "  " in name or not name.isprintable() else name


def _capitalized(name: str) -> str:
    return name[:1].upper() + name[1:]


def _without_location(name: str) -> str | None:
    """The name without "of" and the location that ends it or stands before "with" or "without".

    None where the name has no such location, where that is an organ, or where the rest names no disease.
    """
    for match in _PREPOSITION.finditer(name):
        disease, location = name[: match.start()], name[match.end() :]
        if _needs_site(disease) or _NEEDS_WORD.match(disease):
            continue
        location = _OTHER_PART.sub("", location)
        qualification = _QUALIFICATION.search(location)
        after = location[qualification.start() :] if qualification else ""
        location = location[: qualification.start()] if qualification else location
        sites = body_sites.locate(location).sites
        if body_sites.is_location(name_terms(location)) and not any(map(body_sites.is_organ, sites)):
            return disease + after
    return None


def _needs_site(disease: str) -> bool:
    lowered = disease.lower()
    return lowered.endswith(_NEEDS_SITE) or "neoplasm" in lowered or "carcinoma in situ" in lowered


@cache
def _location_counts(block: str) -> dict[str, tuple[int, int]]:
    """The diseases of a block by key, and at how many locations its titles have them: after "of", and after a comma."""
    locations: dict[str, tuple[set[BodyLocation], set[BodyLocation]]] = {}
    for code in icd10.descendants(block):
        title = icd10.title(code)
        location = BodyLocation(body_sites.locate(title).sites, None)
        first, _, rest = title.partition(",")
        first = _tidy(first)
        for disease, kind in ((_without_location(first), 0), (first if rest else None, 1)):
            if disease and location.sites:
                locations.setdefault(name_key(disease), (set(), set()))[kind].add(location)
    return {key: (len(after_of), len(after_comma)) for key, (after_of, after_comma) in locations.items()}
