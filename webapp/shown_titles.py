"""A document's title and headings to how pages show them: in sentence case, by how its own text writes the words."""

from indexer.documents import Document
from indexer.text.title_case import sentence_case


def heading_of(document: Document) -> str:
    """The title in sentence case; the document and its JSON keep it as it was written."""
    return recased(document, document.title)


def recased(document: Document, heading: str) -> str:
    """A heading of the document in sentence case, if it is in capitals."""
    sections = (section.text for section in document.sections)
    return sentence_case(heading, (document.condition, document.code_title or "", *document.names, *sections))
