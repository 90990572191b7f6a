"""The sample pages that come with the project: ``python -m epaper.synth.samples scans``.

All their text is made by the grammar, so they are free of anyone's rights.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf

from epaper.synth import SynthOptions, make_pages
from epaper.synth.wear import scan

# PyMuPDF types only some of its calls.
_mupdf: Any = pymupdf

_DAILY, _TABLOID, _OLD = _FOLDERS = ("provincial-daily", "city-tabloid", "old-vertical")


def make_samples(out: Path) -> list[Path]:
    """Write a two-page issue with a jump, a worn scan and a vertical page to `out`.

    Each paper has a folder of its own, since a folder is an issue. Their truth goes to
    ``out/truth``, named by page id.
    """
    for folder in ("truth", *_FOLDERS):
        (out / folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        return [_issue(out, work), _scan(out, work), _vertical(out, work)]


def _pages(work: Path, style: str, count: int, wanted: Callable[[Path], bool]) -> list[Path]:
    """Pages of the first seed whose first page is `wanted`."""
    for seed in range(1, 100):
        made = make_pages(work / f"{style}-{seed}", count, seed, SynthOptions(style, own_text=1.0))
        if wanted(made[0]):
            return made
    raise RuntimeError(f"no seed below 100 gives the {style} sample")


def _articles(pdf: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(pdf.with_suffix(".json").read_text("utf-8"))[
        "articles"
    ]
    return found


def _jumps(pdf: Path) -> bool:
    return any("continues_to" in a for a in _articles(pdf))


def _pictured(pdf: Path) -> bool:
    return sum(len(a["captions"]) for a in _articles(pdf)) >= 2


def _issue(out: Path, work: Path) -> Path:
    path = out / _DAILY / "issue.pdf"
    with _mupdf.open() as issue:
        for number, page in enumerate(_pages(work, "provincial", 2, _jumps), start=1):
            with _mupdf.open(page) as one:
                issue.insert_pdf(one)
            shutil.copy(page.with_suffix(".json"), out / "truth" / f"issue-p{number:02d}.json")
        issue.save(path, garbage=4, deflate=True, no_new_id=True)
    return path


def _scan(out: Path, work: Path) -> Path:
    page = _pages(work, "city", 1, _pictured)[0]
    shutil.copy(page.with_suffix(".json"), out / "truth" / "worn-scan.json")
    return scan(page, out / _TABLOID / "worn-scan.jpg", 3, random.Random(3))


def _vertical(out: Path, work: Path) -> Path:
    page = _pages(work, "old-vertical", 1, lambda _: True)[0]
    shutil.copy(page.with_suffix(".json"), out / "truth" / "vertical.json")
    return Path(shutil.copy(page, out / _OLD / "vertical.pdf"))


if __name__ == "__main__":
    for made in make_samples(Path(sys.argv[1])):
        print(made)
