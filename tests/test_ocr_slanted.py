"""Lines set aslant: which they are, and that they are read where they stand."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from epaper.geometry import Box
from epaper.reading.ocr import read_image
from epaper.reading.ocr_slanted import part_slanted
from epaper.reading.tiles import Found
from tests.test_ocr import DPI, Sheet

ADVERT = ["青春宝营养丰富", "各大药房均有售"]


def found(x: float, y: float, width: float, height: float, degrees: float) -> Found:
    return Found(Box(x, y, x + width, y + height), math.radians(degrees), 0.9)


@pytest.mark.parametrize("degrees", [16.0, -16.0])
def test_a_slanted_advert_is_read_and_placed(degrees: float) -> None:
    sheet = Sheet(320, 240)
    for number, text in enumerate(ADVERT):
        sheet.row(90, 110 + 30 * number, text, 18)
    image = sheet.image()
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(image, turn, (width, height), borderValue=(255, 255, 255))
    lines = read_image(np.asarray(turned, np.uint8), DPI)
    assert sorted(line.text for line in lines) == sorted(ADVERT)
    ink = np.argwhere(turned.min(axis=2) < 128)
    together = lines[0].box.union(lines[1].box)
    edges = [together.y0, together.x0, together.y1, together.x1]
    assert edges == pytest.approx([*ink.min(axis=0), *ink.max(axis=0)], abs=0.3 * 18 / 72 * DPI)
    for line in lines:
        assert [char.cx for char in line.chars] == sorted(char.cx for char in line.chars)
        assert all(line.box.contains(Box(c.cx, c.cy, c.cx, c.cy)) for c in line.chars)
        assert line.size == pytest.approx(18 / 72 * DPI, rel=0.1)


def test_a_short_line_is_slanted_only_where_a_long_one_says_so() -> None:
    long, short = found(100, 100, 400, 40, 15), found(150, 180, 80, 40, 17)
    far, warped = found(2000, 900, 80, 40, 17), found(100, 800, 400, 40, 3)
    level, slanted = part_slanted([long, short, far, warped])
    assert level == [far, warped]
    assert slanted == [long, short]
