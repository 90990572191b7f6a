"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def give_back() -> None:
    """Hands what the C library keeps of freed memory back to the system, where it can.

    What stays of a scan is a fifth of a worker's memory, and wanders from page to page.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # other C libraries have no such call
            ctypes.CDLL(None).malloc_trim(0)
