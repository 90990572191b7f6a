"""The work of one page, done whole in one process: convert, write, note.

Errors of a page end that page and are answered, never raised, so that one page cannot
end a run.
"""

from __future__ import annotations

import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from epaper.batch.libraries import missing_library
from epaper.batch.memory import peak_mb, reset_peak
from epaper.batch.plan import Job, Outcome, Settings, failure
from epaper.batch.state import save_page, save_state
from epaper.errors import EngineError, EpaperError, InputError, MissingError
from epaper.export.options import Sheet

if TYPE_CHECKING:
    from epaper.pipeline import Converted

_OVERLAY_DPI = 100


def work(job: Job, settings: Settings) -> tuple[Outcome, ...]:
    """Converts a page source and writes its files; one outcome a page it holds."""
    reset_peak()
    source = job.source
    start = time.perf_counter()
    try:
        return _work(job, settings)
    except Exception as error:
        told = _told(error, source.path)
        failed = failure(source.page_id, job.issue, source.path, told, traceback.format_exc())
        return (replace(failed, seconds=_since(start), peak_mb=peak_mb()),)


def _work(job: Job, settings: Settings) -> tuple[Outcome, ...]:
    # Imported by the worker alone: the planning process needs none of the rooms.
    from epaper.export.write import write_page
    from epaper.pipeline import convert_page

    outcomes = []
    start = time.perf_counter()
    options = settings.options
    if settings.threads:
        options = replace(options, ocr=replace(options.ocr, threads=settings.threads))
    folder = settings.out / job.issue
    for converted in convert_page(job.source, job.issue, options):
        page = converted.page
        files = write_page(
            page,
            settings.out,
            settings.dated(page.facts),
            converted.crops,
            settings.formats,
            sheet=_sheet(job, converted),
        )
        save_page(settings.out, page)
        if settings.overlay is not None:
            _draw(job, converted, settings.overlay)
        outcomes.append(
            Outcome(
                page=page.id,
                issue=job.issue,
                source=str(job.source.path),
                status="done",
                seconds=_since(start),
                rooms=converted.seconds,
                peak_mb=peak_mb(),
                articles=sum(not a.advert for a in page.articles),
                pictures=len(page.pictures),
                coverage=round(page.coverage, 4),
                doubts=page.doubts,
                outputs=tuple(str(Path(f).relative_to(folder)) for f in files),
            )
        )
        start = time.perf_counter()
    save_state(job, settings, tuple(outcomes))
    return tuple(outcomes)


def _sheet(job: Job, converted: Converted) -> Sheet:
    """What the page looks like: as it was restored, or as it is in its PDF."""
    if converted.image is not None:
        return Sheet(image=converted.image)
    return Sheet(pdf=job.source.path, index=job.source.index)


def _draw(job: Job, converted: Converted, folder: Path) -> None:
    """The overlay of the page on its own image, ``<page id>.png``."""
    from epaper.quality.overlay import draw
    from epaper.sources.pages import load_image

    image = converted.image
    if image is None:
        image = load_image(job.source, _OVERLAY_DPI)
    path = folder / job.issue / f"{converted.page.id}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    draw(converted.page, image, path)


def _since(start: float) -> float:
    return round(time.perf_counter() - start, 3)


def _told(error: Exception, path: Path) -> EpaperError:
    """The error as a sentence that names the file."""
    if isinstance(error, EpaperError):
        if path.name in str(error) or isinstance(error, MissingError):
            return error
        return type(error)(f"{path}: {error}")
    if isinstance(error, ImportError):
        return missing_library(error)
    if isinstance(error, MemoryError):
        return EngineError(f"{path}: not enough memory; convert fewer pages at once with -j.")
    if isinstance(error, OSError):
        return InputError(
            f"{path}: {error.strerror or error} ({error.filename or 'no file name'})."
        )
    return EngineError(
        f"{path}: the page could not be converted ({type(error).__name__}: {error})."
    )
