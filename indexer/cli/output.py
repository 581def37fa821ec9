"""Answers to what a terminal shows, in colour; plain lines where the output is not a terminal."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
import msgspec
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from indexer.articles.source import Failure
from indexer.documents import TEXT_FIELDS, Document, display_title
from indexer.engine import Problem
from indexer.knowledge import body_sites, icd10
from indexer.library import Stats
from indexer.printable import printable, printable_json, printable_lines
from indexer.query.interpretation import HOW_SAID
from indexer.results import Answer, Bucket, Completion, Facet, Hit, Related, Results
from indexer.sync.report import Report

if TYPE_CHECKING:
    from indexer.evaluation import Difference, Evaluation  # ir-measures takes long to import

_FIELD_LABELS = {field.name: field.label for field in TEXT_FIELDS}
_CODE_MATCHES = {"exact": "", "parent": " (wider code)", "inferred": " (inferred from the text)"}
ALPHA = 0.05  # a difference whose p is as large or larger counts as chance
_KIND_COLOURS = {
    "overview": "blue",
    "causes": "magenta",
    "symptoms": "yellow",
    "diagnosis": "cyan",
    "treatment": "green",
}
REASON_COLUMNS = 24  # of a terminal, for why a line was left out
_SIDES = {"right": "right", "left": "left", "bilateral": "both sides"}


class _SafeConsole(Console):
    """A console on which only rich itself writes control characters: no text that is shown can."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else printable_lines(text), style, control)


def _console(*, stderr: bool = False) -> Console:
    return _SafeConsole(stderr=stderr, highlight=False, soft_wrap=False)


def emit(value: object) -> None:
    """One line of JSON on standard output."""
    click.echo(printable_json(json.dumps(msgspec.to_builtins(value), ensure_ascii=False)))


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on standard error while the block runs; none where that is not a terminal."""
    console = _console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = (TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, complete_code=done, total=total)


def report_json(report: Report) -> dict[str, object]:
    """The report as `index --json` prints it: counts, and the failures by name."""
    return {
        "added": len(report.added),
        "changed": len(report.changed),
        "deleted": len(report.deleted),
        "kept": len(report.kept),
        "failed": [{"source": each.source, "id": each.id, "reason": each.reason} for each in report.failed],
        "seconds": round(report.seconds, 3),
        "articles_per_second": round(report.articles_per_second, 1),
    }


def show_report(report: Report, *, dry_run: bool) -> None:
    """One line of counts, and a line for each article that failed."""
    console = _console()
    line = Text()
    counts = (
        ("added", report.added, "green"),
        ("changed", report.changed, "yellow"),
        ("deleted", report.deleted, "magenta"),
        ("kept", report.kept, ""),
        ("failed", report.failed, "bold red"),
    )
    for what, some, style in counts:
        line.append(f"{len(some):,} {what}", style if some else "dim").append("  ")
    line.append(f"in {report.seconds:.2f} s, {report.articles_per_second:,.0f} articles/s", "dim")
    if dry_run:
        line = Text("Dry run, nothing written: ").append_text(line)
    console.print(line)
    for failure in report.failed:
        show_failure(failure)


def show_failure(failure: Failure) -> None:
    """One line on standard error: the source and the reason."""
    _console(stderr=True).print(
        Text.assemble(("failed  ", "bold red"), printable(f"{failure.source}: {failure.reason}")), soft_wrap=True
    )


def show_results(results: Results) -> None:
    """The hits with their snippets, then the facets in a line each."""
    console = _console()
    if results.notice:
        console.print(Text(f"{results.notice.heading} {results.notice.text}", "bold"))
    articles = "article" if results.total == 1 else "articles"
    conditions = "condition" if results.groups == 1 else "conditions"
    if results.answer:
        console.print(_render_answer(results.answer))
    heading = f"{results.total:,} {articles} on {results.groups:,} {conditions}"
    console.print(Text.assemble((heading, "bold"), (f"  {results.took_ms:.1f} ms", "dim")))
    for note in results.notes:
        console.print(Text(note, "yellow"))
    for each in results.interpretation:
        if each.how in HOW_SAID:
            console.print(Text(f"“{each.text}” was {HOW_SAID[each.how]} {', '.join(each.meaning)}", "dim"))
    dropped = [each.text for each in results.interpretation if each.how == "dropped"]
    if dropped:
        console.print(Text(f"Left out: {', '.join(dropped)}", "dim"))
    if results.suggestion:
        console.print(Text(f"Did you mean: {results.suggestion}?", "yellow"))
    for number, hit in enumerate(results.hits, results.page.offset + 1):
        console.print()
        console.print(_render_hit(number, hit, collapsed=results.page.collapse))
    if results.hits and any(facet.buckets for facet in results.facets):
        console.print()
        for facet in results.facets:
            _show_facet(console, facet)


def _render_answer(answer: Answer) -> Group:
    document, passage = answer.document, answer.passage
    title = Text.assemble((document.condition, "bold cyan"), (f"  {document.code or ''}", "green"))
    heading = document.sections[answer.section - 1].heading or _FIELD_LABELS[passage.field]
    source = Text(f"{display_title(document)}: {heading} ({document.id})", "dim")
    urgent = Text("\n".join(f"When to get help: {each}" for each in answer.urgent), "yellow")
    lines = (title, Text(passage.text), source, *((urgent,) if answer.urgent else ()))
    return Group(*(Padding(line, (0, 0, 0, 2)) for line in lines), Text())


def _render_hit(number: int, hit: Hit, *, collapsed: bool) -> Group:
    document = hit.document
    title = Text.assemble((f"{number:>3}  ", "dim"), (display_title(document), "bold cyan"))
    if document.code:
        title.append(f"  {document.code}", "green")
    lines: list[RenderableType] = [title, Padding(Text(_tags(document), "dim"), (0, 0, 0, 5))]
    for snippet in hit.snippets:
        text = Text(snippet.text.replace("\n", " "))
        for start, end in snippet.spans:
            text.stylize("bold yellow", start, end)
        label = Text(f"{_FIELD_LABELS[snippet.field]}: ", "italic")
        lines.append(Padding(label.append_text(text), (0, 0, 0, 5)))
    if hit.missing:
        lines.append(Padding(Text(f"missing: {', '.join(hit.missing)}", "dim red"), (0, 0, 0, 5)))
    if collapsed and hit.group.size > 1:
        parts = [f"{each.label} {each.count}" for each in (*hit.group.sites, *hit.group.sides)]
        lines.append(Padding(Text(f"{hit.group.size} articles: {', '.join(parts)}", "dim"), (0, 0, 0, 5)))
    if hit.explanation:
        lines.append(Padding(_render_explanation(hit), (0, 0, 0, 5)))
    return Group(*lines)


def _render_explanation(hit: Hit) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    table.add_row(Text(f"{hit.score:.3f}", "bold"), Text("score, the sum of", "dim"))
    for reason in hit.explanation:
        table.add_row(Text(f"{reason.score:.3f}", "green"), Text(reason.label))
    return table


def _tags(document: Document) -> str:
    places = ", ".join(map(body_sites.label, document.sites))
    side = _SIDES.get(document.side or "", "")
    return " · ".join(part for part in (document.id, places, side, *document.flags) if part)


def _show_facet(console: Console, facet: Facet) -> None:
    def walk(buckets: tuple[Bucket, ...]) -> Iterator[str]:
        for bucket in buckets:
            yield f"{bucket.value} {bucket.count}"
            yield from walk(bucket.children)

    shown = list(walk(facet.buckets))
    if shown:
        more = f" ... {len(shown) - 12} more" if len(shown) > 12 else ""
        console.print(Text.assemble((f"--{facet.field:<8}", "italic"), (" · ".join(shown[:12]) + more, "dim")))


def show_article(document: Document, related: tuple[Related, ...]) -> None:
    """The article for a reader: tags, sections, related conditions."""
    console = _console()
    console.print(Text(display_title(document), "bold cyan"))
    _show_tags(console, document)
    _show_urgent(console, document)
    for section in document.sections:
        console.print()
        label = _FIELD_LABELS[section.kind]
        heading = f"{label}: {section.heading}" if section.heading else label
        console.print(Text(heading, "bold"))
        console.print(section.text, markup=False)
    if related:
        console.print()
        console.print(Text("Related conditions", "bold"))
    for each in related:
        console.print(Text.assemble(each.document.condition, (f"  {', '.join(each.words)}", "dim")))
        console.print(Padding(Text(each.document.id, "dim"), (0, 0, 0, 2)))


def show_parsed(document: Document, *, explain: bool) -> None:
    """The article for an editor: tags, sections with the evidence for each, what was left out, and issues."""
    console = _console()
    console.print(Text(document.title, "bold cyan"))
    _show_tags(console, document, parsed=True)
    if explain:
        pairs = ((f"{each.what} {each.value}", each.reason) for each in document.evidence)
        _show_pairs(console, "EVIDENCE", "dim", pairs)
    for section in document.sections:
        console.print()
        kind = Text(_FIELD_LABELS[section.kind].upper(), f"bold {_KIND_COLOURS[section.kind]}")
        console.print(Text.assemble(kind, f"  {section.heading}" if section.heading else ""))
        if explain:
            console.print(Padding(Text(f"why: {section.evidence}", "dim italic"), (0, 0, 0, 2)))
        console.print(Padding(Text(section.text), (0, 0, 0, 2)))
    _show_urgent(console, document)
    _show_pairs(console, "LEFT OUT", "dim", ((dropped.reason, dropped.text) for dropped in document.dropped))
    _show_pairs(console, "ISSUES", "yellow", ((issue.flag, issue.message) for issue in document.issues))
    console.print()


def _show_urgent(console: Console, document: Document) -> None:
    urgent = ((section.kind, text) for section in document.sections for text in section.urgent)
    _show_pairs(console, "WHEN TO GET HELP", "yellow", urgent)


def _show_pairs(console: Console, label: str, style: str, pairs: Iterable[tuple[str, str]]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=REASON_COLUMNS, style=style)
    table.add_column()
    for reason, text in pairs:
        table.add_row(Text(reason), Text(text))
    if table.row_count:
        console.print()
        console.print(Text(label, f"bold {style}"))
        console.print(Padding(table, (0, 0, 0, 2)))


def _show_tags(console: Console, document: Document, *, parsed: bool = False) -> None:
    table = Table.grid(padding=(0, 2))
    rows = [
        ("id", document.id if parsed else ""),
        ("condition", document.condition),
        ("also", "; ".join(document.names)),
        ("code", _code(document)),
        ("other codes", ", ".join(code for code in document.codes if code != document.code)),
        ("chapter", icd10.chapter_label(document.chapter) if document.chapter else ""),
        ("sites", ", ".join(map(body_sites.label, document.sites))),
        ("side", _SIDES.get(document.side or "", "")),
        ("flags", "" if parsed else ", ".join(document.flags)),  # an editor sees their messages, as issues
        ("reviewed", document.reviewed or ""),
        ("url", document.url or ""),
    ]
    for name, value in rows:
        if value:
            table.add_row(Text(name, "dim"), Text(value))
    console.print(table)


def _code(document: Document) -> str:
    if document.code is None:
        return ""
    how = _CODE_MATCHES.get(document.code_match or "", "")
    return f"{document.code} {document.code_title or ''}".rstrip() + how


def show_completions(completions: tuple[Completion, ...]) -> None:
    """A line for each: the name with the typed part highlighted, its kind, and the number of articles that have it."""
    table = Table.grid(padding=(0, 2))
    for completion in completions:
        text = Text(completion.name.text)
        for start, end in completion.spans:
            text.stylize("bold yellow", start, end)
        table.add_row(text, Text(completion.name.kind, "dim"), Text(f"{completion.name.documents:,}", "dim"))
    _console().print(table)


def show_stats(stats: Stats) -> None:
    """Counts, then the facets as trees."""
    console = _console()
    counts = f"{stats.documents:,} articles on {stats.conditions:,} conditions, {stats.words:,} different words"
    console.print(Text.assemble((counts, "bold"), (f"  generation {stats.generation}", "dim")))
    for facet in stats.facets:
        tree = Tree(Text(facet.field, "italic"), guide_style="dim")
        _add_branches(tree, facet.buckets)
        console.print(tree)


def _add_branches(tree: Tree, buckets: tuple[Bucket, ...]) -> None:
    for bucket in buckets:
        branch = tree.add(Text.assemble(bucket.label, (f"  {bucket.count:,}", "dim")))
        _add_branches(branch, bucket.children)


def show_problems(problems: tuple[Problem, ...]) -> None:
    """Each problem with what fixes it, or OK."""
    console = _console()
    if not problems:
        console.print("OK: the index is as it was written.")
    for problem in problems:
        console.print(Text.assemble((f"{problem.what}; ", "bold red"), f"fix it with: {problem.fix}"), soft_wrap=True)


def evaluation_json(measured: "Evaluation", differences: "Mapping[str, Difference]") -> dict[str, object]:
    """The mean of each measure, and how it compares with the second setting."""
    encoded: dict[str, object] = {"queries": measured.queries, "means": dict(measured.means)}
    if differences:
        encoded["compared"] = {
            name: {
                "mean": each.second,
                "difference": each.mean,
                "p": each.p,
                "wins": each.wins,
                "ties": each.ties,
                "losses": each.losses,
            }
            for name, each in differences.items()
        }
    return encoded


def show_evaluation(measured: "Evaluation", settings: Sequence[str], differences: "Mapping[str, Difference]") -> None:
    """A line for each measure; with a second setting, its mean, the difference, and whether that may be chance."""
    console = _console()
    console.print(Text(f"{measured.queries:,} judged queries", "bold"))
    table = Table(box=None, pad_edge=False, show_header=bool(differences), header_style="dim")
    table.add_column("")
    for heading in (*map(_short, settings), *(("difference", "p", "wins", "ties", "losses") if differences else ())):
        table.add_column(heading, justify="right")
    for name, value in measured.means.items():
        row = [name, f"{value:.4f}"]
        if each := differences.get(name):
            row += [
                f"{each.second:.4f}",
                f"{each.mean:+.4f}",
                f"{each.p:.4f}",
                *map(str, (each.wins, each.ties, each.losses)),
            ]
        table.add_row(*row, style="" if not differences or differences[name].p < ALPHA else "dim")
    console.print(table)
    if differences:
        console.print(Text(f"Dimmed: p is {ALPHA} or more, so the difference may be chance.", "dim"))


def _short(setting: str) -> str:
    return setting.rpartition("/")[2]
