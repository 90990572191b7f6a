"""``epaper synth``: newspaper pages set in type, with the truth about them."""

from __future__ import annotations

from pathlib import Path

import click

from epaper.cli.common import Session, common
from epaper.errors import ExitCode
from epaper.synth import STYLES, SynthOptions, make_pages


@click.command("synth")
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--pages",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    metavar="N",
    help="How many pages to set.",
)
@click.option("--seed", type=int, default=0, show_default=True, metavar="S", help="Which pages.")
@click.option(
    "--styles",
    type=click.Choice(["all", "train", "held-out", *sorted(style.name for style in STYLES)]),
    default="all",
    show_default=True,
    help="Families of newspapers to set.",
)
@click.option(
    "--vertical-share",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Share of issues set vertically [default: each family's own].",
)
@common
def command(
    session: Session, out: Path, pages: int, seed: int, styles: str, vertical_share: float | None
) -> ExitCode:
    """Typeset newspaper pages with their truth.

    Writes a PDF and a truth file (JSON) a page into OUT. The same seed gives the same
    pages where the same fonts are installed.

    \b
    Example:
      epaper synth pages/ --pages 8 --seed 7
    """
    made = make_pages(out, pages, seed, SynthOptions(styles=styles, vertical_share=vertical_share))
    for path in made:
        session.log({"page": path.stem, "status": "done", "outputs": [str(path)]})
        click.echo(f"done     {path}")
    return ExitCode.DONE
