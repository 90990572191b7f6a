"""The IIIF manifest: what a viewer shows, judged by a library that others wrote."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest
from PIL import Image

from epaper.errors import ExportError
from epaper.export.iiif import Companion, issue_to_iiif
from epaper.export.options import Sheet
from epaper.export.pageimage import page_to_jpeg
from epaper.export.write import write_issue, write_page
from epaper.model import Issue
from tests.sample import ISSUE, LEAD, OPTIONS, PAGE, SECOND, crops

BASE = "http://example.org/iiif/20240605"
PDF = Companion("pdf", ".pdf", "application/pdf")
ALTO = Companion("alto", ".alto.xml", "text/xml")
JPG = Companion("jpg", ".jpg", "image/jpeg")


def manifest(issue: Issue = ISSUE, *companions: Companion, **options: str) -> Any:
    return json.loads(issue_to_iiif(issue, replace(OPTIONS, **options), companions))


@pytest.mark.parametrize("issue", [ISSUE, Issue("一期/第 1", (SECOND,))], ids=["all", "bare"])
@pytest.mark.parametrize("companions", [(), (PDF, ALTO, JPG)], ids=["alone", "with files"])
def test_the_manifest_passes_an_independent_library(
    issue: Issue, companions: tuple[Companion, ...]
) -> None:
    prezi = pytest.importorskip(
        "iiif_prezi3",
        reason="THE MANIFEST IS NOT JUDGED BY OTHERS: pip install --no-deps iiif-prezi3",
    )
    made = manifest(issue, *companions)
    assert len(prezi.Manifest(**made).items) == len(issue.pages)
    assert made["id"].isascii()
    made["items"][0]["height"] = "tall"
    with pytest.raises(ValueError, match="height"):
        prezi.Manifest(**made)


def test_a_canvas_is_a_page_in_its_pixels_with_its_picture() -> None:
    canvas = manifest(ISSUE)["items"][0]
    assert (canvas["width"], canvas["height"]) == (PAGE.width, PAGE.height)
    assert canvas["label"] == {"zh-Hans": ["第1版 要闻"]}
    body = canvas["items"][0]["items"][0]["body"]
    (service,) = body["service"]
    assert service["id"] == "http://example.org/iiif/image/20240605%2F20240605-01"
    assert body["id"] == f"{service['id']}/full/max/0/default.jpg"


def test_the_picture_is_the_file_where_it_is_written_and_the_service_an_option() -> None:
    body = manifest(ISSUE, JPG)["items"][0]["items"][0]["items"][0]["body"]
    assert body["id"] == f"{BASE}/20240605-01.jpg"
    assert "service" not in body
    served = manifest(ISSUE, iiif_images="https://images.example.org/iiif/3/")
    assert served["items"][0]["items"][0]["items"][0]["body"]["id"].startswith(
        "https://images.example.org/iiif/3/20240605%2F"
    )


def test_other_files_of_a_page_are_named() -> None:
    canvas = manifest(ISSUE, PDF, ALTO, JPG)["items"][0]
    assert [link["id"] for link in canvas["rendering"]] == [f"{BASE}/20240605-01.pdf"]
    assert [link["id"] for link in canvas["seeAlso"]] == [f"{BASE}/20240605-01.alto.xml"]


def test_a_range_is_a_story_over_the_places_of_its_parts() -> None:
    blocks = tuple(b for b in PAGE.blocks if b.id == "b004")
    second = replace(
        SECOND, blocks=blocks, articles=(replace(SECOND.articles[0], blocks=("b004",)),)
    )
    issue = replace(ISSUE, pages=(PAGE, second))
    (stories,) = manifest(issue)["structures"]
    (story,) = stories["items"]
    assert story["label"] == {"zh-Hans": ["主题标题"]}
    ids = [item["id"] for item in story["items"]]
    assert ids[0].startswith(f"{BASE}/20240605-01/canvas#xywh=")
    assert ids[1] == f"{BASE}/20240605-02/canvas#xywh=100,240,201,10"


def test_an_annotation_is_a_story_with_its_text_at_its_places() -> None:
    pages = manifest(ISSUE)["items"][0]["annotations"]
    texts = pages[0]["items"]
    assert {note["motivation"] for note in texts} == {"supplementing"}
    assert "本报讯 记者张三报道" in texts[0]["body"]["value"]
    assert len(texts[0]["target"]) == len(LEAD.blocks)


def test_a_jump_leads_to_the_other_part() -> None:
    blocks = tuple(b for b in PAGE.blocks if b.id == "b004")
    second = replace(
        SECOND, blocks=blocks, articles=(replace(SECOND.articles[0], blocks=("b004",)),)
    )
    made = manifest(replace(ISSUE, pages=(PAGE, second)))
    (forth,) = made["items"][0]["annotations"][1]["items"]
    (back,) = made["items"][1]["annotations"][1]["items"]
    assert forth["body"]["id"].startswith(f"{BASE}/20240605-02/canvas#xywh=")
    assert back["body"]["id"].startswith(f"{BASE}/20240605-01/canvas#xywh=")
    assert forth["label"] == {"zh-Hans": ["（下转02版）"]}


def test_date_and_direction() -> None:
    assert manifest(ISSUE)["navDate"] == "2024-06-05T00:00:00Z"
    assert manifest(ISSUE)["viewingDirection"] == "left-to-right"
    assert "navDate" not in manifest(Issue("i", (SECOND,)))


def test_the_manifest_lies_beside_the_pages_it_names(tmp_path: Path) -> None:
    sheet = Sheet(image=np.full((60, 40, 3), 200, np.uint8))
    formats = ["newsml", "jpg", "iiif"]
    for page, pictures in ((PAGE, crops()), (SECOND, {})):
        write_page(page, tmp_path, OPTIONS, pictures, formats, issue=ISSUE, sheet=sheet)
    paths = write_issue(ISSUE, tmp_path, OPTIONS, formats)
    assert [p.name for p in paths] == ["issue.xml", "manifest.json"]
    made = json.loads(paths[1].read_bytes())
    names = [c["items"][0]["items"][0]["body"]["id"] for c in made["items"]]
    assert all((paths[1].parent / name.rpartition("/")[2]).is_file() for name in names)


def test_the_picture_of_a_page_has_its_pixels(tmp_path: Path) -> None:
    path = tmp_path / "p.pdf"
    with pymupdf.open() as document:
        document.new_page(width=100, height=150).draw_rect((0, 0, 50, 75), fill=(1, 0, 0))
        document.save(path)
    page = replace(PAGE, width=417, height=625)
    with Image.open(BytesIO(page_to_jpeg(page, Sheet(pdf=path)))) as image:
        assert image.size == (417, 625)
        red, *_ = image.getpixel((100, 100))
        assert red > 200
    with pytest.raises(ExportError, match="no picture of the page"):
        page_to_jpeg(page, Sheet())
