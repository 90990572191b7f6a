"""Things that may be done at once, where a run has more than one core."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import cv2

T = TypeVar("T")


def abreast(tasks: Iterable[Callable[[], T]]) -> list[T]:
    """What each task answers, in their order; the error of the first that fails is raised.

    They run in threads: what they spend most of their time with, OpenCV or NumPy, lets others
    go on. As many cores as OpenCV was told to use are a run's own; with one, they go in turn.
    """
    cores = cv2.getNumThreads()
    if cores < 2:
        return [task() for task in tasks]
    with ThreadPoolExecutor(cores) as pool:
        return list(pool.map(_done, tasks))


def aside(task: Callable[[], T]) -> Callable[[], T]:
    """Begins a task, in a thread of its own where there is a core for it.

    What is answered waits for its end, and gives what it gives or raises what it raises.
    """
    if cv2.getNumThreads() < 2:
        return task
    pool = ThreadPoolExecutor(1)
    begun = pool.submit(task)
    pool.shutdown(wait=False)
    return begun.result


def _done(task: Callable[[], T]) -> T:
    return task()
