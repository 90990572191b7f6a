"""Runs on a Dask cluster: a real scheduler and real workers on this machine, some killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from epaper.batch.cluster import Cluster
from epaper.batch.convert import convert
from epaper.batch.depot import stage_of
from epaper.batch.outcome import Job, Outcome, Reason
from epaper.batch.plan import Settings
from epaper.batch.pool import Limits
from epaper.batch.run import Summary, Watcher
from epaper.batch.status import standing
from epaper.batch.work import work
from epaper.errors import ClusterError, ExitCode, InputError, MissingError
from epaper.sources.urls import place

HERE = Path(__file__).resolve().parent
SetPage = Callable[..., Path]
Start = Callable[..., subprocess.Popen[bytes]]
PAGES = 10


@pytest.fixture
def scans(tmp_path: Path, set_page: SetPage) -> Path:
    """An issue of ten pages."""
    for number in range(1, PAGES + 1):
        set_page(tmp_path / "scans" / "monday" / f"{number:02d}.pdf", f"第{number}座大桥通车")
    return tmp_path / "scans"


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Start]:
    """Starts ``dask …`` in a process group of its own; all are ended with the test."""
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    started = []

    def start(*words: object) -> subprocess.Popen[bytes]:
        # Workers have to find this module, whose functions stand in for the work.
        path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *map(str, words), "--no-dashboard"],
            env={**os.environ, "PYTHONPATH": path},
            stderr=subprocess.DEVNULL,
            cwd=tmp_path,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process and all that it started, as a power cut would."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def scheduler(tmp_path: Path, dask: Start) -> tuple[str, subprocess.Popen[bytes]]:
    """The address of a scheduler without workers, and its process."""
    place = tmp_path / "scheduler.json"
    process = dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", place)
    deadline = time.monotonic() + 60
    while not place.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    address: str = json.loads(place.read_text())["address"]
    return address, process


def a_worker(dask: Start, address: str) -> subprocess.Popen[bytes]:
    return dask("worker", address, "--nthreads", "1", "--local-directory", ".")


def contents(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (out / "monday").glob("*.xml")}


def states(summary: Summary) -> set[str]:
    return {outcome.status for outcome in summary.pages}


def test_a_killed_worker_costs_nothing(
    scans: Path, tmp_path: Path, dask: Start, scheduler: tuple[str, subprocess.Popen[bytes]]
) -> None:
    address, _ = scheduler
    workers = [a_worker(dask, address) for _ in range(2)]
    seen: list[Outcome] = []

    class Killing(Watcher):
        """Kills one worker as soon as two pages are done."""

        def told(self, outcome: Outcome) -> None:
            seen.append(outcome)
            if len(seen) == 2:
                end(workers[0])

    there = Settings(tmp_path / "there", reproducible=True)
    summary = convert([scans], there, Killing(), scheduler=address)
    assert states(summary) == {"done"}
    assert len(summary.pages) == PAGES
    assert standing(there.out).counts == {"done": PAGES}

    here = Settings(tmp_path / "here", reproducible=True)
    convert([scans], here, Watcher(), workers=2)
    assert contents(there.out) == contents(here.out)
    assert len(contents(here.out)) == PAGES + 1


def _waits(path: Path) -> str:
    time.sleep(1.0)
    return path.name


def test_a_task_that_has_ended_does_not_begin_when_that_is_told_late(
    dask: Start, scheduler: tuple[str, subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a lost worker said may come after another has done its task: it stayed unfinished."""
    import distributed

    address, _ = scheduler
    a_worker(dask, address)
    monkeypatch.setattr("epaper.batch.cluster.token_hex", lambda _: "0123")
    tasks = [Path("a"), Path("b")]
    begun: list[Path] = []
    with (
        distributed.Client(address, set_as_default=False) as late,
        Cluster(address, Limits()) as own,
    ):
        for task, answer in own.run(deque(tasks), _waits, begun.append):
            assert answer == task.name
            late.log_event("epaper-0123", f"file-{task}-0123{tasks.index(task)}")
            time.sleep(0.3)
    assert sorted(begun) == tasks


def test_by_url_and_with_progress_by_pages(
    scans: Path,
    tmp_path: Path,
    dask: Start,
    scheduler: tuple[str, subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from distributed import Client

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    address, _ = scheduler
    a_worker(dask, address)
    there = place(f"local://{tmp_path}/there")
    seen: list[dict[str, int]] = []

    class Counting(Watcher):
        """Asks the scheduler for the counts that its dashboard draws."""

        def told(self, outcome: Outcome) -> None:
            del outcome
            with Client(address, set_as_default=False) as client:
                seen.append(client.run_on_scheduler(_pages_done))

    settings = Settings(stage_of(there), reproducible=True, store=there)
    summary = convert([place(f"local://{scans}")], settings, Counting(), scheduler=address)
    assert states(summary) == {"done"}
    assert seen[-1]["memory"] + seen[-1]["released"] >= PAGES - 1
    assert [sum(counts.values()) for counts in seen] == [PAGES] * PAGES

    here = Settings(tmp_path / "here", reproducible=True)
    convert([scans], here, Watcher(), workers=2)
    assert contents(tmp_path / "there") == contents(here.out)


def _pages_done(dask_scheduler: Any) -> dict[str, int]:
    """On the scheduler: pages by state, done ones and those forgotten as one."""
    counts = dict(dask_scheduler.task_prefixes["page"].states)
    counts["released"] = counts.get("released", 0) + counts.pop("forgotten", 0)
    return counts


def _say_who(job: Job, settings: Settings) -> tuple[Outcome, ...]:
    """Tells the process that has the page in hand; page 03 takes it along once."""
    if job.source.page_id == "03" and not job.plain:
        os.kill(os.getpid(), signal.SIGSEGV)
    if job.source.page_id == "04":
        return work(job, settings)
    path, page = str(job.source.path), job.source.page_id
    return (Outcome(page, job.issue, path, "failed", error=str(os.getpid())),)


def test_a_process_keeps_its_models_and_a_crash_costs_its_page_alone(
    scans: Path, tmp_path: Path, dask: Start, scheduler: tuple[str, subprocess.Popen[bytes]]
) -> None:
    address, _ = scheduler
    worker = a_worker(dask, address)
    again = []

    class Listening(Watcher):
        def again(self, outcome: Outcome) -> None:
            again.append(outcome)

    summary = convert(
        [scans], Settings(tmp_path / "out"), Listening(), scheduler=address, work=_say_who
    )
    by_page = {outcome.page: outcome for outcome in summary.pages}
    assert by_page["04"].status == "done"
    assert [(o.page, o.reason) for o in again] == [("03", Reason.CRASH)]
    assert by_page["03"].error.isdigit()
    # One process until the crash and one after it did all the pages.
    assert len({o.error for o in summary.pages if o.status == "failed"}) <= 2
    assert worker.poll() is None


def test_a_lost_scheduler_is_one_sentence_and_the_same_command_goes_on(
    scans: Path, tmp_path: Path, dask: Start, scheduler: tuple[str, subprocess.Popen[bytes]]
) -> None:
    address, process = scheduler
    a_worker(dask, address)
    settings = Settings(tmp_path / "out")
    done: list[str] = []

    class Killing(Watcher):
        def told(self, outcome: Outcome) -> None:
            done.append(outcome.page)
            if len(done) == 1:
                end(process)

    with pytest.raises(ClusterError, match="is gone"):
        convert([scans], settings, Killing(), scheduler=address)
    assert not standing(settings.out).going
    summary = convert([scans], settings, Watcher(), workers=1)
    assert summary.exit_code is ExitCode.DONE
    kept = {outcome.page for outcome in summary.pages if outcome.status == "skipped"}
    assert kept >= {done[0]}


def test_no_scheduler_and_no_dask_are_said_in_a_sentence(
    scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(tmp_path / "out")
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        convert([scans], settings, Watcher(), scheduler="nowhere://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingError, match=r"epaper\[cluster\]"):
        convert([scans], settings, Watcher(), scheduler="tcp://127.0.0.1:1")
