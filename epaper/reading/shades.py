"""How light colours are."""

from __future__ import annotations


def luminance(color: int) -> float:
    """Perceived lightness of 0xRRGGBB, 0 black to 1 white."""
    red, green, blue = color >> 16, color >> 8 & 0xFF, color & 0xFF
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
