"""Newspaper pages set by a browser, with truth: a second opinion beside the typesetter's.

    python -m tests.bench.browser_pages OUT [PAGES] [SEED] [pictures|subheads]
    epaper convert OUT/*.pdf -o out --text layer && epaper evaluate OUT out

The words are the typesetter's; lines, columns, justification, pictures and fonts in the
file are Chromium's (Debian: ``apt-get install chromium``), as on pages that web-born
papers print. Nothing of the project's own typesetting takes part.
"""

from __future__ import annotations

import base64
import io
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import zhconv
from PIL import Image

from epaper.synth import SynthOptions, make_pages
from tests.bench.richness import ask, often

_WIDTH_MM = 390
_TALLEST_MM = 1500
_HEAD_FACES = (
    "AR PL SungtiL GB", "AR PL UMing CN", "LXGW WenKai", "WenQuanYi Zen Hei", "AR PL KaitiM GB",
)  # fmt: skip
_KAI = ("AR PL KaitiM GB", "LXGW WenKai", "AR PL UKai CN")
_HEI = "WenQuanYi Zen Hei"
_LABELS = ("今日关注", "记者观察", "百姓故事", "民生快讯", "市场观察")
_SUBHEADS = ("让数据多跑路", "把好质量关", "群众的事就是大事", "难题怎样破解", "一份满意的答卷")
_CAPTIONS = (
    "昨日，市民在公园里赏花拍照，享受春日时光。",
    "图为施工现场，工人们正在加紧作业。",
    "参观者在展台前了解最新的农机具产品。",
    "孩子们在老师的带领下参加植树活动。",
)
_LEAD_IN = re.compile(
    r"^[（(]?(?:本[报報]|[据據]?新[华華]).{0,40}?(?:[讯訊]|[电電]|[报報]道)[）)：:]?(?:（.{0,30}）)?"
)

Article = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """The manners of one page: columns, gutters in CSS pixels, faces, rules."""

    columns: int
    gap: int
    heads: list[str]
    kai: str
    align: str
    rule: str
    subhead: str
    body: str
    points: float
    leading: float


def sheet(rng: random.Random) -> Sheet:
    return Sheet(
        columns=rng.choice((4, 5, 6)),
        gap=rng.choice((14, 18, 22)),
        heads=rng.sample(_HEAD_FACES, 2),
        kai=rng.choice(_KAI),
        align=rng.choice(("center", "mixed", "left")),
        rule=rng.choice(("", "1px solid #444", "1px solid #999")),
        subhead=rng.choice(
            (
                f"font:bold 13px '{_HEI}';text-align:center;margin:4px 0",
                "font:bold 13px 'WenQuanYi Micro Hei';text-align:left;margin:2px 0",
                "font:14px 'AR PL KaitiM GB';text-align:center;margin:6px 0",
            )
        ),
        body=rng.choice(("AR PL SungtiL GB", "AR PL UMing CN")),
        points=rng.choice((12, 13, 13.5)),
        leading=rng.choice((1.3, 1.4, 1.5)),
    )


class Setter:
    """Sets one story as HTML and notes its truth."""

    def __init__(self, rng: random.Random, look: Sheet, span: int, number: int) -> None:
        self.rng, self.look, self.span = rng, look, span
        self.align = rng.choice(("center", "left")) if look.align == "mixed" else look.align
        self.truth: Article = {"id": f"a{number}", "body": [], "subheads": [], "captions": []}
        self.name = rng.choice("王李张刘陈杨赵黄") + rng.choice(
            ("伟", "芳", "建国", "小红", "志强")
        )

    def story(self, words: Article, jump: int | None) -> str:
        rng, truth = self.rng, self.truth
        body = [_LEAD_IN.sub("", p) for p in words["body"]][: rng.randint(2, 6) + self.span]
        body = [p for p in body if len(p) > 15] or [
            "这里说的是本市的事情，读者可以看到它的全部内容。"
        ]
        head = self._head(words)
        if "记者" in body[0][:40] and words.get("byline"):
            truth["byline"] = words["byline"]
        manner = rng.random()
        if manner < 0.35:
            truth["byline"] = self.name
            mark = rng.choice(("□本报记者 ", "本报记者 ", "■记者 ", "文/"))
            head += self._small(mark + self.name, 12, self.look.kai)
        elif manner < 0.55:
            truth["byline"] = self.name
            form = rng.choice(("本报讯（记者{}）", "本报讯 记者{}报道："))
            body[0] = form.format(self.name) + body[0]
        figure, wide = self._figure() if rng.random() < often("pictures", 0.3, 0.8) else ("", False)
        inner = self._flow(body, "" if wide else figure)
        if jump is not None:
            truth["continues_to"] = jump
            inner += self._small(f"（下转{jump:02d}版）", 12, self.look.kai, "right")
        elif manner > 0.9:
            truth["byline"] = self.name
            inner += self._small(f"（{self.name}）", 12, self.look.kai, "right")
        rule = f"column-rule:{self.look.rule};" if self.look.rule else ""
        count = max(1, self.span + rng.choice((0, 0, 0, -1, 1))) if self.span > 1 else 1
        columns = f"column-count:{count};column-gap:{self.look.gap}px;{rule}margin-top:6px"
        text = f'<div style="{columns}">{inner}</div>'
        frame = rng.choices(
            (
                "",
                "border:1.5px solid #333",
                "background:#f1edda",
                "border:1px solid;border-radius:8px",
            ),
            (74, 12, 8, 6),
        )[0]
        padded = f"{frame};padding:8px" if frame else ""
        return (
            f'<article style="grid-column:span {self.span};{padded}">'
            f"{head}{figure if wide else ''}{text}</article>"
        )

    def _small(self, text: str, size: float, face: str, align: str = "") -> str:
        return (
            f"<div style=\"text-align:{align or self.align};font:{size:g}px '{face}'\">{text}</div>"
        )

    def _head(self, words: Article) -> str:
        rng, truth = self.rng, self.truth
        size = rng.choice((20, 24, 28)) + self.span * 6
        html = ""
        if rng.random() < 0.12:
            truth["label"] = rng.choice(_LABELS)
            manner = rng.choice(
                (
                    "background:#222;color:#fff;padding:1px 6px",
                    "color:#b00",
                    "border:1px solid;padding:1px 5px",
                )
            )
            html += self._small(f'<span style="{manner}">{truth["label"]}</span>', 12, _HEI)
        if rng.random() < 0.25 and words.get("kicker"):
            truth["kicker"] = words["kicker"]
            html += self._small(words["kicker"], round(size * 0.55), self.look.kai)
        truth["headline"] = words["headline"]
        weight, face = rng.choice(("normal", "bold")), rng.choice(self.look.heads)
        style = f"text-align:{self.align};font:{weight} {size}px/1.2 '{face}'"
        html += f'<h1 style="{style}">{words["headline"]}</h1>'
        if rng.random() < 0.2 and words.get("deck"):
            truth["deck"] = words["deck"]
            html += self._small(words["deck"], round(size * 0.5), self.look.kai)
        return html

    def _figure(self) -> tuple[str, bool]:
        """A picture with its caption, and whether it goes over all columns."""
        rng = self.rng
        caption = rng.choice(_CAPTIONS)
        credit = rng.choice((" {} 摄", " 本报记者 {} 摄", "（{} 摄）", " □本报记者 {}摄", " {}/图"))
        credit = credit.format(self.name)
        self.truth["captions"].append({"text": caption, "credit": credit.strip(" （）□")})
        face = rng.choice((self.look.kai, _HEI))
        words = f"font:11px/1.4 '{face}';margin-top:3px"
        return (
            '<figure style="margin:4px 0;break-inside:avoid">'
            f'<img src="{_picture(rng)}" style="width:100%;display:block">'
            f'<figcaption style="{words}">{caption}{credit}</figcaption></figure>'
        ), rng.random() < 0.5

    def _flow(self, body: list[str], figure: str) -> str:
        rng, truth = self.rng, self.truth
        headed = rng.random() < often("subheads", 0.25, 1.0) and len(body) > 3
        at, html = rng.randrange(len(body)), ""
        for k, text in enumerate(body):
            subhead = rng.choice(_SUBHEADS)
            if headed and k in (1, 3) and subhead not in truth["subheads"]:
                truth["subheads"].append(subhead)
                truth["body"].append(subhead)
                html += f'<h2 style="{self.look.subhead}">{subhead}</h2>'
            html += figure if k == at else ""
            truth["body"].append(text)
            html += f"<p>{text}</p>"
        return html


def _picture(rng: random.Random) -> str:
    noise = np.random.default_rng(rng.randrange(1 << 30)).integers(0, 255, (6, 8, 3))
    size = (rng.choice((300, 420)), rng.choice((200, 260)))
    out = io.BytesIO()
    Image.fromarray(noise.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC).save(out, "JPEG")
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


def stories(seed: int) -> list[Article]:
    """Words of stories, from pages the typesetter sets for the purpose."""
    with tempfile.TemporaryDirectory() as folder:
        options = SynthOptions(styles="train", own_text=1.0, vertical_share=0.0)
        pages = make_pages(Path(folder), 12, seed, options)
        # One page has one script, that of its faces.
        read = (p.with_suffix(".json").read_text("utf-8") for p in pages)
        truths = [json.loads(str(zhconv.convert(text, "zh-hans"))) for text in read]
    found = []
    for article in (a for truth in truths for a in truth["articles"]):
        named = set(article.get("subheads", ()))
        body = [p for p in article["body"] if p not in named and len(p) > 25 and "\t" not in p]
        if article.get("headline") and len(body) > 1:
            found.append({**article, "body": body})
    return found


def page(rng: random.Random, pool: list[Article]) -> tuple[str, Article]:
    """HTML of one page with ``HEIGHT`` for its height, and its truth."""
    look = sheet(rng)
    rng.shuffle(pool)
    setters: list[Setter] = []
    rows = ""
    for _ in range(rng.randint(3, 4)):
        left, row = look.columns, ""
        while left:
            span = min(left, rng.choice((1, 2, 2, 3)))
            setter = Setter(rng, look, span, len(setters))
            row += setter.story(pool[len(setters)], jump=None if setters else 2)
            setters.append(setter)
            left -= span
        line = rng.choice(("1px solid #333", "3px double #333", "2px solid #000", "none"))
        rows += f'<div class="row" style="border-top:{line};padding-top:8px">{row}</div>'
    paper = rng.choice(("天山晚报", "江南日报", "滨海时报", "山城早报"))
    facts = {"paper": paper, "date": "2024-06-05", "pages": 8, "issue": "12022"}
    size = {"width_mm": _WIDTH_MM, "height_mm": _TALLEST_MM}
    truth = {"page": {**size, **facts}, "articles": [s.truth for s in setters], "boxes": []}
    return _HTML.format(look=look, rows=rows, paper=paper, hei=_HEI, gutter=look.gap + 6), truth


_HTML = """<html><meta charset="utf8"><style>
@page {{ size: 390mm HEIGHTmm; margin: 0 }}
* {{ margin: 0; box-sizing: border-box }}
body {{ width: 390mm; padding: 14mm; font: {look.points}px/{look.leading} '{look.body}' }}
p {{ text-indent: 2em; text-align: justify }}
.row {{ display: grid; grid-template-columns: repeat({look.columns}, 1fr);
        column-gap: {gutter}px; margin-bottom: 14px }}
article {{ min-width: 0 }}
header {{ display: flex; align-items: center; border-bottom: 2px solid; padding-bottom: 6px;
          margin-bottom: 10px }}
</style><body><header><div style="font: 70px 'LXGW WenKai'; flex: 1">{paper}</div>
<div style="border: 1px solid; padding: 6px; text-align: center; font: 12px '{hei}'">2024年6月<br>
<span style="font-size: 22px">5</span><br>星期三<br>总第12022期<br>今日8版</div></header>
{rows}</body></html>"""


def printed(chromium: str, html: str, out: Path) -> None:
    """The page as a PDF as tall as what it holds."""
    height = float(_TALLEST_MM)
    for _ in range(2):
        source = out.with_suffix(".html")
        source.write_text(html.replace("HEIGHT", f"{height:.0f}"), "utf-8")
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
        command = [chromium, *flags, f"--print-to-pdf={out}", str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        document: Any
        with pymupdf.open(out) as document:  # type: ignore[no-untyped-call]
            foot = max(block[3] for block in document[0].get_text("blocks"))
        height = foot / 72 * 25.4 + 60
        source.unlink()


@dataclass(frozen=True)
class Asked:
    """What a maker of pages was called with: the browser, where to, how many, which seed."""

    chromium: str
    out: Path
    count: int
    seed: int


def asked(arguments: list[str], usage: str | None) -> Asked | int:
    """The arguments as above, the folder made; an exit status where that fails."""
    if not arguments:
        print(usage, file=sys.stderr)
        return 2
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is not installed.", file=sys.stderr)
        return 3
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    for kind in arguments[3:]:
        ask(kind)
    count = int(arguments[1]) if len(arguments) > 1 else 8
    return Asked(chromium, out, count, int(arguments[2]) if len(arguments) > 2 else 1)


def write_pages(call: Asked, name: str, make: Callable[[int, Path], dict[str, Any]]) -> int:
    """Pages called `name` with their truths; `make` prints one of a number and tells its truth."""
    for number in range(1, call.count + 1):
        path = call.out / f"{name}-{call.seed}-{number:02d}.pdf"
        truth = make(number, path)
        path.with_suffix(".json").write_text(json.dumps(truth, ensure_ascii=False), "utf-8")
        print(path, flush=True)
    return 0


def main(arguments: list[str]) -> int:
    call = asked(arguments, __doc__)
    if isinstance(call, int):
        return call
    pool = stories(call.seed)

    def make(number: int, path: Path) -> dict[str, Any]:
        html, truth = page(random.Random(f"{call.seed} {number}"), pool)
        printed(call.chromium, html, path)
        return truth

    return write_pages(call, "browser", make)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
