"""Time from a born-digital page to checked NewsML-G2, beside PyMuPDF's own extraction.

    python -m tests.bench.born_digital [FILE.pdf | FOLDER]…

Of each file the first page is taken, of a folder every PDF below it; those without a
sound text layer are named and passed over. Three pages that epaper.synth sets come in
addition. Seconds are processor time of this process, each the median of five runs that
open the file anew; `whole` is all of ``convert_page`` and ``write_page``, with the
pictures. The last two columns are by ``get_text("rawdict")``: `parts` the sum of read,
layout, news and export, `ratio` the whole.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import pymupdf

from epaper.export.options import ExportOptions
from epaper.export.write import write_page
from epaper.layout import lay_out
from epaper.model import Page, SourceInfo
from epaper.news import understand
from epaper.pipeline import convert_page
from epaper.reading.layer import LayerReading, read_layer
from epaper.sources.pages import PageSource, open_pages
from epaper.synth import make_pages

RUNS = 5
GOAL = 4.0
SYNTH_SEEDS = range(3)
SECONDS = ("rawdict", "read", "layout", "news", "export", "whole")
RATIOS = ("parts", "ratio")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Median processor seconds of `work`, and what it gave last."""
    spent = []
    for _ in range(RUNS):
        start = time.process_time()
        result = work()
        spent.append(time.process_time() - start)
    return statistics.median(spent), result


def rawdict(path: Path) -> None:
    document: Any
    with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
        document[0].get_text("rawdict")


def as_page(source: PageSource, reading: LayerReading) -> Page:
    """The page as the corridor hands it to layout, without pictures."""
    return Page(
        id=source.page_id,
        issue="bench",
        source=SourceInfo(source.path.name),
        width=reading.width,
        height=reading.height,
        dpi=source.dpi,
        lines=reading.lines,
        rules=reading.rules,
        frames=reading.frames,
    )


def measured(path: Path, out: Path) -> list[float]:
    """Seconds and ratios of one file's first page, in the order of SECONDS and RATIOS."""
    (source, *_) = open_pages(path)
    options = ExportOptions()

    def whole() -> None:
        (converted,) = convert_page(source, "bench")
        write_page(converted.page, out, options, converted.crops, ("newsml",))

    raw, _ = timed(lambda: rawdict(path))
    read, reading = timed(lambda: read_layer(path, 0, source.dpi))
    plain = as_page(source, reading)
    layout, laid_out = timed(lambda: lay_out(plain))
    news, page = timed(lambda: understand(laid_out))
    export, _ = timed(lambda: write_page(page, out, options, {}, ("newsml",)))
    corridor, _ = timed(whole)
    parts = read, layout, news, export
    return [raw, *parts, corridor, sum(parts) / raw, corridor / raw]


def is_sound(path: Path) -> bool:
    """Whether the first page is read from its text layer."""
    (source, *_) = open_pages(path)
    return str(read_layer(path, 0, source.dpi).health.kind) == "good"


def files_in(name: str) -> list[Path]:
    path = Path(name)
    return sorted(path.rglob("*.pdf")) if path.is_dir() else [path]


def row(name: str, cells: Iterable[str]) -> str:
    return f"{name[:24]:24}" + "".join(f"{cell:>9}" for cell in cells)


def main(names: list[str]) -> None:
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        pages = [path for name in names for path in files_in(name)]
        for seed in SYNTH_SEEDS:
            pages.extend(make_pages(Path(folder) / str(seed), 1, seed))
        print("Processor seconds a page; parts and ratio: times PyMuPDF's rawdict.")
        print(row("page", (*SECONDS, *RATIOS)), flush=True)
        found = []
        for path in pages:
            if not is_sound(path):
                print(f"{path.stem[:24]:24}  has no sound text layer", flush=True)
                continue
            found.append(measured(path, Path(folder) / "out"))
            seconds, ratios = found[-1][: len(SECONDS)], found[-1][len(SECONDS) :]
            cells = (*(f"{s:.3f}" for s in seconds), *(f"{r:.1f}" for r in ratios))
            print(row(path.stem, cells), flush=True)
        whole = [values[-1] for values in found]
        above = sum(ratio > GOAL for ratio in whole)
        print(f"Median ratio of {len(found)} pages: {statistics.median(whole):.1f}")
        print(f"Above the goal of {GOAL}: {above}; the most: {max(whole):.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
