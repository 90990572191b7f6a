"""``epaper convert``: pages in, NewsML-G2 and its companions out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from epaper.batch.convert import convert
from epaper.batch.depot import stage_of
from epaper.batch.outcome import Outcome
from epaper.batch.plan import Settings
from epaper.batch.pool import Limits
from epaper.batch.run import WEIGHTIEST, Summary, Watcher
from epaper.cli.common import Session, Teller, common, stopped_by_term
from epaper.cli.options import Place, limit_options, ocr_options, provider_options
from epaper.errors import ExitCode, one_line
from epaper.export.formats import NAMES
from epaper.export.options import ExportOptions
from epaper.model import Doubt
from epaper.pipeline import Options, TextFrom
from epaper.reading.engine import OcrOptions
from epaper.sources.issues import IssueSource
from epaper.sources.urls import is_url, url_of


class _Formats(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """A comma-separated list of output formats."""

    name = "formats"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        names = tuple(dict.fromkeys(n.strip().lower() for n in value.split(",") if n.strip()))
        for name in names:
            if name not in NAMES:
                self.fail(f"{name!r} is not one of {', '.join(NAMES)}", param, ctx)
        if not names:
            self.fail("no format is named", param, ctx)
        return names


@click.command("convert")
@click.argument("src", nargs=-1, required=True, type=Place(exists=True), metavar="SRC...")
@click.option(
    "-o",
    "--output",
    type=Place(file_okay=False),
    default="output",
    show_default=True,
    help="Folder for the results, or its URL; one folder an issue below it.",
)
@click.option(
    "--text",
    type=click.Choice([t.value for t in TextFrom]),
    default=TextFrom.AUTO.value,
    show_default=True,
    help="Where the text comes from; auto decides page by page and says why.",
)
@click.option(
    "--formats",
    type=_Formats(),
    default="newsml",
    show_default=True,
    metavar="LIST",
    help=f"What to write, separated by commas: {', '.join(NAMES)}.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Cores to use, and pages at once [default: all, as far as memory carries].",
)
@click.option(
    "--dpi",
    type=click.FloatRange(min=30, max=2400),
    metavar="N",
    help="Resolution of the scans, where the files do not say or say it wrongly.",
)
@click.option("--force", is_flag=True, help="Convert again what is up to date.")
@click.option("--retry", is_flag=True, help="Try again what was set aside.")
@limit_options
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Send the pages to a running Dask scheduler, tcp://host:8786.",
)
@click.option(
    "--reproducible",
    is_flag=True,
    help="Take the time stamp from the printed date, so that every byte is the same.",
)
@click.option(
    "--overlay",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Draw what was understood of each page into DIR as PNG.",
)
@ocr_options
@provider_options
@common
def command(
    session: Session,
    src: tuple[Path, ...],
    output: Path,
    text: str,
    formats: tuple[str, ...],
    jobs: int | None,
    dpi: float | None,
    force: bool,
    retry: bool,
    limits: Limits,
    scheduler: str | None,
    reproducible: bool,
    overlay: Path | None,
    ocr: OcrOptions,
    export: ExportOptions,
) -> ExitCode:
    """Convert newspaper pages to NewsML-G2.

    SRC are PDF, TIFF, JPEG, PNG, JPEG 2000 or WebP files, or folders of them, here or by
    URL (s3://bucket/scans); a folder with pages is an issue. Pages that are up to date are
    skipped, a page that fails does not stop the others.

    \b
    Examples:
      epaper convert scans/
      epaper convert front.pdf -o out/ --formats newsml,alto,txt
      epaper convert archive/ -j 8 --log-json run.jsonl
    """
    settings = Settings(
        out=stage_of(output) if is_url(output) else output,
        store=output if is_url(output) else None,
        formats=formats,
        options=Options(TextFrom(text), dpi, ocr),
        export=export,
        overlay=overlay,
        force=force,
        retry=retry,
        reproducible=reproducible,
        page_timeout=limits.seconds,
        page_memory=limits.memory_mb,
    )
    return converted(session, src, settings, jobs, scheduler)


def converted(
    session: Session,
    src: Sequence[Path],
    settings: Settings,
    jobs: int | None,
    scheduler: str | None,
) -> ExitCode:
    """Converts and tells of it."""
    start = time.perf_counter()
    with Teller("pages") as teller, stopped_by_term():
        summary = convert(src, settings, Telling(session, teller), jobs, scheduler)
    output = url_of(settings.store) if settings.store else str(settings.out)
    for issue in summary.issues:
        if issue.error:
            click.echo(f"epaper: {one_line(issue.error)}", err=True)
    if summary.stopped:
        click.echo(f"epaper: {one_line(summary.stopped)}", err=True)
    for line in summary_lines(summary, output, time.perf_counter() - start):
        click.echo(one_line(line) if line[0] != " " else f"  {one_line(line)}")
    return summary.exit_code


class Telling(Watcher):
    """Tells how a run goes: a bar on a terminal, a line a page elsewhere, and the JSON log."""

    def __init__(self, session: Session, teller: Teller) -> None:
        self._session = session
        self._teller = teller

    def found(self, issues: Sequence[IssueSource]) -> None:
        for issue in issues:
            for path in issue.left_out:
                self._teller.say(f"left out {path}: a better copy of the page is beside it")

    def planned(self, kept: int, total: int) -> None:
        self._teller.begin(total, kept)

    def told(self, outcome: Outcome) -> None:
        self._session.log(outcome)
        line = _line(outcome, self._session.verbose)
        if outcome.status == "skipped":
            self._teller.say(line)
        else:
            self._teller.advance(line)
        if outcome.error:
            self._teller.complain(outcome.error)
            if self._session.verbose and outcome.trace:
                click.echo(outcome.trace, err=True)

    def again(self, outcome: Outcome) -> None:
        self._teller.complain(f"{outcome.error} It is tried once more in a plainer way.")


def _line(outcome: Outcome, verbose: bool) -> str:
    name = f"{outcome.issue}/{outcome.page}"
    if outcome.status == "failed":
        return f"failed   {name}"
    if outcome.status == "aside":
        return f"aside    {name}"
    if outcome.status == "skipped":
        return f"kept     {name}" if verbose else ""
    found = f"{_count(outcome.articles, 'article')}, {_count(outcome.pictures, 'picture')}"
    return f"done     {name}  {found}, coverage {outcome.coverage:.1%}, {outcome.seconds:.1f} s"


def summary_lines(summary: Summary, output: Path | str, seconds: float) -> Iterable[str]:
    """What a run made, what it doubts, and where to look."""
    count = dict.fromkeys(("done", "skipped", "failed", "aside"), 0)
    for page in summary.pages:
        count[page.status] += 1
    parts = [f"{count['done']} converted"]
    if count["skipped"]:
        parts.append(f"{count['skipped']} up to date")
    if count["failed"]:
        parts.append(f"{count['failed']} failed")
    if count["aside"]:
        parts.append(f"{count['aside']} set aside")
    pages = _count(len(summary.pages), "page")
    pace = f" ({60 * count['done'] / seconds:.1f} pages a minute)" if count["done"] > 1 else ""
    yield f"{pages}: {', '.join(parts)}, in {seconds:.1f} s{pace}. Output: {output}"
    stories = sum(issue.stories for issue in summary.issues)
    if stories:
        runs = "story runs" if stories == 1 else "stories run"
        yield f"{stories} {runs} over several pages."
    yield from _doubt_lines(summary)


def _doubt_lines(summary: Summary) -> Iterable[str]:
    if not summary.doubts:
        return
    yield f"To look at ({summary.doubted}):"
    for where, doubt in summary.doubts:
        yield f"  {where}{_place(doubt)}: {doubt.message}"
    if summary.doubted > WEIGHTIEST:
        yield f"  and {summary.doubted - WEIGHTIEST} more: --log-json FILE lists them all."
    if any(doubt.box for _, doubt in summary.doubts):
        yield "Places are pixels of the page; --overlay DIR marks them on pictures of the pages."


def _place(doubt: Doubt) -> str:
    """What the doubt is about and where it lies on its page."""
    subject = f" {doubt.subject}" if doubt.subject else ""
    box = doubt.box
    if box is None:
        return subject
    return f"{subject} (x {box.x0:.0f}-{box.x1:.0f}, y {box.y0:.0f}-{box.y1:.0f})"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
