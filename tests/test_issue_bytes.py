"""An issue converted page by page, in any order, or at once: the same bytes in every format."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from lxml import etree

from epaper.cli import main
from epaper.export.formats import NAMES

ISSUE = Path(__file__).resolve().parent.parent / "scans" / "provincial-daily" / "issue.pdf"
G2 = "{http://iptc.org/std/nar/2006-10-01/}"


def split(folder: Path) -> list[Path]:
    """The pages of the sample issue, whose one story goes on on page 2, a file each."""
    folder.mkdir()
    files = []
    with pymupdf.open(ISSUE) as document:
        for number in range(len(document)):
            files.append(folder / f"20240605-{number + 1:02}.pdf")
            with pymupdf.open() as page:
                page.insert_pdf(document, from_page=number, to_page=number)
                page.save(files[-1], garbage=3, deflate=True, no_new_id=True)
    return files


def written(folder: Path) -> dict[str, bytes]:
    """Every file a reader sees, by its path."""
    paths = [p for p in folder.rglob("*") if p.is_file()]
    names = {p: p.relative_to(folder) for p in paths}
    return {
        str(name): path.read_bytes()
        for path, name in names.items()
        if not any(part.startswith(".") for part in name.parts) and path.suffix != ".sqlite"
    }


def convert(given: list[Path], out: Path) -> None:
    options = ["--text", "layer", "-j", "1", "--reproducible", "--formats", ",".join(NAMES)]
    assert main(["convert", *map(str, given), "-o", str(out), *options]) == 0


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The issue at once, and the same with page 2 first and page 1 after it."""
    folder = tmp_path_factory.mktemp("bytes")
    first, *others = split(folder / "day")
    convert([folder / "day"], folder / "once")
    later = first.rename(folder / first.name)
    convert([folder / "day"], folder / "apart")
    later.rename(first)
    assert others
    convert([folder / "day"], folder / "apart")
    return written(folder / "once"), written(folder / "apart")


def test_the_order_of_conversion_leaves_no_trace(
    runs: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    once, apart = runs
    assert set(once) == set(apart)
    assert [name for name, data in once.items() if data != apart[name]] == []
    suffixes = {"".join(Path(name).suffixes[-2:]) for name in once}
    assert {".xml", ".alto.xml", ".page.xml", ".nitf.xml", ".pdf", ".json", ".csv"} <= suffixes


def test_the_story_that_goes_on_is_linked_in_both_pages_and_whole_in_the_issue(
    runs: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    _, apart = runs
    links: dict[str, set[tuple[str, str]]] = {"continuedOn": set(), "continuedFrom": set()}
    for name, data in apart.items():
        if name.endswith(("-01.xml", "-02.xml")):
            for item in etree.fromstring(data).iter(f"{G2}newsItem"):
                for link in item.iterfind(f"{G2}itemMeta/{G2}link"):
                    kind = link.get("rel", "").partition(":")[2]
                    if kind in links:
                        links[kind].add((item.get("guid"), link.get("residref")))
    assert len(links["continuedOn"]) == 1
    assert {(b, a) for a, b in links["continuedFrom"]} == links["continuedOn"]
    (name,) = (name for name in apart if name.endswith("issue.xml"))
    stories = [
        [
            link.get("residref")
            for link in item.iterfind(f"{G2}itemMeta/{G2}link")
            if link.get("rel") == "epr:hasPart"
        ]
        for item in etree.fromstring(apart[name]).iter(f"{G2}newsItem")
    ]
    assert [tuple(parts) for parts in stories if len(parts) > 1] == list(links["continuedOn"])
