"""Places of a query that have synonyms: names in the thesaurus, and what people say of a symptom.

The words of a symptom need not follow one another, and some of them may be function words or dropped: "can't breathe".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from indexer.knowledge.thesaurus import Synonym
from indexer.knowledge.word_groups import query_words
from indexer.search.query_knowledge import Knowledge
from indexer.text.analyzer import STOP_WORDS

MAX_SYMPTOMS: Final = 4  # of a query; those told in most words


@dataclass(frozen=True, slots=True)
class SynonymSpan:
    """Searched terms that are one name or tell of one symptom, and its synonyms; `terms` are their places in the query.

    The terms of a name are consecutive. `symptom` is what was typed of a symptom, and empty for a name.
    """

    terms: tuple[int, ...]
    synonyms: tuple[Synonym, ...]
    symptom: str = ""

    def without(self, place: int) -> "SynonymSpan | None":
        """The span where one term is no longer searched: what is left of a name is no name, but of a symptom it is."""
        if place not in self.terms:
            return self
        left = tuple(each for each in self.terms if each != place)
        return replace(self, terms=left) if self.symptom and left else None


def symptom_spans(
    text: str, places: Mapping[int, int | None], corrected: Mapping[int, str], knowledge: Knowledge
) -> Iterator[SynonymSpan]:
    """The spans of the symptoms that the text tells of, where all of their words may be searched.

    By where a word starts in the text, `places` gives its searched term, or None where it was dropped, and `corrected`
    its correction. A word without a place, that is no function word, is excluded, quoted or required.
    """
    words = query_words(text)
    mentions = knowledge.symptoms.mentions([corrected.get(word.start, word.text) for word in words])
    for mention in sorted(mentions, key=lambda mention: -len(mention.words))[:MAX_SYMPTOMS]:
        mentioned = [words[number] for number in mention.words]
        terms = {place for word in mentioned if (place := places.get(word.start)) is not None}
        if terms and all(word.start in places or word.text in STOP_WORDS for word in mentioned):
            synonyms = tuple(Synonym(name, knowledge.analyzer.terms(name), "synonym") for name in mention.names)
            typed = " ".join(text[word.start : word.end] for word in mentioned)
            yield SynonymSpan(tuple(sorted(terms)), synonyms, typed)
