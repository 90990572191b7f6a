"""Time from a born-digital page to checked NewsML-G2, beside PyMuPDF's own extraction.

    python tests/bench/born_digital.py [FILE.pdf…]

Without files it takes the sample pages (EPAPER_SHARED, or ../shared) and six pages that
epaper.synth sets. Seconds are processor time of this process, each the median of five
runs that open the file anew; `ratio` is the corridor without pictures' crops by
``get_text("rawdict")``, `whole` all of ``convert_page`` and ``write_page`` by it.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
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
from epaper.sources.pages import open_pages
from epaper.synth import make_pages

RUNS = 5
SYNTH_SEEDS = range(6)
COLUMNS = ("rawdict", "read", "layout", "news", "export", "ratio", "whole")
ROOT = Path(__file__).resolve().parents[2]


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


def as_page(path: Path, reading: LayerReading, dpi: float) -> Page:
    """The page as the corridor hands it to layout, without pictures."""
    return Page(
        id=path.stem,
        issue="bench",
        source=SourceInfo(path.name),
        width=reading.width,
        height=reading.height,
        dpi=dpi,
        lines=reading.lines,
        rules=reading.rules,
        frames=reading.frames,
    )


def measured(path: Path, out: Path) -> list[float]:
    """Seconds and ratios of one file's first page, in the order of COLUMNS."""
    (source, *_) = open_pages(path)
    options = ExportOptions()

    def whole() -> None:
        (converted,) = convert_page(source, "bench")
        write_page(converted.page, out, options, converted.crops, ("newsml",))

    raw, _ = timed(lambda: rawdict(path))
    read, reading = timed(lambda: read_layer(path, 0, source.dpi))
    plain = as_page(path, reading, source.dpi)
    layout, laid_out = timed(lambda: lay_out(plain))
    news, page = timed(lambda: understand(laid_out))
    export, _ = timed(lambda: write_page(page, out, options, {}, ("newsml",)))
    corridor, _ = timed(whole)
    return [raw, read, layout, news, export, (read + layout + news + export) / raw, corridor / raw]


def default_pages(folder: Path) -> list[Path]:
    shared = Path(os.environ.get("EPAPER_SHARED", ROOT / ".." / "shared"))
    pages = sorted((shared / "pages").glob("*.pdf"))
    for seed in SYNTH_SEEDS:
        pages.extend(make_pages(folder / str(seed), 1, seed))
    return pages


def main(names: list[str]) -> None:
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        pages = [Path(name) for name in names] or default_pages(Path(folder))
        print(f"{'page':24}" + "".join(f"{name:>9}" for name in COLUMNS))
        for path in pages:
            values = measured(path, Path(folder) / "out")
            cells = "".join(f"{value:9.3f}" for value in values[:-2])
            print(f"{path.stem[:24]:24}{cells}{values[-2]:9.1f}{values[-1]:9.1f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
