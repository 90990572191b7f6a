"""Reading page images: text, boxes, sizes, columns, and what stands there besides text."""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from epaper.errors import MissingError
from epaper.geometry import Box
from epaper.model import Line, Origin, WritingMode
from epaper.reading.engine import OcrOptions, engine_status, load_engine
from epaper.reading.models import BUNDLED, Model, bundled_folder, prepared
from epaper.reading.ocr import read_image
from epaper.reading.ocr_measure import char_spans
from epaper.reading.ocr_script import Script, Variant, chosen, variants
from epaper.reading.raster import find_graphics

Image = NDArray[np.uint8]
ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("EPAPER_SHARED", Path(__file__).parent.parent.parent / "shared"))
DPI = 300.0
LEFT = ["本报讯记者从水利部门获悉，", "今年夏粮播种面积稳中有增，", "长势良好，丰收在望。各地"]
RIGHT = ["图书馆新馆昨日正式开放，", "市民可凭身份证入馆阅览、", "借书。首日接待读者三千人"]


class Sheet:
    """A white page to set type on; lengths in points, rendered at `dpi`."""

    def __init__(self, width: float = 320, height: float = 130) -> None:
        self.document = pymupdf.open()
        self.page = self.document.new_page(width=width, height=height)

    def row(self, x: float, y: float, text: str, size: float = 9, color: float = 0) -> None:
        """Text whose base line starts at (x, y)."""
        self.page.insert_text(
            (x, y), text, fontsize=size, fontname="china-s", color=(color, color, color)
        )

    def column(self, x: float, y: float, text: str, size: float = 9) -> None:
        """Vertical text from the top (x, y); commas in the upper right of their square."""
        for number, char in enumerate(text):
            mark = 0.55 * size if char in "、。，" else 0.0
            self.row(x + mark, y + (number + 0.88) * size - mark, char, size)

    def fill(self, box: tuple[float, float, float, float], gray: float) -> None:
        self.page.draw_rect(pymupdf.Rect(*box), color=None, fill=(gray, gray, gray))

    def image(self, dpi: float = DPI) -> Image:
        pixels = self.page.get_pixmap(dpi=round(dpi))
        shape = (pixels.height, pixels.width, 3)
        return np.frombuffer(pixels.samples, np.uint8).reshape(shape).copy()


def two_columns(gutter: float = 12) -> Sheet:
    sheet = Sheet()
    for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        sheet.row(20, 40 + 14 * number, left)
        sheet.row(20 + 13 * 9 + gutter, 40 + 14 * number, right)
    return sheet


def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def texts(lines: Sequence[Line]) -> list[str]:
    return [folded(line.text) for line in lines]


@pytest.fixture(scope="module")
def columns() -> tuple[Line, ...]:
    return read_image(two_columns().image(), DPI)


def test_every_line_of_every_column_is_read_by_itself(columns: tuple[Line, ...]) -> None:
    assert sorted(texts(columns)) == sorted(map(folded, LEFT + RIGHT))
    assert all(line.origin is Origin.OCR for line in columns)
    assert all(line.confidence > 0.9 for line in columns)


def test_lines_of_one_type_have_one_size(columns: tuple[Line, ...]) -> None:
    em = 9 * DPI / 72
    assert [line.size for line in columns] == pytest.approx([em] * len(columns), rel=0.08)
    assert max(x.size for x in columns) <= 1.06 * min(x.size for x in columns)


def test_boxes_are_tight_to_the_ink(columns: tuple[Line, ...]) -> None:
    dark = two_columns().image()[:, :, 0] < 128
    for line in columns:
        box = line.box
        inside = dark[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
        rows, along = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
        assert rows[0] <= 4 and along[0] <= 4
        assert inside.shape[0] - rows[-1] <= 5 and inside.shape[1] - along[-1] <= 5


def test_every_character_has_its_box_in_order_along_the_line(columns: tuple[Line, ...]) -> None:
    for line in columns:
        assert len(line.chars) == len(line.text)
        centres = [box.cx for box in line.chars]
        assert centres == sorted(centres)
        pitch = 9 * DPI / 72
        expected = [line.box.x0 + pitch * (number + 0.46) for number in range(len(centres))]
        assert np.abs(np.array(centres) - expected).max() < 0.5 * pitch


def test_seams_of_tiles_neither_double_nor_cut_lines(columns: tuple[Line, ...]) -> None:
    image = np.ascontiguousarray(np.tile(two_columns().image(), (2, 2, 1)))
    lines = read_image(image, DPI, OcrOptions(tile=384))
    assert sorted(texts(lines)) == sorted(texts(columns) * 4)


def worn(image: Image) -> Image:
    """The image as a poor scanner sees it: blurred, grainy, faded."""
    grain = np.random.default_rng(3).normal(0, 14, image.shape[:2])[:, :, None]
    faded = 60 + cv2.GaussianBlur(image, (0, 0), 1.3).astype(np.float32) * 0.7
    return np.clip(faded + grain, 0, 255).astype(np.uint8)


@pytest.mark.skipif(
    importlib.util.find_spec("openvino") is None, reason="OpenVINO has no wheel for this machine"
)
def test_runtimes_read_alike() -> None:
    truth = json.loads((ROOT / "scans" / "truth" / "issue-p01.json").read_text(encoding="utf-8"))
    text = "".join(folded(p) for article in truth["articles"] for p in article["body"])
    sheet = Sheet(500, 460)
    for number in range(30):
        sheet.row(20, 24 + 14 * number, text[50 * number : 50 * (number + 1)])
    image = worn(sheet.image())
    fast, plain = (
        "".join(texts(read_image(image, DPI, OcrOptions(runtime=runtime))))
        for runtime in ("openvino", "onnxruntime")
    )
    assert len(fast) > 1400
    assert Levenshtein.distance(fast, plain) <= 0.001 * len(plain)


def test_ten_pixel_characters_are_read() -> None:
    lines = read_image(two_columns().image(dpi=84), 84.0)
    given, wanted = "".join(texts(lines)), folded("".join(LEFT + RIGHT))
    assert sum((Counter(given) & Counter(wanted)).values()) >= 0.9 * len(wanted)


def test_reversed_and_large_type_is_read_and_described() -> None:
    sheet = two_columns()
    sheet.fill((20, 2, 130, 24), 0.1)
    sheet.row(26, 18, "经济新闻", 14, color=1)
    sheet.row(150, 110, "城市新貌", 30)
    lines = {folded(line.text): line for line in read_image(sheet.image(), DPI)}
    label, headline, body = lines["经济新闻"], lines["城市新貌"], lines[folded(LEFT[0])]
    assert label.reversed and label.color >> 16 > 200
    assert not headline.reversed and headline.color >> 16 < 60
    assert headline.size / body.size == pytest.approx(30 / 9, rel=0.1)
    assert label.size / body.size == pytest.approx(14 / 9, rel=0.1)


def test_vertical_lines_keep_their_commas() -> None:
    sheet = Sheet(150, 260)
    wanted = [
        "上海、南京、杭州三市代表昨日會商",
        "水陸交通事宜、稅則、貨運章程均",
        "有決議。下月起試行一年再議定之",
    ]
    for number, text in enumerate(wanted):
        sheet.column(110 - 16 * number, 10, text, 14)
    lines = read_image(sheet.image(), DPI)
    assert all(line.mode is WritingMode.VERTICAL for line in lines)
    found = texts(sorted(lines, key=lambda line: -line.box.x0))
    assert [text.count("、") for text in found] == [2, 2, 0]
    same = sum((Counter("".join(found)) & Counter("".join(wanted))).values())
    assert same >= 0.93 * len("".join(wanted))


def test_vertical_lines_keep_brackets_dashes_and_their_last_mark() -> None:
    sheet = Sheet(150, 260)
    wanted = ["縣市︵區︶代表昨日會商，", "水陸交通事宜——稅則貨運", "讀︽論語︾一書下月起試行"]
    for number, text in enumerate(wanted):
        sheet.column(110 - 24 * number, 10, text, 14)
    lines = read_image(sheet.image(), DPI)
    found = "".join(texts(sorted(lines, key=lambda line: -line.box.x0)))
    brackets = found.translate(str.maketrans("︵︶︽︾", "()《》"))
    assert [c for c in brackets if c in "()《》"] == ["(", ")", "《", "》"]
    assert "宜—" in found.replace("一", "—").replace("-", "—")
    assert "會商、" in found or "會商," in found


def doubtful(page: Script, sure: int, score: float, chance: float) -> list[list[Variant]]:
    """A page of `sure` characters of one script and a doubtful one of the other."""
    other = Script.SIMPLIFIED if page is Script.TRADITIONAL else Script.TRADITIONAL
    line = [Variant(place, page, 0.99, "他", 0.001) for place in range(10)]
    return [line] * (sure // 10) + [[*line, Variant(10, other, score, "广", chance)]]


@pytest.mark.parametrize("page", list(Script))
def test_a_doubtful_form_follows_the_script_of_the_page(page: Script) -> None:
    *rest, last = chosen(doubtful(page, 500, 0.65, 0.3))
    assert rest == [[]] * 50
    assert [v.other for v in last] == ["广"]


def test_a_form_that_is_surely_printed_is_kept() -> None:
    assert chosen(doubtful(Script.SIMPLIFIED, 500, 0.99, 0.002))[-1] == []


def test_on_a_page_of_both_scripts_a_line_follows_its_own_sure_characters() -> None:
    both = doubtful(Script.SIMPLIFIED, 200, 0.6, 0.3) + doubtful(Script.TRADITIONAL, 300, 0.6, 0.3)
    assert [len(line) for line in chosen(both)] == [*[0] * 20, 1, *[0] * 30, 1]
    alone = [[Variant(0, Script.SIMPLIFIED, 0.6, "廣", 0.3)]]
    assert chosen([*both, *alone])[-1] == []


def test_a_line_read_half_simplified_with_doubts_is_traditional() -> None:
    """On a simplified page, too, where one of its characters is surely traditional."""
    page = [Variant(i, Script.SIMPLIFIED, 0.999, "處", 0.0003) for i in range(200)]
    line = [
        Variant(0, Script.TRADITIONAL, 0.96, "违", 0.03),
        Variant(1, Script.SIMPLIFIED, 0.54, "開", 0.46),
        Variant(2, Script.SIMPLIFIED, 0.97, "項", 0.03),
        Variant(3, Script.SIMPLIFIED, 0.94, "處", 0.04),
    ]
    assert [[v.other for v in x] for x in chosen([page, line])] == [[], ["開", "項", "處"]]
    # A simplified line in another face may be read with such doubts, but with nothing sure.
    assert chosen([page, line[1:]]) == [[], []]


def test_a_form_that_the_models_are_shy_of_is_given_its_due() -> None:
    """Where 爲 is printed, recognition mostly answers 為, and 爲 with a fifth of the chance."""
    printed = [Variant(k, None, 0.75, "爲", c, "為") for k, c in enumerate((0.1, 0.2, 0.3, 0.15))]
    assert [len(line) for line in chosen([printed])] == [4]
    modern = [Variant(0, None, 0.97, "爲", c, "為") for c in (0.0, 0.01, 0.02, 0.0)]
    assert chosen([modern]) == [[]]


def test_a_headline_takes_the_form_that_its_page_shows_once_clearly() -> None:
    """To 爲 in large type the models give a hundredth of the chance, to 為 all the rest."""
    headline = Variant(0, None, 0.99, "爲", 0.008, "為")
    text = [Variant(0, None, 0.75, "爲", c, "為") for c in (0.1, 0.2, 0.42, 0.15)]
    assert chosen([*([v] for v in text), [headline]])[-1] == [headline]
    plain = [Variant(0, None, 0.98, "爲", 0.0001, "為") for _ in range(8)]
    assert not any(chosen([*([v] for v in plain), [headline]]))


def test_a_traditional_line_on_a_simplified_page_is_left_as_read() -> None:
    # Of print in one script the models hardly ever offer the other: 0.00002 in the middle.
    name = [Variant(i, Script.TRADITIONAL, s, "农", 0.00005) for i, s in enumerate((0.99, 0.95))]
    name.append(Variant(2, Script.TRADITIONAL, 0.55, "报", 0.4))
    assert chosen([*doubtful(Script.SIMPLIFIED, 500, 0.6, 0.3), name])[-1] == []


@pytest.mark.parametrize("page", list(Script))
def test_a_line_in_handwritten_type_surely_read_in_the_other_script_follows_the_page(
    page: Script,
) -> None:
    """As 全省专题学习会提出 in Kai type was read: 專題學習會."""
    other = Script.SIMPLIFIED if page is Script.TRADITIONAL else Script.TRADITIONAL
    chances = ((0.939, 0.0014), (0.997, 0.0006), (0.998, 0.0009), (0.751, 0.1608), (0.998, 0.0012))
    line = [Variant(k, other, score, "专", chance) for k, (score, chance) in enumerate(chances)]
    line.append(Variant(5, None, 0.999, "强", 0.0007, "強"))
    text = [Variant(k, page, 0.999, "他", 0.0001) for k in range(12)]
    shown = [Variant(12, None, 0.99, "強", 0.001, "强")]
    assert chosen([[*text, *shown]] * 20 + [line])[-1] == line
    # On a page of both scripts it may be printed so.
    mixed = [Variant(k, other, 0.999, "他", 0.0001) for k in range(12)]
    assert len(chosen([text] * 20 + [mixed] * 5 + [line])[-1]) < len(line)


@pytest.mark.parametrize(("page", "form"), [("Hans", ["黄"]), ("Hant", [])])
def test_a_form_that_simplified_lacks_follows_a_simplified_page(page: str, form: list[str]) -> None:
    script = Script(page)
    text = [Variant(i, script, 0.999, "他", 0.0002) for i in range(200)]
    name = [Variant(0, None, 0.9, "黄", 0.09, "黃")]
    assert [v.other for v in chosen([text, name])[-1]] == form


def test_characters_at_home_in_both_scripts_are_no_variants() -> None:
    characters = ("", "广", "廣", "后", "里", "裡", "报", "報", "天")
    known = variants(characters)
    assert {characters[i]: script for i, ((script, _),) in known.items()} == {
        "廣": Script.TRADITIONAL,
        "裡": Script.TRADITIONAL,
        "報": Script.TRADITIONAL,
        "广": Script.SIMPLIFIED,
        "报": Script.SIMPLIFIED,
    }


def test_an_old_form_of_a_character_follows_its_other_instances_not_the_script() -> None:
    """A traditional page may be set with 温, which the script's own character set lacks."""
    page = [Variant(i, Script.TRADITIONAL, 0.99, "报", 0.001) for i in range(200)]
    sure = [Variant(0, None, 0.95, "溫", 0.04, "温"), Variant(1, None, 0.9, "溫", 0.1, "温")]
    doubted = [Variant(0, None, 0.5, "温", 0.45, "溫")]
    assert [[v.other for v in line] for line in chosen([page, sure, doubted])] == [[], [], ["温"]]
    assert chosen([page, doubted]) == [[], []]
    known = variants(("", "温", "溫", "报", "報"))
    assert known[1] == ((None, (2,)),)
    assert known[2] == ((None, (1,)),)


def test_an_old_cut_of_a_traditional_form_may_still_be_of_the_other_script() -> None:
    """說 and 説 are one matter, 說 and 说 another: a page of 说 has neither of the first two."""
    characters = ("", "说", "說", "説", "内", "內")
    known = variants(characters)
    assert known[2] == ((Script.TRADITIONAL, (1,)), (None, (3,)))
    # 内 is printed in Traditional, too.
    assert known[4] == ((None, (5,)),)
    page = [Variant(i, Script.SIMPLIFIED, 0.999, "說", 0.0002) for i in range(200)]
    doubted = [
        Variant(0, Script.TRADITIONAL, 0.54, "说", 0.45, "說"),
        Variant(0, None, 0.54, "説", 0.001, "說"),
    ]
    assert [[v.other for v in x] for x in chosen([page, doubted])] == [[], ["说"]]


@pytest.mark.parametrize(("shown", "form"), [("內", ["內"]), ("内", [])])
def test_a_simplified_form_on_a_traditional_page_follows_its_other_instances_early(
    shown: str, form: list[str]
) -> None:
    """In type after handwriting 內 is read as 内, and 內 has a fourteenth of the chance."""
    page = [Variant(i, Script.TRADITIONAL, 0.999, "报", 0.0002) for i in range(200)]
    hidden = "内" if shown == "內" else "內"
    text = [Variant(k, None, 0.9, hidden, 0.1, shown) for k in range(4)]
    deck = [Variant(0, None, 0.925, "內", 0.0745, "内")]
    assert [v.other for v in chosen([page, text, deck])[-1]] == form


@pytest.mark.parametrize("tone", [255, 200, 0])
def test_a_blank_page_has_no_lines_and_no_graphics(tone: int) -> None:
    image = np.full((900, 700, 3), tone, np.uint8)
    assert read_image(image, DPI) == ()
    graphics = find_graphics(image, DPI, ())
    assert (graphics.rules, graphics.pictures) == ((), ())


def test_a_scan_is_read_as_printed() -> None:
    scan, truth = (SHARED / "pages" / f"cjrb-2024-06-05-01{e}" for e in (".scan1.jpg", ".json"))
    if not scan.exists():
        pytest.skip(f"there is no {scan}")
    image = cv2.cvtColor(cv2.imread(str(scan)), cv2.COLOR_BGR2RGB)[2750:4000, :1600]
    boxes = json.loads(truth.read_text(encoding="utf-8"))["boxes"]
    printed = Counter(folded("".join(box.get("text", "") for box in boxes)))
    read = "".join(texts(read_image(np.ascontiguousarray(image), DPI)))
    assert len(read) > 500
    assert sum((Counter(read) & printed).values()) >= 0.995 * len(read)


def test_what_is_missing_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    options = OcrOptions(model_dir=tmp_path, det_model="PP-OCRv6_medium_det")
    part = next(p for p in engine_status(options) if p.name == "PP-OCRv6_medium_det")
    assert not part.present and str(tmp_path) in part.detail
    with pytest.raises(MissingError, match="PP-OCRv6_medium_det"):
        load_engine(options)


def test_the_bundled_models_are_prepared_once_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EPAPER_CACHE", str(tmp_path))
    # A model folder of its own keeps the test from an engine that another test has loaded.
    names = sorted(BUNDLED)
    folders = [bundled_folder(name) for name in names]
    assert sorted(tmp_path.glob("models/*")) == folders
    assert len(folders) == 2
    assert all(
        {f.name for f in d.iterdir()} == {"inference.onnx", "inference.yml"} for d in folders
    )
    stamps = [f.stat().st_mtime_ns for d in folders for f in d.iterdir()]
    assert [bundled_folder(name) for name in names] == folders
    assert stamps == [f.stat().st_mtime_ns for d in folders for f in d.iterdir()]


def test_paddleocr_prepares_a_model_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPAPER_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("inference.onnx", "inference.yml"):
        (folder / name).write_text("1", encoding="utf-8")
    asked = []

    def prepare() -> SimpleNamespace:
        asked.append(1)
        return SimpleNamespace(model_dir=str(folder), config={"Global": {"model_name": "m"}})

    found = [prepared("TextDetection", "m", folder, prepare) for _ in range(2)]
    assert found[0] == found[1] == Model({"Global": {"model_name": "m"}}, folder / "inference.onnx")
    assert len(asked) == 1
    (folder / "inference.yml").write_text("another", encoding="utf-8")
    prepared("TextDetection", "m", folder, prepare)
    assert len(asked) == 2


@given(
    st.lists(st.floats(0, 1000), min_size=1, max_size=30, unique=True).map(sorted),
    st.floats(8, 80),
)
def test_character_spans_do_not_overlap(centres: list[float], em: float) -> None:
    spans = char_spans("字" * len(centres), centres, em)
    assert all(a <= b for a, b in spans)
    assert all(b <= c + 1e-6 for (_, b), (c, _) in itertools.pairwise(spans))


def body(box: Box, em: float = 36) -> list[Line]:
    """Lines of body type that fill a box."""
    rows = np.arange(box.y0, box.y1 - em, 1.5 * em)
    count = int(box.width / em)
    return [
        Line("字" * count, Box(box.x0, y, box.x0 + count * em, y + em), em, origin=Origin.OCR)
        for y in rows.tolist()
    ]


def printed(lines: Sequence[Line], width: int = 1600, height: int = 2000) -> Image:
    """Paper with something like type where the lines are."""
    image = np.full((height, width, 3), 240, np.uint8)
    for line in lines:
        for x in np.arange(line.box.x0, line.box.x1 - 10, line.size).tolist():
            top, left, em = round(line.box.y0), round(x), round(line.size * 0.9)
            image[top : top + em : 7, left : left + em] = 40
            image[top : top + em, left : left + em : 9] = 40
    return image


def test_rules_of_every_kind_are_found() -> None:
    lines = body(Box(100, 900, 1500, 1900))
    image = printed(lines)
    image[200:204, 100:1500] = 20
    image[400:403, 100:1500] = 20
    image[411:414, 100:1500] = 20
    for x in range(100, 1500, 18):
        image[600:606, x : x + 7] = 20
    for x in range(100, 1500, 10):
        image[700:703, x : x + 3] = 20
    image[60:860, 50:53] = 20
    image[300:330, 50:53] = 240  # worn
    rules = find_graphics(image, DPI, lines).rules
    across = sorted((r for r in rules if r.horizontal), key=lambda r: r.box.y0)
    assert [r.style for r in across] == ["solid", "double", "dotted", "dotted"]
    assert all(r.box.width == pytest.approx(1400, abs=30) for r in across)
    assert [r.box.cy for r in across] == pytest.approx([202, 407, 603, 701], abs=4)
    (down,) = (r for r in rules if not r.horizontal)
    assert down.box.height == pytest.approx(800, abs=20)
    assert down.thickness == pytest.approx(3, abs=3)


def test_a_slightly_sloping_rule_is_one_rule() -> None:
    lines = body(Box(100, 900, 1500, 1900))
    image = printed(lines)
    cv2.line(image, (100, 400), (1500, 412), (20, 20, 20), 3)
    (rule,) = find_graphics(image, DPI, lines).rules
    assert rule.box.width == pytest.approx(1400, abs=30)


def test_a_photograph_with_a_light_sky_is_one_picture_without_its_caption() -> None:
    photo, caption = Box(200, 100, 1200, 800), Box(200, 815, 1200, 870)
    lines = body(Box(100, 900, 1500, 1900)) + body(caption)
    image = printed(lines)
    random = np.random.default_rng(0)
    image[100:400, 200:1200] = (205, 215, 225)
    image[400:800, 200:1200] = random.integers(20, 190, (400, 1000, 1), np.uint8)
    graphics = find_graphics(image, DPI, lines)
    (picture,) = graphics.pictures
    assert picture.box.intersection(photo) >= 0.95 * photo.area
    assert picture.box.area <= 1.05 * photo.area
    assert picture.box.share_in(caption) == 0.0
    assert graphics.rules == ()


def test_text_show_through_and_creases_are_no_graphics() -> None:
    lines = body(Box(100, 100, 1500, 1900))
    image = printed(lines).astype(np.int16)
    image[:, ::-1] -= (printed(body(Box(300, 300, 1200, 1700))).astype(np.int16) - 240) // -12
    image[1000:1012] -= 18
    graphics = find_graphics(np.clip(image, 0, 255).astype(np.uint8), DPI, lines)
    assert (graphics.rules, graphics.frames, graphics.pictures) == ((), (), ())


def test_a_box_around_text_is_a_frame_and_a_tint_keeps_its_colour() -> None:
    framed, tinted = Box(150, 150, 700, 700), Box(850, 150, 1450, 700)
    lines = body(framed.grown(-40)) + body(tinted.grown(-40)) + body(Box(100, 900, 1500, 1900))
    image = printed(lines)
    ground = np.all(image == 240, axis=2)
    tint = np.zeros(ground.shape, np.bool_)
    tint[150:700, 850:1450] = True
    image[ground & tint] = (180, 200, 170)
    cv2.rectangle(image, (150, 150), (700, 700), (20, 20, 20), 3)
    graphics = find_graphics(image, DPI, lines)
    assert graphics.pictures == ()
    stroked = [f for f in graphics.frames if f.stroked]
    filled = [f for f in graphics.frames if not f.stroked]
    assert len(stroked) == len(filled) == 1
    assert stroked[0].box.intersection(framed) >= 0.93 * framed.area
    assert filled[0].box.intersection(tinted) >= 0.93 * tinted.area
    fill = filled[0].fill or 0
    assert (fill >> 16, fill >> 8 & 255, fill & 255) == pytest.approx((180, 200, 170), abs=12)
