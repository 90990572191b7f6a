"""What importers rely on: the XML a page and an issue become, and the files on disk."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import etree

from epaper.errors import ExitCode, ExportError, InputError
from epaper.export.formats import FormatError
from epaper.export.guids import date_of, item_guid, page_guid, slug
from epaper.export.house import SCHEMES
from epaper.export.jsonfile import json_schema, load_page, page_to_json, shipped_schema
from epaper.export.knowledge import knowledge_item, shipped_knowledge_item
from epaper.export.newsml import issue_to_newsml, page_to_newsml
from epaper.export.options import ExportOptions
from epaper.export.read import read_newsml, read_newsml_bytes
from epaper.export.validate import check_message, validate_file
from epaper.export.write import write_issue, write_page, write_whole
from epaper.export.xmlio import G2, XHTML, clean
from epaper.geometry import Box
from epaper.model import (
    Article,
    Caption,
    Facts,
    Headline,
    Issue,
    Jump,
    JumpKind,
    Page,
    Paragraph,
    ParagraphKind,
    Person,
    PersonRole,
    Role,
    Story,
    WritingMode,
)
from tests.sample import ISSUE, LEAD, OPTIONS, PAGE, SECOND, SENT, crops, files, jpeg

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = (ROOT / os.environ.get("EPAPER_SHARED", "../shared")).resolve() / "schemas"
NS = {"g": G2, "h": XHTML}
needs_xsd = pytest.mark.skipif(
    not (SCHEMAS / "NewsML-G2_2.35-spec-All-Power.xsd").is_file(),
    reason=f"THE OFFICIAL XSD IS NOT CHECKED: no NewsML-G2 schema in {SCHEMAS}",
)


def export(
    page: Page = PAGE, options: ExportOptions = OPTIONS, issue: Issue | None = None
) -> bytes:
    return page_to_newsml(page, options, files(page), issue)


def item(data: bytes, ending: str) -> etree._Element:
    root = etree.fromstring(data)
    return next(e for e in root.iterfind(".//g:itemSet/*", NS) if e.get("guid").endswith(ending))


def texts(node: etree._Element, path: str) -> list[str]:
    return [e.text or "" for e in node.iterfind(path, NS)]


def properties(node: etree._Element, path: str) -> list[tuple[str, str]]:
    return [(e.get("rel").split(":")[1], e.get("value")) for e in node.iterfind(path, NS)]


# The message


@pytest.mark.parametrize("issue", [None, ISSUE], ids=["alone", "in its issue"])
def test_a_page_with_every_feature_is_valid_by_the_profile(issue: Issue | None) -> None:
    assert check_message(export(issue=issue)) == []


@needs_xsd
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(export(), id="page"),
        pytest.param(export(SECOND, issue=ISSUE), id="second page"),
        pytest.param(issue_to_newsml(ISSUE, OPTIONS), id="issue"),
        pytest.param(shipped_knowledge_item(), id="vocabulary"),
        pytest.param(
            export(replace(PAGE, facts=Facts(), articles=(), pictures=())), id="bare page"
        ),
        pytest.param(export(replace(PAGE, facts=Facts(date="2024-13-40"))), id="impossible date"),
    ],
)
def test_messages_pass_the_official_schema(data: bytes) -> None:
    assert check_message(data, schemas=SCHEMAS) == []


def test_items_stand_in_the_order_of_the_contract() -> None:
    root = etree.fromstring(export())
    kinds = [e.find("g:itemMeta/g:itemClass", NS).get("qcode") for e in root.find("g:itemSet", NS)]
    assert kinds == ["ninat:composite", *["ninat:text"] * 3, *["ninat:picture"] * 2]
    header = [etree.QName(e).localname for e in root.find("g:header", NS)]
    assert header == ["sent", "catalogRef", "sender", "transmitId", "priority"]
    assert {e.get("conformance") for e in root.find("g:itemSet", NS)} == {"power"}


def test_the_group_lists_articles_then_adverts_then_loose_pictures() -> None:
    group = item(export(), ":20240605-01").find("g:groupSet/g:group", NS)
    endings = [e.get("residref").rpartition(":")[2] for e in group.iterfind("g:itemRef", NS)]
    assert endings == ["a01", "a03", "a02", "i02"]


def test_the_package_carries_every_fact_under_its_contract_name() -> None:
    package = item(export(), ":20240605-01")
    assert properties(package, "g:contentMeta/g:contentMetaExtProperty") == [
        ("pageNumber", "1"),
        ("pageCount", "8"),
        ("issueNumber", "12022"),
        ("section", "要闻"),
        ("weekday", "星期三"),
        ("lunarDate", "甲辰年四月廿九"),
        ("cnNumber", "CN 65-0010"),
        ("postalCode", "57-1"),
        ("publisher", "昌吉日报社"),
        ("website", "www.example.org"),
        ("email", "a@example.org"),
        ("telephone", "0994-1234567"),
        ("editor", "甲某"),
        ("editor", "乙某"),
        ("source", "20240605 01.pdf"),
        ("imageWidth", "4606"),
        ("imageHeight", "6437"),
        ("dpi", "300"),
        ("coverage", "0.9877"),
    ]
    published = package.find("g:pubHistory/g:published", NS)
    assert published.findtext("g:timestamp", None, NS) == "2024-06-05"
    assert published.findtext("g:name", None, NS) == "昌吉日报"


def test_headlines_come_main_first_with_role_and_confidence() -> None:
    found = [
        (e.get("role"), e.text, e.get("confidence"))
        for e in item(export(), ":a01").iterfind("g:contentMeta/g:headline", NS)
    ]
    assert found == [
        ("eph:main", "主题标题", "97"),
        ("eph:kicker", "贴近社会 贴近读者", "80"),
        ("eph:deck", "副题", "100"),
        ("eph:label", "今日关注", "100"),
    ]


def test_byline_people_and_dateline_have_their_fields() -> None:
    article = item(export(), ":a01")
    assert texts(article, "g:contentMeta/g:by") == ["□本报记者 张三 通讯员 高翔"]
    assert texts(article, "g:contentMeta/g:creator/g:name") == ["张三"]
    assert texts(article, "g:contentMeta/g:contributor/g:name") == ["高翔", "某", "孙七"]
    assert texts(article, "g:contentMeta/g:dateline") == ["本报北京6月4日电"]


def test_the_body_has_only_paragraphs_subheads_and_tables_as_children() -> None:
    body = item(export(), ":a01").find("g:contentSet/g:inlineXML/h:html/h:body", NS)
    assert [etree.QName(e).localname for e in body] == ["p", "h2", "table", "p"]
    assert body[0].text == "本报讯 记者张三报道:第一段 <原文> & “引号”。"
    assert body[3].text == "Latin text, 50% of it here"
    assert [[c.text for c in r] for r in body[2]] == [["项目", "数量"], ["甲", "12"]]


def test_a_resolved_jump_links_and_an_unresolved_one_only_names_the_page() -> None:
    article = item(export(), ":a01")
    links = {
        e.get("rel"): (e.get("residref"), e.findtext("g:title", None, NS))
        for e in article.iterfind("g:itemMeta/g:link", NS)
    }
    other = item_guid("example.org", "20240605", "20240605-02", "a01")
    assert links["epr:continuedOn"] == (other, "（下转02版）")
    assert "epr:continuedFrom" not in links
    marks = dict(properties(article, "g:itemMeta/g:itemMetaExtProperty"))
    assert (marks["continuedOnPage"], marks["continuedFromPage"]) == ("02", "A13")


def test_a_jump_to_an_article_that_the_issue_lacks_makes_no_link() -> None:
    alone = replace(ISSUE, pages=(PAGE,), stories=())
    rels = [e.get("rel") for e in item(export(issue=alone), ":a01").iterfind(".//g:link", NS)]
    assert "epr:continuedOn" not in rels


def test_writing_mode_and_advert_are_marked() -> None:
    data = export()
    modes = dict(properties(item(data, ":a03"), "g:itemMeta/g:itemMetaExtProperty"))
    assert modes["writingMode"] == "vertical-rl"
    genres = [e.get("qcode") for e in item(data, ":a02").iterfind("g:contentMeta/g:genre", NS)]
    assert [g.split(":")[1] for g in genres] == ["advertisement"]
    assert item(data, ":a01").find("g:contentMeta/g:genre", NS) is None


def test_pictures_carry_caption_credit_photographers_and_their_file() -> None:
    picture = item(export(), ":i01")
    captions = [
        (e.get("role"), e.text, e.get("confidence"))
        for e in picture.iterfind("g:contentMeta/g:description", NS)
    ]
    assert captions == [
        ("drol:caption", "图为会场。", "50"),
        ("drol:caption", "小图", "100"),
    ]
    assert texts(picture, "g:contentMeta/g:creditline") == ["本报记者 李四 王五摄", "赵六 摄"]
    assert texts(picture, "g:contentMeta/g:creator/g:name") == ["李四", "王五", "赵六"]
    (back,) = picture.iterfind("g:itemMeta/g:link", NS)
    assert back.get("rel") == "epr:illustrates"
    assert back.get("residref").endswith(":20240605-01:a01")
    remote = picture.find("g:contentSet/g:remoteContent", NS)
    assert remote.get("href") == "20240605-01/picture-01.jpg"
    assert (remote.get("width"), remote.get("height"), remote.get("size")) == ("40", "30", "631")


def test_every_block_of_an_article_has_its_box_in_whole_pixels() -> None:
    parts = item(export(), ":a01").findall("g:partMeta", NS)
    roles = [p.find("g:role", NS).get("qcode").split(":")[1] for p in parts]
    contract = "headline kicker deck label byline lead body subhead caption credit jump"
    assert " ".join(roles) == contract
    first = parts[0].find("g:regionDelim", NS).attrib
    assert dict(first) == {"x": "100", "y": "210", "width": "201", "height": "10"}


def test_masthead_folio_and_furniture_make_no_part() -> None:
    odd = replace(PAGE, articles=(replace(LEAD, blocks=("b013", "b014", "b016", "b007")),))
    found = read_newsml_bytes(export(odd)).articles[0].blocks
    assert {b.role for b in found}.isdisjoint({"masthead", "folio", "furniture"})


def test_the_scheme_base_and_provider_are_options() -> None:
    options = replace(OPTIONS, base="https://cv.example.net/x", provider="https://example.net/")
    root = etree.fromstring(export(options=options))
    uris = {e.get("uri") for e in root.iterfind(".//g:catalog/g:scheme", NS)}
    assert "https://cv.example.net/x/meta/" in uris
    assert root.find(".//g:provider", NS).get("uri") == "https://example.net/"


def test_a_picture_without_a_file_is_refused() -> None:
    with pytest.raises(ExportError, match="picture i01"):
        page_to_newsml(PAGE, OPTIONS, {})


def test_names_with_signs_of_urls_are_escaped_and_found_again(tmp_path: Path) -> None:
    page = replace(PAGE, id="第1版 50%#a?b:c", issue="报 纸/2024")
    paths = write_page(page, tmp_path, OPTIONS, {"i01": jpeg(), "i02": jpeg()}, ["newsml"])
    assert validate_file(paths[0]) == []
    assert "%20" in read_newsml(paths[0]).pictures[0].href


# Stable names and bytes


def test_the_same_page_gives_the_same_bytes_and_only_sent_moves_with_the_clock() -> None:
    later = replace(OPTIONS, sent=datetime(2030, 1, 1, tzinfo=UTC))
    assert export() == export()
    sent = re.compile(rb"<sent>.*?</sent>")
    assert export() != export(options=later)
    assert sent.sub(b"", export()) == sent.sub(b"", export(options=later))


def test_source_date_epoch_sets_the_time_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    data = export(options=replace(OPTIONS, sent=None))
    assert b"<sent>1970-01-02T00:00:00+00:00</sent>" in data
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(ExportError, match="SOURCE_DATE_EPOCH"):
        export(options=replace(OPTIONS, sent=None))


def test_a_corrected_date_or_version_moves_no_guid() -> None:
    corrected = replace(PAGE, facts=replace(PAGE.facts, date="2024-06-06"))
    guids = re.compile(rb'guid="([^"]*)"')
    again = export(corrected, replace(OPTIONS, version=2))
    assert guids.findall(export()) == guids.findall(again)
    assert b' version="2"' in again
    assert b' version="1"' not in again.replace(b'<?xml version="1.0"', b"")


@given(st.lists(st.tuples(st.text(max_size=90), st.text(max_size=90)), min_size=2, unique=True))
def test_different_ids_have_different_ascii_guids(ids: list[tuple[str, str]]) -> None:
    guids = [page_guid("example.org", issue, page) for issue, page in ids]
    assert len(set(guids)) == len(ids)
    assert all(re.fullmatch(r"[!-~]+", guid) for guid in guids)


def test_plain_ids_stay_readable_and_dates_come_from_ids() -> None:
    assert slug("cjrb-2024-06-05-01") == "cjrb-2024-06-05-01"
    assert date_of("昌吉日报", "cjrb-2024-06-05-01") == "20240605"
    assert date_of("a20240605b") == "20240605"
    assert date_of("scan-12345678", "2024-02-30") == "00000000"


# Reading back


def test_reading_back_gives_what_the_page_said() -> None:
    page = read_newsml_bytes(export())
    assert page.facts == PAGE.facts
    assert (page.width, page.height, page.dpi) == (4606, 6437, 300.0)
    assert page.coverage == pytest.approx(PAGE.coverage, abs=1e-4)
    assert [a.id for a in page.articles] == ["a01", "a03", "a02"]
    lead = page.articles[0]
    assert lead.headline() == "主题标题"
    assert [h.role for h in lead.headlines] == [Role.HEADLINE, Role.KICKER, Role.DECK, Role.LABEL]
    assert lead.headline(Role.DECK) == "副题"
    assert (lead.byline, lead.dateline, lead.people) == (LEAD.byline, LEAD.dateline, LEAD.people)
    assert [(p.kind, p.rows) for p in lead.paragraphs] == [
        (p.kind, p.rows) for p in LEAD.paragraphs
    ]
    assert [p.text for p in lead.paragraphs] == [clean(p.text) for p in LEAD.paragraphs]
    assert [(c.text, c.credit, c.photographers) for c in lead.captions] == [
        (c.text, c.credit, tuple(p.name for p in c.people)) for c in LEAD.captions
    ]
    assert [(j.kind, j.page, j.text) for j in lead.jumps] == [
        (j.kind, j.page, j.text) for j in LEAD.jumps
    ]
    assert lead.jumps[0].target == item_guid("example.org", "20240605", "20240605-02", "a01")
    assert lead.jumps[1].target is None
    assert (lead.membership, lead.order) == (0.9, 0.75)
    assert lead.blocks[0].box == Box(100, 210, 301, 220)
    assert [a.advert for a in page.articles] == [False, False, True]
    assert page.articles[1].mode is WritingMode.VERTICAL


def test_reading_something_else_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text("<a/>")
    with pytest.raises(InputError, match=r"x\.xml: is not a NewsML-G2 message"):
        read_newsml(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_newsml(tmp_path / "none.xml")


def test_the_iptc_library_reads_our_items() -> None:
    newsmlg2 = pytest.importorskip("NewsMLG2")
    message = newsmlg2.NewsMLG2Document(export()).get_item()
    assert str(message.header.sent) == SENT.isoformat()
    root = etree.fromstring(export())
    for element in root.find("g:itemSet", NS):
        read = newsmlg2.NewsMLG2Document(etree.tostring(element)).get_item()
        assert read.guid == element.get("guid")
        assert read.conformance == "power"
        status = element.find("g:itemMeta/g:itemClass", NS).get("qcode")
        assert read.itemmeta.itemclass.qcode == status
    lead = newsmlg2.NewsMLG2Document(etree.tostring(item(export(), ":a01"))).get_item()
    assert next(str(h) for h in lead.contentmeta.headline) == "主题标题"


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_any_text_survives_but_for_what_xml_forbids(title: str, body: str, name: str) -> None:
    article = Article(
        "a01",
        headlines=(Headline(Role.HEADLINE, title),),
        paragraphs=(Paragraph(body), Paragraph("t", ParagraphKind.TABLE, rows=((body, "x"),))),
        captions=(Caption(body, "i01", name, (Person(name, PersonRole.PHOTOGRAPHER),)),),
        byline=body,
        people=(Person(name),),
        jumps=(Jump(JumpKind.CONTINUED_ON, name, title),),
    )
    page = replace(PAGE, articles=(article,), facts=Facts(paper=name, section=title))
    data = export(page)
    assert check_message(data) == []
    read = read_newsml_bytes(data).articles[0]
    assert read.byline == clean(body)
    assert read.headline() == (clean(title) if clean(title).strip() else "")
    kept = [clean(body)] if clean(body).strip() else []
    assert [p.text for p in read.paragraphs if p.kind is ParagraphKind.TEXT] == kept
    assert read.paragraphs[-1].rows == ((clean(body), "x"),)
    assert read.jumps[0].page == clean(name)
    assert read_newsml_bytes(data).facts.section == clean(title)


# The issue


def test_an_issue_lists_its_pages_in_order_and_its_whole_stories() -> None:
    data = issue_to_newsml(ISSUE, OPTIONS)
    assert check_message(data) == []
    read = read_newsml_bytes(data)
    assert read.pages == tuple(page_guid("example.org", "20240605", p.id) for p in ISSUE.pages)
    assert (read.facts.paper, read.facts.issue_number, read.facts.section) == (
        "昌吉日报", "12022", "",
    )  # fmt: skip
    (story,) = read.articles
    assert story.headline() == "主题标题"
    assert [p.text for p in story.paragraphs][-2:] == [
        "Latin text, 50% of it here接着的一段。",
        "末段。",
    ]


def test_a_story_links_to_its_parts_and_the_parts_back() -> None:
    story = etree.fromstring(issue_to_newsml(ISSUE, OPTIONS)).find(".//g:newsItem", NS)
    parts = [e.get("residref") for e in story.iterfind("g:itemMeta/g:link", NS)]
    assert parts == [
        item_guid("example.org", "20240605", page, "a01") for page in ("20240605-01", "20240605-02")
    ]
    for page in ISSUE.pages:
        links = item(export(page, issue=ISSUE), ":a01").iterfind("g:itemMeta/g:link", NS)
        assert ("epr:partOf", story.get("guid")) in [
            (e.get("rel"), e.get("residref")) for e in links
        ]


def test_a_story_with_a_part_that_is_not_there_is_refused() -> None:
    broken = replace(ISSUE, stories=(Story("s01", (("20240605-09", "a01"),)),))
    with pytest.raises(ExportError, match="20240605-09#a01"):
        issue_to_newsml(broken, OPTIONS)


# The vocabulary


def test_the_shipped_vocabulary_is_what_the_schemes_say() -> None:
    assert shipped_knowledge_item() == knowledge_item(ExportOptions())
    assert check_message(shipped_knowledge_item()) == []


def test_every_house_name_in_use_is_described_in_english_and_chinese() -> None:
    concepts = {
        c.find("g:conceptId", NS).get("qcode"): {
            n.get("{http://www.w3.org/XML/1998/namespace}lang") for n in c.iterfind("g:name", NS)
        }
        for c in etree.fromstring(shipped_knowledge_item()).iterfind(".//g:concept", NS)
    }
    assert all(languages == {"en", "zh-Hans"} for languages in concepts.values())
    used = set()
    everything = replace(LEAD, blocks=tuple(b.id for b in PAGE.blocks))
    page = replace(PAGE, articles=(everything, *PAGE.articles[1:]))
    for data in (export(page, issue=ISSUE), issue_to_newsml(ISSUE, OPTIONS)):
        for node in etree.fromstring(data).iter(f"{{{G2}}}*"):
            used |= {node.get(k) for k in ("rel", "role", "qcode") if node.get(k)}
    house = {code for code in used if code.split(":")[0] in SCHEMES}
    assert len(house) > 40
    assert house <= set(concepts)


# Files


def test_a_page_is_written_where_the_contract_says_and_is_valid_there(tmp_path: Path) -> None:
    paths = write_page(PAGE, tmp_path, OPTIONS, crops(), ["newsml", "json", "txt"])
    folder = tmp_path / "20240605"
    assert {p.relative_to(folder).as_posix() for p in paths} == {
        "20240605-01.xml",
        "20240605-01.json",
        "20240605-01.txt",
        *(f"20240605-01/{article.id}.txt" for article in PAGE.articles),
        "20240605-01/picture-01.jpg",
        "20240605-01/picture-02.jpg",
    }
    assert all(p.is_file() for p in paths)
    assert not list(tmp_path.rglob("*.part"))
    assert validate_file(folder / "20240605-01.xml") == []
    assert read_newsml(folder / "20240605-01.xml").pictures[1].width == 7


def test_an_issue_written_whole_has_no_dangling_reference(tmp_path: Path) -> None:
    for page in ISSUE.pages:
        given_crops = crops() if page is PAGE else {}
        write_page(page, tmp_path, OPTIONS, given_crops, ["newsml"], issue=ISSUE)
    (path,) = write_issue(ISSUE, tmp_path, OPTIONS)
    assert path == tmp_path / "20240605" / "issue.xml"
    assert [str(p) for f in sorted(path.parent.glob("*.xml")) for p in validate_file(f)] == []


def test_json_brings_the_page_back_exactly(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(page_to_json(PAGE))
    assert load_page(path) == PAGE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "no page in JSON"),
        ('{"schema": "epaper-page", "version": 99, "page": {}}', "version 99"),
        ('{"schema": "epaper-page", "version": 1, "page": {"id": 3}}', "no page in JSON"),
    ],
)
def test_a_json_file_of_another_kind_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(text)
    with pytest.raises(InputError, match=reason):
        load_page(path)


def test_the_shipped_json_schema_is_that_of_the_model() -> None:
    assert shipped_schema() == json_schema(), (
        "the model has changed: write json_schema() to epaper/export/schema, and raise VERSION "
        "where a field has gone or means something else"
    )


def test_pages_in_json_pass_the_schema_and_others_do_not() -> None:
    schema = json.loads(shipped_schema())
    Draft202012Validator.check_schema(schema)
    judge = Draft202012Validator(schema)
    made = json.loads(page_to_json(PAGE))
    assert list(judge.iter_errors(made)) == []
    for break_it in (
        lambda d: d.update(version=2),
        lambda d: d["page"].pop("id"),
        lambda d: d["page"]["articles"][0].update(mode="sideways"),
        lambda d: d["page"]["blocks"][0]["box"].update(x0="left"),
    ):
        broken = json.loads(page_to_json(PAGE))
        break_it(broken)
        assert list(judge.iter_errors(broken)) != []


def test_plain_text_holds_the_stories_in_order(tmp_path: Path) -> None:
    write_page(PAGE, tmp_path, OPTIONS, crops(), ["txt"])
    text = (tmp_path / "20240605" / "20240605-01.txt").read_text("utf-8")
    order = [
        "今日关注",
        "贴近社会",
        "主题标题",
        "副题",
        "□本报记者",
        "小标题",
        "图为会场",
        "竖排",
        "遗失",
    ]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)
    assert "\x0b" not in text
    first = tmp_path / "20240605" / "20240605-01" / f"{LEAD.id}.txt"
    assert first.read_text("utf-8").strip() in text


def test_texts_of_stories_that_are_gone_go_too(tmp_path: Path) -> None:
    write_page(PAGE, tmp_path, OPTIONS, crops(), ["txt"])
    write_page(replace(PAGE, articles=(LEAD,)), tmp_path, OPTIONS, crops(), ["txt"])
    folder = tmp_path / "20240605" / "20240605-01"
    assert [p.name for p in folder.glob("*.txt")] == [f"{LEAD.id}.txt"]


def test_an_unknown_format_is_a_usage_error_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="there are newsml, ") as caught:
        write_page(PAGE, tmp_path, OPTIONS, crops(), ["newsml", "docx"])
    assert caught.value.exit_code is ExitCode.USAGE
    assert list(tmp_path.rglob("*")) == []


def test_an_invalid_page_is_not_written(tmp_path: Path) -> None:
    twice = replace(PAGE, articles=(LEAD, LEAD))
    with pytest.raises(ExportError, match="would not be valid"):
        write_page(twice, tmp_path, OPTIONS, crops(), ["newsml"])
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", jpeg()[:2]])
def test_a_crop_that_is_no_jpeg_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ExportError, match="no JPEG"):
        write_page(PAGE, tmp_path, OPTIONS, crops() | {"i01": data}, ["newsml"])


@pytest.mark.parametrize(
    ("page_id", "issue"), [("../up", "i"), ("a", "../up"), ("a", "/etc"), ("issue", "i"), ("", "i")]
)
def test_ids_that_would_leave_the_output_are_refused(
    tmp_path: Path, page_id: str, issue: str
) -> None:
    page = replace(PAGE, id=page_id, issue=issue)
    with pytest.raises(ExportError):
        write_page(page, tmp_path / "out", OPTIONS, crops(), ["newsml"])
    assert list(tmp_path.rglob("*")) == []


def test_pictures_of_an_earlier_run_go_when_the_page_has_fewer(tmp_path: Path) -> None:
    write_page(PAGE, tmp_path, OPTIONS, crops(), ["newsml"])
    fewer = replace(PAGE, pictures=PAGE.pictures[:1])
    write_page(fewer, tmp_path, OPTIONS, crops(), ["newsml"])
    left = [p.name for p in (tmp_path / "20240605" / "20240605-01").iterdir()]
    assert left == ["picture-01.jpg"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xml"
    write_whole(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match=r"a\.xml: cannot be written: No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.xml"]


def test_pictures_stay_when_only_the_text_formats_are_written_again(tmp_path: Path) -> None:
    write_page(PAGE, tmp_path, OPTIONS, crops(), ["newsml"])
    write_page(PAGE, tmp_path, OPTIONS, {}, ["json", "txt"])
    assert validate_file(tmp_path / "20240605" / "20240605-01.xml") == []


# Corrections

LATER = "2024-06-07T09:12:00+00:00"


def versions(path: Path) -> dict[str, tuple[str, str]]:
    """Version and the time it came to be, by guid, of every item of a message."""
    return {
        item.get("guid"): (item.get("version"), item.findtext("{*}itemMeta/{*}versionCreated"))
        for item in etree.parse(path).find("{*}itemSet")
    }


def test_a_correction_raises_the_versions_of_what_it_touches_and_no_guid(tmp_path: Path) -> None:
    def write(first: Page, sent: datetime) -> tuple[dict[str, tuple[str, str]], ...]:
        issue = replace(ISSUE, pages=(first, SECOND))
        for page in issue.pages:
            given = crops() if page is first else {}
            options = replace(OPTIONS, sent=sent)
            write_page(page, tmp_path, options, given, ["newsml", "nitf"], issue=issue)
        write_issue(issue, tmp_path, options)
        names = (first.id, SECOND.id, "issue")
        return tuple(versions(tmp_path / "20240605" / f"{name}.xml") for name in names)

    before = write(PAGE, SENT)
    mended = replace(PAGE.articles[0], byline="□本报记者 张叁")
    mended_page = replace(PAGE, articles=(mended, *PAGE.articles[1:]), version=2, corrected=LATER)
    after = write(mended_page, SENT)
    assert [set(found) for found in after] == [set(found) for found in before]
    page, other, issue = after
    assert set(page.values()) == {("2", LATER)}
    assert other == before[1]
    # The package of the issue and its one story, which has a part on the page.
    assert set(issue.values()) == {("2", LATER)}
    again = write(mended_page, datetime(2024, 7, 1, tzinfo=UTC))
    assert (again[0], again[2]) == (page, issue)
    problems = [p for f in (tmp_path / "20240605").rglob("*.xml") for p in validate_file(f)]
    assert [str(problem) for problem in problems] == []
    nitf = etree.parse(tmp_path / "20240605" / "20240605-01" / "a01.nitf.xml")
    assert nitf.find(".//{*}correction").get("info") == "version 2"
    assert nitf.find(".//{*}date.release").get("norm") == "20240607T091200+0000"


# The importer of the manual


def test_the_importer_in_the_manual_runs_on_our_output(tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "newsml-profile.md").read_text("utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", manual, re.DOTALL)
    write_page(PAGE, tmp_path, OPTIONS, crops(), ["newsml"])
    importer = tmp_path / "importer.py"
    importer.write_text(script, "utf-8")
    done = subprocess.run(
        [sys.executable, str(importer), str(tmp_path / "20240605" / "20240605-01.xml")],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    for words in ("昌吉日报", "2024-06-05", "主题标题", "张三", "小标题", "图为会场", "李四", "02"):
        assert words in done.stdout


def test_the_manual_names_every_house_term() -> None:
    manual = (ROOT / "docs" / "newsml-profile.md").read_text("utf-8")
    missing = [n for s in SCHEMES.values() for n in s.terms if f"`{n}`" not in manual]
    assert missing == []
