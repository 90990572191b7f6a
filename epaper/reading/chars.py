"""The characters of a PDF page as arrays, and what must be said of them one by one.

Lengths are points in the page's upright frame (page rotation applied), y down.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from epaper.reading.drawn import Drawn, mupdf

# The ideographic em box stands so on the baseline in nearly every CJK face; the boxes
# that PDF fonts declare differ from face to face and would tear one line apart.
ASCENT = 0.86
DESCENT = 0.14

_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_INHIBIT_SPACES
_FILLED, _STROKED = 16, 32
_BOLD_CHAR, _BOLD_FONT = 8, 16
_FAR = 1e6  # points, beyond any page
_PLACE = itemgetter("bbox", "origin")
_flattened = chain.from_iterable

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

# A hyphen shown where a line breaks there, and signs without any width.
_SOFT_HYPHEN, _NO_WIDTH = "\u00ad", frozenset("\u200b\u200c\u200d\u2060\ufeff")
# A soft hyphen is not shown if the next character begins where it does, em.
_SAME_PLACE = 0.1

_SURROGATES = re.compile("[\ud800-\udfff]")


@lru_cache(maxsize=1 << 16)
def _known(char: str) -> tuple[str, bool, bool]:
    """What the file calls `char` as the real character, whether it is wide, and blank."""
    if char == _SOFT_HYPHEN or char in _NO_WIDTH:
        return char, False, True
    real = char if char.isspace() else fold(char)
    return real, bool(real) and is_wide(real), not real or real.isspace()


def fold(text: str) -> str:
    """`text` with radicals, compatibility and vertical forms as the real characters.

    Full-width letters and marks stay as printed; control characters fall away, and half
    a surrogate pair, which no file can carry, is a character unknown.
    """
    folded = _SURROGATES.sub("\ufffd", text).translate(_RADICALS).translate(_VERTICAL_FORMS)
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
    indexes `fonts`, `colors`, `bold`. `hidden` marks text drawn with no ink, `cut` what
    lies outside the page or the clip path in force.
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
    cut: NDArray[np.bool_]
    span: NDArray[np.int64]
    fonts: tuple[str, ...]
    colors: tuple[int, ...]
    bold: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.text)

    def only(self, keep: NDArray[np.bool_]) -> Glyphs:
        """The characters where `keep` is true, in the same order."""
        if keep.all():
            return self
        where = np.flatnonzero(keep)
        return Glyphs(
            text=tuple([self.text[i] for i in where.tolist()]),
            boxes=self.boxes[where],
            origins=self.origins[where],
            dirs=self.dirs[where],
            size=self.size[where],
            wide=self.wide[where],
            blank=self.blank[where],
            tall=self.tall[where],
            hidden=self.hidden[where],
            cut=self.cut[where],
            span=self.span[where],
            fonts=self.fonts,
            colors=self.colors,
            bold=self.bold,
        )


def read_glyphs(page: Any, drawn: Drawn) -> Glyphs:
    """Every character of the page, those outside it or its clip paths marked `cut`.

    `tall` marks characters of a font in vertical writing mode. Blanks are kept, they
    tell a printed space from a gap; of characters drawn twice (shadow, faked bold) the
    first that shows stays.
    """
    inside = drawn.text_page(_FLAGS | pymupdf.TEXT_CLIP)
    every = drawn.text_page(_FLAGS)
    glyphs = _extracted(page, inside)
    # Few pages cut anything off; only those are worth the second list.
    if not _says_the_same(every, inside):
        whole = _extracted(page, every)
        glyphs = replace(whole, cut=_missing(whole, glyphs))
    return _without_formats(glyphs.only(_first_drawn(glyphs)))


def _says_the_same(one: Any, other: Any) -> bool:
    """Whether two readings of a page have the same text.

    MuPDF's own is there in a tenth of the time; it has what stands off the page, too.
    """
    first, second = (
        mupdf.fz_buffer_extract_copy(mupdf.fz_new_buffer_from_stext_page(page.this))
        for page in (one, other)
    )
    return bool(first == second or one.extractText() == other.extractText())


def _without_formats(glyphs: Glyphs) -> Glyphs:
    """The characters without signs that are not shown; soft hyphens that are, as hyphens."""
    odd = [i for i, c in enumerate(glyphs.text) if c == _SOFT_HYPHEN or c in _NO_WIDTH]
    if not odd:
        return glyphs
    text, blank = list(glyphs.text), glyphs.blank.copy()
    keep = np.ones(len(text), dtype=np.bool_)
    for i in odd:
        if text[i] == _SOFT_HYPHEN and not _covered(glyphs, i):
            text[i], blank[i] = "-", False
        else:
            keep[i] = False
    return replace(glyphs, text=tuple(text), blank=blank).only(keep)


def _covered(glyphs: Glyphs, i: int) -> bool:
    """True if the next character begins where character `i` does."""
    if i + 1 == len(glyphs):
        return False
    away = np.abs(glyphs.origins[i + 1] - glyphs.origins[i]).max()
    return bool(away < _SAME_PLACE * glyphs.size[i])


def _missing(whole: Glyphs, inside: Glyphs) -> NDArray[np.bool_]:
    """True for the characters of `whole` that `inside` has not, by sign and place."""
    left = Counter(_places(inside))
    missing = np.zeros(len(whole), dtype=np.bool_)
    for i, place in enumerate(_places(whole)):
        missing[i] = not left[place]
        left[place] -= left[place] > 0
    return missing


def _places(glyphs: Glyphs) -> list[tuple[str, float, float]]:
    points = glyphs.origins.round(2).tolist()
    return [(char, x, y) for char, (x, y) in zip(glyphs.text, points, strict=True)]


def _extracted(page: Any, textpage: Any) -> Glyphs:
    chars: list[dict[str, Any]] = []
    spans: list[tuple[float, ...]] = []
    fonts: list[str] = []
    colors: list[int] = []
    bold: list[bool] = []
    for block in textpage.extractRAWDICT()["blocks"]:
        for line in block.get("lines", ()):
            (dx, dy), tall = line["dir"], line["wmode"]
            for span in line["spans"]:
                font, flags, own = span["font"], span["flags"], span["chars"]
                drawing = span["char_flags"]
                inked = drawing & (_FILLED | _STROKED) and span.get("alpha", 255)
                fonts.append(font)
                colors.append(span["color"])
                bold.append(_is_bold(font, flags, drawing))
                spans.append((dx, dy, span["size"], tall, not inked, len(own)))
                chars.extend(own)
    # An array of Python's is filled from a list in half the time of one of NumPy's.
    table = np.array(array("d", list(_flattened(_flattened(map(_PLACE, chars)))))).reshape(-1, 6)
    runs = _rows(spans, 6)
    text = [c["c"] for c in chars]
    return _glyphs(text, table, runs, (tuple(fonts), tuple(colors), tuple(bold)), page)


def _rows(found: Sequence[Sequence[float]], width: int) -> NDArray[np.float64]:
    """Tuples of `width` numbers as rows; NumPy is slow at nested ones."""
    numbers = _flattened(found)
    return np.fromiter(numbers, np.float64, width * len(found)).reshape(-1, width)


@lru_cache(maxsize=1 << 10)
def _is_bold(font: str, flags: int, char_flags: int) -> bool:
    name = font.lower()
    named = any(word in name for word in ("bold", "black", "heavy", "heiti", "simhei"))
    return named or bool(flags & _BOLD_FONT or char_flags & _BOLD_CHAR)


def _glyphs(
    text: list[str],
    table: NDArray[np.float64],
    runs: NDArray[np.float64],
    spans: tuple[tuple[str, ...], tuple[int, ...], tuple[bool, ...]],
    page: Any,
) -> Glyphs:
    """`table` has box and origin of each character, `runs` what a span says of all its own."""
    turn = page.rotation_matrix
    linear = np.array([[turn.a, turn.b], [turn.c, turn.d]])
    shift = np.array([turn.e, turn.f])
    corners = np.stack([table[:, 0:2] @ linear + shift, table[:, 2:4] @ linear + shift])
    span = np.repeat(np.arange(len(runs)), runs[:, 5].astype(np.int64))
    known = {char: _known(char) for char in set(text)}
    real = tuple([known[char][0] for char in text])
    return Glyphs(
        text=real,
        boxes=np.hstack([corners.min(axis=0), corners.max(axis=0)]),
        origins=table[:, 4:6] @ linear + shift,
        dirs=runs[span, 0:2] @ linear,
        size=np.maximum(runs[span, 2], 0.1),
        wide=np.array([known[char][1] for char in text], dtype=np.bool_),
        blank=np.array([known[char][2] for char in text], dtype=np.bool_),
        tall=runs[span, 3] > 0,
        hidden=runs[span, 4] > 0,
        cut=np.zeros(len(text), dtype=np.bool_),
        span=span,
        fonts=spans[0],
        colors=spans[1],
        bold=spans[2],
    )


def _first_drawn(glyphs: Glyphs) -> NDArray[np.bool_]:
    """True save for repeats: the same character within an eighth of an em of another."""
    keep = np.ones(len(glyphs), dtype=np.bool_)
    x0, y0, x1, y1 = glyphs.boxes.T
    sides = np.minimum(x1 - x0, y1 - y0) > 0.02 * glyphs.size
    # Further characters of a ligature stand without width where it ends.
    solid = np.flatnonzero(sides & ~glyphs.blank)
    # Pages drawn in clipped pieces repeat as cut what another piece shows.
    solid = solid[np.argsort(glyphs.cut[solid], kind="stable")]
    if not solid.size:
        return keep
    codes = {text: k for k, text in enumerate(dict.fromkeys(glyphs.text))}
    sign = np.array([codes[text] for text in glyphs.text])[solid]
    origins, reach = glyphs.origins[solid], glyphs.size[solid] / 8
    near = _may_meet(sign, origins, float(reach.max()))
    if not near.any():
        return keep
    solid, sign, origins, reach = solid[near], sign[near], origins[near], reach[near]
    # A third axis keeps different characters out of each other's reach.
    points = np.column_stack([origins, sign * _FAR])
    tree = cKDTree(points)
    count = tree.query_ball_point(points, reach, p=np.inf, return_length=True)
    for k in np.flatnonzero(count > 1):
        others = tree.query_ball_point(points[k], reach[k], p=np.inf)
        keep[solid[k]] = not any(j < k and keep[solid[j]] for j in others)
    return keep


def _may_meet(
    sign: NDArray[np.int64], points: NDArray[np.float64], reach: float
) -> NDArray[np.bool_]:
    """True where one of the same `sign` may be within `reach` on both axes.

    Such two share a square of twice the reach, or of the same squares moved by a half.
    """
    found = np.zeros(len(sign), dtype=np.bool_)
    for shift in ((0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5)):
        square = np.floor(points / (2 * reach) + shift).astype(np.int64)
        square -= square.min(axis=0)
        across, down = square.max(axis=0) + 1
        key = (sign * across + square[:, 0]) * down + square[:, 1]
        order = np.argsort(key)
        ranked = key[order]
        same = np.flatnonzero(ranked[1:] == ranked[:-1])
        found[order[same]] = found[order[same + 1]] = True
    return found
