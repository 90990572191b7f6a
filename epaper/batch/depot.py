"""Output that lies afar, by URL: pages are made in a folder of the worker and sent there.

The process that leads the run keeps a stage, a local folder with the journal and with what
is known of the pages; whatever the stage holds can be had from the output again. A file is
sent whole: stores of objects show it when all of it is there, elsewhere it takes its name
then. What says that a page is done goes last.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import msgspec

from epaper.batch.copies import fetched
from epaper.batch.outcome import Job, Outcome, failure
from epaper.batch.plan import HIDDEN, Looked, Settings, look_at
from epaper.errors import DiskError, EpaperError, ExportError, InputError
from epaper.export.write import write_whole
from epaper.sources.urls import exists, fetch, files_below, is_url, reached, url_of

T = TypeVar("T")

# A file of one of these is there whole or not at all.
_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "memory"})
_SEEN = "seen.json"


def stage_of(url: Path) -> Path:
    """The local folder of what is known of an output afar."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    name = hashlib.sha256(url_of(url).encode()).hexdigest()[:16]
    return Path(base) / "epaper" / "runs" / name


class Depot:
    """The output folder `out` as the process that leads a run sees it."""

    def __init__(self, out: Path) -> None:
        self._out = out

    def there(self, path: str) -> bool:
        """Whether a file of the output is there; `path` as it is, or would be, in `out`."""
        return os.path.isfile(path)  # noqa: PTH113  # asked a hundred thousand times

    def keep(self, name: str) -> None:
        """A file of `out` was written."""

    def bring(self, names: Iterable[str]) -> None:
        """These files will be read; those that are not there are left out."""


class Afar(Depot):
    """An output at the URL `store`, of which `out` is the stage."""

    def __init__(self, out: Path, store: Path) -> None:
        super().__init__(out)
        self._store = store
        self._names: set[str] = set()

    def look(self) -> None:
        """Learns what is there, and brings what pages and issues say of themselves."""
        with reached(self._store) as (system, root):
            found = system.find(root, detail=True) if system.exists(root) else {}
            start = system._strip_protocol(root).rstrip("/")
            infos = {name.removeprefix(start).lstrip("/"): info for name, info in found.items()}
        self._names = set(infos)
        marks = {
            name: hashlib.sha256(str(sorted(info.items(), key=str)).encode()).hexdigest()
            for name, info in infos.items()
            if name.endswith(".json") and Path(name).parent.name == HIDDEN
        }
        seen = self._seen()
        new = [name for name, mark in marks.items() if seen.get(name) != mark]
        self.bring(new)
        for name in seen.keys() - marks.keys():
            (self._out / name).unlink(missing_ok=True)
        write_whole(self._out / HIDDEN / _SEEN, msgspec.json.encode(marks))

    def _seen(self) -> dict[str, str]:
        """The states that the stage has, with the mark of each."""
        try:
            data = (self._out / HIDDEN / _SEEN).read_bytes()
            seen = msgspec.json.decode(data, type=dict[str, str])
        except (OSError, msgspec.MsgspecError):
            return {}
        return {name: mark for name, mark in seen.items() if (self._out / name).is_file()}

    def there(self, path: str) -> bool:
        return os.path.relpath(path, self._out).replace(os.sep, "/") in self._names

    def keep(self, name: str) -> None:
        send(self._store, name, (self._out / name).read_bytes())

    def bring(self, names: Iterable[str]) -> None:
        for name in names:
            if exists(self._store / name):
                fetch(self._store / name, (self._out / name).parent)


def send(store: Path, name: str, data: bytes) -> None:
    """Writes a file below a URL, whole or not at all; DiskError where that fails."""
    try:
        with reached(store) as (system, root):
            path = f"{root.rstrip('/')}/{name}"
            if str(store).split(":", 1)[0] in _WHOLE:
                system.pipe_file(path, data)
                return
            folder = path.rsplit("/", 1)[0]
            aside = f"{folder}/.{secrets.token_hex(8)}.part"
            system.makedirs(folder, exist_ok=True)
            system.pipe_file(aside, data)
            system.mv(aside, path)
    except InputError as error:
        raise DiskError(f"{url_of(store)}/{name}: cannot be written: {error}") from error


def look_anywhere(path: Path, dpi: float | None) -> Looked:
    """As `plan.look_at`, of a file afar too."""
    if not is_url(path):
        return look_at(path, dpi)
    try:
        with fetched(path, last=False) as near:
            found = look_at(near, dpi)
    except EpaperError as error:
        return error
    if isinstance(found, EpaperError):
        return found
    return tuple(replace(page, path=path) for page in found)


def done_here(
    job: Job, settings: Settings, work: Callable[[Job, Settings], tuple[Outcome, ...]]
) -> tuple[Outcome, ...]:
    """Does `work` with a copy of what lies afar, and sends there what it made."""
    path, store = job.source.path, settings.store
    if not is_url(path) and store is None:
        return work(job, settings)
    try:
        with TemporaryDirectory(prefix="epaper-") as folder, _input(job) as near:
            own = replace(settings, out=Path(folder) / "out", store=None) if store else settings
            file = url_of(path) if is_url(path) else str(path)
            if store:
                _forget(store, f"{job.issue}/{HIDDEN}/{job.source.page_id}.json")
            outcomes = work(replace(job, source=replace(job.source, path=near), file=file), own)
            if store:
                _send_all(own.out, store)
            return tuple(replace(o, error=o.error.replace(str(near), file)) for o in outcomes)
    except EpaperError as error:
        return (failure(job.source.page_id, job.issue, path, error),)


@contextmanager
def _input(job: Job) -> Iterator[Path]:
    """The file of the page on this machine."""
    source = job.source
    if not is_url(source.path):
        yield source.path
        return
    # Of a file of many pages any may come last: a copy of it stays until it is stale.
    with fetched(source.path, last=source.count == 1) as near:
        yield near


@contextmanager
def issue_here(issue: str, settings: Settings) -> Iterator[Settings]:
    """The settings under which an issue's files are here, and what changes is sent back."""
    if settings.store is None:
        yield settings
        return
    with TemporaryDirectory(prefix="epaper-") as folder:
        out = Path(folder)
        for file in files_below(settings.store / issue):
            name = file.relative_to(settings.store)
            # Folders of other issues may lie in this one's.
            if HIDDEN in name.parts or len(name.parts) <= len(Path(issue).parts) + 2:
                fetch(file, out / name.parent)
        before = {path: path.stat().st_ino for path in out.rglob("*") if path.is_file()}
        yield replace(settings, out=out, store=None)
        _send_all(out, settings.store, before)


def _send_all(out: Path, store: Path, known: dict[Path, int] | None = None) -> None:
    """Sends what lies in `out` and is not `known`, what says that it is done at the end."""
    known = known or {}
    files = [path for path in out.rglob("*") if path.is_file()]
    new = [path for path in files if known.get(path) != path.stat().st_ino]
    for path in sorted(new, key=lambda p: (p.parent.name == HIDDEN, p)):
        send(store, path.relative_to(out).as_posix(), path.read_bytes())
    for path in known.keys() - set(files):
        _forget(store, path.relative_to(out).as_posix())


def _forget(store: Path, name: str) -> None:
    """Removes a file below a URL, where there is one."""
    try:
        with reached(store / name) as (system, path):
            if system.exists(path):
                system.rm_file(path)
    except InputError as error:
        raise ExportError(f"{url_of(store)}/{name}: cannot be removed: {error}") from error
