"""Passages to sections: the field that each sentence belongs to, and why.

A heading that names a field decides for everything under it. Everywhere else the sentences decide, in a hidden Markov
model whose states are topics:

1. Each sentence gives evidence in nats for each topic (section_cues.py). The first sentence of a paragraph names its
   subject and counts FIRST_WEIGHT times, less where it is short; what follows counts less and less.
2. Sentences stand in company. Staying with a topic is free; leaving the field within a paragraph costs FIELD_SWITCH, so
   that one stray word moves nothing but a clear change of subject does. Between paragraphs a change costs what is
   unusual in such articles (ORDER): what it is, why, how it shows, how it is found, what is done, what to expect. The
   longer the text, the more paragraphs a field has, and the more a change costs.
3. The best path through all sentences is found exactly (Viterbi 1967), in time linear in the sentences, because a
   switch costs the same wherever it leads within a field.
4. The first paragraph introduces: it mentions much of what is described at length below, and stays together in the
   overview. Only a field that is described nowhere else takes its sentences out of it.
5. An article of WHOLE_ARTICLE paragraphs or more describes every field as a rule: the fields that the best path leaves
   out are favoured by the first of MISSING nats with which another path describes one of them too.

Each section names the heading or the cues that made it.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import log
from operator import add, sub
from types import MappingProxyType
from typing import Final, NamedTuple

from indexer.articles.model import SECTION_KINDS, Section
from indexer.articles.passages import Passage
from indexer.articles.section_cues import FIELD_OF, TOPICS, Evidence, evidence
from indexer.text.sentences import sentences

FIRST_WEIGHT: Final = 2.0  # how often the first sentence of a paragraph counts
SHORT_SENTENCE: Final = 60  # code points; such a first sentence announces or teases, and counts SHORT_WEIGHT times
SHORT_WEIGHT: Final = 1.4
WEIGHT_DECAY: Final = 0.85  # of each further sentence against the one before it
SINGLE_DECAY: Final = (
    0.6  # the same in a text of LONG_TEXT_GROUPS or more, where each paragraph has a subject of its own
)
LONG_TEXT_GROUPS: Final = 8
MIN_WEIGHT: Final = 0.3
TOPIC_SWITCH: Final = 1.0  # nats; from one topic of a field to another within a paragraph
FIELD_SWITCH: Final = 5.5  # nats; from one field to another within a paragraph
# Nats against anything but the overview at the start, by the number of paragraphs.
OPENING: Final = (0.0, 1.0, 6.0, 14.0)
# A text of LONG_TEXT_GROUPS or more introduces its subject in more than one paragraph: nats against anything but the
# overview in its first INTRODUCTION_SHARE.
INTRODUCTION: Final = 2.0
INTRODUCTION_SHARE: Final = 0.15
UNKNOWN: Final = 9.0  # nats against anything but the overview in a paragraph under a heading that names no field
COVERED: Final = 6.0  # nats against a field that has a heading of its own elsewhere in the article
MISSING: Final = (1.0, 2.5, 4.0)  # nats for a field that a text of WHOLE_ARTICLE paragraphs or more leaves out
WHOLE_ARTICLE: Final = 4
CLEAR: Final = 5.0  # nats that take a sentence out of the introduction
MARGIN: Final = 2.0  # nats by which its field must lead there
OUTLINE: Final = 2  # fields with a heading of their own that make what stands before them an introduction
CUES_SHOWN: Final = 3  # as evidence
DECISIVE: Final = 4  # nats of a cue that needs no other beside it
KEY_POINTS: Final = 4  # items or more make a list that speaks of KEY_POINT_FIELDS or more a summary of the article
KEY_POINT_FIELDS: Final = 3
KEY_POINT_CLEAR: Final = 4.0  # nats by which an item speaks of a field

# Nats that it costs to go from one field (row) to another (column) between paragraphs.
ORDER: Final = (
    # overview causes symptoms diagnosis treatment
    (0.0, 0.3, 0.5, 1.0, 2.0),
    (1.5, 0.0, 0.3, 0.8, 1.0),
    (2.0, 2.0, 0.0, 0.3, 0.5),
    (1.5, 2.0, 1.5, -0.3, 0.3),
    (0.5, 2.0, 3.0, 1.5, 0.0),
)
# The more paragraphs, the more of them each field has, and the rarer a change between two: nats for each e-fold of
# groups above SHORT_TEXT_GROUPS.
LENGTH_COST: Final = 1.5
SHORT_TEXT_GROUPS: Final = 6

_FIELDS: Final = tuple(SECTION_KINDS.index(kind) for kind in FIELD_OF)  # of each topic
_TOPICS_OF: Final = tuple(  # the topics of a field stand together
    range(_FIELDS.index(field), _FIELDS.index(field) + _FIELDS.count(field)) for field in range(len(SECTION_KINDS))
)
_DIVIDED: Final = tuple(topics for topics in _TOPICS_OF if len(topics) > 1)
_COSTS: Final = tuple(zip(*ORDER, strict=True))  # what it costs to come to each field (row) from the others
Costs = tuple[tuple[float, ...], ...]

_SUMMARY: Final = TOPICS.index("summary")
_OVERVIEW: Final = SECTION_KINDS.index("overview")
_INTRODUCTION: Final = tuple(0.0 if field == _OVERVIEW else INTRODUCTION for field in _FIELDS)  # nats against a topic
_FORBIDDEN: Final = -1e9  # nats


class _Observation(NamedTuple):
    """A sentence: the numbers of its group and paragraph, its span in the paragraph, and its evidence."""

    group: int
    paragraph: int
    start: int
    end: int
    evidence: Evidence


def sections_of(passages: Sequence[Passage]) -> tuple[Section, ...]:
    """The sections of an article, in its order; every sentence lies in exactly one."""
    covered = frozenset(SECTION_KINDS.index(passage.kinds[0]) for passage in passages if len(passage.kinds) == 1)
    first = next((passage for passage in passages if passage.groups), None)
    result: list[Section] = []
    for passage in passages:
        # A heading over everything says what the article is about, as a title does.
        opens = passage is first and not passage.kinds
        if len(passage.kinds) == 1:
            result.extend(_headed(passage))
        elif opens and len(covered) >= OUTLINE:
            result.append(Section("overview", passage.heading, _text(passage.groups), "it stands before the headings"))
        else:
            result.extend(_classified(passage, frozenset() if passage.kinds else covered, opens))
    return tuple(section for section in result if section.text)


def _headed(passage: Passage) -> Iterator[Section]:
    (kind,) = passage.kinds
    groups = list(passage.groups)
    closing = groups.pop() if len(groups) > 1 and kind != "overview" and _concludes(groups[-1][0]) else None
    yield Section(kind, passage.heading, _text(groups), f"heading '{passage.parent or passage.heading}'")
    if closing:
        yield Section("overview", None, "\n".join(closing), "it concludes the article")


def _text(groups: Sequence[Sequence[str]]) -> str:
    return "\n".join("\n".join(group) for group in groups)


def _concludes(paragraph: str) -> bool:
    return evidence(paragraph[:60]).nats[_SUMMARY] > 0


def _classified(passage: Passage, covered: frozenset[int], opens: bool) -> Iterator[Section]:
    paragraphs = [paragraph for group in passage.groups for paragraph in group]
    observations = list(_observations(passage.groups))
    if not observations:
        return
    topics = _topics(observations, passage, covered, opens)
    if not passage.kinds and len(passage.groups) >= WHOLE_ARTICLE:
        described = covered | {_FIELDS[topic] for topic in topics}
        missing = frozenset(range(len(SECTION_KINDS))) - described
        for nats in MISSING if missing else ():
            favoured = _topics(observations, passage, covered, opens, dict.fromkeys(missing, nats))
            if described < covered | {_FIELDS[topic] for topic in favoured}:
                topics = favoured
                break
    heading = passage.heading
    first = 0
    for last in range(1, len(observations) + 1):
        if last < len(observations) and _FIELDS[topics[last]] == _FIELDS[topics[first]]:
            continue
        run = observations[first:last]
        yield Section(
            FIELD_OF[topics[first]], heading, _joined(paragraphs, run), _why(run, topics[first:last], passage)
        )
        heading, first = None, last


def _topics(
    observations: Sequence[_Observation],
    passage: Passage,
    covered: frozenset[int],
    opens: bool,
    favoured: Mapping[int, float] = MappingProxyType({}),
) -> list[int]:
    """The topic of each sentence: the best path, and what it takes out of the introduction."""
    topics = _best_path(observations, passage, covered, opens, favoured)
    if opens and len(passage.groups) > 1:
        _take_from_introduction(observations, topics, covered)
    return topics


def _observations(groups: Sequence[Sequence[str]]) -> Iterator[_Observation]:
    number = 0
    for group, paragraphs in enumerate(groups):
        for paragraph in paragraphs:
            for start, end in sentences(paragraph):
                yield _Observation(group, number, start, end, evidence(paragraph[start:end]))
            number += 1


def _joined(paragraphs: Sequence[str], run: Sequence[_Observation]) -> str:
    lines = []
    start = run[0].start
    for sentence, following in zip(run, (*run[1:], None), strict=True):
        if following is None or following.paragraph != sentence.paragraph:
            lines.append(paragraphs[sentence.paragraph][start : sentence.end])
            start = following.start if following else 0
    return "\n".join(lines)


def _best_path(
    observations: Sequence[_Observation],
    passage: Passage,
    covered: frozenset[int],
    opens: bool,
    favoured: Mapping[int, float],
) -> list[int]:
    """The topic of each sentence on the path with the highest score; `favoured` are nats for fields."""
    named = frozenset(map(SECTION_KINDS.index, passage.kinds))
    unknown = not (passage.heading is None or opens or named)
    introduces = opens and len(passage.groups) > 2
    penalties = _penalties(named, covered, favoured, unknown=unknown)
    introduction = _introduction(len(passage.groups) if opens else 0)
    has_lists = not named and max(map(len, passage.groups)) >= KEY_POINTS
    summaries = _key_point_lists(observations) if has_lists else frozenset()
    costs = _costs(len(passage.groups))
    scores = _initial_scores(len(passage.groups) if opens else 0)
    steps: list[tuple[list[float], float | None]] = []  # before each sentence: the scores, and the cost of a switch
    for sentence, begins, weight in _weighted(observations):
        if sentence is not observations[0]:
            together = unknown or (introduces and sentence.group == 0)
            switch = None if begins else 2 * FIELD_SWITCH if together else FIELD_SWITCH
            steps.append((scores, switch))
            scores = _next_paragraph(scores, costs) if switch is None else _next_sentence(scores, switch)
        scores = [score + weight * nats for score, nats in zip(scores, sentence.evidence.nats, strict=True)]
        if named or (begins and (unknown or covered or favoured)):
            scores = list(map(add, scores, penalties))
        if begins and 0 < sentence.group < introduction:
            scores = list(map(sub, scores, _INTRODUCTION))
        if sentence.group in summaries:
            scores[_SUMMARY] += weight * (max(sentence.evidence.nats) + 1)
    return _backtracked(steps, scores.index(max(scores)), costs)


def _penalties(
    named: frozenset[int], covered: frozenset[int], favoured: Mapping[int, float], *, unknown: bool
) -> list[float]:
    """Nats for each topic: against all fields but those that the heading names, or that are not yet covered."""
    if named:
        return [0.0 if field in named else _FORBIDDEN for field in _FIELDS]
    if unknown:
        return [0.0 if field == _OVERVIEW else -UNKNOWN for field in _FIELDS]
    return [-COVERED if field in covered else favoured.get(field, 0.0) for field in _FIELDS]


def _introduction(groups: int) -> float:
    """The number of groups of a text that introduce its subject."""
    return INTRODUCTION_SHARE * groups if groups >= LONG_TEXT_GROUPS else 0


def _initial_scores(opening_groups: int) -> list[float]:
    opening = OPENING[min(opening_groups, len(OPENING) - 1)]
    return [0.0 if field == _OVERVIEW else -opening for field in _FIELDS]


def _weighted(observations: Sequence[_Observation]) -> Iterator[tuple[_Observation, bool, float]]:
    """Each sentence, whether it begins a group, and how often it counts."""
    group, weight = -1, FIRST_WEIGHT
    decay = SINGLE_DECAY if observations[-1].group + 1 >= LONG_TEXT_GROUPS else WEIGHT_DECAY
    for sentence in observations:
        begins = sentence.group != group
        group = sentence.group
        if begins:
            weight = FIRST_WEIGHT if sentence.end - sentence.start > SHORT_SENTENCE else SHORT_WEIGHT
        else:
            weight = max(weight * decay, MIN_WEIGHT) if weight <= 1 else 1.0
        yield sentence, begins, weight


def _costs(groups: int) -> Costs:
    """What it costs to come to each field (row) from the others between the paragraphs of a text of so many groups."""
    if groups <= SHORT_TEXT_GROUPS:
        return _COSTS
    more = LENGTH_COST * log(groups / SHORT_TEXT_GROUPS)
    return tuple(
        tuple(cost if here == there else cost + more for there, cost in enumerate(row))
        for here, row in enumerate(_COSTS)
    )


def _backtracked(steps: Sequence[tuple[list[float], float | None]], topic: int, costs: Costs) -> list[int]:
    path = [topic]
    for scores, switch in reversed(steps):
        topic = _paragraph_origin(scores, topic, costs) if switch is None else _sentence_origin(scores, topic, switch)
        path.append(topic)
    return path[::-1]


def _next_sentence(scores: list[float], switch: float) -> list[float]:
    """The best score with which each topic can be entered at the next sentence of a paragraph."""
    away = max(scores) - switch
    entered = [score if score > away else away for score in scores]
    for topics in _DIVIDED:
        inside = max(scores[topics.start : topics.stop]) - TOPIC_SWITCH
        if inside > away:
            entered[topics.start : topics.stop] = [
                score if score > inside else inside for score in scores[topics.start : topics.stop]
            ]
    return entered


def _sentence_origin(scores: list[float], topic: int, switch: float) -> int:
    """The topic from which `_next_sentence` enters this one."""
    away = max(scores) - switch
    topics = _TOPICS_OF[_FIELDS[topic]]
    best = max(scores[topics.start : topics.stop])
    inside = best - TOPIC_SWITCH
    if scores[topic] > away and scores[topic] >= inside:
        return topic
    return scores.index(best, topics.start) if inside > away else scores.index(max(scores))


def _next_paragraph(scores: list[float], costs: Costs) -> list[float]:
    """The best score with which each topic can be entered at the next paragraph."""
    best_of_field = [max(scores[topics.start : topics.stop]) for topics in _TOPICS_OF]
    entered: list[float] = []
    for topics, costs_from in zip(_TOPICS_OF, costs, strict=True):
        entered += [max(map(sub, best_of_field, costs_from))] * len(topics)
    return entered


def _paragraph_origin(scores: list[float], topic: int, costs: Costs) -> int:
    """The topic from which `_next_paragraph` enters this one."""
    arrivals = [
        max(scores[topics.start : topics.stop]) - cost
        for topics, cost in zip(_TOPICS_OF, costs[_FIELDS[topic]], strict=True)
    ]
    topics = _TOPICS_OF[arrivals.index(max(arrivals))]
    return scores.index(max(scores[topics.start : topics.stop]), topics.start)


def _key_point_lists(observations: Sequence[_Observation]) -> frozenset[int]:
    """The groups that are lists of one point about each field: a summary, which no single field can claim."""
    fields: dict[int, dict[int, int]] = {}  # of each paragraph of each group
    for sentence in observations:
        nats = sentence.evidence.nats
        best = max(nats)
        field = _FIELDS[nats.index(best)] if best >= KEY_POINT_CLEAR else _OVERVIEW
        fields.setdefault(sentence.group, {}).setdefault(sentence.paragraph, field)
    return frozenset(
        group
        for group, by_paragraph in fields.items()
        if len(by_paragraph) >= KEY_POINTS and len(set(by_paragraph.values()) - {_OVERVIEW}) >= KEY_POINT_FIELDS
    )


def _take_from_introduction(observations: Sequence[_Observation], topics: list[int], covered: frozenset[int]) -> None:
    described = covered | {
        _FIELDS[topic] for sentence, topic in zip(observations, topics, strict=True) if sentence.group
    }
    for index, sentence in enumerate(observations):
        if sentence.group:
            break
        if index == 0 or _FIELDS[topics[index]] != _OVERVIEW:
            continue
        nats = sentence.evidence.nats
        best = max(range(len(TOPICS)), key=nats.__getitem__)
        general = max(nats[topic] for topic in _TOPICS_OF[_OVERVIEW])
        if _FIELDS[best] not in described and nats[best] >= CLEAR and nats[best] - general >= MARGIN:
            topics[index] = best


def _why(run: Sequence[_Observation], topics: Sequence[int], passage: Passage) -> str:
    best: dict[str, tuple[float, int]] = {}  # cue to its weight and topic
    decisive = 0
    for sentence, topic in zip(run, topics, strict=True):
        for phrase, weights in sentence.evidence.cues:
            for about, weight in weights:
                if about == topic and phrase not in best:
                    best[phrase] = (weight, topic)
                    decisive += weight >= DECISIVE
        if decisive >= CUES_SHOWN:
            break
    strongest = sorted(best, key=lambda phrase: -best[phrase][0])[:CUES_SHOWN]
    if strongest:
        topic = best[strongest[0]][1]
        cues = ", ".join(f"'{phrase.strip('^*').replace('*', '')}'" for phrase in strongest)
        return f"cue{'s' if len(strongest) > 1 else ''} {cues} ({TOPICS[topic]})"
    if passage.heading is not None:
        return f"heading '{passage.heading}' names no field"
    return "stands first" if run[0].group == 0 else "nothing says otherwise"
