"""A text to its words in British and in American spelling, by a list of pairs; and drugs that have a name in each.

A pair is a regular expression of a word's beginning in Britain, and one in America. What a text itself calls British
("haematogenous in British spelling"), and other names of a disease in brackets after the first ("coeliac disease"),
mix nothing. Of the verbs in -ise only some stand here: -ize is good British, too.
"""

import re
from typing import Final, NamedTuple

_PAIRS: Final = r"""
    \w*aemi             \w*(?:an|glyc|leuk|tox|sept|thalass|cyth)emi
    haem(?!oph)         hem(?:at|og|oph|orrh)
    \w*oesoph           \w*esophag
    (?:lymph)?oedema    (?:lymph)?edema
    diarrhoe            diarrhe
    paediatr            pediatr
    gynaec              gynec
    orthopaed           orthoped
    oestr               estr[ao]
    foet                fet(?:al|us)
    caes                cesar
    coeli               celi
    ischaem             ischem
    anaes               anes
    faec                fec(?:al|es)
    caec                cec(?:al|um)
    tumour              tumor
    (?:dis)?colour      (?:dis)?color
    favour              favor
    behaviour           behavior
    labour              labor(?!ator)
    neighbour           neighbor
    odour               odor
    humour              humor\b
    fibre               fiber
    centre              center
    \w*litre            (?:milli|micro)?liter\b
    \w{4,5}metre        (?:centi|milli|kilo)meter
    goitre              goiter
    grey                gray
    ageing              aging
    mould               mold
    aluminium           aluminum
    sulph               sulf
    travell             travel(?:ed|er|ing)
    labell              label(?:ed|ing)
    cancell(?!ation)    cancel(?:ed|ing)
    counsell            counsel(?:ed|ing|or)
    defence             defense
    programme\b         program\b
    learnt              learned
    burnt               burned
    mums?\b             moms?\b
    organis[ei]         organiz
    recognis            recogniz
    stabilis            stabiliz
    sterilis            steriliz
    hospitalis          hospitaliz
    analys(?:e[ds]?\b|ing)    analyz
    paralys(?:e[ds]?\b|ing)   paralyz
    towards             toward\b
    afterwards          afterward\b
    backwards           backward\b
    forwards            forward\b
    outwards            outward\b
    inwards             inward\b
    upwards             upward\b
    downwards           downward\b
    napp(?:y|ies)\b     diaper
    physiotherap        physical\stherap
    manoeuvre           maneuver
    pyjama              pajama
    sceptic             skeptic
    draught             draft
    yoghurt             yogurt
    judgement           judgment
"""
_BRITISH, _AMERICAN = (
    re.compile(rf"\b(?:{'|'.join(beginnings)})\w*", re.IGNORECASE)
    for beginnings in zip(*(line.split() for line in _PAIRS.strip().splitlines()), strict=True)
)
_NAMED: Final = re.compile(r"\([^()]*\bin British (?:spelling|English)\)|(?<=disease )\([^()]*\)")

# Names in the United States, and elsewhere.
DRUG_NAMES: Final = (("acetaminophen", "paracetamol"), ("epinephrine", "adrenaline"), ("albuterol", "salbutamol"))


class SpelledWords(NamedTuple):
    british: set[str]
    american: set[str]


def spelled_words(text: str) -> SpelledWords:
    text = _NAMED.sub("", text)
    return SpelledWords(set(_BRITISH.findall(text)), set(_AMERICAN.findall(text)))
