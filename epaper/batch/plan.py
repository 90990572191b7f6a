"""What a run has to do: one job a page, and the inputs that make none."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from epaper import __version__
from epaper.errors import EpaperError, ExitCode, InputError
from epaper.export.formats import formats_named, reserved
from epaper.export.options import ExportOptions
from epaper.model import Doubt, Facts
from epaper.pipeline import Options
from epaper.sources.issues import find_issues
from epaper.sources.pages import PageSource, open_pages


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every page of a run.

    `threads` limits the libraries of one worker, 0 leaves them alone. `overlay` is the
    folder for debug pictures. Only what changes the output enters `digest`.
    """

    out: Path
    formats: tuple[str, ...] = ("newsml",)
    options: Options = field(default_factory=Options)
    export: ExportOptions = field(default_factory=ExportOptions)
    threads: int = 0
    overlay: Path | None = None
    force: bool = False
    reproducible: bool = False

    def digest(self) -> str:
        """Fingerprint of the version and of every option that a page's files depend on.

        An issue's own formats, which are made from pages as they stand, are no part of it.
        """
        ocr = replace(self.options.ocr, threads=0)
        options = replace(self.options, ocr=ocr)
        formats = [each.name for each in formats_named(self.formats)]
        parts = (__version__, formats, options, self.export, self.reproducible)
        return hashlib.sha256(msgspec.json.encode(parts, enc_hook=str)).hexdigest()

    def dated(self, facts: Facts) -> ExportOptions:
        """The export options; in a reproducible run the time stamp is the printed date's.

        A page without a date then carries 1970-01-01. SOURCE_DATE_EPOCH goes before both.
        """
        if not self.reproducible or os.environ.get("SOURCE_DATE_EPOCH"):
            return self.export
        sent = datetime(1970, 1, 1, tzinfo=UTC)
        with suppress(ValueError):
            sent = datetime.fromisoformat(facts.date).replace(tzinfo=UTC)
        return replace(self.export, sent=sent)


@dataclass(frozen=True, slots=True)
class Job:
    """One page source to convert into the issue's folder."""

    issue: str
    source: PageSource


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page; one object of the JSON log.

    `status` is ``done``, ``skipped`` (up to date) or ``failed``; `error` is one
    sentence, `code` the exit status it stands for and `trace` where it happened.
    `seconds` is wall time, `rooms` its parts, `peak_mb` the worker's peak memory in MiB.
    """

    page: str
    issue: str
    source: str
    status: str
    seconds: float = 0.0
    rooms: dict[str, float] = field(default_factory=dict)
    peak_mb: float | None = None
    articles: int = 0
    pictures: int = 0
    coverage: float | None = None
    doubts: tuple[Doubt, ...] = ()
    outputs: tuple[str, ...] = ()
    error: str = ""
    code: int = ExitCode.DONE
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs in order, and an outcome for every input that could not be opened.

    `left_out` are poorer copies of pages that are there.
    """

    jobs: tuple[Job, ...]
    failed: tuple[Outcome, ...]
    left_out: tuple[Path, ...] = ()


def make_plan(
    paths: Sequence[Path], dpi: float | None = None, exclude: Sequence[Path] = ()
) -> Plan:
    """Finds the pages of `paths`; folders in `exclude` (the output) are passed over.

    A file that cannot be opened is listed in `failed`, and so is the second of two files
    that would make the same page. Raises InputError where there is no input.
    """
    jobs: list[Job] = []
    failed: list[Outcome] = []
    taken: dict[tuple[str, str], Path] = {}
    left_out: list[Path] = []
    for issue in find_issues(paths, exclude):
        left_out += issue.left_out
        for path in issue.files:
            try:
                pages = open_pages(path, dpi)
            except EpaperError as error:
                failed.append(failure(path.stem, issue.id, path, error))
                continue
            for source in pages:
                first = taken.setdefault((issue.id, source.page_id), path)
                clash = _clash(issue.id, source, first)
                if clash is None:
                    jobs.append(Job(issue.id, source))
                else:
                    failed.append(clash)
    return Plan(tuple(jobs), tuple(failed), tuple(left_out))


def failure(page: str, issue: str, path: Path, error: EpaperError, trace: str = "") -> Outcome:
    """The outcome of a page that `error` ended."""
    return Outcome(
        page, issue, str(path), "failed", error=str(error), code=int(error.exit_code), trace=trace
    )


def _clash(issue: str, source: PageSource, first: Path) -> Outcome | None:
    """The failure of a page whose files are another's."""
    if own := reserved(source.page_id):
        reason = f"{own} is the name of the issue's own file; rename the input."
    elif first != source.path:
        reason = f"makes the same page as {first}; convert the two into different folders with -o."
    else:
        return None
    return failure(source.page_id, issue, source.path, InputError(f"{source.path}: {reason}"))


def issues_of(jobs: Iterable[Job]) -> dict[str, list[Job]]:
    """The jobs by issue, in order."""
    found: dict[str, list[Job]] = {}
    for job in jobs:
        found.setdefault(job.issue, []).append(job)
    return found
