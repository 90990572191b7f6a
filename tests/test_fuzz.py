"""Parsers, geometry and the doors for files, given what nobody would think of."""

from __future__ import annotations

import json
import random
import string
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epaper.errors import EpaperError, InputError
from epaper.export import jsonfile
from epaper.export.read import read_newsml
from epaper.export.validate import validate_file
from epaper.export.xmlio import clean
from epaper.geometry import Box, hull
from epaper.news import byline, calendar, caption, credits, dateline, dates, folio, jumps, numerals
from epaper.quality.truth import read_truth
from epaper.reading.layer import read_layer
from epaper.sources.pages import load_image, open_pages
from tests import hostile_images, hostile_pdf

ROOT = Path(__file__).resolve().parent.parent
# Pieces of which bylines, dates, markers and credits are made, and what breaks patterns.
_PIECES = (
    *"〇零一二三四五六七八九十百千万廿卅年月日时版第期号（）()【】□■●·：；，。、“”《》—-　 \t\n",
    *"１２３ＡＢ0123456789", "本报讯", "新华社", "记者", "通讯员", "电", "摄", "文/图", "下转",
    "上接", "紧接", "版", "星期三", "农历", "甲辰年", "民国", "昭和", "平成", "总第", "邮编",
    "责任编辑", "李明", "欧阳修文", "北京", "By ", "Reuters", "Photo: ", "Continued on page ",
    "\u0000", "\u200b", "\ud800", "\U0001f4f0", "e\u0301",
)  # fmt: skip
texts = st.lists(st.sampled_from(_PIECES) | st.characters(), max_size=60).map("".join)
_PARSERS: dict[str, Callable[[str], Any]] = {
    "number": numerals.number,
    "date": dates.find_date,
    "year and month": dates.find_year_month,
    "weekday": calendar.find_weekday,
    "lunar": calendar.find_lunar,
    "lunar date": calendar.parse_lunar,
    "jump": jumps.whole,
    "jump ahead": jumps.leading,
    "jump behind": jumps.trailing,
    "page number": folio.page_number_in,
    "byline": byline.whole,
    "byline ahead": lambda text: byline.leading(text, text.splitlines()),
    "byline behind": byline.trailing,
    "lead-in": dateline.lead_in,
    "caption": caption.split,
    "credit": caption.credit_people,
    "is a credit": caption.is_credit,
    "credits": credits.parse,
    "clean": clean,
}


@pytest.mark.parametrize("name", _PARSERS)
@given(text=texts)
@settings(max_examples=60, deadline=None)
def test_every_parser_takes_any_text(name: str, text: str) -> None:
    _PARSERS[name](text)


@pytest.mark.parametrize("name", _PARSERS)
def test_no_parser_takes_long_over_long_lines(name: str) -> None:
    start = time.process_time()
    for piece in (
        "一",
        "1",
        "（",
        "）（",
        "记者李明",
        "、李明",
        " ",
        "下转",
        "年月",
        "A1",
        "·",
        "摄/",
        "　李 ",
    ):
        _PARSERS[name](piece * (4000 // len(piece)))
    assert time.process_time() - start < 10


sides = st.floats(-1e5, 1e5, allow_nan=False)
boxes = st.tuples(sides, sides, sides, sides).map(
    lambda s: Box(min(s[0], s[2]), min(s[1], s[3]), max(s[0], s[2]), max(s[1], s[3]))
)


@given(boxes, boxes)
def test_boxes_keep_their_order_in_every_operation(a: Box, b: Box) -> None:
    whole = a.union(b)
    assert whole == b.union(a) == hull([a, b])
    assert whole.contains(a)
    assert whole.contains(b)
    assert a.intersection(b) == b.intersection(a)
    assert 0 <= a.intersection(b) <= min(a.area, b.area) * (1 + 1e-9)
    assert 0 <= a.share_in(b) <= 1 + 1e-9
    part = a.clipped(b)
    assert b.contains(part)
    assert part.x0 <= part.x1
    assert part.y0 <= part.y1
    assert part.area == pytest.approx(a.intersection(b), rel=1e-6, abs=1e-6)


@given(boxes, sides)
def test_a_turned_box_turns_back(box: Box, width: float) -> None:
    there = box.turned(width)
    assert (there.width, there.height) == pytest.approx((box.height, box.width), abs=1e-6)
    back = there.turned_back(width)
    assert (back.x0, back.y0, back.x1, back.y1) == pytest.approx(
        (box.x0, box.y0, box.x1, box.y1), abs=1e-6
    )


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The file with bits turned, pieces lost, doubled or put elsewhere, and odd numbers."""
    file = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16, 64))):
        place, other = rng.randrange(len(file)), rng.randrange(len(file))
        length = rng.randrange(1, 200)
        match rng.randrange(6):
            case 0:
                file[place] ^= 1 << rng.randrange(8)
            case 1:
                file[place] = rng.choice((0, 127, 128, 255))
            case 2:
                del file[place : place + length]
            case 3:
                file[place:place] = file[other : other + length]
            case 4:
                file[place : place + 4] = rng.choice(
                    (b"\xff" * 4, bytes(4), b"-1 0", b"<<>>", b"null")
                )
            case 5:
                figure = next((p for p in range(place, len(file)) if file[p : p + 1].isdigit()), 0)
                file[figure : figure + 1] = rng.choice((b"0", b"-1", b"99999999999", b"1e9"))
        file = file or bytearray(b"x")
    return bytes(file)


@cache
def _doors() -> tuple[tuple[str, bytes], ...]:
    """Small files of every kind that is opened, real and odd."""
    rng = random.Random(5)
    made = {kind: make(rng) for kind, make in hostile_pdf.FINE.items() if "bomb" not in kind}
    del made["pdf strip of 14,400 points"]
    image = hostile_images.picture(rng, 40)
    for kind in ("JPEG", "PNG", "TIFF", "JPEG2000", "WEBP"):
        made[kind] = hostile_images.saved(image, kind)
    made["fax"] = hostile_images.fax(rng)
    made["progressive"] = hostile_images.progressive(rng)
    made["real"] = (ROOT / "scans" / "provincial-daily" / "issue.pdf").read_bytes()
    return tuple(made.items())


@pytest.mark.parametrize("seed", range(60))
def test_mutated_files_open_or_are_refused(
    seed: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(seed)
    _, data = _doors()[seed % len(_doors())]
    path = tmp_path / "page.bin"
    path.write_bytes(mutated(data, rng))
    try:
        for page in open_pages(path)[:1]:
            if page.kind == "pdf":
                read_layer(page.path, page.index, page.dpi)
            load_image(page, min(page.dpi, 40))
    except EpaperError as error:
        assert "\n" not in str(error).strip()
    assert capfd.readouterr().err == ""


@given(seed=st.integers(0, 10**9))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_mutated_output_is_read_or_refused(seed: int, written: Path, tmp_path: Path) -> None:
    rng = random.Random(seed)
    folder = written / "old-vertical"
    name = rng.choice(("vertical.xml", "vertical.alto.xml", "vertical.page.xml", "vertical.json"))
    path = tmp_path / name
    data = mutated((folder / name).read_bytes()[: rng.choice((None, 9000))], rng)
    path.write_bytes(data)
    try:
        validate_file(path)
        if name == "vertical.xml":
            read_newsml(path)
        if name.endswith(".json"):
            jsonfile.read_page(data, path)
    except InputError as error:
        assert name in str(error)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(string.printable, max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=9,
)
_KEYS = ("page", "articles", "boxes", "width_mm", "height_mm", "body", "captions", "role", "box")


@given(value=st.dictionaries(st.sampled_from(_KEYS), json_values, max_size=6))
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_json_is_a_truth_or_refused(value: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    path.write_text(json.dumps({"page": {"width_mm": 1, "height_mm": 1}, **value}))
    try:
        read_truth(path)
    except InputError as error:
        assert "truth.json" in str(error)
