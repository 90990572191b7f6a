"""Time of a run that finds nothing to do.

    python -m tests.bench.nothing [--pages 10000] [--runs 3]

An issue of eight small pages is converted; its inputs and its output are copied under
other names until there are enough pages. The first run over all of them reads every
input; the ones after it, which are timed, are what `make` does when nothing has changed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.kill import make_pages

_AN_ISSUE = 8
_FIRST = "2024-06-01"


def multiply(root: Path, issues: int) -> None:
    """Copies the first issue, its inputs and what was made of them, under other names."""
    files = [
        (path.relative_to(root), path.read_bytes())
        for path in root.glob(f"*/{_FIRST}/**/*")
        if path.is_file()
    ]
    for number in range(1, issues):
        name = f"issue-{number:05d}"
        for path, data in files:
            copy = root / path.parts[0] / name / Path(*path.parts[2:])
            copy.parent.mkdir(parents=True, exist_ok=True)
            # States name their issue; the models, which are compressed, are not looked into.
            renamed = data.replace(_FIRST.encode(), name.encode())
            copy.write_bytes(renamed if path.suffix == ".json" else data)


def convert(root: Path) -> tuple[float, float, str]:
    """Wall and processor seconds of a run over all pages, and its last line."""
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "epaper", "convert", str(root / "in"), "-o", str(root / "out")],
        capture_output=True,
        text=True,
        check=True,
    )
    wall, after = time.perf_counter() - start, os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    told = next(line for line in done.stdout.splitlines() if "up to date" in line)
    return wall, spent, told


def main() -> None:
    """Prints the time of each run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_pages(root / "in", _AN_ISSUE, seed=4, scans=False)
        command = [sys.executable, "-m", "epaper", "convert", str(root / "in")]
        subprocess.run([*command, "-o", str(root / "out")], check=True, capture_output=True)
        multiply(root, asked.pages // _AN_ISSUE)
        for run in range(asked.runs + 1):
            # File times are believed once they are two seconds old.
            time.sleep(2.5)
            wall, cpu, told = convert(root)
            name = "inputs read" if run == 0 else "nothing to do"
            print(f"{name:14} {wall:6.1f} s wall {cpu:6.1f} s cpu   {told}", flush=True)


if __name__ == "__main__":
    main()
