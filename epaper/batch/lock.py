"""Runs that write into one output at the same time, and what a killed one left there."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from epaper.batch.plan import HIDDEN
from epaper.errors import write_error

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_FILE = "lock"
_PART = ".part"


class Presence:
    """Tells other processes, for as long as this one lives, that a run writes into `out`.

    Raises ExportError where nothing can be written there.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        path = out / HIDDEN / _FILE
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w")
        except OSError as error:
            raise write_error(out, error) from error
        _take(self._file.fileno(), alone=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def sweep(self, issues: Iterable[str]) -> None:
        """Removes what killed runs had not finished in these issues, where no run may be at it."""
        handle = self._file.fileno()
        if _take(handle, alone=True):
            for issue in issues:
                _sweep(self._out / issue)
            _take(handle, alone=False)


def in_use(out: Path) -> bool | None:
    """Whether a run writes into `out` at this moment, None where that cannot be told."""
    if fcntl is None:
        return None
    try:
        with (out / HIDDEN / _FILE).open("rb") as file:
            return not _take(file.fileno(), alone=True)
    except OSError:
        return None


def _take(handle: int, alone: bool) -> bool:
    """Takes the lock together with other runs, or tries to have it alone."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
    except OSError:
        return False
    return True


def _sweep(folder: Path) -> None:
    """Removes parts of files in the folder and in those of its pages and its state."""
    for place in (folder, *folder.glob("*/"), *folder.glob(f"{HIDDEN}/*/")):
        for part in place.glob(f".*{_PART}"):
            with suppress(OSError):
                part.unlink()
