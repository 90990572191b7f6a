"""An SQLite file that may be lost: what it holds is known from elsewhere or found again."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Row = Sequence[Any]

# How long a reader may hold up the writer, and the writer a reader, seconds.
_PATIENCE = 10.0
_MOUNTS = Path("/proc/self/mounts")
# File systems of one machine, on which shared memory between processes is sound.
_LOCAL = frozenset({
    "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "bcachefs",
    "overlay", "tmpfs", "ramfs",
})  # fmt: skip
_log = logging.getLogger(__name__)


class Database:
    """Rows in the SQLite file `path`, made with `schema` where it is not there.

    A file that is damaged or of another `version` is begun anew. Where the disk refuses,
    a warning is given once and memory takes the place of the file. Used by one thread.
    """

    def __init__(self, path: Path, schema: str, version: int) -> None:
        self.path = path
        self._schema = schema
        self._version = version
        try:
            self._db = self._opened()
        except (OSError, sqlite3.Error) as error:
            self._db = self._in_memory(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets the file go."""
        with suppress(sqlite3.Error):
            self._db.close()

    def write(self, statement: str, rows: Iterable[Row]) -> None:
        """Does one statement for all of `rows`, as a whole."""
        kept = list(rows)
        try:
            with self._db:
                self._db.executemany(statement, kept)
        except sqlite3.Error as error:
            self._db = self._instead(error)
            self._db.executemany(statement, kept)

    def read(self, statement: str, values: Row = ()) -> list[Any]:
        """The rows that a question gives."""
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self._db = self._instead(error)
            return []

    def _opened(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._prepared(_connected(self.path))
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            _log.warning("%s: is damaged (%s) and is begun anew.", self.path, error)
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        return self._prepared(_connected(self.path))

    def _prepared(self, db: sqlite3.Connection) -> sqlite3.Connection:
        """The connection with its tables, those of another version left out."""
        ((version,),) = db.execute("PRAGMA user_version").fetchall()
        if version != self._version:
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
                db.execute(f'DROP TABLE "{name}"')
            db.executescript(self._schema)
            db.execute(f"PRAGMA user_version = {self._version}")
        db.commit()
        return db

    def _in_memory(self, error: Exception) -> sqlite3.Connection:
        _log.warning("%s: cannot be kept (%s); the run goes on without it.", self.path, error)
        return self._prepared(sqlite3.connect(":memory:"))

    def _instead(self, error: Exception) -> sqlite3.Connection:
        self.close()
        return self._in_memory(error)


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_PATIENCE)
    # With a log written ahead, readers and the writer do not wait for each other, but it
    # needs memory that the processes of one machine share: not sound on a network share.
    mode = "WAL" if _is_local(path) else "TRUNCATE"
    db.execute(f"PRAGMA journal_mode = {mode}")
    db.execute("PRAGMA synchronous = NORMAL")
    return db


def _is_local(path: Path) -> bool:
    """Whether the file lies on a disk of this machine; False where that is not known."""
    try:
        lines = _MOUNTS.read_text().splitlines()
    except OSError:
        return False
    place = os.path.realpath(path.parent)
    found, kind = "", ""
    for line in lines:
        _, mount, this_kind, *_ = line.split(" ")
        mount = mount.replace("\\040", " ")
        inside = mount in ("/", place) or place.startswith(f"{mount}/")
        if inside and len(mount) >= len(found):
            found, kind = mount, this_kind
    return kind in _LOCAL


def reading(path: Path) -> sqlite3.Connection:
    """A connection that only reads, of a file that may be written at this moment.

    Raises sqlite3.Error where it cannot be opened, or is no database.
    """
    for mode in ("mode=ro", "immutable=1"):
        db = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, timeout=_PATIENCE)
        try:
            db.execute("SELECT 1 FROM sqlite_master").fetchall()
        except sqlite3.OperationalError:
            # Its shared memory cannot be made in a folder that is read-only.
            db.close()
            continue
        return db
    raise sqlite3.OperationalError(f"{path}: cannot be read")
