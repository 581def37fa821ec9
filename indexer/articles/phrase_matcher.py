"""Words to the labels of the phrases among them: longest match first, left to right, in time linear in the words.

The phrases form a trie of words with three kinds of edges: a word itself, every word with some prefix (`diagnos*`), and
any word (`_`). Following several edges at once would multiply the work, so the sets of nodes that a text reaches become
the states of a deterministic automaton, built when a text first needs them (lazy subset construction; Aho, Sethi,
Ullman: Compilers, section 3.7). After the first articles nearly every step is one dictionary lookup.
"""

from collections.abc import Iterable, Mapping
from string import ascii_lowercase, digits
from typing import Final, Generic, TypeVar

Label = TypeVar("Label")

LETTERS: Final = bytes(c if chr(c) in ascii_lowercase else 32 for c in range(256))
WORD_CHARACTERS: Final = bytes(c if chr(c) in f"{ascii_lowercase}{digits}%" else 32 for c in range(256))
EARLY: Final = 4  # words at the beginning of a sentence that can name its subject
_END: Final = ""  # stands behind the last word; no phrase goes on with it
_MAX_WORD: Final = 40  # code points; a longer word is in no phrase
_MAX_STEPS: Final = 1 << 16  # cached transitions of one state; text of nothing but new words must not fill the memory


class _TrieNode(Generic[Label]):
    __slots__ = ("anywhere", "early", "prefixes", "wildcard", "words")

    def __init__(self) -> None:
        self.words: dict[str, _TrieNode[Label]] = {}
        self.prefixes: dict[str, _TrieNode[Label]] = {}
        self.wildcard: _TrieNode[Label] | None = None
        self.anywhere: Label | None = None
        self.early: Label | None = None

    def child(self, word: str) -> "_TrieNode[Label]":
        if word == "_":
            self.wildcard = self.wildcard or _TrieNode()
            return self.wildcard
        if word.endswith("*"):
            return self.prefixes.setdefault(word[:-1], _TrieNode())
        return self.words.setdefault(word, _TrieNode())


class _DfaState(dict[str, "_DfaState[Label] | None"], Generic[Label]):
    """A set of trie nodes; as a mapping, the state that each next word leads to (None: none)."""

    __slots__ = ("anywhere", "early", "is_leaf", "nodes")

    def __init__(self, nodes: tuple[_TrieNode[Label], ...]) -> None:
        super().__init__()
        self.nodes = nodes
        self.is_leaf = not any(node.words or node.prefixes or node.wildcard for node in nodes)
        self.anywhere = next((node.anywhere for node in nodes if node.anywhere is not None), None)
        self.early = next((node.early for node in nodes if node.early is not None), self.anywhere)

    def __missing__(self, word: str) -> "_DfaState[Label] | None":
        if word == _END or len(word) > _MAX_WORD:
            return None
        targets: list[_TrieNode[Label]] = []
        for node in self.nodes:
            if word in node.words:
                targets.append(node.words[word])
            matching = [prefix for prefix in node.prefixes if word.startswith(prefix)]
            targets.extend(node.prefixes[prefix] for prefix in sorted(matching, key=len, reverse=True))
            if node.wildcard is not None:
                targets.append(node.wildcard)
        if len(self) >= _MAX_STEPS:
            self.clear()
        state = self[word] = _DfaState(tuple(targets)) if targets else None
        return state


class PhraseMatcher(Generic[Label]):
    """Phrases with a label each. ^ before a phrase: it matches only where it begins within the first EARLY words."""

    def __init__(self, phrases: Mapping[str, Label]) -> None:
        root: _TrieNode[Label] = _TrieNode()
        for phrase, label in phrases.items():
            node = root
            for word in phrase.removeprefix("^").split():
                node = node.child(word)
            if phrase.startswith("^"):
                node.early = label
            else:
                node.anywhere = label
        self._start: _DfaState[Label] = _DfaState((root,))

    def find(self, words: list[str]) -> list[Label]:
        """The labels of the phrases among the (lower-case) words, in order; no word belongs to two matches."""
        labels: list[Label] = []
        words = [*words, _END]
        end = 0  # of the last match
        for position, first in enumerate(map(self._start.__getitem__, words)):
            if first is None or position < end:
                continue
            early = position < EARLY
            label = first.early if early else first.anywhere
            following = position + 1
            state = None if first.is_leaf else first[words[following]]
            while state is not None:
                following += 1
                longer = state.early if early else state.anywhere
                if longer is not None:
                    label, end = longer, following
                state = None if state.is_leaf else state[words[following]]
            if label is not None:
                labels.append(label)
        return labels


def words_of(text: str, characters: bytes = WORD_CHARACTERS) -> list[str]:
    """The lower-case words of a text, as PhraseMatcher expects them: of a to z, digits and percent signs.

    `characters` is what each character of ASCII becomes: itself or a space. These passes in C take half the time of a
    regular expression.
    """
    return text.lower().encode("ascii", "replace").translate(characters).decode("ascii").split()


def phrases_of(written: str) -> Iterable[str]:
    """The phrases of a list separated by commas."""
    return (phrase for phrase in (" ".join(part.split()) for part in written.split(",")) if phrase)


def any_of(written: str) -> str:
    """A regular expression for any of the alternatives of a list separated by commas, the first that matches."""
    return f"(?:{'|'.join(phrases_of(written))})"
