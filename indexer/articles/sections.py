"""Runs of paragraphs to sections: which field each sentence belongs to, and why.

A heading that names a field decides for everything under it. Everywhere else the sentences speak for themselves, and this is
how they are heard:

1. Each sentence gives evidence in nats for each topic (section_cues.py). The first sentence of a paragraph names its subject
   and counts FIRST times; what follows counts less and less.
2. Sentences stand in company. Staying with a topic is free; leaving the field within a paragraph costs FIELD_SWITCH, so that one
   stray word moves nothing but a clear change of subject does. Between paragraphs a change costs what is unusual in
   such articles (ORDER): what it is, why, how it shows, how it is found, what is done, what to expect.
3. The best path through all sentences is found exactly (Viterbi 1967; a hidden Markov model over topics), in time linear in
   the sentences because a switch costs the same wherever it leads within a field.
4. The first paragraph introduces: it tells a little of everything that is told at length below, and stays together in
   the overview. Only what is told nowhere else is taken from it, sentence by sentence.

Each section keeps the heading or the cues that made it.
"""

from collections.abc import Iterator, Sequence
from operator import add, sub
from typing import Final, NamedTuple

from indexer.articles.model import SECTION_KINDS, Section, SectionKind
from indexer.articles.section_cues import FIELD_OF, TOPICS, Evidence, evidence
from indexer.text.sentences import sentences

FIRST: Final = 2.0  # how often the first sentence of a paragraph counts
FADING: Final = 0.85  # of each further sentence against the one before it
LEAST: Final = 0.3
TOPIC_SWITCH: Final = 1.0  # nats; from one topic of a field to another within a paragraph
FIELD_SWITCH: Final = 5.5  # nats; from one field to another within a paragraph
OPENING: Final = (
    0.0,
    1.0,
    6.0,
    10.0,
)  # nats against anything but the overview at the start, by the number of paragraphs
UNKNOWN: Final = 9.0  # nats against anything but the overview in a paragraph under a heading that names no field
COVERED: Final = 6.0  # nats against a field that has a heading of its own elsewhere in the article
CLEAR: Final = 4.0  # nats that take a sentence out of the introduction
LEAD: Final = 2.0  # nats by which its field must lead there
OUTLINE: Final = 2  # fields with a heading of their own that make what stands before them an introduction
SHOWN: Final = 3  # cues named as evidence
DECISIVE: Final = 4  # nats of a cue that needs no other beside it
DIGEST: Final = 4  # items or more make a list that speaks of DIGEST_FIELDS or more a digest of the article
DIGEST_FIELDS: Final = 3

# Nats that it costs to go from one field (row) to another (column) between paragraphs.
ORDER: Final = (
    # overview causes symptoms diagnosis treatment
    (0.0, 0.3, 0.5, 1.0, 1.0),
    (1.5, 0.0, 0.3, 0.8, 1.0),
    (1.5, 1.5, 0.0, 0.3, 0.5),
    (1.5, 2.0, 1.5, 0.0, 0.3),
    (0.5, 2.0, 2.0, 1.5, 0.0),
)

_FIELDS: Final = tuple(SECTION_KINDS.index(kind) for kind in FIELD_OF)
_BY_FIELD: Final = tuple(  # the topics of each field stand together
    range(_FIELDS.index(field), _FIELDS.index(field) + _FIELDS.count(field)) for field in range(len(SECTION_KINDS))
)
_MANIFOLD: Final = tuple(topics for topics in _BY_FIELD if len(topics) > 1)
_COSTS: Final = tuple(zip(*ORDER, strict=True))  # what it costs to come to each field from the others
_SUMMARY: Final = TOPICS.index("summary")
_OVERVIEW: Final = SECTION_KINDS.index("overview")
_NEVER: Final = -1e9


class Run(NamedTuple):
    """Paragraphs under one heading (None: none). `kinds` are the fields that it names; none: it does not say.

    `above` is the heading that names them, where it is a wider one. Each group is a paragraph, or a paragraph and the list
    that it leads to: what is read as one thing.
    """

    heading: str | None
    kinds: tuple[SectionKind, ...]
    groups: tuple[tuple[str, ...], ...]
    above: str | None = None


class _Sentence(NamedTuple):
    group: int
    paragraph: int
    start: int
    end: int
    heard: Evidence


def sections_of(runs: Sequence[Run]) -> tuple[Section, ...]:
    """The sections of an article, in its order; every sentence lies in exactly one."""
    covered = frozenset(SECTION_KINDS.index(run.kinds[0]) for run in runs if len(run.kinds) == 1)
    first = next((run for run in runs if run.groups), None)
    result: list[Section] = []
    for run in runs:
        # A heading over everything says what the article is about, as a title does.
        opens = run is first and not run.kinds
        if len(run.kinds) == 1:
            result.extend(_headed(run, run.kinds[0]))
        elif opens and len(covered) >= OUTLINE:
            text = "\n".join("\n".join(group) for group in run.groups)
            result.append(Section("overview", run.heading, text, "it stands before the headings"))
        else:
            result.extend(_heard(run, frozenset() if run.kinds else covered, opens))
    return tuple(section for section in result if section.text)


def _headed(run: Run, kind: SectionKind) -> Iterator[Section]:
    groups = list(run.groups)
    closing = groups.pop() if len(groups) > 1 and kind != "overview" and _concludes(groups[-1][0]) else None
    yield Section(
        kind, run.heading, "\n".join("\n".join(group) for group in groups), f"heading '{run.above or run.heading}'"
    )
    if closing:
        yield Section("overview", None, "\n".join(closing), "it concludes the article")


def _concludes(paragraph: str) -> bool:
    return evidence(paragraph[:60]).nats[_SUMMARY] > 0


def _heard(run: Run, covered: frozenset[int], opens: bool) -> Iterator[Section]:
    paragraphs = [paragraph for group in run.groups for paragraph in group]
    heard = list(_sentences(run.groups))
    if not heard:
        return
    topics = _best_path(heard, run, covered, opens)
    if opens and len(run.groups) > 1:
        _take_from_introduction(heard, topics, covered)
    heading = run.heading
    first = 0
    for last in range(1, len(heard) + 1):
        if last < len(heard) and _FIELDS[topics[last]] == _FIELDS[topics[first]]:
            continue
        text = _joined(paragraphs, heard[first:last])
        yield Section(FIELD_OF[topics[first]], heading, text, _why(heard[first:last], topics[first:last], run))
        heading, first = None, last


def _sentences(groups: Sequence[Sequence[str]]) -> Iterator[_Sentence]:
    number = 0
    for group, paragraphs in enumerate(groups):
        for paragraph in paragraphs:
            for start, end in sentences(paragraph):
                yield _Sentence(group, number, start, end, evidence(paragraph[start:end]))
            number += 1


def _joined(paragraphs: Sequence[str], run: Sequence[_Sentence]) -> str:
    pieces = []
    start = run[0].start
    for sentence, following in zip(run, (*run[1:], None), strict=True):
        if following is None or following.paragraph != sentence.paragraph:
            pieces.append(paragraphs[sentence.paragraph][start : sentence.end])
            start = following.start if following else 0
    return "\n".join(pieces)


def _best_path(heard: Sequence[_Sentence], run: Run, covered: frozenset[int], opens: bool) -> list[int]:
    """The topic of each sentence on the path that gathers most nats."""
    named = frozenset(map(SECTION_KINDS.index, run.kinds))
    unknown = not (run.heading is None or opens or named)
    introduces = opens and len(run.groups) > 2
    opening = OPENING[min(len(run.groups), len(OPENING) - 1)] if opens else 0.0
    scores = [0.0 if field == _OVERVIEW else -opening for field in _FIELDS]
    barred = [_NEVER if field not in named else 0.0 for field in _FIELDS]
    strange = [0.0 if field == _OVERVIEW else -UNKNOWN for field in _FIELDS]
    told = [-COVERED if field in covered else 0.0 for field in _FIELDS]
    against = barred if named else strange if unknown else told
    digests = _digests(heard) if not named and max(map(len, run.groups)) >= DIGEST else frozenset()
    left: list[
        tuple[list[float], float | None]
    ] = []  # before each sentence: the scores, and what leaving a field costs
    weight, group = FIRST, heard[0].group
    for number, sentence in enumerate(heard):
        begins = number == 0 or sentence.group != group
        group = sentence.group
        weight = FIRST if begins else max(weight * FADING, LEAST) if weight <= 1 else 1.0
        if number:
            together = unknown or (introduces and group == 0)
            switch = None if begins else 2 * FIELD_SWITCH if together else FIELD_SWITCH
            left.append((scores, switch))
            scores = _cross(scores) if switch is None else _stay(scores, switch)
        scores = [score + weight * nat for score, nat in zip(scores, sentence.heard.nats, strict=True)]
        if named or (begins and (unknown or covered)):
            scores = list(map(add, scores, against))
        if group in digests:
            scores[_SUMMARY] += weight * (max(sentence.heard.nats) + 1)
    topic = scores.index(max(scores))
    path = [topic]
    for scores, switch in reversed(left):
        topic = _origin(scores, topic) if switch is None else _origin_within(scores, topic, switch)
        path.append(topic)
    return path[::-1]


def _stay(scores: list[float], switch: float) -> list[float]:
    """On to the next sentence of a paragraph: the best score with which each topic can be entered."""
    away = max(scores) - switch
    entered = [score if score > away else away for score in scores]
    for topics in _MANIFOLD:
        inside = max(scores[topics.start : topics.stop]) - TOPIC_SWITCH
        if inside > away:
            entered[topics.start : topics.stop] = [
                score if score > inside else inside for score in scores[topics.start : topics.stop]
            ]
    return entered


def _origin_within(scores: list[float], topic: int, switch: float) -> int:
    """The topic from which `_stay` enters this one."""
    away = max(scores) - switch
    topics = _BY_FIELD[_FIELDS[topic]]
    best = max(scores[topics.start : topics.stop])
    inside = best - TOPIC_SWITCH
    if scores[topic] > away and scores[topic] >= inside:
        return topic
    return scores.index(best, topics.start) if inside > away else scores.index(max(scores))


def _cross(scores: list[float]) -> list[float]:
    """On to the next paragraph: the best score with which each topic can be entered."""
    tops = [max(scores[topics.start : topics.stop]) for topics in _BY_FIELD]
    entered: list[float] = []
    for topics, costs in zip(_BY_FIELD, _COSTS, strict=True):
        entered += [max(map(sub, tops, costs))] * len(topics)
    return entered


def _origin(scores: list[float], topic: int) -> int:
    """The topic from which `_cross` enters this one."""
    arrivals = [
        max(scores[topics.start : topics.stop]) - cost
        for topics, cost in zip(_BY_FIELD, _COSTS[_FIELDS[topic]], strict=True)
    ]
    topics = _BY_FIELD[arrivals.index(max(arrivals))]
    return scores.index(max(scores[topics.start : topics.stop]), topics.start)


def _digests(heard: Sequence[_Sentence]) -> frozenset[int]:
    """The groups that are lists of one point about each field: key points, which no field can claim."""
    spoken: dict[int, dict[int, int]] = {}
    for sentence in heard:
        nats = sentence.heard.nats
        best = max(nats)
        field = _FIELDS[nats.index(best)] if best >= CLEAR else _OVERVIEW
        spoken.setdefault(sentence.group, {}).setdefault(sentence.paragraph, field)
    return frozenset(
        group
        for group, by_paragraph in spoken.items()
        if len(by_paragraph) >= DIGEST and len(set(by_paragraph.values()) - {_OVERVIEW}) >= DIGEST_FIELDS
    )


def _take_from_introduction(heard: Sequence[_Sentence], topics: list[int], covered: frozenset[int]) -> None:
    told = covered | {_FIELDS[topic] for sentence, topic in zip(heard, topics, strict=True) if sentence.group}
    for index, sentence in enumerate(heard):
        if sentence.group:
            break
        if index == 0 or _FIELDS[topics[index]] != _OVERVIEW:
            continue
        nats = sentence.heard.nats
        best = max(range(len(TOPICS)), key=nats.__getitem__)
        general = max(nats[topic] for topic in _BY_FIELD[_OVERVIEW])
        if _FIELDS[best] not in told and nats[best] >= CLEAR and nats[best] - general >= LEAD:
            topics[index] = best


def _why(run: Sequence[_Sentence], topics: Sequence[int], whole: Run) -> str:
    best: dict[str, tuple[float, int]] = {}
    decisive = 0
    for sentence, topic in zip(run, topics, strict=True):
        for phrase, weights in sentence.heard.cues:
            for about, weight in weights:
                if about == topic and phrase not in best:
                    best[phrase] = (weight, topic)
                    decisive += weight >= DECISIVE
        if decisive >= SHOWN:
            break
    strongest = sorted(best, key=lambda phrase: -best[phrase][0])[:SHOWN]
    if strongest:
        topic = best[strongest[0]][1]
        cues = ", ".join(f"'{phrase.strip('^*').replace('*', '')}'" for phrase in strongest)
        return f"cue{'s' if len(strongest) > 1 else ''} {cues} ({TOPICS[topic]})"
    if whole.heading is not None:
        return f"heading '{whole.heading}' names no field"
    return "stands first" if run[0].group == 0 else "nothing says otherwise"
