"""What the news room reads out of mastheads, folios, bylines, captions and markers."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epaper.geometry import Box, hull
from epaper.model import (
    Article,
    Block,
    Caption,
    Facts,
    Headline,
    JumpKind,
    Line,
    Page,
    Paragraph,
    ParagraphKind,
    Person,
    PersonRole,
    Picture,
    Role,
    SourceInfo,
    WritingMode,
)
from epaper.news import byline, calendar, caption, credits, imprint, jumps, understand
from epaper.news.dateline import lead_in
from epaper.news.dates import find_date
from epaper.news.names import is_name, names_in
from epaper.news.numerals import number
from epaper.news.text import fold, squeeze

SHARED = Path(os.environ.get("EPAPER_SHARED", Path(__file__).parent.parent / "../shared"))
Row = tuple[str, float, float, float]

newsprint = st.text(
    st.one_of(
        st.sampled_from(
            "本报讯记者刘茜通员报道摄图文下转上接第一二版见02A□（）()【】〔／/·。，:： 　\n"
        ),
        st.characters(codec="utf-8", exclude_categories=("Cs",)),
    ),
    max_size=60,
)


def row(text: str, x: float, y: float, size: float = 40) -> Row:
    return text, x, y, size


def block(name: str, role: Role, *rows: Row) -> Block:
    """A block of horizontal rows: text, left, top and em in pixels."""
    lines = tuple(
        Line(text, Box(x, y, x + size * max(1, len(text)), y + size), size)
        for text, x, y, size in rows
    )
    return Block(name, role, hull(line.box for line in lines), lines)


def page(
    *blocks: Block,
    articles: Sequence[Article] = (),
    pictures: Sequence[Picture] = (),
    mode: WritingMode = WritingMode.HORIZONTAL,
) -> Page:
    return Page(
        "p01",
        "issue",
        SourceInfo("p01.pdf"),
        3900,
        5450,
        254.0,
        blocks=blocks,
        articles=tuple(articles),
        pictures=tuple(pictures),
        mode=mode,
    )


def folio(text: str) -> Facts:
    return understand(page(block("b001", Role.FOLIO, row(text, 100, 40)))).facts


def article(*paragraphs: str, **kwargs: object) -> Article:
    texts = tuple(Paragraph(text, blocks=("b001",)) for text in paragraphs)
    return replace(Article("a01", ("b001",), paragraphs=texts), **kwargs)


def read(*paragraphs: str, lines: Sequence[str] = (), **kwargs: object) -> Article:
    rows = [row(text, 100, 100 + 50 * i) for i, text in enumerate(lines or paragraphs)]
    body = block("b001", Role.BODY, *rows)
    return understand(page(body, articles=[article(*paragraphs, **kwargs)])).articles[0]


def texts(found: Article) -> list[str]:
    return [paragraph.text for paragraph in found.paragraphs]


def names(people: Sequence[Person], role: PersonRole) -> list[str]:
    return [person.name for person in people if person.role is role]


class TestNumerals:
    @pytest.mark.parametrize(
        ("printed", "value"),
        [
            ("12022", 12022), ("１２", 12), ("二〇一〇", 2010), ("二○○八", 2008), ("十六", 16),
            ("廿九", 29), ("二十", 20), ("卅一", 31), ("貳拾捌", 28), ("三千八百", 3800),
            ("一百零五", 105), ("一万二千零二十二", 12022), ("2O10", 2010),
        ],
    )  # fmt: skip
    def test_values(self, printed: str, value: int) -> None:
        assert number(printed) == value

    @pytest.mark.parametrize("printed", ["", "版", "第一", "abc"])
    def test_other_text_has_no_value(self, printed: str) -> None:
        assert number(printed) is None

    @given(st.text(max_size=12))
    def test_never_fails(self, text: str) -> None:
        assert number(text) is None or number(text) >= 0


class TestDates:
    @pytest.mark.parametrize(
        ("printed", "day"),
        [
            ("2010年12月16日 星期四", date(2010, 12, 16)),
            ("２０２４年６月５日", date(2024, 6, 5)),
            ("2024 年 6 月 5 日", date(2024, 6, 5)),
            ("2024年6月\n5\n星期三", date(2024, 6, 5)),
            ("二〇一〇年十二月十六日", date(2010, 12, 16)),
            ("二○○八年八月八日", date(2008, 8, 8)),
            ("一九四九年十月一日", date(1949, 10, 1)),
            ("2024-06-05", date(2024, 6, 5)),
            ("2024.6.5", date(2024, 6, 5)),
            ("中華民國二十八年四月廿六日", date(1939, 4, 26)),
            ("中華民國貳拾捌年四月廿六日", date(1939, 4, 26)),
            ("民國113年6月5日", date(2024, 6, 5)),
            ("中華民國元年一月一日", date(1912, 1, 1)),
            ("平成20年4月25日 金曜日", date(2008, 4, 25)),
            ("大清同治 壬申三月二十三日 英四月三十日", date(1872, 4, 30)),
            ("光緒三十年 西曆六月十二日", date(1904, 6, 12)),
            ("Segunda-feira, 28 de maio de 2018", date(2018, 5, 28)),
            ("Wednesday, June 5, 2024", date(2024, 6, 5)),
            ("2024年 第12022期 6月5日 星期三", date(2024, 6, 5)),
            ("本報創刊於民國八年三月三日 中華民國二十八年四月廿六日", date(1939, 4, 26)),
        ],
    )
    def test_forms(self, printed: str, day: date) -> None:
        found = find_date(printed)
        assert found is not None
        assert found.day == day

    @pytest.mark.parametrize(
        "printed",
        ["", "6月5日 星期三", "2024年2月30日", "2024年13月1日", "今日8版", "创刊于1949年10月1日"],
    )
    def test_no_date_is_invented(self, printed: str) -> None:
        assert find_date(printed) is None

    @given(st.dates(date(1901, 1, 1), date(2099, 12, 31)))
    def test_any_day_comes_back(self, day: date) -> None:
        for printed in (f"{day.year}年{day.month}月{day.day}日", day.isoformat()):
            found = find_date(f"某某日报　{printed}　星期三")
            assert found is not None
            assert found.day == day


class TestCalendar:
    def test_agreeing_dates_raise_no_doubt(self) -> None:
        facts = Facts(date="2024-06-05", weekday="星期三", lunar_date="甲辰年四月廿九")
        assert calendar.check(facts) == ()

    def test_wrong_weekday_is_doubted(self) -> None:
        (doubt,) = calendar.check(Facts(date="2024-06-05", weekday="星期四"))
        assert doubt.code == "date-weekday"
        assert "星期三" in doubt.message

    @pytest.mark.parametrize("lunar", ["甲辰年四月廿八", "癸卯年四月廿九", "閏四月廿九"])
    def test_wrong_lunar_date_is_doubted(self, lunar: str) -> None:
        (doubt,) = calendar.check(Facts(date="2024-06-05", lunar_date=lunar))
        assert doubt.code == "date-lunar"
        assert "甲辰年四月廿九" in doubt.message

    @pytest.mark.parametrize(
        ("day", "lunar"),
        [
            ("2023-04-10", "癸卯年闰二月二十"),
            ("2025-01-09", "农历腊月初十"),
            ("2025-01-29", "正月初一"),
            ("1939-04-26", "己卯三月初七"),
        ],
    )
    def test_known_lunar_dates_agree(self, day: str, lunar: str) -> None:
        assert calendar.check(Facts(date=day, lunar_date=lunar)) == ()

    def test_dates_outside_the_table_are_not_judged(self) -> None:
        assert calendar.check(Facts(date="1872-04-30", lunar_date="壬申三月二十二日")) == ()

    @pytest.mark.parametrize(
        ("text", "lunar"),
        [
            ("星期三 甲辰年四月廿九 总第12022期", "甲辰年四月廿九"),
            ("农历四月廿九", "四月廿九"),
            ("農曆甲辰年閏二月初十", "甲辰年閏二月初十"),
            ("二〇一〇年十二月十六日", ""),
            ("中華民國廿八年四月廿六日", ""),
        ],
    )
    def test_lunar_dates_are_found(self, text: str, lunar: str) -> None:
        span = calendar.find_lunar(text)
        assert (text[slice(*span)] if span else "") == lunar

    @given(st.dates(date(1902, 1, 1), date(2099, 12, 31)))
    @settings(max_examples=60)
    def test_written_lunar_dates_parse_back(self, day: date) -> None:
        lunar = calendar.lunar_of(day)
        assert lunar is not None
        assert calendar.parse_lunar(calendar.written(lunar)) == lunar


class TestImprint:
    def test_labelled_fields(self) -> None:
        text = (
            "国内统一连续出版物号 CN65-0010　邮发代号:57-103　网址 www.example.cn\n"
            "邮箱 news@example.com.cn　电话：0994-2345678　新闻热线: 2881100\n"
            "中共某州委员会主管主办　某州日报社出版　今日8版 第138期 总第12022期"
        )
        assert imprint.cn_number(text) == "CN65-0010"
        assert imprint.postal_code(text) == "57-103"
        assert imprint.website(text) == "www.example.cn"
        assert imprint.email(text) == "news@example.com.cn"
        assert imprint.telephone(text) == "2881100"
        assert imprint.publisher(text) == "某州日报社"
        assert imprint.page_count(text) == "8"
        assert imprint.issue_number(text) == "12022"

    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("今日8版", "8"), ("今日十二版", "12"), ("本期共16版", "16"), ("今日共 24 版", "24"),
            ("第8版", ""), ("今日出版", ""),
        ],
    )  # fmt: skip
    def test_page_count(self, text: str, count: str) -> None:
        assert imprint.page_count(text) == count

    @pytest.mark.parametrize(
        ("text", "issue"),
        [
            ("总第12022期", "12022"), ("第三千八百號", "3800"), ("總第一二三四號", "1234"),
            ("Edição 21.210", "21210"), ("No. 5678", "5678"), ("第二版", ""),
        ],
    )  # fmt: skip
    def test_issue_number(self, text: str, issue: str) -> None:
        assert imprint.issue_number(text) == issue

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("责任编辑:张伟　版式:孙芳　天山晚报", ("张伟",)),
            ("责任编辑　张三　李四　美编　王五", ("张三", "李四")),
            ("责编/张三 版式/李四", ("张三",)),
            ("責任編輯：陳大文", ("陳大文",)),
            ("本版编辑: 赵广飞 电话:84395250", ("赵广飞",)),
            ("版式:孙芳 校对:王五", ()),
        ],
    )
    def test_editors_only(self, text: str, expected: tuple[str, ...]) -> None:
        assert imprint.editors(text) == expected


class TestMasthead:
    def front(self, **kwargs: str) -> Page:
        return page(
            block("b001", Role.MASTHEAD, row("北疆日报", 600, 100, 400)),
            block(
                "b002",
                Role.MASTHEAD,
                row("2024年6月", 2760, 100),
                row("5", 2860, 180, 160),
                row("星期三", 2760, 380),
                row("甲辰年四月廿九", 2760, 440),
                row("总第12022期", 2760, 500),
                row("今日8版", 2760, 560),
            ),
            block("b003", Role.MASTHEAD, row("北疆日报社出版", 140, 360)),
            block("b004", Role.MASTHEAD, row("国内统一刊号 CN 65—0010 邮发代号 57—103", 140, 620)),
            **kwargs,
        )

    def test_front_page(self) -> None:
        found = understand(self.front())
        assert found.facts == Facts(
            paper="北疆日报",
            date="2024-06-05",
            page_number="1",
            page_count="8",
            issue_number="12022",
            weekday="星期三",
            lunar_date="甲辰年四月廿九",
            cn_number="CN 65—0010",
            postal_code="57—103",
            publisher="北疆日报社",
        )
        assert found.doubts == ()

    def test_day_beside_year_and_month(self) -> None:
        masthead = block(
            "b001",
            Role.MASTHEAD,
            row("北疆日报", 600, 100, 400),
            row("15", 3100, 150, 160),
            row("2024年6月", 2700, 140),
            row("星期六", 2700, 220),
        )
        assert understand(page(masthead)).facts.date == "2024-06-15"

    def test_misread_nameplate_takes_the_publishers_spelling(self) -> None:
        masthead = block(
            "b001", Role.MASTHEAD, row("北疆日服", 600, 100, 400), row("北疆日报社出版", 140, 600)
        )
        assert understand(page(masthead)).facts.paper == "北疆日报"

    def test_republican_nameplate_from_the_right(self) -> None:
        masthead = block(
            "b001",
            Role.MASTHEAD,
            row("報申", 100, 30, 300),
            row("中華民國二十八年四月廿六日", 100, 400),
            row("第三千八百號", 100, 460),
        )
        facts = understand(page(masthead, mode=WritingMode.VERTICAL)).facts
        assert (facts.paper, facts.date, facts.issue_number) == ("申報", "1939-04-26", "3800")

    def test_missing_date_is_a_doubt(self) -> None:
        found = understand(page(block("b001", Role.MASTHEAD, row("北疆日报", 600, 100, 400))))
        assert [doubt.code for doubt in found.doubts] == ["no-date"]

    def test_contradiction_is_a_doubt_and_stays_as_printed(self) -> None:
        masthead = block(
            "b001",
            Role.MASTHEAD,
            row("北疆日报", 600, 100, 400),
            row("2025年1月9日 星期四 甲辰年四月廿九", 600, 600),
        )
        found = understand(page(masthead))
        assert found.facts.lunar_date == "甲辰年四月廿九"
        assert [doubt.code for doubt in found.doubts] == ["date-lunar"]


class TestFolio:
    @pytest.mark.parametrize(
        ("text", "number", "section", "paper"),
        [
            ("02　体育　　2025年1月9日　星期四　　责任编辑:张伟　版式:孙芳　天山晚报", "2", "体育", "天山晚报"),
            ("A13 體育 2024年6月5日 星期三 明報", "A13", "體育", "明報"),
            ("第七版　国际新闻　２０２４年６月５日　星期三", "7", "国际新闻", ""),
            ("2024年6月5日　星期三　要闻　04", "4", "要闻", ""),
            ("4版·财经 2024.06.05 星期三 责编/张三", "4", "财经", ""),
            ("B02 经济 责任编辑:王红 电话:010-12345678 2024年6月5日", "B2", "经济", ""),
            ("民國113年6月5日 星期三 自由時報 A2 焦點新聞", "A2", "焦點新聞", "自由時報"),
            ("P4 澳聞 2024年6月5日 星期三 澳門日報", "P4", "澳聞", "澳門日報"),
            ("第０３坂　天 气 预 报　2024年6月5日", "3", "天气预报", ""),
            ("2024年6月5日 星期三", "", "", ""),
        ],
    )  # fmt: skip
    def test_number_section_and_paper(
        self, text: str, number: str, section: str, paper: str
    ) -> None:
        facts = folio(text)
        assert (facts.page_number, facts.section, facts.paper) == (number, section, paper)

    def test_number_set_as_a_large_figure_between_small_words(self) -> None:
        head = block(
            "b001",
            Role.FOLIO,
            row("某某日报", 40, 130, 90),
            row("乡村振兴", 1100, 30, 110),
            row("农业农村局协办", 1160, 200, 50),
            row("本版编辑: 赵广飞", 3300, 30, 20),
            row("2010年12月16日", 2300, 220, 40),
            row("星期四", 2800, 220, 40),
            row("第", 2950, 215, 50),
            row("7", 3010, 120, 160),
            row("版", 3200, 215, 50),
        )
        facts = understand(page(head)).facts
        assert (facts.page_number, facts.section, facts.paper) == ("7", "乡村振兴", "某某日报")
        assert facts.editors == ("赵广飞",)


class TestNames:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("张三 李四", ("张三", "李四")),
            ("王黎、邵建武", ("王黎", "邵建武")),
            ("严正孙勇军", ("严正", "孙勇军")),
            ("徐宝康王林昌", ("徐宝康", "王林昌")),
            ("刘　振", ("刘振",)),
            ("刘 振 王 海涛", ("刘振", "王海涛")),
            ("张 三 李 四", ("张三", "李四")),
            ("欧阳 娜娜", ("欧阳娜娜",)),
            ("段心強", ("段心強",)),
            ("阿卜杜拉·买买提", ("阿卜杜拉·买买提",)),
            ("泽仁桑珠", ("泽仁桑珠",)),
            ("王大明／台北", ("王大明",)),
            ("陳小明台北", ("陳小明",)),
            ("今天下午在这里举行", ()),
            ("", ()),
        ],
    )
    def test_lists(self, text: str, expected: tuple[str, ...]) -> None:
        assert names_in(text) == expected

    def test_only_known_surnames_are_surely_names(self) -> None:
        assert is_name("诸葛亮")
        assert is_name("刘 振")
        assert not is_name("共同努力")
        assert not is_name("记者")

    @given(newsprint)
    def test_names_are_printed(self, text: str) -> None:
        for name in names_in(text):
            assert squeeze(name) in squeeze(fold(text))


class TestBylines:
    @pytest.mark.parametrize(
        ("text", "reporters", "others"),
        [
            ("□本报记者 陶维明", ["陶维明"], []),
            ("□□　本报记者　赵广飞", ["赵广飞"], []),
            ("本报记者 张三 李四", ["张三", "李四"], []),
            ("本报通讯员 刘振", [], ["刘振"]),
            ("记者张三 通讯员李四 报道", ["张三"], ["李四"]),
            ("（记者张伟）", ["张伟"], []),
            ("新华社记者王黎、本报记者邵建武", ["王黎", "邵建武"], []),
            ("昌吉日报融媒体记者 张三", ["张三"], []),
            ("本报记者 张三 文/图", ["张三"], []),
            ("文/图 张三", ["张三"], []),
            ("见习记者 张三 实习生 王小明", ["张三"], ["王小明"]),
            ("撰文 李四", ["李四"], []),
            ("記者王大明／台北報導", ["王大明"], []),
            ("By John Smith", ["John Smith"], []),
            ("Da Redação", [], []),
            ("本报评论员", [], []),
        ],
    )
    def test_people_and_duties(self, text: str, reporters: list[str], others: list[str]) -> None:
        credit = credits.parse(text)
        assert credit is not None
        assert credit.duties
        assert names(credit.people, PersonRole.REPORTER) == reporters
        assert [p.name for p in credit.people if p.role is not PersonRole.REPORTER] == others

    @pytest.mark.parametrize(
        "text",
        [
            "记者从发布会上获悉，今年以来",
            "工作人员说。",
            "",
            "记者在现场看到许多热心的志愿者正在忙碌",
        ],
    )
    def test_news_text_is_no_byline(self, text: str) -> None:
        assert byline.whole(text) is None

    def test_byline_block_and_byline_line(self) -> None:
        by_block = understand(
            page(
                block("b001", Role.BYLINE, row("□本报记者 刘振", 100, 100)),
                block("b002", Role.BODY, row("近年来，社区服务有了新变化。", 100, 200)),
                articles=[
                    Article(
                        "a01",
                        ("b001", "b002"),
                        paragraphs=(Paragraph("近年来，社区服务有了新变化。", blocks=("b002",)),),
                    )
                ],
            )
        ).articles[0]
        by_line = read("□本报记者 刘振", "近年来，社区服务有了新变化。")
        for found in (by_block, by_line):
            assert found.byline == "□本报记者 刘振"
            assert found.people == (Person("刘振"),)
            assert texts(found) == ["近年来，社区服务有了新变化。"]

    def test_byline_line_joined_to_the_first_paragraph(self) -> None:
        found = read(
            "□本报记者 刘振近年来，社区服务有了新变化。",
            lines=["□本报记者 刘振", "近年来，社区服务有了", "新变化。"],
        )
        assert found.byline == "□本报记者 刘振"
        assert texts(found) == ["近年来，社区服务有了新变化。"]

    @pytest.mark.parametrize(
        ("end", "printed"),
        [
            ("（张三）", "张三"), ("（记者 张三）", "记者 张三"), (" □本报记者 张三", "□本报记者 张三"),
            ("　张三", "张三"), ("（张三 摄影报道）", "张三 摄影报道"),
        ],
    )  # fmt: skip
    def test_signature_leaves_the_last_paragraph(self, end: str, printed: str) -> None:
        found = read("第一段讲事情。", f"第二段讲完了。{end}")
        assert texts(found) == ["第一段讲事情。", "第二段讲完了。"]
        assert found.byline == printed
        assert [person.name for person in found.people] == ["张三"]

    def test_name_alone_as_last_paragraph_is_a_signature(self) -> None:
        found = read("第一段讲事情。", "程智安")
        assert texts(found) == ["第一段讲事情。"]
        assert found.byline == "程智安"

    def test_words_in_brackets_that_are_no_name_stay(self) -> None:
        for end in ("（笑）", "（附图）", "（见下表）", "（单位：万元）"):
            assert texts(read(f"他说完了。{end}")) == [f"他说完了。{end}"]

    @pytest.mark.parametrize(
        ("text", "dateline", "printed", "reporters"),
        [
            ("本报讯 记者刘茜、通讯员高金花报道:5月15日,记者获悉", "本报讯", "记者刘茜、通讯员高金花", ["刘茜"]),
            ("本报讯 (记者张伟)韩国人自古以来", "本报讯", "记者张伟", ["张伟"]),
            ("新华社莫斯科1月22日电俄罗斯和日本", "新华社莫斯科1月22日电", "", []),
            ("新华社拉萨2月3日电（记者 王黎）西藏", "新华社拉萨2月3日电", "记者 王黎", ["王黎"]),
            ("据新华社阿尔及尔1月10日电（记者王连志、杨元勇）中国", "据新华社阿尔及尔1月10日电",
             "记者王连志、杨元勇", ["王连志", "杨元勇"]),
            ("本报北京1月3日电 今天", "本报北京1月3日电", "", []),
            ("本报昌吉6月5日讯 （记者 刘振）", "本报昌吉6月5日讯", "记者 刘振", ["刘振"]),
            ("〔記者王大明／台北報導〕行政院昨", "台北", "記者王大明／台北報導", ["王大明"]),
            ("（中央社記者王大明華盛頓5日專電）美國", "華盛頓5日專電", "中央社記者王大明", ["王大明"]),
            ("（重慶廿五日海通電）據此間消息", "重慶廿五日海通電", "", []),
            ("（香港廿五日路透社電）華字報", "香港廿五日路透社電", "", []),
            ("【本報訊】昨日", "本報訊", "", []),
            ("本报记者 张三 北京报道 今天", "北京", "本报记者 张三", ["张三"]),
            ("记者从会上获悉，", "", "", []),
            ("新华社电视台的节目", "", "", []),
        ],
    )  # fmt: skip
    def test_lead_in_is_parsed_and_stays(
        self, text: str, dateline: str, printed: str, reporters: list[str]
    ) -> None:
        body = f"{text}，后来事情继续发展，各方都很关注。"
        found = read(body)
        assert texts(found) == [body]
        assert (found.dateline, found.byline) == (dateline, printed)
        assert names(found.people, PersonRole.REPORTER) == reporters

    def test_correspondent_is_no_reporter(self) -> None:
        found = read("本报讯 记者刘茜、通讯员高金花报道:5月15日，记者获悉。")
        assert found.people == (
            Person("刘茜", PersonRole.REPORTER),
            Person("高金花", PersonRole.CORRESPONDENT),
        )

    def test_own_byline_goes_before_the_wires_reporter(self) -> None:
        found = read("□本报记者 李秀英", "据新华社北京1月10日电（记者王连志）中国代表团抵达。")
        assert found.byline == "□本报记者 李秀英"
        assert names(found.people, PersonRole.REPORTER) == ["李秀英"]
        assert names(found.people, PersonRole.OTHER) == ["王连志"]
        assert found.dateline == "据新华社北京1月10日电"

    @given(newsprint)
    def test_lead_in_is_printed(self, text: str) -> None:
        found = lead_in(text)
        assert found.dateline in text
        assert found.byline in text
        for person in (*found.people, *found.others):
            assert squeeze(person.name) in squeeze(fold(text))


class TestCaptions:
    @pytest.mark.parametrize(
        ("text", "credit", "people"),
        [
            ("农民增收。 □本报记者 陶维明摄", "□本报记者 陶维明摄", ["陶维明"]),
            ("应有的诚意。　本报记者 陈静 摄", "本报记者 陈静 摄", ["陈静"]),
            ("高度重视。　杨帆摄", "杨帆摄", ["杨帆"]),
            ("高度重视。杨帆　摄", "杨帆　摄", ["杨帆"]),
            ("图为现场。新华社发（张三摄）", "新华社发（张三摄）", ["张三"]),
            ("图为现场。新华社记者 王小明 摄", "新华社记者 王小明 摄", ["王小明"]),
            ("图为农民在收割。（梁金堂摄）", "梁金堂摄", ["梁金堂"]),
            ("图为现场。（资料图片）", "资料图片", []),
            ("新大楼落成。图片由县委宣传部提供", "图片由县委宣传部提供", []),
            ("球员庆祝。视觉中国供图", "视觉中国供图", []),
            ("现场。张三 李四 摄", "张三 李四 摄", ["张三", "李四"]),
            ("丰收。马依古丽 摄", "马依古丽 摄", ["马依古丽"]),
            ("民眾排隊。（記者王大明攝）", "記者王大明攝", ["王大明"]),
            ("民眾排隊。圖／王大明", "圖／王大明", ["王大明"]),
            ("Chegada a Londres. Italo Santos/Futura Press", "Italo Santos/Futura Press", ["Italo Santos"]),
        ],
    )  # fmt: skip
    def test_credit_leaves_the_caption(self, text: str, credit: str, people: list[str]) -> None:
        parts = caption.split(text)
        assert parts.credit == credit
        assert names(parts.people, PersonRole.PHOTOGRAPHER) == people
        assert parts.text == text[: len(parts.text)]
        assert parts.text.endswith("。") or parts.text.endswith("Londres.")

    @pytest.mark.parametrize(
        "text",
        [
            "图为他拍摄的作品被收藏",
            "6月1日，工人在拍摄",
            "这是一张照片。",
            "他在看图",
            "",
            "张三在讲话。",
        ],
    )
    def test_caption_without_credit_stays_whole(self, text: str) -> None:
        assert caption.split(text) == caption.CaptionParts(text)

    def test_credit_block_goes_to_the_nearest_caption(self) -> None:
        found = understand(
            page(
                block("b001", Role.CAPTION, row("上面的图说。", 100, 400)),
                block("b002", Role.CAPTION, row("下面的图说。", 100, 1400)),
                block("b003", Role.CREDIT, row("张三 摄", 100, 1450)),
                articles=[
                    Article(
                        "a01",
                        ("b001", "b002", "b003"),
                        captions=(
                            Caption("上面的图说。", block="b001"),
                            Caption("下面的图说。", block="b002"),
                        ),
                    )
                ],
            )
        ).articles[0]
        assert [item.credit for item in found.captions] == ["", "张三 摄"]
        assert found.captions[1].people == (Person("张三", PersonRole.PHOTOGRAPHER),)

    @given(newsprint)
    def test_nothing_is_lost_or_invented(self, text: str) -> None:
        parts = caption.split(text)
        assert parts.text in text
        assert parts.credit in text
        removed = len(squeeze(text)) - len(squeeze(parts.text)) - len(squeeze(parts.credit))
        assert 0 <= removed <= 3


class TestJumps:
    @pytest.mark.parametrize(
        ("text", "page_number", "printed"),
        [
            ("(下转02版)", "02", "下转02版"), ("下转第二版", "2", "下转第二版"),
            ("（下转A13版）", "A13", "下转A13版"), ("紧接第四版", "4", "紧接第四版"),
            ("转A13版", "A13", "转A13版"), ("↘见3版", "3", "见3版"), ("詳刊P4", "P4", "詳刊P4"),
            ("详见第5版", "5", "详见第5版"), ("（下轉第四頁）", "4", "下轉第四頁"),
            ("（下转第二版·要闻）", "2", "下转第二版·要闻"), ("▶下接A8", "A8", "下接A8"),
            ("文轉A8", "A8", "文轉A8"), ("下转O2坂", "02", "下转O2坂"),
            ("（下转第二十三版）", "23", "下转第二十三版"), ("2面に続く", "2", "2面に続く"),
            ("Continued on page 4", "4", "Continued on page 4"), ("Pág. 3", "3", "Pág. 3"),
        ],
    )  # fmt: skip
    def test_on_markers(self, text: str, page_number: str, printed: str) -> None:
        marker = jumps.whole(text, at_start=False)
        assert marker is not None
        assert marker.jump.kind is JumpKind.CONTINUED_ON
        assert (marker.jump.page, marker.jump.text) == (page_number, printed)

    @pytest.mark.parametrize(
        ("text", "page_number"),
        [
            ("(上接01版)", "01"), ("上接第一版", "1"), ("上接1版·要闻", "1"), ("（紧接第一版）", "1"),
            ("（上接第一版《服务进社区》）", "1"), ("續A1", "A1"), ("Continued from A1", "A1"),
            ("1面から続く", "1"),
        ],
    )  # fmt: skip
    def test_from_markers(self, text: str, page_number: str) -> None:
        marker = jumps.whole(text, at_start=True)
        assert marker is not None
        assert marker.jump.kind is JumpKind.CONTINUED_FROM
        assert marker.jump.page == page_number

    @pytest.mark.parametrize(
        "text", ["第二版", "见面会", "12", "A4", "转00版", "接着说", "详见附件"]
    )
    def test_other_text_is_no_marker(self, text: str) -> None:
        assert jumps.whole(text) is None

    def test_markers_leave_the_paragraphs(self) -> None:
        found = read("(上接01版)一年一届的评奖开始了。", "获奖作品很多。（下转第三版）")
        assert texts(found) == ["一年一届的评奖开始了。", "获奖作品很多。"]
        assert [(jump.kind, jump.page) for jump in found.jumps] == [
            (JumpKind.CONTINUED_FROM, "01"),
            (JumpKind.CONTINUED_ON, "3"),
        ]

    def test_marker_behind_a_signature(self) -> None:
        found = read("事情讲完了。（张三）（下转02版）")
        assert texts(found) == ["事情讲完了。"]
        assert found.byline == "张三"
        assert [jump.page for jump in found.jumps] == ["02"]

    def test_marker_blocks_headlines_and_paragraphs_of_their_own(self) -> None:
        found = understand(
            page(
                block("b001", Role.JUMP, row("（上接第一版）", 100, 50)),
                block("b002", Role.BODY, row("正文在这里。", 100, 100)),
                articles=[
                    Article(
                        "a01",
                        ("b001", "b002"),
                        headlines=(
                            Headline(Role.HEADLINE, "服务进社区"),
                            Headline(Role.KICKER, "（上接第一版）"),
                        ),
                        paragraphs=(Paragraph("正文在这里。"), Paragraph("↘见3版")),
                    )
                ],
            )
        ).articles[0]
        assert [item.text for item in found.headlines] == ["服务进社区"]
        assert texts(found) == ["正文在这里。"]
        assert [(jump.kind, jump.page) for jump in found.jumps] == [
            (JumpKind.CONTINUED_FROM, "1"),
            (JumpKind.CONTINUED_ON, "3"),
        ]

    def test_references_in_running_text_stay(self) -> None:
        for text in ("他已经转至3版", "情况请详见第5版", "上涨了3%。", "见第3版的报道。"):
            found = read(text)
            assert texts(found) == [text]
            assert found.jumps == ()

    def test_marker_without_a_page_is_a_doubt(self) -> None:
        found = understand(
            page(
                block("b001", Role.JUMP, row("（下转版）", 100, 50)),
                articles=[Article("a01", ("b001",))],
            )
        )
        assert [doubt.code for doubt in found.doubts] == ["jump-unread"]

    @given(newsprint)
    def test_markers_are_cut_without_loss(self, text: str) -> None:
        for find in (jumps.whole, jumps.leading, jumps.trailing):
            marker = find(text)
            if marker is not None:
                assert marker.jump.text in text[marker.start : marker.end]
                assert text[: marker.start] + text[marker.start :] == text
                assert 0 <= marker.start < marker.end <= len(text)


class TestLanguage:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("近年来，昌吉州紧紧围绕便民无极限、服务零距离的理念，以汇聚各方力量为先导", "zh-Hans"),
            ("遼寧省鞍山市公安機關經過積極偵查，於日前成功地將震驚全國的特大搶槍案偵破", "zh-Hant"),
            ("歩行者は、道路を横断してはならず、また、道路を横断している歩行者は、すみやかに", "ja"),
            ("O presidente anunciou na noite de ontem que o preço do óleo nas bombas não terá queda", "pt"),
            ("The president said on Monday that the price of oil was to fall by the end of the week", "en"),
        ],
    )  # fmt: skip
    def test_told_by_the_characters(self, text: str, language: str) -> None:
        body = block("b001", Role.BODY, row(text, 100, 100))
        assert understand(page(body)).language == language

    def test_too_little_text_changes_nothing(self) -> None:
        body = block("b001", Role.BODY, row("简讯", 100, 100))
        assert understand(replace(page(body), language="zh-Hant")).language == "zh-Hant"


class TestRoom:
    @given(st.lists(newsprint, min_size=1, max_size=4), newsprint, newsprint)
    @settings(max_examples=120, deadline=None)
    def test_any_text_passes_and_keeps_its_characters(
        self, paragraphs: list[str], head: str, under: str
    ) -> None:
        blocks = [
            block("b001", Role.BODY, *(row(t, 0, 50 * i) for i, t in enumerate(paragraphs))),
            block("b002", Role.MASTHEAD, row(head, 0, 0, 200), row(under, 0, 300)),
            block("b003", Role.FOLIO, row(under, 0, 0), row(head, 500, 0)),
        ]
        before = article(*paragraphs, captions=(Caption(under),))
        found = understand(page(*blocks, articles=[before])).articles[0]
        left = "".join(squeeze(text) for text in texts(found))
        gone = "".join(squeeze(text) for text in paragraphs)
        characters = iter(gone)
        assert all(char in characters for char in left), "the text left is not in print order"
        taken = squeeze(found.byline) + "".join(squeeze(jump.text) for jump in found.jumps)
        for char in set(gone):
            missing = gone.count(char) - left.count(char) - taken.count(char)
            assert missing <= 0 or not char.isalnum(), f"{char!r} is lost"

    def test_second_pass_changes_nothing(self) -> None:
        body = block("b001", Role.BODY, row("本报讯 记者刘茜报道:会议召开。", 0, 0))
        once = understand(
            page(
                body,
                block("b002", Role.FOLIO, row("02 要闻 2025年1月9日 星期三", 0, 0)),
                articles=[
                    article(
                        "(上接01版)本报讯 记者刘茜报道:会议召开。",
                        "第二段。（张三）（下转03版）",
                        captions=(Caption("图说。张三摄"),),
                    )
                ],
            )
        )
        assert understand(once) == once

    def test_adverts_tables_and_subheads_are_left_alone(self) -> None:
        table = Paragraph("", ParagraphKind.TABLE, rows=(("张三", "下转02版"),))
        subhead = Paragraph("凝聚服务力量", ParagraphKind.SUBHEAD)
        kept = article("正文。", paragraphs=(Paragraph("正文。"), subhead, table))
        advert = article("咨询电话见3版", advert=True)
        body = block("b001", Role.BODY, row("正文。", 0, 0))
        found = understand(page(body, articles=[kept, replace(advert, id="a02")]))
        assert found.articles[0].paragraphs == kept.paragraphs
        assert found.articles[1] == replace(advert, id="a02")


def truth_pages() -> list[Path]:
    return sorted((SHARED / "pages").glob("*.json"))


def from_truth(truth: dict[str, list[dict[str, object]]]) -> Page:
    """A page with the masthead and folio blocks of a truth file, 10 pixels a millimetre."""
    roles = {"nameplate": Role.MASTHEAD, "dateblock": Role.MASTHEAD, "organ": Role.MASTHEAD,
             "imprint": Role.MASTHEAD, "folio": Role.FOLIO}  # fmt: skip
    blocks = []
    for box in truth["boxes"]:
        if box["role"] in roles:
            x, y, _, bottom = (10 * side for side in box["box"])
            lines = str(box["text"]).split("\n")
            step = (bottom - y) / len(lines)
            em = 0.8 * step if box["role"] == "nameplate" else min(50.0, 0.6 * step)
            rows = [row(text, x, y + i * step, em) for i, text in enumerate(lines)]
            blocks.append(block(f"b{len(blocks):03}", roles[str(box["role"])], *rows))
    return page(*blocks)


@pytest.mark.skipif(not truth_pages(), reason="the sample pages (EPAPER_SHARED) are not here")
@pytest.mark.parametrize("path", truth_pages(), ids=lambda path: path.stem)
def test_facts_of_the_sample_pages(path: Path) -> None:
    truth = json.loads(path.read_text(encoding="utf-8"))
    printed = truth["page"]
    facts = understand(from_truth(truth)).facts
    assert facts.paper == printed["paper"]
    assert facts.date == printed["date"]
    assert facts.page_number == str(printed["number"])
    assert facts.section == printed.get("section", "")
    assert facts.cn_number.removeprefix("CN ") == printed.get("cn", "")
    assert facts.issue_number == printed.get("issue", "").strip("总第期")
    assert facts.postal_code == printed.get("postal", facts.postal_code)
    assert facts.lunar_date == printed.get("lunar", facts.lunar_date)
    assert facts.editors == ((printed["editor"],) if "editor" in printed else ())
    assert all(getattr(facts, item.name) is not None for item in fields(facts))


@pytest.mark.skipif(not truth_pages(), reason="the sample pages (EPAPER_SHARED) are not here")
@pytest.mark.parametrize("path", truth_pages(), ids=lambda path: path.stem)
def test_people_of_the_sample_pages(path: Path) -> None:
    truth = json.loads(path.read_text(encoding="utf-8"))
    for item in truth["articles"]:
        by = [box["text"] for box in truth["boxes"]
              if box["role"] == "byline" and box["article"] == item["id"]]  # fmt: skip
        found = read(*by, *item["body"]) if by or item["body"] else None
        if found is not None and "byline" in item:
            assert found.people, item["id"]
            assert found.people[0].name == item["byline"]
            assert item["byline"] in found.byline
        for printed in item["captions"]:
            parts = caption.split(f"{printed['text']}　{printed['credit']}")
            assert (parts.text, parts.credit) == (printed["text"], printed["credit"])
