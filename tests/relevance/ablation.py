"""What each piece of the ranking is worth: nDCG@10 without it, one at a time: python -m tests.relevance.ablation.

Measured on the judged queries of corpus/, by kind, and on every query set (NAME.queries.jsonl with NAME.qrels.tsv, and
the articles.jsonl that they ask for) in the folder of CONDITIONS_EVALUATION; of a large set, MAX_QUERIES queries spread
over it. Prints Markdown.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from indexer import Library, open_library
from indexer.evaluation import Ranked, evaluate, read_judgments, read_queries
from indexer.knowledge.disease_synonyms import other_names
from indexer.knowledge.symptoms import default_symptoms
from indexer.knowledge.thesaurus import Thesaurus, default_thesaurus
from indexer.query.ranking import Ranking
from indexer.query.request import Page, SearchRequest
from indexer.search.query_knowledge import Knowledge
from indexer.search.search import rank
from indexer.search.spelling import Speller
from tests.relevance.test_relevance import ALL, CORPUS, JUDGMENTS, KINDS, MEASURE, QUERIES, kind_of

MAX_QUERIES: Final = 100  # queries of an outside set
DEPTH: Final = 10
RANKING: Final = Ranking()
EVEN: Final = tuple((field, 1.0) for field, _ in RANKING.field_weights)


@dataclass(frozen=True, slots=True)
class Setting:
    """A way to search: the numbers, and which knowledge is used."""

    ranking: Ranking = RANKING
    synonyms: bool = True
    disease_synonyms: bool = True
    symptoms: bool = True
    spelling: bool = True
    expand: bool = True


BARE: Final = replace(
    RANKING,
    field_weights=EVEN,
    proximity_weight=0.0,
    title_coverage_question=0.0,
    title_coverage_name=0.0,
    whole_title_weight=0.0,
    passage_weight=0.0,
    location_weight=0.0,
    aspect_weight=1.0,
    min_title_coverage=2.0,
)
SETTINGS: Final[Mapping[str, Setting]] = {
    "everything": Setting(),
    "without synonyms": Setting(synonyms=False, disease_synonyms=False),
    "without the synonyms of whole names of diseases": Setting(disease_synonyms=False),
    "without symptoms": Setting(symptoms=False),
    "without spelling": Setting(spelling=False),
    "without feedback": Setting(replace(RANKING, feedback_weight=0.0)),
    "without matches by expansion terms alone": Setting(replace(RANKING, expand_below_hits=0)),
    "without proximity": Setting(replace(RANKING, proximity_weight=0.0)),
    "without passages": Setting(replace(RANKING, passage_weight=0.0)),
    "without places typed": Setting(replace(RANKING, location_weight=0.0)),
    "names as the terms they are made of": Setting(replace(RANKING, name_term_weight=1.0)),
    "without title coverage in questions": Setting(replace(RANKING, title_coverage_question=0.0)),
    "without title coverage in names": Setting(replace(RANKING, title_coverage_name=0.0, whole_title_weight=0.0)),
    "without titles told as a whole": Setting(replace(RANKING, whole_title_weight=0.0)),
    "without matches by title coverage alone": Setting(replace(RANKING, min_title_coverage=2.0)),
    "aspects as any other term": Setting(replace(RANKING, aspect_weight=1.0)),
    "titles and names as any other text": Setting(replace(RANKING, field_weights=EVEN)),
    "without expansion": Setting(expand=False),
    "BM25 alone": Setting(BARE, expand=False),
}


@dataclass(frozen=True, slots=True)
class QuerySet:
    """Queries with their judgments."""

    queries: Mapping[str, str]
    judgments: Mapping[str, Mapping[str, int]]


def measured(library: Library, asked: QuerySet, setting: Setting) -> dict[str, float]:
    """nDCG@10 of each query."""
    with library.searcher() as searcher:
        speller = Speller(searcher.words() if setting.spelling else ())
        thesaurus = default_thesaurus() if setting.synonyms else Thesaurus()
        knowledge = Knowledge(setting.ranking, thesaurus, spelling=lambda: speller)
        if setting.disease_synonyms:
            knowledge = replace(knowledge, disease_synonyms=other_names)
        if setting.symptoms:
            knowledge = replace(knowledge, symptoms=default_symptoms())

        def ranked(text: str) -> Ranked:
            request = SearchRequest(text, page=Page(limit=DEPTH), expand=setting.expand)
            return [(match.document.id, match.score) for match in rank(request, searcher, knowledge)]

        by_query = evaluate(ranked, asked.queries, asked.judgments).by_query
    return {query: measures[MEASURE] for query, measures in by_query.items()}


def read_sets(folder: Path) -> dict[str, QuerySet]:
    """The query sets of a folder, sampled evenly to MAX_QUERIES queries each."""
    sets = {}
    for path in sorted(folder.glob("*.queries.jsonl")):
        name = path.name.removesuffix(".queries.jsonl")
        judgments = read_judgments(folder / f"{name}.qrels.tsv")
        queries = [(id, text) for id, text in read_queries(path).items() if id in judgments]
        sets[name] = QuerySet(dict(queries[:: -(-len(queries) // MAX_QUERIES)]), judgments)
    return sets


def table(rows: Mapping[str, Mapping[str, float]]) -> str:
    """Markdown: a line for each setting; after the first, what is lost (-) or won against it."""
    columns = list(next(iter(rows.values())))
    first, *others = rows
    lines = [f"| nDCG@10 | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    lines.append(f"| {first} | {' | '.join(f'{rows[first][column]:.3f}' for column in columns)} |")
    for name in others:
        changes = (f"{rows[name][column] - rows[first][column]:+.3f}" for column in columns)
        lines.append(f"| {name} | {' | '.join(changes)} |")
    return "\n".join(lines)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def main() -> None:
    """Print the tables."""
    outside = os.environ.get("CONDITIONS_EVALUATION")
    with tempfile.TemporaryDirectory(prefix="ablation-") as top:
        with open_library(Path(top) / "corpus") as library:
            library.sync([CORPUS])
            rows = {}
            for name, setting in SETTINGS.items():
                scores = measured(library, QuerySet(QUERIES, JUDGMENTS), setting)
                kinds = {kind: _mean([scores[query] for query in scores if kind_of(query) == kind]) for kind in KINDS}
                rows[name] = {ALL: _mean(list(scores.values())), **kinds}
                print(name, file=sys.stderr)
            print(table(rows))
        if outside is not None:
            with open_library(Path(top) / "outside") as library:
                library.sync([Path(outside) / "articles.jsonl"])
                sets = read_sets(Path(outside))
                rows = {}
                for name, setting in SETTINGS.items():
                    rows[name] = {
                        each: _mean(list(measured(library, sets[each], setting).values())) for each in sorted(sets)
                    }
                    print(name, file=sys.stderr)
            print(f"\n{table(rows)}")


if __name__ == "__main__":
    main()
