"""``epaper report``: how good a run came out, for those who have to accept it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from epaper.batch.report import look_over, report
from epaper.cli.common import Session, common
from epaper.cli.options import Output
from epaper.errors import ExitCode
from epaper.export.write import write_whole


@click.command("report")
@click.argument("output", type=Output(exists=True, file_okay=False), default="output")
@click.option(
    "-o",
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the report goes [default: report.html in OUTPUT].",
)
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="Pages to check by hand.",
)
@common
def command(session: Session, output: Path, to: Path | None, sample: int) -> ExitCode:
    """Write the quality report of an output folder, one HTML file to read or print.

    It tells, in Chinese and English, whether the issues are whole, whether the text
    became stories and how well it was read; which pages are the worst; how that changed
    over the years; and which pages to check by hand.

    \b
    Examples:
      epaper report output/
      epaper report output/ -o report.html --sample 50
    """
    found = look_over(output, sample)
    path = to or output / "report.html"
    write_whole(path, report(found, output, datetime.now()).encode(errors="replace"))
    for record in found.worst:
        session.log({"page": record.page, "issue": record.issue, "measures": record.measures})
    click.echo(
        f"{found.totals.pages:,} pages of {found.issues:,} issues, estimated error rate "
        f"{found.totals.error_rate:.2%}, coverage {found.totals.coverage:.1%}, "
        f"{len(found.bad):,} failed or set aside: {path}"
    )
    return ExitCode.DONE
