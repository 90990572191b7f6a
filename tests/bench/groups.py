"""How well the stories of a real page agree with groups of regions drawn by hand.

    python -m tests.bench.groups IMAGE REGIONS.json [--overlay OUT.png]

REGIONS.json is a W3C annotation page: SVG shapes in pixels of the image, those of one story
(or advert) in one annotation with a GroupAnnotation body. Two of its regions are a pair if
they are of one group; a region belongs to the article whose lines have most characters in
it; masthead and folio count as one. Then the same the other way round: two blocks of the
output are a pair if they are of one article, and a block belongs to the group whose regions
hold most of its characters.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.model import Block, Page, Role
from epaper.pipeline import Options, TextFrom, convert_page
from epaper.quality.overlay import draw
from epaper.sources.pages import open_pages

Points = NDArray[np.float32]

_HEAD = (Role.MASTHEAD, Role.FOLIO)
_NUMBER = r"[-+]?\d*\.?\d+(?:e[-+]?\d+)?"
_MATRIX = re.compile(rf"matrix\(((?:{_NUMBER}[\s,]*){{6}})\)")
_POINTS = re.compile(r'points="([^"]+)"')


@dataclass(frozen=True)
class Region:
    """A shape drawn by hand, in pixels of the image, and the number of its group."""

    points: Points
    group: int


@dataclass(frozen=True)
class Pairs:
    """Pairs of one story: those of the truth, those found, and those in both."""

    wanted: int
    found: int
    right: int

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.wanted + self.found) if self.wanted + self.found else 1.0

    def __str__(self) -> str:
        precision = self.right / self.found if self.found else 1.0
        recall = self.right / self.wanted if self.wanted else 1.0
        return f"F1 {self.f1:.3f}, precision {precision:.3f}, recall {recall:.3f}"


def read_regions(path: Path) -> list[Region]:
    """The polygons of all groups; one drawn into two groups counts with the first."""
    found: dict[str, Region] = {}
    groups = [i for i in json.loads(path.read_text("utf-8"))["items"] if _is_group(i)]
    for number, item in enumerate(groups):
        for target in item["target"]:
            points = _polygon(target["selector"]["value"])
            if points is not None:
                found.setdefault(target["id"], Region(points, number))
    return list(found.values())


def _is_group(item: dict[str, Any]) -> bool:
    return any(body.get("type") == "GroupAnnotation" for body in item["body"])


def _polygon(svg: str) -> Points | None:
    """Corners (N, 2) of a polygon on the image; None for any other shape."""
    drawn = _POINTS.search(svg)
    if drawn is None:
        return None
    points = np.array(_numbers(drawn[1])).reshape(-1, 2)
    matrix = _MATRIX.search(svg)
    if matrix:
        a, b, c, d, e, f = _numbers(matrix[1])
        points = points @ np.array([[a, b], [c, d]]) + (e, f)
    return np.asarray(points, np.float32)


def _numbers(text: str) -> list[float]:
    return [float(n) for n in re.findall(_NUMBER, text)]


def inside(pages: Sequence[Page], regions: Sequence[Region]) -> dict[tuple[int, str, str], int]:
    """Characters by region, page and block: those of lines whose middle the region holds."""
    counts: Counter[tuple[int, str, str]] = Counter()
    for page in pages:
        for block in page.blocks:
            for line in block.lines:
                x, y = line.box.cx, line.box.cy
                if page.scan is not None:
                    x, y = page.scan.transform.to_scan(x, y)
                for number, region in enumerate(regions):
                    if cv2.pointPolygonTest(region.points, (x, y), measureDist=False) >= 0:
                        counts[number, page.id, block.id] += len(line.text)
    return dict(counts)


def pairs(wanted: Sequence[Hashable], found: Sequence[Hashable]) -> Pairs:
    """Pairs by two labels of the same things; None as a label is alone with itself."""
    both = list(zip(wanted, found, strict=True))
    same = [
        (a[0] is not None and a[0] == b[0], a[1] is not None and a[1] == b[1])
        for a, b in combinations(both, 2)
    ]
    return Pairs(sum(w for w, _ in same), sum(f for _, f in same), sum(w and f for w, f in same))


def agreement(pages: Sequence[Page], regions: Sequence[Region]) -> tuple[Pairs, Pairs]:
    """Pairs of regions, and pairs of blocks, in one story."""
    counts = inside(pages, regions)
    story = {(p.id, b): (p.id, a.id) for p in pages for a in p.articles for b in a.blocks}
    story |= {(p.id, b.id): (p.id, "head") for p in pages for b in p.blocks if b.role in _HEAD}
    told: list[Hashable] = []
    for number in range(len(regions)):
        votes: Counter[Hashable] = Counter()
        for (region, page, block), said in counts.items():
            if region == number and (page, block) in story:
                votes[story[page, block]] += said
        told.append(max(votes, key=lambda v: votes[v]) if votes else None)
    by_regions = pairs([r.group for r in regions], told)
    blocks: dict[tuple[str, str], Counter[int]] = {}
    for (region, page, block), said in counts.items():
        blocks.setdefault((page, block), Counter())[regions[region].group] += said
    names = [name for name in blocks if name in story]
    group = [max(blocks[n], key=lambda g, n=n: blocks[n][g]) for n in names]  # type: ignore[misc]
    return by_regions, pairs(group, [story[n] for n in names])


def unmatched(pages: Sequence[Page], regions: Sequence[Region]) -> list[Block]:
    """Blocks of articles that lie in no region."""
    met = {(page, block) for _, page, block in inside(pages, regions)}
    return [p.block(b) for p in pages for a in p.articles for b in a.blocks if (p.id, b) not in met]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("image", type=Path)
    parser.add_argument("regions", type=Path)
    parser.add_argument("--overlay", type=Path, help="draw what was understood of the page there")
    options = parser.parse_args()
    regions = read_regions(options.regions)
    pages = []
    for source in open_pages(options.image):
        for done in convert_page(source, "bench", Options(text=TextFrom.OCR)):
            pages.append(done.page)
            if options.overlay:
                name = f"{options.overlay.stem}{done.page.id[-2:]}{options.overlay.suffix}"
                draw(done.page, done.image, options.overlay.with_name(name))
    by_regions, by_blocks = agreement(pages, regions)
    count = len({r.group for r in regions})
    print(f"{len(regions)} regions in {count} groups; {len(pages)} pages")
    print(f"pairs of regions in one story: {by_regions}")
    print(f"pairs of blocks in one story:  {by_blocks}")
    print(f"blocks of articles in no region: {len(unmatched(pages, regions))}")


if __name__ == "__main__":
    main()
