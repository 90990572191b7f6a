"""The work of one page, done whole in one process: convert, write, note; and of one issue.

Errors of a page end that page and are answered, never raised, so that one page cannot
end a run.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from epaper.batch.depot import done_here, issue_here
from epaper.batch.libraries import missing_library
from epaper.batch.memory import peak_mb, reset_peak
from epaper.batch.outcome import Job, Outcome, Reason, failure, reason_of
from epaper.batch.plan import Settings
from epaper.batch.state import drop_state, fingerprint, save_page, save_state
from epaper.errors import (
    EngineError,
    EpaperError,
    ExitCode,
    InputError,
    MissingError,
    TooMuchMemoryError,
    write_error,
)
from epaper.export.options import Sheet
from epaper.model import Doubt
from epaper.reading.freed import give_back

if TYPE_CHECKING:
    from epaper.pipeline import Converted

_OVERLAY_DPI = 100


@dataclass(frozen=True, slots=True)
class Binding:
    """An issue to put together from its pages that are there."""

    issue: str
    pages: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class IssueOutcome:
    """What became of an issue: the number of its stories that run over pages, doubts."""

    issue: str
    stories: int = 0
    doubts: tuple[Doubt, ...] = ()
    error: str = ""
    reason: Reason | None = None
    code: int = ExitCode.DONE


Work = Callable[[Job, Settings], tuple[Outcome, ...]]


def do(task: Job | Binding, settings: Settings, work: Work) -> tuple[Outcome, ...] | IssueOutcome:
    """One task of a run; `work` is what is done with a page."""
    if isinstance(task, Job):
        return done_here(task, settings, work)
    try:
        with issue_here(task.issue, settings) as own:
            return bind(task, own)
    except EpaperError as error:
        return unbound(task, error)


def bind(task: Binding, settings: Settings) -> IssueOutcome:
    """Puts the issue together; errors are answered, never raised."""
    from epaper.batch.issues import put_together

    try:
        issue = put_together(task.issue, task.pages, settings)
    except Exception as error:
        told = _told(error, settings.out / task.issue)
        return unbound(task, told)
    if issue is None:
        return IssueOutcome(task.issue)
    spread = sum(len(story.parts) > 1 for story in issue.stories)
    return IssueOutcome(task.issue, spread, issue.doubts)


def unbound(task: Binding, error: EpaperError) -> IssueOutcome:
    """The outcome of an issue that `error` kept from being put together."""
    return IssueOutcome(
        task.issue, error=str(error), reason=reason_of(error), code=int(error.exit_code)
    )


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
        failed = replace(failed, source=job.file or failed.source)
        return (
            replace(failed, seconds=_since(start), peak_mb=peak_mb(), tries=1 + bool(job.plain)),
        )
    finally:
        give_back()


def _work(job: Job, settings: Settings) -> tuple[Outcome, ...]:
    # Imported by the worker alone: the planning process needs none of the rooms.
    from epaper.export.jsonfile import page_to_json
    from epaper.export.write import write_page
    from epaper.pipeline import convert_page
    from epaper.quality.measures import measure

    outcomes = []
    measures = {}
    start = time.perf_counter()
    options = replace(settings.options, plain=job.plain)
    threads = settings.threads or _told_threads()
    options = replace(options, ocr=replace(options.ocr, threads=threads))
    drop_state(job, settings)
    folder = settings.out / job.issue
    for converted in convert_page(job.source, job.issue, options):
        page = converted.page
        model = page_to_json(page)
        files = write_page(
            page,
            settings.out,
            settings.dated(page.facts),
            converted.crops,
            settings.formats,
            sheet=_sheet(job, converted),
            model=model,
        )
        save_page(settings.out, page, model)
        measures[page.id] = measure(page)
        if settings.overlay is not None:
            _draw(job, converted, settings.overlay)
        outcomes.append(
            Outcome(
                page=page.id,
                issue=job.issue,
                source=job.file or str(job.source.path),
                status="done",
                seconds=_since(start),
                rooms=converted.seconds,
                peak_mb=peak_mb(),
                articles=sum(not a.advert for a in page.articles),
                pictures=len(page.pictures),
                coverage=round(page.coverage, 4),
                doubts=page.doubts,
                outputs=tuple(Path(f).relative_to(folder).as_posix() for f in files),
                tries=1 + bool(job.plain),
                ended=time.time(),
                model=fingerprint(page),
            )
        )
        start = time.perf_counter()
    save_state(job, settings, tuple(outcomes), measures)
    return tuple(outcomes)


def _told_threads() -> int:
    """The threads that a scheduler of jobs or the user leaves to a process, 0 where unsaid."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdecimal() else 0


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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(converted.page, image, path)
    except OSError as error:
        raise write_error(path, error) from error


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
        return TooMuchMemoryError(
            f"{path}: not enough memory; convert fewer pages at once with -j."
        )
    if isinstance(error, OSError):
        return InputError(
            f"{path}: {error.strerror or error} ({error.filename or 'no file name'})."
        )
    return EngineError(
        f"{path}: the page could not be converted ({type(error).__name__}: {error})."
    )
