"""How a run stands, told from its journal while it goes on or afterwards."""

from __future__ import annotations

import socket
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import psutil

from epaper.batch.database import reading
from epaper.batch.journal import COLUMNS, PUT, SCHEMA, Entry, entry_of, journal_path, row_of
from epaper.batch.lock import in_use
from epaper.batch.state import all_states
from epaper.errors import InputError

# The pace is that of the last minutes, so that it tells of the pages that are at hand.
_WINDOW = 600.0
_BAD = "state IN ('failed', 'aside')"


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run in the journal. `alive` None where its machine would have to be asked.

    `stopped` says why it ended before all was done; times are seconds since 1970.
    """

    sources: tuple[str, ...]
    host: str
    pid: int
    started: float
    ended: float | None
    stopped: str
    alive: bool | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the pages of an output folder stand.

    `counts` are page sources by state, `made` the newspaper pages they gave. `pace` is
    pages a minute, `left` the seconds to the end at that pace; None where nothing goes
    on. `rooms` are seconds by room, `peak_mb` the most that a page took. `bad` are pages
    that failed or were set aside. `kept` is whether there was a journal to read.
    """

    counts: dict[str, int]
    made: int = 0
    doubts: int = 0
    coverage: float | None = None
    seconds: float = 0.0
    peak_mb: float | None = None
    rooms: dict[str, float] = field(default_factory=dict)
    pace: float | None = None
    left: float | None = None
    runs: tuple[RunInfo, ...] = ()
    bad: tuple[Entry, ...] = ()
    kept: bool = True

    @property
    def going(self) -> bool:
        """Whether a run is at work, as far as can be told."""
        return any(run.ended is None and run.alive is not False for run in self.runs)


def standing(out: Path) -> Standing:
    """How the pages of `out` stand; where the journal is lost, what the pages tell.

    Raises InputError where nothing was ever converted into it.
    """
    path = journal_path(out)
    try:
        db = reading(path)
    except sqlite3.Error:
        db = _rebuilt(out)
    try:
        found = _standing(db, in_use(out))
    except sqlite3.DatabaseError:
        db.close()
        db = _rebuilt(out)
        found = _standing(db, in_use(out))
    finally:
        db.close()
    if not found.counts and not found.runs:
        raise InputError(f"{out}: nothing was converted into this folder.")
    return found


def _rebuilt(out: Path) -> sqlite3.Connection:
    """The journal as the pages' own states tell it, in memory; it knows of no run."""
    db = sqlite3.connect(":memory:")
    db.executescript(SCHEMA)
    entries = (
        entry_of("", (issue, page), state.outcomes) for issue, page, state in all_states(out)
    )
    db.executemany(PUT, map(row_of, entries))
    return db


def _standing(db: sqlite3.Connection, in_use: bool | None) -> Standing:
    counts = dict(db.execute("SELECT state, count(*) FROM pages GROUP BY state").fetchall())
    ((made, doubts, coverage, seconds, peak),) = db.execute(
        "SELECT sum(made), sum(doubts), min(coverage), sum(seconds), max(peak_mb) "
        "FROM pages WHERE state = 'done'"
    ).fetchall()
    rooms: Counter[str] = Counter()
    for (told,) in db.execute("SELECT rooms FROM pages WHERE state = 'done'"):
        rooms.update(msgspec.json.decode(told, type=dict[str, float]))
    runs = tuple(_runs(db, in_use))
    pace = _pace(db, runs)
    open_ = counts.get("waiting", 0) + counts.get("running", 0)
    going = any(run.ended is None and run.alive is not False for run in runs)
    names = ", ".join(COLUMNS)
    bad = db.execute(f"SELECT {names} FROM pages WHERE {_BAD} ORDER BY issue, page").fetchall()
    return Standing(
        counts=counts,
        made=made or 0,
        doubts=doubts or 0,
        coverage=coverage,
        seconds=seconds or 0.0,
        peak_mb=peak,
        rooms=dict(rooms.most_common()),
        pace=pace,
        left=60 * open_ / pace if going and pace else None,
        runs=runs,
        bad=tuple(Entry(*row) for row in bad),
        kept=bool(runs),
    )


def _runs(db: sqlite3.Connection, in_use: bool | None) -> list[RunInfo]:
    """The runs, the last one last."""
    rows = db.execute(
        "SELECT sources, host, pid, started, ended, stopped FROM runs ORDER BY started"
    ).fetchall()
    return [
        RunInfo(
            msgspec.json.decode(sources, type=tuple[str, ...]),
            host,
            pid,
            started,
            ended,
            stopped,
            ended is None and _alive(host, pid, in_use),
        )
        for sources, host, pid, started, ended, stopped in rows
    ]


def _alive(host: str, pid: int, in_use: bool | None) -> bool | None:
    """Whether the process of a run that did not say its end still works."""
    if in_use is False:
        return False
    if host == socket.gethostname():
        return bool(psutil.pid_exists(pid))
    return in_use


def _pace(db: sqlite3.Connection, runs: tuple[RunInfo, ...]) -> float | None:
    """Pages a minute: of what goes on now, else of the last run."""
    now = time.time()
    open_ = [run for run in runs if run.ended is None and run.alive is not False]
    if open_:
        since, until = max(min(run.started for run in open_), now - _WINDOW), now
    elif runs and runs[-1].ended:
        since, until = runs[-1].started, runs[-1].ended
    else:
        return None
    ((count,),) = db.execute(
        "SELECT count(*) FROM pages WHERE ended BETWEEN ? AND ?", (since, until)
    ).fetchall()
    return 60 * count / (until - since) if count and until > since else None
