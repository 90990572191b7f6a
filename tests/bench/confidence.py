"""How often OCR is wrong at which confidence: lines of scans against their truth.

    python -m tests.bench.confidence [SCAN=TRUTH.json …] [--levels 1,2,3,4] [--dpi 300,100]

Each line that OCR reads is laid along the truth at the place where it fits best; what
differs there counts as wrong (text folded by NFKC, white space left out). Beside the
scans given, a typeset page is worn to each of the levels, at each resolution. The table is what
`epaper.quality.measures.ERRORS` was drawn from.
"""

from __future__ import annotations

import argparse
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import msgspec
from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from epaper.pipeline import Options, TextFrom, convert_page
from epaper.sources.pages import open_pages
from epaper.synth import SynthOptions, make_pages

STEPS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 1.01)
# A shorter line fits the truth in too many places to tell anything.
SHORTEST = 6


def folded(text: str) -> str:
    """Text as it is compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def lines_of(scan: Path, truth: Path) -> Iterator[tuple[float, int, int]]:
    """Of each line read: confidence, characters, wrong characters."""
    boxes = msgspec.json.decode(truth.read_bytes())["boxes"]
    printed = folded("\n".join(box["text"] for box in boxes))
    (source,) = open_pages(scan)
    for converted in convert_page(source, "bench", Options(TextFrom.OCR)):
        for line in converted.page.lines:
            text = folded(line.text)
            if len(text) >= SHORTEST:
                found = partial_ratio_alignment(text, printed)
                best = printed[found.dest_start : found.dest_end]
                wrong = min(len(text), Levenshtein.distance(text, best))
                yield line.confidence, len(text), wrong


def main() -> None:
    """Prints the share of wrong characters a step of confidence."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", nargs="*", metavar="SCAN=TRUTH.json")
    parser.add_argument("--levels", default="1,2,3,4")
    parser.add_argument("--dpi", default="300,100")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    pairs = [tuple(map(Path, pair.split("=", 1))) for pair in asked.pairs]
    with tempfile.TemporaryDirectory() as folder:
        levels = tuple(int(level) for level in asked.levels.split(",") if level)
        if levels:
            for dpi in map(int, asked.dpi.split(",")):
                options = SynthOptions(scans=levels, vertical_share=0.0, dpi=dpi)
                (page,) = make_pages(Path(folder) / str(dpi), 1, asked.seed, options)
                truth = page.with_suffix(".json")
                pairs += [(page.with_suffix(f".scan{level}.jpg"), truth) for level in levels]
        found = []
        for scan, truth in pairs:
            read = list(lines_of(scan, truth))
            chars, wrong = sum(n for _, n, _ in read), sum(w for *_, w in read)
            mean = sum(c * n for c, n, _ in read) / chars
            name = f"{scan.parent.name}/{scan.name}"
            print(f"{name}: {chars} characters, {wrong / chars:.4f} wrong, mean {mean:.3f}")
            found += read
    print("from    characters    wrong")
    for low, high in zip((0.0, *STEPS), STEPS, strict=False):
        inside = [(n, w) for c, n, w in found if low <= c < high]
        chars = sum(n for n, _ in inside)
        if chars:
            print(f"{low:4.2f}    {chars:10d}    {sum(w for _, w in inside) / chars:.4f}")


if __name__ == "__main__":
    main()
