"""Sentences to names: what an article calls its condition, and the other names and abbreviations that it gives.

Three sources, surest first:

    Myositis ossificans progressiva (MOP), also known as ...      an abbreviation in brackets whose letters stand, in
                                                                  order, in the words before it
    ... also called fibrodysplasia ossificans progressiva          a phrase that says so
    Chickenpox, or varicella, is ...                               the subject of the first sentence, and what stands beside it

The first is the algorithm of Schwartz and Hearst (A simple algorithm for identifying abbreviation definitions in
biomedical text, PSB 2003): match the letters of the short form from right to left.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from indexer.text.analyzer import fold

MAX_NAME: Final = 100  # code points
MAX_NAME_WORDS: Final = 14
INTRODUCTION: Final = 1_500  # code points in which an article introduces its names

NAMED_SHARE: Final = 0.6  # of the words of an id that a phrase must have to be its name
SHORT_NAME: Final = 3  # words; in a longer one, "or" may belong to the name ("occlusion or stenosis of ...")
LONG_FORM: Final = 120  # code points before a bracket in which its words may stand
SHORT_FORM: Final = 12  # code points of the longest abbreviation and what ends the word before it
OWN_SHARE: Final = 0.4  # of the words of the title that a sentence has which speaks of the condition
_SMALL: Final = frozenset("a an and at by due for from in of on or the to with without".split())
_QUALIFIERS: Final = frozenset(
    "acquired acute chronic congenital disorder primary secondary unspecified unilateral bilateral".split()
)

_VERB: Final = re.compile(
    r"\s+[–—]\s|,?\s+(?:is|are|was|were|refers?|means?|occurs?|happens?|describes?|affects?|develops?|causes?|begins?|has|have|had|results?|belongs?|can|may|must|will|"
    r"does|do|usually|often|typically|most|consists?|arises?|comes?|makes?|involves?|accounts?|tends?|follows?|shows?|forms?|starts?|represents?|grows?|takes?|gets?|"
    r"announces|remains?|strikes?|spreads?|turns?|brings?|leaves?|gives?|puts?|appears?|runs?|sits?|lies?|hides?|when|if|because|which|who|that)\b"
    r"|,\s+(?:or|also|sometimes|often|commonly|formerly|once|better|known|called|which|that|an?|the|coded|recorded|classified|in|i\.e|listed|named)\b"
)
_LEADING: Final = re.compile(r"^(?:an? |the |what is (?:an? )?|in (?:brief|short)[:,] )", re.IGNORECASE)
_NO_SUBJECT: Final = re.compile(
    r"^(?:in|on|at|if|when|while|although|though|because|since|for|with|every|each|most|many|some|few|about|around|nearly|almost|once|after|before|between|"
    r"it|this|these|that|those|there|they|we|you|he|she|people|patients|doctors|children|adults|women|men|anyone|everyone|how|why|who|what|where|which|no|not|nothing|something|everything|nobody|somebody|one|two|three)\b",
    re.IGNORECASE,
)
_CALLED: Final = re.compile(
    r"(?:known (?:medically |clinically |simply |formally )?(?:as|by the names?)|called|termed|named|referred to as|abbreviated (?:as|to)|shortened to|coded as|"
    r"(?:other|older|lay|common|medical|alternative) names? (?:is|are|include|for (?:it|the \w+(?: \w+)?) (?:is|are|include))|a\.k\.a\.|aka):? ",
    re.IGNORECASE,
)
_SAYS: Final = tuple(  # how _CALLED begins: looking for these first is ten times as fast
    "known ;called;termed;named;referred to ;abbreviated ;shortened to ;coded as;other name;older name;lay name;common name;medical name;"
    "alternative name;a.k.a.;aka".split(";")
)
# "Called" alone may give a name to anything; with one of these words before it, it gives another name to the subject.
_TRUSTED: Final = re.compile(
    r"\b(?:also|sometimes|often|commonly|formerly|previously|once|better|popularly|otherwise|or|and)\s*$", re.IGNORECASE
)
_END: Final = re.compile(
    r"[.;:!?]|\s[-–—]\s|,?\s+(?:is|are|was|were|which|that|who|where|when|if|in which|because|since|after|with|occurs?|causes?|affects?|has|have|begins?|develops?|makes?|means?|lets?|refers?|takes?|though|but|and (?:called|known)|depending|alternating|a type|an? \w+ (?:of|that))\b|,\s+(?:an?|the|one)\s|\)"
)
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
_DEFINES: Final = re.compile(r"\s+(?:is|are) (?:an?|any|one of|the (?:name|term|result|inability|loss))\b")
_INSIDE: Final = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]")
_NEXT: Final = re.compile(r"[,;]\s|\s+or\s+")
_MARK: Final = re.compile(r"[.;:!?()\[\]]\s?")
_LAST_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]$")
_NOT_A_NAME: Final = re.compile(
    r"^(?:in|on|at|with|without|see|e\.g|i\.e|for|the latter|about|around|from|less|more|up to|unlike|not|such|which|that|it|this|usually|mostly|often|initial|subsequent|figure|table|particularly|especially)\b|\b(?:may|can|will|might|should)$|\d{4}|%|^\d|https?:",
    re.IGNORECASE,
)
_SHORT: Final = re.compile(r"(?=[^a-z]*[A-Z])[A-Za-z0-9][A-Za-z0-9./-]{1,9}")


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
    """The phrase of a text whose words are those of the article's id ("trochanteric-bursitis-left-hip"), if it has one."""
    wanted = [word for word in re.split(r"[^a-z0-9]+", fold(id.rsplit("/", 1)[-1])) if word not in _SMALL]
    if len(wanted) < 2:
        return None
    words = list(re.finditer(r"[\w'’]+", text[:INTRODUCTION]))
    folded = [fold(re.sub(r"['’]", "", word[0])) for word in words]
    for place, word in enumerate(folded):
        if word != wanted[0]:
            continue
        end = place
        while end + 1 < len(folded) and (folded[end + 1] in wanted or folded[end + 1] in _SMALL):
            end += 1
        while folded[end] in _SMALL:
            end -= 1
        found = set(folded[place : end + 1]) & set(wanted)
        phrase = text[words[place].start() : words[end].end()]
        if len(found) >= 2 and len(found) >= NAMED_SHARE * len(set(wanted)) and not re.search(r"[.;:!?]", phrase):
            return phrase[0].upper() + phrase[1:]
    return None


def names_of(title: str, text: str, stated: Iterable[str] = ()) -> tuple[str, ...]:
    """Other names and abbreviations of the condition of that title that its text gives, in order, each once.

    `stated` are names from lines of their own ("Also called: ...").
    """
    names: dict[str, str] = {}
    taken = {_key(title), _key(_BRACKETS.sub("", title))}

    def add(name: str) -> None:
        name = _tidy(name)
        key = _key(name)
        if name and key and key not in taken:
            names.setdefault(key, name)

    for line in stated:
        for part in re.split(r";\s*|,\s+(?:or\s+)?", line):
            either = part.split(" or ")
            for name in either if all(len(each.split()) <= SHORT_NAME for each in either) else [part]:
                add(name)
    if (last := _LAST_BRACKETS.search(title)) and fold(last[1]) not in _QUALIFIERS and "," not in last[1]:
        add(last[1])
    for _, short in abbreviations(title):
        add(short)
    introduction = text[:INTRODUCTION]
    own = _words(title)
    lowered = introduction.lower()
    for says in _SAYS:
        place = lowered.find(says)
        while place >= 0:
            if not lowered[place - 1 : place].isalpha() and (stop := _CALLED.match(introduction, place)):
                _add_called(introduction, stop, own, add)
            place = lowered.find(says, place + 1)
    if (beside := _APPOSITION.match(introduction)) and _words(beside["subject"]) & own:
        add(beside["name"])
    if "(" not in introduction:
        return tuple(names.values())
    known = [title, *names.values()]
    for long, short in abbreviations(introduction):
        if any(_same(long, name) for name in known):
            add(short)
            if _key(long) not in _key(title):
                add(long)
    return tuple(names.values())


def abbreviations(text: str) -> list[tuple[str, str]]:
    """Pairs of a long form and its abbreviation in brackets, or the other way round."""
    pairs = []
    for bracket in _INSIDE.finditer(text):
        inside = _NEXT.split(bracket[1], maxsplit=1)[0].strip()
        before = text[max(0, bracket.start() - LONG_FORM) : bracket.start()].rstrip()
        if _SHORT.fullmatch(inside):
            if long := _long_form(inside, _MARK.split(before)[-1]):
                pairs.append((long, inside))
        else:
            last = _MARK.split(before[-SHORT_FORM:])[-1].rpartition(" ")[2]
            if last.isupper() and _SHORT.fullmatch(last) and _long_form(last, inside) == inside:
                pairs.append((inside, last))
    return pairs


def _long_form(short: str, before: str) -> str | None:
    """The end of `before` whose words have the letters of the short form, in order; None where they do not."""
    place, letter = len(before) - 1, len(short) - 1
    while letter >= 0:
        wanted = short[letter].lower()
        if not wanted.isalnum():
            letter -= 1
            continue
        while place >= 0 and (
            before[place].lower() != wanted or (letter == 0 and place > 0 and before[place - 1].isalnum())
        ):
            place -= 1
        if place < 0:
            return None
        place -= 1
        letter -= 1
    long = before[place + 1 :].strip()
    count = len(long.split())
    letters = sum(c.isalnum() for c in short)
    if count > min(letters + 5, letters * 2) or len(long) <= len(short) or short.lower() in long.lower().split():
        return None
    return long


def _add_called(text: str, stop: re.Match[str], own: frozenset[str], add: Callable[[str], None]) -> None:
    start = stop.end()
    sentence = max(text.rfind(". ", 0, stop.start()), text.rfind("\n", 0, stop.start())) + 1
    before = text[sentence : stop.start()]
    # A name is the condition's own where its sentence speaks of it: by its name, or as the first thing in the text.
    if (
        sentence
        and len(_words(before) & own) < max(1, OWN_SHARE * len(own))
        and not _STANDS_FOR.fullmatch(before.strip())
    ):
        return
    if stop.group().lower().startswith(("called", "named")) and not _TRUSTED.search(before):
        return
    rest = text[start : start + 240]
    if "; and " not in rest:
        rest = _ONE_OF_A_LIST.sub(",", rest)
    rest = _BRACKETS.sub(lambda bracket: f", {bracket[1]}, " if _SHORT.fullmatch(bracket[1]) else "", rest)
    end = _END.search(rest)
    for part in _SPLIT.split(rest[: end.start()] if end else rest[:MAX_NAME]):
        add(part)


def _tidy(name: str) -> str:
    name = re.sub(
        r"^(?:also |called |known as |or |and |an? |the |simply |medically |sometimes |now |as )+",
        "",
        name.strip(" ,;:.\"'“”‘’()[]"),
        flags=re.IGNORECASE,
    )
    name = re.sub(r"\s+(?:or|and)$", "", name.strip(" ,;:.\"'“”‘’"))
    if name.count("(") != name.count(")"):
        name = name.replace("(", "").replace(")", "")
    words = name.split()
    if (
        not 2 <= len(name) <= MAX_NAME
        or len(words) > MAX_NAME_WORDS
        or _NOT_A_NAME.search(name)
        or _VERB.match(f" {name}")
        or not any(c.isalpha() for c in name)
    ):
        return ""
    return name


def _same(long: str, name: str) -> bool:
    first, second = _words(long), _words(name)
    shared = len(first & second)
    return shared > 0 and shared * 2 >= min(len(first), len(second)) and shared >= min(2, len(first), len(second))


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[a-z0-9]+", fold(text)) if len(word) > 3)


def _key(name: str) -> str:
    return " ".join(re.findall(r"\w+", fold(name)))
