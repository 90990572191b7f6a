"""Every error a user can meet, with the exit status it leads to."""

from __future__ import annotations

import errno
import re
from enum import IntEnum
from pathlib import Path


class ExitCode(IntEnum):
    """Exit status of every command."""

    DONE = 0
    SOME_FAILED = 1
    USAGE = 2
    MISSING = 3
    INTERRUPTED = 130


class EpaperError(Exception):
    """Base of all errors with one clear sentence for the user."""

    exit_code: ExitCode = ExitCode.SOME_FAILED


class InputError(EpaperError):
    """A source that cannot be opened or is not what its name says."""

    exit_code = ExitCode.USAGE


class LimitError(InputError):
    """A source beyond the limits of what will be opened (pixels, pages, bytes)."""


class MissingError(EpaperError):
    """A library, model or font that is not installed."""

    exit_code = ExitCode.MISSING


class EngineError(EpaperError):
    """The OCR engine failed on a page."""


class CrashError(EngineError):
    """A page ended the process that worked on it."""


class TooLongError(EngineError):
    """A page took longer than it may."""


class TooMuchMemoryError(EngineError):
    """A page took more memory than it may, or than there is."""


class ClusterError(EpaperError):
    """A cluster, or a worker of it, that did not do what it was asked to."""


class ExportError(EpaperError):
    """An output that could not be written, or would not have been valid."""


class DiskError(ExportError):
    """The output takes no files at all: it is full, read-only or gone."""


# What a disk says that takes nothing more, or a network share that is lost.
_GONE = frozenset(
    getattr(errno, name)
    for name in (
        "ENOSPC", "EDQUOT", "EROFS", "EIO", "ENXIO", "ENODEV", "ESTALE", "ENOTCONN",
        "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "EREMOTEIO",
    )
    if hasattr(errno, name)
)  # fmt: skip


def write_error(path: Path, error: OSError) -> ExportError:
    """Why `path` could not be written; a DiskError where nothing else could be, either."""
    kind = DiskError if error.errno in _GONE else ExportError
    return kind(f"{path}: cannot be written: {error.strerror or error}")


# What would move a terminal's cursor, turn its writing round or stop its encoder.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    """The text on one line; what is no print, in the names of files say, as ``\\x1b``."""
    joined = " ".join(filter(None, map(str.strip, text.splitlines())))
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], joined)
