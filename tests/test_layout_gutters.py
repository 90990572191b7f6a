"""Layout: lines that run on over a gutter too narrow to be seen in one of them."""

from __future__ import annotations

from collections.abc import Iterable

from typeset import EM, PITCH, broken, prose

from epaper.geometry import Box, hull
from epaper.layout.gutters import cut_at_gutters
from epaper.model import Line


def set_line(parts: Iterable[tuple[str, float]], y: float, em: float = EM) -> Line:
    """One line of a text layer from pieces of text, each with where it begins."""
    chars = [
        Box(x + n * em, y, x + (n + 1) * em, y + em) for text, x in parts for n in range(len(text))
    ]
    return Line("".join(text for text, _ in parts), hull(chars), em, chars=tuple(chars))


def two_columns(gutter: float, rows: int = 9) -> list[Line]:
    """Full lines of two columns, each read as one line over the gutter."""
    left, right = broken([prose(1, 400)], 12)[1:], broken([prose(15, 400)], 12)[1:]
    second = 400 + 12 * EM + gutter
    return [
        set_line([(left[k][1], 400), (right[k][1], second)], 450 + PITCH * k) for k in range(rows)
    ]


def test_a_mark_that_hangs_into_a_gutter_does_not_close_it() -> None:
    # The gutter is 0.8 em wide; the full stop leaves 0.3 em of it, or 0.1 em.
    for shift in (-0.5, -0.3):
        lines = two_columns(0.8 * EM)
        hung = lines[4]
        chars = list(hung.chars)
        left = Box(880, chars[0].y0, 880 + (1 + shift) * EM, chars[0].y1)
        chars.insert(12, left)
        lines[4] = Line(hung.text[:12] + "。" + hung.text[12:], hung.box, EM, chars=tuple(chars))
        cut = cut_at_gutters(lines)
        assert len(cut) == 2 * len(lines)
        assert hung.text[:12] + "。" in [x.text for x in cut]


def test_marks_inside_full_lines_are_no_gutter() -> None:
    text = prose(1, 24)
    lines = [
        set_line([(text[:k] + "，" + text[k + 1 :], 400)], 450 + PITCH * row)
        for row, k in enumerate((5, 9, 13, 17, 8, 12, 16))
    ]
    assert cut_at_gutters(lines) == tuple(lines)


def test_a_line_beside_white_is_parted_by_the_lines_on_its_other_side() -> None:
    lines = two_columns(0.5 * EM, rows=4)
    # A quote stands in white under the lines and runs on over their gutter.
    quote = [
        set_line([(prose(7, 8), 400 + 8 * EM)], lines[-1].box.y1 + 3 * EM + PITCH * k)
        for k in range(4)
    ]
    cut = cut_at_gutters([*lines, *quote])
    assert len(cut) == 2 * len(lines) + len(quote)


def latin_line(words: list[str], starts: list[float], y: float) -> Line:
    """Latin words of half-width letters, each with where it begins, spaces between."""
    text, chars = "", []
    for word, x in zip(words, starts, strict=True):
        if text:
            chars.append(Box(chars[-1].x1, y, x, y + EM))
            text += " "
        chars += [Box(x + n * EM / 2, y, x + (n + 1) * EM / 2, y + EM) for n in range(len(word))]
        text += word
    return Line(text, hull(chars), EM, chars=tuple(chars))


def test_a_latin_line_set_to_its_measure_is_not_cut_at_its_wide_spaces() -> None:
    words = ["neighbouring", "countries", "welcomed", "the"]
    justified = latin_line(words, [400, 740, 1020, 1280], 800)
    above = [set_line([(prose(1, 19), 400)], 800 - PITCH * k) for k in range(1, 5)]
    beside = [set_line([(prose(3, 4), 1280)], 800 + PITCH * k) for k in range(2, 6)]
    assert justified in cut_at_gutters([*above, justified, *beside])
