"""`python -m uit import-events`: imports events from files, folders and addresses of the Search API."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from organisers.uitdatabank.record import Record
from reservations.importing.importer import OnRecord, Report, import_sources, open_importer
from uit.core.clock import SystemClock
from uit.core.ids import TimeOrderedIds
from uit.core.settings import Settings
from uit.entrypoints.operating import opened_database
from uit.entrypoints.terminal import region_named


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "source",
        nargs="+",
        help="a file of JSON (one event, an array, or a page of the Search API) or of NDJSON (an event per "
        "line), a folder of such files, or an https address of the Search API",
    )
    parser.add_argument("--region", help="the slug of the region, instead of the one that the venue lies in")
    parser.add_argument("--client-id", help="your client id at publiq, for a Search API address")


async def run(settings: Settings, given: Namespace) -> int:
    return await import_events(settings, given.source, given.region, given.client_id)


async def import_events(
    settings: Settings, sources: Sequence[str], region: str | None = None, client_id: str | None = None
) -> int:
    """Import the sources and print the report. Returns 1 when records were refused, else 0."""
    clock, out = SystemClock(), Console(soft_wrap=True, highlight=False)
    err = Console(stderr=True, soft_wrap=True, highlight=False)
    async with opened_database(settings) as database:
        async with database.reading() as connection:
            region_id = (await region_named(connection, region)).id if region else None
        importer = await open_importer(database, clock, TimeOrderedIds(clock), region_id)
        with progress_bars(err, sources) as watch:
            report = await import_sources(importer, sources, client_id, watch)
    tell(report, out, err)
    return report.exit_code


@contextmanager
def progress_bars(err: Console, sources: Sequence[str]) -> Iterator[OnRecord]:
    """A progress bar for each source, with its pace and the time that is left; on a terminal only."""
    name = TextColumn("{task.description}", markup=False)
    columns = (name, BarColumn(), TaskProgressColumn(), PaceColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        bars = {source: progress.add_task(source, start=False, total=1.0, records=0) for source in sources}
        tasks = {task.id: task for task in progress.tasks}

        def watch(source: str, record: Record) -> None:
            task = tasks[bars[source]]
            if not task.started:
                progress.start_task(task.id)
            progress.update(task.id, completed=record.share, records=task.fields["records"] + 1)

        yield watch


class PaceColumn(ProgressColumn):
    """Records per second, since the first one of their source."""

    def render(self, task: Task) -> Text:
        seconds = task.finished_time or task.elapsed
        return Text(f"{task.fields['records'] / seconds:,.0f}/s" if seconds else "-/s")


def tell(report: Report, out: Console, err: Console) -> None:
    """Print the report. Texts of records are printed without markup, because they come from elsewhere."""
    for title, lines in (
        ("wrong", report.refused),
        ("left out", report.left_out),
        ("without", report.dropped),
        ("look at", report.done.notes),
    ):
        for line in lines:
            err.print(f"{title}: {line}", markup=False)
    out.print(report.summary())
