"""``epaper evaluate``: output scored against truth."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from epaper.batch.state import kept_page
from epaper.cli.common import Session, common
from epaper.errors import ExitCode
from epaper.quality.evaluation import evaluate
from epaper.quality.files import page_files, truth_files
from epaper.quality.overlay import draw, overlay_truth, save
from epaper.quality.report import Row
from epaper.quality.truth import read_truth

_PIXELS_A_MM = 8

_ANY = click.Path(exists=True, path_type=Path)


@click.command("evaluate")
@click.argument("truth", type=_ANY)
@click.argument("pred", type=_ANY)
@click.option("--json", "as_json", is_flag=True, help="Answer with JSON.")
@click.option("--misses", is_flag=True, help="List every item that is not right.")
@click.option(
    "--costs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="JSON log of the run, for seconds and memory a page.",
)
@click.option(
    "--overlay",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Draw truth and output of each page into DIR as PNG.",
)
@common
def command(
    session: Session,
    truth: Path,
    pred: Path,
    as_json: bool,
    misses: bool,
    costs: Path | None,
    overlay: Path | None,
) -> ExitCode:
    """Score converted pages against the truth.

    TRUTH is a truth file or a folder of them, PRED a page's XML or a folder of output.

    \b
    Examples:
      epaper evaluate truth/ output/
      epaper evaluate truth/front.json output/front/front.xml --json
    """
    report = evaluate(truth, pred, costs)
    for row in report.rows:
        status = "failed" if _unreadable(row) else "done"
        entry = {"page": row.pred or row.page, "status": status, "error": row.note}
        session.log({**entry, "scores": row.scores.as_dict()})
    click.echo(report.to_json() if as_json else report.to_table(), nl=as_json)
    if misses and not as_json:
        click.echo(report.to_misses(), nl=False)
    if overlay is not None:
        _draw(report.rows, truth, pred, overlay)
    return ExitCode.SOME_FAILED if any(map(_unreadable, report.rows)) else ExitCode.DONE


def _unreadable(row: Row) -> bool:
    """Whether there is output that could not be scored; none at all is a score of 0."""
    return bool(row.pred and row.note)


def _draw(rows: Iterable[Row], truth: Path, pred: Path, folder: Path) -> None:
    """``<page>.truth.png`` of every page, and ``<page>.png`` where its model was kept."""
    folder.mkdir(parents=True, exist_ok=True)
    truths = {path.stem: path for path in truth_files(truth)}
    outputs = {path.stem: path for path in page_files(pred)}
    for row in rows:
        wanted = read_truth(truths[row.page])
        size = (round(wanted.width_mm * _PIXELS_A_MM), round(wanted.height_mm * _PIXELS_A_MM))
        save(overlay_truth(truths[row.page], size), folder / f"{row.page}.truth.png")
        if row.pred not in outputs:
            continue
        page = kept_page(outputs[row.pred].parent, row.pred)
        if page is not None:
            draw(page, None, folder / f"{row.pred}.png")
