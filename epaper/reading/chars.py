"""The characters of a PDF page as arrays, and what must be said of them one by one.

Lengths are points in the page's upright frame (page rotation applied), y down.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

# The ideographic em box stands so on the baseline in nearly every CJK face; the boxes
# that PDF fonts declare differ from face to face and would tear one line apart.
ASCENT = 0.86
DESCENT = 0.14

_FLAGS = (
    pymupdf.TEXT_PRESERVE_WHITESPACE
    | pymupdf.TEXT_MEDIABOX_CLIP
    | pymupdf.TEXT_CLIP
    | pymupdf.TEXT_INHIBIT_SPACES
)
_FILLED, _STROKED = 16, 32
_BOLD_CHAR, _BOLD_FONT = 8, 16

_FOLDED_BLOCKS = (
    (0x2E80, 0x2FDF),  # CJK radicals supplement, Kangxi radicals
    (0xF900, 0xFAFF),  # CJK compatibility ideographs
    (0x2F800, 0x2FA1F),  # … supplement
)
# NFKC leaves most of the radicals supplement alone: the characters they stand for.
_RADICALS = str.maketrans(
    "⺁⺄⺆⺈⺊⺌⺍⺕⺜⺝⺧⺮⺳⺶⺷⺻⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "厂乙冂刀卜小小彐日月牛竹网羊羊聿虎衤覀西见角讠贝车辶辶辶钅長镸长门阝青韦页风飞食饣马骨鬼鱼鸟卤麦黄黾齐齐齿齿竜龙龟亀",
)
# Glyph forms for vertical setting stand for the ordinary marks.
_VERTICAL_FORMS = str.maketrans(
    "︐︑︒︓︔︕︖︗︘︙︰︱︲︳︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈",
    "，、。：；！？〖〗…：—–_（）｛｝〔〕【】《》〈〉「」『』［］",
)


def fold(text: str) -> str:
    """`text` with radicals, compatibility and vertical forms as the real characters.

    Full-width letters and marks stay as printed; control characters fall away.
    """
    folded = text.translate(_RADICALS).translate(_VERTICAL_FORMS)
    return "".join(
        unicodedata.normalize("NFKC", c)
        if any(first <= ord(c) <= last for first, last in _FOLDED_BLOCKS)
        else c
        for c in folded
        if unicodedata.category(c) not in ("Cc", "Cf")
    )


def is_wide(char: str) -> bool:
    """Whether `char` is set on a full em: an ideograph, kana, hangul or full-width mark."""
    return unicodedata.east_asian_width(char[0]) in "WF"


@dataclass(frozen=True)
class Glyphs:
    """Characters in the order the file draws them; every array has one row a character.

    `boxes` is N×4 (x0, y0, x1, y1), advance by em; `origins` and `dirs` N×2; `span`
    indexes `fonts`, `colors`, `bold`. `hidden` marks text drawn with no ink.
    """

    text: tuple[str, ...]
    boxes: NDArray[np.float64]
    origins: NDArray[np.float64]
    dirs: NDArray[np.float64]
    size: NDArray[np.float64]
    wide: NDArray[np.bool_]
    blank: NDArray[np.bool_]
    tall: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    span: NDArray[np.int64]
    fonts: tuple[str, ...]
    colors: tuple[int, ...]
    bold: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.text)

    def only(self, keep: NDArray[np.bool_]) -> Glyphs:
        """The characters where `keep` is true, in the same order."""
        where = np.flatnonzero(keep)
        return Glyphs(
            text=tuple(self.text[i] for i in where),
            boxes=self.boxes[where],
            origins=self.origins[where],
            dirs=self.dirs[where],
            size=self.size[where],
            wide=self.wide[where],
            blank=self.blank[where],
            tall=self.tall[where],
            hidden=self.hidden[where],
            span=self.span[where],
            fonts=self.fonts,
            colors=self.colors,
            bold=self.bold,
        )


def read_glyphs(page: Any) -> Glyphs:
    """Every character that lies inside the page and its clip paths.

    `tall` marks characters of a font in vertical writing mode. Blanks are kept, they
    tell a printed space from a gap; of characters drawn twice (shadow, faked bold) the
    first stays.
    """
    text: list[str] = []
    rows: list[tuple[float, ...]] = []
    fonts: list[str] = []
    colors: list[int] = []
    bold: list[bool] = []
    for block in page.get_text("rawdict", flags=_FLAGS)["blocks"]:
        for line in block.get("lines", ()):
            (dx, dy), tall = line["dir"], line["wmode"]
            for span in line["spans"]:
                inked = span["char_flags"] & (_FILLED | _STROKED) and span.get("alpha", 255)
                number = len(fonts)
                fonts.append(span["font"])
                colors.append(span["color"])
                bold.append(_is_bold(span))
                size = span["size"]
                for char in span["chars"]:
                    text.append(char["c"])
                    rows.append(
                        (*char["bbox"], *char["origin"], dx, dy, size, tall, not inked, number)
                    )
    table = np.array(rows, dtype=np.float64).reshape(-1, 12)
    glyphs = _glyphs(text, table, (tuple(fonts), tuple(colors), tuple(bold)), page)
    return glyphs.only(_first_drawn(glyphs))


def _is_bold(span: dict[str, Any]) -> bool:
    name = span["font"].lower()
    named = any(word in name for word in ("bold", "black", "heavy", "heiti", "simhei"))
    return named or bool(span["flags"] & _BOLD_FONT or span["char_flags"] & _BOLD_CHAR)


def _glyphs(
    text: list[str],
    table: NDArray[np.float64],
    spans: tuple[tuple[str, ...], tuple[int, ...], tuple[bool, ...]],
    page: Any,
) -> Glyphs:
    turn = page.rotation_matrix
    linear = np.array([[turn.a, turn.b], [turn.c, turn.d]])
    shift = np.array([turn.e, turn.f])
    corners = np.stack([table[:, 0:2] @ linear + shift, table[:, 2:4] @ linear + shift])
    boxes = np.hstack([corners.min(axis=0), corners.max(axis=0)])
    known = {c: c if c.isspace() else fold(c) for c in set(text)}
    wide = {c: bool(f) and is_wide(f) for c, f in known.items()}
    return Glyphs(
        text=tuple(known[c] for c in text),
        boxes=boxes,
        origins=table[:, 4:6] @ linear + shift,
        dirs=table[:, 6:8] @ linear,
        size=np.maximum(table[:, 8], 0.1),
        wide=np.array([wide[c] for c in text], dtype=np.bool_),
        blank=np.array([not known[c].strip() for c in text], dtype=np.bool_),
        tall=table[:, 9] > 0,
        hidden=table[:, 10] > 0,
        span=table[:, 11].astype(np.int64),
        fonts=spans[0],
        colors=spans[1],
        bold=spans[2],
    )


def _first_drawn(glyphs: Glyphs) -> NDArray[np.bool_]:
    """True save for repeats: the same character within an eighth of an em of another."""
    keep = np.ones(len(glyphs), dtype=np.bool_)
    seen: dict[tuple[str, int, int], list[int]] = {}
    sides = np.ptp(glyphs.boxes.reshape(-1, 2, 2), axis=1).min(axis=1) > 0.02 * glyphs.size
    step = np.maximum(glyphs.size, 1.0) / 2
    cells = np.floor(glyphs.origins / step[:, None]).astype(np.int64)
    for i, (char, (cx, cy)) in enumerate(zip(glyphs.text, cells.tolist(), strict=True)):
        # Further characters of a ligature stand without width where it ends.
        if glyphs.blank[i] or not sides[i]:
            continue
        near = (
            j
            for nx in (cx - 1, cx, cx + 1)
            for ny in (cy - 1, cy, cy + 1)
            for j in seen.get((char, nx, ny), ())
        )
        reach = glyphs.size[i] / 8
        if any(np.abs(glyphs.origins[i] - glyphs.origins[j]).max() < reach for j in near):
            keep[i] = False
        else:
            seen.setdefault((char, cx, cy), []).append(i)
    return keep
