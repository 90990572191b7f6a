"""What models are trained on: scans and likenesses of OCR with the truth about them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from typeset import EM, HEIGHT, WIDTH, columns, line, page_of, prose

from epaper.geometry import Box
from epaper.layout import learned
from epaper.model import Frame, Line, Picture
from epaper.quality.pagetext import PageText
from epaper.quality.truth import Truth, TruthBox
from epaper.synth.wear import scan
from epaper.training.examples import DPI, UNKNOWN, page_from, samples
from epaper.training.pictures import examples
from epaper.training.scans import find_move, read_scan, scans_of, truth_on_scan
from epaper.training.wear import as_read

MM = DPI / 25.4
NO_BOXES = Truth(PageText("p"), (), WIDTH / MM, HEIGHT / MM)


def story() -> list[Line]:
    return columns([prose(k, 150) for k in (1, 11, 21, 3, 13, 23)], 400, 450, 24)


def bent(box: Box) -> Box:
    """Turned by a third of a degree, bent by half a line and cropped."""
    x, y = box.cx / WIDTH - 0.5, box.cy / HEIGHT - 0.5
    dx = -0.006 * y * HEIGHT - 55
    dy = 0.006 * x * WIDTH + 20 * math.sin(2 * x) - 130
    return box.moved(dx, dy)


def scanned(lines: Iterable[Line]) -> list[Line]:
    return [replace(x, box=bent(x.box)) for x in lines]


def test_a_bent_scan_is_followed_to_within_a_tenth_of_a_character():
    lines = story()
    move = find_move(lines, scanned(lines))
    assert move is not None
    for one in lines:
        found, wanted = move.box(one.box), bent(one.box)
        assert found.cx == pytest.approx(wanted.cx, abs=4)
        assert found.cy == pytest.approx(wanted.cy, abs=4)
        assert found.height == pytest.approx(one.box.height, abs=4)


def test_lines_that_went_astray_do_not_lead_the_others():
    lines = story()
    read = scanned(lines)
    # Every seventh text stands elsewhere too, and was read only there.
    for k in range(0, len(read), 7):
        read[k] = replace(read[k], box=read[k].box.moved(900, -1200))
    move = find_move(lines, read)
    assert move is not None
    for one in lines:
        assert move.box(one.box).cy == pytest.approx(bent(one.box).cy, abs=4)


def test_the_truth_is_not_moved_where_hardly_a_line_was_read():
    lines = story()
    box = TruthBox("body", "a", Box(10, 10, 90, 90))
    truth = Truth(PageText("p"), (box,), WIDTH / MM, HEIGHT / MM)
    read = [*scanned(lines[:6]), *(replace(x, text=x.text[::-1]) for x in scanned(lines[6:]))]
    assert truth_on_scan(truth, page_of(lines), page_of(read)) is None


def test_boxes_hold_the_same_lines_on_a_scan_that_was_read(
    set_page: Callable[..., Path], tmp_path: Path
):
    pdf = set_page(tmp_path / "p.pdf", story="".join(prose(k, 120) for k in (1, 11, 21, 5, 15, 25)))
    image = scan(pdf, tmp_path / "p.scan3.jpg", 3, random.Random(4))
    kept = read_scan(image)
    page = page_from(pdf)
    boxes = [TruthBox("body", "a", x.box.scaled(1 / MM), x.text) for x in page.lines]
    truth = Truth(PageText("p"), tuple(boxes), page.width / MM, page.height / MM)
    ((read, moved),) = scans_of(page, truth, pdf)
    assert kept.name == "p.scan3.read"
    assert not read.blocks
    placed = {b.text: b.box.scaled(MM) for b in moved.boxes}
    same = [x for x in read.lines if x.text in placed]
    assert len(same) > 0.7 * len(page.lines)
    for one in same:
        assert one.box.share_in(placed[one.text].grown(6)) > 0.8, one.text


def test_a_truth_without_boxes_teaches_nothing():
    picture = Picture("i01", Box(400, 1900, 1600, 2600))
    caption = replace(columns([prose(2, 20)], 400, 2630, 1, 24)[0], size=34)
    page = replace(page_of([*story(), caption]), pictures=(picture,))
    (found,) = samples(page, NO_BOXES)
    assert set(found.right.tolist()) == {UNKNOWN}
    assert not examples(page, NO_BOXES).caption_rows
    assert learned.scores(found.nodes, found.scene).shape[0] == len(found.right)


def test_a_caption_under_two_pictures_found_as_one_is_theirs():
    boxes = [Box(400, 1600, 980, 2300), Box(1000, 1600, 1580, 2300)]
    body = columns([prose(1, 260), prose(5, 240)], 400, 480, 20)
    lines = [replace(x, font="SongTi") for x in body]
    caption = line("农民在田间栽插水稻秧苗。", 400, 2320, 36, font="KaiTi")
    headline = line("春耕生产现场会召开", 420, 300, 90, font="HeiTi")
    page = page_of(
        [headline, *lines, caption], pictures=[Picture("i01", Box(398, 1598, 1582, 2302))]
    )
    known = [
        *(TruthBox("photo", "a", box.scaled(1 / MM)) for box in boxes),
        TruthBox("caption", "a", caption.box.grown(5).scaled(1 / MM), caption.text),
    ]
    found = examples(page, replace(NO_BOXES, boxes=tuple(known)))
    assert sum(int(right.sum()) for right in found.caption_right) == 1


def test_lines_of_a_likeness_end_where_their_ink_does():
    lines = [line(f"第{k}号{prose(k, 12)[:-1]}", 400, 50.0 * k) for k in range(120)]
    read = as_read(page_of(lines), random.Random(2)).lines
    known = {x.text: x.box for x in lines}
    same = [(known[x.text], x.box) for x in read if x.text in known]
    assert len(same) > 80
    narrower = sum(a.width - b.width for a, b in same) / len(same)
    lower = sum(a.height - b.height for a, b in same) / len(same)
    assert 0.05 * EM < narrower < 0.2 * EM
    assert 0.05 * EM < lower < 0.2 * EM


def test_most_frames_of_a_likeness_are_four_rules_too():
    boxes = [Box(100 + 400 * k, 5000, 450 + 400 * k, 5400) for k in range(10)]
    frames = tuple(Frame(box) for box in boxes)
    tinted = Frame(Box(100, 5600, 4000, 5900), stroked=False, fill=0xDDDDDD)
    page = replace(page_of(story()), frames=(*frames, tinted))
    rules = as_read(page, random.Random(1)).rules
    assert 24 <= len(rules) <= 40
    assert not len(rules) % 4
    assert not [r for r in rules if r.box.y0 > 5500]
