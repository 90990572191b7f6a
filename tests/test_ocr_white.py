"""Rows of letter-spaced lines told from columns by the white between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from epaper.geometry import Box, hull
from epaper.reading.tiles import Found
from epaper.reading.tiles_again import looked_again
from epaper.reading.tiles_white import lines_by_white

Image = NDArray[np.uint8]

EM, PITCH, LEFT, RIGHT, TOP = 36, 58, 120, 540, 100
LETTER = 32
# How many letters each row has; they are spaced to one length.
JUSTIFIED, GRID = (7, 9, 8, 6), (8, 8, 8, 8)
REGION = Box(100, 80, 560, TOP + 4 * PITCH)


def printed(rows: tuple[int, ...]) -> Image:
    """A page with rows of letters, set wide, of as many letters each."""
    page = np.full((1400, 1500, 3), 240, np.uint8)
    for row, count in enumerate(rows):
        y = TOP + PITCH * row
        for x in np.linspace(LEFT, RIGHT - LETTER, count).round().astype(int):
            # A frame with a stroke in it.
            page[y : y + LETTER, x : x + LETTER] = 20
            page[y + 5 : y + LETTER - 5, x + 5 : x + 13] = 240
            page[y + 5 : y + LETTER - 5, x + 19 : x + 27] = 240
    return page


def are_rows(boxes: list[Box], rows: tuple[int, ...] = JUSTIFIED) -> bool:
    """True for a box around each of the rows, and hardly more."""
    wanted = [Box(LEFT, y, RIGHT, y + LETTER) for y in (TOP + PITCH * k for k in range(len(rows)))]
    return len(boxes) == len(wanted) and all(
        box.contains(row) and box.width < row.width + EM / 2 and box.height < row.height + EM / 2
        for box, row in zip(sorted(boxes, key=lambda b: b.y0), wanted, strict=True)
    )


@pytest.mark.parametrize("inverted", [False, True])
def test_letter_spaced_lines_with_white_from_side_to_side_are_rows(inverted: bool) -> None:
    """White letters on a dark ground as well."""
    page = printed(JUSTIFIED)
    assert are_rows(lines_by_white(255 - page if inverted else page, REGION, EM))


def test_letter_spaced_lines_with_white_from_top_to_bottom_are_columns() -> None:
    page = np.ascontiguousarray(printed(JUSTIFIED).transpose(1, 0, 2))
    found = lines_by_white(page, REGION.transposed(), EM)
    assert are_rows([box.transposed() for box in found])


def test_letters_with_white_both_ways_are_neither_rows_nor_columns() -> None:
    assert lines_by_white(printed(GRID), REGION, EM) == []


def test_a_picture_without_white_is_neither_rows_nor_columns() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (500, 700), np.uint8)
    assert lines_by_white(np.repeat(noise[..., None], 3, axis=2), REGION, EM) == []


def test_a_speck_in_the_white_between_two_rows_joins_them_to_none() -> None:
    page = printed(JUSTIFIED)
    page[TOP + LETTER + 10 : TOP + LETTER + 14, 300:304] = 20
    assert are_rows(lines_by_white(page, REGION, EM))


def test_dirt_across_the_white_between_two_rows_does_not_join_them() -> None:
    page = printed(JUSTIFIED)
    page[TOP + LETTER - 2 : TOP + PITCH + 2, 300:308] = 20
    assert are_rows(lines_by_white(page, REGION, EM))


def clashing() -> list[Found]:
    """Boxes of the rows, and some down over two of them, as detection may give for either."""
    tops = [TOP + PITCH * k for k in range(4)]
    rows = [Box(LEFT, y, RIGHT, y + LETTER) for y in tops]
    down = [
        Box(x, y, x + LETTER, y + PITCH + LETTER)
        for x, y in zip((120, 300, 500), tops[:3], strict=True)
    ]
    return [Found(box, 0.0, 0.8) for box in (*rows, *down)]


@pytest.mark.parametrize(("rows", "told"), [(JUSTIFIED, True), (GRID, False)])
def test_boxes_that_clash_at_every_look_give_way_to_the_rows_that_white_shows(
    rows: tuple[int, ...], told: bool
) -> None:
    """Where it shows none, they stay."""
    before = clashing()
    alone = Found(Box(100, 420, 400, 452), 0.0, 0.9)
    whole = hull(f.box for f in before)

    def look(part: Image, _closer: float) -> list[Found]:
        x, y = (part.shape[1] - whole.width) / 2, (part.shape[0] - whole.height) / 2
        return [replace(f, box=f.box.moved(x - whole.x0, y - whole.y0)) for f in before]

    found = looked_again(printed(rows), [*before, alone], look)
    assert alone in found
    boxes = [f.box for f in found if f is not alone]
    assert are_rows(boxes) if told else boxes == [f.box for f in before]
