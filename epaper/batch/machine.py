"""What this machine, or the container or job epaper was put into, has to give."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

_CGROUPS = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")
# By controller, the file of the first and of the second version of control groups.
_MEMORY = ("memory.limit_in_bytes", "memory.max")
_CPU = ("cpu.cfs_quota_us", "cpu.max")
_PERIOD = "cpu.cfs_period_us"


def cores() -> int:
    """The cores this process may use, by affinity and quota; one at least."""
    count = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    quotas = [quota for folder in _groups("cpu") if (quota := _quota(folder))]
    return max(1, math.floor(min([count, *quotas])))


def total_mb() -> float:
    """The memory this process may use, MiB."""
    bounds = [int(psutil.virtual_memory().total)]
    for folder in _groups("memory"):
        for name in _MEMORY:
            with suppress(OSError, ValueError):  # "max" where there is no bound
                bounds.append(int((folder / name).read_text()))
    return min(bounds) / 1024**2


def _quota(folder: Path) -> float | None:
    """Cores by the group's quota of processor time, None where it has none."""
    for name in _CPU:
        with suppress(OSError, ValueError, ZeroDivisionError):
            words = (folder / name).read_text().split()
            if len(words) == 1:
                words.append((folder / _PERIOD).read_text())
            share = int(words[0]) / int(words[1])
            return share if share > 0 else None
    return None


def _groups(controller: str) -> Iterator[Path]:
    """The folders of the control groups this process is in, the innermost first.

    A line of /proc/self/cgroup is ``number:controllers:path``; the second version has
    one line without controllers. In a container the path may lead nowhere and the group
    is the root.
    """
    try:
        lines = _OWN.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        root = _CGROUPS / controllers if controllers else _CGROUPS
        own = root / path.lstrip("/")
        yield from (folder for folder in (own, *own.parents) if folder.is_relative_to(root))
