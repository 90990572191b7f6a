"""How large a page is, and how sure its resolution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MM_PER_INCH = 25.4
# A broadsheet page as most papers print it; a spread is two of them side by side.
_PAGE_HEIGHT_MM = 545.0
_PAGE_WIDTH_MM = 390.0
_DPI_RANGE = (50.0, 2500.0)
_PLAUSIBLE_MM = (120.0, 1000.0)  # longer side of anything printed as a newspaper page


@dataclass(frozen=True, slots=True)
class PageSize:
    """Pixels of an upright page and its resolution."""

    width: int
    height: int
    dpi: float
    dpi_from: Literal["file", "estimated", "option"]


def sized(width: int, height: int, told: float | None, option: float | None) -> PageSize:
    """The size of a scan `width` by `height` pixels whose file tells the dpi `told`.

    Software writes 72 or 96 where it knows nothing, so a resolution that would make
    the sheet smaller than a leaflet or larger than a poster is not believed; then the
    sheet is taken for a broadsheet page.
    """
    if option is not None:
        return PageSize(width, height, option, "option")
    if told is not None and _DPI_RANGE[0] <= told <= _DPI_RANGE[1]:
        longer = max(width, height) / told * MM_PER_INCH
        if _PLAUSIBLE_MM[0] <= longer <= _PLAUSIBLE_MM[1]:
            return PageSize(width, height, told, "file")
    return PageSize(width, height, _estimate(width, height), "estimated")


def _estimate(width: int, height: int) -> float:
    spread = width > height
    by_height = height / _PAGE_HEIGHT_MM
    by_width = width / (_PAGE_WIDTH_MM * (2 if spread else 1))
    return round(min(by_height, by_width) * MM_PER_INCH, 1)
