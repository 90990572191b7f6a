"""Memory of one worker over many pages: does it grow?

    python -m tests.bench.memory [--pages 500] [--warm-up 100]

Small pages, every tenth a scan, go through one process as a worker does them: converted,
checked, written. The resident memory after each page is fitted with a line, from the end
of the warm-up on; its slope is printed with its standard error. The same fifty pages come
again and again, so the mean of fifty is one value. What the C library has given out is
printed beside it: it tells growth from free memory that is not yet given back.

Python's own table of interned strings, to which every path adds its parts for as long as it
lives, doubles once in the life of a process, by 1.9 MiB, after some four hundred pages. It is
made to do so before the first page, or that one step would pass for a slope.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import psutil

from epaper.batch.outcome import Job
from epaper.batch.plan import Settings, make_plan
from epaper.batch.work import work
from tests.bench.kill import make_pages

_DIFFERENT = 50
_BLOCK = 50
# So many standard errors a slope without growth passes once in forty times (Student's t
# for the eight values of five hundred pages).
_NOISE = 2.45
# More names than the table holds.
_NAMES = 300_000


class _Malloc(ctypes.Structure):
    """What glibc says of its memory, bytes."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd",
            "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
        )
    ]  # fmt: skip


def given_out() -> float:
    """MiB that the C library has given out, 0 where it does not say."""
    try:
        ask = ctypes.CDLL(None).mallinfo2
    except (AttributeError, OSError):
        return 0.0
    ask.restype = _Malloc
    told = ask()
    return float(told.uordblks + told.hblkhd) / 1024**2


def jobs(folder: Path, count: int) -> list[Job]:
    """`count` jobs over some fifty pages, a tenth of them scans."""
    make_pages(folder, _DIFFERENT, seed=1)
    found = make_plan([folder]).jobs
    scans = [job for job in found if job.source.kind == "image"]
    layers = [job for job in found if job.source.kind == "pdf"]
    return [
        scans[n // 10 % len(scans)] if n % 10 == 0 else layers[n % len(layers)]
        for n in range(count)
    ]


def settle_interned() -> None:
    """Lets Python's table of interned strings grow to the size it keeps."""
    for number in range(_NAMES):
        sys.intern(f"a name that nothing keeps {number}")


def main() -> None:
    """Prints memory along the way and the slope; the exit status is 1 where it grows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--warm-up", type=int, default=100)
    asked = parser.parse_args()
    settle_interned()
    process = psutil.Process()
    resident = []
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "out", threads=1)
        for number, job in enumerate(jobs(Path(folder) / "in", asked.pages), 1):
            (outcome,) = work(job, settings)
            if outcome.error:
                sys.exit(outcome.error)
            resident.append(process.memory_info().rss / 1024**2)
            if number % 50 == 0:
                own = given_out()
                print(f"{number:4d} pages: {resident[-1]:.1f} MiB, {own:.2f} given out", flush=True)
    blocks = np.array(resident[asked.warm_up :])
    blocks = blocks[: len(blocks) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).mean(axis=1)
    places = np.arange(len(blocks)) * _BLOCK
    (slope, _), covariance = np.polyfit(places, blocks, 1, cov=True)
    error = float(np.sqrt(covariance[0, 0]))
    print(f"slope {slope * 1024:.2f} ± {error * 1024:.2f} KiB a page after the warm-up")
    grows = bool(slope > _NOISE * error)
    print("memory grows" if grows else "no growth: the slope is within its noise")
    sys.exit(grows)


if __name__ == "__main__":
    main()
