"""Documents to the names of diseases, symptoms and treatments that they mention: what two of them share says why they
are related, which words in common ("thigh", "boots") do not.

The names are those of the Disease Ontology, of the thesaurus and of the symptoms, with those that a document gives
itself. A name of one word counts where it is no word of everyday English, and no name where it is a part of the body.
Texts and names are compared as keys: folded words in the singular, each between spaces of its own, so that a name is a
substring. No stemmer is loaded for it, and all 10,000 names are found in one pass (Aho and Corasick).
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import chain
from typing import Final, TypeAlias

from ahocorasick_rs import AhoCorasick, MatchKind

from indexer.documents import TEXT_FIELDS, Document
from indexer.knowledge import body_sites, disease_names, name_keys
from indexer.knowledge.symptoms import parsed_symptoms
from indexer.knowledge.thesaurus import built_in_synonym_sets
from indexer.search.everyday_words import everyday_words
from indexer.text.analyzer import fold_word
from indexer.text.title_case import sentence_case

Key: TypeAlias = str  # " deep  vein  thrombosis "

MIN_LETTERS: Final = 4  # of a name of one word
MAX_NAME_WORDS: Final = 6  # a longer one is a definition
_HEADINGS: Final = frozenset({"title", "names"})  # fields whose words may have capitals
_TOKEN: Final = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*|[,.;:()\n]")
_MAX_TOKENS: Final = 1 << 15  # whose keys are cached
_END: Final = "|"  # the key of what no name goes on after
_NOT_PLURAL: Final = ("ss", "us", "is", "as", "os")
# Words that leave a name as general as it is without them.
_GENERAL: Final = frozenset(
    "disease disorder condition syndrome symptom infection injury lesion pain trouble problem loss severe mild acute "
    "chronic primary secondary malignant benign neoplasm of the a in on to with and or no not low high raised blood "
    "vessel clot pressure broken swollen weak hard lower upper excess thin weight swelling growing childhood familial "
    "narrowing enlargement wasting aspiration intravenous into fluid".split()
)
# Names of diseases that are also ordinary words, or say too little, where they stand alone.
_AMBIGUOUS: Final = frozenset("pile trap coil pedal limp anger stone calculus plaque digit strain ulcer".split())


class MentionedNames:
    """The medical names that one document mentions."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._key = f" {_END} ".join(map(key_of, _texts(document)))
        names, automaton = _known_names()
        matches = automaton.find_matches_as_indexes(self._key, overlapping=True)
        self._known = frozenset(names[number] for number, _, _ in matches)

    def shared_with(self, other: "MentionedNames") -> frozenset[Key]:
        """The known names that both mention, and the names of either condition that the other mentions too."""
        own = chain(_own_names(self._document), _own_names(other._document))
        return (self._known & other._known) | {name for name in own if name in self._key and name in other._key}

    def written(self, name: Key) -> str:
        """The name as the document writes it within a sentence, if it does; otherwise without the first capital."""
        at_start = ""
        for field in TEXT_FIELDS:
            for text in field.texts(self._document):
                for start, end in _spans(text, name) if name in key_of(text) else ():
                    before = text[:start].rstrip(" ")[-1:]
                    if field.name in _HEADINGS or not (before.isalnum() or before in {",", ";", ")"}):
                        at_start = at_start or _uncapitalized(text[start:end])
                    else:
                        return text[start:end]
        return at_start


def key_of(text: str) -> Key:
    """The key of a name, or of a text that may hold names."""
    return f" {'  '.join(map(_key_of_token, _TOKEN.findall(text)))} "


def is_part(name: Key, longer: Key) -> bool:
    """Whether a name begins or ends with another: "angina pectoris" with "angina"."""
    return longer.startswith(name) or longer.endswith(name)


def names_of(document: Document) -> tuple[Key, ...]:
    """The keys of the names of the document's own condition."""
    names = (document.condition, name_keys.without_brackets(document.title), *document.names)
    return tuple(map(key_of, names))


def _own_names(document: Document) -> Iterable[Key]:
    return filter(_is_informative_name, names_of(document))


def _texts(document: Document) -> Iterable[str]:
    return chain.from_iterable(field.texts(document) for field in TEXT_FIELDS)


@cache
def _known_names() -> tuple[tuple[Key, ...], AhoCorasick]:
    spelled = chain(
        (name for name, _ in disease_names.spelled()),
        (name for each in built_in_synonym_sets() for name in each.names),
        (name for each in parsed_symptoms() for name in each.names),
    )
    names = tuple(dict.fromkeys(filter(_is_informative_name, map(key_of, spelled))))
    return names, AhoCorasick(names, matchkind=MatchKind.Standard)


def _is_informative_name(name: Key) -> bool:
    parts = name.split()
    if not 0 < len(parts) <= MAX_NAME_WORDS or _END in parts or (len(parts) == 1 and parts[0] in _AMBIGUOUS):
        return False
    return any(map(_is_informative, parts))


@cache
def _is_informative(word: str) -> bool:
    return (
        len(word) >= MIN_LETTERS
        and word[:MIN_LETTERS].isalpha()
        and word not in _GENERAL
        and word not in _site_words()
        and everyday_words().isdisjoint((word, f"{word}s"))
    )


@cache
def _site_words() -> frozenset[str]:
    names = (name for site in body_sites.tree().values() for name in site.names)
    return frozenset(word for name in names for word in key_of(name).split())


@lru_cache(_MAX_TOKENS)
def _key_of_token(token: str) -> str:
    word = fold_word(token)
    if not word:
        return _END
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(_NOT_PLURAL) else word


def _spans(text: str, name: Key) -> Iterable[tuple[int, int]]:
    """Where the name stands in the text, in code points."""
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    keys = [_key_of_token(text[start:end]) for start, end in tokens]
    parts = name.split()
    for place in range(len(keys) - len(parts) + 1):
        if keys[place : place + len(parts)] == parts:
            yield tokens[place][0], tokens[place + len(parts) - 1][1]


def _uncapitalized(form: str) -> str:
    """The form as it stands within a sentence: "Rheumatoid arthritis" is "rheumatoid arthritis", MRI stays."""
    form = form if form.isupper() else sentence_case(form, ())
    first = form.split(maxsplit=1)[0]
    is_name = any(map(str.isupper, first[1:])) or "'" in first or "’" in first
    return form if is_name else form[:1].lower() + form[1:]
