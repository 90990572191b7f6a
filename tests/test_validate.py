"""What `validate` finds: one planted error of each kind, with its line."""

from __future__ import annotations

import copy
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from epaper.errors import InputError, LimitError, MissingError
from epaper.export.house import IPTC_ALIASES
from epaper.export.newsml import page_to_newsml
from epaper.export.options import ExportOptions, PictureFile
from epaper.export.validate import Problem, check_message, validate_file
from epaper.export.write import write_issue, write_page
from epaper.export.xmlio import parse
from epaper.geometry import Box
from epaper.model import (
    Article,
    Block,
    Caption,
    Facts,
    Headline,
    Issue,
    Jump,
    JumpKind,
    Page,
    Paragraph,
    Picture,
    Role,
    SourceInfo,
    Story,
)

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = (ROOT / os.environ.get("EPAPER_SHARED", "../shared")).resolve() / "schemas"
OPTIONS = ExportOptions(sent=datetime(2024, 6, 6, tzinfo=UTC))


def jpeg() -> bytes:
    buffer = BytesIO()
    Image.new("L", (8, 6), 128).save(buffer, "JPEG")
    return buffer.getvalue()


def page(number: int, kind: JumpKind, other: int) -> Page:
    return Page(
        id=f"p{number}",
        issue="20240605",
        source=SourceInfo(f"p{number}.pdf"),
        width=1000,
        height=1500,
        dpi=150.0,
        pictures=(Picture("i01", Box(0, 0, 8, 6)),),
        blocks=(Block("b001", Role.BODY, Box(10, 20, 300, 400), ()),),
        articles=(
            Article(
                "a01",
                blocks=("b001",),
                pictures=("i01",),
                headlines=(Headline(Role.HEADLINE, "主题", 0.8),),
                paragraphs=(Paragraph("正文。"),),
                captions=(Caption("图说", "i01", "李四摄"),),
                jumps=(Jump(kind, str(other), f"转{other}版", f"p{other}#a01"),),
            ),
        ),
        facts=Facts(paper="某报", date="2024-06-05", page_number=str(number)),
    )


ISSUE = Issue(
    "20240605",
    (page(1, JumpKind.CONTINUED_ON, 2), page(2, JumpKind.CONTINUED_FROM, 1)),
    (Story("s01", (("p1", "a01"), ("p2", "a01"))),),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for each in ISSUE.pages:
        write_page(each, tmp_path, OPTIONS, {"i01": jpeg()}, ["newsml"], issue=ISSUE)
    return write_issue(ISSUE, tmp_path, OPTIONS)[0].parent


def plant(file: Path, old: str, new: str) -> tuple[list[Problem], int]:
    """Change the first `old`; the problems then found and the line changed."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return validate_file(file), text[: text.index(old)].count("\n") + 1


def test_a_sound_issue_has_no_problems(folder: Path) -> None:
    assert [str(p) for f in sorted(folder.glob("*.xml")) for p in validate_file(f)] == []


PLANTED = {
    "conformance left out": (' conformance="power"', "", "conformance is not given"),
    "conformance core": ('conformance="power"', 'conformance="core"', "conformance is core"),
    "version left out": (' version="1" xml:lang', " xml:lang", "version is not given"),
    "version zero": (' version="1" xml:lang', ' version="0" xml:lang', "version is 0"),
    "element unknown": ("<priority>4</priority>", "<urgent>4</urgent>", "<urgent>"),
    "value of a wrong type": ("<priority>4", "<priority>high", "high"),
    "confidence over 100": ('confidence="80"', 'confidence="180"', "confidence"),
    "box in fractions": ('x="10"', 'x="10.5"', "10.5"),
    "attribute unknown": ("<groupSet ", '<groupSet colour="red" ', "@colour"),
    "time without a day": ("<sent>2024-06-06T", "<sent>T", "<sent>"),
    "alias not declared": ('rel="epm:dpi"', 'rel="xyz:dpi"', "alias xyz"),
    "house name misspelt": ('rel="epm:dpi"', 'rel="epm:dpy"', "epm:dpy is no name"),
    "code without an alias": ('qcode="stat:usable"', 'qcode="usable"', "no QCode"),
    "datatype prefix not declared": (
        'rel="epm:dpi" ',
        'rel="epm:dpi" valuedatatype="xs:integer" ',
        "prefix",
    ),
    "group of nothing": (':p1:a01" contenttype', ':p1:a77" contenttype', ":p1:a77, which is not"),
    "illustration of nothing": (
        'illustratedBy" residref="',
        'illustratedBy" residref="x',
        "is not in the file",
    ),
    "part of another content": (
        'contentrefs="a01-c"',
        'contentrefs="a02-c"',
        "a02-c, which is no id",
    ),
    "text beside paragraphs": ("<p>正文。</p>", "<p>正文。</p>散文", "outside its paragraphs"),
    "div in the body": ("<p>正文。</p>", "<div>正文。</div>", "div stands directly"),
    "markup of another namespace": (
        "<p>正文。</p>",
        '<p xmlns="urn:x">正文。</p>',
        "p stands directly",
    ),
    "picture that is not there": ("p1/picture-01.jpg", "p1/picture-09.jpg", "no picture"),
    "picture of another size": (' size="', ' size="9', "bytes, not 9"),
}


@pytest.mark.parametrize(("old", "new", "message"), PLANTED.values(), ids=PLANTED)
def test_a_planted_error_is_found_at_its_line(
    folder: Path, old: str, new: str, message: str
) -> None:
    problems, line = plant(folder / "p1.xml", old, new)
    assert message in " / ".join(p.message for p in problems)
    near = {p.line for p in problems if message in p.message}
    # Text after an element belongs to its parent, whose tag is a line or two above.
    assert min(abs(line - found) for found in near) <= 2
    assert all(p.path == str(folder / "p1.xml") for p in problems)
    assert all(p.fix for p in problems)


def test_a_missing_pub_status_is_named_with_its_remedy(folder: Path) -> None:
    problems, line = plant(folder / "p1.xml", '<pubStatus qcode="stat:usable"/>', "")
    (problem,) = problems
    assert problem.line < line
    assert "no pubStatus" in problem.message
    assert "stat:usable" in problem.fix


def test_the_same_guid_twice_is_found(folder: Path) -> None:
    problems, line = plant(folder / "p1.xml", ':p1:i01" version', ':p1:a01" version')
    assert [(p.line, "stands twice" in p.message) for p in problems if "twice" in p.message] == [
        (line, True)
    ]


def test_an_article_that_no_group_lists_is_found(folder: Path) -> None:
    text = (folder / "p1.xml").read_text("utf-8")
    start, end = text.index("<itemRef"), text.index("</itemRef>") + len("</itemRef>")
    problems = check_message((text[:start] + text[end:]).encode())
    assert ["no group lists the article" in p.message for p in problems] == [True]


def test_content_that_is_no_xhtml_is_found(folder: Path) -> None:
    text = (folder / "p1.xml").read_text("utf-8")
    start, end = text.index("<html"), text.index("</html>") + len("</html>")
    escaped = text[:start] + "&lt;p&gt;正文。&lt;/p&gt;" + text[end:]
    assert any("not XHTML" in p.message for p in check_message(escaped.encode()))


def test_a_jump_to_a_page_that_is_not_beside_it_is_found(folder: Path) -> None:
    (folder / "p2.xml").unlink()
    problems = validate_file(folder / "p1.xml")
    assert ["in no file of the folder" in p.message for p in problems] == [True]
    assert any(":p2" in p.message for p in validate_file(folder / "issue.xml"))


def test_a_page_away_from_its_issue_is_judged_by_itself(folder: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    shutil.copy(folder / "p1.xml", away)
    shutil.copytree(folder / "p1", away / "p1")
    assert validate_file(away / "p1.xml") == []


def test_a_jump_to_an_article_its_own_page_lacks_is_found(folder: Path) -> None:
    problems, line = plant(folder / "p1.xml", ':p2:a01"', ':p1:a55"')
    assert [(p.line, "is not in the file" in p.message) for p in problems] == [(line, True)]


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b"<a>\n<b>\n</a>", "not well-formed", 3),
        (b"", "not well-formed", 1),
        (b"<html/>", "none of NewsML-G2", 1),
        (b"<newsMessage/>", "none of NewsML-G2", 1),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type", 1),
        (b"<a>\n<p>\x01</p></a>", "not well-formed", 2),
    ],
)
def test_what_is_no_message_is_one_problem(data: bytes, message: str, line: int) -> None:
    (problem,) = check_message(data, "x.xml")
    assert message in problem.message
    assert (problem.path, problem.line) == ("x.xml", line)
    assert str(problem).startswith(f"x.xml:{line}: ")
    assert problem.fix


def test_an_entity_bomb_is_refused_before_it_goes_off() -> None:
    names = "abcdefghijklmnop"
    entities = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise(names))
    bomb = f'<!DOCTYPE x [<!ENTITY a "boom">{entities}]><x y="&p;">&p;</x>'
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(LimitError, match="document type declaration, which is refused"):
            parse(bomb.encode(encoding), "bomb.xml")


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    data = f'<!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}">]><a>&b;</a>'.encode()
    assert "secret" not in " ".join(p.message for p in check_message(data))


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_give_problems_and_never_an_exception(data: bytes) -> None:
    assert check_message(data) != []


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.xml: cannot be read"):
        validate_file(tmp_path / "none.xml")


def test_a_schema_folder_without_the_schema_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="there is no such schema"):
        validate_file(folder / "p1.xml", tmp_path / "schemas")


@pytest.mark.skipif(
    not (SCHEMAS / "NewsML-G2_2.35-spec-All-Power.xsd").is_file(),
    reason=f"THE OFFICIAL XSD IS NOT CHECKED: no NewsML-G2 schema in {SCHEMAS}",
)
class TestOfficialSchema:
    def test_the_issue_is_valid(self, folder: Path) -> None:
        found = [p for f in sorted(folder.glob("*.xml")) for p in validate_file(f, SCHEMAS)]
        assert [str(p) for p in found] == []

    def test_an_element_out_of_order_is_found(self, folder: Path) -> None:
        text = (folder / "p1.xml").read_text("utf-8")
        later = text.replace("<creditline", "<contentCreated>2024</contentCreated><creditline", 1)
        problems = check_message(later.encode(), schemas=SCHEMAS)
        assert any("contentCreated" in p.message for p in problems)
        assert all(p.fix for p in problems)

    @settings(deadline=None, max_examples=150)
    @given(st.randoms(use_true_random=False))
    def test_what_the_profile_lets_pass_the_schema_lets_pass(self, random: Random) -> None:
        pictures = {"i01": PictureFile("p1/picture-01.jpg", 8, 6, 300)}
        root = etree.fromstring(page_to_newsml(ISSUE.pages[0], OPTIONS, pictures, ISSUE))
        elements = list(root.iter("*"))
        element = random.choice(elements[1:])
        change = random.choice(["remove", "repeat", "move", "rename", "attribute"])
        if change == "remove":
            element.getparent().remove(element)
        elif change == "repeat":
            element.addnext(copy.deepcopy(element))
        elif change == "move" and element.getprevious() is not None:
            element.getprevious().addprevious(element)
        elif change == "rename":
            element.tag = random.choice(elements).tag
        elif change == "attribute" and element.attrib:
            element.set(random.choice(list(element.attrib)), random.choice(["", "-1", "x y", "z:"]))
        data = etree.tostring(root)
        if check_message(data) == []:
            assert check_message(data, schemas=SCHEMAS) == []

    def test_a_schema_whose_import_is_missing_is_refused(
        self, folder: Path, tmp_path: Path
    ) -> None:
        alone = tmp_path / "alone"
        alone.mkdir()
        shutil.copy(SCHEMAS / "NewsML-G2_2.35-spec-All-Power.xsd", alone)
        with pytest.raises(MissingError, match=r"imports xml\.xsd"):
            validate_file(folder / "p1.xml", alone)


def test_the_known_aliases_are_those_of_the_iptc_catalog() -> None:
    newsmlg2 = pytest.importorskip("NewsMLG2")
    catalogs = Path(newsmlg2.__file__).parent / "catalogs"
    catalog = etree.parse(catalogs / "catalog.IPTC-G2-Standards_41.xml")
    assert {e.get("alias") for e in catalog.iter("{*}scheme")} == IPTC_ALIASES


def test_a_catalog_that_is_not_at_hand_may_declare_any_alias(folder: Path) -> None:
    text = (folder / "p1.xml").read_text("utf-8")
    other = '<catalogRef href="https://example.net/catalog.xml"/>\n   <catalog>'
    changed = text.replace("<catalog>", other, 1).replace('rel="epm:dpi"', 'rel="xyz:dpi"', 1)
    assert check_message(changed.encode()) == []


def test_a_corrected_page_is_valid_beside_the_others(folder: Path) -> None:
    corrected = replace(ISSUE.pages[0], coverage=1.0)
    write_page(
        corrected,
        folder.parent,
        replace(OPTIONS, version=2),
        {"i01": jpeg()},
        ["newsml"],
        issue=ISSUE,
    )
    assert validate_file(folder / "p1.xml") == []
