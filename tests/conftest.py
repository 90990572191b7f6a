"""What the tests share: sample pages, where they lie, and pages set on the spot."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from epaper.cli import main

ROOT = Path(__file__).resolve().parent.parent

STORY = (
    "本报讯 记者李明报道：昨日上午，城东新建的图书馆迎来第一批读者。馆内设有阅览座位八百个，"
    "藏书三十万册，全年免费开放。馆长介绍，周末还将举办讲座和展览，欢迎市民前来参加。"
)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of sample pages with truth; the test is skipped where it is absent."""
    folder = Path(os.environ.get("EPAPER_SHARED", ROOT / ".." / "shared")).resolve()
    if not (folder / "pages").is_dir():
        pytest.skip(f"the sample pages are not at {folder} (set EPAPER_SHARED)")
    return folder


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDFs of ``scans/``, two issues, converted to the XML formats; not to be changed."""
    out = tmp_path_factory.mktemp("written")
    issues = [str(ROOT / "scans" / name) for name in ("provincial-daily", "old-vertical")]
    formats = "newsml,alto,page,mets,json"
    options = ["--text", "layer", "-j", "1", "--reproducible"]
    assert main(["convert", *issues, "-o", str(out), "--formats", formats, *options]) == 0
    return out


@pytest.fixture(scope="session")
def set_page() -> Callable[..., Path]:
    """Sets a small page, a headline over a story in two columns, as a PDF."""

    def set_one(path: Path, headline: str = "城东图书馆昨日开馆", story: str = STORY) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        with pymupdf.open() as document:
            page = document.new_page(width=400, height=560)
            page.insert_text((50, 80), headline, fontname="china-s", fontsize=28)
            chars = story * 4
            for column in range(2):
                for row in range(24):
                    start = (column * 24 + row) * 14
                    text = chars[start : start + 14]
                    at = (50 + column * 155, 120 + row * 15)
                    page.insert_text(at, text, fontname="china-s", fontsize=10)
            document.subset_fonts()
            document.save(path, deflate=True, no_new_id=True)
        return path

    return set_one
