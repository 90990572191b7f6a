"""Python's search for cycles of objects, put off while none are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Puts the search off: a page's characters are many objects, looked at again and again.

    They hold each other in no cycle, and go as soon as nothing names them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
