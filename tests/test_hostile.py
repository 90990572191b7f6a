"""Input that is damaged or means harm: a sentence, an exit status, and nothing else.

`tests/bench/hostile.py` does more of it, with scans and at length.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest

from epaper.batch.plan import make_plan
from epaper.cli import main
from epaper.errors import ExitCode, InputError, LimitError, one_line
from epaper.reading.chars import fold
from epaper.sources.issues import find_issues
from epaper.sources.pages import load_image, open_pages
from tests import hostile_images, hostile_pdf, hostile_xml
from tests.bench.hostile import Listener, among_good

SetPage = Callable[..., Path]
REFUSED = {
    **{kind: (make, "pdf") for kind, make in hostile_pdf.REFUSED.items()},
    **hostile_images.REFUSED,
}


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    assert found.calls == 0
    found.close()


@pytest.mark.skipif(os.name != "posix", reason="names and links as here are of POSIX systems")
def test_bad_input_among_good_pages_is_told_and_the_rest_converted(tmp_path: Path) -> None:
    result = among_good(tmp_path / "x", good=24, bad=len(REFUSED) + 7, seed=3, jobs=1, slow=False)
    assert result.faults == []
    assert result.kinds >= 30
    assert result.code == ExitCode.SOME_FAILED
    assert main(["validate", str(tmp_path / "x" / "out")]) == ExitCode.DONE


@pytest.mark.parametrize("kind", REFUSED)
def test_every_kind_of_bad_page_is_refused_in_one_sentence(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make, end = REFUSED[kind]
    for seed in range(2):
        path = tmp_path / f"page-{seed}.{end}"
        path.write_bytes(make(random.Random(seed)))
        with pytest.raises(InputError, match=path.name) as told:
            load_image(open_pages(path)[0])
        assert "\n" not in str(told.value)
    # What a library would print of it would stand beside the sentence.
    assert capfd.readouterr().err == ""


def test_a_cut_pdf_is_refused_and_one_whose_table_alone_is_wrong_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    whole = hostile_pdf.story(random.Random(1))
    path.write_bytes(whole[: whole.rindex(b"xref")])
    with pytest.raises(InputError, match="cut short"):
        open_pages(path)
    path.write_bytes(hostile_pdf.mended(random.Random(1)) + b"<html>added by a server</html>" * 80)
    assert len(open_pages(path)) == 1


def test_a_pdf_of_five_hundred_pages_opens_and_a_page_of_few_pixels_does_not(
    tmp_path: Path,
) -> None:
    with pymupdf.open() as document:
        for _ in range(500):
            document.new_page(width=300, height=400)
        document.save(tmp_path / "book.pdf")
    found = open_pages(tmp_path / "book.pdf")
    assert [found[0].page_id, found[-1].page_id] == ["book-p001", "book-p500"]
    (tmp_path / "dot.png").write_bytes(hostile_images.one_pixel(random.Random(2)))
    with pytest.raises(LimitError, match="too small"):
        open_pages(tmp_path / "dot.png")


def test_pipes_and_links_that_lead_nowhere_are_told_and_none_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "gone.png").symlink_to("no-such-file.png")
    (tmp_path / "round.tif").symlink_to("round.tif")
    (tmp_path / "more").symlink_to(tmp_path, target_is_directory=True)
    told = [outcome.error for outcome in make_plan([tmp_path]).failed]
    assert [sentence.split("/")[-1].split()[0] for sentence in told] == [
        "gone.png", "pipe.pdf", "round.tif",
    ]  # fmt: skip
    assert "is a device or pipe" in told[1]


@pytest.mark.parametrize("name", ["...pdf", ".epaper.pdf"])
def test_a_name_that_would_leave_the_output_is_refused(
    name: str, tmp_path: Path, set_page: SetPage, capsys: pytest.CaptureFixture[str]
) -> None:
    path = set_page(tmp_path / "in" / "page.pdf").rename(tmp_path / "in" / name)
    out = tmp_path / "deep" / "out"
    before = sorted(tmp_path.rglob("*"))
    assert main(["convert", str(path), "-o", str(out)]) == ExitCode.USAGE
    assert "rename it" in capsys.readouterr().err
    assert [p for p in sorted(tmp_path.rglob("*")) if out not in (p, *p.parents)] == sorted(
        [*before, out.parent]
    )


def test_a_name_that_is_no_utf8_costs_its_page_alone(
    tmp_path: Path, set_page: SetPage, capsys: pytest.CaptureFixture[str]
) -> None:
    set_page(tmp_path / "in" / "good.pdf")
    set_page(tmp_path / "in" / "page.pdf").rename(tmp_path / "in" / os.fsdecode(b"\xb1\xb1.pdf"))
    out = tmp_path / "out"
    assert main(["convert", str(tmp_path / "in"), "-o", str(out), "-j", "1"]) == 1
    told = capsys.readouterr()
    assert "\\udcb1\\udcb1.pdf: its name is no UTF-8" in told.err
    assert "done     in/good" in told.out
    assert main(["status", str(out)]) == ExitCode.SOME_FAILED


def test_names_cannot_steer_a_terminal() -> None:
    assert one_line("a\nb \x1b[2J \u202e x\udcff  y") == "a b \\x1b[2J \\u202e x\\udcff  y"


def test_dots_in_names_are_names(tmp_path: Path) -> None:
    (tmp_path / "a..b").mkdir()
    (tmp_path / "a..b" / "-p..1.pdf").touch()
    (issue,) = find_issues([tmp_path / "a..b" / ".." / "a..b"])
    assert issue.id == "a..b"


def test_half_a_surrogate_pair_is_an_unknown_character() -> None:
    assert fold("a\ud800b\udfffc") == "a\ufffdb\ufffdc"


def test_nothing_that_reads_reports_home(tmp_path: Path) -> None:
    """The engines would leave marks of it in the user's folder, to be sent."""
    script = (
        "from epaper.reading.ocr_runners import OpenVinoRunner, OnnxRunner, Scaling\n"
        "from epaper.reading.engine import OcrOptions\n"
        "import contextlib, importlib.util, pathlib, sys\n"
        "model = pathlib.Path(importlib.util.find_spec('rapidocr').origin).parent / 'models'\n"
        "path = next(model.glob('*rec*.onnx'))\n"
        "scaling = Scaling((127.5,) * 3, (127.5,) * 3)\n"
        "OnnxRunner(path, scaling, 1)\n"
        "if importlib.util.find_spec('openvino'): OpenVinoRunner(path, scaling, 1)\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    names = {"HOME": str(home), "TMPDIR": str(home), "XDG_CACHE_HOME": str(home / ".cache")}
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, **names})
    assert [path for path in home.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("command", ["validate", "evaluate"])
def test_xml_that_reads_calls_or_bursts_is_refused(
    command: str, tmp_path: Path, listener: Listener, capfd: pytest.CaptureFixture[str]
) -> None:
    secret, path, true = (tmp_path / name for name in ("secret", "page.xml", "truth.json"))
    secret.write_text("GEHEIM")
    true.write_text('{"page": {"width_mm": 1, "height_mm": 1}, "articles": [], "boxes": []}')
    for kind, data in hostile_xml.xml(secret.as_uri(), listener.address).items():
        path.write_bytes(data)
        arguments = [str(true), str(path)] if command == "evaluate" else [str(path)]
        assert main([command, *arguments]) == ExitCode.SOME_FAILED, kind
        told = capfd.readouterr()
        assert "page.xml" in told.out + told.err, kind
        for word in ("GEHEIM", "Traceback", "unforeseen"):
            assert word not in told.out + told.err, kind


def test_truth_that_is_none_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.xml"
    page.write_text("<a/>")
    for kind, data in hostile_xml.truth().items():
        path = tmp_path / "truth.json"
        path.write_bytes(data)
        code = main(["evaluate", str(path), str(page)])
        told = capsys.readouterr()
        if kind != "no size":
            assert code == ExitCode.USAGE, kind
            assert told.err.count("\n") == 1, kind
            assert "truth.json" in told.err, kind
