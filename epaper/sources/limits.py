"""What is opened and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from epaper.errors import LimitError

_GIB = 1024**3
_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What is opened. The defaults leave room for a broadsheet at 800 dpi.

    `file_bytes` is of one file, `pages` of one file, `pixels` of one page at its own
    resolution, `page_points` of the longer side of a PDF page (14,400 is the format's
    own bound). `side` is the least that a page is wide and high, pixels: no character
    of print has room in less.
    """

    file_bytes: int = 4 * _GIB
    pages: int = 2000
    pixels: int = 300 * _MEGA
    page_points: float = 14_400.0
    side: int = 16

    def check_bytes(self, path: Path, size: int) -> None:
        if size > self.file_bytes:
            raise LimitError(
                f"{path.name} is {size:,} bytes long; {self.file_bytes:,} are the limit."
            )

    def check_pages(self, path: Path, count: int) -> None:
        if count > self.pages:
            raise LimitError(f"{path.name} has {count:,} pages; {self.pages:,} are the limit.")

    def check_pixels(self, path: Path, width: int, height: int) -> None:
        if min(width, height) < self.side:
            raise LimitError(
                f"{path.name} has a page of {width:,} by {height:,} pixels; that is too small "
                "for any print."
            )
        if width * height > self.pixels:
            raise LimitError(
                f"{path.name} has a page of {width:,} by {height:,} pixels; "
                f"{self.pixels // _MEGA:,} megapixels are the limit."
            )

    def check_points(self, path: Path, width: float, height: float) -> None:
        if max(width, height) > self.page_points:
            raise LimitError(
                f"{path.name} has a page {max(width, height):,.0f} points long; "
                f"{self.page_points:,.0f} are the limit."
            )
