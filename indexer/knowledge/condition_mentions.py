"""Sentences to the condition that a headless article is about: the known name that they speak of most.

An article may begin with a scene, a joke or another disease, and name its condition at the end of its first sentence,
in the second paragraph, or only in a teaser that breaks off. Every known name that it mentions has points: for where it
stands, for being defined, announced or the subject of a sentence, for coming again. A name in a list, after "such as",
"due to" or "unlike", or one that is only a symptom, loses some. The name with most points is the condition, if it has
enough. Names that stand for one condition help one another: the lay and the Latin name, the disease and a kind of it.

Known names are those of the code table, the Disease Ontology and the thesaurus (see coded_names.py). Each is looked for
where a sentence has its rarest term, so most words of a text cost one look into a dictionary. The words that give and
take points are in `condition_mentions.toml`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, Literal, NamedTuple, TypeAlias

from indexer.knowledge import body_sites, coded_names, disease_names, icd10_names, thesaurus
from indexer.knowledge.coded_names import coding_by_terms, coding_of_name
from indexer.knowledge.icd10_name_table import code_name_table
from indexer.knowledge.icd10_names import numbers
from indexer.knowledge.name_keys import name_key, name_terms
from indexer.knowledge.phrase_lists import any_phrase, phrases
from indexer.text.analyzer import fold
from indexer.text.sentences import sentences

IN_FIRST_SENTENCE: Final = 2.5
IN_FIRST_PARAGRAPH: Final = 2.0
IN_SECOND_PARAGRAPH: Final = 1.5
IN_TEASER: Final = 1.5
LATER: Final = 0.7
IS_SUBJECT: Final = 1.5
IS_LATE_SUBJECT: Final = 0.8  # after the second paragraph, where signs and complications are spoken of
IS_EPONYM: Final = 0.6  # written with a capital inside a sentence, so that it is no sign but a disease
HAS_ABBREVIATION: Final = 1.5  # given behind the name
BEGINS_TEASER: Final = 3.0
ANNOUNCED: Final = 1.5
OF_EACH_TERM: Final = 0.3  # a longer name says more
ASIDE: Final = -2.5
LISTED: Final = -2.0
SYMPTOM: Final = -1.0  # a name of chapter 18 of ICD-10-CM
MIN_POINTS: Final = 2.0
MIN_CASUAL: Final = 1.8  # of a name that no sentence is about
MIN_CASUAL_MARGIN: Final = 0.5
MAX_COUNTED: Final = 3  # mentions of a name after the first paragraph
MAX_TERMS: Final = 9  # of a name
KNOWN_SHARE: Final = 0.6  # of the words of a phrase that a name in it has which is its condition
MAX_WORDS_BEFORE_SUBJECT: Final = 2  # "In an acute ..."
NEARBY: Final = 80  # code points beside a name that say what part it plays
MAX_TEXT: Final = 2_000  # code points of the first paragraph that are read, and of the others

_FILE: Final = "condition_mentions.toml"
_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BREAK: Final = re.compile(r"[.,;:()?!“”\"](?!\w)| [–—-] |—| (?=[(“\"]|or )")
# What may stand before the subject of a clause.
_CLAUSE_START: Final = re.compile(
    r"(?:^|[:;—–]\s|,\s(?:and|but|so|yet)\s)(?:in\s)?(?:(?:an?|the|this|but|so|and|most|all|every|each|such|in)\s)*$"
)
_NO_NAME: Final = re.compile(r" (?:is|are|was|were|or|as|from) |^\w+ the ")
_LISTED_BEFORE: Final = re.compile(r",(?: [\w'’-]+){1,4},[^,]*$")
_ABBREVIATION_AFTER: Final = re.compile(r"(?:,? \(|, (?:or )?)(?:[A-Z]{2}|[A-Z][A-Za-z-]*[A-Z]\b)")
_APPOSITION: Final = re.compile(r",? (?:an?|the (?:name|term)) (?:[\w-]+ ){1,6}")
_GOES_ON: Final = re.compile(r"[ ,]*(?:of|in|with|without|due|and|or|at|on|from|by|for|as|after|\(|,)")
_LIST_BEFORE: Final = re.compile(r"[,;] (?:(?:[\w-]+ )?(?:and|or) )?(?:[\w-]+ )?$")
_LIST_GOES_ON: Final = re.compile(
    r"(?:\ [\w-]+)? (?: ,\ (?!which|who|one\ |an?\ |the\ |or\ [\w ]+,) [\w-]+ (?:\ [\w-]+){0,3} (?:,|\ and\ |\ or\ )"
    r"| \ (?:and|or)\ [\w-]+ (?:\ [\w-]+){0,3} [.,;])",
    re.VERBOSE,
)
_SYMPTOMS: Final = "R"
# The beginnings of codes of causes, encounters and drugs.
_NO_DISEASES: Final = (*"VWXYZU", "T36", "T37", "T38", "T39", "T4", "T50")


KnownName: TypeAlias = tuple[str, frozenset[str]]  # its key and its terms
# In the first paragraph, at the beginning of a later one, or after that.
Place: TypeAlias = Literal["teaser", "first", "opening", "later"]


class NameMention(NamedTuple):
    """A known name in a sentence: its span there, its key, how many terms it has, and the category of its code."""

    start: int
    end: int
    key: str
    size: int
    category: str
    is_symptom: bool
    is_eponym: bool


class Subject(NamedTuple):
    """The name of a condition as it is written in an article, its points, and the sentence that names it best."""

    name: str
    points: float
    sentence: str


def subject(paragraphs: Sequence[str], teasers: Sequence[str], least: float = MIN_POINTS) -> Subject | None:
    """The known condition that an article of these paragraphs, and sentences that break off, is about.

    None where no name has the least points.
    """
    points: defaultdict[str, float] = defaultdict(float)
    best: dict[str, Subject] = {}
    categories: dict[str, str] = {}
    counted: Counter[str] = Counter()
    casual: dict[str, Subject] = {}
    for sentence, base, place in _sentences(paragraphs, teasers):
        for mention in names_in(sentence):
            key = mention.key
            categories[key] = mention.category
            gained, is_subject = _points(sentence, mention, base, place)
            if support := _support(sentence, mention, base):
                earlier = casual.get(key, Subject(sentence[mention.start : mention.end], 0.0, sentence))
                casual[key] = earlier._replace(points=earlier.points + support)
            if place in ("opening", "later"):
                counted[key] += 1
                gained = max(gained, 0.0) if counted[key] <= MAX_COUNTED else 0.0
                gained = gained if is_subject and not mention.is_symptom else min(gained, LATER)
            points[key] += gained
            if (place in ("teaser", "first") or (is_subject and not mention.is_symptom)) and gained > (
                best[key].points if key in best else least - 1
            ):
                best[key] = Subject(sentence[mention.start : mention.end], gained, sentence)
    total = {key: points[key] + _of_relatives(key, points, categories) for key in best}
    leading = max(total, key=lambda key: total[key], default="")
    if leading and total[leading] >= least:
        return _capitalized(best[leading]._replace(points=total[leading]))
    return _casual_subject(casual, categories)


def _casual_subject(casual: Mapping[str, Subject], categories: Mapping[str, str]) -> Subject | None:
    """The name that is mentioned most where none is spoken of as the subject, if no other disease comes near it."""
    ranked = sorted(casual, key=lambda key: -casual[key].points)
    if not ranked or casual[ranked[0]].points < MIN_CASUAL:
        return None
    others = (casual[key].points for key in ranked[1:] if categories[key] != categories[ranked[0]])
    if casual[ranked[0]].points - next(others, 0.0) < MIN_CASUAL_MARGIN:
        return None
    return _capitalized(casual[ranked[0]])


def _capitalized(subject: Subject) -> Subject:
    return subject._replace(name=subject.name[:1].upper() + subject.name[1:])


def _of_relatives(key: str, points: Mapping[str, float], categories: Mapping[str, str]) -> float:
    """Half the points of the names that are part of this one, or have the same category."""
    terms = frozenset(key.split())
    return sum(
        max(points[other], 0.0) / 2
        for other in points
        if other != key and (terms.issuperset(other.split()) or categories[other] == categories[key])
    )


def is_known(phrase: str) -> bool:
    """Whether a phrase begins with a known name, or has few words besides one."""
    coding = coding_of_name(phrase)
    if coding is not None and not coding.code.startswith(_NO_DISEASES) and name_key(phrase) not in _too_general():
        return True
    for mention in names_in(phrase):
        if mention.start == 0:
            return mention.end == len(phrase) or _GOES_ON.match(phrase, mention.end) is not None
        if mention.end - mention.start >= KNOWN_SHARE * len(phrase):
            return True
    return False


def names_in(sentence: str) -> Iterator[NameMention]:
    """The known names in a sentence, from left to right, the longest wherever several match."""
    if "," in sentence:
        sentence = _names_with_commas().sub(lambda match: match[0].replace(",", " "), sentence)
    start = 0
    for stop in (*(match.start() for match in _BREAK.finditer(sentence)), len(sentence)):
        clause = sentence[start:stop]
        words: list[tuple[int, int]] = []
        terms: list[str] = []
        for word in _WORD.finditer(clause):
            for term in name_terms(word[0]):
                if not body_sites.is_side(term):
                    words.append((start + word.start(), start + word.end()))
                    terms.append(term)
        present = frozenset(terms)
        matching = {key: terms for term in present for key, terms in _names(term) if terms <= present}
        if matching:
            yield from sorted(_mentions(sentence, words, terms, matching))
        start = stop


def _mentions(
    sentence: str, words: Sequence[tuple[int, int]], terms: Sequence[str], matching: Mapping[str, frozenset[str]]
) -> Iterator[NameMention]:
    """The names, longest first, that stand in these words without a word between and without sharing one."""
    taken: set[int] = set()
    for key, required in sorted(matching.items(), key=lambda each: (-len(each[1]), each[0])):
        for first in range(len(terms)):
            last = _end_of_name(terms, first, required)
            if not last or not taken.isdisjoint(range(first, last)):
                continue
            if mention := _known(sentence, words[first][0], words[last - 1][1], key):
                taken.update(range(first, last))
                yield mention


def _end_of_name(terms: Sequence[str], first: int, required: frozenset[str]) -> int:
    """The end of the run of terms from `first` on that has all the required ones and no others; 0 for none."""
    missing = set(required)
    for position in range(first, min(first + len(required) + 1, len(terms))):
        if terms[position] not in required:
            return 0
        missing.discard(terms[position])
        if not missing:
            return position + 1
    return 0


def _known(sentence: str, start: int, end: int, key: str) -> NameMention | None:
    terms, text = key.split(" "), sentence[start:end]
    coding = coding_by_terms(terms, text)
    if coding is None or coding.code.startswith(_NO_DISEASES) or _NO_NAME.search(text):
        return None
    if len(terms) == 1 and icd10_names.find_code(text) is None and _single_words().isdisjoint(numbers(text.lower())):
        return None  # another word with that stem: "cutting" is no cut
    if len(terms) == 1 and body_sites.is_location(terms):
        return None
    before = sentence[:start].rsplit(" ", 2)
    if len(before) > 1 and before[-1] == "" and before[-2].lower() in _qualifiers():
        start -= len(before[-2]) + 1
    is_eponym = start > 0 and sentence[start].isupper() and sentence[start + 1 : start + 2].islower()
    return NameMention(start, end, key, len(terms), coding.code[:3], coding.code[0] in _SYMPTOMS, is_eponym)


def _points(sentence: str, mention: NameMention, base: float, place: Place) -> tuple[float, bool]:
    """The points of a name in a sentence, and whether the sentence defines or announces it."""
    before, behind = sentence[: mention.start].lower(), sentence[mention.end : mention.end + NEARBY]
    after = behind.lower()
    has_abbreviation = _ABBREVIATION_AFTER.match(behind) is not None
    points = base + OF_EACH_TERM * (mention.size - 1) + SYMPTOM * mention.is_symptom
    points += IS_EPONYM * mention.is_eponym + HAS_ABBREVIATION * has_abbreviation
    begins = _CLAUSE_START.search(before) is not None
    if place == "teaser" and begins and len(before.split()) <= MAX_WORDS_BEFORE_SUBJECT:
        return points + BEGINS_TEASER, True
    before = before[-NEARBY:]
    if _excluded().match(after):
        return points + ASIDE, False
    opens = place == "opening" and before.count(" ") <= MAX_WORDS_BEFORE_SUBJECT
    is_defined = begins and (opens or _defined().match(after) is not None)
    if not is_defined and _before("aside").search(before):
        return points + ASIDE, False
    if _is_listed(before, "" if is_defined or has_abbreviation else after):
        return points + LISTED, False
    is_subject = is_defined or _APPOSITION.match(after) is not None or _before("introduces").search(before) is not None
    is_announced = _before("announces").search(before) is not None
    of_subject = IS_LATE_SUBJECT if base == LATER else IS_SUBJECT
    return points + of_subject * is_subject + ANNOUNCED * is_announced, is_subject or is_announced


def _support(sentence: str, mention: NameMention, base: float) -> float:
    """The points of a name where a sentence is not about it: 0 for a sign, a list, a comparison, or what is denied."""
    before, after = sentence[: mention.start].lower()[-NEARBY:], sentence[mention.end : mention.end + NEARBY].lower()
    if mention.is_symptom or _excluded().match(after) or _is_listed(before, after):
        return 0.0
    if _before("aside").search(before) and not _before("indirect").search(before):
        return 0.0
    return base + OF_EACH_TERM * (mention.size - 1) + IS_EPONYM * mention.is_eponym


def _is_listed(before: str, after: str) -> bool:
    """Whether a name stands between other things in a list: ", gout and", ", gout,", "and gout."."""
    is_last = _LISTED_BEFORE.search(before) is not None and _LIST_BEFORE.search(before) is not None
    return is_last or _LIST_GOES_ON.match(after) is not None


def _sentences(paragraphs: Sequence[str], teasers: Sequence[str]) -> Iterator[tuple[str, float, Place]]:
    """The sentences, each with the points of a name in it and where it stands."""
    for teaser in teasers:
        yield teaser, IN_TEASER, "teaser"
    first = paragraphs[0][:MAX_TEXT] if paragraphs else ""
    for index, (start, end) in enumerate(sentences(first)):
        yield first[start:end], IN_FIRST_PARAGRAPH if index else IN_FIRST_SENTENCE, "first"
    remaining, base = MAX_TEXT, IN_SECOND_PARAGRAPH
    for paragraph in filter(None, paragraphs[1:]):
        text = paragraph[:remaining]
        for start, end in sentences(text):
            yield text[start:end], base, "later" if start else "opening"
        remaining, base = remaining - len(text), LATER
        if not remaining:
            return


@cache
def _names(term: str) -> tuple[KnownName, ...]:
    """The known names of which this is the rarest term; no text has terms that are sides."""
    of_table = ((key, name.terms) for key, name in code_name_table().names(term).items())
    named = (each for each in of_table if len(each[1]) <= MAX_TERMS and each[0] not in _too_general())
    return (*named, *_further_names().get(term, ()))


@cache
def _further_names() -> Mapping[str, tuple[KnownName, ...]]:
    """The names of the Disease Ontology and the thesaurus, by that term of each which the fewest of them have."""
    keys = {*disease_names.tables()[0], *coded_names.synonym_codes()} - _too_general()
    names = [(key, terms) for key in keys if 0 < len(terms := frozenset(key.split())) <= MAX_TERMS]
    frequency = Counter(term for _, terms in names for term in terms)
    by_term: dict[str, list[KnownName]] = {}
    for key, terms in names:
        by_term.setdefault(min(terms, key=lambda term: (frequency[term], term)), []).append((key, terms))
    return {term: tuple(named) for term, named in by_term.items()}


@cache
def _single_words() -> frozenset[str]:
    """The words that are names by themselves in the Disease Ontology or the thesaurus, in both numbers."""
    synonyms = (name for each in thesaurus.built_in_synonym_sets() for name in each.names)
    names = (*synonyms, *(name for name, _ in disease_names.spelled()))
    return frozenset().union(*(numbers(fold(name)) for name in names if " " not in name))


@cache
def _qualifiers() -> frozenset[str]:
    return frozenset(phrases(_FILE, "qualifiers"))


@cache
def _too_general() -> frozenset[str]:
    return frozenset(name_key(name) for name in phrases(_FILE, "too_general"))


@cache
def _names_with_commas() -> re.Pattern[str]:
    return re.compile(rf"\b{any_phrase(_FILE, 'with_commas')}", re.IGNORECASE)


@cache
def _before(name: str) -> re.Pattern[str]:
    """A phrase of a list before a name, with an article or another word between."""
    return re.compile(rf"(?:^|\b){any_phrase(_FILE, name)}(?: [\w-]+)? ?$")


@cache
def _excluded() -> re.Pattern[str]:
    """What follows the name of another disease, which is looked for or may follow."""
    return re.compile(rf" {any_phrase(_FILE, 'excluded')}\b")


@cache
def _defined() -> re.Pattern[str]:
    """What follows a name that a clause defines: its verb, after two words or an insertion between commas."""
    return re.compile(
        rf"(?:,[^,.;:!?]{{1,60}},|\s?\([^()]{{1,60}}\))?(?: [\w'’-]+){{0,2}}? {any_phrase(_FILE, 'defines')}\b"
    )
