"""NITF: a document a story, valid and with every field where its readers look."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from epaper.export.nitf import article_to_nitf
from epaper.export.tree_check import doubled_guids
from epaper.export.validate import check_message, validate_file
from epaper.export.write import write_page
from epaper.export.xmlio import NITF, clean
from epaper.model import Article, Caption, Facts, Headline, Issue, Paragraph, Person, Role
from tests.sample import ISSUE, LEAD, OPTIONS, PAGE, SECOND, crops, files

NS = {"n": NITF}


def nitf(article: Article = LEAD, issue: Issue | None = ISSUE) -> etree._Element:
    page = replace(PAGE, articles=(article, *PAGE.articles[1:]))
    return etree.fromstring(article_to_nitf(page, article, OPTIONS, files(page), issue))


def texts(root: etree._Element, path: str) -> list[str]:
    return ["".join(node.itertext()) for node in root.iterfind(path, NS)]


def metas(root: etree._Element) -> dict[str, str]:
    return {m.get("name"): m.get("content") for m in root.iterfind("n:head/n:meta", NS)}


@pytest.mark.parametrize("article", [*PAGE.articles, Article("a09")], ids=lambda a: a.id)
@pytest.mark.parametrize("facts", [PAGE.facts, Facts()], ids=["facts", "no facts"])
def test_every_story_passes_the_official_schema(
    article: Article, facts: Facts, shared: Path
) -> None:
    page = replace(PAGE, facts=facts)
    data = article_to_nitf(page, article, OPTIONS, files(page), ISSUE)
    assert check_message(data, "a.nitf.xml", shared / "schemas") == []


def test_identity_date_and_place_in_the_paper() -> None:
    root = nitf()
    guid = "urn:newsml:example.org:20240605:20240605:20240605-01:a01"
    assert root.get("uno") == guid
    assert root.find(".//n:doc-id", NS).get("id-string") == guid
    assert root.find(".//n:date.issue", NS).get("norm") == "20240605T000000Z"
    assert root.find(".//n:fixture", NS).get("fix-id") == "今日关注"
    published = dict(root.find("n:head/n:pubdata", NS).attrib)
    wanted = {
        "type": "print",
        "name": "昌吉日报",
        "number": "12022",
        "position.section": "要闻",
        "position.sequence": "1",
        "date.publication": "20240605T000000Z",
    }
    assert wanted.items() <= published.items()


def test_headlines_main_first() -> None:
    root = nitf()
    assert texts(root, ".//n:hedline/n:hl1") == ["主题标题"]
    second = [(h.get("class"), h.text) for h in root.iterfind(".//n:hedline/n:hl2", NS)]
    assert second == [("kicker", "贴近社会 贴近读者"), ("deck", "副题")]


def test_the_byline_reads_as_printed_with_its_names_marked() -> None:
    byline = nitf().find(".//n:byline", NS)
    printed = "".join(byline.itertext())
    assert printed.startswith("□本报记者 张三 通讯员 高翔")
    named = [(p.get("class"), p.text) for p in byline.iterfind("n:person", NS)]
    assert named == [("reporter", "张三"), ("correspondent", "高翔"), ("other", "某")]
    assert texts(nitf(), ".//n:dateline") == ["本报北京6月4日电"]


def test_the_body_keeps_paragraphs_subheads_and_tables_in_order() -> None:
    content = nitf().find("n:body/n:body.content", NS)
    names = [etree.QName(child).localname for child in content]
    assert names == ["p", "hl2", "table", "p", "media", "note"]
    assert texts(content, "n:p")[0] == "本报讯 记者张三报道:第一段 <原文> & “引号”。"
    assert texts(content, "n:table/n:tr/n:td") == ["项目", "数量", "甲", "12"]


def test_pictures_carry_their_file_captions_and_credits() -> None:
    media = nitf().find(".//n:media", NS)
    reference = media.find("n:media-reference", NS)
    assert (reference.get("source"), reference.get("width")) == ("picture-01.jpg", "40")
    assert texts(media, "n:media-caption") == ["图为会场。", "小图"]
    assert texts(media, "n:media-producer") == ["本报记者 李四 王五摄", "赵六 摄"]
    assert texts(nitf(), ".//n:note[@class='caption']//n:p") == ["图在别处 孙七 摄"]


def test_jumps_name_the_page_and_lead_to_the_other_part() -> None:
    root = nitf()
    links = [(a.get("class"), a.get("href"), a.text) for a in root.iterfind(".//n:tagline/n:a", NS)]
    assert links == [
        ("continuedOn", "../20240605-02/a01.nitf.xml", "（下转02版）"),
        ("continuedFrom", None, "上接A13版"),
    ]
    assert metas(root)["continuedOnPage"] == "02"
    assert metas(root)["continuedOn"].endswith(":20240605-02:a01")
    assert metas(root)["continuedFromPage"] == "A13"
    series = root.find(".//n:series", NS)
    assert (series.get("series.part"), series.get("series.totalpart")) == ("1", "2")


def test_an_advert_and_a_correction_are_marked() -> None:
    advert = nitf(PAGE.articles[1])
    assert advert.find(".//n:tobject", NS).get("tobject.type") == "advertisement"
    again = replace(OPTIONS, version=2)
    root = etree.fromstring(article_to_nitf(PAGE, LEAD, again, files(PAGE), ISSUE))
    assert root.find(".//n:correction", NS).get("info") == "version 2"
    assert root.get("uno") == nitf().get("uno")


def test_files_lie_in_the_folder_of_the_page_and_refer_to_what_is_there(tmp_path: Path) -> None:
    for page, pictures in ((PAGE, crops()), (SECOND, {})):
        write_page(page, tmp_path, OPTIONS, pictures, ["nitf"], issue=ISSUE)
    folder = tmp_path / "20240605" / "20240605-01"
    made = sorted(folder.glob("*.nitf.xml"))
    assert [p.name for p in made] == [f"{a.id}.nitf.xml" for a in PAGE.articles]
    assert [str(p) for file in made for p in validate_file(file)] == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('source="picture-01.jpg"', 'source="gone.jpg"', "there is no picture gone.jpg"),
        ("../20240605-02/a01", "../20240605-03/a01", "there is no file"),
        ("<hl1>主题标题</hl1>", "<hl1> </hl1>", "headline is empty"),
        ("20240605T000000Z", "5 June 2024", "no date of ISO 8601"),
        ('doc-id id-string="urn', 'doc-id id-string="other', "the doc-id is other"),
    ],
)
def test_a_planted_error_is_found_at_its_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    for page, pictures in ((PAGE, crops()), (SECOND, {})):
        write_page(page, tmp_path, OPTIONS, pictures, ["nitf"], issue=ISSUE)
    file = tmp_path / "20240605" / "20240605-01" / "a01.nitf.xml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    (problem,) = validate_file(file)
    assert message in problem.message and problem.fix
    assert new in file.read_text("utf-8").splitlines()[problem.line - 1]


def test_the_same_story_in_two_files_is_found(tmp_path: Path) -> None:
    write_page(PAGE, tmp_path, OPTIONS, crops(), ["newsml", "nitf"])
    written = sorted(tmp_path.rglob("*.xml"))
    assert list(doubled_guids(written)) == []
    copy = tmp_path / "copy.nitf.xml"
    copy.write_bytes((tmp_path / "20240605" / "20240605-01" / "a01.nitf.xml").read_bytes())
    (problem,) = doubled_guids([*written, copy])
    assert problem.path == str(copy) and "a01.nitf.xml, too" in problem.message


ANY = st.text(max_size=20)


@given(ANY, ANY, st.lists(st.text("张三李四王五 ", max_size=4), max_size=4))
def test_any_text_survives_but_for_what_xml_forbids(
    title: str, words: str, names: list[str]
) -> None:
    article = Article(
        "a01",
        headlines=(Headline(Role.HEADLINE, title),),
        paragraphs=(Paragraph(words),),
        captions=(Caption(words, "i01", title),),
        byline=words,
        people=tuple(Person(name) for name in names),
    )
    root = nitf(article, None)
    assert texts(root, ".//n:hl1") == ([clean(title)] if clean(title).strip() else [])
    kept = [_xml(clean(words))] if clean(words).strip() else []
    assert [_xml(p) for p in texts(root, "n:body/n:body.content/n:p")] == kept
    for byline in texts(root, ".//n:byline"):
        assert _xml(byline).startswith(_xml(clean(words)))


def _xml(text: str) -> str:
    """Line ends as a parser of XML gives them."""
    return re.sub("\r\n?", "\n", text)
