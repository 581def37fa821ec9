"""The commands: each turns its arguments into one call of the library and shows the answer."""

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, TypedDict, TypeVar, Unpack

import click

from indexer.articles.source import Failure, read_sources
from indexer.cli import output
from indexer.cli.exit_codes import ARTICLES_FAILED, DONE, ERROR, CommandError
from indexer.documents import TEXT_FIELD_NAMES
from indexer.encoding import (
    encode_completion,
    encode_document,
    encode_facet,
    encode_parsed,
    encode_results,
)
from indexer.library import open_library
from indexer.query.request import Page, Sort
from indexer.settings import Settings

_Command = TypeVar("_Command", bound=Callable[..., Any])
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _CommandWithExamples(click.Command):
    """A command whose examples keep their line breaks in --help."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.epilog:
            formatter.write_paragraph()
            formatter.write("Examples:\n")
            for line in self.epilog.strip().splitlines():
                formatter.write(f"  {line.strip()}\n")


def index_option(command: _Command) -> _Command:
    """--index LOCATION, which every command takes."""
    return click.option(
        "--index",
        "location",
        metavar="LOCATION",
        default=lambda: Settings.from_environment().index,
        show_default="$CONDITIONS_INDEX, else var/index",
        help="Folder or URL of the index.",
    )(command)


def common_options(command: _Command) -> _Command:
    """--index and --json, which every command takes."""
    return index_option(click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(command))


@click.group(context_settings=_CONTEXT)
@click.version_option(package_name="condition-search")
def conditions() -> None:
    """Search a library of medical condition articles.

    `conditions index` indexes raw articles (.txt .md .html .jsonl); `conditions search` and `conditions serve` answer
    from the index. Exit codes: 0 done, 1 done with articles that failed, 2 a usage or index error.
    """


@conditions.command(
    cls=_CommandWithExamples,
    epilog="""
    conditions index corpus/
    conditions index corpus/ --dry-run
    conditions index export.jsonl.gz --rebuild --jobs 2
    conditions index corpus/ --watch
    """,
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes that read articles.  [default: one a core]")
@click.option("--rebuild", is_flag=True, help="Build a new index; it replaces the old one once it is complete.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--watch", is_flag=True, help="Keep running, and index again whenever a file changes.")
@common_options
def index(
    *,
    paths: tuple[Path, ...],
    jobs: int | None,
    rebuild: bool,
    dry_run: bool,
    watch: bool,
    location: str,
    as_json: bool,
) -> None:
    """Make the index agree with the articles below PATH.

    PATH is a file or folder (default: $CONDITIONS_CORPUS, else corpus). New and changed articles are indexed, those
    whose source is gone are deleted; all changes become visible at once. Articles that came from other paths stay.
    """
    paths = paths or (Settings.from_environment().corpus,)
    with open_library(location) as library:
        with output.progress(quiet=as_json) as progress:
            report = library.sync(paths, rebuild=rebuild, dry_run=dry_run, jobs=jobs, progress=progress)
        output.emit(output.report_json(report)) if as_json else output.show_report(report, dry_run=dry_run)
        if watch:
            from indexer.sync.watch import watch as watch_sources

            for later in watch_sources(library.sync, paths):
                try:
                    output.emit(output.report_json(later)) if as_json else output.show_report(later, dry_run=False)
                except BrokenPipeError:  # nobody reads any more
                    raise
                except OSError:  # the disk of a log is full: what is indexed matters more
                    continue
    sys.exit(report.exit_code)


class SearchOptions(TypedDict):
    """The options of `search`, as click passes them."""

    site: tuple[str, ...]
    side: tuple[str, ...]
    chapter: tuple[str, ...]
    fields: tuple[str, ...]
    limit: int
    offset: int
    sort: Sort
    collapse: bool
    explain: bool
    plain: bool


@conditions.command(
    cls=_CommandWithExamples,
    epilog="""
    conditions search autoimmune bone inflammation
    conditions search swelling --site lower-limb --side left
    conditions search '"bone marrow" -cancer' --field symptoms
    conditions search 'M86.3*' --no-collapse --sort code
    conditions search heart attack --explain
    """,
)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--site", multiple=True, help="Body site with its parts: hand, lower-limb ... (repeatable).")
@click.option("--side", multiple=True, type=click.Choice(["right", "left", "bilateral"]), help="Side (repeatable).")
@click.option("--chapter", multiple=True, help="ICD-10-CM chapter, 1 to 22 (repeatable).")
@click.option(
    "--field", "fields", multiple=True, type=click.Choice(TEXT_FIELD_NAMES), help="Match in this field (repeatable)."
)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(0, 100), help="Results to show.")
@click.option("--offset", default=0, show_default=True, type=click.IntRange(0, 10_000), help="Results to skip.")
@click.option("--sort", default="relevance", show_default=True, type=click.Choice(["relevance", "title", "code"]))
@click.option("--collapse/--no-collapse", default=True, show_default=True, help="One result for each condition.")
@click.option("--explain", is_flag=True, help="Show what contributes how much to each score.")
@click.option("--plain", is_flag=True, help="Take the words as typed: no synonyms, no spelling correction.")
@common_options
def search(*, words: tuple[str, ...], location: str, as_json: bool, **options: Unpack[SearchOptions]) -> None:
    """Search for WORDS.

    Words are searched together; "quoted words" as a phrase; -word excludes a word; OR between alternatives; field:word
    in one field; begin* for words that begin so; M86.341 or M86.3* by code.
    """
    settings = Settings.from_environment()
    with open_library(location, thesaurus=settings.thesaurus, emergency=settings.emergency) as library:
        results = library.search(
            " ".join(words),
            filters={"site": options["site"], "side": options["side"], "chapter": options["chapter"]},
            fields=options["fields"],
            page=Page(options["offset"], options["limit"], options["collapse"]),
            sort=options["sort"],
            expand=not options["plain"],
            explain=options["explain"],
        )
    output.emit(encode_results(results, explain=options["explain"])) if as_json else output.show_results(results)


@conditions.command(cls=_CommandWithExamples, epilog="conditions show chronic-multifocal-osteomyelitis-right-hand")
@click.argument("id")
@common_options
def show(*, id: str, location: str, as_json: bool) -> None:
    """Show the article of that ID, and related conditions.

    Each related condition comes with the words that it has in common with the article.
    """
    with open_library(location) as library:
        document = library.get(id)
        related = library.related(id)
    if document is None:
        raise CommandError(f"there is no article “{id}”; `conditions search` prints the ids of its results")
    output.emit(encode_document(document, related)) if as_json else output.show_article(document, related)


@conditions.command(
    cls=_CommandWithExamples,
    epilog="""
    conditions parse corpus/idiopathic-gout-left-ankle-and-foot.txt
    conditions parse --explain draft.html
    conditions parse --json export.jsonl.gz
    """,
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--explain", is_flag=True, help="Show the reason for each decision.")
@common_options
def parse(*, files: tuple[Path, ...], explain: bool, location: str, as_json: bool) -> None:
    """Show how each FILE is read: title, code, sites, sections.

    What is left out is shown with the reason. Nothing is written. Sentences that repeat across the indexed articles are
    left out as in the index.
    """
    with open_library(location) as library:
        reader = library.reader()
    exit_code = DONE
    for raw in read_sources(files):
        document = raw if isinstance(raw, Failure) else reader.read(raw)
        if isinstance(document, Failure):
            exit_code = ARTICLES_FAILED
            output.show_failure(document)
            continue
        output.emit(encode_parsed(document, explain=explain)) if as_json else output.show_parsed(
            document, explain=explain
        )
    sys.exit(exit_code)


@conditions.command(
    cls=_CommandWithExamples,
    epilog="""
    conditions suggest oste
    conditions suggest chron ostoe
    """,
)
@click.argument("prefix", nargs=-1, required=True, metavar="PREFIX...")
@click.option("--limit", default=8, show_default=True, type=click.IntRange(1, 50), help="Suggestions to show.")
@common_options
def suggest(*, prefix: tuple[str, ...], limit: int, location: str, as_json: bool) -> None:
    """Complete the beginnings of one or more words.

    Shows the conditions, other names, codes and sites whose words begin with PREFIX. Where there are none, one typing
    error in each word of four letters or more is tolerated.
    """
    with open_library(location) as library:
        completions = library.complete(" ".join(prefix), limit)
    output.emit([encode_completion(each) for each in completions]) if as_json else output.show_completions(completions)


@conditions.command(cls=_CommandWithExamples, epilog="conditions stats --json")
@common_options
def stats(*, location: str, as_json: bool) -> None:
    """Show how many articles, conditions and words are indexed."""
    with open_library(location) as library:
        index_stats = library.stats()
    if as_json:
        output.emit(
            {
                "generation": index_stats.generation,
                "documents": index_stats.documents,
                "conditions": index_stats.conditions,
                "words": index_stats.words,
                "facets": [encode_facet(facet) for facet in index_stats.facets],
            }
        )
    else:
        output.show_stats(index_stats)


@conditions.command(cls=_CommandWithExamples, epilog="conditions verify && echo OK")
@common_options
def verify(*, location: str, as_json: bool) -> None:
    """Check every file of the index against its checksum.

    The exit code is 2 where something is wrong; each problem comes with the command that fixes it.
    """
    with open_library(location) as library:
        problems = library.verify()
    if as_json:
        output.emit([{"what": each.what, "fix": each.fix} for each in problems])
    else:
        output.show_problems(problems)
    sys.exit(ERROR if problems else DONE)


@conditions.command(
    cls=_CommandWithExamples,
    epilog="""
    conditions evaluate --queries queries.jsonl --qrels judgments.tsv
    conditions evaluate --corpus articles.jsonl --queries queries.jsonl --qrels judgments.tsv
    conditions evaluate --queries queries.jsonl --qrels judgments.tsv --ranking mine.toml --compare plain
    """,
)
@click.option("--queries", required=True, type=click.Path(path_type=Path), help='JSON lines: {"id": ..., "text": ...}.')
@click.option("--qrels", required=True, type=click.Path(path_type=Path), help="Lines of query, article, grade.")
@click.option("--corpus", type=click.Path(path_type=Path), help="Index these articles in a temporary folder first.")
@click.option("--ranking", metavar="SETTING", default="own", show_default=True, help="What is measured (see above).")
@click.option("--compare", metavar="SETTING", help="Measure this too, and test whether the difference is significant.")
@common_options
def evaluate(
    *, queries: Path, qrels: Path, corpus: Path | None, ranking: str, compare: str | None, location: str, as_json: bool
) -> None:
    """Measure search against relevance judgments.

    The measures are nDCG, success, reciprocal rank and recall of articles, not collapsed by condition. A SETTING is
    `own` (the ranking as it is), `plain` (no expansion: no synonyms, no spelling correction), or a TOML file of ranking
    numbers. The p of a difference is that of a paired randomization test.
    """
    from indexer import evaluation
    from indexer.query.ranking_file import read_ranking

    texts, judgments = evaluation.read_queries(queries), evaluation.read_judgments(qrels)
    settings = [ranking, compare] if compare else [ranking]
    numbers = [None if each in {"own", "plain"} else read_ranking(Path(each)) for each in settings]
    measured = []
    with ExitStack() as stack:
        if corpus is not None:
            location = stack.enter_context(tempfile.TemporaryDirectory(prefix="conditions-"))
            with open_library(location) as library, output.progress(quiet=as_json) as progress:
                for failure in library.sync([corpus], progress=progress).failed:
                    output.show_failure(failure)
        for setting, each in zip(settings, numbers, strict=True):
            with open_library(location, ranking=each, thesaurus=Settings.from_environment().thesaurus) as library:
                ranked = partial(library.rank, depth=evaluation.DEPTH, expand=setting != "plain")
                measured.append(evaluation.evaluate(ranked, texts, judgments))
    differences = evaluation.compare(*measured) if compare else {}
    if as_json:
        output.emit(output.evaluation_json(measured[0], differences))
    else:
        output.show_evaluation(measured[0], settings, differences)
