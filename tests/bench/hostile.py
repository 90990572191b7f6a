"""Bad input among good pages: is each told in a sentence, and the rest converted?

    python -m tests.bench.hostile [--bad 300] [--good 100] [--seed 1] [--jobs 2]

Bad inputs of some fifty kinds and good pages, half of them odd in form or name, lie in
folders as a careless archive would leave them. One run converts them all. What it says,
what it leaves and what it takes is compared with what should be: a result for every good
page, a refusal of one sentence for every bad input, exit status 1, no traceback, no
process beyond the limit of memory, no file outside the output touched and nobody called.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import psutil

from epaper.errors import one_line
from tests import hostile_images, hostile_pdf
from tests.hostile_pdf import CALL, story

# Names that trip programs up; what is in the files is fine.
NAMES = (
    "two  words", "line\nbreak", "中文 版面", "dots..dots", "-rf", "--help", "$(reboot)",
    "`id`; ls", "quote'\"s", "<b>&amp;", "%s%n%d", "bell\x07", "tab\there", "名" * 80, "x" * 240,
    "back\\slash", "e\u0301", "\u202egpj.fdp", "*?[a]", "~", "{0}", "#1", "a|b>c", "CON",
    "\udcff\udcfe", "100%", ":colon:", "\U0001f4f0", "p01-p01", "issue", "mets",
)  # fmt: skip
# Of these, those that are refused: they would write what belongs to the issue, or nothing
# that a log can name.
_TAKEN = {"issue", "mets", "\udcff\udcfe"}
# What one page may take.
_SECONDS, _MEMORY_MB = 300, 2500
# What libraries and epaper keep of models, below the user's own folder.
_CACHES = {".cache", ".paddlex"}


@dataclass
class Result:
    """What came of it: `faults` are sentences, empty where all is as it should be."""

    good: int = 0
    bad: int = 0
    kinds: int = 0
    code: int = 0
    seconds: float = 0.0
    peak_mb: float = 0.0
    sentences: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def lay_out(folder: Path, good: int, bad: int, seed: int, slow: bool) -> dict[Path, str]:
    """Writes the inputs; for each file its kind, with a ``!`` before it where it is bad."""
    rng = random.Random(seed)
    found: dict[Path, str] = {}
    places = ["monday", "monday/北京 日报", "-o", "new\nline/dots.."]
    ends = _ends()
    refused: list[tuple[str, Callable[[random.Random], bytes], str]] = [
        *((kind, make, "pdf") for kind, make in hostile_pdf.REFUSED.items()),
        *((kind, make, end) for kind, (make, end) in hostile_images.REFUSED.items()),
    ]
    for number in range(bad - len(ends) - len(_TAKEN) - slow):
        kind, make, end = refused[number % len(refused)]
        path = folder / rng.choice(places) / f"bad-{number:03d}.{end}"
        _write(path, make(rng))
        found[path] = f"!{kind}"
    for name, lay in ends.items():
        path = folder / rng.choice(places) / f"bad-{name}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        lay(path)
        found[path] = f"!{name}"
    if slow:
        path = folder / "monday" / "bad-endless.pdf"
        _write(path, hostile_pdf.too_much_content(rng))
        found[path] = "!endless content"
    fine = [*((k, m, "pdf") for k, m in hostile_pdf.FINE.items())] * 3
    fine += [(kind, make, end) for kind, (make, end) in hostile_images.FINE.items()]
    for number in range(good + len(_TAKEN)):
        odd = number % 2 == 0 and number // 2 < len(NAMES)
        name = NAMES[number // 2] if odd else f"good-{number:03d}"
        kind, make, end = ("name", story, "pdf") if odd else fine[number // 2 % len(fine)]
        path = folder / rng.choice(places) / f"{name}.{end}"
        _write(path, make(rng))
        found[path] = f"!name {name!a}" if name in _TAKEN else kind
    return found


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _ends() -> dict[str, Callable[[Path], object]]:
    """What is no page because of what it is in its folder."""

    def sparse(path: Path) -> None:
        path.write_bytes(b"%PDF-1.7\n")
        os.truncate(path, 5 * 1024**3)

    return {
        "link to nowhere": lambda path: path.symlink_to("no-such-file.pdf"),
        "link to itself": lambda path: path.symlink_to(path.name),
        "pipe": os.mkfifo,
        "sparse": sparse,
    }


def traps(folder: Path) -> None:
    """Links that lead round and out, and what a walk should pass over."""
    (folder / "monday" / "round").symlink_to(folder, target_is_directory=True)
    (folder / "monday" / "north").symlink_to(folder / "monday" / "south")
    (folder / "monday" / "south").symlink_to(folder / "monday" / "north")
    (folder / "monday" / ".hidden.pdf").write_bytes(b"")


class Listener:
    """A server on the address that files name; it counts who calls."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                self._socket.accept()[0].close()
                self.calls += 1

    def close(self) -> None:
        self._socket.close()


def marks(folder: Path) -> dict[str, str]:
    """What lies in a folder: every name with the digest of what is in it, links with their aim."""
    found = {}
    for place, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = Path(place) / name
            if path.is_symlink():
                found[str(path)] = f"-> {path.readlink()}"
            elif path.is_file():
                large = path.stat().st_size > 10**9
                data = b"" if large else path.read_bytes()
                found[str(path)] = hashlib.sha256(data).hexdigest()
            else:
                found[str(path)] = "folder"
    return found


def convert(
    scans: Path, out: Path, log: Path, jobs: int, home: Path
) -> tuple[int, str, str, float]:
    """Runs ``epaper convert``; its status, what it said on both, and the most a process took."""
    command = [sys.executable, "-m", "epaper", "convert", str(scans), "-o", str(out)]
    limits = ["--page-timeout", str(_SECONDS), "--page-memory", str(_MEMORY_MB)]
    environment = {
        **os.environ,
        "HOME": str(home),
        "TMPDIR": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with (home.parent / "said").open("wb") as said, (home.parent / "told").open("wb") as told:
        process = psutil.Popen(
            [*command, "-j", str(jobs), "--log-json", str(log), *limits],
            stdout=told, stderr=said, env=environment,
        )  # fmt: skip
        peak = 0.0
        while process.poll() is None:
            with suppress(psutil.Error):
                for each in [process, *process.children(recursive=True)]:
                    with suppress(psutil.Error):
                        peak = max(peak, _peak_mb(each))
            time.sleep(0.05)
    errors = (home.parent / "said").read_text(errors="replace")
    return process.returncode, (home.parent / "told").read_text(errors="replace"), errors, peak


def _peak_mb(process: psutil.Process) -> float:
    """The most MiB it has taken so far; where the system does not say, what it takes now."""
    with suppress(OSError):
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return float(process.memory_info().rss) / 1024**2


def among_good(root: Path, good: int, bad: int, seed: int, jobs: int, slow: bool) -> Result:
    """Lays the inputs out below `root`, converts them and compares."""
    scans, out, home = root / "scans", root / "out", root / "home"
    home.mkdir(parents=True)
    found = lay_out(scans, good, bad, seed, slow)
    listener = Listener()
    for path, kind in found.items():
        if not kind.startswith("!"):
            # Addresses of one length, so that no place in the file changes.
            there = listener.address.ljust(len(CALL), "/").encode()
            path.write_bytes(path.read_bytes().replace(CALL.encode(), there[: len(CALL)]))
    traps(scans)
    before = marks(scans)
    start = time.perf_counter()
    code, _, errors, peak = convert(scans, out, root / "log.jsonl", jobs, home)
    result = Result(
        good=sum(not kind.startswith("!") for kind in found.values()),
        bad=sum(kind.startswith("!") for kind in found.values()),
        kinds=len({kind for kind in found.values() if kind.startswith("!")}),
        code=code,
        seconds=time.perf_counter() - start,
        peak_mb=peak,
    )
    listener.close()
    if marks(scans) != before or {path.name for path in home.iterdir()} - _CACHES:
        result.faults.append("something outside the output was touched")
    if {path.name for path in root.iterdir()} - {
        "scans",
        "out",
        "home",
        "log.jsonl",
        "said",
        "told",
    }:
        result.faults.append(f"something new lies beside the output: {sorted(root.iterdir())}")
    if listener.calls:
        result.faults.append(f"there were {listener.calls} calls over the network")
    _compare(found, root / "log.jsonl", errors, result)
    if peak > _MEMORY_MB:
        result.faults.append(f"a process took {peak:.0f} MiB")
    return result


def _compare(found: dict[Path, str], log: Path, errors: str, result: Result) -> None:
    """Adds to the result what the log and standard error say other than they should."""
    if result.code != 1:
        result.faults.append(f"the exit status is {result.code}")
    if "Traceback" in errors:
        result.faults.append("there is a traceback")
    rows = [json.loads(line) for line in log.read_bytes().splitlines()]
    by_source: Counter[str] = Counter()
    # A name that no log can carry is told as far as that can be done.
    kinds = {str(path): kind for path, kind in found.items()}
    kinds |= {one_line(str(path)): kind for path, kind in found.items() if "\udcff" in path.name}
    for row in rows:
        by_source[row["source"]] += 1
        path = Path(row["source"])
        kind = kinds.get(row["source"])
        name = f"{kind} ({path.name!r})"
        if kind is None:
            result.faults.append(f"{path} was not asked for")
        elif kind.startswith("!"):
            result.sentences[kind[1:]] = row["error"]
            if row["status"] not in ("failed", "aside"):
                result.faults.append(f"{name} was converted")
            elif not _is_sentence(row["error"]):
                result.faults.append(f"{name} is told in no sentence: {row['error']!r}")
        elif row["status"] != "done" or not row["articles"]:
            result.faults.append(f"{name} was not converted: {row['error'] or 'no story'}")
    if len(rows) != len(found) or set(by_source.values()) != {1}:
        result.faults.append(f"{len(found)} inputs, {len(rows)} answers")
    for line in errors.splitlines():
        if line and not line.startswith("epaper: "):
            result.faults.append(f"standard error has {line!r}")


def _is_sentence(text: str) -> bool:
    return (
        bool(text)
        and text == " ".join(text.split())
        and text.endswith((".", ")"))
        and len(text) < 700
    )


def main() -> None:
    """Prints what came of it; the exit status is 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--good", type=int, default=100)
    parser.add_argument("--bad", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = among_good(
            Path(folder) / "x", asked.good, asked.bad, asked.seed, asked.jobs, slow=True
        )
    for kind, sentence in sorted(result.sentences.items()):
        print(f"{kind:28} {sentence.replace(folder, '')}")
    print(
        f"{result.good} good pages, {result.bad} bad inputs of {result.kinds} kinds: status "
        f"{result.code}, {result.seconds:.0f} s, at most {result.peak_mb:.0f} MiB a process"
    )
    for fault in result.faults:
        print(f"FAULT: {fault}")
    sys.exit(bool(result.faults))


if __name__ == "__main__":
    main()
