"""The command line as scripts rely on it: exit statuses, sentences, logs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from epaper import __version__
from epaper.batch.outcome import Outcome
from epaper.batch.run import Summary
from epaper.batch.work import IssueOutcome
from epaper.cli import main
from epaper.cli.convert import summary_lines
from epaper.geometry import Box
from epaper.model import Doubt

COMMANDS = ("convert", "status", "retry", "report", "validate", "evaluate", "synth", "doctor")
SetPage = Callable[..., Path]


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What standard error says, which has to be one line without a traceback."""
    text = capsys.readouterr().err
    assert text.count("\n") == 1, text
    assert text.startswith("epaper: ")
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_a_version(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert "Example" in text
    assert f"epaper {command} " in text.split("Example", 1)[1] or f"epaper {command}\n" in text
    assert all(option in text for option in ("--version", "-v", "--log-json"))
    assert main([command, "--version"]) == 0
    assert capsys.readouterr().out.split() == ["epaper", __version__]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["frobnicate"],
        ["convert"],
        ["convert", "no/such/file.pdf"],
        ["convert", ".", "--formats", "newsml,wax"],
        ["convert", ".", "--text", "guess"],
        ["convert", ".", "-j", "0"],
        ["validate", "no/such/file.xml"],
        ["evaluate", "no/such", "neither"],
        ["synth"],
    ],
)
def test_wrong_usage_is_status_2_and_one_sentence(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "--help" in one_sentence(capsys)


def test_converting_says_what_it_made_and_logs_each_page(
    tmp_path: Path, set_page: SetPage, capsys: pytest.CaptureFixture[str]
) -> None:
    page = set_page(tmp_path / "front.pdf")
    out, log = tmp_path / "out", tmp_path / "run.jsonl"
    assert main(["convert", str(page), "-o", str(out), "--log-json", str(log)]) == 0
    told = capsys.readouterr().out
    assert "done     front/front" in told
    assert "1 page: 1 converted" in told

    (entry,) = [json.loads(line) for line in log.read_text().splitlines()]
    assert entry["page"] == "front"
    assert entry["status"] == "done"
    assert entry["error"] == ""
    assert entry["seconds"] > 0
    assert entry["peak_mb"] > 10
    assert 0 <= entry["coverage"] <= 1
    assert isinstance(entry["doubts"], list)
    assert (out / "front" / entry["outputs"][0]).is_file()

    assert main(["validate", str(out)]) == 0
    assert capsys.readouterr().out.endswith("2 files, 0 problems.\n")
    assert main(["convert", str(page), "-o", str(out)]) == 0
    assert "1 up to date" in capsys.readouterr().out


def test_the_end_of_a_run_says_what_is_in_doubt_and_where() -> None:
    weak = Doubt("weak-text", "Read with doubt: 城东", "b007", Box(10, 20.4, 310, 60), 0.6)
    lost = Doubt("jump", "Page 3 is not here.", confidence=0.9)
    page = Outcome("01", "monday", "01.pdf", "done")
    doubts = (("monday/01", weak), ("monday/01", lost))
    summary = Summary((page,), (IssueOutcome("monday", stories=1),), doubts, 2)
    told = "\n".join(summary_lines(summary, Path("out"), 2.0))
    assert "1 page: 1 converted, in 2.0 s. Output: out" in told
    assert "1 story runs over several pages" in told
    assert "monday/01 b007 (x 10-310, y 20-60): Read with doubt: 城东" in told
    assert told.index("城东") < told.index("monday/01: Page 3 is not here.")
    assert "--overlay" in told


def test_unreadable_input_is_status_2_and_some_of_it_status_1(
    tmp_path: Path, set_page: SetPage, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "in" / "broken.pdf"
    set_page(tmp_path / "in" / "good.pdf")
    broken.write_bytes(b"%PDF-1.4 and no more")
    out = str(tmp_path / "out")
    log = tmp_path / "log.jsonl"
    assert main(["convert", str(broken), "-o", out]) == 2
    assert "broken.pdf" in one_sentence(capsys)
    assert main(["convert", str(broken.parent), "-o", out, "--log-json", str(log)]) == 1
    assert "broken.pdf" in one_sentence(capsys)
    entries = {e["page"]: e for e in map(json.loads, log.read_text().splitlines())}
    assert {name: e["status"] for name, e in entries.items()} == {
        "broken": "failed",
        "good": "done",
    }
    assert "broken.pdf" in entries["broken"]["error"]


def test_an_empty_folder_is_unreadable_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", str(tmp_path), "-o", str(tmp_path / "out")]) == 2
    assert str(tmp_path) in one_sentence(capsys)


def test_a_missing_model_is_status_3_and_names_it(
    tmp_path: Path, set_page: SetPage, capsys: pytest.CaptureFixture[str]
) -> None:
    page = set_page(tmp_path / "front.pdf")
    models = tmp_path / "models"
    models.mkdir()
    ask = ["--text", "ocr", "--dpi", "100", "--models", str(models)]
    assert main(["convert", str(page), "-o", str(tmp_path / "out"), *ask]) == 3
    assert "PP-OCRv6_small_det" in one_sentence(capsys)
    assert main(["doctor", "--brief", "--models", str(models)]) == 3
    assert "PP-OCRv6_small_det" in capsys.readouterr().err


def test_a_text_layer_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from PIL import Image

    path = tmp_path / "scan.png"
    Image.new("L", (300, 400), 255).save(path)
    assert main(["convert", str(path), "-o", str(tmp_path / "out"), "--text", "layer"]) == 2
    assert "scan.png" in one_sentence(capsys)


def test_the_traceback_comes_after_v_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(tmp_path)]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert main(["validate", str(tmp_path), "-v"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_validate_names_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.xml"
    path.write_text("<newsMessage>\n<header>\n</newsMessage>\n")
    assert main(["validate", str(path)]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith(f"{path}:3:")


def test_synth_convert_evaluate_meet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages, out = tmp_path / "pages", tmp_path / "out"
    assert main(["synth", str(pages), "--pages", "1", "--seed", "3", "--styles", "city"]) == 0
    log = tmp_path / "log.jsonl"
    assert main(["convert", str(pages), "-o", str(out), "--log-json", str(log)]) == 0
    capsys.readouterr()
    drawn = tmp_path / "drawn"
    ask = ["--json", "--costs", str(log), "--overlay", str(drawn)]
    assert main(["evaluate", str(pages), str(out), *ask]) == 0
    report = json.loads(capsys.readouterr().out)
    (row,) = report["pages"]
    assert row["scores"]["char_f1"] > 0.9
    assert row["scores"]["seconds"] > 0
    assert report["mean"]["char_f1"] == row["scores"]["char_f1"]
    assert {p.name for p in drawn.iterdir()} == {f"{row['page']}.png", f"{row['page']}.truth.png"}


def test_evaluating_nothing_scores_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = tmp_path / "truth"
    truth.mkdir()
    assert main(["evaluate", str(truth), str(tmp_path)]) == 2
    assert "truth" in one_sentence(capsys)


def test_doctor_lists_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    text = capsys.readouterr().out
    for part in ("PP-OCRv6_small_rec", "OpenCV", "NewsML-G2", "All that converting needs"):
        assert part in text
