"""Corner brackets of vertical lines (「」『』), told by their shape.

Set down a column, 「 is a bar across the line with a leg down its right end, 」 a leg up from
the left end of a bar; 『』 are their outlines. Recognition sees a line lying on its side and
takes them for strokes of the next letter, or for nothing.
"""

from __future__ import annotations

import cv2
import numpy as np

from epaper.reading.ocr_ink import Mask

# A bar across the line and a leg along it, in line widths: lengths, and how thick.
_ACROSS, _ALONG, _THICK = (0.25, 1.02), (0.15, 0.85), 0.3
# Ink fills this share of a bar or a leg, and there is no more elsewhere, of all.
_FILLED, _ELSEWHERE = 0.8, 0.12
# An outline encloses this share of what it covers.
_HOLLOW = 0.15
_BRACKETS = {(True, False): "「", (False, False): "」", (True, True): "『", (False, True): "』"}


def corner_brackets(ink: Mask, em: float) -> list[tuple[int, int, str]]:
    """First and last pixel along the line, and character, of pieces of ink that are brackets.

    `ink` (W, L) is a vertical line transposed: it runs along x, and its first row is the
    line's left side. `em` is the line's width, in the same pixels.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    long, wide = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    sized = (_ACROSS[0] * em <= wide) & (wide <= _ACROSS[1] * em)
    sized &= (_ALONG[0] * em <= long) & (long <= _ALONG[1] * em)
    # The first is the ground.
    sized[0] = False
    found = []
    for k in np.flatnonzero(sized).tolist():
        x, y, along, across = stats[k, :4].tolist()
        char = _told(labels[y : y + across, x : x + along] == k, em)
        if char:
            found.append((x, x + along, char))
    return sorted(found)


def _told(shape: Mask, em: float) -> str:
    """The corner bracket that a piece of ink shows; empty where it shows none."""
    full, hollow = _filled(shape)
    bar = full.mean(axis=0) >= _FILLED
    leg = full.mean(axis=1) >= _FILLED
    if not (0 < bar.sum() <= _THICK * em and 0 < leg.sum() <= _THICK * em):
        return ""
    rest = full[~leg][:, ~bar]
    if rest.size == 0 or rest.sum() > _ELSEWHERE * full.sum():
        return ""
    # The bar comes first where the bracket opens, and the leg hangs from the right end of it.
    opens, right = bool(bar.argmax() < len(bar) / 2), bool(leg.argmax() >= len(leg) / 2)
    return _BRACKETS[opens, hollow] if opens == right else ""


def _filled(shape: Mask) -> tuple[Mask, bool]:
    """The piece with what it encloses, and whether that is much of it."""
    outline, _ = cv2.findContours(
        np.pad(shape.astype(np.uint8), 1), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    drawn = np.zeros((shape.shape[0] + 2, shape.shape[1] + 2), np.uint8)
    cv2.drawContours(drawn, outline, -1, (1,), cv2.FILLED)
    full = np.asarray(drawn[1:-1, 1:-1] > 0, np.bool_)
    return full, bool(full.sum() - shape.sum() > _HOLLOW * full.sum())
