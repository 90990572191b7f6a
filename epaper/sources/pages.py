"""The pages of a file, and their pixels."""

from __future__ import annotations

import hashlib
import math
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from epaper.errors import InputError
from epaper.geometry import Box
from epaper.sources.limits import Limits

# The libraries are loaded when a file is first opened: a run that finds all up to date
# needs none of them.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from epaper.sources import pdf
    from epaper.sources.sizes import PageSize

_DEFAULT_LIMITS = Limits()
# A scan with more pixels than a broadsheet has at 300 dpi is brought down, by a whole
# factor and to no less than that: its type is large enough, and memory goes by pixels.
_ENOUGH_DPI, _ENOUGH_PIXELS = 300.0, 28e6


@dataclass(frozen=True, slots=True)
class PageSource:
    """One page of a file, `index` of `count` from 0; it can be pickled.

    `width` by `height` pixels at `dpi`, upright. `dpi_from` is ``file`` where the file
    says the resolution (for a typeset PDF page: 300 by choice), ``estimated`` where a
    newspaper page's usual size had to stand in, ``option`` where the caller gave it.
    `sha256` is of the whole file.
    """

    path: Path
    index: int
    count: int
    page_id: str
    kind: Literal["pdf", "image"]
    width: int
    height: int
    dpi: float
    dpi_from: Literal["file", "estimated", "option"]
    sha256: str


def open_pages(
    path: Path, dpi: float | None = None, limits: Limits = _DEFAULT_LIMITS
) -> tuple[PageSource, ...]:
    """The pages of a PDF or image file, told by its content and not by its suffix.

    `dpi` overrides what the file says. Raises InputError, with the file's name and one
    reason, where it cannot be opened, and LimitError where it is beyond `limits`.
    Pixels are not decoded here: a file cut short may show only in `load_image`.
    """
    kind = _sniff(path, limits)
    sizes = _sizes(kind)(path, dpi, limits)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    count = len(sizes)
    digits = max(2, len(str(count)))
    return tuple(
        PageSource(
            path=path,
            index=index,
            count=count,
            page_id=f"{path.stem}-p{index + 1:0{digits}d}" if count > 1 else path.stem,
            kind=kind,
            width=size.width,
            height=size.height,
            dpi=size.dpi,
            dpi_from=size.dpi_from,
            sha256=digest,
        )
        for index, size in enumerate(sizes)
    )


def reading_dpi(source: PageSource) -> float:
    """The resolution at which a scan is best read: its own, or a whole part of that."""
    most = math.isqrt(int(source.width * source.height / _ENOUGH_PIXELS))
    return source.dpi / max(1, min(most, int(source.dpi / _ENOUGH_DPI)))


def _sizes(kind: Literal["pdf", "image"]) -> Callable[..., tuple[PageSize, ...]]:
    """What tells the sizes of a file's pages; an image does not wait for PyMuPDF to load."""
    if kind == "pdf":
        from epaper.sources.pdf import page_sizes
    else:
        from epaper.sources.raster import page_sizes
    return page_sizes


def load_image(
    source: PageSource, dpi: float | None = None, box: Box | None = None
) -> NDArray[np.uint8]:
    """Pixels of a page as H×W×3 RGB, transparent parts on white.

    `box`, in pixels of the page at `source.dpi`, picks a part; `dpi` another
    resolution. Raises InputError where the file is cut short or damaged.
    """
    part = _part(source, box)
    size = _size(part, (dpi or source.dpi) / source.dpi)
    if source.kind == "image":
        from epaper.sources import raster

        return raster.load(source.path, source.index, part, size)
    from epaper.sources import pdf

    (drawn,) = pdf.render(source.path, source.index, [(part.scaled(72 / source.dpi), size)])
    return drawn


def load_crops(
    source: PageSource, boxes: Sequence[Box], type_at: Iterable[Box] | None = None
) -> list[NDArray[np.uint8]]:
    """Parts of a page as `load_image` gives each, from a file opened once.

    `boxes` and `type_at` are in pixels of the page at `source.dpi`. `type_at` says where
    a PDF page has type, None that it is not known: where no part meets any, its fonts
    need not be loaded. Raises InputError as `load_image` does.
    """
    parts = [_part(source, box) for box in boxes]
    if not parts:
        return []
    if source.kind == "image":
        whole = load_image(source)
        return [_cut(whole, part) for part in parts]
    from epaper.sources import pdf

    shows = type_at is None or any(t.intersection(p) > 0 for t in type_at for p in parts)
    scale = 72 / source.dpi
    wanted = [(part.scaled(scale), _size(part)) for part in parts]
    return pdf.render(source.path, source.index, wanted, shows)


def _part(source: PageSource, box: Box | None) -> Box:
    """The part of the page inside `box`; InputError where there is none."""
    whole = Box(0.0, 0.0, float(source.width), float(source.height))
    part = whole if box is None else box.clipped(whole)
    if part.width < 1 or part.height < 1:
        raise InputError(f"{source.path.name}: the part asked for lies outside the page.")
    return part


def _size(part: Box, factor: float = 1.0) -> pdf.Size:
    return max(1, round(part.width * factor)), max(1, round(part.height * factor))


def _cut(whole: NDArray[np.uint8], part: Box) -> NDArray[np.uint8]:
    return whole[round(part.y0) : round(part.y1), round(part.x0) : round(part.x1)].copy()


def _sniff(path: Path, limits: Limits) -> Literal["pdf", "image"]:
    """Whether the file is a PDF, by its first bytes; everything else is tried as image."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise InputError(f"{path} is a folder, not a page file.")
        # Opening a pipe would wait for someone to write into it.
        if not stat.S_ISREG(found.st_mode):
            raise InputError(f"{path} is a device or pipe, not a page file.")
        size = found.st_size
        with path.open("rb") as stream:
            head = stream.read(1024)
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).") from error
    if not size:
        raise InputError(f"{path.name} is empty.")
    limits.check_bytes(path, size)
    return "pdf" if b"%PDF-" in head else "image"
