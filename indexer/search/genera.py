"""A species with the initial of its genus to its full name, and back: "E. coli", "S aureus", "ecoli".

The genera and their species are in genera.toml; a species that is not listed there counts where a document has it after
a genus of that initial.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from indexer.knowledge.thesaurus import Synonym
from indexer.query.nodes import Phrase
from indexer.search.term_statistics import TermStatistics
from indexer.text.analyzer import Analyzer, fold

MIN_BEGINNING: Final = 3  # letters of a species that is cut short


def genus_synonyms(words: tuple[str, ...], statistics: TermStatistics, analyzer: Analyzer) -> Iterator[Synonym]:
    """The other ways to write the species that these folded words are, those first that most documents have."""
    if len(words) == 1:
        first, species = words[0][:1], words[0][1:]
        if species not in _known_species():  # "ecoli" is one, "steam" is none
            return
    elif len(words) == 2:
        first, species = words
    else:
        return
    by_genus = _species_by_genus()
    if len(first) == 1 and len(species) > 2 and species.isalpha():
        genera = [genus for genus in by_genus if genus[0] == first]
        species = _whole_species(species, genera)
        terms = {
            genus: (analyzer.term(genus), analyzer.term(species)) for genus in genera if statistics.has_word(genus)
        }
        counts = {genus: statistics.count(Phrase(pair)) for genus, pair in terms.items()}
        full = sorted(filter(counts.get, counts), key=lambda genus: (-counts[genus], genus))
        for genus in full:
            yield Synonym(f"{genus.capitalize()} {species}", terms[genus], "abbreviation")
        if not full:  # no document has the species, but some may have its genus
            for genus, (genus_term, _) in terms.items():
                if species in by_genus[genus]:
                    yield Synonym(genus.capitalize(), (genus_term,), "abbreviation")
        if len(words) == 1:
            yield Synonym(f"{first.upper()}. {species}", (first, analyzer.term(species)), "abbreviation")
    elif first in by_genus and (species in by_genus[first] or len(species) > 3):
        term = analyzer.term(species)
        abbreviated, full_name = (first[0], term), (analyzer.term(first), term)
        if not (statistics.has_word(first[0]) and statistics.has_word(species)):
            return
        if statistics.count(Phrase(abbreviated)) and not statistics.count(Phrase(full_name)):
            yield Synonym(f"{first[0].upper()}. {species}", abbreviated, "synonym")


def _whole_species(beginning: str, genera: list[str]) -> str:
    """The only species of the genera that begins so ("C. diff"); the beginning itself where there are none, or more."""
    by_genus = _species_by_genus()
    whole = {species for genus in genera for species in by_genus[genus] if species.startswith(beginning)}
    return whole.pop() if len(whole) == 1 and len(beginning) >= MIN_BEGINNING else beginning


@cache
def _species_by_genus() -> dict[str, frozenset[str]]:
    listed = tomllib.loads(files(__package__).joinpath("genera.toml").read_text(encoding="utf-8"))["species"]
    return {fold(genus): frozenset(species.split()) for genus, species in listed.items()}


@cache
def _known_species() -> frozenset[str]:
    return frozenset().union(*_species_by_genus().values())
