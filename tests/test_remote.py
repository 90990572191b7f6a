"""Input and output by URL; here the file system of this machine stands in for a far one.

``local://`` goes all the way that ``s3://`` does: nothing is opened by its path.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from epaper.batch import copies
from epaper.batch.depot import Afar, done_here, look_anywhere, stage_of
from epaper.batch.outcome import Job
from epaper.batch.plan import Settings
from epaper.batch.work import work
from epaper.cli import main
from epaper.errors import ExitCode, InputError
from epaper.sources.issues import find_issues
from epaper.sources.urls import exists, fetch, files_below, is_url, mark_of, place, url_of

SetPage = Callable[..., Path]
pytest.importorskip("fsspec", reason="the extra 'remote' is not installed")
EPOCH = "1717545600"


@pytest.fixture(autouse=True)
def _own_stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


@pytest.fixture
def scans(tmp_path: Path, set_page: SetPage) -> Path:
    """Two issues; a story goes on over two pages of the first."""
    story = "昨日上午，城东新建的图书馆迎来第一批读者。馆内设有阅览座位八百个。" * 3
    set_page(tmp_path / "scans" / "monday" / "01.pdf", "城东图书馆昨日开馆", story)
    set_page(tmp_path / "scans" / "monday" / "02.pdf", "南山公园今起免费")
    set_page(tmp_path / "scans" / "tuesday" / "01.pdf", "北门大桥明日通车")
    (tmp_path / "scans" / "tuesday" / "02.png").write_bytes(b"no picture")
    return tmp_path / "scans"


def results(out: Path) -> dict[str, bytes]:
    files = (p for p in out.rglob("*") if p.is_file() and ".epaper" not in p.parts)
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in files}


def test_a_url_goes_through_as_a_path() -> None:
    path = place("s3://bucket/scans/01.pdf")
    assert is_url(path)
    assert (path.name, url_of(path)) == ("01.pdf", "s3://bucket/scans/01.pdf")
    assert url_of(place("memory://a/b")) == "memory:///a/b"
    assert place("file:///srv/scans") == Path("/srv/scans")
    assert not any(map(is_url, map(Path, ("a:b/c", "/s3:/x", "c:/scans", "x/s3:/y"))))


def test_by_url_comes_out_what_comes_out_by_path(
    scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    formats = ["--formats", "newsml,catalogue", "-j", "2"]
    assert main(["convert", str(scans), "-o", str(tmp_path / "here"), *formats]) == 1
    here, there = tmp_path / "here", tmp_path / "there"
    urls = [f"local://{scans}", "-o", f"local://{there}"]
    capsys.readouterr()
    assert main(["convert", *urls, *formats]) == ExitCode.SOME_FAILED
    told = capsys.readouterr()
    assert f"Output: local://{there}" in told.out
    assert "02.png" in told.err
    assert "Traceback" not in told.err
    assert {n: d for n, d in results(there).items() if "sqlite" not in n} == {
        n: d for n, d in results(here).items() if "sqlite" not in n
    }
    assert not list(there.rglob("*.part"))

    # What is known goes with the output: a second run does nothing, from another machine too.
    before = {p: p.stat().st_mtime_ns for p in there.rglob("*.xml")}
    for machine in ("cache", "other"):
        environment = pytest.MonkeyPatch()
        with environment.context() as other:
            other.setenv("XDG_CACHE_HOME", str(tmp_path / machine))
            assert main(["convert", *urls, *formats]) == ExitCode.SOME_FAILED
        assert "3 up to date" in capsys.readouterr().out
    assert {p: p.stat().st_mtime_ns for p in there.rglob("*.xml")} == before

    assert main(["status", f"local://{there}"]) == ExitCode.SOME_FAILED
    assert "3 done, 1 failed" in capsys.readouterr().out
    assert main(["report", f"local://{there}", "-o", str(tmp_path / "r.html")]) == ExitCode.DONE
    assert "data:image/jpeg" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_what_changes_or_is_lost_afar_is_done_again(
    scans: Path, tmp_path: Path, set_page: SetPage, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "there"
    command = ["convert", f"local://{scans}/monday", "-o", f"local://{there}", "-j", "1"]
    assert main(command) == ExitCode.DONE
    (there / "monday" / "01.xml").unlink()
    set_page(scans / "monday" / "03.pdf", "西湖小学迁新址")
    capsys.readouterr()
    assert main(command) == ExitCode.DONE
    assert "3 pages: 2 converted, 1 up to date" in capsys.readouterr().out
    assert (there / "monday" / "01.xml").is_file()


def test_a_file_afar_is_known_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("a")
    url = place(f"local://{path}")
    first = mark_of(url)
    assert first == mark_of(url)
    path.write_text("another")
    assert mark_of(url) != first
    assert mark_of(place(f"local://{tmp_path}/gone")) == ""
    assert not exists(place(f"local://{tmp_path}/gone"))
    assert fetch(url, tmp_path / "copies").read_text() == "another"


def test_nothing_there_and_no_such_kind_of_place_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", f"local://{tmp_path}/none"]) == ExitCode.USAGE
    assert "does not exist" in capsys.readouterr().err
    assert main(["convert", "nosuch://bucket/x"]) == ExitCode.USAGE
    told = capsys.readouterr().err
    assert "nosuch" in told
    assert told.count("\n") == 1
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no PDF"):
        find_issues([place(f"local://{tmp_path}/empty")])


def test_the_stage_forgets_what_is_gone_afar(tmp_path: Path) -> None:
    store = place(f"local://{tmp_path}/there")
    state = tmp_path / "there" / "monday" / ".epaper" / "01.json"
    state.parent.mkdir(parents=True)
    state.write_text("{}")
    stage = stage_of(store)
    Afar(stage, store).look()
    copy = stage / "monday" / ".epaper" / "01.json"
    assert copy.read_text() == "{}"
    state.unlink()
    Afar(stage, store).look()
    assert not copy.exists()


def test_an_input_is_fetched_once(
    scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counted(path: Path, folder: Path) -> Path:
        asked.append(path.name)
        return fetch(path, folder)

    monkeypatch.setattr(copies, "fetch", counted)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    with pymupdf.open(scans / "monday" / "01.pdf") as book:
        book.fullcopy_page(0)
        book.save(scans / "monday" / "03.pdf")
    plan = {
        path: look_anywhere(path, None)
        for path in files_below(place(f"local://{scans}"))
        if path.suffix == ".pdf"
    }
    for pages in plan.values():
        assert isinstance(pages, tuple)
        for page in pages:
            (outcome,) = done_here(Job("monday", page), Settings(tmp_path / "out"), work)
            assert outcome.status == "done", outcome
    assert sorted(asked) == ["01.pdf", "01.pdf", "02.pdf", "03.pdf"]
    # Of a file of one page nothing stays; where there is no room, nothing is kept at all.
    (folder,) = (tmp_path / "tmp").iterdir()
    assert len(list(folder.iterdir())) == 1
    monkeypatch.setattr(copies, "_MOST", 0)
    changed = scans / "monday" / "02.pdf"
    changed.write_bytes(changed.read_bytes() + b"\n")
    for _ in range(2):
        look_anywhere(place(f"local://{changed}"), None)
    assert asked[4:] == ["02.pdf"] * 2
    assert len(list(folder.iterdir())) == 1
