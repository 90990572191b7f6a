"""Names, bylines, signatures and lead-ins."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from newsprint import NO_SAMPLES, SAMPLES, block, names, newsprint, page, read, row, texts, truth_of

from epaper.model import Article, Headline, Paragraph, Person, PersonRole, Role
from epaper.news import byline, caption, credits, understand
from epaper.news.credits import parse
from epaper.news.dateline import lead_in
from epaper.news.names import is_name, names_in
from epaper.news.text import fold, squeeze


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
            ("谭平汪怀瑾", ("谭平", "汪怀瑾")),
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

    @pytest.mark.parametrize("text", ["、文/黃志強", "文本報記者黃志強", "□文本報記者黃志強"])
    def test_of_a_byline_whose_mark_was_torn_the_names_are_found(self, text: str) -> None:
        credit = parse(text)
        assert credit is not None
        assert [person.name for person in credit.people] == ["黃志強"]

    def test_only_known_surnames_are_surely_names(self) -> None:
        assert is_name("诸葛亮")
        assert is_name("刘 振")
        assert not is_name("共同努力")
        assert not is_name("记者")

    @given(newsprint)
    def test_names_are_printed(self, text: str) -> None:
        for name in names_in(text):
            assert squeeze(name) in squeeze(fold(text))


class TestNamesUnderAHeadline:
    def understood(self, deck: str) -> tuple[Article, Role]:
        found = understand(
            page(
                block("b001", Role.HEADLINE, row("服务进社区", 100, 0, 80)),
                block("b002", Role.DECK, row(deck, 100, 90)),
                block("b003", Role.BODY, row("正文在这里。", 100, 150)),
                articles=[
                    Article(
                        "a01",
                        ("b001", "b002", "b003"),
                        headlines=(
                            Headline(Role.HEADLINE, "服务进社区"),
                            Headline(Role.DECK, deck),
                        ),
                        paragraphs=(Paragraph("正文在这里。"),),
                    )
                ],
            )
        )
        return found.articles[0], found.blocks[1].role

    def test_are_the_byline(self) -> None:
        article, role = self.understood("于蕾 朱云 黄振")
        assert [person.name for person in article.people] == ["于蕾", "朱云", "黄振"]
        assert [item.role for item in article.headlines] == [Role.HEADLINE]
        assert role is Role.BYLINE

    def test_other_words_stay_a_deck(self) -> None:
        article, role = self.understood("全年计划投资五千万元")
        assert article.byline == ""
        assert [item.text for item in article.headlines] == ["服务进社区", "全年计划投资五千万元"]
        assert role is Role.DECK


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
            ("（张三）", "张三"),
            ("（记者 张三）", "记者 张三"),
            (" □本报记者 张三", "□本报记者 张三"),
            ("　张三", "张三"),
            ("（张三 摄影报道）", "张三 摄影报道"),
        ],
    )
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
            (
                "本报讯 记者刘茜、通讯员高金花报道:5月15日,记者获悉",
                "本报讯",
                "记者刘茜、通讯员高金花",
                ["刘茜"],
            ),
            ("本报讯 (记者张伟)韩国人自古以来", "本报讯", "记者张伟", ["张伟"]),
            ("新华社莫斯科1月22日电俄罗斯和日本", "新华社莫斯科1月22日电", "", []),
            ("新华社拉萨2月3日电（记者 王黎）西藏", "新华社拉萨2月3日电", "记者 王黎", ["王黎"]),
            (
                "据新华社阿尔及尔1月10日电（记者王连志、杨元勇）中国",
                "据新华社阿尔及尔1月10日电",
                "记者王连志、杨元勇",
                ["王连志", "杨元勇"],
            ),
            ("本报北京1月3日电 今天", "本报北京1月3日电", "", []),
            ("本报昌吉6月5日讯 （记者 刘振）", "本报昌吉6月5日讯", "记者 刘振", ["刘振"]),
            ("〔記者王大明／台北報導〕行政院昨", "台北", "記者王大明／台北報導", ["王大明"]),
            (
                "（中央社記者王大明華盛頓5日專電）美國",
                "華盛頓5日專電",
                "中央社記者王大明",
                ["王大明"],
            ),
            ("（重慶廿五日海通電）據此間消息", "重慶廿五日海通電", "", []),
            ("（香港廿五日路透社電）華字報", "香港廿五日路透社電", "", []),
            ("【本報訊】昨日", "本報訊", "", []),
            ("本报记者 张三 北京报道 今天", "北京", "本报记者 张三", ["张三"]),
            ("记者从会上获悉，", "", "", []),
            ("新华社电视台的节目", "", "", []),
        ],
    )
    def test_lead_in_is_parsed_and_stays(
        self, text: str, dateline: str, printed: str, reporters: list[str]
    ) -> None:
        body = f"{text}，后来事情继续发展，各方都很关注。"
        found = read(body)
        assert texts(found) == [body]
        assert (found.dateline, found.byline) == (dateline, printed)
        assert names(found.people, PersonRole.REPORTER) == reporters

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("新華社安遠六月二十一日電記者郭雅琴）近日", ["郭雅琴"]),
            ("本報訊」）記者吳偉報導近日", ["吳偉"]),
            ("本报讯 记者近日从县（市）里了解到", []),
        ],
    )
    def test_a_bracket_of_which_half_was_not_read_hides_no_reporter(
        self, text: str, names: list[str]
    ) -> None:
        found = lead_in(text)
        assert found.dateline
        assert [person.name for person in found.people] == names

    def test_people_of_a_second_lead_in_stand_in_print_order(self) -> None:
        found = lead_in("本报讯（记者陈小红） 记者汪倩 韩思远 曹楠 常刚、通讯员邱传志报道：养殖户")
        names = ["汪倩", "韩思远", "曹楠", "常刚", "邱传志"]
        assert [person.name for person in found.others] == names

    def test_lead_in_that_breaks_after_a_name_stays(self) -> None:
        body = "本报讯 记者黄丽报道:马寅初平反本来静悄悄，后来才有人发现。"
        found = read(
            body, lines=["本报讯 记者黄丽报", "道:马寅初平反本来静悄悄", "，后来才有人发现。"]
        )
        assert texts(found) == [body]
        assert found.byline == "记者黄丽"

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


@pytest.mark.skipif(not SAMPLES, reason=NO_SAMPLES)
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_people_of_the_sample_pages(path: Path) -> None:
    truth = truth_of(path)
    for item in truth["articles"]:
        by = [
            box["text"]
            for box in truth["boxes"]
            if box["role"] == "byline" and box["article"] == item["id"]
        ]
        found = read(*by, *item["body"]) if by or item["body"] else None
        if found is not None and "byline" in item:
            assert found.people, item["id"]
            assert found.people[0].name == item["byline"]
            assert item["byline"] in found.byline
        for printed in item["captions"]:
            parts = caption.split(f"{printed['text']}　{printed['credit']}")
            assert (parts.text, parts.credit) == (printed["text"], printed["credit"])


def test_a_list_of_things_that_a_line_breaks_before_photography_names_nobody() -> None:
    rows = ["其中，蘋果、罐頭、攝", "影三個門類最受關注。"]
    assert byline.leading("".join(rows), rows) is None
    assert parse("张三、李四 摄") is not None


@pytest.mark.parametrize(
    "lines",
    [
        ["記者在現場看", "到許多熱心的志願者正在忙碌。"],
        ["记者昨日从", "市政府了解到，今年水稻丰收。"],
    ],
)
def test_a_first_line_that_tells_what_reporters_did_stays_in_the_text(lines: list[str]) -> None:
    found = read("".join(lines), lines=lines)
    assert texts(found) == ["".join(lines)]


@pytest.mark.parametrize(
    ("printed", "text", "names"),
    [
        # A bracket lost at the end of its line, and the house run into the words.
        ("队员范天宇庆祝胜利新华社发（范萍 摄", "队员范天宇庆祝胜利", ["范萍"]),
        # A label that the words run into.
        ("北川队队员贺悦庆祝胜利摄影：高永康", "北川队队员贺悦庆祝胜利", ["高永康"]),
        # A speck read as a point behind the duty.
        ("望江县文化广场一角□本报记者. 孙静摄", "望江县文化广场一角", ["孙静"]),
        # The end of the words stands in a line of its own before the duty.
        ("市民在臨江年畫館 參觀 通訊員 周洋 攝", "市民在臨江年畫館 參觀", ["周洋"]),
    ],
)
def test_credits_as_scans_give_them(printed: str, text: str, names: list[str]) -> None:
    parts = caption.split(printed)
    assert (parts.text, [p.name for p in parts.people]) == (text, names)
