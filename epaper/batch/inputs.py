"""What is known of the input files, so that a file that did not change is not read again.

The sha256 of an input's bytes decides whether a page is up to date. Reading a hundred
thousand scans only to learn that all are the same would take hours; so a digest holds as
long as the file's size, inode, time of modification and time of change are those at which
it was taken. No program can set the last of these. As times advance in steps, a file that
was touched in the same two seconds in which it was read is read again the next time.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from epaper import __version__
from epaper.batch.database import Database
from epaper.batch.depot import look_anywhere
from epaper.batch.plan import Look, Looked
from epaper.batch.pool import Crew
from epaper.errors import ClusterError, EngineError
from epaper.sources.pages import PageSource
from epaper.sources.urls import is_url, mark_of, url_of

# The coarsest step of file times that is in use (FAT), nanoseconds.
_STEP = 2_000_000_000


class Inputs:
    """Pages of input files as they were found before, kept in `database`."""

    def __init__(self, database: Database, dpi: float | None) -> None:
        self._db = database
        self._dpi = dpi
        self._seen: dict[Path, tuple[str, bool]] = {}

    def known(self, path: Path) -> tuple[PageSource, ...] | None:
        """The pages of the file, None where it is new or may have changed."""
        stamp = self._stamp(path)
        rows = self._db.read(
            "SELECT pages FROM inputs WHERE path = ? AND dpi IS ? AND stamp = ? AND version = ?",
            (_name(path), self._dpi, stamp, __version__),
        )
        if not rows or not stamp:
            return None
        pages = msgspec.json.decode(rows[0][0], type=tuple[PageSource, ...], dec_hook=_path)
        return tuple(replace(page, path=path) for page in pages)

    def learn(self, path: Path, pages: tuple[PageSource, ...]) -> None:
        """Keeps the pages of a file that was read after `known` had nothing to say of it."""
        stamp, settled = self._seen.pop(path)
        if not settled or stamp != self._stamp(path):
            return
        data = msgspec.json.encode(pages, enc_hook=str)
        self._db.write(
            "INSERT OR REPLACE INTO inputs VALUES (?,?,?,?,?)",
            [(_name(path), self._dpi, stamp, __version__, data)],
        )

    def _stamp(self, path: Path) -> str:
        """What changes with the file, empty where there is no file."""
        if is_url(path):
            stamp = mark_of(path)
            self._seen.setdefault(path, (stamp, bool(stamp)))
            return stamp
        try:
            found = path.stat()
        except OSError:
            self._seen[path] = "", False
            return ""
        stamp = f"{found.st_size} {found.st_ino} {found.st_mtime_ns} {found.st_ctime_ns}"
        last = max(found.st_mtime_ns, found.st_ctime_ns)
        self._seen.setdefault(path, (stamp, last + _STEP < time.time_ns()))
        return stamp


def looker(crew: Crew, inputs: Inputs, dpi: float | None) -> Look:
    """Opens the files of a plan: what is known at once, the others by the crew."""

    def look(files: Sequence[Path]) -> Iterator[tuple[Path, Looked]]:
        waiting: deque[Path] = deque()
        for path in files:
            pages = inputs.known(path)
            if pages is None:
                waiting.append(path)
            else:
                yield path, pages
        for path, found in crew.run(waiting, partial(look_anywhere, dpi=dpi)):
            if isinstance(found, EngineError | ClusterError):
                yield path, type(found)(f"{path}: opening the file {found}.")
                continue
            if isinstance(found, tuple):
                inputs.learn(path, found)
            yield path, found

    return look


def _path(kind: type, value: Any) -> Any:
    """Paths are kept as their text."""
    return kind(value)


def _name(path: Path) -> str:
    return url_of(path) if is_url(path) else str(path.absolute())
