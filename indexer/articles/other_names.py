"""Sentences to names: what an article calls its condition, and the other names and abbreviations that it gives.

Three sources, surest first:

    Myositis ossificans progressiva (MOP), also known as ...  an abbreviation in brackets whose letters stand, in order,
                                                              in the words before it
    ... also called fibrodysplasia ossificans progressiva     a phrase that introduces a name
    Chickenpox, or varicella, is ...                          the subject of the first sentence, and its apposition

The first is the algorithm of Schwartz and Hearst (A simple algorithm for identifying abbreviation definitions in
biomedical text, PSB 2003): match the letters of the short form from right to left.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ahocorasick_rs import AhoCorasick

from indexer.articles.phrase_matcher import any_of, phrases_of
from indexer.text.analyzer import fold

MAX_NAME: Final = 100  # code points
MAX_NAME_WORDS: Final = 14
INTRODUCTION: Final = 1_500  # code points in which an article introduces its names

NAMED_SHARE: Final = 0.6  # of the words of an id that a phrase must have to be its name
MAX_ALTERNATIVE_WORDS: Final = 3  # in a longer name, "or" may belong to it ("occlusion or stenosis of ...")
MAX_LONG_FORM: Final = 120  # code points before a bracket in which its words may stand
MAX_SHORT_FORM: Final = 12  # code points of the longest abbreviation and what ends the word before it
MAX_CALLED: Final = 240  # code points after "called" in which names may stand
OWN_SHARE: Final = 0.4  # of the words of the title that a sentence has which speaks of the condition
_SMALL_WORDS: Final = frozenset("a an and at by due for from in of on or the to with without".split())
_QUALIFIERS: Final = frozenset(
    "acquired acute chronic congenital disorder primary secondary unspecified unilateral bilateral".split()
)

_AFTER_SUBJECT: Final = """
    is, are, was, were, refers?, means?, occurs?, happens?, describes?, affects?, develops?, causes?, begins?, has,
    have, had, results?, belongs?, can, may, must, will, does, do, usually, often, typically, most, consists?, arises?,
    comes?, makes?, involves?, accounts?, tends?, follows?, shows?, forms?, starts?, represents?, grows?, takes?, gets?,
    announces, remains?, strikes?, spreads?, turns?, brings?, leaves?, gives?, puts?, appears?, runs?, sits?, lies?,
    hides?, sets?, ranks?, concerns?, lasts, needs, feels, hurts, differs, damages, destroys, weakens, raises, lowers,
    when, if, because, which, who, that
"""
_AFTER_COMMA: Final = r"""
    or, also, sometimes, often, commonly, formerly, once, better, known, called, which, that, an?, the, coded, recorded,
    classified, in, i\.e, listed, named, now, today, nowadays, these days, currently, previously, officially, medically,
    usually, popularly, mostly, most, more, generally, long, traditionally, technically, renamed
"""
_VERB: Final = re.compile(rf"\s+[–—]\s|,?\s+{any_of(_AFTER_SUBJECT)}\b|,\s+{any_of(_AFTER_COMMA)}\b")
_LEADING: Final = re.compile(r"^(?:an? |the |what is (?:an? )?|in (?:brief|short)[:,] )", re.IGNORECASE)
_FIRST_WORDS_WITHOUT_SUBJECT: Final = """
    in, on, at, if, when, while, although, though, because, since, for, with, every, each, most, many, some, few, about,
    around, nearly, almost, once, after, before, between, it, this, these, that, those, there, they, we, you, he, she,
    people, patients, doctors, children, adults, women, men, anyone, everyone, how, why, who, what, where, which, no,
    not, nothing, something, everything, nobody, somebody, one, two, three
"""
_NO_SUBJECT: Final = re.compile(rf"^{any_of(_FIRST_WORDS_WITHOUT_SUBJECT)}\b", re.IGNORECASE)
_INTRODUCES_NAME: Final = r"""
    known (?:medically |clinically |simply |formally )?(?:as|by the names?), called, termed, named, referred to as,
    abbreviated (?:as|to), shortened to, coded as,
    (?:other|older|lay|common|medical|alternative) names? (?:is|are|include|for (?:it|the \w+(?: \w+)?)
    (?:is|are|include)),
    a\.k\.a\., aka
"""
_CALLED: Final = re.compile(rf"{any_of(_INTRODUCES_NAME)}:? ", re.IGNORECASE)
# How _CALLED begins: searching these first is twenty times as fast.
_CALLED_BEGINNINGS: Final = AhoCorasick(
    phrases_of(
        """known, called, termed, named, referred to, abbreviated, shortened to, coded as, other name, older name,
        lay name, common name, medical name, alternative name, a.k.a., aka"""
    )
)
# "Called" alone may give a name to anything; with one of these words before it, it gives another name to the subject.
_TRUSTED: Final = re.compile(
    r"\b(?:also|sometimes|often|commonly|formerly|previously|once|better|popularly|otherwise|or|and|now|today|nowadays|"
    r"days|currently|mostly|usually|officially|medically|simply|generally|widely)\s*$",
    re.IGNORECASE,
)
_AFTER_NAME: Final = r"""
    is, are, was, were, which, that, who, where, when, if, in which, because, since, after, with,
    by (?:doctors|most|many|some), lasts, needs, feels, hurts, occurs?, causes?,
    affects?, has, have, begins?, develops?, makes?, means?, lets?, refers?, takes?, though, but, and (?:called|known),
    depending, alternating, a type, an? \w+ (?:of|that)
"""
_NAME_END: Final = re.compile(rf"[.;:!?]|\s[-–—]\s|,?\s+{any_of(_AFTER_NAME)}\b|,\s+(?:an?|the|one)\s|\)")
_STANDS_FOR: Final = re.compile(
    r"(?:it|(?:the|this) (?:condition|disease|disorder|syndrome|illness|injury|infection))(?: is| was|'s)?(?: \w+)?",
    re.IGNORECASE,
)
_ONE_OF_A_LIST: Final = re.compile(r";(?=\s+(?:[\w'’-]+ ?){1,5}[;,.)])")
_SPLIT: Final = re.compile(r",\s+(?:or\s+|and\s+)?|;\s+|\s+or\s+|/(?=[a-z]{3})")
_APPOSITION: Final = re.compile(
    r"^(?P<subject>[^,.;:()]{3,80}), (?:or|also|i\.e\.|that is,?) (?P<name>[^,.;:()]{3,80}),"
)
_BRACKETS: Final = re.compile(r"\s?[(\[]([^()\[\]]{2,80})[)\]]")
_ASIDE: Final = re.compile(r"\s?[(\[][^()\[\]]{2,160}[)\]]")
_STOPS: Final = re.compile(r"[.!?;](?!\w)")
_CLAUSES: Final = re.compile(r"(?<=[.!?;])\s+|\n")
_OF_NO_USE: Final = frozenset(("other", "specified"))  # words of the titles of codes
_DEFINES: Final = re.compile(r"\s+(?:is|are) (?:an?|any|one of|the (?:name|term|result|inability|loss))\b")
_INSIDE: Final = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]")
_NEXT: Final = re.compile(r"[,;]\s|\s+or\s+")
_MARK: Final = re.compile(r"[.;:!?()\[\]]\s?")
_LAST_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]$")
_FIRST_WORDS_OF_NO_NAME: Final = r"""
    in, on, at, with, without, see, e\.g, i\.e, for, the latter, about, around, from, less, more, up to, unlike, not,
    such, which, that, it, this, usually, mostly, often, initial, subsequent, figure, table, particularly, especially
"""
_NOT_A_NAME: Final = re.compile(
    rf"^{any_of(_FIRST_WORDS_OF_NO_NAME)}\b|\b(?:may|can|will|might|should)$|\d{{4}}|%|^\d|https?:|^[a-z]+[^aeiou]ed$",
    re.IGNORECASE,
)
_SHORT: Final = re.compile(r"(?=[^a-z]*[A-Z])[A-Za-z0-9][A-Za-z0-9./-]{1,9}")
_STATED_SPLIT: Final = re.compile(r";\s*|,\s+(?:or\s+)?")
_LEADING_WORDS: Final = re.compile(
    r"^(?:also |called |known as |or |and |an? |the |simply |medically |sometimes |now |as )+", re.IGNORECASE
)
# What is named beside a condition and is none: "cognitive behavioral therapy for insomnia (CBT-I)".
_NO_CONDITION: Final = frozenset(
    """
    therapy therapies treatment treatments surgery operation procedure medicine medicines drug drugs inhibitor
    inhibitors blocker blockers vaccine vaccines training exercise exercises device devices machine diet test tests
    testing scan scans imaging screening score scale index questionnaire criteria guideline guidelines study trial
    program programme society association foundation institute institutes organization organisation council alliance
    network
    """.split()
)
# What leads to something else than the subject: "... because the body has too little folate, also known as ...".
_LEADS_AWAY: Final = re.compile(r"\b(?:because|since|when|where|while|although|unless|until|so that)\b", re.IGNORECASE)
_COMPARES: Final = re.compile(
    r"\b(?:unlike|like|for|than|from|with|resembles?|as|of|such as|including)(?: the| an?)? $", re.IGNORECASE
)
_TRAILING_WORDS: Final = re.compile(r"\s+(?:or|and)$")


def subject_of(sentence: str) -> str | None:
    """What a first sentence is about: the words before its verb, without article, brackets and apposition."""
    if _NO_SUBJECT.match(sentence):
        return None
    verb = _VERB.search(sentence)
    if verb is None or not 3 <= verb.start() <= MAX_NAME + 60:
        return None
    subject = _LEADING.sub("", _ASIDE.sub("", sentence[: verb.start()]))
    subject = subject.replace("*", "").strip(" ,;:-–—\"'“”")
    if not 2 < len(subject) <= MAX_NAME or len(subject.split()) > MAX_NAME_WORDS + 2 or _STOPS.search(subject):
        return None
    return subject[0].upper() + subject[1:]


def defined_in(text: str) -> str | None:
    """What the introduction of a text says "is a ...", if the text speaks of it again."""
    for sentence in _CLAUSES.split(text[:INTRODUCTION]):
        verb = _VERB.search(sentence)
        subject = subject_of(sentence) if verb and _DEFINES.match(sentence, verb.start()) else None
        if subject and text.lower().count(subject.lower()) > 1:
            return subject
    return None


def named_like(id: str, text: str) -> str | None:
    """The phrase of a text that has the words of an article's id ("trochanteric-bursitis-left-hip"); None for none."""
    id_words = [word for word in re.split(r"[^a-z0-9]+", fold(id.rsplit("/", 1)[-1])) if word not in _SMALL_WORDS]
    if len(id_words) < 2:
        return None
    words = list(re.finditer(r"[\w'’]+", text[:INTRODUCTION]))
    folded = [fold(re.sub(r"['’]", "", word[0])) for word in words]
    for first, word in enumerate(folded):
        if word != id_words[0]:
            continue
        last = _last_word(folded, first, id_words)
        shared = set(folded[first : last + 1]) & set(id_words)
        phrase = text[words[first].start() : words[last].end()]
        if len(shared) >= max(2, NAMED_SHARE * len(set(id_words))) and not re.search(r"[.;:!?]", phrase):
            return phrase[0].upper() + phrase[1:]
    return None


def _last_word(words: list[str], first: int, id_words: list[str]) -> int:
    """The index of the last word of the phrase that begins at `first` and has only words of the id and small words."""
    last = first
    while last + 1 < len(words) and (words[last + 1] in id_words or words[last + 1] in _SMALL_WORDS):
        last += 1
    while words[last] in _SMALL_WORDS:
        last -= 1
    return last


def names_of(title: str, text: str, stated: Iterable[str] = ()) -> tuple[str, ...]:
    """Other names and abbreviations of the condition of that title that its text gives, in order, each once.

    `stated` are names from lines of their own ("Also called: ...").
    """
    names = _DistinctNames(title)
    for line in stated:
        for name in _listed(line):
            names.add(name)
    if (last := _LAST_BRACKETS.search(title)) and fold(last[1]) not in _QUALIFIERS and "," not in last[1]:
        names.add(last[1])
    for _, short in abbreviations(title):
        names.add(short)
    introduction = text[:INTRODUCTION]
    own = _words(title)
    for name in _called(introduction, own):
        names.add(name)
    if (apposition := _APPOSITION.match(introduction)) and _words(apposition["subject"]) & own:
        names.add(apposition["name"])
    if "(" in introduction:
        known = [title, *names]
        for long, short in abbreviations(introduction):
            is_another = _is_compared(long, title, introduction) or _is_other(long, title) or _is_beside(long, title)
            if any(_same(long, name) for name in known) and not is_another:
                names.add(short)
                if _key(long) not in _key(title):
                    names.add(long)
    return tuple(names)


class _DistinctNames:
    """Names in order, each once, without the title itself."""

    def __init__(self, title: str) -> None:
        self._titles = {_key(title), _key(_BRACKETS.sub("", title))}
        self._names: dict[str, str] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def add(self, name: str) -> None:
        """Add a name, unless it is none, or is there."""
        name = _tidy(name)
        key = _key(name)
        if name and key and key not in self._titles:
            self._names.setdefault(key, name)


def _listed(line: str) -> Iterator[str]:
    for part in _STATED_SPLIT.split(line):
        alternatives = part.split(" or ")
        short = all(len(each.split()) <= MAX_ALTERNATIVE_WORDS for each in alternatives)
        yield from alternatives if short else [part]


def abbreviations(text: str) -> list[tuple[str, str]]:
    """Pairs of a long form and its abbreviation in brackets, or the other way round."""
    pairs = []
    for bracket in _INSIDE.finditer(text):
        inside = _NEXT.split(bracket[1], maxsplit=1)[0].strip()
        before = text[max(0, bracket.start() - MAX_LONG_FORM) : bracket.start()].rstrip()
        if _SHORT.fullmatch(inside):
            if long := _long_form(inside, _MARK.split(before)[-1]):
                pairs.append((long, inside))
        else:
            last = _MARK.split(before[-MAX_SHORT_FORM:])[-1].rpartition(" ")[2]
            if last.isupper() and _SHORT.fullmatch(last) and _long_form(last, inside) == inside:
                pairs.append((inside, last))
    return pairs


def _long_form(short: str, before: str) -> str | None:
    """The end of `before` whose words have the letters of the short form, in order; None where they do not."""
    start = len(before)
    for letter in range(len(short) - 1, -1, -1):
        if short[letter].isalnum():
            start = _rfind_letter(before, short[letter].lower(), start, begins_word=letter == 0)
            if start < 0:
                return None
    long = before[start:].strip()
    count = len(long.split())
    letters = sum(map(str.isalnum, short))
    if count > min(letters + 5, letters * 2) or len(long) <= len(short) or short.lower() in long.lower().split():
        return None
    return long


def _rfind_letter(text: str, letter: str, end: int, *, begins_word: bool) -> int:
    """The last place before `end` where a letter stands, at the beginning of a word if so asked; -1 for none."""
    for place in range(end - 1, -1, -1):
        if text[place].lower() == letter and not (begins_word and place > 0 and text[place - 1].isalnum()):
            return place
    return -1


def _called(introduction: str, own: frozenset[str]) -> Iterator[str]:
    """The names that phrases such as "also called" introduce; `own` are the words of the title."""
    lowered = introduction.lower()
    for _, place, _ in sorted(_CALLED_BEGINNINGS.find_matches_as_indexes(lowered, overlapping=True)):
        if not lowered[place - 1 : place].isalpha() and (called := _CALLED.match(introduction, place)):
            yield from _names_after(introduction, called, own)


def _names_after(text: str, called: re.Match[str], own: frozenset[str]) -> Iterator[str]:
    sentence = max(text.rfind(". ", 0, called.start()), text.rfind("\n", 0, called.start())) + 1
    before = text[sentence : called.start()]
    # A name is the condition's own where its sentence speaks of it: by its name, or as the first thing in the text.
    speaks_of_it = (
        not sentence
        or len(_words(before) & own) >= max(1, OWN_SHARE * len(own))
        or _STANDS_FOR.fullmatch(before.strip())
    )
    if sentence and _is_narrower(before, own):
        return
    if not speaks_of_it or (_LEADS_AWAY.search(before) and not before.rstrip().endswith((" is", " are"))):
        return
    if called.group().lower().startswith(("called", "named")) and not _TRUSTED.search(before):
        return
    rest = text[called.end() : called.end() + MAX_CALLED]
    if "; and " not in rest:
        rest = _ONE_OF_A_LIST.sub(",", rest)
    rest = _BRACKETS.sub(lambda bracket: f", {bracket[1]}, " if _SHORT.fullmatch(bracket[1]) else "", rest)
    end = _NAME_END.search(rest)
    yield from _SPLIT.split(rest[: end.start()] if end else rest[:MAX_NAME])


def _tidy(name: str) -> str:
    """A name without the words that introduce it; "" where it is none."""
    name = _LEADING_WORDS.sub("", name.strip(" ,;:.\"'“”‘’()[]"))
    name = _TRAILING_WORDS.sub("", name.strip(" ,;:.\"'“”‘’"))
    if name.count("(") != name.count(")"):
        name = name.replace("(", "").replace(")", "")
    if not 2 <= len(name) <= MAX_NAME or len(name.split()) > MAX_NAME_WORDS:
        return ""
    if _NOT_A_NAME.search(name) or _VERB.match(f" {name}") or not any(map(str.isalpha, name)):
        return ""
    return name


def _is_compared(long: str, title: str, text: str) -> bool:
    """Whether a name that has other words than the title stands only after "unlike", "for" or the like."""
    if _words(long) <= _words(title) or _words(title) <= _words(long):
        return False
    return _COMPARES.search(text[: text.find(long)]) is not None


def _same(long: str, name: str) -> bool:
    first, second = _words(long), _words(name)
    shared = len(first & second)
    return shared > 0 and shared * 2 >= min(len(first), len(second)) and shared >= min(2, len(first), len(second))


def _is_other(long: str, title: str) -> bool:
    """Whether a name is that of a sister of the condition: the title with another proper name in its first place."""
    first, *rest = re.findall(r"[^\W_]+", long)
    own_first, *own_rest = re.findall(r"[^\W_]+", _BRACKETS.sub("", title)) or [""]
    kind = [fold(word) for word in own_rest[-len(rest) :]] if rest else []
    is_sister = bool(kind) and [fold(word) for word in rest] == kind and first[:1].isupper() and own_first[:1].isupper()
    return is_sister and len(rest) == len(own_rest) and fold(first) != fold(own_first) and rest[0].islower()


def _is_narrower(before: str, own: frozenset[str]) -> bool:
    """Whether what stands before "also called" is a longer name than the title, and nothing else: another disease."""
    general = own - _QUALIFIERS - _OF_NO_USE
    name, _, rest = before.partition(",")
    is_all = len(rest.split()) <= MAX_ALTERNATIVE_WORDS and _VERB.search(name) is None
    return bool(general) and is_all and _words(name) - _QUALIFIERS > general


def _is_beside(long: str, title: str) -> bool:
    """Whether a name is that of a treatment, a test or a society for the condition, unless the title is one."""
    return not _NO_CONDITION.isdisjoint(_words(long) - _words(title))


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[a-z0-9]+", fold(text)) if len(word) > 3)


def _key(name: str) -> str:
    return " ".join(re.findall(r"\w+", fold(name)))
