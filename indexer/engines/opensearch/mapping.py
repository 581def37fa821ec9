"""The declared fields to the settings and mapping of an index.

Terms arrive analysed: a text field is its terms, joined by spaces, with a FILLER at each position that has no term.
The server splits at spaces and drops the fillers, which leaves the positions as they were. A similarity of our own
makes the score of a term its frequency, so that no statistics of a shard get into a score.

t_FIELD     the terms of a text field, with positions
t_any       the terms of all text fields, copied by the server: what matches a leaf on no field, and cheap scores
p           for each token  hash of its term << HASH_SHIFT | number of its field << POSITION_BITS | position, ascending:
            what the client computes scores by
n_LENGTH    the tokens that make up the length of a field
b_title     the hash of the set of terms of the title (see title_bags.py)
k_FIELD     the values of a keyword field
condition_number   the number of the condition in the index, from 1, for its bit where conditions are counted
key         the id in hexadecimal, which sorts as the id does, whatever its characters
s_title, s_code   what is sorted by
born, died  the first generation that has this version of the document, and the first that has not
digest, source, doc   what is stored
"""

from typing import Any, Final, TypeAlias

import xxhash

from indexer.documents import KEYWORD_FIELD_NAMES, LENGTH_FIELDS, TEXT_FIELD_NAMES
from indexer.engines.scoring.keys import FIELD_BITS

JsonObject: TypeAlias = dict[str, Any]

FILLER: Final = "."  # no term: an analysed word has letters and digits alone
POSITION_BITS: Final = 20
HASH_SHIFT: Final = POSITION_BITS + FIELD_BITS
HASH_BITS: Final = 63 - HASH_SHIFT  # 40: of 100,000 terms two have the same in one library of 220
TITLE_BAG: Final = "b_title"
CONDITION_NUMBER: Final = "condition_number"
POSITIONS: Final = "p"
NEVER: Final = 2**31 - 1  # the generation in which a document dies that is alive
MAX_RESULT_WINDOW: Final = 20_000  # results to the end of a page; MAX_OFFSET and MAX_LIMIT need 10,100
MAX_VALUE_BYTES: Final = 8_000  # of a keyword; the server's own limit is 32,766
FIELD_GAP: Final = 1 << POSITION_BITS  # positions between two fields in t_any: no window reaches over it

# The field of a length by the text field whose length it is: sections share that of the body.
LENGTH_NAMES: Final = {
    field: f"n_{field if LENGTH_FIELDS[field] == (field,) else 'body'}" for field in TEXT_FIELD_NAMES
}


def text_name(field: str | None) -> str:
    """The field of the index that has the terms of a text field; None: of any."""
    return f"t_{field or 'any'}"


def keyword_name(field: str) -> str:
    """The field of the index that has the values of a keyword field."""
    return f"k_{field}"


def term_hash(term: str) -> int:
    """What a term is in positions."""
    return xxhash.xxh64_intdigest(term.encode("utf-8", "surrogatepass")) >> (64 - HASH_BITS)


def key_of(id: str) -> str:
    """The id in hexadecimal."""
    return id.encode("utf-8", "surrogatepass").hex()


def id_of(key: str) -> str:
    """The id that the key is of."""
    return bytes.fromhex(key).decode("utf-8", "surrogatepass")


def keyword(value: str) -> str:
    """A value as it is indexed: whole, unless it is very long."""
    encoded = value.encode("utf-8", "surrogatepass")
    if len(encoded) <= MAX_VALUE_BYTES:
        return value
    return f"{encoded[: MAX_VALUE_BYTES - 20].decode('utf-8', 'ignore')}#{xxhash.xxh64_hexdigest(encoded)}"


def index_body(shards: int) -> JsonObject:
    """The settings and the mapping of a new index of documents, which has no replicas until it is written."""
    text = {"type": "text", "analyzer": "given", "search_analyzer": "plain", "norms": False, "similarity": "frequency"}
    stored = {"type": "keyword", "index": False, "doc_values": False}
    properties: dict[str, JsonObject] = {
        **{text_name(field): text | {"copy_to": [text_name(None)]} for field in TEXT_FIELD_NAMES},
        text_name(None): {
            "type": "text",
            "analyzer": "given",
            "search_analyzer": "plain",
            "similarity": "BM25",
            "position_increment_gap": FIELD_GAP,
        },
        POSITIONS: {"type": "binary", "doc_values": True},
        **{name: {"type": "integer", "index": False} for name in LENGTH_NAMES.values()},
        **{keyword_name(field): {"type": "keyword"} for field in KEYWORD_FIELD_NAMES},
        TITLE_BAG: {"type": "long"},
        CONDITION_NUMBER: {"type": "integer", "index": False},
        "key": {"type": "keyword"},
        "s_title": {"type": "keyword", "index": False},
        "s_code": {"type": "keyword", "index": False},
        "born": {"type": "integer"},
        "died": {"type": "integer"},
        "digest": stored,
        "source": stored,
        "doc": {"type": "binary"},
    }
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": 0,
            "refresh_interval": "-1",
            "max_result_window": MAX_RESULT_WINDOW,
            "analysis": {
                "filter": {"holes": {"type": "stop", "stopwords": [FILLER]}},
                "analyzer": {
                    "given": {"type": "custom", "tokenizer": "whitespace", "filter": ["holes"]},
                    "plain": {"type": "custom", "tokenizer": "whitespace"},
                },
            },
            "similarity": {"frequency": {"type": "scripted", "script": {"source": "return query.boost * doc.freq;"}}},
        },
        "mappings": {"dynamic": "strict", "properties": properties},
    }
