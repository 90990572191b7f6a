"""What each format adds to the time of a born-digital page.

    python -m tests.bench.formats [FILE.pdf | FOLDER]…

Of each file the first page is taken, of a folder every PDF below it, and two pages that
epaper.synth sets in addition. Milliseconds are processor time of this process, each the
median of five runs; `whole` is all of ``convert_page``, `newsml` and what follows the
writing of that format alone, checked, without the pictures, which are written whatever
the format. Formats of an issue are those of an issue of this one page. `added` is the
share of whole and newsml together that all the other formats add, without `jpg`; they are
asked for at once, as a run does.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from epaper.export.formats import FORMATS, ISSUE_FORMATS
from epaper.export.options import ExportOptions, Sheet
from epaper.export.write import write_issue, write_page
from epaper.issue import assemble
from epaper.pipeline import Options, TextFrom, convert_page
from epaper.sources.pages import open_pages
from epaper.synth import make_pages
from tests.bench.born_digital import files_in, is_sound, row, timed

SYNTH_SEEDS = range(2)
# Drawing a page costs what the page costs, whoever asks for it.
_APART = ("jpg",)


def measured(path: Path, out: Path) -> dict[str, float]:
    """Seconds by format, with those of the page itself."""
    (source, *_) = open_pages(path)
    options, asked = ExportOptions(), Options(TextFrom.LAYER)
    found: dict[str, float] = {}
    found["whole"], ((converted, *_)) = timed(lambda: convert_page(source, "bench", asked))
    sheet, page = Sheet(pdf=path, index=0), converted.page

    def pages(*formats: str) -> float:
        return timed(lambda: write_page(page, out, options, converted.crops, formats, sheet=sheet))[
            0
        ]

    issue = assemble("bench", [page])
    pictures = pages()
    for name in FORMATS:
        found[name] = pages(name) - pictures
    package, _ = timed(lambda: write_issue(issue, out, options))
    for name in ISSUE_FORMATS:
        pages(*FORMATS)
        found[name] = timed(lambda: write_issue(issue, out, options, [name]))[0] - package  # noqa: B023
    others = pages(*(name for name in FORMATS if name not in _APART)) - pictures - found["newsml"]
    others += sum(found[name] for name in ISSUE_FORMATS)
    found["added"] = others / (found["whole"] + found["newsml"])
    return found


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = [path for name in names for path in files_in(name)]
        for seed in SYNTH_SEEDS:
            paths.extend(make_pages(Path(folder) / str(seed), 1, seed))
        print("Processor milliseconds a page.")
        print(row("page", ("whole", *FORMATS, *ISSUE_FORMATS, "added")), flush=True)
        shares = []
        for path in filter(is_sound, paths):
            found = measured(path, Path(folder) / "out")
            shares.append(found.pop("added"))
            cells = [f"{1000 * seconds:.0f}" for seconds in found.values()]
            print(row(path.stem, (*cells, f"{shares[-1]:.0%}")), flush=True)
        print(f"Median of what {len(shares)} pages add: {statistics.median(shares):.0%}")


if __name__ == "__main__":
    main(sys.argv[1:])
