"""A page to convert, and what became of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from epaper.errors import (
    ClusterError,
    CrashError,
    DiskError,
    EngineError,
    EpaperError,
    ExitCode,
    ExportError,
    MissingError,
    TooLongError,
    TooMuchMemoryError,
    one_line,
)
from epaper.model import Doubt
from epaper.sources.pages import PageSource
from epaper.sources.urls import is_url, url_of

Key = tuple[str, str]


class Reason(StrEnum):
    """Why a page failed."""

    INPUT = "input"
    OUTPUT = "output"
    DISK = "disk"
    MISSING = "missing"
    ENGINE = "engine"
    CRASH = "crash"
    TIME = "time"
    MEMORY = "memory"
    CLUSTER = "cluster"

    @property
    def worth_a_second_try(self) -> bool:
        """Whether a plainer way may lead to the goal."""
        return self in (Reason.ENGINE, Reason.CRASH, Reason.TIME, Reason.MEMORY)


@dataclass(frozen=True, slots=True)
class Job:
    """One page source to convert into the issue's folder.

    `plain` is why it is to be done in the plainer way, empty where it is not. `file` is
    where the input lies, where `source` has a copy of it.
    """

    issue: str
    source: PageSource
    plain: str = ""
    file: str = ""

    @property
    def key(self) -> Key:
        """What the job is known by in a run and in its journal."""
        return self.issue, self.source.page_id


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page; one object of the JSON log.

    `status` is ``done``, ``skipped`` (up to date), ``failed`` or ``aside`` (set aside
    after a second try in a plainer way); `error` is one sentence, `reason` its kind,
    `code` the exit status it stands for and `trace` where it happened. `seconds` is wall
    time, `rooms` its parts, `peak_mb` the worker's peak memory in MiB, `ended` the time
    of day in seconds since 1970. `model` is the fingerprint of the page model kept.
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
    reason: Reason | None = None
    code: int = ExitCode.DONE
    trace: str = ""
    tries: int = 1
    ended: float = 0.0
    model: str = ""

    @property
    def good(self) -> bool:
        """Whether the page is there."""
        return self.status in ("done", "skipped")


def failure(page: str, issue: str, path: Path, error: EpaperError, trace: str = "") -> Outcome:
    """The outcome of a page that `error` ended."""
    return Outcome(
        page,
        issue,
        url_of(path) if is_url(path) else str(path),
        "failed",
        error=one_line(str(error)),
        reason=reason_of(error),
        code=int(error.exit_code),
        trace=trace,
        ended=time.time(),
    )


# The first that fits counts: a subclass stands before its base.
_REASONS: tuple[tuple[type[EpaperError], Reason], ...] = (
    (DiskError, Reason.DISK),
    (ExportError, Reason.OUTPUT),
    (MissingError, Reason.MISSING),
    (ClusterError, Reason.CLUSTER),
    (CrashError, Reason.CRASH),
    (TooLongError, Reason.TIME),
    (TooMuchMemoryError, Reason.MEMORY),
    (EngineError, Reason.ENGINE),
)


def reason_of(error: EpaperError) -> Reason:
    """The kind of failure an error stands for."""
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), Reason.INPUT)
