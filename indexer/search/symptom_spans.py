"""The words of a query that tell of a symptom, with the symptom's names.

The words of a symptom need not follow one another, and some of them may be function words or dropped: "can't breathe".
"""

from collections.abc import Iterator, Mapping
from typing import Final

from indexer.knowledge.thesaurus import Synonym
from indexer.knowledge.word_groups import query_words
from indexer.search.query_knowledge import Knowledge
from indexer.search.rewritten_query import SynonymSpan
from indexer.text.analyzer import STOP_WORDS

MAX_SYMPTOMS: Final = 4  # of a query; those told in most words


def symptom_spans(
    text: str, places: Mapping[int, int | None], corrected: Mapping[int, str], knowledge: Knowledge
) -> Iterator[SynonymSpan]:
    """The spans of the symptoms that the text tells of, where all of their words may be searched.

    By where a word starts in the text, `places` gives its searched term, or None where it was dropped, and `corrected`
    its correction, or "" where it is denied. A word without a place, that is no function word, is excluded, quoted or
    required.
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
