"""Vertical newspaper pages set by a browser, with truth.

    python -m tests.bench.browser_vertical OUT [PAGES] [SEED]
    epaper convert OUT/*.pdf -o out --text layer && epaper evaluate OUT out

Three manners: `bands` of one to three tiers with headlines beside or over their stories;
`dense` broadsheets of the 1930s whose stories run on from tier to tier; `book` pages of the
1870s, two tiers of items without headlines. The words are the typesetter's.
"""

from __future__ import annotations

import datetime
import random
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pymupdf
import zhconv

from epaper.synth.setting import from_right
from tests.bench.browser_pages import (
    _CAPTIONS,
    _LABELS,
    _LEAD_IN,
    _SUBHEADS,
    _picture,
    asked,
    stories,
    write_pages,
)
from tests.bench.richness import often, rich

Article = dict[str, Any]
# Faces of which Chromium prints the vertical marks: of AR PL UMing, printed small, it moves
# commas and closing quotes into the next letters, and AR PL SungtiL and KaitiM GB have no brackets.
# AR PL Mingti2L is left out because it draws 產 and 內 as 産 and 内.
_TRADITIONAL = ("cwTeXMing", "cwTeXFangSong")
_SIMPLIFIED = ("LXGW WenKai", "AR PL UKai CN")
_KAI = {True: ("AR PL KaitiM Big5", "cwTeXKai"), False: ("AR PL UKai CN", "LXGW WenKai")}
_HEI = "WenQuanYi Zen Hei"
_PAPERS = ("江南日报", "滨海时报", "北川晚报", "大公新报", "民声报")
_DIGITS = "〇一二三四五六七八九"
_VERSES = (
    "春风又到江南岸", "小桥流水旧人家", "一夜东风花满树", "明月照我独归船",
    "儿童笑问客从何处来", "山色空濛雨亦奇", "灯火阑珊人未眠", "故园今夜月如霜",
)  # fmt: skip


def numeral(number: int) -> str:
    """A number in Chinese characters up to 99, else its figures one by one."""
    if number > 99:
        return "".join(_DIGITS[int(d)] for d in str(number))
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


@dataclass(frozen=True)
class Look:
    """The manners of one page; lengths in CSS pixels."""

    manner: str
    traditional: bool
    year: int
    width: int
    em: float
    leading: float
    gap: int
    tier: int
    body: str
    kai: str
    head: str
    rule: str
    upright: bool
    leftward: bool

    def words(self, text: str) -> str:
        """The text in the page's script; old papers write figures as characters."""
        if self.year < 1950:
            text = re.sub(r"\d+", lambda m: numeral(int(m.group())), text)
        if not self.traditional:
            return str(zhconv.convert(text, "zh-hans"))
        # Most of these faces draw 為 and 內 as 爲 and 内.
        return str(zhconv.convert(text, "zh-tw")).replace("為", "爲").replace("內", "内")


def look(rng: random.Random) -> Look:
    shares = (6, 0, 0) if rich("pictures") else (6, 3, 1)
    manner = rng.choices(("bands", "dense", "book"), shares)[0]
    old = manner != "bands" or rng.random() < 0.25
    traditional = old or rng.random() < 0.6
    em = rng.choice((12, 13, 14)) if manner != "dense" else rng.choice((10, 11, 12))
    per_tier = {"bands": (13, 16, 20), "dense": (9, 10, 12), "book": (28, 34)}[manner]
    return Look(
        manner=manner,
        traditional=traditional,
        year=rng.choice((1928, 1934, 1939, 1947)) if old else rng.choice((1988, 2006, 2024)),
        width=rng.choice((1180, 1300, 1420)),
        em=em,
        leading=rng.choice((1.4, 1.5, 1.6, 1.75)),
        gap=rng.choice((12, 16, 20)),
        tier=round(em * rng.choice(per_tier)),
        body=rng.choice(_TRADITIONAL if traditional else _SIMPLIFIED),
        kai=rng.choice(_KAI[traditional]),
        head=rng.choice((*_KAI[traditional], *(_TRADITIONAL if traditional else _SIMPLIFIED))),
        rule=rng.choice(("", "1px solid #333", "1px solid #999", "1px dotted #555")),
        upright=rng.random() < 0.5,
        leftward=old and rng.random() < 0.7,
    )


class Setter:
    """Sets one story as HTML and notes its truth; `room` is the most characters it may have."""

    def __init__(self, rng: random.Random, look: Look, number: int) -> None:
        self.rng, self.look = rng, look
        self.truth: Article = {"id": f"a{number}", "body": [], "subheads": [], "captions": []}
        name = rng.choice("王李张刘陈杨赵黄周吴") + rng.choice(("伟", "芳", "建国", "小红", "志强"))
        self.name = look.words(name)
        self.across, self.high = False, 0.0

    def body(self, words: Article, room: int) -> list[str]:
        texts = [self.look.words(_LEAD_IN.sub("", p)) for p in words["body"]]
        kept: list[str] = []
        for text in (t for t in texts if len(t) > 15 and "者" not in t[:24]):
            if kept and sum(map(len, kept)) + len(text) > room:
                break
            kept.append(text)
        return kept or [self.look.words("这里说的是本市的事情，读者可以看到它的全部内容。")]

    def flow(self, body: list[str], jump: int | None, figure: str = "") -> str:
        """Paragraphs with the byline in or under them, subheads, a jump."""
        rng, truth, look = self.rng, self.truth, self.look
        signed = rng.random()
        if signed < 0.25:
            truth["byline"] = self.name
            form = rng.choice(("【本报讯】记者{}报道：", "本报讯（记者{}）", "【记者{}台北报道】"))
            body[0] = look.words(form.replace("{}", self.name)) + body[0]
        headed = rng.random() < often("subheads", 0.2, 1.0) and len(body) > 3
        at, html = rng.randrange(len(body)), ""
        for k, text in enumerate(body):
            subhead = look.words(rng.choice(_SUBHEADS))
            if headed and k in (1, 3) and subhead not in truth["subheads"]:
                truth["subheads"].append(subhead)
                truth["body"].append(subhead)
                html += f"<h2>{subhead}</h2>"
            html += figure if k == at else ""
            truth["body"].append(text)
            html += f"<p>{text}</p>"
        if 0.25 < signed < 0.4 and "byline" not in truth:
            truth["byline"] = self.name
            html += f'<p class="sign">（{self.name}）</p>'
        if jump is not None:
            page = numeral(jump)
            mark = rng.choice((f"（下转第{page}版）", f"下转第{page}版", f"详刊P{jump}"))
            mark = mark if look.year > 1950 else f"下转第{page}版"
            truth["continues_to"] = f"P{jump}" if "P" in mark else jump
            html += f'<p class="sign">{look.words(mark)}</p>'
        return html

    def poem(self) -> str:
        rng, look = self.rng, self.look
        lines = [look.words(v) for v in rng.choices(_VERSES, k=rng.choice((4, 6, 8)))]
        self.truth["body"] = lines
        return "".join(f'<p class="verse">{v}</p>' for v in lines)

    def head(self, words: Article, tiers: int, rows: int = 1) -> str:
        """Label, kicker, headline, deck and byline, beside or over the story."""
        rng, truth, look = self.rng, self.truth, self.look
        self.across = rng.random() < 0.3 and look.manner == "bands" and tiers > 1
        size = min(44, max(17, 16 + 7 * tiers + rng.choice((0, 2, 5))))
        parts: list[tuple[str, str]] = []
        if rng.random() < 0.15:
            manner = ("background:#222;color:#fff", "border:1px solid", "color:#a00")
            style = f"font:12px '{look.kai if not self.across else _HEI}';padding:3px"
            truth["label"] = look.words(rng.choice(_LABELS))
            span = f'<span style="{style};{rng.choice(manner)}">{truth["label"]}</span>'
            parts.append((span, ""))
        if rng.random() < 0.3 and words.get("kicker"):
            truth["kicker"] = look.words(words["kicker"])
            parts.append((truth["kicker"], f"font:{size * 0.6:.0f}px '{look.kai}'"))
        truth["headline"] = look.words(words["headline"])
        weight = rng.choice(("bold", "normal"))
        room = look.tier * tiers / size
        lines = self.rows(truth["headline"], room, rows)
        parts.append(
            ("<br>".join(map(self.drawn, lines)), f"font:{weight} {size}px/1.25 '{look.head}'")
        )
        if rng.random() < 0.25 and words.get("deck"):
            truth["deck"] = look.words(words["deck"])
            parts.append((truth["deck"], f"font:{max(size * 0.5, 14):.0f}px '{look.kai}'"))
        if rng.random() < 0.2:
            truth["byline"] = self.name
            mark = look.words(rng.choice(("□本报记者 ", "本报记者 ", "■记者 ", "文／")))
            parts.append((mark + self.name, f"font:{look.em}px '{look.kai}'"))
        align = rng.choice(("center", "start"))
        self.high = size * 1.25 * len(lines) + size * 0.9 * (len(parts) - 1) + 12
        inner = "".join(f'<div style="{style}">{text}</div>' for text, style in parts)
        # Headlines of neighbours never touch.
        aside = f";padding:0 {size * 0.5:.0f}px" if self.across else ""
        return f'<header style="text-align:{align}{aside}">{inner}</header>'

    def rows(self, text: str, room: float, rows: int) -> list[str]:
        """A headline in lines that fit."""
        leftward = self.across and self.look.leftward
        self.drawn: Callable[[str], str] = from_right if leftward else str
        count = max(rows, -(-len(text) // max(int(room - 0.4), 3)))
        if self.across:
            count = max(count, 1 + (len(text) > 14))
        step = -(-len(text) // count)
        cut = [0]
        while cut[-1] < len(text):
            end = min(cut[-1] + step, len(text))
            while text[end - 1 : end + 1].isascii() and text[end - 1 : end + 1].isalnum():
                end += 1
                if end >= len(text):
                    break
            cut.append(min(end, len(text)))
        return [text[a:b] for a, b in pairwise(cut)]

    def figure(self, height: int) -> str:
        """A picture with its words under it, or down its left side."""
        rng, look = self.rng, self.look
        text = look.words(rng.choice(_CAPTIONS))
        form = rng.choice((" {} 摄", "（{} 摄）", "（记者{} 摄）", " {}／图"))
        credit = look.words(form.replace("{}", self.name))
        self.truth["captions"].append({"text": text, "credit": credit.strip(" （）")})
        down = rng.random() < 0.4
        face = look.kai if down else rng.choice((look.kai, _HEI))
        mode = "vertical-rl" if down else "horizontal-tb"
        image = f'<img src="{_picture(rng)}" style="width:{height * 1.3:.0f}px;height:HIGH">'
        words = f"writing-mode:{mode};font:11px/1.4 '{face}';margin:3px"
        flex = "row-reverse" if down else "column"
        high = height if down else height - 42
        return (
            f'<figure style="writing-mode:horizontal-tb;display:flex;flex-direction:{flex};'
            f'width:min-content;height:{height}px">{image.replace("HIGH", f"{high}px")}'
            f'<figcaption style="{words}">{text}{credit}</figcaption></figure>'
        )


def band(
    rng: random.Random, look: Look, pool: list[Article], tiers: int, wide: float, start: int
) -> tuple[str, list[Article]]:
    """One band of `tiers` tiers, `wide` pixels: stories from the right, as many as fit."""
    html, truths = "", []
    pitch, high = look.em * look.leading, tiers * look.tier + (tiers - 1) * look.gap
    left = wide
    while left > 150:
        setter = Setter(rng, look, start + len(truths))
        words = pool.pop()
        room = rng.choice((220, 320, 450, 650)) * tiers / 1.6
        head = setter.head(words, tiers)
        per_line = (look.tier * tiers - setter.high * setter.across) / look.em
        most = (left - 150) / pitch * per_line * 0.8
        if most < 60:
            break
        verse = rng.random() < 0.06 and tiers == 1
        body = setter.body(words, min(room, most))
        used = sum(map(len, body)) / per_line * pitch * 1.15 + 130
        figure = ""
        pictured = rng.random() < often("pictures", 0.25, 0.8)
        if pictured and left - used > look.tier * 1.6 and look.tier > 190:
            tall = (look.tier * tiers - setter.high * setter.across) / tiers - 24
            figure, used = setter.figure(round(tall)), used + look.tier * 1.4 + 20
        jump = 2 if not truths and start == 0 else None
        inner = setter.poem() if verse else setter.flow(body, jump, figure)
        frame = rng.choices(
            ("", "border:1.5px solid #333", "background:#eef0e0", "border:3px double #333"),
            (76, 12, 6, 6),
        )[0]
        rule = f"column-rule:{look.rule};" if look.rule else ""
        high_flow = f"height:{high - 20 - setter.high:.0f}px" if setter.across else "height:100%"
        columns = f"column-count:{tiers};column-gap:{look.gap}px;{rule}{high_flow}"
        padding = "padding:8px;" if frame else ""
        kind = "across" if setter.across else "beside"
        flow = f'<div class="flow" style="{columns}">{inner}</div>'
        html += f'<article class="{kind}" style="{padding}{frame}">{head}{flow}</article>'
        truths.append(setter.truth)
        left -= used + 24
    return f'<section class="band" style="height:{high + 16}px">{html}</section>', truths


def dense(
    rng: random.Random, look: Look, pool: list[Article], tiers: int, wide: float, start: int
) -> tuple[str, list[Article]]:
    """Stories that run on from tier to tier over the whole width."""
    html, truths = "", []
    pitch = look.em * look.leading
    capacity = tiers * wide / pitch * look.tier / look.em * 0.9
    while capacity > 150:
        setter = Setter(rng, look, start + len(truths))
        words = pool.pop()
        if look.manner == "book":
            body = setter.body(words, 350)
            mark = rng.choice(("○", "○", "◎"))
            setter.truth["body"] = [mark + "".join(body)]
            html += f'<p class="item">{mark}{"".join(body)}</p>'
            capacity -= sum(map(len, body)) + look.tier / look.em
        else:
            body = setter.body(words, min(rng.choice((120, 220, 400)), capacity))
            rows = rng.choice((1, 1, 2))
            head = setter.head(words, 1, rows)
            html += f'<div class="run">{head}{setter.flow(body, None)}</div>'
            capacity -= sum(map(len, body)) * 1.15 + 90 * (rows + 1) / pitch * look.tier / look.em
        truths.append(setter.truth)
    high = tiers * look.tier + (tiers - 1) * look.gap
    rule = f"column-rule:{look.rule or '1px solid #333'}"
    style = f"height:{high}px;column-width:{look.tier}px;column-gap:{look.gap}px;{rule}"
    return f'<section class="whole" style="{style};column-fill:auto">{html}</section>', truths


def furniture(rng: random.Random, look: Look) -> tuple[str, Article]:
    """The nameplate with its date, and what of it is true."""
    day = datetime.date(look.year, rng.randint(1, 12), rng.randint(1, 28))
    paper = look.words(rng.choice(_PAPERS))
    week = "星期" + "一二三四五六日"[day.weekday()]
    issue = rng.randint(1000, 19999)
    facts: Article = {"paper": paper, "date": day.isoformat(), "issue": str(issue), "number": 1}
    if look.year < 1950:
        date = f"中华民国{numeral(look.year - 1911)}年{numeral(day.month)}月{numeral(day.day)}日"
        count, number = "今日出版两大张", f"第{numeral(issue)}号"
    else:
        date, facts["pages"] = f"{day.year}年{day.month}月{day.day}日", 8
        count, number = "今日8版", f"总第{issue}期"
    facts["weekday"] = week
    rows = [look.words(text) for text in (date, week, number, count)]
    shown = paper[::-1] if look.leftward else paper
    small = "".join(f"<div>{row}</div>" for row in rows)
    if look.manner == "bands" and rng.random() < 0.4:
        return (
            f'<article class="plate"><div style="font:bold 62px \'{look.kai}\'">{paper}</div>'
            f'<div class="dates" style="font:13px/1.6 \'{look.body}\'">{small}</div></article>'
        ), facts
    dates = f"<div style=\"border:1px solid;padding:6px;font:13px/1.5 '{look.body}'\">{small}</div>"
    name = f"<div style=\"font:64px '{look.kai}';flex:1\">{shown}</div>"
    return f'<div class="top">{name}{dates}</div>', facts


def page(rng: random.Random, pool: list[Article]) -> tuple[str, Article]:
    """HTML of one page, and its truth."""
    style = look(rng)
    rng.shuffle(pool)
    words = list(pool) * 3
    plate, facts = furniture(rng, style)
    corner = "plate" in plate
    wide = float(style.width - 2 * 44)
    sections, truths = "", []
    maker: Callable[..., tuple[str, list[Article]]] = band if style.manner == "bands" else dense
    counts = {"bands": rng.sample((1, 2, 2, 3, 1, 2), 4), "dense": [rng.choice((9, 10, 11))]}
    for number, tiers in enumerate(counts.get(style.manner, [2])):
        free = wide - 150 if corner and not number else wide
        html, found = maker(rng, style, words, tiers, free, len(truths))
        if corner and not number:
            html = html.replace('px">', f'px">{plate}', 1)
        line = rng.choice(("1px solid #333", "2px solid #000", "3px double #333", "none"))
        sections += f'<div style="border-top:{line};padding:7px 0">{html}</div>'
        truths += found
    size = {"width_mm": style.width * 25.4 / 96, "height_mm": 600.0}
    truth = {"page": {**size, **facts}, "articles": truths, "boxes": []}
    top = "" if corner else plate
    turned = "upright" if style.upright else "mixed"
    return _HTML.format(
        noughts=_NOUGHTS, look=style, top=top, sections=sections, turned=turned
    ), truth


# Most faces have no 〇, and what the browser takes for it from others it prints too far down.
_NOUGHTS = "".join(
    f"@font-face {{ font-family: '{face}'; src: local('{face}') }}\n"
    f"@font-face {{ font-family: '{face}'; src: local('LXGW WenKai'); unicode-range: U+3007 }}\n"
    for face in sorted({*_TRADITIONAL, *_SIMPLIFIED, *_KAI[True], *_KAI[False]} - {"LXGW WenKai"})
)
_HTML = """<html><meta charset="utf8"><style>
{noughts}@page {{ size: {look.width}px HEIGHTpx; margin: 0 }}
* {{ margin: 0; box-sizing: border-box }}
body {{ width: {look.width}px; padding: 36px 44px; font: {look.em}px/{look.leading} '{look.body}' }}
p {{ text-indent: 2em; text-align: justify }}
p.sign {{ text-indent: 0; text-align: end; padding-inline-end: 1em; font-family: '{look.kai}' }}
p.verse {{ text-indent: 0; text-align: start; padding-inline-start: 1em }}
p.item {{ text-indent: 0 }}
h2 {{ font: bold 1em/{look.leading} '{look.kai}'; text-align: center; margin: 0 4px }}
.band {{ display: flex; flex-direction: row-reverse; justify-content: space-between }}
.flow, .run, .whole, .plate, .beside > header {{ writing-mode: vertical-rl;
  text-orientation: {turned} }}
.whole {{ width: 100% }}
.run > header {{ padding: 0 4px; break-inside: avoid; break-after: avoid }}
article {{ display: flex; flex: none; height: 100%; flex-direction: row-reverse }}
article.across {{ flex-direction: column }}
article.across > .flow {{ flex: none }}
article.across > header {{ padding-bottom: 8px }}
.beside > header {{ padding: 0 4px 0 8px; height: 100% }}
.plate {{ border: 1px solid; padding: 6px; justify-content: flex-end; flex-direction: column }}
figure {{ display: inline-flex; break-inside: avoid }}
.top {{ display: flex; align-items: center; padding-bottom: 8px }}
</style><body>{top}{sections}</body></html>"""


def printed(chromium: str, html: str, out: Path) -> None:
    """The page as one PDF page tall enough for it."""
    source = out.with_suffix(".html")
    source.write_text(html.replace("HEIGHT", "4200"), "utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    command = [chromium, *flags, f"--print-to-pdf={out}", str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    source.unlink()


def shown(truth: dict[str, Any], path: Path) -> dict[str, Any]:
    """The truth without captions of figures that found no room and were not printed."""
    with pymupdf.open(path) as document:
        text = "".join("".join(page.get_text().split()) for page in document)
    for article in truth["articles"]:
        article["captions"] = [
            c for c in article["captions"] if "".join(c["text"].split())[:8] in text
        ]
    return truth


def main(arguments: list[str]) -> int:
    call = asked(arguments, __doc__)
    if isinstance(call, int):
        return call
    pool = stories(call.seed)

    def make(number: int, path: Path) -> dict[str, Any]:
        html, truth = page(random.Random(f"vertical {call.seed} {number}"), pool)
        printed(call.chromium, html, path)
        return shown(truth, path)

    return write_pages(call, "tategaki", make)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
