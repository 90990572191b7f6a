"""Every error a user can meet, with the exit status it leads to."""

from __future__ import annotations

from enum import IntEnum


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


class ExportError(EpaperError):
    """An output that could not be written, or would not have been valid."""
