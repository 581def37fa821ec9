"""Why an article was read as it was, in sentences: what decided each section, and its title, code, sites and side."""

import re
from dataclasses import dataclass
from typing import Final

from indexer.articles.model import Section
from indexer.classification import ValueEvidence
from indexer.documents import Document
from indexer.knowledge import body_sites
from indexer.search.facets import SIDE_LABELS

_QUOTED: Final = re.compile(r"'(.+?)'(?=,| \(| names no field$|$)")
_FROM_TEXT: Final = "the text: "
_SAID: Final = {
    "the title line": "A line of its own, at the top",
    "given with the article": "It came with the article",
    "the id: the text does not say what it is about": "The name of the file; the text says nowhere what it is about",
    "the title without site and side": "The title, without site and side",
    "stated by the article": "The article states it",
    "the title is a name of it": "The title is a name of this code",
    "the heading of what the title names": "The heading above what the title names",
    "a name in title or text": "A name in the title or the text leads to it",
    "the title": "The title says it",
    "the title of the code": "The title of the code says it",
    "the name of the disease": "The name of the disease says it",
    "the code": "The code says it",
}
_TITLE_AND: Final = "title and "
_BY_LOCATION: Final = ", completed by site and side"


@dataclass(frozen=True, slots=True)
class Sign:
    """What decided, in words, and the words of the article that did, where they are known."""

    said: str
    quote: str | None = None


def section_sign(section: Section) -> Sign:
    """What made a section one of its kind."""
    evidence, quoted = section.evidence, _QUOTED.findall(section.evidence)
    if evidence.startswith("heading") and evidence.endswith("names no field"):
        return Sign("Its heading leaves it open; it says nothing of another kind", quoted[0])
    if evidence.startswith("heading"):
        return Sign("Its heading", quoted[0] if quoted else section.heading)
    if evidence.startswith("cue"):
        return Sign("Words in it", ", ".join(_word(cue, section.text) for cue in quoted))
    return Sign(f"{evidence[:1].upper()}{evidence[1:]}")


def value_sign(document: Document, evidence: ValueEvidence) -> Sign:
    """What gave a document its title, condition, code, site or side."""
    reason = evidence.reason
    if reason.startswith(_FROM_TEXT):
        return Sign("A sentence of the text", reason.removeprefix(_FROM_TEXT).strip("“”"))
    if reason.startswith(_TITLE_AND):
        return Sign(f"The title, and the official title of {reason.removeprefix(_TITLE_AND)}")
    said = _SAID.get(reason.removesuffix(_BY_LOCATION), reason[:1].upper() + reason[1:])
    if reason.endswith(_BY_LOCATION):
        said += _BY_LOCATION
    return Sign(said, _raw_line(document, evidence))


def value_label(evidence: ValueEvidence) -> str:
    """The value as a reader knows it."""
    labels = {"site": body_sites.label(evidence.value), "side": SIDE_LABELS.get(evidence.value, evidence.value)}
    return labels.get(evidence.what, evidence.value)


def _raw_line(document: Document, evidence: ValueEvidence) -> str | None:
    """The line of the raw text that holds the title or the code; it is no part of the article's sections."""
    match evidence.reason:
        case "the title line":
            return next((each.text for each in document.dropped if each.reason == "title line"), None)
        case "stated by the article":
            code = evidence.value.replace(".", "")
            lines = (each.text for each in document.dropped if each.reason == "code line")
            return next((line for line in lines if code in line.replace(".", "").upper()), None)
    return None


def _word(cue: str, text: str) -> str:
    """The words of the text that begin with the cue: of "mammogra", the word mammography."""
    match = re.search(rf"\b{re.escape(cue)}\w*", text, re.IGNORECASE)
    return match.group() if match else cue
