"""Restoring scans: what is made straight, cleared and parted, and what is left alone."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pymupdf
import pytest
from numpy.typing import NDArray
from scipy.interpolate import BSpline

from epaper.geometry import Transform
from epaper.reading.glance import glance
from epaper.restore import restore
from epaper.restore.flatten import _knots, _values
from tests.conftest import STORY

Image = NDArray[np.uint8]
Plane = NDArray[np.float32]


def page(width: int = 1000, height: int = 1400, *, vertical: bool = False) -> Image:
    """A page of blocks in rows, like words in columns of text; white paper."""
    image = np.full((height, width, 3), 250, np.uint8)
    random = np.random.default_rng(1)
    across, down = (height, width) if vertical else (width, height)
    for y in range(80, down - 80, 24):
        x = 70
        while x < across - 90:
            step = int(random.integers(8, 18))
            if x // 300 != (x + step) // 300:  # a gutter
                x += 40
            box = (slice(y, y + 14), slice(x, x + step))
            image[box[::-1] if vertical else box] = 30
            x += step + 5
    return image


def turned(image: Image, degrees: float) -> Image:
    """The image turned clockwise about its middle, white around."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(image, matrix, (width, height), borderValue=(250, 250, 250)), np.uint8
    )


def angle_of(way: Transform) -> float:
    """Degrees by which the page was turned to lie level."""
    return float(np.degrees(np.arctan2(way.affine[3], way.affine[0])))


def names(image: Image) -> list[str]:
    return [step.name for step in restore(image, 300.0)[0].steps]


@pytest.mark.parametrize("degrees", [-8.3, -1.15, 0.4, 3.0])
@pytest.mark.parametrize("vertical", [False, True])
def test_skew_is_found_within_a_twentieth_of_a_degree(degrees: float, vertical: bool) -> None:
    (found,) = restore(turned(page(vertical=vertical), degrees), 300.0)
    assert angle_of(found.transform) == pytest.approx(degrees, abs=0.05)


def test_a_straight_clean_page_is_left_as_it_is() -> None:
    image = page()
    (found,) = restore(image, 300.0)
    assert found.steps == ()
    assert found.image is image
    assert found.transform == Transform()


def test_an_empty_page_is_not_turned() -> None:
    assert names(np.full((600, 400, 3), 250, np.uint8)) == []


def test_dark_borders_are_cleared_and_the_text_beside_them_kept() -> None:
    image = page()
    image[:, :25] = 10
    image[-30:] = 10
    (found,) = restore(image, 300.0)
    assert found.steps[0].name == "borders"
    assert "left" in found.steps[0].detail and "bottom" in found.steps[0].detail
    assert found.image[:, :30].min() > 200 and found.image[-30:].min() > 200
    x, y = (round(v) for v in found.transform.to_page(60, 80))
    assert np.array_equal(found.image[y : y + 1220, x : x + 840], image[80:1300, 60:900])


@pytest.mark.parametrize("ground", [8, 110])
def test_a_page_on_a_dark_ground_is_cut_out_straight(ground: int) -> None:
    around = np.full((1640, 1240, 3), ground, np.uint8)
    matrix = cv2.getRotationMatrix2D((500, 700), -2.5, 1.0)
    matrix[:, 2] += 120
    cv2.warpAffine(page(), matrix, (1240, 1640), around, borderMode=cv2.BORDER_TRANSPARENT)
    (found,) = restore(around, 300.0)
    assert angle_of(found.transform) == pytest.approx(2.5, abs=0.05)
    assert found.image.shape[:2] == pytest.approx((1400, 1000), abs=14)
    for margin in (found.image[:40], found.image[-40:], found.image[:, :40], found.image[:, -40:]):
        assert margin.min() > 200
    assert (found.image < 130).mean() == pytest.approx((page() < 130).mean(), rel=0.08)


def test_the_edges_of_sheets_below_are_cut_off() -> None:
    edges = [(3, 90), (8, 215), (2, 110), (9, 205), (2, 80), (12, 190), (3, 100), (6, 210)]
    below = np.hstack([np.full((1400, w, 3), tone, np.uint8) for w, tone in edges])
    (found,) = restore(np.hstack([page(), below]), 300.0)
    assert [step.name for step in found.steps] == ["edges"]
    assert found.image.shape[1] == pytest.approx(1000, abs=4)


def test_a_strip_of_the_facing_page_is_cut_off() -> None:
    gap = np.full((1400, 4, 3), 60, np.uint8)
    (found,) = restore(np.hstack([page()[:, 700:750], gap, page()]), 300.0)
    assert found.transform.to_scan(0.0, 0.0)[0] == pytest.approx(54, abs=4)


def test_a_rule_with_print_beside_it_is_no_edge_of_the_sheet() -> None:
    image = page()
    image[60:1340, 91:94] = 20
    (found,) = restore(image, 300.0)
    assert found.image is image


def test_rules_across_a_page_cut_close_to_its_print_are_no_edges_of_the_sheet() -> None:
    image = np.ascontiguousarray(page()[60:1340, 68:932])
    for y in (30, 34, 1240):
        image[y : y + 3] = 20
    (found,) = restore(image, 300.0)
    assert found.image is image


def test_a_dark_picture_inside_the_page_is_no_border() -> None:
    image = page()
    image[300:800, 200:800] = 20
    assert "borders" not in names(image)


def facing(gutter: int = 16) -> tuple[Image, int]:
    """Two pages whose print all but meets at the fold, and where that is."""
    left = page()[:, : 930 + gutter // 2]
    right = page()[:, 70 - gutter // 2 :]
    return np.hstack([left, right]), left.shape[1]


def folded(image: Image, at: int, kind: str) -> Image:
    """The fold as a soft shadow, a dark gutter, or a crease that comes and goes."""
    away = np.abs(np.arange(image.shape[1]) - at)
    light = np.ones(image.shape[:2])
    if kind == "shadow":
        light *= 1 - 0.35 * np.exp(-((away / 14) ** 2))
    elif kind == "dark":
        light *= 1 - 0.85 * np.exp(-((away / 9) ** 4))
    else:
        seen = np.random.default_rng(2).random(len(image)) < 0.8
        light[seen, at : at + 2] = 0.6
    return np.asarray(image * light[:, :, None], np.uint8)


def test_a_spread_is_parted_at_its_white_gutter() -> None:
    image = np.hstack([page(), np.full((1400, 60, 3), 250, np.uint8), page()])
    left, right = restore(image, 300.0)
    assert (left.side, right.side) == ("L", "R")
    assert left.image.shape[1] == pytest.approx(1030, abs=45)
    assert left.image.shape[1] + right.image.shape[1] == image.shape[1]
    assert right.transform.to_scan(0.0, 0.0) == pytest.approx((left.image.shape[1], 0.0))


@pytest.mark.parametrize("kind", ["shadow", "dark", "crease"])
def test_a_spread_without_a_white_gutter_is_parted_at_its_fold(kind: str) -> None:
    image, fold = facing()
    left, right = restore(folded(image, fold, kind), 300.0)
    assert left.image.shape[1] == pytest.approx(fold, abs=12)
    assert right.transform.to_scan(0.0, 0.0)[0] == pytest.approx(fold, abs=12)


@pytest.mark.parametrize("kind", ["shadow", "crease"])
@pytest.mark.parametrize("depth", [400, 1000])
def test_an_advert_over_the_fold_stays_whole_on_one_page(kind: str, depth: int) -> None:
    image, fold = facing()
    mark = (200, 30, 30)
    bottom = 160 + depth
    image[140 : bottom + 20, fold - 140 : fold + 140] = 250
    cv2.rectangle(image, (fold - 115, 160), (fold + 115, bottom), mark, 4)
    for y in range(190, bottom - 20, 30):
        image[y : y + 16, fold - 90 : fold + 90] = mark
    pages = restore(folded(image, fold, kind), 300.0)
    shares = [float((p.image[:, :, 0] > p.image[:, :, 1].astype(int) + 60).sum()) for p in pages]
    assert len(pages) == 2
    assert min(shares) < 0.01 * max(shares)


def test_a_whole_sheet_with_nothing_across_its_middle_is_a_spread() -> None:
    image, fold = facing(40)
    left, _ = restore(image, 300.0)
    assert left.image.shape[1] == pytest.approx(fold, abs=25)


def test_a_headline_across_the_fold_keeps_a_spread_whole() -> None:
    image, fold = facing()
    image[80:400, 60:-60] = 250
    for x in range(fold - 600, fold + 500, 130):
        image[120:230, x : x + 110] = 40
    image[300:312, fold - 600 : fold + 600] = 40
    image[900:1200, fold - 300 : fold + 300] = 90  # a picture
    assert len(restore(folded(image, fold, "shadow"), 300.0)) == 1


@pytest.mark.parametrize("part", [slice(0, 840), slice(840, 1680)])
def test_half_a_broadsheet_with_a_gutter_in_its_middle_is_no_spread(part: slice) -> None:
    assert len(restore(page(1200, 1680)[part], 300.0)) == 1


def test_a_portrait_page_with_a_wide_middle_gutter_stays_one_page() -> None:
    image = page()
    image[:, 470:530] = 250
    (found,) = restore(image, 300.0)
    assert found.side == ""


def warps(kind: str, width: int, height: int, vertical: bool) -> tuple[Plane, Plane]:
    """How far the paper at each pixel of a scan lies from its place when flat."""
    if vertical:
        dx, dy = warps(kind, height, width, False)
        return dy.T.copy(), dx.T.copy()
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    none = np.zeros_like(x)
    if kind == "curl":  # towards a binding at the left
        return none, 70 * np.exp(-x / (0.25 * width)) * (y / height - 0.5)
    if kind == "arch":
        return none, 12 * np.sin(np.pi * x / width)
    if kind == "fold":  # across
        return none, 30 * np.abs(x / width - 0.5) * np.exp(-(((y / height - 0.5) / 0.15) ** 2))
    phase = 2 * np.pi * (x / width + 0.7 * y / height)
    return 5 * np.cos(phase), 9 * np.sin(phase)


def bent(image: Image, kind: str, vertical: bool) -> Image:
    height, width = image.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    dx, dy = warps(kind, width, height, vertical)
    return np.asarray(cv2.remap(image, x + dx, y + dy, cv2.INTER_CUBIC, borderValue=(250,) * 3))


def unevenness(way: Transform, kind: str, shape: tuple[int, int], vertical: bool) -> float:
    """Root mean square, in pixels, by which printed lines bend on the page that `way` shows."""
    height, width = shape
    offsets = warps(kind, width, height, vertical)
    own, other = (0, 1) if vertical else (1, 0)
    length, across = (height, width) if vertical else (width, height)
    rest = []
    for printed in range(100, across - 100, 60):
        courses = []
        for along in range(80, length - 80, 20):
            point = [0.0, 0.0]
            point[other], point[own] = float(along), float(printed)
            for _ in range(5):
                at = round(point[1]), round(point[0])
                point[own] = printed - float(offsets[own][at])
            courses.append(way.to_page(*point)[own])
        rest.append(np.var(courses))
    return float(np.sqrt(np.mean(rest)))


@pytest.mark.parametrize("kind", ["curl", "arch", "fold", "film"])
@pytest.mark.parametrize("vertical", [False, True])
def test_bent_lines_are_made_straight(kind: str, vertical: bool) -> None:
    flat = page(vertical=vertical)
    (found,) = restore(bent(flat, kind, vertical), 300.0)
    before = unevenness(Transform(), kind, flat.shape[:2], vertical)
    after = unevenness(found.transform, kind, flat.shape[:2], vertical)
    assert "flatten" in [step.name for step in found.steps]
    assert after < 0.3 * before


def test_a_warp_too_slight_to_matter_is_left() -> None:
    image = page()
    y, x = np.mgrid[0:1400, 0:1000].astype(np.float32)
    slight = cv2.remap(image, x, y + 1.2 * np.sin(np.pi * x / 1000), cv2.INTER_LINEAR)
    assert "flatten" not in names(np.asarray(slight, np.uint8))


def test_a_point_of_the_page_is_led_back_to_the_scan() -> None:
    scan = turned(page(), 2.0)
    (found,) = restore(scan, 300.0)
    x, y = found.transform.to_page(300.0, 500.0)
    assert found.transform.to_scan(x, y) == pytest.approx((300.0, 500.0))
    mark = scan.copy()
    mark[496:504, 296:304] = (255, 0, 0)
    (shown,) = restore(mark, 300.0)
    assert shown.image[round(y), round(x)] == pytest.approx((255, 0, 0), abs=20)


@pytest.fixture(scope="module")
def printed() -> dict[str, Image]:
    """A page of text set across and one set in columns, at the size of a small scan."""
    story = STORY * 9
    pages = {}
    for name in ("across", "down"):
        with pymupdf.open() as document:
            sheet = document.new_page(width=400, height=560)
            for k in range(900):
                line, place = divmod(k, 25)
                at = (48 + 12 * place, 52 + 17 * line)
                if name == "down":
                    at = (350 - 17 * (k // 38), 45 + 12.4 * (k % 38))
                if at[0] > 40 and at[1] < 530:
                    sheet.insert_text(at, story[k], fontname="china-s", fontsize=11.5)
            pixmap = sheet.get_pixmap(dpi=170)
        shape = (pixmap.height, pixmap.width, 3)
        pages[name] = np.frombuffer(pixmap.samples, np.uint8).reshape(shape).copy()
    return pages


@pytest.mark.parametrize("name", ["across", "down"])
def test_a_page_is_turned_upright_however_it_was_scanned(
    printed: dict[str, Image], name: str
) -> None:
    upright = printed[name]
    for quarters, mirrored in itertools.product(range(4), (False, True)):
        scan = np.rot90(upright, quarters)
        scan = np.ascontiguousarray(scan[:, ::-1] if mirrored else scan)
        (found,) = restore(scan, 170.0, glance)
        assert np.array_equal(found.image, upright), (quarters, mirrored)
        assert ("orient" in [s.name for s in found.steps]) == bool(quarters or mirrored)
        mark = found.transform.to_scan(100.0, 300.0)
        assert found.transform.to_page(*mark) == pytest.approx((100.0, 300.0))


def test_a_page_without_lines_is_not_turned() -> None:
    assert restore(np.full((800, 600, 3), 240, np.uint8), 170.0, glance)[0].steps == ()


def test_a_page_of_latin_type_is_turned_upright_and_an_upright_one_left() -> None:
    with pymupdf.open() as document:
        sheet = document.new_page(width=400, height=560)
        for line in range(24):
            text = "The council met on Tuesday to hear about the new bridge"
            sheet.insert_text((40, 60 + 18 * line), text, fontname="tiro", fontsize=12)
        pixmap = sheet.get_pixmap(dpi=170)
    shape = (pixmap.height, pixmap.width, 3)
    upright = np.frombuffer(pixmap.samples, np.uint8).reshape(shape).copy()
    assert restore(upright, 170.0, glance)[0].image is upright
    (found,) = restore(np.ascontiguousarray(np.rot90(upright)), 170.0, glance)
    assert np.array_equal(found.image, upright)


def test_splines_are_those_of_scipy() -> None:
    places = np.linspace(0, 2000, 501)
    for pieces in (1, 8, 13):
        knots = _knots(2000, pieces)
        inside = np.clip(places, 0, 2000 - 1e-6)
        wanted = BSpline.design_matrix(inside, knots, 3).toarray()
        assert np.allclose(_values(inside, knots), wanted, atol=1e-9)
