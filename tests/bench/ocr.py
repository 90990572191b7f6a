"""Time and memory of `epaper convert` on a scan, beside other readers of the same models.

    python -m tests.bench.ocr                       a page set and worn for the purpose
    python -m tests.bench.ocr page.jpg --runs 5     your own page

Each reader runs in a process of its own, in turns, so that a change of the machine's
speed meets all alike; medians and their ratios are printed. PaddleOCR and RapidOCR
only find and read lines; `epaper convert` restores, reads, lays out and writes, too.
Both read the very PP-OCRv6 models that `epaper` reads. Where the page's truth lies beside
it, characters missing or too many are counted, as bags: no reader is told the order.
At the end, six pages are converted with -j1 and with -j2, in turns: on one core, and on two.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from epaper.quality.text import fold

_PAGES = 6
_MODELS = ("PP-OCRv6_small_det", "PP-OCRv6_small_rec")


@dataclass(frozen=True)
class Figure:
    """One run of one reader: wall and processor seconds, peak resident memory in GB, text."""

    wall: float
    cpu: float
    peak: float
    text: str


def _epaper(page: str) -> str:
    from epaper.cli import main
    from epaper.export.jsonfile import load_page

    with tempfile.TemporaryDirectory() as out:
        options = ["--text", "ocr", "--formats", "newsml,json"]
        status = main(["convert", page, "-o", out, *options])
        if status:
            raise SystemExit(status)
        (written,) = Path(out).glob(f"*/{Path(page).stem}.json")
        return "".join(line.text for line in load_page(written).lines)


def _paddle(page: str) -> str:
    import os

    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    from paddleocr import PaddleOCR

    from epaper.reading.models import bundled_folder

    detection, recognition = map(bundled_folder, _MODELS)
    reader = PaddleOCR(
        text_detection_model_name=_MODELS[0],
        text_detection_model_dir=str(detection),
        text_recognition_model_name=_MODELS[1],
        text_recognition_model_dir=str(recognition),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        engine="onnxruntime",
    )
    return "".join(text for result in reader.predict(page) for text in result["rec_texts"])


def _rapid(page: str) -> str:
    from rapidocr import EngineType, RapidOCR

    engine = EngineType.OPENVINO
    reader = RapidOCR(
        params={
            "Det.engine_type": engine,
            "Rec.engine_type": engine,
            "Cls.engine_type": engine,
            "Global.use_cls": False,
            # Its default shrinks a broadsheet until body type cannot be read.
            "Global.max_side_len": 4000,
            "Det.limit_type": "max",
            "Det.limit_side_len": 4000,
            "Global.log_level": "error",
        }
    )
    return "".join(reader(page).txts or ())


def _models(page: str) -> str:
    """The floor: processor seconds of a page's detection and recognition calls alone."""
    import numpy as np
    from PIL import Image

    from epaper.reading.engine import OcrOptions, load_engine
    from epaper.reading.ocr import read_image

    # With one thread: processor time is that of the whole process.
    options = OcrOptions(threads=1)
    engine = load_engine(options)
    spent = {"detection": 0.0, "recognition": 0.0}
    for name in spent:
        network = getattr(engine, name)
        object.__setattr__(network, "runner", _timed(network.runner, spent, name))
    lines = read_image(np.asarray(Image.open(page).convert("RGB")), 300.0, options)
    print(
        f"{len(lines)} lines; models alone: "
        + ", ".join(f"{n} {s:.1f} s" for n, s in spent.items())
    )
    return "".join(line.text for line in lines)


def _timed(runner, spent, name):  # type: ignore[no-untyped-def]
    """The runner, its time noted without that of what is made of its answers."""

    def run(pictures, use):  # type: ignore[no-untyped-def]
        start = time.process_time()

        def noted(answer):  # type: ignore[no-untyped-def]
            spent[name] += time.process_time() - start
            return use(answer)

        return runner(pictures, noted)

    run.logits = runner.logits  # type: ignore[attr-defined]
    return run


READERS = {"epaper": _epaper, "paddleocr": _paddle, "rapidocr": _rapid, "models": _models}


def measured(reader: str, page: Path) -> Figure:
    """One run in a process of its own; RuntimeError where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        read = Path(folder) / "read.txt"
        start = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.ocr", page, "--only", reader, "--into", read],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert child.stderr is not None
        message = child.stderr.read()
        status, usage = _reaped(child)
        wall = time.perf_counter() - start
        if status:
            raise RuntimeError(f"{reader} ended with status {status}: {message[-600:]}")
        text = read.read_text(encoding="utf-8")
    # Linux counts kilobytes, macOS bytes.
    unit = 1e9 if sys.platform == "darwin" else 1e6
    return Figure(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, text)


def truth_of(page: Path) -> str | None:
    """The text of the page that a scan shows, where its truth lies beside it."""
    file = page.with_name(page.name.split(".scan")[0]).with_suffix(".json")
    if not file.is_file():
        return None
    boxes = json.loads(file.read_text(encoding="utf-8"))["boxes"]
    return "".join(box.get("text", "") for box in boxes)


def errors(truth: str, read: str) -> int:
    """Characters of the truth that are missing, and of the reading that are too many."""
    wanted, given = Counter(fold(truth)), Counter(fold(read))
    return (wanted - given).total() + (given - wanted).total()


def _reaped(child: subprocess.Popen[str]):  # type: ignore[no-untyped-def]
    import os

    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage


def typeset(folder: Path) -> Path:
    """A light 300 dpi scan of a typeset broadsheet page."""
    from epaper.synth import SynthOptions, make_pages

    options = SynthOptions(styles="party", vertical_share=0.0, scans=(1,))
    (page,) = make_pages(folder, 1, 5, options)
    return page.with_suffix(".scan1.jpg")


def _typeset_apart(folder: Path) -> Path:
    """As `typeset`, in a process of its own.

    Linux counts what a process had in memory before its program began, and that is what the
    process had that began it: what setting a page takes must not count for the readers.
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(typeset, folder).result()


def compare(page: Path, runs: int, readers: list[str]) -> None:
    figures: dict[str, list[Figure]] = {name: [] for name in readers}
    for number in range(runs):
        for name in readers:
            figures[name].append(measured(name, page))
            last = figures[name][-1]
            print(f"run {number + 1} {name}: {last.wall:.1f} s, {last.peak:.2f} GB", flush=True)
    print(f"\n{'reader':12} {'wall s':>8} {'cpu s':>8} {'peak GB':>8}", end="")
    print("   epaper over it: wall  cpu  peak   characters wrong")
    own = figures["epaper"]
    truth = truth_of(page)
    for name, found in figures.items():
        middle = [statistics.median(getattr(f, k) for f in found) for k in ("wall", "cpu", "peak")]
        ratios = [
            statistics.median(
                getattr(a, k) / getattr(b, k) for a, b in zip(own, found, strict=True)
            )
            for k in ("wall", "cpu", "peak")
        ]
        print(
            f"{name:12} {middle[0]:8.1f} {middle[1]:8.1f} {middle[2]:8.2f}"
            f"{'':17}{ratios[0]:7.2f} {ratios[1]:5.2f} {ratios[2]:5.2f}"
            f"{'unknown' if truth is None else errors(truth, found[0].text):>19}"
        )


def compare_jobs(page: Path, runs: int) -> None:
    """Pages a minute with one core and with two."""
    speeds: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        pages.mkdir()
        for number in range(_PAGES):
            shutil.copy(page, pages / f"{number}{page.suffix}")
        for number in range(runs):
            for jobs, found in speeds.items():
                out = Path(folder) / f"{jobs}-{number}"
                start = time.perf_counter()
                subprocess.run(
                    [sys.executable, "-m", "epaper", "convert", pages, "-o", out, f"-j{jobs}"],
                    check=True,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                found.append(60 * _PAGES / (time.perf_counter() - start))
    ratio = statistics.median(b / a for a, b in zip(*speeds.values(), strict=True))
    one, two = (statistics.median(found) for found in speeds.values())
    print(f"-j1 {one:.1f} pages a minute, -j2 {two:.1f}: {ratio:.2f} times as many")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", nargs="?", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=sorted(READERS), help="run one reader in this process")
    parser.add_argument("--into", type=Path, help="write what that reader read to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = options.page or _typeset_apart(Path(folder))
        if options.only:
            text = READERS[options.only](str(page))
            if options.into:
                options.into.write_text(text, encoding="utf-8")
            return
        readers = ["epaper", "paddleocr"]
        if importlib.util.find_spec("openvino"):
            readers.append("rapidocr")
        compare(page, options.runs, readers)
        subprocess.run(
            [sys.executable, "-m", "tests.bench.ocr", str(page), "--only", "models"], check=True
        )
        compare_jobs(page, max(1, options.runs // 2))


if __name__ == "__main__":
    main()
