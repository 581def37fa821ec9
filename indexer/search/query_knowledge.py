"""What a search knows besides the index: numbers, words and names, as one value."""

from collections.abc import Callable
from dataclasses import dataclass, field

from indexer.knowledge.emergency_numbers import EmergencyNumbers
from indexer.knowledge.symptoms import SymptomFinder
from indexer.knowledge.thesaurus import Thesaurus
from indexer.query.ranking import Ranking
from indexer.search.spelling import Speller
from indexer.suggestions.name_finder import NameFinder
from indexer.suggestions.name_table import NameTable
from indexer.text.analyzer import ANALYZER, Analyzer


def _no_words() -> Speller:
    return Speller(())


def _no_names() -> NameFinder:
    return NameFinder(NameTable(()))


def _no_other_names(key: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The ranking and analyzer, names, symptoms and emergency numbers of a library; words of one generation.

    `spelling` and `names` make the speller and the name finder when a query first needs them: most queries need
    neither, and both read the whole term dictionary. `disease_synonyms` gives the other names of a disease by the key
    of one (see `indexer.knowledge.disease_synonyms`). By default there are no corrections and no names.
    """

    ranking: Ranking = field(default_factory=Ranking)
    thesaurus: Thesaurus = field(default_factory=Thesaurus)
    spelling: Callable[[], Speller] = _no_words
    names: Callable[[], NameFinder] = _no_names
    analyzer: Analyzer = ANALYZER
    emergency_numbers: EmergencyNumbers = field(default_factory=EmergencyNumbers)
    disease_synonyms: Callable[[str], tuple[str, ...]] = _no_other_names
    symptoms: SymptomFinder = field(default_factory=SymptomFinder)
