"""Long runs: pages beyond their limits, disks that refuse, and the journal that tells of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from epaper.batch.convert import convert
from epaper.batch.journal import journal_path
from epaper.batch.memory import peak_mb
from epaper.batch.outcome import Job, Outcome, Reason
from epaper.batch.plan import Settings
from epaper.batch.pool import Limits, Team
from epaper.batch.run import Summary, Watcher
from epaper.batch.status import standing
from epaper.batch.work import work
from epaper.cli import main
from epaper.errors import ExitCode, ExportError, InputError, TooLongError, TooMuchMemoryError
from epaper.pipeline import Options, convert_page
from epaper.sources.pages import open_pages

SetPage = Callable[..., Path]


@pytest.fixture
def scans(tmp_path: Path, set_page: SetPage) -> Path:
    """An issue of three pages."""
    for number, headline in enumerate(("城东图书馆开馆", "南山公园免费", "北门大桥通车"), 1):
        set_page(tmp_path / "scans" / "monday" / f"{number:02d}.pdf", headline)
    return tmp_path / "scans"


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory, set_page: SetPage) -> Path:
    """Two pages in ``scans``, converted into ``out``."""
    folder = tmp_path_factory.mktemp("first")
    set_page(folder / "scans" / "monday" / "01.pdf", "城东图书馆开馆")
    set_page(folder / "scans" / "monday" / "02.pdf", "南山公园免费")
    run(folder / "scans", Settings(folder / "out"), workers=1)
    return folder


@pytest.fixture
def finished(first_run: Path, tmp_path: Path) -> tuple[Path, Settings]:
    """A copy of the first run: its scans, and the settings of a second one."""
    shutil.copytree(first_run, tmp_path / "again")
    return tmp_path / "again" / "scans", Settings(tmp_path / "again" / "out")


def states(summary: Summary) -> dict[str, str]:
    return {outcome.page: outcome.status for outcome in summary.pages}


def named(summary: Summary, page: str) -> Outcome:
    (found,) = (outcome for outcome in summary.pages if outcome.page == page)
    return found


def run(scans: Path, settings: Settings, **how: object) -> Summary:
    return convert([scans], settings, Watcher(), **how)  # type: ignore[arg-type]


def _hang_at_first(job: Job, settings: Settings) -> tuple[Outcome, ...]:
    """Stands in for an engine that never comes back from page 01, unless it goes plainly."""
    if job.source.page_id == "01" and not job.plain:
        time.sleep(600)
    return work(job, settings)


def _eat_memory(job: Job, settings: Settings) -> tuple[Outcome, ...]:
    """Stands in for an engine that takes more and more memory for page 01, in any way."""
    (settings.out / f"tried-{job.source.page_id}").open("a").write("x")
    eaten = []
    while job.source.page_id == "01":
        eaten.append(bytearray(os.urandom(1024)) * 50_000)
        time.sleep(0.02)
    return work(job, settings)


def _die_of_a_signal(job: Job, settings: Settings) -> tuple[Outcome, ...]:
    """Stands in for a native library that crashes on page 01, unless it goes plainly."""
    if job.source.page_id == "01" and not job.plain:
        os.kill(os.getpid(), signal.SIGSEGV)
    return work(job, settings)


@pytest.mark.parametrize(
    ("engine", "why"), [(_hang_at_first, "took too long"), (_die_of_a_signal, "ended its process")]
)
def test_a_page_that_hangs_or_crashes_is_done_in_a_plainer_way(
    scans: Path, tmp_path: Path, engine: object, why: str
) -> None:
    # More than a page takes on a machine that is busy with other things.
    seconds = 25 if engine is _hang_at_first else 900
    settings = Settings(tmp_path / "out", page_timeout=seconds)
    told: list[Outcome] = []

    class Listening(Watcher):
        def again(self, outcome: Outcome) -> None:
            told.append(outcome)

    summary = convert([scans], settings, Listening(), workers=1, work=engine)  # type: ignore[arg-type]
    assert states(summary) == {"01": "done", "02": "done", "03": "done"}
    assert named(summary, "01").tries == 2
    assert [(o.page, o.tries) for o in told] == [("01", 1)]
    ((where, doubt),) = [d for d in summary.doubts if d[1].code == "plainer-way"]
    assert where == "monday/01"
    assert why in doubt.message
    # What was done plainly is done: the next run leaves it alone.
    assert set(states(run(scans, settings)).values()) == {"skipped"}


def test_a_page_that_eats_memory_is_set_aside_until_a_retry(
    scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(tmp_path / "out", page_memory=700)
    summary = run(scans, settings, workers=1, work=_eat_memory)
    assert states(summary) == {"01": "aside", "02": "done", "03": "done"}
    bad = named(summary, "01")
    assert bad.reason is Reason.MEMORY
    assert "01.pdf" in bad.error
    assert "700 MiB" in bad.error
    assert summary.exit_code is ExitCode.SOME_FAILED
    tried = settings.out / "tried-01"
    assert tried.read_text() == "xx"

    again = run(scans, settings, workers=1, work=_eat_memory)
    assert states(again) == {"01": "aside", "02": "skipped", "03": "skipped"}
    assert tried.read_text() == "xx"
    assert again.exit_code is ExitCode.SOME_FAILED

    assert main(["status", str(settings.out)]) == ExitCode.SOME_FAILED
    told = capsys.readouterr().out
    assert "2 done, 1 set aside" in told
    assert "monday/01" in told
    assert main(["retry", str(settings.out), "-j", "1"]) == ExitCode.DONE
    assert main(["status", str(settings.out)]) == ExitCode.DONE
    assert "3 done." in capsys.readouterr().out


def _take(megabytes: int) -> float:
    """Stands in for a page that fills memory as fast as the machine does."""
    eaten = []
    for _ in range(megabytes // 10):
        eaten.append(b"x" * 10 * 1024**2)
        with Path(os.environ["TOOK"]).open("a") as log:
            log.write(f"{peak_mb()}\n")
    return len(eaten)


def test_a_page_takes_no_more_than_its_limit_however_fast_it_fills(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOOK", str(tmp_path / "took"))
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    with Team(1, Limits(memory_mb=1000)) as team:
        ((_, answer),) = team.run(deque([20_000]), _take)
    assert isinstance(answer, TooMuchMemoryError)
    *_, most, _ = (tmp_path / "took").read_text().split("\n")
    assert 600 < float(most) <= 1000


@pytest.mark.parametrize("said", ["", "4"])
def test_a_worker_keeps_memory_in_one_store_unless_told_otherwise(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if said:
        monkeypatch.setenv("MALLOC_ARENA_MAX", said)
    else:
        monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    with Team(1, Limits()) as team:
        ((_, answer),) = team.run(deque(["MALLOC_ARENA_MAX"]), os.getenv)
    assert answer == (said or "1")


def test_a_page_that_hangs_is_stopped_while_others_come_and_go() -> None:
    tasks = deque([600.0, *[0.1] * 100])
    with Team(2, Limits(seconds=4)) as team:
        ended = [(task, answer) for task, answer in team.run(tasks, time.sleep)]
    (place,) = [place for place, (_, answer) in enumerate(ended) if answer]
    assert ended[place][0] == 600.0
    assert isinstance(ended[place][1], TooLongError)
    assert place < len(ended) - 1


def test_a_page_set_aside_is_tried_again_when_its_file_changes(
    scans: Path, tmp_path: Path, set_page: SetPage
) -> None:
    settings = Settings(tmp_path / "out", page_memory=700)
    only = scans / "monday" / "01.pdf"
    assert states(run(only, settings, workers=1, work=_eat_memory)) == {"01": "aside"}
    set_page(only, "西湖小学搬进新校舍")
    assert states(run(only, settings, workers=1)) == {"01": "done"}


def test_the_journal_tells_how_the_run_stands_while_it_goes_on(scans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (scans / "monday" / "04.png").write_bytes(b"no picture")
    seen = []

    class Looking(Watcher):
        def told(self, outcome: Outcome) -> None:
            seen.append((outcome, standing(out)))

    convert([scans], Settings(out), Looking(), workers=1)
    failed, first, *_, last = (now for _, now in seen)
    assert failed.counts == {"waiting": 3, "failed": 1}
    assert failed.going
    (bad,) = failed.bad
    assert bad.page == "04.png"
    assert "04.png" in bad.error
    assert first.counts["done"] == 1
    assert first.left is not None
    assert first.left > 0
    assert last.counts == {"done": 3, "failed": 1}

    after = standing(out)
    assert not after.going
    assert after.left is None
    assert after.made == 3
    assert after.pace is not None
    assert after.rooms["reading"] > 0
    assert after.peak_mb is not None
    assert after.coverage == 1.0


@pytest.mark.parametrize("damage", ["lost", "overwritten", "cut"])
def test_a_journal_that_is_lost_or_damaged_loses_nothing(
    finished: tuple[Path, Settings], damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    scans, settings = finished
    before = standing(settings.out)
    journal = journal_path(settings.out)
    if damage == "lost":
        journal.unlink()
    elif damage == "overwritten":
        journal.write_bytes(b"this is no database at all" * 1000)
    else:
        os.truncate(journal, journal.stat().st_size // 2 + 100)
    told = standing(settings.out)
    assert told.counts == {"done": 2}
    assert main(["status", str(settings.out)]) == ExitCode.DONE
    assert "the journal is lost" in capsys.readouterr().out
    assert set(states(run(scans, settings)).values()) == {"skipped"}
    after = standing(settings.out)
    assert (after.counts, after.made, after.rooms) == (before.counts, before.made, before.rooms)


def test_status_of_a_folder_that_is_no_output(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing was converted"):
        standing(tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for 300 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
        pytest.skip("a small file system cannot be mounted here (that takes root)")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def remount(place: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(place)], check=True)


def test_a_full_disk_stops_the_run_and_the_same_command_goes_on(
    tmp_path: Path, small_disk: Path, set_page: SetPage
) -> None:
    scans = tmp_path / "many"
    for number in range(1, 13):
        set_page(scans / f"{number:02d}.pdf")
    settings = Settings(small_disk / "out", reproducible=True)
    summary = run(scans, settings, workers=1)
    assert "No space left on device" in summary.stopped
    assert "pages still to do" in summary.stopped
    assert summary.exit_code is ExitCode.SOME_FAILED
    kinds = {outcome.reason for outcome in summary.pages if not outcome.good}
    assert kinds <= {Reason.DISK}
    done = {page for page, state in states(summary).items() if state == "done"}
    assert 0 < len(done) < 12
    assert not list(settings.out.rglob("*.part"))

    remount(small_disk, "size=30m")
    again = run(scans, settings, workers=1)
    assert again.exit_code is ExitCode.DONE
    assert {page for page, state in states(again).items() if state == "skipped"} == done
    assert len(list((settings.out / "many").glob("[01]*.xml"))) == 12


def test_an_output_that_is_read_only_is_one_sentence(
    scans: Path, small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remount(small_disk, "ro")
    with pytest.raises(ExportError, match="Read-only file system"):
        run(scans, Settings(small_disk / "out"))
    assert main(["convert", str(scans), "-o", str(small_disk / "out")]) == ExitCode.SOME_FAILED
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith(f"epaper: {small_disk / 'out'}")
    remount(small_disk, "rw")


def _lose_the_share(job: Job, settings: Settings) -> tuple[Outcome, ...]:
    """Stands in for a network share with the scans that goes away during page 01."""
    root = job.source.path.parent.parent
    if job.source.page_id == "01" and root.exists():
        root.rename(root.with_name("away"))
    return work(job, settings)


def test_input_that_goes_away_stops_the_run_and_the_same_command_goes_on(
    scans: Path, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "out")
    summary = run(scans, settings, workers=1, work=_lose_the_share)
    assert "is not there any more" in summary.stopped
    assert "2 pages still to do" in summary.stopped
    assert states(summary) == {"01": "failed"}
    scans.with_name("away").rename(scans)
    assert set(states(run(scans, settings)).values()) == {"done"}


def test_one_file_that_vanishes_fails_alone(scans: Path, tmp_path: Path) -> None:
    summary = run(scans, Settings(tmp_path / "out"), workers=1, work=_lose_one)
    assert states(summary) == {"01": "done", "02": "failed", "03": "done"}
    assert not summary.stopped
    assert "02.pdf" in named(summary, "02").error


def _lose_one(job: Job, settings: Settings) -> tuple[Outcome, ...]:
    """Stands in for someone who takes page 02 away."""
    if job.source.page_id == "02":
        job.source.path.unlink()
    return work(job, settings)


def test_a_file_rewritten_at_once_with_the_same_size_is_noticed(
    finished: tuple[Path, Settings],
) -> None:
    scans, settings = finished
    assert set(states(run(scans, settings)).values()) == {"skipped"}
    page = scans / "monday" / "02.pdf"
    before, times = page.read_bytes(), page.stat()
    page.write_bytes(before[:-1] + b" ")
    os.utime(page, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert states(run(scans, settings)) == {"01": "skipped", "02": "done"}


def test_options_of_limits_do_not_make_pages_out_of_date(finished: tuple[Path, Settings]) -> None:
    scans, settings = finished
    other = replace(settings, page_timeout=5.0, page_memory=900, retry=True)
    assert set(states(run(scans, other)).values()) == {"skipped"}


def test_the_plainer_way_reads_a_scan_with_fewer_pixels_and_says_so(
    tmp_path: Path, set_page: SetPage
) -> None:
    with pymupdf.open(set_page(tmp_path / "page.pdf")) as document:
        pixmap = document[0].get_pixmap(dpi=300)
    pixmap.set_dpi(300, 300)
    pixmap.save(tmp_path / "scan.png")
    (source,) = open_pages(tmp_path / "scan.png")
    ((usual,), (plain,)) = (
        convert_page(source, "day", Options(plain=why)) for why in ("", "took too long")
    )
    assert (usual.page.dpi, plain.page.dpi) == pytest.approx((300, 150), rel=0.001)
    assert plain.page.width == pytest.approx(usual.page.width / 2, rel=0.02)
    assert [d.code for d in usual.page.doubts if d.code == "plainer-way"] == []
    (doubt,) = (d for d in plain.page.doubts if d.code == "plainer-way")
    assert "took too long" in doubt.message
    assert any(step.name == "plainer way" for step in plain.page.steps)
    assert plain.page.articles[0].headline() == usual.page.articles[0].headline() != ""
