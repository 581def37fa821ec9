"""One sentence to the body sites that it mentions, each with its side and points for being the affected one.

The points, and the words that give and take them, are explained in affected_sites.py; the words are in its TOML file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from indexer.knowledge import body_sites
from indexer.knowledge.body_sites import Side
from indexer.knowledge.name_keys import name_terms
from indexer.knowledge.phrase_lists import any_phrase, pattern, phrases

# Points of a mention.
SIDED: Final = 1.0
BOTH: Final = 0.7
SIDED_OWN: Final = 0.5  # more for a site that the disease has by its name
CASUAL_SHARE: Final = 0.6  # of the points of a mention that is not firm, for a disease without sites of its own
UNSIDED: Final = 0.3
ANNOUNCED: Final = 2.0
JOINED: Final = 1.5  # to a name of the disease
CORRECTED: Final = 2.0
AFFECTED: Final = 0.7
IN_FIRST_PARAGRAPH: Final = 0.5
IN_TEASER: Final = 1.5
POSSESSED: Final = 1.0  # "her right elbow": somebody has it there
UNSITED: Final = 1.5  # a side by itself, "on the left", which is that of the site of the disease
STATED_BOTH: Final = 2.0  # "neither of her eyes was free"
OF_PATIENT: Final = 0.5  # a side, in a sentence about one patient
DENIED: Final = -1.5
MAX_BEFORE_ANNOUNCEMENT: Final = 40  # code points from a site without a side to an announcement after it
NEARBY: Final = 80  # code points before a site that say what part it plays
_MAX_TERMS_BETWEEN: Final = 3  # between a side and its site: "right upper outer quadrant of the breast" has more
_MAX_TERMS_AFTER_BILATERAL: Final = 6

_FILE: Final = "affected_sites.toml"
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# Without one of these in a sentence, it has no idiom.
_IN_IDIOMS: Final = tuple(
    "hand heart mouth foot feet fac back head eye nose thumb neck limb arm chest ear right left hair nail tissue liver "
    "skin blood".split()
)
_BREAK: Final = re.compile(r"[.,;:()?!]| [–—-] ")
_STRONG_BREAK: Final = re.compile(r"[;:()]| [–—-] |,? (?:but|while|whereas|although|though) ")
_BETWEEN: Final = re.compile(  # a side and its site
    r"[ -]+(?:(?!(?:to|in|the|from|that|was|is|and|or|by|on|for|a|an|with|at)\b)[\w'’-]+ +)*"
    r"(?:(?:side|sides|part|half|sole|lobe|back|top|tip|end|quadrant|palm|border|edge|inside|outside|base)"
    r" of (?:the |his |her |their |your |my )?)?",
    re.IGNORECASE,
)
_UNDER_ARM: Final = re.compile(
    r"\bunder(?:neath)? (?:(?:the|his|her|my|your|their|one|each|both|right|left) ){1,2}arms?\b"
)
_WHICH_IS_BEFORE: Final = re.compile(r", which (?:is|was) (?:on )?the $")
_OF: Final = re.compile(r" (?:of|in|on) (?:the |his |her |my |their |your |a )?(?:right|left) ")
# What stands before and after a side that stands by itself: "it was the right one that hurt", "on the left.".
_BY_ITSELF_BEFORE: Final = re.compile(r"\b(?:the|her|his|my|their|your|is|was|are|were) $")
_BY_ITSELF_AFTER: Final = re.compile(
    r"-sided\b|(?: (?:one|side|half))?(?:[.,;]|$| (?:that|which|who|was|is|had|has|hurt|hurts|here|in|only|never|"
    r"done|did|does|came|went|gave|grew|began|got|\w+ed)\b)"
)
_LOBE_AFTER: Final = re.compile(r"(?: (?:upper|lower|middle|main))? (?:lobe|base|apex|pole)\b")  # of an own site
_POSSESSED: Final = re.compile(
    r"\b(?:his|her|my|your|their|one's|'s) (?:right|left|own right|own left)(?:[ -][\w-]+){0,2} $"
)
_OPPOSITE: Final[Mapping[str, Side]] = {"right": "left", "left": "right"}
_PLURAL: Final = ("s", "feet", "teeth")
_CLOSED_SYSTEMS: Final = frozenset("blood blood-and-immune-system hormones-and-metabolism mind".split())
_UNPAIRED: Final = frozenset(
    "heart coronary-arteries heart-valves pericardium liver spleen stomach intestines large-intestine esophagus "
    "pancreas gallbladder uterus urinary-tract prostate spine neck mediastinum appendix abdomen mouth throat "
    "small-intestine anus rectum penis cervix vagina pregnancy brain".split()
)
_TOO_WIDE: Final = frozenset("chest abdomen head-and-neck head".split())
_SYSTEMS_WITHOUT_SIDES: Final = frozenset(
    "bones joints muscles skin nerves blood whole-body tendons-and-ligaments arteries veins lymph-nodes mind".split()
)
MAX_TERMS_OF_SUBJECT: Final = 12  # of a teaser, in which its subject stands


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article; `is_first` and `is_teaser` say where an article says what it is about."""

    text: str
    is_first: bool = False
    is_teaser: bool = False


class AffectedMention(NamedTuple):
    """A site with or without a side, its points, and the sentence that it stands in.

    `is_firm`: it is announced, or joined to the name of the disease.
    """

    sites: tuple[str, ...]
    side: Side | None
    points: float
    is_firm: bool
    sentence: str


class SentenceSites:
    """One sentence, its terms and where they stand."""

    def __init__(self, text: str, disease: frozenset[str], own_sites: frozenset[str]) -> None:
        self._text = text
        self._lower = text.lower()
        self._disease = disease
        self._own_sites = own_sites
        self._own_parts = frozenset(filter(body_sites.is_local, own_sites))
        hidden: list[tuple[int, int]] = []
        if any(word in self._lower for word in _IN_IDIOMS):
            hidden = [match.span() for match in _pattern("idioms").finditer(self._lower)]
        self._terms: list[str] = []
        self._spans: list[tuple[int, int]] = []
        arms = {match.end() for match in _UNDER_ARM.finditer(self._lower)} if "under" in self._lower else ()
        for word in _WORD.finditer(text):
            span = word.span()
            terms = name_terms("armpit" if span[1] in arms else word[0])
            if hidden and any(start <= span[0] < end for start, end in hidden):
                terms = ("",)
            for term in terms:
                self._terms.append(term)
                self._spans.append(span)

    def mentions(self, paragraph: Paragraph) -> Iterator[AffectedMention]:
        """Every mention of a site, and of a side that has one."""
        sides = body_sites.side_positions(self._terms)
        places = [place for place in body_sites.mentions(self._without_sides(sides)) if place.named]
        given: dict[int, Side] = {}
        siting: set[int] = set()
        for at in sides:
            for index in self._sited_by(at, places):
                siting.add(at)
                given[index] = "bilateral" if index in given and given[index] != self._side(at) else self._side(at)
        own = [(at, place) for at, place in enumerate(places) if self._is_own(place.sites, with_side=at in given)]
        if not (own or sides):
            return
        self._breaks = [match.span() for match in _STRONG_BREAK.finditer(self._lower)]
        self._distractors = [match.end() for match in _pattern("distracts").finditer(self._lower)]
        self._is_disclaimed = _pattern("disclaims").search(self._lower) is not None
        announced = [match.start() for match in _pattern("announces").finditer(self._lower)]
        if " who" in self._lower:
            announced += (match.start() for match in _pattern("announces_person").finditer(self._lower))
        for index, place in own:
            yield (mention := self._weighed(place, given.get(index), announced, paragraph))
            yield from self._opposite(mention.side, place)
        if not given and announced and sides:
            yield AffectedMention((), self._side(sides[0]), SIDED + IN_FIRST_PARAGRAPH, True, self._text)
        elif self._is_paired() and not self._is_disclaimed:
            yield from self._unsited([at for at in sides if at not in siting], paragraph)
        if not given:
            yield from self._both_sides(paragraph)

    def _opposite(self, side: Side | None, place: body_sites.SiteMention) -> Iterator[AffectedMention]:
        """The other side, where this one is spared."""
        after = self._clause_around(*self._spans[place.end - 1])[1] if side and self._is_paired() else ""
        if opposite := _other_side(side, after):
            yield AffectedMention((), opposite, SIDED, False, self._text)

    def _is_paired(self) -> bool:
        """Whether a disease can have a side by its own sites."""
        return _UNPAIRED.isdisjoint(self._own_sites) and not (
            self._own_sites and _CLOSED_SYSTEMS.issuperset(self._own_sites)
        )

    def _is_general(self, place: body_sites.SiteMention) -> bool:
        """Whether the clause of a site says what is usual, or what is done to test or to prevent a disease."""
        start, end = self._spans[place.start][0], self._spans[place.end - 1][1]
        return any(map(_pattern("general").search, self._clause_around(start, end)))

    def _is_own_pair(self, sites: Sequence[str]) -> bool:
        """Whether sites are among those of the disease, and there can be two of them."""
        return not (self._own_sites - _UNPAIRED).isdisjoint(sites)

    def _unsited(self, sides: Sequence[int], paragraph: Paragraph) -> Iterator[AffectedMention]:
        """The sides that stand by themselves: "it was the right one", "the swelling on the left"."""
        for at in sides:
            start, end = self._spans[at]
            before, after = self._clause_around(start, end)
            if (opposite := _OPPOSITE.get(self._side(at))) and re.search(rf"\b{opposite}\b", before + after):
                continue  # "on the right and the left of the throat"
            if _LOBE_AFTER.match(after):
                before, after = before.rsplit(",", 1)[-1], after.split(",", 1)[0]
            elif not _BY_ITSELF_BEFORE.search(before) or not _BY_ITSELF_AFTER.match(after):
                continue
            elif _WHICH_IS_BEFORE.search(before):
                before = before.rsplit(",", 1)[-1]
            if side := _other_side(self._side(at), after):
                yield AffectedMention((), side, SIDED, False, self._text)
                continue
            if any(map(_pattern("hypothetical").search, (before, after))):
                continue
            if any(start - len(before) < stop <= start for stop in self._distractors):
                continue
            points = UNSITED + IN_FIRST_PARAGRAPH * paragraph.is_first
            yield AffectedMention((), self._side(at), points, False, self._text)

    def _both_sides(self, paragraph: Paragraph) -> Iterator[AffectedMention]:
        """What says of both sides that they are ill, without "both" before a site: "neither ear was spared"."""
        may_say = ("neither" in self._lower or "both" in self._lower) and self._is_paired() and not self._is_disclaimed
        match = _pattern("both_sides").search(self._lower) if may_say else None
        if match is None:
            return
        if not any(map(_pattern("hypothetical").search, self._clause_around(*match.span()))):
            yield AffectedMention(
                (), "bilateral", STATED_BOTH + IN_FIRST_PARAGRAPH * paragraph.is_first, True, self._text
            )

    def _clause_around(self, start: int, end: int) -> tuple[str, str]:
        """What stands before and after a span in its clause."""
        clause_start = max((last for _, last in self._breaks if last <= start), default=0)
        clause_end = min((first for first, _ in self._breaks if first >= end), default=len(self._lower))
        return self._lower[clause_start:start], self._lower[end:clause_end]

    def _weighed(
        self, place: body_sites.SiteMention, side: Side | None, announced: Sequence[int], paragraph: Paragraph
    ) -> AffectedMention:
        points, is_firm = self._points(place.start, announced, side)
        if not is_firm and self._own_sites and _CLOSED_SYSTEMS.issuperset(self._own_sites):
            points = 0.0
        if side and not (is_firm or paragraph.is_first) and self._is_general(place):
            points = 0.0
        if side and not is_firm and not _UNPAIRED.isdisjoint(self._own_sites) and not self._is_own_pair(place.sites):
            side, points = None, UNSIDED
        if side and points > 0 and self._is_part_of_own(place.sites):
            points += SIDED_OWN
        says_subject = paragraph.is_first or paragraph.is_teaser
        if points > 0 and says_subject:
            begins = side is not None or place.end <= MAX_TERMS_OF_SUBJECT
            points += IN_FIRST_PARAGRAPH * paragraph.is_first + IN_TEASER * (paragraph.is_teaser and begins)
        elif points > 0 and not (is_firm or self._own_parts):
            points *= CASUAL_SHARE
        return AffectedMention(place.sites, side, points, is_firm, self._text)

    def _without_sides(self, sides: Sequence[int]) -> list[str]:
        terms = list(self._terms)
        for at in sides:
            terms[at] = ""
        return terms

    def _side(self, at: int) -> Side:
        side = body_sites.side_of(self._terms[at])
        return side or "bilateral"

    def _sited_by(self, at: int, places: Sequence[body_sites.SiteMention]) -> Iterator[int]:
        """The indexes of the mentions that the side at this position belongs to."""
        term = self._terms[at]
        is_bilateral = body_sites.side_of(term) == "bilateral"
        reach = _MAX_TERMS_AFTER_BILATERAL if is_bilateral and term != "both" else _MAX_TERMS_BETWEEN
        following = [index for index, place in enumerate(places) if place.end > at]
        first = next((index for index in following if places[index].start > at), None)
        if first is None or places[first].start - at - 1 > reach or not self._is_phrase(at, places[first].start):
            yield from self._sited_before(at, places)
            return
        if term == "both" and not self._is_pair(places[first]):
            return
        yield first
        if first and self._is_part_of(places[first - 1], places[first]):
            yield first - 1
        for index in following[following.index(first) + 1 :]:
            between = self._lower[self._spans[places[index - 1].end - 1][1] : self._spans[places[index].start][0]]
            if not re.fullmatch(r",? (?:and|or|of the|of|in the)? ?(?:the |his |her )?", between):
                return
            yield index

    def _is_part_of(self, part: body_sites.SiteMention, place: body_sites.SiteMention) -> bool:
        """Whether these are "the toes of the left foot"."""
        if frozenset(place.sites).isdisjoint(body_sites.closure(part.sites)):
            return False
        between = self._lower[self._spans[part.end - 1][1] : self._spans[place.start][0]]
        return _OF.fullmatch(between) is not None

    def _sited_before(self, at: int, places: Sequence[body_sites.SiteMention]) -> Iterator[int]:
        """The mention just before "on the right"."""
        start, end = self._spans[at]
        is_after = self._lower[max(0, start - 7) : start].endswith("on the ") or self._lower[end : end + 4] == " one"
        if is_after:
            before = [index for index, place in enumerate(places) if place.end <= at and at - place.end <= 1]
            if before and not _STRONG_BREAK.search(self._lower[self._spans[places[before[-1]].end - 1][1] : start]):
                yield before[-1]

    def _is_pair(self, place: body_sites.SiteMention) -> bool:
        """Whether "both" before this mention says two of it: "both hips", not "both hip and knee"."""
        last = self._lower[slice(*self._spans[place.end - 1])]
        return last.endswith(_PLURAL) and not _SYSTEMS_WITHOUT_SIDES.issuperset(place.sites)

    def _is_phrase(self, at: int, start: int) -> bool:
        """Whether a side and the site that begins at `start` are one phrase."""
        between = self._lower[self._spans[at][1] : self._spans[start][0]]
        if body_sites.side_of(self._terms[at]) == "bilateral":
            return _BREAK.search(between) is None
        return _BETWEEN.fullmatch(between) is not None

    def _is_part_of_own(self, sites: Sequence[str]) -> bool:
        """Whether sites are parts of those of the disease, or these are parts of them."""
        above = frozenset(body_sites.closure(self._own_parts)) - _TOO_WIDE
        return not self._own_parts.isdisjoint(body_sites.closure(sites)) or not above.isdisjoint(sites)

    def _is_own(self, sites: Sequence[str], *, with_side: bool) -> bool:
        """Whether sites can be those of the disease: not another organ than its own."""
        organs = [site for site in self._own_sites if body_sites.is_local(site)]
        if not organs:
            return True
        near = frozenset(body_sites.closure(sites))
        if not near.isdisjoint(organs) or not self._own_sites.isdisjoint(sites):
            return True
        above = frozenset(body_sites.closure(organs)) - _TOO_WIDE
        if not above.isdisjoint(sites):
            return True
        return with_side and not near.isdisjoint(above)

    def _points(self, at: int, announced: Sequence[int], side: Side | None) -> tuple[float, bool]:
        """The points of the site at this position, and whether these are firm."""
        start, end = self._spans[at]
        in_clause, after = self._clause_around(start, end)
        clause_start, clause_end, before = start - len(in_clause), end + len(after), in_clause[-NEARBY:]
        if _at_end("denies").search(before) or _pattern("spared").match(after.lstrip()):
            return DENIED, False
        if _at_end("corrects").search(before):
            return CORRECTED, True
        if self._is_disclaimed or any(clause_start < end <= start for end in self._distractors):
            return 0.0, False
        points = UNSIDED if side is None else BOTH if side == "bilateral" else SIDED
        nearest = start + MAX_BEFORE_ANNOUNCEMENT
        is_announced = any(each < clause_end and (side or clause_start <= each < nearest) for each in announced)
        joined = self._join(before)
        if is_announced:
            points += ANNOUNCED
        points += joined
        if side and _pattern("patient").search(self._lower):
            points += OF_PATIENT
        is_possessed = side is not None and _POSSESSED.search(before) is not None
        if is_possessed:
            points += POSSESSED
        if _at_end("affected").search(before) or _affected_after().match(after):
            points += AFFECTED
        return points, is_announced or is_possessed or joined >= JOINED

    def _join(self, before: str) -> float:
        """The points for what is joined to a site: the disease, or what the sentence says that it is."""
        join = _joined().search(before)
        if join is None:
            return 0.0
        head = [word.strip(",.'\"()") for word in before[: join.start()].split()[-4:]]
        if not self._disease.isdisjoint(term for word in head for term in name_terms(word)):
            return JOINED
        if not head or head[-1] not in _words("diseases"):
            return 0.0
        subject = self._disease.isdisjoint(
            term for word in self._lower.split()[:5] for term in name_terms(word.strip(",."))
        )
        return JOINED / 3 if subject else JOINED


def _other_side(side: Side | None, after: str) -> Side | None:
    """The side that is affected where what follows one says that it is spared: "the left leg was spared"."""
    opposite = _OPPOSITE.get(side) if side else None
    return opposite if opposite and _pattern("spared").match(after.lstrip()) else None


@cache
def _affected_after() -> re.Pattern[str]:
    """What says behind a site that it is affected: "was also affected"."""
    return re.compile(
        rf" (?:(?:is|are|was|were|has been|have been|had been|being|became|becomes) )?(?:\w+ly |also |now |the )?"
        rf"{any_phrase(_FILE, 'affected')}\b"
    )


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(phrases(_FILE, name))


def _pattern(name: str) -> re.Pattern[str]:
    return pattern(_FILE, name)


@cache
def _at_end(name: str) -> re.Pattern[str]:
    """A phrase of a list at the end of what stands before a site, with an article or a side after it."""
    return re.compile(rf"\b{any_phrase(_FILE, name)}(?: (?:the|a|an|his|her|their|your|my|both|right|left))* ?$")


@cache
def _joined() -> re.Pattern[str]:
    """A word that joins a disease and a site, with what may stand between it and the site."""
    return re.compile(
        rf"""[ ]{any_phrase(_FILE, "joins")}[ ]
            (?: (?: the|a|an|his|her|their|your|my|one|both|right|left|whole|entire|upper|lower|two|lymph ) [ -] )*
            (?: (?: [\w-]+ ,?\ (?:and|or) | (?:side|sole|back|part|end|tip|lobe)\ of )[ ]
                (?: (?:the|his|her|both|right|left)[ ] )*
            )* $""",
        re.VERBOSE,
    )
