"""What an export needs to know besides the page."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from epaper.errors import ExportError
from epaper.export.house import DEFAULT_BASE
from epaper.model import Page

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TRUNCATED = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How messages are signed, dated and numbered.

    `provider` becomes a URI where it looks like one and a literal otherwise.
    `authority` is the domain in guids and `base` the start of the house schemes' URIs.
    `sent` is the one time stamp; None takes SOURCE_DATE_EPOCH and then the clock.
    `version` and `corrected`, the time it came to be, are those of what is written; a
    page that has been corrected brings its own.
    `language` overrides the page's own; `schemas` is a folder with the official XSD,
    used to check what is about to be written. `iiif` is the start of the URIs in a IIIF
    manifest, which is published at ``<iiif>/<issue>/manifest.json``; `iiif_images` is an
    image service that gives ``<issue>/<page id>``, empty for one below `iiif`.
    """

    provider: str = "epaper"
    authority: str = "example.org"
    base: str = DEFAULT_BASE
    sent: datetime | None = None
    version: int = 1
    corrected: str = ""
    language: str | None = None
    schemas: Path | None = None
    iiif: str = "http://example.org/iiif"
    iiif_images: str = ""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture on disk: `name` relative to the XML with ``/``, size in pixels and bytes."""

    name: str
    width: int
    height: int
    size: int
    contenttype: str = "image/jpeg"


def picture_name(page_id: str, picture: str) -> str:
    """Name of a picture's file beside the page's, by page and picture id.

    Raises ExportError for a picture id that is no name for a file.
    """
    number = picture[1:] if re.fullmatch(r"i\d+", picture) else picture
    if "/" in number or "\0" in number:
        raise ExportError(f"page {page_id}: picture {picture!r} is no name for a file")
    return f"{page_id}/picture-{number}.jpg"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page looks like.

    `image` is its restored image (H, W, 3, RGB), `pdf` a file whose page `index` it is.
    Where there is neither, `written` and `picture` are the PDF and the JPEG that were
    written of the page before, if they were.
    """

    image: NDArray[np.uint8] | None = None
    pdf: Path | None = None
    index: int = 0
    written: Path | None = None
    picture: Path | None = None


def stamp(options: ExportOptions) -> datetime:
    """The time stamp of the run, whole seconds, with a zone.

    Raises ExportError where SOURCE_DATE_EPOCH is not a number of seconds.
    """
    if options.sent is not None:
        sent = options.sent
    elif epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        try:
            sent = datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError):
            raise ExportError(
                f"SOURCE_DATE_EPOCH is {epoch!r}, which is no number of seconds since 1970"
            ) from None
    else:
        sent = datetime.now(UTC)
    zoned = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
    return zoned.replace(microsecond=0)


def version_created(options: ExportOptions, printed: str) -> str:
    """When this version of the content came to be, as xs:dateTime.

    A first version is as old as the print, so converting again changes only `sent`;
    a correction, or a page without a date, carries the time stamp of the run.
    """
    if options.version == 1 and len(iso_date(printed)) == len("2024-06-05"):
        return f"{printed}T00:00:00+00:00"
    return options.corrected or stamp(options).isoformat()


def for_pages(options: ExportOptions, pages: Iterable[Page]) -> ExportOptions:
    """The options for what is made of `pages`: its version rises with that of each of them."""
    pages = list(pages)
    return replace(
        options,
        version=max(options.version, 1 + sum(page.version - 1 for page in pages)),
        corrected=max([options.corrected, *(page.corrected for page in pages)]),
    )


def iso_date(text: str) -> str:
    """`text` where it is a date of the calendar as YYYY, YYYY-MM or YYYY-MM-DD, else empty."""
    match = _TRUNCATED.fullmatch(text)
    if match is None:
        return ""
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return ""
    return text
