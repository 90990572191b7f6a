"""Typeset pages: truth that is true, type that stays in its place, and variety."""

from __future__ import annotations

import collections
import datetime as dt
import json
import random
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from epaper.errors import InputError
from epaper.geometry import Box
from epaper.model import WritingMode
from epaper.synth import STYLES, SynthOptions, make_pages
from epaper.synth.fonts import default_fonts
from epaper.synth.furniture import lunar_date
from epaper.synth.grammar import Writer, han_number
from epaper.synth.grid import Divider, Plan
from epaper.synth.setting import NO_END, NO_START, Composer, Type
from epaper.synth.stops import ASCENT, stop_shift

MM = 25.4 / 72


def folded(text: str) -> collections.Counter[str]:
    return collections.Counter("".join(unicodedata.normalize("NFKC", text).split()))


def truth_of(pdf: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(pdf.with_suffix(".json").read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Pages of every family; some with an inner page."""
    out = tmp_path_factory.mktemp("pages")
    made: list[Path] = []
    for seed, style in enumerate(STYLES):
        made += make_pages(
            out, 1 + (seed % 4 == 1), seed, SynthOptions(styles=style.name, own_text=0.7)
        )
    return made


def test_text_of_the_pdf_is_the_text_of_the_truth(pages: list[Path]) -> None:
    for pdf in pages:
        printed = folded(pymupdf.open(pdf)[0].get_text())
        told = folded("".join(b["text"] for b in truth_of(pdf)["boxes"]))
        common = sum((printed & told).values())
        assert 2 * common / (sum(printed.values()) + sum(told.values())) > 0.999, pdf.name


def test_articles_say_what_their_boxes_say(pages: list[Path]) -> None:
    for pdf in pages:
        truth = truth_of(pdf)
        for article in truth["articles"]:
            boxes = [b for b in truth["boxes"] if b["article"] == article["id"]]
            running = "".join(b["text"] for b in boxes if b["role"] in ("body", "subhead", "table"))
            assert folded(running) == folded("".join(article["body"])), (pdf.name, article["id"])
            heads = [b["text"] for b in boxes if b["role"] == "headline"]
            assert heads == ([article["headline"]] if article["headline"] is not None else [])
            assert set(article["subheads"]) <= set(article["body"])
            if article["headline"] is not None:
                assert article["body"] or article["captions"], (pdf.name, article["id"])


def test_glyphs_stand_in_the_box_that_tells_of_them(pages: list[Path]) -> None:
    for pdf in pages:
        boxes = [b for b in truth_of(pdf)["boxes"] if b["text"]]
        for char, x, y, em in glyphs(pdf):
            slack = 0.6 + em * 0.3
            assert any(
                b["box"][0] - slack <= x <= b["box"][2] + slack
                and b["box"][1] - slack <= y <= b["box"][3] + slack
                and char in b["text"]
                for b in boxes
            ), (pdf.name, char, x, y)


def glyphs(pdf: Path) -> list[tuple[str, float, float, float]]:
    """Character, middle of its cell and em, millimetres."""
    found = []
    for block in pymupdf.open(pdf)[0].get_text("rawdict", flags=0)["blocks"]:
        for line in block["lines"]:
            for span in line["spans"]:
                for char in span["chars"]:
                    x0, y0, x1, y1 = (v * MM for v in char["bbox"])
                    if not char["c"].isspace():
                        found.append((char["c"], (x0 + x1) / 2, (y0 + y1) / 2, span["size"] * MM))
    return found


def test_reporters_of_the_truth_are_named_in_print(pages: list[Path]) -> None:
    named = 0
    for pdf in pages:
        truth = truth_of(pdf)
        for article in truth["articles"]:
            boxes = [b for b in truth["boxes"] if b["article"] == article["id"]]
            printed = "".join(b["text"] for b in boxes)
            for name in article.get("byline", "").split():
                named += 1
                assert name in printed, (pdf.name, article["id"])
    assert named > 20


def test_no_headline_stands_twice_on_a_page(pages: list[Path]) -> None:
    for pdf in pages:
        heads = [a["headline"] for a in truth_of(pdf)["articles"] if a["headline"]]
        assert len(heads) == len(set(heads)), pdf.name


def test_blocks_do_not_overlap_and_stay_on_the_page(pages: list[Path]) -> None:
    for pdf in pages:
        truth = truth_of(pdf)
        page = Box(5, 5, truth["page"]["width_mm"] - 5, truth["page"]["height_mm"] - 5)
        boxes = [(b["role"], Box(*b["box"])) for b in truth["boxes"]]
        for i, (role, box) in enumerate(boxes):
            assert page.contains(box), (pdf.name, role, box)
            for other, beside in boxes[i + 1 :]:
                if {role, other} == {"photo", "caption"} or "illustration" in (role, other):
                    # Words may stand on a picture, and text inside the box of a cut-out one.
                    continue
                shared = min(box.overlap_x(beside), box.overlap_y(beside))
                assert shared < 0.5, (pdf.name, role, box, other, beside)


def test_a_story_that_goes_on_arrives_on_the_page_it_names(tmp_path: Path) -> None:
    jumps = 0
    for seed in range(2):
        made = make_pages(tmp_path / str(seed), 4, seed, SynthOptions(styles="provincial"))
        issues: dict[str, dict[str, dict[str, Any]]] = {}
        for pdf in made:
            truth = truth_of(pdf)
            issue = issues.setdefault(pdf.stem.rsplit("-", 1)[0], {})
            issue[str(truth["page"]["number"])] = truth
        for issue in issues.values():
            for number, truth in issue.items():
                for article in truth["articles"]:
                    if "continues_to" not in article:
                        continue
                    jumps += 1
                    target = issue[str(article["continues_to"])]["articles"]
                    arrived = [a for a in target if str(a.get("continued_from")) == number]
                    assert article["headline"] in [a["headline"] for a in arrived]
    assert jumps


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_page(tmp_path: Path) -> None:
    options = SynthOptions(styles="evening", scans=(2,), dpi=60)
    for name, seed in (("one", 5), ("two", 5), ("three", 6)):
        make_pages(tmp_path / name, 1, seed, options)
    one = {p.name: p.read_bytes() for p in (tmp_path / "one").iterdir()}
    two = {p.name: p.read_bytes() for p in (tmp_path / "two").iterdir()}
    assert sorted(Path(n).suffixes[-1] for n in one) == [".jpg", ".json", ".pdf"]
    assert one == two
    assert not set(one.values()) & {p.read_bytes() for p in (tmp_path / "three").iterdir()}


def test_held_out_families_never_appear_among_those_for_training(tmp_path: Path) -> None:
    held = {s.name for s in STYLES if s.held_out}
    trained = make_pages(tmp_path, 8, 1, SynthOptions(styles="train"))
    assert held
    assert not {p.name.rsplit("-", 3)[0] for p in trained} & held


def test_an_unknown_family_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gazette"):
        make_pages(tmp_path, 1, 1, SynthOptions(styles="gazette"))


def test_pages_stay_small(pages: list[Path]) -> None:
    # A large CJK face keeps the subroutines that all its glyphs share, 1.4 MB packed; a page
    # has up to four such faces. Whole, one of them alone would be more than this.
    assert max(p.stat().st_size for p in pages) < 8_000_000


def test_a_scan_keeps_the_frame_and_resolution_of_its_page(tmp_path: Path) -> None:
    made = make_pages(tmp_path, 1, 2, SynthOptions(styles="city", scans=(1, 4), dpi=100))
    page = truth_of(made[0])["page"]
    darkness = []
    for level in (1, 4):
        with Image.open(made[0].with_suffix(f".scan{level}.jpg")) as scan:
            assert scan.info["dpi"] == (100, 100)
            assert abs(scan.width - page["width_mm"] / 25.4 * 100) <= 2
            assert abs(scan.height - page["height_mm"] / 25.4 * 100) <= 2
            darkness.append(float(np.percentile(np.asarray(scan.convert("L")), 80)))
    assert darkness[1] < darkness[0]


@pytest.mark.parametrize("traditional", [False, True])
def test_stops_of_vertical_lines_stand_in_their_cells(traditional: bool) -> None:
    for face in default_fonts().faces("song", traditional):
        for char in "，。、":
            right, up = stop_shift(face, char)
            ink = face.ink(char)
            left = 0.5 - face.advance(char) / 2 + right
            assert ink.area > 0
            assert left + ink.x0 > 0
            assert left + ink.x1 < 1, face.name
            assert ASCENT - up + ink.y0 > 0
            assert ASCENT - up + ink.y1 < (1 if up == 0 else 0.5), face.name


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    ems=st.floats(7, 40),
    squeeze=st.sampled_from(["none", "end", "all"]),
)
def test_lines_obey_the_rules_of_line_breaking(seed: int, ems: float, squeeze: str) -> None:
    fonts = default_fonts()
    rng = random.Random(seed)
    writer = Writer(rng, dt.date(2020, 1, 1))
    text = "".join(writer.sentence(writer.beat()) for _ in range(4))
    kind = Type(fonts.faces("song", False)[0], 9.0)
    lines = Composer(fonts, WritingMode.HORIZONTAL, squeeze).lines(
        text, ems * kind.em, kind, kind.em * 2
    )
    assert "".join(line.text for line in lines) == text
    for line in lines:
        assert line.length <= ems * kind.em + 0.51 * kind.em
        assert line.text[0] not in NO_START - set("%'·-")
    for line in lines[:-1]:
        assert line.text[-1] not in NO_END


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), columns=st.integers(2, 9), odd=st.floats(0, 1))
def test_regions_cover_the_page_without_overlap(seed: int, columns: int, odd: float) -> None:
    area = Box(14, 80, 376, 530)
    plan = Plan(columns, 4.0, 6.0, 12000.0, odd)
    regions = Divider(area, plan, random.Random(seed)).divide()
    boxes = [c for r in regions for c in r.columns]
    for i, box in enumerate(boxes):
        assert area.contains(box, 0.01)
        assert box.height > 5
        for other in boxes[i + 1 :]:
            assert box.intersection(other) < 0.01
    assert sum(b.area for b in boxes) > 0.75 * area.area


def test_the_lunar_date_is_the_real_one() -> None:
    assert lunar_date(dt.date(2024, 6, 5)).endswith("四月廿九")
    assert lunar_date(dt.date(2024, 6, 5)).startswith("甲辰年")
    assert lunar_date(dt.date(2000, 2, 5)) == "庚辰年正月初一"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "零"), (7, "七"), (10, "十"), (15, "十五"), (205, "二百零五"), (1030, "一千零三十")],
)
def test_numbers_in_chinese(value: int, text: str) -> None:
    assert han_number(value) == text


@pytest.mark.parametrize("char", ["℃", "○", "■"])
def test_a_symbol_is_set_in_no_face_that_has_an_empty_glyph_for_it(char: str) -> None:
    fonts = default_fonts()
    for traditional in (False, True):
        for kind in ("hei", "song", "kai"):
            for face in fonts.faces(kind, traditional):
                own = face if face.gid(char) else fonts.fallback(char, traditional)
                assert own is not None
                assert own.ink(char).area > 0


def test_stories_of_a_tabloid_run_on_from_tier_to_tier(tmp_path: Path) -> None:
    options = SynthOptions(styles="tabloid-1930s", own_text=1.0)
    (pdf,) = make_pages(tmp_path, 1, 5, options)
    truth = truth_of(pdf)
    tiers: collections.defaultdict[str, set[int]] = collections.defaultdict(set)
    for box in truth["boxes"]:
        x0, y0, x1, _ = box["box"]
        assert -1 <= x0 < x1 <= truth["page"]["width_mm"] + 1
        if box["role"] == "body":
            tiers[box["article"]].add(round(y0))
    assert len(tiers) > 8
    assert sum(len(tops) > 1 for tops in tiers.values()) > 2
    assert all(a["headline"] for a in truth["articles"])
