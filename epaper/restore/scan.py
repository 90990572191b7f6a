"""The restoring of one scan: borders, skew, spread, tone; each only where it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.model import Step
from epaper.restore.borders import without_borders
from epaper.restore.skew import find_skew
from epaper.restore.spread import find_gutter
from epaper.restore.tone import even_tone, paper_color

Image = NDArray[np.uint8]
Matrix = tuple[tuple[float, float, float], ...]

# Degrees below which lines need no turning: 0.05 degrees is 4 px over a 4600 px page.
_NEEDED = 0.08


@dataclass(frozen=True, slots=True)
class Restored:
    """One page of a scan.

    `image` is RGB (H, W, 3), its colours as scanned. `side` is "L" or "R" for half of a
    spread, else "".
    `transform` is the 3x3 homography from pixels of the scan to pixels of `image`.
    """

    image: Image
    dpi: float
    side: str
    transform: Matrix
    steps: tuple[Step, ...]

    @property
    def ink(self) -> Image:
        """Gray (H, W) with white, even paper and no show-through; made on each call."""
        return even_tone(self.image)

    def to_scan(self, x: float, y: float) -> tuple[float, float]:
        """The point of the scan that became (x, y)."""
        inverse = np.linalg.inv(np.array(self.transform))
        px, py, w = inverse @ np.array([x, y, 1.0])
        return float(px / w), float(py / w)


def restore(image: Image, dpi: float) -> tuple[Restored, ...]:
    """Pages of an RGB scan (H, W, 3) at `dpi`: one, or two in reading order left, right.

    Orientation by quarter turns is taken as right. What was done, and on what evidence,
    stands in each page's steps; a step that was not needed is left out.
    """
    steps: list[Step] = []
    image, cleared = without_borders(image)
    if cleared:
        steps.append(Step("borders", cleared))
    matrix = np.eye(3)
    skew = find_skew(image)
    if skew is not None and abs(skew.degrees) >= _NEEDED:
        image, matrix = _turned(image, skew.degrees)
        steps.append(
            Step("deskew", f"turned by {skew.degrees:.2f} degrees, evidence {skew.sharpness:.2f}")
        )
    gutter = find_gutter(image)
    if gutter is None:
        return (_page(image, dpi, "", matrix, steps),)
    steps.append(Step("split", f"spread parted at x = {gutter}"))
    right = np.array([[1.0, 0, -gutter], [0, 1, 0], [0, 0, 1]]) @ matrix
    return (
        _page(np.ascontiguousarray(image[:, :gutter]), dpi, "L", matrix, steps),
        _page(np.ascontiguousarray(image[:, gutter:]), dpi, "R", right, steps),
    )


def _page(
    image: Image, dpi: float, side: str, matrix: NDArray[np.float64], steps: Sequence[Step]
) -> Restored:
    rows = tuple((float(a), float(b), float(c)) for a, b, c in matrix)
    return Restored(image, dpi, side, rows, tuple(steps))


def _turned(image: Image, degrees: float) -> tuple[Image, NDArray[np.float64]]:
    """The image turned about its middle so that lines sloping by `degrees` lie level."""
    height, width = image.shape[:2]
    affine = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), np.float64)
    radians = np.radians(abs(degrees))
    wide = round(width * np.cos(radians) + height * np.sin(radians))
    high = round(height * np.cos(radians) + width * np.sin(radians))
    affine[:, 2] += ((wide - width) / 2, (high - height) / 2)
    turned = cv2.warpAffine(
        image,
        affine,
        (wide, high),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=paper_color(image),
    )
    return np.asarray(turned, np.uint8), np.vstack([affine, [0.0, 0.0, 1.0]])
