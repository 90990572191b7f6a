"""The life of a worker process: calls come in on its standard input, answers go out.

Run as ``python -m epaper.batch.hand MEMORY`` by `pool.Hand`. A call is a pickled
function with its arguments. The answers have the process's former standard output for
themselves; what a library prints goes to standard error. When the other end is gone, so
is the process, in the midst of a page too.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

Call = tuple[Callable[..., Any], tuple[Any, ...]]

# Seconds for which a thread of Python may keep the others from going on. While one imports,
# another that works on pixels waits so long each time that NumPy is done with some of them.
_TURN = 0.0005
# Objects that are made before Python looks for such as hold each other: a page makes many, and
# hardly any that do.
_LOOKED_FOR = 20_000


def main(memory_mb: float) -> None:
    """Answers calls until the other end closes; `memory_mb` as in `bound_memory`."""
    bound_memory(memory_mb)
    sys.setswitchinterval(_TURN)
    gc.set_threshold(_LOOKED_FOR)
    coming = os.fdopen(os.dup(0), "rb")
    going = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123  # a descriptor is wanted
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    calls: SimpleQueue[Call] = SimpleQueue()
    Thread(target=_listen, args=(coming, calls), daemon=True).start()
    while True:
        function, arguments = calls.get()
        pickle.dump(_answer(function, arguments), going)
        going.flush()


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, str]:
    """What the function answers, and the error that it raised, empty where it did not."""
    try:
        return function(*arguments), ""
    except Exception as error:
        return None, f"failed ({type(error).__name__}: {error})"


def _listen(coming: BinaryIO, calls: SimpleQueue[Call]) -> None:
    """Takes calls in, and ends the process as soon as no more can come."""
    with suppress(EOFError, OSError):
        while True:
            calls.put(pickle.load(coming))
    os._exit(0)


def bound_memory(megabytes: float) -> None:
    """Refuses this process more than `megabytes` MiB of data, where the system can; 0 does not.

    It leaves no core file either, which a crash of a large process would fill the disk with.
    """
    try:
        import resource
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if megabytes and sys.platform == "linux":
            most = int(megabytes * 1024**2)
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))


if __name__ == "__main__":
    # Ctrl-C reaches the whole process group; the parent alone decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(float(sys.argv[1]))
