"""Copies of files that lie afar, from their first look to their conversion.

To count the pages of a file it has to be fetched, and to convert them it is needed again,
maybe by another process of the machine. So what was fetched stays a while, as long as there
is room for it: a run over more than that fetches the rest twice, and none fills a disk.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from epaper.sources.urls import fetch, mark_of, url_of

# What may be kept, bytes: so much, and no more than this share of the room that is free.
_MOST, _SHARE = 4 * 1024**3, 0.25
# Copies that nobody asked for in so many seconds are of runs that ended early.
_STALE = 24 * 3600.0


@contextmanager
def fetched(path: Path, last: bool) -> Iterator[Path]:
    """A copy of the file at a URL, under its name; after the `last` use none is kept.

    Raises what `fetch` raises.
    """
    kept = _place(path)
    with TemporaryDirectory(prefix="epaper-") as folder:
        near = Path(folder) / path.name
        if not (kept and _linked(kept, near)):
            near = fetch(path, Path(folder))
            if kept and not last:
                _keep(near, kept)
        if kept and last:
            with suppress(OSError):
                kept.unlink()
        yield near


def _place(path: Path) -> Path | None:
    """Where a copy of the file as it is now would lie, None where it cannot be told apart."""
    mark = mark_of(path)
    if not mark:
        return None
    folder = Path(tempfile.gettempdir()) / f"epaper-copies-{_user()}"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        # In a folder that others write to, only what is one's own is believed.
        if _own(folder):
            return folder / hashlib.sha256(f"{url_of(path)}\0{mark}".encode()).hexdigest()
    return None


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _own(folder: Path) -> bool:
    found = folder.lstat()
    return folder.is_dir() and not folder.is_symlink() and found.st_uid == _user()


def _linked(kept: Path, near: Path) -> bool:
    """Gives the copy another name, which holds when the first one goes."""
    try:
        os.link(kept, near)
    except OSError:
        return False
    return True


def _keep(near: Path, kept: Path) -> None:
    """Lets the copy stay, where there is room; what is stale goes."""
    with suppress(OSError):
        used = 0
        for each in kept.parent.iterdir():
            with suppress(OSError):
                found = each.stat()
                if max(found.st_atime, found.st_ctime) + _STALE < time.time():
                    each.unlink()
                else:
                    used += found.st_size
        room = shutil.disk_usage(kept.parent).free * _SHARE
        if used + near.stat().st_size <= min(_MOST, used + room):
            aside = kept.with_name(f"{kept.name}-{secrets.token_hex(4)}")
            os.link(near, aside)
            aside.replace(kept)
