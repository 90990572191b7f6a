"""``epaper convert``: pages in, NewsML-G2 and its companions out."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from epaper.batch.plan import Outcome, Settings, make_plan
from epaper.batch.run import Summary, run
from epaper.cli.common import Session, common, stopped_by_term, telling
from epaper.cli.options import ocr_options, provider_options
from epaper.errors import ExitCode
from epaper.export.formats import NAMES
from epaper.export.options import ExportOptions
from epaper.model import Doubt
from epaper.pipeline import Options, TextFrom
from epaper.reading.engine import OcrOptions

_DOUBTS_SHOWN = 20


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
@click.argument(
    "src", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="SRC..."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("output"),
    show_default=True,
    help="Folder for the results, one folder an issue below it.",
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
    help="Pages at once [default: what cores and memory carry].",
)
@click.option(
    "--dpi",
    type=click.FloatRange(min=30, max=2400),
    metavar="N",
    help="Resolution of the scans, where the files do not say or say it wrongly.",
)
@click.option("--force", is_flag=True, help="Convert again what is up to date.")
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
    scheduler: str | None,
    reproducible: bool,
    overlay: Path | None,
    ocr: OcrOptions,
    export: ExportOptions,
) -> ExitCode:
    """Convert newspaper pages to NewsML-G2.

    SRC are PDF, TIFF, JPEG, PNG, JPEG 2000 or WebP files, or folders of them; a folder
    with pages is an issue. Pages that are up to date are skipped, a page that fails
    does not stop the others.

    \b
    Examples:
      epaper convert scans/
      epaper convert front.pdf -o out/ --formats newsml,alto,txt
      epaper convert archive/ -j 8 --log-json run.jsonl
    """
    settings = Settings(
        out=output,
        formats=formats,
        options=Options(TextFrom(text), dpi, ocr),
        export=export,
        overlay=overlay,
        force=force,
        reproducible=reproducible,
    )
    start = time.perf_counter()
    plan = make_plan(src, dpi, exclude=(output,))
    for path in plan.left_out:
        click.echo(f"left out {path}: a better copy of the page is beside it")
    with telling(len(plan.jobs) + len(plan.failed)) as teller:

        def told(outcome: Outcome) -> None:
            session.log(outcome)
            teller.advance(_line(outcome, session.verbose))
            if outcome.error:
                teller.complain(outcome.error)
                if session.verbose and outcome.trace:
                    click.echo(outcome.trace, err=True)

        with stopped_by_term():
            summary = run(plan, settings, told, jobs, scheduler)
    for issue in summary.issues:
        if issue.error:
            click.echo(f"epaper: {issue.error}", err=True)
    for line in summary_lines(summary, output, time.perf_counter() - start):
        click.echo(line)
    return summary.exit_code


def _line(outcome: Outcome, verbose: bool) -> str:
    name = f"{outcome.issue}/{outcome.page}"
    if outcome.status == "failed":
        return f"failed   {name}"
    if outcome.status == "skipped":
        return f"kept     {name}" if verbose else ""
    found = f"{_count(outcome.articles, 'article')}, {_count(outcome.pictures, 'picture')}"
    return f"done     {name}  {found}, coverage {outcome.coverage:.1%}, {outcome.seconds:.1f} s"


def summary_lines(summary: Summary, output: Path, seconds: float) -> Iterable[str]:
    """What a run made, what it doubts, and where to look."""
    count = dict.fromkeys(("done", "skipped", "failed"), 0)
    for page in summary.pages:
        count[page.status] += 1
    parts = [f"{count['done']} converted"]
    if count["skipped"]:
        parts.append(f"{count['skipped']} up to date")
    if count["failed"]:
        parts.append(f"{count['failed']} failed")
    pages = _count(len(summary.pages), "page")
    yield f"{pages}: {', '.join(parts)}, in {seconds:.1f} s. Output: {output}"
    stories = sum(issue.stories for issue in summary.issues)
    if stories:
        runs = "story runs" if stories == 1 else "stories run"
        yield f"{stories} {runs} over several pages."
    yield from _doubt_lines(summary)


def _doubt_lines(summary: Summary) -> Iterable[str]:
    doubts = [
        (f"{page.issue}/{page.page}", doubt)
        for page in summary.pages
        if page.status == "done"
        for doubt in page.doubts
    ]
    doubts += [(issue.issue, doubt) for issue in summary.issues for doubt in issue.doubts]
    if not doubts:
        return
    yield f"To look at ({len(doubts)}):"
    for where, doubt in sorted(doubts, key=lambda d: d[1].confidence)[:_DOUBTS_SHOWN]:
        yield f"  {where}{_place(doubt)}: {doubt.message}"
    if len(doubts) > _DOUBTS_SHOWN:
        yield f"  and {len(doubts) - _DOUBTS_SHOWN} more: --log-json FILE lists them all."
    if any(doubt.box for _, doubt in doubts):
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
