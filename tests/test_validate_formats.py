"""What `validate` finds in ALTO, PAGE and METS: one planted error of each kind, at its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from epaper.cli import main
from epaper.export.validate import check_message, validate_file
from epaper.export.write import write_issue, write_page
from epaper.export.xmlio import ALTO, PAGE
from tests.readers import SCHEMAS, needs
from tests.test_mets import ISSUE, OPTIONS, jpeg

FORMATS = ("newsml", "alto", "page", "mets")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sound")
    for each in ISSUE.pages:
        crops = {picture.id: jpeg() for picture in each.pictures}
        write_page(each, out, OPTIONS, crops, FORMATS, issue=ISSUE)
    write_issue(ISSUE, out, OPTIONS, FORMATS)
    return out / ISSUE.id


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / ISSUE.id))


PLANTED = {
    "alto: style of nothing": (
        "p1.alto.xml",
        'STYLEREFS="text2',
        'STYLEREFS="text99',
        "TextBlock/@STYLEREFS names text99, which is no id",
    ),
    "alto: tag of nothing": ("p1.alto.xml", 'TAGREFS="tag-masthead"', 'TAGREFS="t"', "names t,"),
    "alto: order of nothing": ("p1.alto.xml", 'REF="b003"', 'REF="b033"', "names b033"),
    "alto: block not in the order": (
        "p1.alto.xml",
        'REF="b003"',
        'REF="b002"',
        "leaves out the TextBlock b003",
    ),
    "alto: id twice": ("p1.alto.xml", 'ID="b003-l1"', 'ID="b002-l1"', "b002-l1 stands 2 times"),
    "alto: box beyond the page": (
        "p1.alto.xml",
        'ID="b003" STYLEREFS="text1" TAGREFS="tag-body tag-a02" HPOS="100"',
        'ID="b003" STYLEREFS="text1" TAGREFS="tag-body tag-a02" HPOS="910"',
        "the TextBlock lies beyond the page of 1000 by 1500",
    ),
    "alto: picture that is not there": (
        "p1.alto.xml",
        "p1/picture-01.jpg",
        "p1/picture-07.jpg",
        "there is no picture p1/picture-07.jpg",
    ),
    "page: region of nothing": (
        "p1.page.xml",
        'regionRef="b003"',
        'regionRef="b033"',
        "RegionRefIndexed/@regionRef names b033",
    ),
    "page: region read twice": (
        "p1.page.xml",
        'regionRef="b003"',
        'regionRef="b002"',
        "names the region b002 twice",
    ),
    "page: id twice": ("p1.page.xml", 'id="b003-l1"', 'id="b002-l1"', "b002-l1 stands 2 times"),
    "page: point beyond the image": (
        "p1.page.xml",
        'points="100,20 ',
        'points="100,20 1001,20 ',
        "leave the image of 1000 by 1500",
    ),
    "page: point before the image": (
        "p1.page.xml",
        'points="100,20 ',
        'points="-1,20 ',
        "leave the image",
    ),
    "page: outline of two points": (
        "p1.page.xml",
        'points="100,200 260,200 260,220 100,220"',
        'points="100,200 260,200"',
        "have 2 points",
    ),
    "page: no image": ("p1.page.xml", 'imageFilename="p1.jpg"', 'imageFilename=""', "no image"),
    "mets: file of nothing": (
        "mets.xml",
        'fptr FILEID="FILE_0001_FULLTEXT"',
        'fptr FILEID="FILE_0009"',
        "fptr/@FILEID names FILE_0009",
    ),
    "mets: description of nothing": (
        "mets.xml",
        'DMDID="DMDLOG_0001"',
        'DMDID="DMDLOG_0099"',
        "div/@DMDID names DMDLOG_0099",
    ),
    "mets: link to nothing": (
        "mets.xml",
        'xlink:to="PHYS_0002"',
        'xlink:to="PHYS_0009"',
        "smLink/@xlink:to names PHYS_0009",
    ),
    "mets: id twice": ("mets.xml", 'ID="PHYS_0002"', 'ID="PHYS_0001"', "PHYS_0001 stands 2 times"),
    "mets: file that is not there": (
        "mets.xml",
        'href="p2.alto.xml"',
        'href="p3.alto.xml"',
        "there is no file p3.alto.xml",
    ),
    "mets: area of nothing": (
        "mets.xml",
        'BEGIN="b003"',
        'BEGIN="b333"',
        "the area names b333, which is no id in p1.alto.xml",
    ),
    "mets: file of another size": ("mets.xml", 'SIZE="', 'SIZE="9', "bytes, not 9"),
    "mets: file of other bytes": (
        "mets.xml",
        'CHECKSUM="',
        'CHECKSUM="0',
        "is not the file whose checksum stands here",
    ),
}


@pytest.mark.parametrize(("name", "old", "new", "message"), PLANTED.values(), ids=PLANTED)
def test_a_planted_error_is_found_at_its_line_with_a_fix(
    folder: Path, name: str, old: str, new: str, message: str
) -> None:
    file = folder / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    line = text[: text.index(old)].count("\n") + 1
    told = [p for p in validate_file(file) if message in p.message]
    assert told, [str(p) for p in validate_file(file)]
    assert all(p.path == str(file) and p.fix for p in told)
    # What is left out is told where it stands itself, not where it should be named; the
    # points of a region stand on the line below it.
    if "leaves out" not in message:
        assert line in {p.line for p in told}


def test_sound_files_have_no_problems(sound: Path) -> None:
    assert [str(p) for f in sorted(sound.glob("*.xml")) for p in validate_file(f, SCHEMAS)] == []


def test_a_text_that_was_corrected_by_hand_is_missed_by_its_mets(folder: Path) -> None:
    page = folder / "p2.alto.xml"
    page.write_text(page.read_text("utf-8").replace("完成", "竣工"), "utf-8")
    (problem,) = validate_file(folder / "mets.xml")
    assert "p2.alto.xml is not the file whose checksum stands here" in problem.message
    assert "convert the issue again" in problem.fix


def test_files_on_a_server_are_not_asked_for(folder: Path) -> None:
    mets = folder / "mets.xml"
    text = mets.read_text("utf-8").replace('href="p2.alto.xml"', 'href="https://x.example/p2.xml"')
    mets.write_text(text, "utf-8")
    assert validate_file(mets) == []


@pytest.mark.parametrize(
    ("namespace", "older", "name"),
    [
        (ALTO, "http://www.loc.gov/standards/alto/ns-v3#", "p1.alto.xml"),
        (PAGE, PAGE.replace("2019", "2013"), "p1.page.xml"),
    ],
)
def test_older_versions_are_checked_by_their_references_alone(
    folder: Path, namespace: str, older: str, name: str
) -> None:
    text = (folder / name).read_text("utf-8").replace(namespace, older)
    assert check_message(text.encode(), name, SCHEMAS) == []
    broken = text.replace('"b003-l1"', '"b002-l1"')
    assert any("stands 2 times" in p.message for p in check_message(broken.encode(), name))


class TestOfficialSchemas:
    @needs("alto-4-4.xsd")
    def test_alto(self, folder: Path) -> None:
        text = (folder / "p1.alto.xml").read_text("utf-8")
        bad = text.replace('BASELINE="', 'BASELINES="', 1)
        assert any("BASELINES" in p.message for p in check_message(bad.encode(), schemas=SCHEMAS))

    @needs("page-2019-07-15.xsd")
    def test_page(self, folder: Path) -> None:
        text = (folder / "p1.page.xml").read_text("utf-8")
        bad = text.replace('type="heading"', 'type="headline"', 1)
        assert any("headline" in p.message for p in check_message(bad.encode(), schemas=SCHEMAS))

    @needs("mets.xsd")
    def test_mets(self, folder: Path) -> None:
        text = (folder / "mets.xml").read_text("utf-8")
        bad = text.replace('BETYPE="IDREF"', 'BETYPE="ID"', 1)
        assert any("BETYPE" in p.message for p in check_message(bad.encode(), schemas=SCHEMAS))

    @needs("mets.xsd")
    def test_schemas_that_import_by_url_are_resolved_in_their_folder(
        self, folder: Path, tmp_path: Path
    ) -> None:
        assert SCHEMAS is not None
        there = tmp_path / "xsd"
        there.mkdir()
        for name in ("xlink.xsd", "xml.xsd"):
            shutil.copy(SCHEMAS / name, there)
        text = (SCHEMAS / "mets.xsd").read_text("utf-8")
        url = "http://www.loc.gov/standards/xlink/xlink.xsd"
        (there / "mets.xsd").write_text(
            text.replace('schemaLocation="xlink.xsd"', f'schemaLocation="{url}"'), "utf-8"
        )
        assert validate_file(folder / "mets.xml", there) == []


class TestTrees:
    """Whole folders of output, on the command line."""

    def test_an_item_that_stands_in_two_files_is_found(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["validate", str(folder)]) == 0
        shutil.copy(folder / "p2.xml", folder / "p9.xml")
        assert main(["validate", str(folder)]) == 1
        told = [line for line in capsys.readouterr().out.splitlines() if "p9.xml:" in line]
        assert f"stands in {folder / 'p2.xml'}, too" in told[0]

    def test_a_corrected_item_beside_the_first_is_none_twice(self, folder: Path) -> None:
        text = (folder / "p2.xml").read_text("utf-8")
        (folder / "p2-corrected.xml").write_text(text.replace(' version="1"', ' version="2"'))
        assert main(["validate", str(folder)]) == 0

    @needs("mets.xsd")
    def test_without_a_schema_the_rest_is_checked(
        self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert SCHEMAS is not None
        some = tmp_path / "xsd"
        some.mkdir()
        for name in ("mets.xsd", "xlink.xsd"):
            shutil.copy(SCHEMAS / name, some)
        alto = folder / "p1.alto.xml"
        alto.write_text(alto.read_text("utf-8").replace('REF="b003"', 'REF="b033"'), "utf-8")
        files = [str(alto), str(folder / "mets.xml")]
        assert main(["validate", *files, "--schemas", str(some)]) == 3
        out, err = capsys.readouterr()
        assert "names b033" in out
        assert err.count("there is no such schema") == 1
