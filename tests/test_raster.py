"""Pictures and tints of a scan: photographs among rules, drawings, photographs on tints, stains."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.model import Line, Origin, WritingMode
from epaper.reading.raster import find_graphics
from epaper.reading.raster_areas import find_areas
from epaper.reading.raster_drawings import lettered

Image = NDArray[np.uint8]

DPI = 300
EM = 36.0
PHOTO = Box(200, 200, 1000, 700)


def body(box: Box) -> list[Line]:
    """Lines of body type that fill a box."""
    count = int(box.width / EM)
    return [
        Line("字" * count, Box(box.x0, y, box.x0 + count * EM, y + EM), EM, origin=Origin.OCR)
        for y in np.arange(box.y0, box.y1 - EM, 1.5 * EM).tolist()
    ]


def sheet(lines: list[Line]) -> Image:
    """Paper with something like type where the lines are."""
    image = np.full((2000, 1600, 3), 240, np.uint8)
    for line in lines:
        y0, y1 = round(line.box.y0) + 3, round(line.box.y1) - 3
        for x in range(round(line.box.x0), round(line.box.x1) - 30, round(EM)):
            image[y0:y1:7, x : x + 30] = 40
            image[y0:y1, x : x + 30 : 9] = 40
    return image


def photograph(image: Image, box: Box) -> None:
    tones = np.random.default_rng(1).integers(30, 200, (9, 15, 3), np.uint8)
    size = (round(box.width), round(box.height))
    picture = cv2.resize(tones, size, interpolation=cv2.INTER_NEAREST)
    image[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)] = picture


def alike(found: Box, wanted: Box) -> bool:
    shared = found.intersection(wanted)
    return shared > 0.9 * (found.area + wanted.area - shared)


def test_a_photograph_that_dotted_and_wavy_rules_touch_is_found_alone() -> None:
    lines = body(Box(200, 900, 1500, 1900))
    image = sheet(lines)
    photograph(image, PHOTO)
    for y in range(60, 1900, 10):
        image[y : y + 5, 1008:1013] = 20  # dotted, right beside it
    points = [(x, 715 + 6 * (k % 2)) for k, x in enumerate(range(60, 1560, 12))]
    for a, b in itertools.pairwise(points):
        cv2.line(image, a, b, (20, 20, 20), 3)
    (picture,) = find_graphics(image, DPI, lines).pictures
    assert alike(picture.box, PHOTO)


def test_a_chart_and_a_drawing_of_lines_are_pictures() -> None:
    lines = body(Box(100, 900, 1500, 1900))
    image = sheet(lines)
    for k, height in enumerate((300, 180, 420, 250)):
        x = 200 + 110 * k
        image[700 - height : 700, x : x + 60] = 70
    cv2.line(image, (160, 702), (640, 702), (20, 20, 20), 4)
    strokes = np.array([(900, 300), (1300, 350), (1000, 500), (1400, 680), (950, 620), (1200, 280)])
    cv2.polylines(image, [strokes], isClosed=False, color=(30, 30, 30), thickness=4)
    cv2.circle(image, (1150, 450), 140, (30, 30, 30), 3)
    graphics = find_graphics(image, DPI, lines)
    found = sorted((p.box for p in graphics.pictures), key=lambda b: b.x0)
    assert len(found) == 2
    assert alike(found[0], Box(160, 280, 640, 704))
    assert alike(found[1], Box(900, 280, 1400, 680))


def test_a_photograph_on_a_tint_is_a_picture_in_a_frame() -> None:
    tinted = Box(120, 120, 1300, 1100)
    lines = body(Box(160, 740, 1060, 1080)) + body(Box(100, 1200, 1500, 1900))
    image = sheet(lines)
    ground = np.all(image == 240, axis=2)
    ground[:120], ground[1100:], ground[:, :120], ground[:, 1300:] = False, False, False, False
    image[ground] = (215, 205, 190)
    photograph(image, PHOTO)
    graphics = find_graphics(image, DPI, lines)
    (picture,) = graphics.pictures
    (frame,) = (f for f in graphics.frames if not f.stroked)
    assert alike(picture.box, PHOTO)
    assert alike(frame.box, tinted)


@pytest.mark.parametrize("pale", [True, False])
def test_a_photograph_on_a_tint_is_whole_though_it_has_nearly_the_tints_tone_in_places(
    pale: bool,
) -> None:
    """One seen without them is not made larger by a fold, whose shadow is as weak as they."""
    photo = Box(200, 200, 1000, 600)
    lines = body(Box(160, 740, 1060, 1080))
    below = body(Box(100, 1200, 1500, 1900))
    image = sheet([*lines, *below])
    tinted = image[120:1100, 120:1300]
    tinted[tinted[..., 0] > 200] = (215, 205, 190)
    image[600:700, 120:1300] -= 0 if pale else 18
    photograph(image, photo)
    if pale:
        image[200:600, 450:750] = (195, 185, 170)
    (picture,) = find_graphics(image, DPI, [*lines, *below]).pictures
    assert alike(picture.box, photo)


@pytest.mark.parametrize(("between", "count"), [(221, 1), (240, 2)])
def test_a_tint_of_which_the_middle_passed_for_paper_is_one(between: int, count: int) -> None:
    em, head, foot = 20.0, slice(100, 400), slice(700, 1000)
    image = np.full((1200, 900, 3), 240, np.uint8)
    tone, text = np.zeros((1200, 900), np.bool_), np.zeros((1200, 900), np.bool_)
    for y in range(120, 980, 40):
        text[y : y + 22, 120:680] = True
    image[400:700, 100:700] = between
    for part in (head, foot):
        image[part, 100:700] = 220
        tone[part, 100:700] = True
    tone &= ~text
    on_tone = text.copy()
    on_tone[400:700] = False
    fills = find_areas(image, tone, text, on_tone, em).fills
    assert len(fills) == count
    if count == 1:
        assert alike(fills[0].box, Box(100, 100, 700, 1000))


def test_a_photograph_that_fills_most_of_a_tint_is_told_from_it() -> None:
    tinted, photo = Box(120, 120, 1500, 1300), Box(150, 180, 1470, 960)
    lines = body(Box(160, 1000, 1460, 1270))
    image = sheet([*lines, *body(Box(160, 1500, 1460, 1900))])
    area = image[120:1300, 120:1500]
    area[area[..., 0] > 200] = (232, 216, 184)
    photograph(image, photo)
    found = find_graphics(image, DPI, [*lines, *body(Box(160, 1500, 1460, 1900))])
    (frame,), (picture,) = found.frames, found.pictures
    assert alike(frame.box, tinted) and alike(picture.box, photo)


def test_a_dark_band_with_words_across_a_photograph_is_part_of_it() -> None:
    photo = Box(120, 120, 1500, 1100)
    lines, below = body(Box(160, 940, 1460, 1080)), body(Box(160, 1300, 1460, 1900))
    image = sheet(below)
    photograph(image, photo)
    image[900:1100, 120:1500] = 50
    for x in range(160, 1420, round(EM)):
        image[945:1070:12, x : x + 30] = 250
    (picture,) = find_graphics(image, DPI, [*lines, *below]).pictures
    assert alike(picture.box, photo)


def test_a_stain_over_text_is_no_frame() -> None:
    lines = body(Box(100, 100, 1500, 1900))
    image = sheet(lines).astype(np.float32)
    y, x = np.mgrid[0:2000, 0:1600]
    image -= 45 * np.exp(-((((x - 800) / 260) ** 2 + ((y - 1000) / 180) ** 2) ** 2))[:, :, None]
    graphics = find_graphics(np.clip(image, 0, 255).astype(np.uint8), DPI, lines)
    assert (graphics.frames, graphics.pictures) == ((), ())


def test_the_shadow_of_a_fold_is_no_frame_and_leaves_its_photograph_alone() -> None:
    lines = body(Box(100, 900, 1500, 1900)) + body(Box(1100, 200, 1500, 800))
    image = sheet(lines)
    photograph(image, PHOTO)
    shadow = 1 - 0.25 * np.exp(-np.abs(np.arange(2000) - 640) / 50)
    image = (image * shadow[:, None, None]).astype(np.uint8)
    graphics = find_graphics(image, DPI, lines)
    (picture,) = graphics.pictures
    assert alike(picture.box, PHOTO)
    assert graphics.frames == ()


def test_a_tint_reaches_over_the_headline_at_its_head() -> None:
    tinted = Box(120, 120, 900, 1100)
    head = Line("田间故事多", Box(180, 150, 780, 270), 120.0, origin=Origin.OCR)
    lines = [head, *body(Box(160, 330, 860, 1060)), *body(Box(1000, 100, 1500, 1900))]
    image = sheet(lines)
    ground = np.all(image == 240, axis=2)
    ground[:120], ground[1100:], ground[:, :120], ground[:, 900:] = False, False, False, False
    image[ground] = (215, 205, 190)
    (frame,) = find_graphics(image, DPI, lines).frames
    assert alike(frame.box, tinted)


def grain(image: Image, box: Box, middle: int = 50) -> None:
    """A dark photograph of one tone all over, with its grain."""
    shape = (round(box.height / 10), round(box.width / 10))
    tones = np.random.default_rng(2).normal(middle, 14, shape).clip(0, 255).astype(np.uint8)
    size = (round(box.width), round(box.height))
    picture = cv2.resize(tones, size, interpolation=cv2.INTER_CUBIC)
    image[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)] = picture[..., None]


def test_a_dark_photograph_of_one_tone_is_a_picture_beside_a_drawing() -> None:
    lines = body(Box(100, 1300, 1500, 1900))
    image = sheet(lines)
    photo, drawing = Box(200, 700, 760, 1100), Box(800, 700, 1360, 1100)
    grain(image, photo)
    points = np.random.default_rng(3).integers((800, 700), (1360, 1100), (60, 2))
    for a, b in itertools.pairwise(points.tolist()):
        cv2.line(image, a, b, (20, 20, 20), 9)
    found = [p.box for p in find_graphics(image, DPI, lines).pictures]
    assert len(found) == 2
    assert alike(found[0], photo) or alike(found[1], photo)
    assert any(box.share_in(drawing.grown(20)) > 0.95 for box in found)


@pytest.mark.parametrize("look", ["grained", "plain", "lettered"])
def test_an_area_of_one_tone_is_a_picture_by_its_grain(look: str) -> None:
    em, box = 20.0, Box(100, 100, 700, 500)
    image = np.full((800, 900, 3), 240, np.uint8)
    image[100:500, 100:700] = np.linspace(50, 70, 600, dtype=np.uint8)[None, :, None]
    if look == "grained":
        grain(image, box)
    if look == "lettered":
        # What was not read on a dark bar.
        for x in range(300, 420, 5):
            image[280:320, x] = 235
    tone, none = np.zeros((800, 900), np.bool_), np.zeros((800, 900), np.bool_)
    tone[97:503, 97:703] = True
    found = find_areas(image, tone, none, none, em).pictures
    assert len(found) == (look == "grained")


def test_words_on_a_dark_photograph_make_no_tint_of_it() -> None:
    photo = Box(200, 400, 1000, 900)
    words = body(Box(240, 740, 960, 890))
    below = body(Box(100, 1300, 1500, 1900))
    image = sheet(below)
    grain(image, photo)
    letters = sheet(words)
    image[letters < 100] = 240
    found = find_graphics(image, DPI, [*words, *below])
    assert [f for f in found.frames if not f.stroked] == []
    assert len(found.pictures) == 1 and alike(found.pictures[0].box, photo)


def test_narrow_photographs_in_a_row_are_one_each() -> None:
    lines = body(Box(100, 1300, 1500, 1900))
    image = sheet(lines)
    row = [Box(200 + 220 * k, 700, 390 + 220 * k, 1200) for k in range(4)]
    for box in row:
        photograph(image, box)
    found = [p.box for p in find_graphics(image, DPI, lines).pictures]
    assert len(found) == 4
    assert all(any(alike(box, other) for other in found) for box in row)


def test_a_drawing_with_words_on_a_dark_strip_across_its_foot_is_a_picture() -> None:
    words, below = body(Box(240, 760, 960, 870)), body(Box(100, 1300, 1500, 1900))
    image = sheet(below)
    points = [(x, 635 if k % 2 else 760) for k, x in enumerate(range(210, 1000, 60))]
    for a, b in itertools.pairwise(points):
        cv2.line(image, a, b, (20, 20, 20), 7)
    image[740:900, 200:1000] = 70
    letters = sheet(words)
    image[letters < 100] = 240
    found = find_graphics(image, DPI, [*words, *below])
    assert [f for f in found.frames if not f.stroked] == []
    (picture,) = found.pictures
    assert alike(picture.box, Box(200, 632, 1000, 900))


@pytest.mark.parametrize("fades", [False, True])
def test_a_faint_tint_with_little_text_is_a_frame_by_its_sharp_sides(fades: bool) -> None:
    lines = [
        Line(
            "字" * 10,
            Box(x, 460, x + EM, 460 + 10 * EM),
            EM,
            WritingMode.VERTICAL,
            origin=Origin.OCR,
        )
        for x in (300, 480, 660, 840)
    ]
    below = body(Box(100, 1300, 1500, 1900))
    depth = np.zeros((2000, 1600), np.float32)
    depth[400:1100, 200:1000] = 18
    if fades:
        depth = cv2.GaussianBlur(depth, (0, 0), 60)
    image = (240 - depth)[..., None].repeat(3, axis=2).astype(np.uint8)
    letters = sheet([*lines, *below])
    image[letters < 100] = 40
    fills = [f for f in find_graphics(image, DPI, [*lines, *below]).frames if not f.stroked]
    assert len(fills) == (0 if fades else 1)
    assert fades or alike(fills[0].box, Box(200, 400, 1000, 1100))


def test_strokes_of_a_drawing_read_as_a_letter_leave_it_a_picture() -> None:
    read = Line("西", Box(420, 300, 700, 560), 260, origin=Origin.OCR)
    lines = body(Box(100, 900, 1500, 1900))
    image = sheet(lines)
    strokes = np.array([(300, 200), (800, 350), (310, 500), (790, 680), (350, 620), (700, 220)])
    cv2.polylines(image, [strokes], isClosed=False, color=(30, 30, 30), thickness=8)
    (picture,) = find_graphics(image, DPI, [read, *lines]).pictures
    assert alike(picture.box, Box(300, 200, 800, 680))


@pytest.mark.parametrize(
    ("sure", "beyond", "drawn"), [(0.6, 150, True), (0.97, 150, False), (0.6, 0, False)]
)
def test_strokes_hardly_read_as_a_few_letters_are_of_a_drawing_where_they_go_on(
    sure: float, beyond: int, drawn: bool
) -> None:
    """`beyond` is how far they reach out of the box; letters end with theirs."""
    box = Box(400, 300, 465, 527)
    read = Line("tel", box, 65, origin=Origin.OCR, confidence=sure)
    image = np.zeros((800, 900), np.uint8)
    for x in (410, 430, 450):
        ends = (x, 302 - beyond), (x, 524 + beyond)
        cv2.line(image, *ends, 255, 4)
    assert (read not in lettered([read], 1.0, image > 0, EM)) is drawn


@pytest.mark.parametrize("pale", [True, False])
def test_a_chart_on_a_pale_ground_reaches_as_far_as_that(pale: bool) -> None:
    lines = body(Box(100, 1100, 1500, 1900))
    image = sheet(lines)
    if pale:
        image[200:860, 220:1100] -= 11
    for k, height in enumerate((300, 180, 240, 250)):
        x = 320 + 160 * k
        image[800 - height : 800, x : x + 80] = 70
    cv2.line(image, (280, 802), (1020, 802), (20, 20, 20), 4)
    (picture,) = find_graphics(image, DPI, lines).pictures
    whole = Box(220, 200, 1100, 860) if pale else Box(280, 500, 1020, 804)
    assert alike(picture.box, whole)


def test_a_dark_band_over_a_page_with_figures_in_it_that_were_not_read_is_no_picture() -> None:
    lines = body(Box(200, 500, 1500, 1900))
    image = sheet(lines)
    image[100:265, 100:1590] = 45
    for x in range(130, 220, 12):
        image[150:215, x : x + 5] = 235
    found = find_graphics(image, DPI, lines)
    assert found.pictures == ()
    assert [f.fill is not None for f in found.frames] == [True]


def test_two_photographs_a_third_of_an_em_apart_are_two() -> None:
    """Piled with their sides not level, they make an odd shape together."""
    upper, lower = Box(200, 200, 1000, 600), Box(560, 612, 1200, 860)
    lines = body(Box(200, 1100, 1500, 1900))
    image = sheet(lines)
    photograph(image, upper)
    photograph(image, lower)
    image[100:1000] = cv2.GaussianBlur(image[100:1000], (0, 0), 3)
    found = [p.box for p in find_graphics(image, DPI, lines).pictures]
    assert len(found) == 2
    assert all(any(alike(box, other) for other in found) for box in (upper, lower))


def test_a_drawing_of_straight_lines_is_a_picture_though_these_alone_are_long() -> None:
    """Without the lines that could be rules only short strokes are left of it."""
    lines = body(Box(100, 1100, 1500, 1900))
    image = sheet(lines)
    for x in range(300, 801, 100):
        cv2.line(image, (x, 300), (x, 620), (30, 30, 30), 5)
    for k, y in enumerate((300, 620, 300, 620, 300)):
        cv2.line(image, (300 + 100 * k, y), (400 + 100 * k, y), (30, 30, 30), 5)
        cv2.circle(image, (350 + 100 * k, 410 + 90 * (k % 2)), 30, (30, 30, 30), 6)
    (picture,) = find_graphics(image, DPI, lines).pictures
    assert picture.box.share_in(Box(280, 280, 820, 640)) == 1.0
    assert picture.box.width > 300


def test_bars_that_look_like_tints_are_a_chart() -> None:
    lines = body(Box(100, 1100, 1500, 1900))
    image = sheet(lines)
    for k, height in enumerate((560, 520, 600)):
        x = 320 + 90 * k
        image[800 - height : 800, x : x + 48] = (90, 60, 50)
    cv2.line(image, (300, 802), (570, 802), (20, 20, 20), 4)
    graphics = find_graphics(image, DPI, lines)
    (picture,) = graphics.pictures
    assert alike(picture.box, Box(300, 200, 570, 804))
    assert graphics.frames == ()


def test_a_chart_right_beside_photographs_is_a_picture_of_its_own() -> None:
    lines = body(Box(100, 1100, 1500, 1900))
    image = sheet(lines)
    image[200:360, 200:520] -= 11
    for k, height in enumerate((40, 90, 60, 110)):
        image[340 - height : 340, 230 + 70 * k : 265 + 70 * k] = 70
    cv2.line(image, (215, 342), (505, 342), (20, 20, 20), 4)
    photos = [Box(200, y, 520, y + 150) for y in (372, 534)]
    for photo in photos:
        photograph(image, photo)
    found = [p.box for p in find_graphics(image, DPI, lines).pictures]
    assert len(found) == 3
    for box in (Box(200, 200, 520, 360), *photos):
        assert any(alike(box, other) for other in found)


def test_a_few_short_strokes_on_a_pale_ground_are_a_drawing() -> None:
    lines = body(Box(100, 1100, 1500, 1900))
    image = sheet(lines)
    image[200:700, 300:800] -= 11
    for x, y in ((360, 300), (470, 380), (600, 330), (690, 470)):
        cv2.polylines(
            image, [np.array([(x, y), (x + 60, y + 20), (x + 10, y + 70)])], True, (30, 30, 30), 6
        )
    (picture,) = find_graphics(image, DPI, lines).pictures
    assert alike(picture.box, Box(300, 200, 800, 700))


def test_a_low_photograph_is_a_picture() -> None:
    lines = body(Box(100, 1100, 1500, 1900))
    image = sheet(lines)
    low = Box(200, 300, 560, 300 + 3.4 * EM)
    photograph(image, low)
    (picture,) = find_graphics(image, DPI, lines).pictures
    assert alike(picture.box, low)


def test_photographs_with_soiled_paper_between_them_are_two() -> None:
    """What shows through makes the stripe between them as dark as a faint tone."""
    lines = body(Box(100, 1300, 1500, 1900))
    image = sheet(lines)
    photos = [Box(200, 200, 640, 1000), Box(680, 200, 1120, 1000)]
    for photo in photos:
        photograph(image, photo)
    image[420:800, 640:680] = 222
    found = [p.box for p in find_graphics(image, DPI, lines).pictures]
    assert len(found) == 2
    assert all(any(alike(box, other) for other in found) for box in photos)


@pytest.mark.parametrize("sure", [0.83, 1.0])
def test_a_photograph_read_as_a_letter_with_doubt_is_a_picture(sure: float) -> None:
    photo = Box(300, 200, 800, 700)
    read = Line("國", photo, photo.height, origin=Origin.OCR, confidence=sure)
    lines = body(Box(100, 900, 1500, 1900))
    image = sheet(lines)
    tones = np.random.default_rng(4).integers(30, 220, (20, 20), np.uint8)
    image[200:700, 300:800] = cv2.resize(tones, (500, 500), interpolation=cv2.INTER_NEAREST)[
        ..., None
    ]
    found = find_graphics(image, DPI, [read, *lines]).pictures
    assert [alike(p.box, photo) for p in found] == ([True] if sure < 0.9 else [])


def test_the_tint_of_a_whole_story_is_no_ground_of_the_chart_in_it() -> None:
    lines = [*body(Box(420, 250, 1060, 480)), *body(Box(420, 880, 1060, 1060))]
    below = body(Box(100, 1300, 1500, 1900))
    image = sheet([*lines, *below])
    tinted = image[200:1100, 380:1100]
    tinted[tinted[..., 0] > 200] -= 9
    for k, height in enumerate((200, 120, 240, 160)):
        x = 500 + 120 * k
        image[820 - height : 820, x : x + 70] = 70
    cv2.line(image, (480, 822), (960, 822), (20, 20, 20), 4)
    found = [p.box for p in find_graphics(image, DPI, [*lines, *below]).pictures]
    assert any(alike(box, Box(480, 580, 960, 824)) for box in found)
    assert all(line.box.share_in(box) < 0.5 for box in found for line in lines)


def test_letters_that_were_not_read_lead_no_drawing_into_the_text() -> None:
    lines = [*body(Box(200, 250, 640, 900)), *body(Box(100, 1300, 1500, 1900))]
    image = sheet(lines)
    strokes = np.array([(700, 300), (1100, 420), (720, 560), (1090, 800), (760, 700), (1000, 320)])
    cv2.polylines(image, [strokes], isClosed=False, color=(30, 30, 30), thickness=5)
    for x in range(215, 690, 40):
        cv2.circle(image, (x, 225), 12, (30, 30, 30), 4)  # a line over the text
    (picture,) = find_graphics(image, DPI, lines).pictures
    assert alike(picture.box, Box(700, 300, 1100, 800))
