"""The way from a page back to its scan, and from the scan to the page."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epaper.geometry import Box, Mesh, Transform

COLUMNS, ROWS, STEP = 5, 7, 100.0
places = st.floats(-50.0, 750.0)
gentle = st.lists(st.floats(-9.0, 9.0), min_size=COLUMNS * ROWS, max_size=COLUMNS * ROWS)


@st.composite
def transforms(draw: st.DrawFn) -> Transform:
    """Any turn, scale and move, with offsets that change by less than a fifth of the step."""
    turn, scale = draw(st.floats(-math.pi, math.pi)), draw(st.floats(0.2, 5.0))
    cos, sin = scale * math.cos(turn), scale * math.sin(turn)
    flip = draw(st.sampled_from((1, -1)))
    affine = (cos * flip, -sin, draw(places), sin * flip, cos, draw(places))
    mesh = draw(st.none() | st.builds(mesh_of, gentle, gentle))
    return Transform(affine, mesh)


def mesh_of(dx: list[float], dy: list[float]) -> Mesh:
    return Mesh(STEP, COLUMNS, tuple(dx), tuple(dy))


@given(transforms(), places, places)
def test_a_point_led_to_the_scan_is_led_back(way: Transform, x: float, y: float) -> None:
    assert way.to_page(*way.to_scan(x, y)) == pytest.approx((x, y), abs=0.02)


@given(gentle, gentle, st.integers(0, COLUMNS - 1), st.integers(0, ROWS - 1))
def test_at_a_node_the_offset_is_the_node_s(
    dx: list[float], dy: list[float], column: int, row: int
) -> None:
    place = row * COLUMNS + column
    found = mesh_of(dx, dy).offset(column * STEP, row * STEP)
    assert found == pytest.approx((dx[place], dy[place]), abs=1e-9)


def test_between_nodes_offsets_are_even_and_beyond_them_they_stay() -> None:
    mesh = Mesh(10.0, 2, (0.0, 4.0, 0.0, 8.0), (1.0,) * 4)
    assert mesh.offset(5.0, 5.0) == pytest.approx((3.0, 1.0))
    assert mesh.offset(99.0, 99.0) == (8.0, 1.0)
    assert mesh.offset(-9.0, -9.0) == (0.0, 1.0)


@given(transforms(), places, places)
def test_on_a_larger_copy_of_the_scan_a_point_lies_as_much_further_off(
    way: Transform, x: float, y: float
) -> None:
    across, down = way.to_scan(x, y)
    assert way.scaled(3.0, 2.0).to_scan(x, y) == pytest.approx((3 * across, 2 * down))


def test_a_box_of_a_turned_page_has_its_corners_in_printed_order() -> None:
    # The scan, 300 wide, stands on its side: its right edge is the top of the page.
    way = Transform((0.0, -1.0, 300.0, 1.0, 0.0, 0.0))
    assert way.outline(Box(10, 20, 40, 30)) == ((280, 10), (280, 40), (270, 40), (270, 10))
