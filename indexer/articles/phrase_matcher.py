"""Words to the phrases found among them: longest first, from left to right, in time linear in the words.

A lexicon is a tree of words with three kinds of branches: a word itself, every word with some beginning (`diagnos*`), and
any word (`_`). Walking several branches at once would multiply the work, so sets of branches are made into single
states when a text first needs them, and remembered: the lazy construction of a deterministic automaton
(Aho, Sethi, Ullman: Compilers, section 3.7). After the first articles nearly every step is one dictionary look-up.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Generic, TypeVar

Said = TypeVar("Said")

EARLY: Final = 4  # words at the beginning of a sentence that can name its subject
_END: Final = ""  # stands behind the last word; no phrase goes on with it
_MAX_WORD: Final = 40  # code points; what is longer is in no lexicon
_MAX_STEPS: Final = 1 << 16  # remembered steps of one state; text of nothing but new words must not fill the memory


class _Node(Generic[Said]):
    __slots__ = ("anywhere", "early", "prefixes", "wild", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node[Said]] = {}
        self.prefixes: dict[str, _Node[Said]] = {}
        self.wild: _Node[Said] | None = None
        self.anywhere: Said | None = None
        self.early: Said | None = None

    def child(self, word: str) -> "_Node[Said]":
        if word == "_":
            self.wild = self.wild or _Node()
            return self.wild
        if word.endswith("*"):
            return self.prefixes.setdefault(word[:-1], _Node())
        return self.words.setdefault(word, _Node())


class _State(dict[str, "_State[Said] | None"], Generic[Said]):
    """A set of nodes; as a mapping, the state that each next word leads to (None: none)."""

    __slots__ = ("anywhere", "early", "last", "nodes")

    def __init__(self, nodes: tuple[_Node[Said], ...]) -> None:
        super().__init__()
        self.nodes = nodes
        self.last = not any(node.words or node.prefixes or node.wild for node in nodes)
        self.anywhere = next((node.anywhere for node in nodes if node.anywhere is not None), None)
        self.early = next((node.early for node in nodes if node.early is not None), self.anywhere)

    def __missing__(self, word: str) -> "_State[Said] | None":
        if word == _END or len(word) > _MAX_WORD:
            return None
        following: list[_Node[Said]] = []
        for node in self.nodes:
            if word in node.words:
                following.append(node.words[word])
            matching = [prefix for prefix in node.prefixes if word.startswith(prefix)]
            following.extend(node.prefixes[prefix] for prefix in sorted(matching, key=len, reverse=True))
            if node.wild is not None:
                following.append(node.wild)
        if len(self) >= _MAX_STEPS:
            self.clear()
        state = self[word] = _State(tuple(following)) if following else None
        return state


class Lexicon(Generic[Said]):
    """Phrases and what each says. ^ before a phrase: it counts only within the first EARLY words."""

    def __init__(self, phrases: Mapping[str, Said]) -> None:
        root: _Node[Said] = _Node()
        for phrase, said in phrases.items():
            node = root
            for word in phrase.removeprefix("^").split():
                node = node.child(word)
            if phrase.startswith("^"):
                node.early = said
            else:
                node.anywhere = said
        self._root: _State[Said] = _State((root,))

    def find(self, words: list[str]) -> list[Said]:
        """What is said by the phrases among the (lower-case) words; no word counts twice."""
        found: list[Said] = []
        words = [*words, _END]
        taken = 0
        for position, first in enumerate(map(self._root.__getitem__, words)):
            if first is None or position < taken:
                continue
            early = position < EARLY
            said = first.early if early else first.anywhere
            following = position + 1
            state = None if first.last else first[words[following]]
            while state is not None:
                following += 1
                here = state.early if early else state.anywhere
                if here is not None:
                    said, taken = here, following
                state = None if state.last else state[words[following]]
            if said is not None:
                found.append(said)
        return found


def phrases_of(written: str) -> Iterable[str]:
    """The phrases of a comma-separated list."""
    return (phrase for phrase in (" ".join(part.split()) for part in written.split(",")) if phrase)
