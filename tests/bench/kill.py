"""Kills a run again and again and compares what comes of it with an undisturbed one.

    python -m tests.bench.kill [--pages 200] [--kills 20] [--seed 1] [--jobs 2]

Mixed small pages, text layers and scans, in issues with stories that run over pages, are
converted once in peace. Then the same is done by runs whose whole process group is ended
with SIGKILL at random moments, each resumed by the next. In the end the output has to be
the same to the byte, and no page that was finished before a kill may be done again.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pymupdf
from lxml import etree

from epaper.batch.plan import HIDDEN
from epaper.batch.status import standing

_STORY = (
    "本报讯 记者李明报道：昨日上午，城东新建的图书馆迎来第一批读者。馆内设有阅览座位八百个，"
    "藏书三十万册，全年免费开放。馆长介绍，周末还将举办讲座和展览，欢迎市民前来参加。"
)
_PLACES = ("城东", "南山", "北门", "西湖", "江口", "新港", "东关", "柳林")
_THINGS = ("图书馆开馆", "公园免费", "大桥通车", "小学迁址", "菜场翻新", "医院扩建")
_AN_ISSUE = 8
_EPOCH = "1717545600"


@dataclass
class Result:
    """What came of it: `faults` are sentences, empty where all is as it should be."""

    pages: int = 0
    kills: int = 0
    finished_at_kill: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def make_pages(folder: Path, count: int, seed: int, scans: bool = True) -> None:
    """`count` small pages below `folder`: single and many-page PDFs, and `scans`.

    About every third story goes on on the page after it.
    """
    rng = random.Random(seed)
    made = 0
    going_on = ""
    while made < count:
        issue = folder / f"2024-06-{made // _AN_ISSUE + 1:02d}"
        issue.mkdir(parents=True, exist_ok=True)
        number = made % _AN_ISSUE + 1
        kind = rng.choice(("pdf", "pdf", "pdf", "book", "png", "jpg"))
        length = 3 if kind == "book" and number <= _AN_ISSUE - 2 and made + 3 <= count else 1
        path = issue / f"{number:02d}.pdf"
        with pymupdf.open() as document:
            for place in range(number, number + length):
                going_on = _set(document, place, "" if place == 1 else going_on, rng)
            document.subset_fonts()
            document.save(path, deflate=True, no_new_id=True)
            if scans and kind in ("png", "jpg"):
                document[0].get_pixmap(dpi=96).save(path.with_suffix(f".{kind}"))
                path.unlink()
        made += length


def _set(document: pymupdf.Document, number: int, headline: str, rng: random.Random) -> str:
    """A page: folio, headline, two columns; the headline where the story goes on, else "".

    A `headline` given is that of a story of the page before.
    """
    page = document.new_page(width=300, height=400)
    style = {"fontname": "china-s", "fontsize": 9}
    came, goes = bool(headline), rng.random() < 0.33 and number < _AN_ISSUE
    headline = headline or rng.choice(_PLACES) + rng.choice(_THINGS)
    page.insert_text((20, 24), f"第{number}版  2024年6月5日  星期三", **style)
    page.insert_text((20, 60), headline, fontname="china-s", fontsize=24)
    text = f"（上接第{number - 1}版）" * came + f"{headline}。{_STORY * 3}"[: 33 * 13 - 10]
    rows = [text[start : start + 13] for start in range(0, len(text), 13)]
    rows += [f"（下转第{number + 1}版）"] * goes
    for place, row in enumerate(rows):
        page.insert_text((20 + place // 18 * 140, 90 + place % 18 * 15), row, **style)
    return headline if goes else ""


def start(scans: Path, out: Path, jobs: int) -> subprocess.Popen[bytes]:
    """``epaper convert`` in a process group of its own."""
    command = [sys.executable, "-m", "epaper", "convert", str(scans), "-o", str(out)]
    return subprocess.Popen(
        [*command, "--reproducible", "-j", str(jobs)],
        env={**os.environ, "SOURCE_DATE_EPOCH": _EPOCH},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def finished(out: Path) -> dict[str, tuple[int, int]]:
    """Every page source that is done, with what changes when it is done again."""
    found = {}
    for path in out.glob(f"*/{HIDDEN}/*.json"):
        if path.name != "issue.json":
            stat = path.stat()
            found[str(path.relative_to(out))] = (stat.st_ino, stat.st_mtime_ns)
    return found


def results(out: Path) -> dict[str, bytes]:
    """All that the run is for, and the page models; not the figures of how it went."""
    files = [p for p in out.rglob("*") if p.is_file() and HIDDEN not in p.parts]
    files += out.glob(f"*/{HIDDEN}/pages/*")
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def kill_and_resume(
    folder: Path, pages: int, kills: int, seed: int, jobs: int, with_scans: bool = True
) -> Result:
    """Makes pages in `folder` and converts them in peace and under fire."""
    rng = random.Random(seed)
    scans, peace, fire = (folder / name for name in ("scans", "peace", "fire"))
    make_pages(scans, pages, seed, with_scans)
    if start(scans, peace, jobs).wait():
        return Result(faults=["the undisturbed run failed"])
    result = Result()
    before: dict[str, tuple[int, int]] = {}
    sources = len(finished(peace))
    while result.kills < kills:
        process = start(scans, fire, jobs)
        # Somewhere between the start and the next share of the pages, some still to do. How
        # long a page takes differs by machine, so the moment is given in pages and parts of one.
        share = (sources - len(before)) / (kills - result.kills + 1)
        target = len(before) + rng.uniform(0, 1.6 * share)
        if _wait(process, fire, target, rng.uniform(0, 1)):
            break
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        result.kills += 1
        now = finished(fire)
        result.finished_at_kill.append(len(now))
        result.faults += _faults(fire, before, now)
        before = now
    code = start(scans, fire, jobs).wait()
    if code:
        result.faults.append(f"the last run ended with status {code}")
    result.faults += _faults(fire, before, finished(fire))
    _compare(results(peace), results(fire), result)
    result.faults += [f"{path} was left behind" for path in fire.rglob("*.part")]
    told = standing(fire)
    result.pages = told.made
    if told.counts != standing(peace).counts:
        result.faults.append(f"the journal says {told.counts}")
    return result


def _wait(process: subprocess.Popen[bytes], out: Path, target: float, part: float) -> bool:
    """Lets the run go on until `target` page sources are done and `part` of a page's time.

    True where it ended by itself.
    """
    count, since, pace = len(finished(out)), None, 0.0
    while count < target:
        if process.poll() is not None:
            return True
        time.sleep(0.005)
        more = len(finished(out)) - count
        if more:
            now = time.monotonic()
            if since is not None:  # Until the first page a run starts up, which is not its pace.
                pace = (now - since) / more
            count, since = count + more, now
    time.sleep(part * pace)
    return process.poll() is not None


def _faults(
    out: Path, before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]
) -> list[str]:
    """What is wrong right after a kill: pages done again, files half-written."""
    found = [f"{name} was done again" for name, mark in before.items() if now.get(name) != mark]
    for path in out.rglob("*.xml"):
        try:
            etree.parse(path)
        except etree.XMLSyntaxError as error:
            found.append(f"{path} is not whole ({error})")
    return found


def _compare(peace: dict[str, bytes], fire: dict[str, bytes], result: Result) -> None:
    for name in sorted(peace.keys() | fire.keys()):
        if name not in fire:
            result.faults.append(f"{name} is missing")
        elif name not in peace:
            result.faults.append(f"{name} is too much")
        elif peace[name] != fire[name]:
            result.faults.append(f"{name} differs")


def main() -> None:
    """Prints what came of it; the exit status is 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = kill_and_resume(Path(folder), asked.pages, asked.kills, asked.seed, asked.jobs)
    print(f"{result.pages} pages after {result.kills} kills, at which there were finished:")
    print(" ", *result.finished_at_kill)
    if result.kills < asked.kills:
        result.faults.append(f"all was done after {result.kills} kills")
    for fault in result.faults:
        print(f"FAULT: {fault}")
    print("all as in an undisturbed run" if not result.faults else "not as it should be")
    sys.exit(bool(result.faults))


if __name__ == "__main__":
    main()
