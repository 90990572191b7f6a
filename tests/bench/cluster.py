"""What a cluster costs and gives: pages a minute, without Dask, with one worker, with two.

    python -m tests.bench.cluster [--pages 60] [--runs 2]

Typeset pages are converted by one process of this machine, then by one Dask worker and by
two, scheduler and workers on loopback, set as docs/scaling.md advises. The clock runs from
the fourth page to the last, so that the loading of libraries does not count. `between` is
what passes in a worker from the end of a page to the end of the next, less what the page
itself took: noting it, sending it home, getting the next.

What Dask adds is told in processor time, which holds on a busy machine too: all that is spent
outside the processes that do the pages, with Dask less without, in parts of what pages take.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import psutil

from epaper.batch.convert import convert
from epaper.batch.outcome import Outcome
from epaper.batch.plan import Settings
from epaper.batch.run import Watcher
from epaper.synth import SynthOptions, make_pages

_LOADING = 4
# Dask's own watching of itself, which on a small machine takes from the pages.
_QUIET = {
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "5s",
}


@dataclass(frozen=True)
class Figure:
    """A run: pages on the clock, its seconds, those of processors, and the pages' own.

    `beside` are processor seconds outside the processes that do pages.
    """

    pages: int
    wall: float
    cpu: float
    own: float
    beside: float


class Clock(Watcher):
    """Notes when pages end and what the processors did by then."""

    def __init__(self) -> None:
        self.marks: list[tuple[float, float, float, float]] = []

    def told(self, outcome: Outcome) -> None:
        assert outcome.status == "done", outcome
        self.marks.append((time.perf_counter(), *_spent(), outcome.seconds))

    def figure(self) -> Figure:
        """What the clock shows, the pages that loaded the libraries left out."""
        marks = self.marks[_LOADING - 1 :]
        wall, cpu, beside = (marks[-1][place] - marks[0][place] for place in range(3))
        own = sum(seconds for *_, seconds in marks[1:])
        return Figure(len(marks) - 1, wall, cpu, own, beside)


def _spent() -> tuple[float, float]:
    """Processor seconds so far of this process and all below it; those not of pages."""
    total = beside = 0.0
    own = psutil.Process()
    for process in [own, *own.children(recursive=True)]:
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
            if "epaper.batch.hand" not in process.cmdline():
                beside += times.user + times.system
    return total, beside


def timed(scans: Path, out: Path, scheduler: str | None) -> Figure:
    """One run over all pages."""
    clock = Clock()
    convert([scans], Settings(out, force=True), clock, workers=1, scheduler=scheduler)
    return clock.figure()


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """A scheduler with so many workers, each a process; its address."""
    folder.mkdir(parents=True)
    place = folder / "scheduler.json"
    command = [sys.executable, "-m", "dask"]
    quiet = {"stderr": subprocess.DEVNULL, "env": {**os.environ, **_QUIET}}
    started = [
        subprocess.Popen(
            [*command, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
             "--scheduler-file", str(place)],
            **quiet,
        )
    ]  # fmt: skip
    try:
        while not place.exists():
            time.sleep(0.1)
        started += [
            subprocess.Popen(
                [*command, "worker", "--scheduler-file", str(place), "--nthreads", "1",
                 "--no-dashboard", "--local-directory", str(folder)],
                **quiet,
            )
            for _ in range(workers)
        ]  # fmt: skip
        yield json.loads(place.read_text())["address"]
    finally:
        for process in started:
            for child in psutil.Process(process.pid).children(recursive=True):
                with suppress(psutil.Error):
                    child.kill()
            process.kill()
            process.wait()


def main() -> None:
    """Prints a line a run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--runs", type=int, default=2)
    asked = parser.parse_args()
    print("workers       pages/min   wall s   cpu s a page   own s a page   between ms")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_pages(folder / "scans", asked.pages, 1, SynthOptions(own_text=1.0))
        for run in range(asked.runs):
            here = timed(folder / "scans", folder / "here", None)
            _tell("here, 1", 1, here)
            there = {}
            for workers in (1, 2):
                with cluster(folder / f"{run}-{workers}", workers) as address:
                    there[workers] = timed(folder / "scans", folder / "there", address)
                    _tell(f"Dask, {workers}", workers, there[workers])
                _tell_overhead(here, there[workers])
            gain = there[1].wall / there[2].wall
            print(f"two workers: {gain:.2f} x the pages a minute of one", flush=True)


def _tell(name: str, workers: int, f: Figure) -> None:
    between = 1000 * (workers * f.wall - f.own) / f.pages
    print(
        f"{name:12} {60 * f.pages / f.wall:10.1f} {f.wall:8.1f} {f.cpu / f.pages:14.3f} "
        f"{f.own / f.pages:14.3f} {between:12.1f}",
        flush=True,
    )


def _tell_overhead(here: Figure, there: Figure) -> None:
    added = there.beside / there.pages - here.beside / here.pages
    page = (there.cpu - there.beside) / there.pages
    print(
        f"  Dask adds {1000 * added:.1f} ms a page to {page:.2f} s: {added / page:.1%}", flush=True
    )


if __name__ == "__main__":
    main()
