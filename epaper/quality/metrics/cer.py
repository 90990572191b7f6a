"""CER and flexible CER of a page; their difference is the reading-order damage."""

from __future__ import annotations

from epaper.quality.metrics.alignment import Alignment


def cer(alignment: Alignment) -> float:
    """Edits over characters of the truth, matched articles against each other.

    0 is perfect; it passes 1 where the output has more foreign text than the truth has
    text. An empty truth gives 0 or, against any text, 1.
    """
    return _rate(alignment.plain_distance, alignment)


def flex_cer(alignment: Alignment) -> float:
    """CER when every piece may stand anywhere on the page, never above `cer`.

    After flexible character accuracy (Clausner, Pletschacher, Antonacopoulos, 2020), with
    greedy string tiling to find the pieces.
    """
    return _rate(min(alignment.tiling.distance, alignment.plain_distance), alignment)


def _rate(edits: int, alignment: Alignment) -> float:
    length = len(alignment.tiling.truth)
    return edits / length if length else float(bool(edits))
