"""Runs over many pages: what is skipped, what fails alone, what is linked afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from epaper.batch.convert import convert as convert_all
from epaper.batch.issues import put_together
from epaper.batch.outcome import Job, Outcome
from epaper.batch.plan import Settings, make_plan
from epaper.batch.run import Summary, Watcher
from epaper.batch.state import fingerprint, forget_pages, save_page, up_to_date
from epaper.errors import ExitCode, InputError
from epaper.export.options import ExportOptions
from epaper.export.read import read_newsml as read
from epaper.export.write import write_page
from epaper.geometry import Box
from epaper.model import (
    Article,
    Block,
    Facts,
    Headline,
    Jump,
    JumpKind,
    Line,
    Page,
    Paragraph,
    Role,
    SourceInfo,
)
from epaper.pipeline import Options, TextFrom

SetPage = Callable[..., Path]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def scans(tmp_path: Path, set_page: SetPage) -> Path:
    """An issue of two pages."""
    folder = tmp_path / "scans"
    set_page(folder / "monday" / "01.pdf", "城东图书馆昨日开馆")
    set_page(folder / "monday" / "02.pdf", "南山公园今起免费")
    return folder


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory, set_page: SetPage) -> Path:
    """The issue of two pages in ``scans``, converted into ``out``."""
    folder = tmp_path_factory.mktemp("first")
    set_page(folder / "scans" / "monday" / "01.pdf", "城东图书馆昨日开馆")
    set_page(folder / "scans" / "monday" / "02.pdf", "南山公园今起免费")
    summary = convert(folder / "scans", Settings(folder / "out", reproducible=True), workers=2)
    assert states(summary) == {"01": "done", "02": "done"}
    return folder


@pytest.fixture
def settled(first_run: Path, tmp_path: Path) -> tuple[Path, Settings]:
    """A copy of the first run: its scans, and the settings of a second one."""
    shutil.copytree(first_run, tmp_path, dirs_exist_ok=True)
    return tmp_path / "scans", Settings(tmp_path / "out", reproducible=True)


def convert(scans: Path, settings: Settings, **how: object) -> Summary:
    return convert_all([scans], settings, Watcher(), **how)  # type: ignore[arg-type]


def states(summary: Summary) -> dict[str, str]:
    return {outcome.page: outcome.status for outcome in summary.pages}


def contents(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (out / "monday").glob("*.xml")}


def stamps(folder: Path) -> dict[str, int]:
    return {str(p): p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}


def test_a_second_run_touches_nothing(settled: tuple[Path, Settings]) -> None:
    scans, settings = settled
    before = stamps(settings.out / "monday")
    assert {"01.xml", "02.xml", "issue.xml"} <= {Path(name).name for name in before}

    second = convert(scans, settings)
    assert states(second) == {"01": "skipped", "02": "skipped"}
    assert stamps(settings.out / "monday") == before
    assert second.exit_code is ExitCode.DONE


def test_only_what_changed_is_done_again(settled: tuple[Path, Settings], set_page: SetPage) -> None:
    scans, settings = settled
    set_page(scans / "monday" / "02.pdf", "北门大桥明日通车")
    assert states(convert(scans, settings, workers=1)) == {"01": "skipped", "02": "done"}


def test_a_lost_file_is_made_again_and_a_corrected_one_kept(
    settled: tuple[Path, Settings],
) -> None:
    scans, settings = settled
    (settings.out / "monday" / "01.xml").unlink()
    corrected = settings.out / "monday" / "02.xml"
    corrected.write_bytes(corrected.read_bytes() + b"<!-- by hand -->\n")
    assert states(convert(scans, settings, workers=1)) == {"01": "done", "02": "skipped"}
    assert corrected.read_bytes().endswith(b"<!-- by hand -->\n")


def test_other_formats_are_another_order(settled: tuple[Path, Settings]) -> None:
    scans, settings = settled
    job = make_plan([scans]).jobs[0]
    assert up_to_date(job, settings) is not None
    assert up_to_date(job, replace(settings, threads=3)) is not None
    assert up_to_date(job, replace(settings, formats=("newsml", "txt"))) is None
    assert up_to_date(job, replace(settings, options=Options(TextFrom.OCR))) is None


def test_a_broken_page_does_not_stop_the_others(settled: tuple[Path, Settings]) -> None:
    scans, settings = settled
    (scans / "monday" / "02.pdf").write_bytes(b"%PDF-1.7\nthis is where it was cut")
    (scans / "monday" / "01.pdf").rename(scans / "monday" / "03.pdf")
    summary = convert(scans, settings, workers=1)
    assert states(summary) == {"02": "failed", "03": "done"}
    assert summary.exit_code is ExitCode.SOME_FAILED
    (failed,) = (o for o in summary.pages if o.status == "failed")
    assert "02.pdf" in failed.error
    assert "\n" not in failed.error


def test_nothing_but_broken_pages_is_unreadable_input(tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(b"%PDF-1.7\nthis is where it was cut")
    summary = convert(tmp_path / "page.pdf", Settings(tmp_path / "out"))
    assert summary.exit_code is ExitCode.USAGE


def test_a_page_may_not_take_the_issues_own_file(tmp_path: Path, set_page: SetPage) -> None:
    path = set_page(tmp_path / "issue.pdf")
    (failed,) = make_plan([path]).failed
    assert "issue.xml" in failed.error


def _die_on_the_first(job: Job, settings: Settings) -> tuple[Outcome, ...]:
    """Stands in for an engine that crashes its process on one page."""
    assert settings.formats
    if job.source.page_id == "01":
        os.kill(os.getpid(), signal.SIGKILL)
    return (Outcome(job.source.page_id, job.issue, str(job.source.path), "failed", error="ran"),)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_dies_costs_its_page_alone(
    scans: Path, tmp_path: Path, set_page: SetPage, workers: int
) -> None:
    set_page(scans / "monday" / "03.pdf")
    summary = convert(scans, Settings(tmp_path / "out"), workers=workers, work=_die_on_the_first)
    errors = {o.page: o.error for o in summary.pages}
    assert "SIGKILL" in errors["01"]
    assert "01.pdf" in errors["01"]
    assert (errors["02"], errors["03"]) == ("ran", "ran")


def _report_threads(job: Job, settings: Settings) -> tuple[Outcome, ...]:
    limits = f"{os.environ.get('OMP_NUM_THREADS')} {settings.threads}"
    return (Outcome(job.source.page_id, job.issue, "", "failed", error=limits),)


def test_workers_share_the_cores(
    scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr("epaper.batch.convert.cores", lambda: 8)
    one_each = convert(scans, Settings(tmp_path / "out"), workers=2, work=_report_threads)
    assert {o.error for o in one_each.pages} == {"1 1"}
    fewer_pages = convert(scans, Settings(tmp_path / "more"), workers=6, work=_report_threads)
    assert {o.error for o in fewer_pages.pages} == {"1 3"}
    assert "OMP_NUM_THREADS" not in os.environ


def test_a_page_by_itself_has_all_cores_unless_told_how_many(
    scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("epaper.batch.convert.cores", lambda: 8)
    page = scans / "monday" / "01.pdf"
    for workers, threads in ((None, "8"), (1, "1"), (3, "3")):
        out = Settings(tmp_path / f"out{workers}")
        (alone,) = convert(page, out, workers=workers, work=_report_threads).pages
        assert alone.error.split()[1] == threads


def test_the_same_input_gives_the_same_bytes_in_any_order(
    first_run: Path, scans: Path, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "again", reproducible=True)
    first = scans / "monday" / "01.pdf"
    aside = first.rename(scans / "01.pdf.later")
    convert(scans, settings, workers=1)
    aside.rename(first)
    convert(scans, settings, workers=1)
    assert contents(settings.out) == contents(first_run / "out")


def page_with_jump(number: str, jump: Jump, text: str) -> Page:
    """Page `number` of an issue with one story that goes on, or comes from, elsewhere."""
    line = Line(text, Box(10, 10, 90, 20), 10)
    title = "大桥通车记"
    head = Line(title, Box(10, 2, 90, 9), 20)
    blocks = (
        Block("b001", Role.HEADLINE, head.box, (head,)),
        Block("b002", Role.BODY, line.box, (line,)),
    )
    article = Article(
        "a01",
        blocks=("b001", "b002"),
        headlines=(Headline(Role.HEADLINE, title),),
        paragraphs=(Paragraph(text, blocks=("b002",)),),
        jumps=(jump,),
    )
    facts = Facts(paper="山城日报", date="2024-06-05", page_number=number)
    return Page(
        f"p{number}",
        "day",
        SourceInfo(f"p{number}.pdf"),
        100,
        100,
        72.0,
        lines=(head, line),
        blocks=blocks,
        articles=(article,),
        facts=facts,
        coverage=1.0,
    )


def test_jumps_are_linked_when_the_other_page_comes_later(tmp_path: Path) -> None:
    settings = Settings(tmp_path, export=ExportOptions())
    first = page_with_jump("1", Jump(JumpKind.CONTINUED_ON, "2", "下转2版"), "大桥昨日通车，")
    second = page_with_jump("2", Jump(JumpKind.CONTINUED_FROM, "1", "上接1版"), "车流不断。")

    def arrive(page: Page, *earlier: Page) -> None:
        forget_pages(tmp_path, "day", [page.id])
        write_page(page, tmp_path, settings.export, {}, settings.formats)
        save_page(tmp_path, page)
        outcomes = [Outcome(p.id, "day", "", "skipped", model=fingerprint(p)) for p in earlier]
        last = Outcome(page.id, "day", "", "done", model=fingerprint(page))
        put_together("day", [*outcomes, last], settings)

    arrive(second)
    (alone,) = read(tmp_path / "day" / "p2.xml").articles
    assert alone.jumps[0].target is None

    arrive(first, second)
    (on,) = read(tmp_path / "day" / "p1.xml").articles
    (back,) = read(tmp_path / "day" / "p2.xml").articles
    assert on.jumps[0].target == back.guid
    assert back.jumps[0].target == on.guid
    (whole,) = read(tmp_path / "day" / "issue.xml").articles
    assert "".join(p.text for p in whole.paragraphs) == "大桥昨日通车，车流不断。"


def test_only_what_the_issue_adds_to_a_page_is_written_again(tmp_path: Path) -> None:
    settings = Settings(
        tmp_path, export=ExportOptions(), formats=("newsml", "json", "nitf", "alto")
    )
    jump = Jump(JumpKind.CONTINUED_ON, "2", "下转2版")
    first = page_with_jump("1", jump, "大桥昨日通车，")
    second = page_with_jump("2", Jump(JumpKind.CONTINUED_FROM, "1", "上接1版"), "车流不断。")

    def rewritten(*pages: Page) -> set[str]:
        for page in pages:
            write_page(page, tmp_path, settings.export, {}, settings.formats)
            save_page(tmp_path, page)
        files = [path for path in (tmp_path / "day").rglob("*.*") if path.is_file()]
        before = {path: path.stat().st_ino for path in files}
        put_together(
            "day", [Outcome(p.id, "day", "", "done", model=fingerprint(p)) for p in pages], settings
        )
        day = tmp_path / "day"
        return {
            path.relative_to(day).as_posix()
            for path, number in before.items()
            if path.stat().st_ino != number and ".epaper" not in path.parts
        }

    assert rewritten(first) == {"p1.xml"}
    both = rewritten(first, second) - {"issue.xml"}
    assert both == {
        *("p1.xml", "p1.json", "p1/a01.nitf.xml"),
        *("p2.xml", "p2.json", "p2/a01.nitf.xml"),
    }


def test_an_issue_without_its_page_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--force"):
        put_together("day", [Outcome("p1", "day", "", "skipped")], Settings(tmp_path))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_whole_pages_and_no_worker(
    tmp_path: Path, set_page: SetPage, sign: signal.Signals
) -> None:
    for number in range(1, 13):
        set_page(tmp_path / "in" / f"{number:02d}.pdf")
    out = tmp_path / "out"
    # A shell's background jobs, as these tests may be, ignore the interrupt, and so would theirs.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "epaper", "convert", tmp_path / "in", "-o", out, "-j", "1"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline().startswith("done")
        signal.signal(signal.SIGINT, before)
        workers = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(sign)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert errors.strip().startswith("epaper: interrupted")
    assert "Traceback" not in errors
    time.sleep(0.2)
    assert not [w for w in workers if w.is_running() and w.status() != psutil.STATUS_ZOMBIE]
    assert not list(out.rglob("*.part"))

    summary = convert(tmp_path / "in", Settings(out), workers=1)
    assert summary.exit_code is ExitCode.DONE
    assert states(summary)["01"] == "skipped"
    assert len(list((out / "in").glob("[01]*.xml"))) == 12
