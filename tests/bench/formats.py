"""What the formats add to the time of born-digital pages: each of them, and all in a run.

    python -m tests.bench.formats [FILE.pdf | FOLDER]…

Of each file the first page is taken, of a folder every PDF below it, and two pages that
epaper.synth sets in addition. Milliseconds are processor time of this process, each the
least of five runs, those that are compared in turns; `whole` is all of ``convert_page``,
`newsml` and what follows the writing of that format alone, checked, without the
pictures, which are written whatever the format. JSON is what a run has anyway, since it
keeps the page. Formats of an issue are those of an issue of this one page. `added` is the
share of whole and newsml together that all the other formats add, without `jpg`; they are
asked for at once, as a run does.

In the last lines the pages are one issue, converted and put together as a run does it,
once to NewsML-G2 alone and once to all formats.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from epaper.batch.issues import put_together
from epaper.batch.plan import Settings, make_plan
from epaper.batch.work import work
from epaper.export.formats import FORMATS, ISSUE_FORMATS
from epaper.export.jsonfile import page_to_json
from epaper.export.options import ExportOptions, Sheet
from epaper.export.write import write_issue, write_page
from epaper.issue import assemble
from epaper.pipeline import Options, TextFrom, convert_page
from epaper.sources.pages import open_pages
from epaper.synth import make_pages
from tests.bench.born_digital import files_in, is_sound, row

RUNS = 5
SYNTH_SEEDS = range(2)
# Drawing a page costs what the page costs, whoever asks for it.
_APART = ("jpg",)
PAGE_FORMATS = tuple(name for name in FORMATS if name not in _APART)
_LAYER = Options(TextFrom.LAYER)


def spent(things: dict[str, Callable[[], Any]], runs: int = RUNS) -> dict[str, float]:
    """Least processor seconds of each thing that is done, in turns."""
    least: dict[str, float] = {}
    for _ in range(runs):
        for name, thing in things.items():
            start = time.process_time()
            thing()
            least[name] = min(least.get(name, sys.float_info.max), time.process_time() - start)
    return least


def measured(path: Path, out: Path) -> dict[str, float]:
    """Seconds by format, with those of the page itself."""
    (source, *_) = open_pages(path)
    options = ExportOptions()
    (converted, *_) = convert_page(source, "bench", _LAYER)
    sheet, page = Sheet(pdf=path, index=0), converted.page
    issue, model = assemble("bench", [page]), page_to_json(page)

    def pages(*formats: str) -> Callable[[], Any]:
        return lambda: write_page(
            page, out, options, converted.crops, formats, sheet=sheet, model=model
        )

    def package(*formats: str) -> Callable[[], Any]:
        return lambda: write_issue(issue, out, options, formats)

    found = spent(
        {
            "whole": lambda: convert_page(source, "bench", _LAYER),
            "pictures": pages(),
            **{name: pages(name) for name in PAGE_FORMATS},
            "all": pages(*PAGE_FORMATS),
            "package": package(),
            **{name: package(name) for name in ISSUE_FORMATS},
        }
    )
    # Apart, since it drives the other things out of the processor's caches.
    found |= spent({name: pages(name) for name in _APART})
    pictures, bare = found.pop("pictures"), found.pop("package")
    for name in (*FORMATS, "all"):
        found[name] -= pictures
    for name in ISSUE_FORMATS:
        found[name] -= bare
    others = found.pop("all") - found["newsml"] + sum(found[name] for name in ISSUE_FORMATS)
    found["added"] = others / (found["whole"] + found["newsml"])
    return found


def run_seconds(folder: Path, out: Path) -> tuple[float, float]:
    """Processor seconds of a run of `folder` to NewsML-G2 alone, and to all formats.

    The least of each page and of the issue, added up.
    """
    jobs, least = make_plan([folder]).jobs, [Counter[str](), Counter[str]()]
    orders = [("newsml",), (*PAGE_FORMATS, *ISSUE_FORMATS)]

    def kept(known: Counter[str], key: str, thing: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = thing()
        seconds = time.process_time() - start
        known[key] = min(known.get(key, seconds), seconds)
        return result

    for turn in range(RUNS):
        runs = [
            (
                known,
                [],
                Settings(out / f"{number}-{turn}", formats=order, options=_LAYER, threads=1),
            )
            for number, (known, order) in enumerate(zip(least, orders, strict=True))
        ]
        for job in jobs:
            for known, outcomes, settings in runs:
                outcomes.extend(kept(known, job.source.page_id, partial(work, job, settings)))
        for known, outcomes, settings in runs:
            kept(known, "", partial(put_together, folder.name, outcomes, settings))
    first, second = (sum(known.values()) for known in least)
    return first, second


def main(names: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [path for name in names for path in files_in(name)]
        for seed in SYNTH_SEEDS:
            paths.extend(make_pages(folder / str(seed), 1, seed))
        paths = list(filter(is_sound, paths))
        print("Processor milliseconds a page.")
        print(row("page", ("whole", *PAGE_FORMATS, *ISSUE_FORMATS, *_APART, "added")), flush=True)
        shares = []
        for path in paths:
            found = measured(path, folder / "out")
            shares.append(found.pop("added"))
            cells = [f"{1000 * seconds:.0f}" for seconds in found.values()]
            print(row(path.stem, (*cells, f"{shares[-1]:.0%}")), flush=True)
        print(
            f"Median of what {len(shares)} pages add: {statistics.median(shares):.1%}", flush=True
        )
        issue = folder / "issue"
        issue.mkdir()
        for number, path in enumerate(paths, 1):
            (issue / f"{number:02}-{path.name}").symlink_to(path.resolve())
        newsml, everything = run_seconds(issue, folder / "run")
        print(
            f"A run of {len(paths)} pages: {newsml:.2f} s to newsml, {everything:.2f} s to all"
            f" formats, {everything / newsml - 1:.1%} more"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
