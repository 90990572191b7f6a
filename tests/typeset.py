"""A few lines of typesetting for tests: columns of lines as a reader would give them."""

from __future__ import annotations

from epaper.geometry import Box
from epaper.model import Frame, Line, Page, Picture, Rule, SourceInfo, WritingMode

EM = 40.0
PITCH = 54.0
WIDTH, HEIGHT = 4600, 6400
VERTICAL = WritingMode.VERTICAL

# Stories have words of their own: by the decade of the seed.
SENTENCES = (
    "昨日上午全市春耕生产现场会在城东镇召开各乡镇负责人到田间查看墒情并听取农技人员讲解",
    "沿海风电机组并网发电后首月送出清洁电量逾三千万千瓦时工程师仍在调试储能设备和升压站",
    "博物馆新展汇集历代青铜器与瓷器观众可以跟随讲解员了解铸造工艺以及修复文物背后的故事",
)


def prose(seed: int, length: int) -> str:
    """`length` characters of text that ends with a full stop and differs by `seed`."""
    sentence = SENTENCES[seed // 10 % len(SENTENCES)]
    turned = sentence[seed % len(sentence) :] + sentence[: seed % len(sentence)]
    return (turned * (length // len(turned) + 1))[: length - 1] + "。"


def line(text: str, x: float, y: float, em: float = EM, **more: object) -> Line:
    """A horizontal line whose first character's em square has its corner at (x, y)."""
    return Line(text, Box(x, y, x + len(text) * em, y + em), em, **more)  # type: ignore[arg-type]


def down(text: str, x: float, y: float, em: float = EM) -> Line:
    """A vertical line whose first character's em square has its corner at (x, y)."""
    return Line(text, Box(x, y, x + em, y + len(text) * em), em, mode=VERTICAL)


def broken(paragraphs: list[str], measure: int) -> list[tuple[int, str]]:
    """Paragraphs broken to lines of `measure` characters: (indent, text) each."""
    rows: list[tuple[int, str]] = []
    for text in paragraphs:
        first, rest = text[: measure - 2], text[measure - 2 :]
        rows.append((2, first))
        rows += [(0, rest[k : k + measure]) for k in range(0, len(rest), measure)]
    return rows


def columns(
    paragraphs: list[str],
    x: float,
    y: float,
    depth: int,
    measure: int = 14,
    gutter: float = 60.0,
    em: float = EM,
) -> list[Line]:
    """Horizontal columns of `depth` lines each, side by side from (x, y)."""
    found = []
    for k, (indent, text) in enumerate(broken(paragraphs, measure)):
        column, row = divmod(k, depth)
        left = x + column * (measure * em + gutter)
        found.append(line(text, left + indent * em, y + row * PITCH * em / EM, em))
    return found


def tiers(
    paragraphs: list[str], right: float, y: float, depth: int, measure: int = 14
) -> list[Line]:
    """Vertical tiers of `depth` columns each, stacked from the right top corner."""
    found = []
    for k, (indent, text) in enumerate(broken(paragraphs, measure)):
        tier, row = divmod(k, depth)
        top = y + tier * (measure * EM + 60)
        found.append(down(text, right - EM - row * PITCH, top + indent * EM))
    return found


def page_of(
    lines: list[Line],
    rules: list[Rule] | None = None,
    frames: list[Frame] | None = None,
    pictures: list[Picture] | None = None,
) -> Page:
    """A page of 390 by 545 mm at 300 dpi."""
    return Page(
        "p1",
        "issue",
        SourceInfo("p1.pdf"),
        WIDTH,
        HEIGHT,
        300.0,
        lines=tuple(lines),
        rules=tuple(rules or ()),
        frames=tuple(frames or ()),
        pictures=tuple(pictures or ()),
    )
