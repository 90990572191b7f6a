"""Shapes of photographs that were read as text.

What is printed in a picture, a caption or a sign, is read surely and is more than a letter
or two. What is left out here stays to be seen: it is part of its picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from epaper.geometry import Box
from epaper.model import Line, Picture

# Share of a line that lies in a picture which it is part of.
_INSIDE = 0.9
# Text of so few characters is read so surely where it is text; longer text so surely.
_FEW, _SURE_OF_FEW, _SURE = 3, 0.9, 0.7


def without_shapes(lines: Iterable[Line], pictures: Sequence[Picture]) -> tuple[Line, ...]:
    """The lines without those inside pictures that were read with doubt."""
    boxes = [picture.box for picture in pictures]
    return tuple(line for line in lines if not _is_shape(line, boxes))


def _is_shape(line: Line, pictures: Sequence[Box]) -> bool:
    sure = _SURE_OF_FEW if len(line.text.strip()) <= _FEW else _SURE
    return line.confidence < sure and any(line.box.share_in(box) > _INSIDE for box in pictures)
