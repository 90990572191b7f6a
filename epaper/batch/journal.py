"""The journal of a run: what became of every page so far, in ``OUT/.epaper``.

Only the process that leads the run writes it. It is derived: what is finished stands
with the pages (`state`), from which a lost journal fills itself again.
"""

from __future__ import annotations

import os
import socket
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path

import msgspec

from epaper import __version__
from epaper.batch.database import Database
from epaper.batch.outcome import Job, Key, Outcome
from epaper.batch.plan import HIDDEN

FILE = "journal.sqlite"
VERSION = 1
SCHEMA = """
CREATE TABLE pages (
    issue TEXT NOT NULL, page TEXT NOT NULL, run TEXT NOT NULL, source TEXT NOT NULL,
    state TEXT NOT NULL, tries INTEGER NOT NULL, made INTEGER NOT NULL,
    seconds REAL, rooms TEXT NOT NULL, peak_mb REAL,
    articles INTEGER NOT NULL, doubts INTEGER NOT NULL, coverage REAL,
    reason TEXT, error TEXT NOT NULL, started REAL, ended REAL,
    PRIMARY KEY (issue, page)
) WITHOUT ROWID;
CREATE TABLE runs (
    run TEXT PRIMARY KEY, sources TEXT NOT NULL, version TEXT NOT NULL,
    host TEXT NOT NULL, pid INTEGER NOT NULL,
    started REAL NOT NULL, ended REAL, stopped TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE inputs (
    path TEXT NOT NULL, dpi REAL, stamp TEXT NOT NULL, version TEXT NOT NULL,
    pages BLOB NOT NULL,
    PRIMARY KEY (path)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of a file in the journal; columns and meaning as of `Outcome`.

    `state` is ``waiting``, ``running``, ``done``, ``failed`` or ``aside``; `made` counts
    the newspaper pages it gave (a spread gives two), whose figures are added up.
    """

    issue: str
    page: str
    run: str
    source: str
    state: str
    tries: int = 0
    made: int = 0
    seconds: float | None = None
    rooms: str = "{}"
    peak_mb: float | None = None
    articles: int = 0
    doubts: int = 0
    coverage: float | None = None
    reason: str | None = None
    error: str = ""
    started: float | None = None
    ended: float | None = None


COLUMNS = tuple(item.name for item in fields(Entry))
row_of = attrgetter(*COLUMNS)
PUT = f"INSERT OR REPLACE INTO pages VALUES ({','.join('?' * len(COLUMNS))})"


def entry_of(run: str, key: Key, outcomes: Sequence[Outcome]) -> Entry:
    """The entry of a page source whose pages ended so."""
    first = outcomes[0]
    good = [outcome for outcome in outcomes if outcome.good]
    rooms: Counter[str] = Counter()
    for outcome in outcomes:
        rooms.update(outcome.rooms)
    seconds = sum(outcome.seconds for outcome in outcomes)
    ended = max(outcome.ended for outcome in outcomes)
    return Entry(
        *key,
        run,
        first.source,
        "done" if good else first.status,
        first.tries,
        len(good),
        seconds,
        msgspec.json.encode(rooms).decode(),
        max((o.peak_mb for o in outcomes if o.peak_mb is not None), default=None),
        sum(outcome.articles for outcome in good),
        sum(len(outcome.doubts) for outcome in good),
        min((o.coverage for o in good if o.coverage is not None), default=None),
        first.reason,
        first.error,
        ended - seconds,
        ended,
    )


def journal_path(out: Path) -> Path:
    """Where the journal of an output folder lies."""
    return out / HIDDEN / FILE


def open_database(out: Path) -> Database:
    """The file of the journal, and of what is known of the inputs."""
    return Database(journal_path(out), SCHEMA, VERSION)


class Journal:
    """Notes what happens to the pages of one run, which `run` names."""

    def __init__(self, database: Database, run: str, sources: Sequence[str]) -> None:
        self._db = database
        self._run = run
        told = msgspec.json.encode(sources).decode()
        here = (socket.gethostname(), os.getpid())
        row = (run, told, __version__, *here, time.time(), None, "")
        self._db.write(f"INSERT OR REPLACE INTO runs VALUES ({','.join('?' * len(row))})", [row])

    def planned(
        self,
        jobs: Iterable[Job],
        kept: Iterable[tuple[Job, Sequence[Outcome]]],
        failed: Iterable[Outcome],
    ) -> None:
        """What the run has to do; what is there already; what could not be opened.

        Pages that a former run of the same sources left open are forgotten: what is
        still to do is among `jobs`.
        """
        self._db.write("DELETE FROM pages WHERE run = ? AND state != 'done'", [(self._run,)])
        self._put(Entry(*job.key, self._run, str(job.source.path), "waiting") for job in jobs)
        self._put(entry_of(self._run, job.key, outcomes) for job, outcomes in kept)
        # A file that cannot be opened has no page: it goes by its own name.
        self._put(
            entry_of(self._run, (outcome.issue, Path(outcome.source).name), [outcome])
            for outcome in failed
        )

    def running(self, job: Job) -> None:
        """Work on the page begins."""
        self._db.write(
            "UPDATE pages SET state = 'running', tries = tries + 1, started = ? "
            "WHERE issue = ? AND page = ?",
            [(time.time(), *job.key)],
        )

    def again(self, job: Job, outcome: Outcome) -> None:
        """The page failed and waits for its second try."""
        self._db.write(
            "UPDATE pages SET state = 'waiting', reason = ?, error = ? "
            "WHERE issue = ? AND page = ?",
            [(outcome.reason, outcome.error, *job.key)],
        )

    def ended(self, job: Job, outcomes: Sequence[Outcome]) -> None:
        """The page is done, failed or set aside."""
        self._put([entry_of(self._run, job.key, outcomes)])

    def close(self, stopped: str = "") -> None:
        """The run is over; `stopped` says why, where something is left to do."""
        self._db.write(
            "UPDATE pages SET state = 'waiting' WHERE run = ? AND state = 'running'",
            [(self._run,)],
        )
        self._db.write(
            "UPDATE runs SET ended = ?, stopped = ? WHERE run = ?",
            [(time.time(), stopped, self._run)],
        )

    def _put(self, entries: Iterable[Entry]) -> None:
        self._db.write(PUT, map(row_of, entries))
