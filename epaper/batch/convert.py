"""A whole conversion: from what was given to the summary of its run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from epaper.batch.cluster import Cluster
from epaper.batch.depot import Afar, Depot
from epaper.batch.inputs import Inputs, looker
from epaper.batch.journal import Journal, open_database
from epaper.batch.lock import Presence
from epaper.batch.machine import cores
from epaper.batch.plan import HIDDEN, Settings, plan_of
from epaper.batch.pool import Crew, Limits, Team, default_workers, share_of_memory
from epaper.batch.run import Summary, Watcher, run
from epaper.batch.work import Work
from epaper.batch.work import work as convert_job
from epaper.errors import InputError
from epaper.export.write import write_whole
from epaper.sources.issues import find_issues
from epaper.sources.urls import is_url

_RUNS = "runs"


class Order(msgspec.Struct, frozen=True):
    """What was asked of a run, kept beside its journal so that it can be asked again."""

    paths: tuple[Path, ...]
    settings: Settings
    workers: int | None = None
    scheduler: str | None = None

    @property
    def key(self) -> str:
        """The same for the same sources; what they make goes to the same places."""
        return hashlib.sha256("\0".join(map(str, self.paths)).encode()).hexdigest()[:16]


def convert(
    paths: Sequence[Path],
    settings: Settings,
    watcher: Watcher,
    workers: int | None = None,
    scheduler: str | None = None,
    work: Work = convert_job,
) -> Summary:
    """Converts the pages of `paths`; `watcher` hears of every page.

    `workers` is how many cores are used and pages done at once; None takes what the machine
    carries. Fewer pages than that share the cores. A page that fails is an outcome, no
    exception. Raises InputError where there is no input, ExportError where the output
    cannot be written, and what `Cluster` raises.
    """
    issues = find_issues(paths, _outputs(settings))
    order = Order(tuple(map(_absolute, paths)), settings, workers, scheduler)
    if scheduler:
        settings = _away(settings)
        resolved = [path if is_url(path) else path.resolve() for path in paths]
        issues = find_issues(resolved, _outputs(settings))
    watcher.found(issues)
    count = workers or default_workers()
    threads = min(count, cores()) if workers else cores()
    with (
        Presence(settings.out) as presence,
        open_database(settings.out) as database,
        _crew(settings, count, threads, scheduler) as crew,
    ):
        _keep(order)
        journal = Journal(database, order.key, [str(path) for path in order.paths])
        stopped = "interrupted"
        try:
            depot = _depot(settings)
            look = looker(crew, Inputs(database, settings.options.dpi), settings.options.dpi)
            plan = plan_of(issues, look)
            if not scheduler:
                settings = _shared_out(settings, min(count, len(plan.jobs)), threads)
            summary = run(plan, settings, watcher, crew, journal, presence, paths, work, depot)
            stopped = summary.stopped
        finally:
            journal.close(stopped)
    return summary


def _outputs(settings: Settings) -> tuple[Path, ...]:
    return (settings.out, settings.store) if settings.store else (settings.out,)


def _absolute(path: Path) -> Path:
    return path if is_url(path) else path.absolute()


def depot_of(out: Path) -> Depot:
    """The output `out`, which may be the stage of one afar, as it stands."""
    stores = {order.settings.store for order in orders(out)} - {None}
    return _depot(Settings(out, store=stores.pop() if stores else None))


def _depot(settings: Settings) -> Depot:
    if settings.store is None:
        return Depot(settings.out)
    afar = Afar(settings.out, settings.store)
    afar.look()
    return afar


def orders(out: Path) -> list[Order]:
    """What was ever asked to be converted into `out`, in no order."""
    found = []
    for path in sorted((out / HIDDEN / _RUNS).glob("*.json")):
        try:
            order = msgspec.json.decode(path.read_bytes(), type=Order, dec_hook=_path)
        except (OSError, msgspec.MsgspecError) as error:
            raise InputError(f"{path}: cannot be read ({error}).") from error
        found.append(msgspec.structs.replace(order, settings=replace(order.settings, out=out)))
    return found


def _keep(order: Order) -> None:
    plain = replace(_away(order.settings), force=False, retry=False)
    data = msgspec.json.encode(msgspec.structs.replace(order, settings=plain), enc_hook=str)
    write_whole(plain.out / HIDDEN / _RUNS / f"{order.key}.json", data)


def _path(kind: type, value: Any) -> Any:
    """Paths are kept as their text."""
    return kind(value)


@contextmanager
def _crew(settings: Settings, count: int, threads: int, scheduler: str | None) -> Iterator[Crew]:
    """Who does the work: so many workers, which share so many threads, or a cluster."""
    if scheduler:
        with Cluster(scheduler, Limits(settings.page_timeout, settings.page_memory)) as cluster:
            yield cluster
        return
    memory = settings.page_memory or share_of_memory(count)
    each = _shared_out(settings, count, threads).threads
    with Team(count, Limits(settings.page_timeout, memory), each) as team:
        yield team


def _shared_out(settings: Settings, busy: int, threads: int) -> Settings:
    """The settings with each worker's share of the threads, of those that are `busy`."""
    return replace(settings, threads=settings.threads or max(1, threads // max(1, busy)))


def _away(settings: Settings) -> Settings:
    """The settings as they hold in another folder or on another machine."""
    options = settings.options
    models = options.ocr.model_dir.resolve() if options.ocr.model_dir else None
    overlay = settings.overlay.resolve() if settings.overlay else None
    return replace(
        settings,
        out=settings.out.resolve(),
        overlay=overlay,
        options=replace(options, ocr=replace(options.ocr, model_dir=models)),
    )
