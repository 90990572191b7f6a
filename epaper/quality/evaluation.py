"""Files or folders of output scored against files or folders of truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from epaper.errors import EpaperError, InputError
from epaper.quality.files import Cost, page_files, read_costs, truth_files, truth_of
from epaper.quality.newsml import read_pred
from epaper.quality.pagetext import PageText
from epaper.quality.report import Report, Row
from epaper.quality.scoring import score_page
from epaper.quality.truth import read_truth


def evaluate(truth: Path, pred: Path, log: Path | None = None) -> Report:
    """Scores NewsML-G2 pages against truth files.

    `truth` is a JSON file or a folder of them, `pred` a page's XML or a folder, searched
    recursively. Pages meet by name: a page belongs to the truth of its own id, or to the
    longest one it is a variant of (``x.scan1``, ``x-p02`` to ``x``); two files given by
    name always belong together. Every page gets a row; truth without output gets one too,
    scored as an empty page, and so does output that cannot be read. `log` is a JSON-lines
    log of the run, from which seconds and memory come; where it is None, ``log.jsonl`` in
    the folder `pred` is used if it is there.

    Raises InputError where there is no truth or two for one page id, `pred` does not
    exist, or a truth file or the log is broken.
    """
    truths = _by_page(truth_files(truth))
    pages, notes = _assign(truths, pred, named=truth.is_file() and pred.is_file())
    costs = _costs(pred, log)
    rows: list[Row] = []
    for name in sorted(truths):
        wanted = read_truth(truths[name]).page
        rows += [_row(wanted, path, costs) for path in pages[name]] or [_unmet(wanted)]
    return Report(tuple(rows), notes)


def _by_page(files: list[Path]) -> dict[str, Path]:
    truths: dict[str, Path] = {}
    for path in files:
        if path.stem in truths:
            raise InputError(f"{path}: {truths[path.stem]} is truth for the same page id.")
        truths[path.stem] = path
    return truths


def _assign(
    truths: Mapping[str, Path], pred: Path, named: bool
) -> tuple[Mapping[str, list[Path]], tuple[str, ...]]:
    """Pages by truth name, and a note where pages have no truth."""
    pages: dict[str, list[Path]] = defaultdict(list)
    strangers = []
    for path in page_files(pred):
        name = next(iter(truths)) if named else truth_of(path.stem, truths)
        if name is None:
            strangers.append(path.stem)
        else:
            pages[name].append(path)
    notes = (f"Not scored, no truth: {', '.join(strangers)}",) if strangers else ()
    return pages, notes


def _costs(pred: Path, log: Path | None) -> Mapping[str, Cost]:
    if log is None:
        log = pred / "log.jsonl"
        if not log.is_file():
            return {}
    return read_costs(log)


def _row(truth: PageText, path: Path, costs: Mapping[str, Cost]) -> Row:
    try:
        pred = read_pred(path)
    except EpaperError as error:
        return replace(_unmet(truth), pred=path.stem, note=str(error))
    scores, misses = score_page(truth, pred)
    cost = costs.get(path.stem, Cost())
    scores = replace(scores, seconds=cost.seconds, peak_mb=cost.peak_mb)
    return Row(truth.id, path.stem, scores, misses)


def _unmet(truth: PageText) -> Row:
    scores, misses = score_page(truth, PageText(truth.id))
    return Row(truth.id, "", scores, misses, "no output for this page")
