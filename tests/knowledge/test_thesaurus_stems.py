import subprocess
import sys

from indexer.knowledge.thesaurus_stems import precomputed_stems
from indexer.knowledge.thesaurus_stems_builder import compute_stems


def test_the_precomputed_stems_are_those_of_the_analysis() -> None:
    assert precomputed_stems() == compute_stems(), "run: python -m indexer.knowledge.thesaurus_stems_builder"
    assert precomputed_stems()["infarction"] == "infarct"


def test_looking_up_a_name_of_a_disease_needs_no_stemmer() -> None:
    program = (
        "import sys; from indexer.knowledge import disease_names;"
        "assert disease_names.find('corns and calluses') and disease_names.find('Asperger syndrome');"
        "assert 'nltk' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
