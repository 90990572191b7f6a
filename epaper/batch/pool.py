"""Worker processes on this machine, each with its own pipe.

A worker that dies takes only its page along: its exit is seen on the process's
sentinel, the page is answered as failed, and a fresh worker takes its place. Workers
are spawned, so that no thread or engine of the parent is copied into them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from typing import Protocol

from epaper.batch.memory import total_mb
from epaper.batch.plan import Job, Outcome, Settings, failure
from epaper.errors import EngineError, EpaperError

# What one worker takes for a scanned broadsheet, measured, with room to breathe.
MB_A_WORKER = 2500
_CORES_A_WORKER = 2
_LIMITS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
)


class Work(Protocol):
    """What a worker does with a job; a function of a module, so that it can be sent."""

    def __call__(self, job: Job, settings: Settings) -> tuple[Outcome, ...]: ...


def default_workers() -> int:
    """As many workers as the machine's cores and memory carry for scanned pages."""
    by_cores = cores() // _CORES_A_WORKER
    memory = total_mb()
    by_memory = by_cores if memory is None else int(memory // MB_A_WORKER)
    return max(1, min(by_cores, by_memory))


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_pool(
    jobs: Sequence[Job], settings: Settings, workers: int, work: Work
) -> Iterator[tuple[Job, tuple[Outcome, ...]]]:
    """Does `jobs` on at most `workers` processes; answers come as pages end.

    However the caller leaves, by an interrupt too, no worker is left running.
    """
    waiting = deque(jobs)
    context = multiprocessing.get_context("spawn")
    team: list[_Worker] = []
    try:
        with _limited(settings.threads):
            for _ in range(min(workers, len(waiting))):
                team.append(_Worker(context, settings, work))
                team[-1].send(waiting.popleft())
            while team:
                for worker in _ready(team):
                    job, answer = worker.answer()
                    if not waiting or worker.dead:
                        team.remove(worker)
                        worker.stop()
                    if waiting and worker.dead:
                        team.append(_Worker(context, settings, work))
                        team[-1].send(waiting.popleft())
                    elif waiting:
                        worker.send(waiting.popleft())
                    yield job, answer
    finally:
        for worker in team:
            worker.kill()


class _Worker:
    """A process that does one job at a time."""

    def __init__(self, context: SpawnContext, settings: Settings, work: Work) -> None:
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, settings, work), daemon=True)
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.dead = False

    def send(self, job: Job) -> None:
        self.job = job
        with suppress(BrokenPipeError):  # a dead worker shows at its sentinel
            self.pipe.send(job)

    def answer(self) -> tuple[Job, tuple[Outcome, ...]]:
        """The job in hand and its outcomes, which say so where the worker died on it."""
        assert self.job is not None
        answer: tuple[Outcome, ...] | None = None
        with suppress(EOFError, OSError):
            if self.pipe.poll():
                answer = self.pipe.recv()
        self.dead = answer is None or not self.process.is_alive()
        if answer is None:
            self.process.join()
            answer = (crashed(self.job, _ending(self.process.exitcode)),)
        return self.job, answer

    def stop(self) -> None:
        """Lets the process end by itself."""
        self.pipe.close()
        self.process.join(timeout=5)
        self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _ready(team: list[_Worker]) -> list[_Worker]:
    """The workers that have answered or died, waiting for the first."""
    found = wait([end for w in team for end in (w.pipe, w.process.sentinel)])
    return [w for w in team if w.pipe in found or w.process.sentinel in found]


def crashed(job: Job, how: str) -> Outcome:
    """The outcome of a page whose worker did not come back."""
    error: EpaperError = EngineError(f"{job.source.path}: the worker process {how}.")
    return failure(job.source.page_id, job.issue, job.source.path, error)


def _ending(exitcode: int | None) -> str:
    if exitcode is None or exitcode >= 0:
        return f"ended with status {exitcode}"
    name = signal.Signals(-exitcode).name
    hint = ", most likely for want of memory: try a smaller -j" if name == "SIGKILL" else ""
    return f"was ended by {name}{hint}"


def _serve(pipe: Connection, settings: Settings, work: Work) -> None:
    """A worker's life: a job, an answer, until the pipe closes."""
    # Ctrl-C reaches the whole process group; the parent alone decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            pipe.send(work(pipe.recv(), settings))


@contextmanager
def _limited(threads: int) -> Iterator[None]:
    """Environment in which a spawned process's libraries use at most `threads` threads.

    What the user set himself stays; 0 limits nothing.
    """
    added = [name for name in _LIMITS if threads and name not in os.environ]
    os.environ.update(dict.fromkeys(added, str(threads)))
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)
