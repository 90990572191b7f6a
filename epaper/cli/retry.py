"""``epaper retry``: what failed or was set aside, once more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from epaper.batch.convert import orders
from epaper.batch.pool import Limits
from epaper.cli.common import Session, common
from epaper.cli.convert import converted
from epaper.cli.options import Output, limit_options
from epaper.errors import EpaperError, ExitCode, InputError


@click.command("retry")
@click.argument("output", type=Output(exists=True, file_okay=False), default="output")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Cores to use, and pages at once [default: as in the run before].",
)
@limit_options
@common
def command(session: Session, output: Path, jobs: int | None, limits: Limits) -> ExitCode:
    """Try again the pages that failed or were set aside.

    What was converted into OUTPUT is converted again with the options of then: pages
    that are up to date are kept, all others are done.

    \b
    Examples:
      epaper retry output/
      epaper retry output/ -j 1 --page-timeout 3600
    """
    found = orders(output)
    if not found:
        raise InputError(f"{output}: nothing was converted into this folder.")
    worst = ExitCode.DONE
    for order in found:
        settings = replace(
            order.settings, retry=True, page_timeout=limits.seconds, page_memory=limits.memory_mb
        )
        try:
            code = converted(session, order.paths, settings, jobs or order.workers, order.scheduler)
        except EpaperError as error:
            if len(found) == 1:
                raise
            click.echo(f"epaper: {error}", err=True)
            code = ExitCode.SOME_FAILED
        worst = max(worst, code)
    return worst if len(found) == 1 else min(worst, ExitCode.SOME_FAILED)
