"""Raw articles to the publisher's sentences: what stands in a tenth of a library belongs to no article.

A disclaimer or an invitation to subscribe has no shape of its own in every house, but it repeats. `gather` finds such
sentences when an index is built; the set is an explicit input of reading, so that one article read alone, a
whole build and a later sync agree.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from indexer.analysis import sentences
from indexer.articles.model import RawArticle
from indexer.articles.pages import page_of

SHARE: Final = 0.1  # of the articles
MIN_ARTICLES: Final = 20  # in fewer, a sentence in a tenth of them is chance
MIN_WORDS: Final = 5  # shorter ones are headings and list items, which repeat by nature

_WORD: Final = re.compile(r"\w+")


def gather(raws: Iterable[RawArticle]) -> frozenset[str]:
    """The keys (see `sentence_key`) of the sentences that stand in at least a tenth of the articles."""
    count = 0
    seen: Counter[int] = Counter()
    texts: dict[int, str] = {}
    for raw in raws:
        count += 1
        keys = {key for block in page_of(raw).blocks for key in block_keys(block.text)}
        for key in keys:
            number = hash(key)
            seen[number] += 1
            if seen[number] == 2:
                texts[number] = key
    if count < MIN_ARTICLES:
        return frozenset()
    return frozenset(text for number, text in texts.items() if seen[number] >= SHARE * count)


def block_keys(text: str) -> Iterable[str]:
    """The keys of the sentences of a block that are long enough to tell a publisher by."""
    for start, end in sentences(text):
        key = sentence_key(text[start:end])
        if key.count(" ") >= MIN_WORDS - 1:
            yield key


def sentence_key(sentence: str) -> str:
    """A sentence without case, punctuation and spacing: what two copies of one sentence share."""
    return " ".join(_WORD.findall(sentence.casefold()))
