"""Sentences to the condition that a headless article is about: the known name that they speak of most.

A first sentence may begin with a scene, a joke or another disease, and name its condition at its end, in the next one,
or only in a teaser that breaks off. Every name of the table of codes or the thesaurus that the article mentions has
points: for where it stands, for being the subject of a sentence or of an announcement, for coming again. A name in a
list, after "such as", "due to" or "unlike", or one that is only a symptom, loses some. The name with most points is the
condition, if it has enough.

The words are in `condition_mentions.toml`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from indexer.knowledge import body_sites, icd10_names, thesaurus
from indexer.knowledge.coded_names import coding_of_name
from indexer.knowledge.name_keys import key_of_terms, name_key, name_terms
from indexer.knowledge.phrase_lists import any_phrase, phrases
from indexer.text.sentences import sentences

IN_FIRST_SENTENCE: Final = 2.5
IN_FIRST_PARAGRAPH: Final = 2.0
IN_TEASER: Final = 1.5
LATER: Final = 0.7
IS_SUBJECT: Final = 1.5
BEGINS_TEASER: Final = 3.0
ANNOUNCED: Final = 1.5
OF_EACH_TERM: Final = 0.3  # a longer name says more
ASIDE: Final = -2.5
LISTED: Final = -2.0
SYMPTOM: Final = -1.0  # a name of chapter 18 of ICD-10-CM
MIN_POINTS: Final = 2.0
MAX_COUNTED: Final = 3  # later mentions of a name
SIDES: Final = ("right", "left", "both", "bilateral")
MAX_WORDS: Final = 10  # of a name
KNOWN_SHARE: Final = 0.6  # of the words of a phrase that a name in it has which is its condition
MAX_WORDS_BEFORE_SUBJECT: Final = 2  # "In an acute ..."
NEARBY: Final = 80  # code points beside a name that say what part it plays
MAX_TEXT: Final = 2_000  # code points of the first paragraph that are read, and of the others

_FILE: Final = "condition_mentions.toml"
_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BREAK: Final = re.compile(r"[.,;:()?!]| [–—-] ")
_GOES_ON: Final = re.compile(r"[ ,]*(?:of|in|with|without|due|and|or|at|on|from|by|for|as|after|\(|,)")
_LIST_BEFORE: Final = re.compile(r"[,;] (?:(?:[\w-]+ )?(?:and|or) )?(?:[\w-]+ )?$")
_LIST_GOES_ON: Final = re.compile(
    r"(?:\ [\w-]+)? (?: ,\ (?!which|who|one\ |or\ [\w ]+,) [\w-]+ (?:\ [\w-]+){0,3} (?:,|\ and\ |\ or\ )"
    r"| \ (?:and|or)\ [\w-]+ (?:\ [\w-]+){0,3} [.,;])",
    re.VERBOSE,
)
_SYMPTOMS: Final = "R"
# The beginnings of codes of causes, encounters and drugs.
_NO_DISEASES: Final = (*"VWXYZU", "T36", "T37", "T38", "T39", "T4", "T50")


class NameMention(NamedTuple):
    """A known name in a sentence: its span there, its key, how many terms it has, and the category of its code."""

    start: int
    end: int
    key: str
    size: int
    category: str
    is_symptom: bool


class Subject(NamedTuple):
    """The name of a condition as it is written in an article, its points, and the sentence that names it best."""

    name: str
    points: float
    sentence: str


def subject(paragraphs: Sequence[str], teasers: Sequence[str]) -> Subject | None:
    """The known condition that an article of these paragraphs, and sentences that break off, is about."""
    points: dict[str, float] = {}
    best: dict[str, tuple[float, str, str]] = {}
    categories: dict[str, str] = {}
    for sentence, base, is_teaser in _sentences(paragraphs, teasers):
        for mention in names_in(sentence):
            categories[mention.key] = mention.category
            gained = _points(sentence, mention, base, is_teaser=is_teaser)
            points[mention.key] = points.get(mention.key, 0.0) + gained
            if gained > best.get(mention.key, (0.0, "", ""))[0]:
                best[mention.key] = (gained, sentence[mention.start : mention.end], sentence)
    rest = "\n".join(paragraphs[1:])[:MAX_TEXT].lower()
    for key, (_, name, _) in best.items():
        points[key] += LATER * min(rest.count(name.lower()), MAX_COUNTED)
    total = {
        key: points[key]
        + sum(
            max(points[other], 0.0) / 2
            for other in points
            if other != key and (set(other.split()) < set(key.split()) or categories[other] == categories[key])
        )
        for key in best
    }
    points = total
    ranked = sorted(total, key=lambda key: -total[key])
    if not ranked or points[ranked[0]] < MIN_POINTS:
        return None
    _, name, sentence = best[ranked[0]]
    return Subject(name[:1].upper() + name[1:], points[ranked[0]], sentence)


def is_known(phrase: str) -> bool:
    """Whether a phrase begins with a name of the table or the thesaurus, or has few words besides one."""
    coding = coding_of_name(phrase)
    if coding is not None and not coding.code.startswith(_NO_DISEASES):
        return True
    for mention in names_in(phrase):
        if mention.start == 0:
            return mention.end == len(phrase) or _GOES_ON.match(phrase, mention.end) is not None
        if mention.end - mention.start >= KNOWN_SHARE * len(phrase):
            return True
    return False


def names_in(sentence: str) -> Iterator[NameMention]:
    """The known names in a sentence, from left to right, the longest wherever several match."""
    words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(sentence)]
    terms = [name_terms(word) for _, _, word in words]
    vocabulary = _vocabulary()
    at, run_end = 0, 0
    while at < len(words):
        if run_end <= at:
            run_end = at
            while run_end < len(words) and vocabulary.issuperset(terms[run_end]):
                run_end += 1
                if _BREAK.match(sentence, words[run_end - 1][1]):
                    break
        if run_end > at and terms[at] and not body_sites.is_side(terms[at][0]):
            for end in range(min(run_end, at + MAX_WORDS), at, -1):
                if not terms[end - 1] or body_sites.is_side(terms[end - 1][0]):
                    continue
                if mention := _known(sentence, words, terms, at, end):
                    yield mention
                    at = end - 1
                    break
        at += 1


def _known(
    sentence: str, words: Sequence[tuple[int, int, str]], terms: Sequence[Sequence[str]], first: int, last: int
) -> NameMention | None:
    joined = [term for each in terms[first:last] for term in each if not body_sites.is_side(term)]
    key = key_of_terms(joined)
    if not joined or key in _too_general():
        return None
    text = sentence[words[first][0] : words[last - 1][1]]
    code = icd10_names.find_code_by_terms(joined, text)
    if code is None and key not in _synonyms():
        return None
    if code and code.startswith(_NO_DISEASES):
        return None
    if (code is None or " " not in key) and body_sites.is_location(joined):
        return None
    is_symptom = code is not None and code[0] in _SYMPTOMS
    while first and words[first - 1][2].lower() in _qualifiers() and words[first - 1][1] + 1 == words[first][0]:
        first -= 1
    return NameMention(
        words[first][0],
        words[last - 1][1],
        key,
        len(set(joined)),
        _synonyms().get(key) or (code[:3] if code else key),
        is_symptom,
    )


def _points(sentence: str, mention: NameMention, base: float, *, is_teaser: bool) -> float:
    before, after = sentence[: mention.start].lower(), sentence[mention.end : mention.end + NEARBY].lower()
    points = base + OF_EACH_TERM * (mention.size - 1) + SYMPTOM * mention.is_symptom
    begins = len(before.split()) <= MAX_WORDS_BEFORE_SUBJECT
    before = before[-NEARBY:]
    if is_teaser and begins:
        return points + BEGINS_TEASER
    if _before("aside").search(before):
        return points + ASIDE
    if _is_listed(before, after):
        return points + LISTED
    if _before("introduces").search(before) or (begins and _after("defines").match(after)):
        points += IS_SUBJECT
    if _before("announces").search(before):
        points += ANNOUNCED
    return points


def _is_listed(before: str, after: str) -> bool:
    """Whether a name stands between other things in a list: ", gout and", ", gout,", "and gout."."""
    return _LIST_GOES_ON.match(after) is not None or (before.count(",") > 1 and _LIST_BEFORE.search(before) is not None)


def _sentences(paragraphs: Sequence[str], teasers: Sequence[str]) -> Iterator[tuple[str, float, bool]]:
    for teaser in teasers:
        yield teaser, IN_TEASER, True
    first = paragraphs[0][:MAX_TEXT] if paragraphs else ""
    for index, (start, end) in enumerate(sentences(first)):
        yield first[start:end], IN_FIRST_PARAGRAPH if index else IN_FIRST_SENTENCE, False


@cache
def _synonyms() -> dict[str, str]:
    """The keys of the names of the thesaurus, without abbreviations, each with the key of the first of its set."""
    keys: dict[str, str] = {}
    for each in thesaurus.built_in_synonym_sets():
        for name in each.names:
            keys.setdefault(name_key(name), name_key(each.names[0]))
    return {key: first for key, first in keys.items() if key and key not in _too_general()}


@cache
def _vocabulary() -> frozenset[str]:
    """The terms of all known names, and sides."""
    ours = frozenset(term for key in _synonyms() for term in key.split(" "))
    return icd10_names.known_terms() | ours | frozenset(term for side in SIDES for term in name_terms(side))


@cache
def _qualifiers() -> frozenset[str]:
    return frozenset(phrases(_FILE, "qualifiers"))


@cache
def _too_general() -> frozenset[str]:
    return frozenset(name_key(name) for name in phrases(_FILE, "too_general"))


@cache
def _before(name: str) -> re.Pattern[str]:
    """A phrase of a list before a name, with an article or another word between."""
    return re.compile(rf"(?:^|\b){any_phrase(_FILE, name)}(?: [\w-]+)? ?$")


@cache
def _after(name: str) -> re.Pattern[str]:
    """A phrase of a list after a name, in the same clause."""
    return re.compile(rf"[^.;:!?]{{0,60}}? {any_phrase(_FILE, name)}\b")
