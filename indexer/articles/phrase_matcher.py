"""Words to the labels of the phrases among them: longest match first, left to right, in time linear in the words.

The phrases form a trie of words with three kinds of edges: a word itself, every word with some prefix (`diagnos*`), and
any word (`_`). Following several edges at once would multiply the work, so the sets of nodes that a text reaches become
the states of a deterministic automaton, built when a text first needs them (lazy subset construction; Aho, Sethi,
Ullman: Compilers, section 3.7). Words that no phrase tells apart are one symbol, so that the automaton is soon complete
and a word costs two dictionary lookups.
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
_MAX_WORDS: Final = 1 << 16  # cached; text of nothing but new words must not fill the memory


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
    """A set of trie nodes; as a mapping, the state that each next symbol leads to (None: none)."""

    __slots__ = ("anywhere", "early", "is_leaf", "nodes")

    def __init__(self, nodes: tuple[_TrieNode[Label], ...]) -> None:
        super().__init__()
        self.nodes = nodes
        self.is_leaf = not any(node.words or node.prefixes or node.wildcard for node in nodes)
        self.anywhere = next((node.anywhere for node in nodes if node.anywhere is not None), None)
        self.early = next((node.early for node in nodes if node.early is not None), self.anywhere)

    def __missing__(self, symbol: str) -> "_DfaState[Label] | None":
        if symbol == _END:
            return None
        targets: list[_TrieNode[Label]] = []
        for node in self.nodes:
            if symbol in node.words:
                targets.append(node.words[symbol])
            matching = [prefix for prefix in node.prefixes if symbol.startswith(prefix)]
            targets.extend(node.prefixes[prefix] for prefix in sorted(matching, key=len, reverse=True))
            if node.wildcard is not None:
                targets.append(node.wildcard)
        state = self[symbol] = _DfaState(tuple(targets)) if targets else None
        return state


class _Symbols(dict[str, str]):
    """Maps a word to its symbol: words of one symbol lead from every state to the same one.

    A word of a phrase is its own symbol. That of any other is the longest prefix of a phrase that it begins with, and
    an asterisk: only that where it begins with none. So states have few edges, however many words a library has.
    """

    def __init__(self, root: _TrieNode[Label]) -> None:
        super().__init__({_END: _END})
        nodes = [root]
        for node in nodes:
            nodes += (*node.words.values(), *node.prefixes.values(), *filter(None, (node.wildcard,)))
        self._words = frozenset(word for node in nodes for word in node.words)
        self._prefixes = frozenset(prefix for node in nodes for prefix in node.prefixes)
        self._longest = max(map(len, self._prefixes), default=0)

    def __missing__(self, word: str) -> str:
        if len(word) > _MAX_WORD:
            return _END
        if word in self._words:
            symbol = word
        else:
            beginnings = (word[:size] for size in range(min(len(word), self._longest), 0, -1))
            symbol = next(filter(self._prefixes.__contains__, beginnings), "") + "*"
        if len(self) >= _MAX_WORDS:
            self.clear()
            self[_END] = _END
        self[word] = symbol
        return symbol


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
        self._symbols = _Symbols(root)

    def find(self, words: list[str]) -> list[Label]:
        """The labels of the phrases among the (lower-case) words, in order; no word belongs to two matches."""
        labels: list[Label] = []
        symbols = [*map(self._symbols.__getitem__, words), _END]
        end = 0  # of the last match
        for position, first in enumerate(map(self._start.__getitem__, symbols)):
            if first is None or position < end:
                continue
            early = position < EARLY
            label = first.early if early else first.anywhere
            following = position + 1
            state = None if first.is_leaf else first[symbols[following]]
            while state is not None:
                following += 1
                longer = state.early if early else state.anywhere
                if longer is not None:
                    label, end = longer, following
                state = None if state.is_leaf else state[symbols[following]]
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
