"""The same page work on a running Dask cluster.

Workers read the sources and write the output themselves, so both have to lie at the
same path on every machine (a shared file system).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from epaper.batch.plan import Job, Outcome, Settings
from epaper.batch.pool import Work, crashed
from epaper.errors import InputError, MissingError

_CONNECT_SECONDS = 10


def run_cluster(
    jobs: Sequence[Job], settings: Settings, address: str, work: Work
) -> Iterator[tuple[Job, tuple[Outcome, ...]]]:
    """Does `jobs` on the scheduler at `address` (``tcp://host:8786``).

    Raises MissingError where Dask is not installed, InputError where no scheduler
    answers. However the caller leaves, pages not yet done are taken back.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(
            f"{address}: no Dask scheduler answers there ({type(error).__name__})."
        ) from error
    overlay = settings.overlay.resolve() if settings.overlay else None
    away = replace(settings, out=settings.out.resolve(), overlay=overlay)
    with client:
        futures = {client.submit(work, _absolute(job), away, pure=False): job for job in jobs}
        try:
            for future in distributed.as_completed(list(futures), loop=client.loop):
                job = futures[future]
                lost = future.exception()
                yield job, (_lost(job, lost),) if lost else future.result()
                future.release()
        finally:
            client.cancel(list(futures))


def _absolute(job: Job) -> Job:
    return replace(job, source=replace(job.source, path=job.source.path.resolve()))


def _lost(job: Job, error: BaseException) -> Outcome:
    if type(error).__name__ == "KilledWorker":
        return crashed(job, "on the cluster died each time it had this page")
    return crashed(job, f"on the cluster failed ({type(error).__name__}: {error})")


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise MissingError(
            "Dask is not installed, which --scheduler needs: pip install 'epaper[cluster]'."
        ) from error
    return distributed
