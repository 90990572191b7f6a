"""Where punctuation stands in its cell, and how much of the cell is white.

Simplified faces set stops in the lower left of the cell, traditional ones in its middle.
In vertical lines the former move to the upper right; what can be squeezed out of a
cell is only what is white on its outer side.
"""

from __future__ import annotations

from epaper.synth.fonts import Face

# The baseline below the top of the cell, ems.
ASCENT = 0.88
OPENING = frozenset("（《〈「『【〔“‘")
_STOPS = frozenset("，。、")
# Stops left of this stand in a corner of their cell, ems.
_ASIDE = 0.38
# Centre of a stop in a vertical cell, from its left and its top, ems.
_RIGHT, _TOP = 0.76, 0.24


def stop_shift(face: Face, char: str) -> tuple[float, float]:
    """How far (ems, right and up) a glyph moves in the cell of a vertical line."""
    if char not in _STOPS:
        return (0.0, 0.0)
    ink = face.ink(char)
    if ink.cx >= _ASIDE:
        return (0.0, 0.0)
    return (_RIGHT - ink.cx, ASCENT + ink.cy - _TOP)


def outer_white(face: Face, char: str, stacked: bool) -> float:
    """White before an opening mark, or after any other, along the line in ems.

    `stacked` tells a glyph that stands upright in a vertical line.
    """
    ink = face.ink(char)
    if stacked:
        low = ASCENT - stop_shift(face, char)[1]
        return max(0.0, low + ink.y0 if char in OPENING else 1.0 - low - ink.y1)
    return max(0.0, ink.x0 if char in OPENING else face.advance(char) - ink.x1)
