"""What the news room reads out of mastheads, folios and imprints."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsprint import NO_SAMPLES, SAMPLES, block, page, row, truth_of

from epaper.model import Facts, Page, Role, WritingMode
from epaper.news import calendar, imprint, understand
from epaper.news.dates import find_date
from epaper.news.numerals import number


class TestNumerals:
    @pytest.mark.parametrize(
        ("printed", "value"),
        [
            ("12022", 12022),
            ("１２", 12),
            ("二〇一〇", 2010),
            ("二○○八", 2008),
            ("十六", 16),
            ("廿九", 29),
            ("二十", 20),
            ("卅一", 31),
            ("貳拾捌", 28),
            ("三千八百", 3800),
            ("一百零五", 105),
            ("一万二千零二十二", 12022),
            ("2O10", 2010),
        ],
    )
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
            ("今日8版", "8"),
            ("今日十二版", "12"),
            ("本期共16版", "16"),
            ("今日共 24 版", "24"),
            ("第8版", ""),
            ("今日出版", ""),
        ],
    )
    def test_page_count(self, text: str, count: str) -> None:
        assert imprint.page_count(text) == count

    @pytest.mark.parametrize(
        ("text", "issue"),
        [
            ("总第12022期", "12022"),
            ("第三千八百號", "3800"),
            ("總第一二三四號", "1234"),
            ("Edição 21.210", "21210"),
            ("No. 5678", "5678"),
            ("第二版", ""),
        ],
    )
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

    @pytest.mark.parametrize(
        ("drawn", "name"), [("報日山天", "天山日報"), ("报刊文摘", "报刊文摘")]
    )
    def test_a_nameplate_from_the_right_over_text_read_across(self, drawn: str, name: str) -> None:
        date = row("一九三四年六月十四日", 900, 30)
        masthead = block("b001", Role.MASTHEAD, row(drawn, 100, 30, 300), date)
        assert understand(page(masthead)).facts.paper == name

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


def folio(text: str) -> Facts:
    return understand(page(block("b001", Role.FOLIO, row(text, 100, 40)))).facts


class TestFolio:
    @pytest.mark.parametrize(
        ("text", "number", "section", "paper"),
        [
            (
                "02　体育　　2025年1月9日　星期四　　责任编辑:张伟　版式:孙芳　天山晚报",
                "2",
                "体育",
                "天山晚报",
            ),
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
    )
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


def from_truth(truth: dict[str, list[dict[str, object]]]) -> Page:
    """A page with the masthead and folio blocks of a truth file, 10 pixels a millimetre."""
    roles = {
        "nameplate": Role.MASTHEAD,
        "dateblock": Role.MASTHEAD,
        "organ": Role.MASTHEAD,
        "imprint": Role.MASTHEAD,
        "folio": Role.FOLIO,
    }
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


@pytest.mark.skipif(not SAMPLES, reason=NO_SAMPLES)
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_facts_of_the_sample_pages(path: Path) -> None:
    truth = truth_of(path)
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
