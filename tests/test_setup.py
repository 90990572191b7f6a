"""A fresh clone: what make, the project file and the licence promise."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from epaper.batch.libraries import missing_library
from epaper.batch.plan import make_plan
from epaper.errors import ExitCode

ROOT = Path(__file__).resolve().parent.parent
MAKE = shutil.which("make")
FLAGS = ("MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS")
VARIABLES = ("SCANS", "OUTPUT", "BENCH", "VENV", "PYTHON", "ARGS")

needs_make = pytest.mark.skipif(MAKE is None, reason="make is not installed")


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    assert MAKE is not None
    # Flags and variables of a make that runs these tests are not meant for this one.
    kept = {k: v for k, v in os.environ.items() if k not in {*FLAGS, *VARIABLES}}
    return subprocess.run(
        [MAKE, *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with a shell's few tools and no Python, to be the whole PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "rm", "mkdir"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return folder


@needs_make
def test_a_machine_without_a_new_python_is_told_so(tmp_path: Path, tools: Path) -> None:
    old = tools / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    answer = make(f"VENV={tmp_path / 'venv'}", "convert", PATH=str(tools))
    assert answer.returncode != 0
    assert "Python 3.11 or newer is needed" in answer.stderr
    assert not (tmp_path / "venv").exists()


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """A stand-in for an installed environment whose epaper prints how it was called."""
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    for name in ("python", "epaper"):
        tool = venv / "bin" / name
        tool.write_text('#!/bin/sh\necho "$0 $@"\n')
        tool.chmod(0o755)
    for stamp in (".ready", ".ready-dev"):
        (venv / stamp).touch()
    return venv


@needs_make
@pytest.mark.parametrize(("flag", "asked"), [("-j3", "-j 3"), ("-j12", "-j 12"), ("-k", "")])
def test_make_j_asks_for_as_many_pages_at_once(ready: Path, flag: str, asked: str) -> None:
    answer = make(flag, f"VENV={ready}")
    assert answer.returncode == 0, answer.stderr
    called = answer.stdout.strip().splitlines()[-1]
    assert called.split("/bin/epaper ", 1)[1] == f"convert scans -o output {asked}".strip()


@needs_make
def test_make_clean_keeps_the_note(tmp_path: Path) -> None:
    out = tmp_path / "output"
    (out / "issue" / ".epaper").mkdir(parents=True)
    (out / "issue" / "page.xml").touch()
    (out / "README.md").touch()
    assert make("clean", f"OUTPUT={out}").returncode == 0
    assert [p.name for p in out.iterdir()] == ["README.md"]


def test_each_sample_paper_is_an_issue_and_every_page_has_its_truth() -> None:
    truth = {path.stem for path in (ROOT / "scans" / "truth").glob("*.json")}
    jobs = [j for j in make_plan([ROOT / "scans"]).jobs if j.source.page_id in truth]
    assert {job.source.page_id for job in jobs} == truth
    folders = {job.source.path.parent for job in jobs}
    assert len(folders) == len({job.issue for job in jobs}) == 3
    assert all(folder.parent == (ROOT / "scans") for folder in folders)


@pytest.mark.parametrize("page", sorted(p.name for p in ROOT.glob("README*.md")))
def test_the_readme_points_at_files_that_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_a_missing_system_library_is_named_with_its_package() -> None:
    error = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    told = missing_library(error)
    assert told.exit_code is ExitCode.MISSING
    assert "libGL.so.1" in str(told)
    assert "apt-get install libgl1" in str(told)


def test_the_three_opencv_wheels_have_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wheels = dict(d.split("==") for d in project["dependencies"] if d.startswith("opencv"))
    assert set(wheels) == {
        "opencv-python",
        "opencv-contrib-python",
        "opencv-python-headless",
    }
    assert len(set(wheels.values())) == 1


@pytest.mark.parametrize(
    ("system", "machine", "python", "wanted"),
    [
        ("linux", "x86_64", "3.11", True),
        ("win32", "AMD64", "3.14", True),
        ("linux", "aarch64", "3.12", False),
        ("darwin", "arm64", "3.12", False),
        ("linux", "x86_64", "3.15", False),
    ],
)
def test_openvino_comes_along_where_it_has_wheels(
    system: str, machine: str, python: str, wanted: bool
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (needed,) = (r for r in map(Requirement, project["dependencies"]) if r.name == "openvino")
    here = {"sys_platform": system, "platform_machine": machine, "python_version": python}
    assert needed.marker is not None
    assert needed.marker.evaluate(here) is wanted


def test_the_licence_fits_the_pdf_library() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in text.splitlines()[0]
    assert "END OF TERMS AND CONDITIONS" in text
