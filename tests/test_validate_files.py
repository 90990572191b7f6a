"""Validation of what is no XML: pages in JSON, manifests, PDFs, catalogues."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epaper.cli import main
from epaper.export.jsonlines import line_at
from epaper.export.options import Sheet
from epaper.export.validate import validate_file
from epaper.export.write import write_issue, write_page
from epaper.geometry import Box
from epaper.model import Block, Line, Role
from tests.sample import ISSUE, OPTIONS, PAGE, SECOND, crops

FORMATS = ["newsml", "json", "pdf", "jpg", "iiif", "catalogue"]


def block(name: str) -> Block:
    box = Box(100, 100, 140, 120)
    return Block(name, Role.BODY, box, (Line("正文", box, 20.0),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An issue written in formats of every kind, sound."""
    placed = replace(SECOND.articles[0], blocks=("b001",))
    second = replace(SECOND, blocks=(block("b001"),), articles=(placed,))
    first = replace(PAGE, pictures=(PAGE.pictures[0],))
    issue = replace(ISSUE, pages=(first, second))
    sheet = Sheet(image=np.full((60, 40, 3), 200, np.uint8))
    for page in issue.pages:
        write_page(page, tmp_path, OPTIONS, crops(), FORMATS, issue=issue, sheet=sheet)
    write_issue(issue, tmp_path, OPTIONS, FORMATS)
    return tmp_path / "20240605"


def plant(file: Path, old: str, new: str) -> int:
    """Replaces what matches `old` once; the line of it."""
    text = file.read_text("utf-8")
    found = re.search(old, text)
    assert found is not None
    file.write_text(text[: found.start()] + new + text[found.end() :], "utf-8")
    return text.count("\n", 0, found.start()) + 1


def test_what_we_write_has_no_problems(folder: Path) -> None:
    kinds = {"json": 3, "pdf": 2, "csv": 1}
    for suffix, count in kinds.items():
        files = sorted(folder.glob(f"*.{suffix}"))
        assert len(files) == count
        assert [str(p) for file in files for p in validate_file(file)] == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('"b011"]', '"b999"]', "a01 names b999", id="dangling block"),
        pytest.param('"id":"b002"', '"id":"b001"', "b001 stands more than once", id="doubled"),
        pytest.param('"picture":"i01"', '"picture":"i07"', "names i07", id="lost picture"),
        pytest.param('"width":4606', '"width":"wide"', "Expected `int`", id="type"),
        pytest.param('"mode":"vertical-rl"', '"mode":"up"', "Invalid enum", id="enum"),
        pytest.param('"version":1', '"version":7', "version 7, not", id="version"),
        pytest.param('"issue":"20240605",', '"issue" "20240605",', "is no JSON", id="syntax"),
    ],
)
def test_a_fault_in_a_page_in_json_has_its_line(
    folder: Path, old: str, new: str, message: str
) -> None:
    file = folder / "20240605-01.json"
    line = plant(file, re.escape(old), new)
    problems = [p for p in validate_file(file) if message in p.message]
    assert problems and problems[0].fix
    assert abs(problems[0].line - line) <= (1 if message == "version 7, not" else 0)


def test_a_box_beyond_the_page_is_found(folder: Path) -> None:
    file = folder / "20240605-01.json"
    plant(file, r'"width":4606', '"width":250')
    assert any("lies beyond the page" in p.message for p in validate_file(file))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            r'"type": "Canvas",\s+"label"', '"type": "Canvas", "x"', "", id="label may go"
        ),
        pytest.param(
            "20240605-02/canvas#xywh", "20240605-09/canvas#xywh", "is no canvas", id="canvas"
        ),
        pytest.param("#xywh=100,", "#xywh=9100,", "leaves the canvas", id="place"),
        pytest.param(r"20240605-01\.jpg", "gone.jpg", "no file gone.jpg", id="picture"),
        pytest.param('"height": 6437', '"height": 0', "height of the Canvas is 0", id="size"),
        pytest.param('canvas/image"', 'canvas"', "stands more than once", id="id"),
    ],
)
def test_a_fault_in_a_manifest_has_its_line(folder: Path, old: str, new: str, message: str) -> None:
    file = folder / "manifest.json"
    line = plant(file, old, new)
    problems = validate_file(file)
    if message:
        assert message in problems[0].message and problems[0].fix
        assert abs(problems[0].line - line) <= 2
    else:
        assert problems == []


def test_json_of_another_kind_is_one_problem(tmp_path: Path) -> None:
    for text in ("[1, 2]", '{"a": 1}', "", "{", '{"@context": 3}', "[" * 100_000):
        file = tmp_path / "x.json"
        file.write_text(text)
        (problem,) = validate_file(file)
        assert problem.line == 1


def test_a_catalogue_whose_page_is_gone_says_which_line(folder: Path) -> None:
    (folder / "20240605-02.xml").unlink()
    (problem,) = validate_file(folder / "catalogue.csv")
    assert problem.line == 5
    assert "there is no file 20240605/20240605-02.xml" in problem.message


def test_a_guid_that_stands_twice_in_a_catalogue_is_found(folder: Path) -> None:
    file = folder / "catalogue.csv"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines, lines[1]]))
    (problem,) = validate_file(file)
    assert (problem.line, "more than once" in problem.message) == (6, True)


def test_a_folder_is_checked_with_all_that_is_in_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(folder)]) == 0
    assert "9 files, 0 problems." in capsys.readouterr().out
    (folder / "20240605-02.jpg").unlink()
    plant(folder / "20240605-02.json", r'"b001"\]', '"b007"]')
    assert main(["validate", str(folder.parent)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(re.match(r".*20240605-02\.json:\d+: a01 names b007.*\(.*\)$", x) for x in lines)
    assert any(
        re.match(r".*manifest\.json:\d+: there is no file 20240605-02\.jpg", x) for x in lines
    )


def no_text(path: Path) -> None:
    with pymupdf.open() as document:
        document.new_page()
        document.save(path)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: f.write_bytes(b"%PDF-1.7 nothing"), ""),
        (lambda f: f.write_bytes(f.read_bytes()[:-60]), "damaged"),
        (no_text, "no text to select"),
    ],
    ids=["no PDF", "cut short", "no text"],
)
def test_a_pdf_that_is_not_searchable_is_found(
    folder: Path, spoil: Callable[[Path], object], message: str
) -> None:
    file = folder / "20240605-01.pdf"
    spoil(file)
    problems = validate_file(file)
    assert problems and message in problems[0].message


tree = st.recursive(
    st.one_of(st.integers(), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
)


@given(tree, st.data())
def test_any_value_of_any_json_is_found_on_its_line(value: object, data: st.DataObject) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False)
    steps: list[str | int] = []
    while isinstance(value, list | dict) and value:
        keys = list(range(len(value))) if isinstance(value, list) else list(value)
        steps.append(data.draw(st.sampled_from(keys)))
        value = value[steps[-1]]  # type: ignore[index]
    line = line_at(text, steps)
    shown = json.dumps(value, ensure_ascii=False) if not isinstance(value, list | dict) else ""
    assert shown in text.split("\n")[line - 1]
    if steps and isinstance(steps[-1], str):
        assert json.dumps(steps[-1], ensure_ascii=False) in text.split("\n")[line - 1]
