"""Layout: who wrote a story, and first lines that only look like it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typeset import EM, PITCH, columns, down, line, page_of, prose

from epaper.geometry import Box
from epaper.layout import lay_out
from epaper.layout.chunks import make_chunks
from epaper.layout.cues import is_byline
from epaper.layout.frame import Item
from epaper.model import Frame, Origin, Picture, Role
from epaper.news import understand

# First lines of a text, and how it goes on.
TOLD = [
    ("記者在現場看", "到許多熱心的志願者正在忙碌，"),
    ("本报记者戴峰报道社区", "医院昨日启用，"),
    ("本報記者金毅報道 記者在現", "場看到許多志願者，"),
    ("本報記者顧晨報", "道社區醫院昨日啓用，"),
]


@pytest.mark.parametrize("text", [first for first, _ in TOLD])
def test_what_reporters_saw_and_the_beginning_of_a_report_are_no_byline(text: str) -> None:
    assert not is_byline(text)


@pytest.mark.parametrize("text", ["本报记者张三报道 摄影李四", "本报记者 张三 报道"])
def test_reporters_and_photographers_by_themselves_are_a_byline(text: str) -> None:
    assert is_byline(text)


@pytest.mark.parametrize(("first", "rest"), TOLD)
def test_the_first_line_of_a_report_under_its_headline_stays_in_the_text(
    first: str, rest: str
) -> None:
    """It looks blacker than it is, and so is parted from the text it begins."""
    measure = len(first) + 2
    body = first + rest + prose(1, 12 * measure)
    text = columns([body], 400, 420, 40, measure=measure)
    text[0] = replace(text[0], bold=True)
    lines = [line("永定渠水位上涨", 400, 300, 90), *text]
    page = understand(lay_out(page_of([replace(x, origin=Origin.OCR) for x in lines])))
    (article,) = page.articles
    assert "".join("".join(p.text for p in article.paragraphs).split()) == "".join(body.split())


@pytest.mark.parametrize("kicker", [["全省动员大会提出"], ["全省动员大会今天", "在城东镇召开"]])
def test_beside_a_headline_down_a_page_read_across_its_byline_stands_left_of_it(
    kicker: list[str],
) -> None:
    """Such rows are read from the right: the kicker, the headline, who wrote it."""
    body = [prose(1, 14 * 40)]
    first = 560 + 60 * (len(kicker) - 1)
    head = [
        *(down(text, first - 60 * k, 480) for k, text in enumerate(kicker)),
        down("永定渠水位上涨", 440, 480, 100),
        down("本报记者 汤琳", 380, 800),
    ]
    page = understand(lay_out(page_of([*head, *columns(body, 720, 480, 20)])))
    (article,) = page.articles
    assert article.headline() == "永定渠水位上涨"
    assert "".join(article.headline(Role.KICKER).split()) == "".join(kicker)
    (over,) = (b for b in page.blocks if b.role is Role.KICKER)
    assert [x.text for x in over.lines] == kicker
    assert article.byline == "本报记者 汤琳"
    assert [p.text for p in article.paragraphs] == body


def test_the_line_of_who_wrote_the_text_over_a_paragraph_is_no_line_of_it() -> None:
    byline = line("文/本报记者 汤琳", 400, 480)
    text = columns([prose(1, 14 * 8)], 400, 480 + PITCH, 40)
    items = [Item(x, x.box, across=False) for x in (byline, *text)]
    assert [len(c.items) for c in make_chunks(items, [], [])] == [1, len(text)]


def test_text_under_a_byline_under_a_picture_is_the_text_of_the_headline_over_it() -> None:
    body, x = prose(15, 14 * 10), 400 + 14 * EM + 60
    lines = [
        line("永定渠水位上涨", 410, 330, 70),
        *columns([prose(1, 14 * 20)], 400, 480, 40),
        line("储能设备并网", x + 20, 330, 70),
        line("文/本报记者 汤琳", x, 920),
        *columns([body], x, 920 + PITCH, 40),
    ]
    picture = Picture("i01", Box(x, 480, x + 14 * EM, 900))
    page = understand(lay_out(page_of(lines, pictures=[picture])))
    (found,) = (a for a in page.articles if a.headline() == "储能设备并网")
    assert [p.text for p in found.paragraphs] == [body]
    assert found.byline == "文/本报记者 汤琳" and not found.captions


def test_a_byline_in_a_face_of_its_own_over_a_caption_is_no_line_of_it() -> None:
    byline = line("■文/本报记者 邵舒", 480, 480, font="KaiTi")
    caption = line("下图：永河县污水处理厂一角正在", 400, 480 + PITCH, font="HeiTi")
    credit = line("施工。 邵舒 摄", 400, 480 + 2 * PITCH, font="HeiTi")
    items = [Item(x, x.box, across=False) for x in (byline, caption, credit)]
    assert [len(c.items) for c in make_chunks(items, [], [])] == [1, 2]


@pytest.mark.parametrize("names", ["本报记者 王燕", "欢迎选购"])
def test_a_headline_in_a_frame_with_no_more_than_its_reporter_is_no_advert(names: str) -> None:
    """A digest has such; large words by themselves in a frame are an advert."""
    head = line("全国马拉松赛苍山收官", 440, 440, 70)
    who = line(names, 700, 540)
    frame = Frame(Box(380, 400, 1300, 620))
    story = [line("春耕生产现场会召开", 1500, 330, 90), *columns([prose(11, 400)], 1500, 480, 40)]
    page = lay_out(page_of([head, who, *story], frames=[frame]))
    headed = [a.headline() for a in page.articles if not a.advert]
    assert ("全国马拉松赛苍山收官" in headed) is (names != "欢迎选购")
