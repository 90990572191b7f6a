"""Pages set by a browser with what makes pages hard to take apart, with truth and boxes.

    python -m tests.bench.browser_hard OUT [PAGES] [SEED]
    epaper convert OUT/*.pdf -o out --text layer && epaper evaluate OUT out

Stories that interlock (L, U, stairs), headlines at the side, in the text or over pictures,
text around pictures, captions on every side, groups of pictures, groups of stories in a
box, poems, tables, pull-quotes, notes, signatures, adverts; parted by rules of many kinds
or by white alone. The words are the typesetter's, everything else is Chromium's.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pymupdf

from epaper.synth.grammar import Writer
from tests.bench.browser_looks import Looks, looks, rules_around
from tests.bench.browser_matter import Story, advert, poem
from tests.bench.browser_pages import asked, write_pages
from tests.bench.browser_shapes import Area, Grid, cut, plain, spans

_PX = 96 / 25.4


@dataclass
class Sheet:
    """One page being set: what stands still as HTML, stories as jobs of the script."""

    look: Looks
    rng: random.Random
    writer: Writer
    still: list[str] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    articles: list[dict[str, Any]] = field(default_factory=list)

    def add(self, area: Area, label: str = "", *, framed: bool = False) -> None:
        name = f"a{len(self.articles)}"
        story = Story(self.look, self.rng, self.writer, name)
        job = story.job(area, label, framed=framed)
        if job["figures"] or job["pieces"]:
            self.jobs.append(job)
            self.articles.append(story.truth)
            self.still += story.still


def page(rng: random.Random) -> tuple[str, dict[str, Any]]:
    """HTML of one page, and its truth as if all stories found room."""
    look = looks(rng)
    date = dt.date(rng.randint(1999, 2025), rng.randint(1, 12), rng.randint(1, 28))
    writer = Writer(rng, date, own=rng.choice((0.0, 0.5, 1.0)))
    sheet = Sheet(look, rng, writer)
    facts, top = _masthead(sheet, date)
    width, height = look.width * _PX, look.height * _PX
    margin = look.margin * _PX
    inner = width - 2 * margin
    gap = look.gap
    grid = Grid(margin, (inner - (look.columns - 1) * gap) / look.columns, gap, look.columns)
    foot = height - margin
    if rng.random() < 0.3:
        foot -= _adverts(sheet, margin, inner, foot)
    _bands(sheet, grid, top, foot)
    truth = {"page": facts, "articles": sheet.articles, "boxes": []}
    return _document(sheet, width, height), truth


def _bands(sheet: Sheet, grid: Grid, top: float, foot: float) -> None:
    rng, look = sheet.rng, sheet.look
    y = top
    while foot - y > 160:
        h = min(rng.uniform(190, 620), foot - y)
        if foot - y - h < 190:
            h = foot - y
        first = 0
        for span in spans(grid.count, rng):
            _cell(sheet, grid, first, span, y, h)
            first += span
            if first < grid.count and look.upright and rng.random() < 0.8:
                x = grid.left(first) - grid.gap / 2
                sheet.still.append(
                    f'<div style="position:absolute;left:{x}px;top:{y}px;height:{h}px;'
                    f'border-left:{look.upright}"></div>'
                )
        y += h + look.air
        if foot - y > 160 and look.across:
            sheet.still.append(
                rules_around(look.across, grid.x, y - look.air / 2, grid.over(grid.count))
            )


def _cell(sheet: Sheet, grid: Grid, first: int, span: int, y: float, h: float) -> None:
    """A part of a band: a box of stories under one heading, a poem, or stories that interlock."""
    rng, look = sheet.rng, sheet.look
    x, w = grid.left(first), grid.over(span)
    draw = rng.random()
    if draw < 0.07 and span <= 3 and h > 260:
        _group(sheet, x, y, w, h, span)
    elif draw < 0.10 and span <= 2:
        poem(sheet, plain(x, y, w, h, 1, grid.gap))
    elif draw < 0.12:
        sheet.still.append(advert(sheet, x, y, w, h))
    elif draw < 0.22:
        pad = 10
        sheet.still.append(look.frame(rng, x, y, w, h))
        count = max(1, min(span, int((w - 2 * pad) / 110)))
        area = plain(x + pad, y + pad, w - 2 * pad, h - 2 * pad, count, grid.gap)
        sheet.add(area, framed=True)
    else:
        for area in cut(grid, first, span, y, h, rng):
            sheet.add(area)


def _group(sheet: Sheet, x: float, y: float, w: float, h: float, span: int) -> None:
    """Stories in one box under a common heading, over or beside one another."""
    rng, look = sheet.rng, sheet.look
    label = rng.choice(("简讯", "国内短波", "新闻快递", "集纳", "一周要闻", "体坛速递"))
    sheet.still.append(look.frame(rng, x, y, w, h))
    sheet.still.append(look.banner(rng, label, x, y, w))
    top, pad = y + 42, 9
    count = max(2, int((h - 42) / rng.uniform(120, 190)))
    across = span > 1 and rng.random() < 0.5
    rows = max(1, count // 2) if across else count
    tall = (h - 42 - pad) / rows
    for r in range(rows):
        for c in range(span if across else 1):
            wide = (w - 2 * pad - (span - 1) * look.gap) / span if across else w - 2 * pad
            left = x + pad + c * (wide + look.gap)
            columns = 1 if across or wide < 320 else 2
            area = plain(left, top + r * tall, wide, tall - 10, columns, look.gap)
            area.kind = "small"
            sheet.add(area, label if not r and not c else "", framed=True)


def _adverts(sheet: Sheet, x: float, w: float, foot: float) -> float:
    """A strip of adverts at the page's foot; gives its height."""
    rng = sheet.rng
    h = rng.choice((90, 130, 200, 330))
    count = rng.choice((1, 2, 3, 5))
    gap = 8
    wide = (w - (count - 1) * gap) / count
    for k in range(count):
        sheet.still.append(advert(sheet, x + k * (wide + gap), foot - h, wide, h))
    return h + sheet.look.air


def _masthead(sheet: Sheet, date: dt.date) -> tuple[dict[str, Any], float]:
    """The page's head; gives the facts it prints and where the stories begin."""
    rng, look = sheet.rng, sheet.look
    margin, width = look.margin * _PX, look.width * _PX
    paper = rng.choice(("天山晚报", "江南日报", "滨海时报", "山城早报", "北疆日报", "都市晨报"))
    weekday = "星期" + "一二三四五六日"[date.weekday()]
    facts: dict[str, Any] = {
        "width_mm": look.width,
        "height_mm": look.height,
        "paper": paper,
        "date": date.isoformat(),
        "weekday": weekday,
    }
    shown = f"{date.year}年{date.month}月{date.day}日"
    if rng.random() < 0.5:
        issue, pages = rng.randint(3000, 19000), rng.choice((4, 8, 12, 16))
        facts |= {"issue": str(issue), "pages": pages, "number": 1}
        sheet.still.append(
            f'<div style="position:absolute;left:{margin}px;top:{margin}px;'
            f"font:72px/1.1 '{look.display}';{look.accent}\">{paper}</div>"
            f'<div style="position:absolute;right:{margin}px;top:{margin}px;border:1px solid;'
            f"padding:6px;text-align:center;font:12px/1.4 '{look.hei}'\">"
            f"{date.year}年{date.month}月<br>"
            f'<span style="font-size:24px">{date.day}</span><br>{weekday}<br>'
            f"总第{issue}期<br>今日{pages}版</div>"
        )
        top = margin + 122
    else:
        number, section = rng.randint(2, 8), rng.choice(("要闻", "体育", "副刊", "国际", "社会"))
        facts |= {"number": number, "section": section}
        sheet.still.append(
            f'<div style="position:absolute;left:{margin}px;top:{margin - 8}px;'
            f'font:bold 24px \'{look.hei}\'">{number:02d} <span style="font-size:18px">{section}'
            f"</span></div>"
            f'<div style="position:absolute;left:{margin + 180}px;top:{margin}px;'
            f"font:11px '{look.body}'\">{shown}　{weekday}　责任编辑：张伟　版式：李芳</div>"
            f'<div style="position:absolute;right:{margin}px;top:{margin - 8}px;'
            f"font:24px '{look.display}'\">{paper}</div>"
        )
        top = margin + 30
    sheet.still.append(rules_around("2px solid #000", margin, top, width - 2 * margin))
    return facts, top + 10


def _document(sheet: Sheet, width: float, height: float) -> str:
    script = Path(__file__).with_name("browser_pour.js").read_text("utf-8")
    jobs = json.dumps(sheet.jobs, ensure_ascii=False)
    return (
        '<html><meta charset="utf8"><style>'
        f"@page {{ size: {width / _PX:g}mm {height / _PX:g}mm; margin: 0 }}"
        "* { margin: 0; box-sizing: border-box } a { color: inherit; text-decoration: none }"
        f"body {{ width: {width:.1f}px; height: {height - 8:.1f}px; position: relative;"
        f" overflow: hidden; font: {sheet.look.points}px/{sheet.look.line}px '{sheet.look.body}' }}"
        f"</style><body>{''.join(sheet.still)}<script>const JOBS = {jobs};\n{script}</script>"
        "</body></html>"
    )


def printed(chromium: str, html: str, out: Path) -> None:
    """The page as a PDF."""
    source = out.with_suffix(".html")
    source.write_text(html, "utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    command = [chromium, *flags, "--font-render-hinting=none", f"--print-to-pdf={out}", str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    source.unlink()


def boxes_of(path: Path) -> list[dict[str, Any]]:
    """Truth boxes from the PDF's links, which are then taken out of the file."""
    found: list[tuple[int, dict[str, Any]]] = []
    document: Any
    with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
        sheet = document[0]
        for link in sheet.get_links():
            if not link.get("uri", "").startswith("https://truth.invalid/"):
                continue
            order, role, story = link["uri"].rsplit("/", 3)[1:]
            box = [round(v / 72 * 25.4, 2) for v in link["from"]]
            text = sheet.get_textbox(link["from"]).replace("\n", "")
            article = None if story == "none" else story
            box_of = {"role": role, "article": article, "box": box, "text": text}
            found.append((int(order), box_of))
        for link in sheet.get_links():
            sheet.delete_link(link)
        document.save(path.with_suffix(".tmp"), garbage=3, deflate=True)
    path.with_suffix(".tmp").replace(path)
    return [box for _, box in sorted(found, key=lambda pair: pair[0])]


def made(chromium: str, seed: str, out: Path) -> dict[str, Any]:
    """One page with its truth."""
    html, truth = page(random.Random(seed))
    printed(chromium, html, out)
    boxes = boxes_of(out)
    dropped = {b["article"]: int(b["role"][8:]) for b in boxes if b["role"].startswith("dropped")}
    for article in truth["articles"]:
        if count := dropped.get(article["id"], 0):
            gone = article["body"][-count:]
            article["body"] = article["body"][:-count]
            article["subheads"] = [s for s in article["subheads"] if s not in gone]
    kept = [a for a in truth["articles"] if a["body"] or not dropped.get(a["id"])]
    truth["articles"] = kept
    truth["boxes"] = [b for b in boxes if not b["role"].startswith("dropped")]
    return truth


def main(arguments: list[str]) -> int:
    call = asked(arguments, __doc__)
    if isinstance(call, int):
        return call

    def make(number: int, path: Path) -> dict[str, Any]:
        return made(call.chromium, f"hard {call.seed} {number}", path)

    return write_pages(call, "hard", make)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
