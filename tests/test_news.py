"""Captions, jump markers, language, and the news room as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsprint import article, block, names, newsprint, page, read, row, texts

from epaper.model import (
    Article,
    Caption,
    Headline,
    JumpKind,
    Paragraph,
    ParagraphKind,
    Person,
    PersonRole,
    Role,
)
from epaper.news import caption, jumps, understand
from epaper.news.text import squeeze


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
            (
                "图为现场。通讯员 张三 本报记者 李四 摄",
                "通讯员 张三 本报记者 李四 摄",
                ["张三", "李四"],
            ),
            ("民眾排隊。（記者王大明攝）", "記者王大明攝", ["王大明"]),
            ("民眾排隊。圖／王大明", "圖／王大明", ["王大明"]),
            (
                "Chegada a Londres. Italo Santos/Futura Press",
                "Italo Santos/Futura Press",
                ["Italo Santos"],
            ),
        ],
    )
    def test_credit_leaves_the_caption(self, text: str, credit: str, people: list[str]) -> None:
        parts = caption.split(text)
        assert parts.credit == credit
        assert names(parts.people, PersonRole.PHOTOGRAPHER) == people
        assert parts.text == text[: len(parts.text)]
        assert parts.text.endswith("。") or parts.text.endswith("Londres.")

    @pytest.mark.parametrize(
        ("printed", "credit"),
        [
            ("市民在丰宁京剧馆参观通讯员 金勇 摄", "通讯员 金勇 摄"),
            ("新禾農業合作社生產車間記者 顧志遠 攝影報道", "記者 顧志遠 攝影報道"),
        ],
    )
    def test_a_credit_holds_the_duty_that_words_run_into(self, printed: str, credit: str) -> None:
        parts = caption.split(printed)
        assert (parts.text, parts.credit) == (printed[: -len(credit)].strip(), credit)

    def test_a_line_may_end_inside_the_name_of_a_photographer(self) -> None:
        parts = caption.split("街頭處處洋溢着節日氣氛。 司 馬傳志/攝")
        assert (parts.text, parts.credit) == ("街頭處處洋溢着節日氣氛。", "司馬傳志/攝")
        assert names(parts.people, PersonRole.PHOTOGRAPHER) == ["司馬傳志"]

    @pytest.mark.parametrize("credit", ["摄影：姚修文", "图/记者 姚修文", "姚修文 文/图"])
    def test_the_last_letter_of_a_name_is_no_word_of_duty(self, credit: str) -> None:
        parts = caption.split(f"司机段川查看花生长势。 {credit}")
        assert names(parts.people, PersonRole.PHOTOGRAPHER) == ["姚修文"]

    @pytest.mark.parametrize(
        ("printed", "words", "people"),
        [
            ("工人们正在加紧作业。李建 国/图", "工人们正在加紧作业。", ["李建国"]),
            ("市民在芭蕾舞馆参观 通讯 员范云 摄", "市民在芭蕾舞馆参观", ["范云"]),
            ("人们来到现场。天气 晴 摄", "人们来到现场。天气 晴 摄", []),
        ],
    )
    def test_a_line_may_end_inside_a_name_or_a_word_of_duty(
        self, printed: str, words: str, people: list[str]
    ) -> None:
        parts = caption.split(printed)
        assert parts.text == words
        assert names(parts.people, PersonRole.PHOTOGRAPHER) == people

    def test_a_credit_set_apart_begins_with_the_house_that_ends_the_words(self) -> None:
        parts = caption.rejoined("天工软件公司生产车间 本报记者", "姚宇摄")
        assert parts is not None
        assert (parts.text, parts.credit) == ("天工软件公司生产车间", "本报记者 姚宇摄")
        assert names(parts.people, PersonRole.PHOTOGRAPHER) == ["姚宇"]
        assert caption.rejoined("图为现场。", "姚宇摄") is None

    @pytest.mark.parametrize("words", ["▶食品公司生产车间", "龙城钢铁公司生产车间", "图为龙城"])
    def test_a_credit_that_words_run_into_begins_with_its_house(self, words: str) -> None:
        """Set beside a picture, the words end with a line and no mark."""
        parts = caption.split(f"{words}新华社记者 马子涵摄")
        assert (parts.text, parts.credit) == (words, "新华社记者 马子涵摄")
        assert names(parts.people, PersonRole.PHOTOGRAPHER) == ["马子涵"]

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
        # A name that a line's end tears apart is put together.
        assert squeeze(parts.credit) in squeeze(text)
        removed = len(squeeze(text)) - len(squeeze(parts.text)) - len(squeeze(parts.credit))
        assert 0 <= removed <= 3


class TestJumps:
    @pytest.mark.parametrize(
        ("text", "page_number", "printed"),
        [
            ("(下转02版)", "02", "下转02版"),
            ("下转第二版", "2", "下转第二版"),
            ("（下转A13版）", "A13", "下转A13版"),
            ("紧接第四版", "4", "紧接第四版"),
            ("转A13版", "A13", "转A13版"),
            ("↘见3版", "3", "见3版"),
            ("詳刊P4", "P4", "詳刊P4"),
            ("详见第5版", "5", "详见第5版"),
            ("（下轉第四頁）", "4", "下轉第四頁"),
            ("（下转第二版·要闻）", "2", "下转第二版·要闻"),
            ("▶下接A8", "A8", "下接A8"),
            ("文轉A8", "A8", "文轉A8"),
            ("下转O2坂", "02", "下转O2坂"),
            # A bracket and the letter after it, read as one sign.
            ("1转A02版", "A02", "转A02版"),
            ("(1转A02版)", "A02", "转A02版"),
            ("（下转第二十三版）", "23", "下转第二十三版"),
            ("2面に続く", "2", "2面に続く"),
            ("Continued on page 4", "4", "Continued on page 4"),
            ("Pág. 3", "3", "Pág. 3"),
        ],
    )
    def test_on_markers(self, text: str, page_number: str, printed: str) -> None:
        marker = jumps.whole(text, at_start=False)
        assert marker is not None
        assert marker.jump.kind is JumpKind.CONTINUED_ON
        assert (marker.jump.page, marker.jump.text) == (page_number, printed)

    @pytest.mark.parametrize(
        ("text", "page_number"),
        [
            ("(上接01版)", "01"),
            ("上接第一版", "1"),
            ("上接1版·要闻", "1"),
            ("（紧接第一版）", "1"),
            ("（上接第一版《服务进社区》）", "1"),
            ("續A1", "A1"),
            ("Continued from A1", "A1"),
            ("1面から続く", "1"),
        ],
    )
    def test_from_markers(self, text: str, page_number: str) -> None:
        marker = jumps.whole(text, at_start=True)
        assert marker is not None
        assert marker.jump.kind is JumpKind.CONTINUED_FROM
        assert marker.jump.page == page_number

    @pytest.mark.parametrize(
        "text", ["第二版", "见面会", "12", "A4", "转00版", "1转账2笔", "接着说", "详见附件"]
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
            ("歩行者は、道路を横断してはならず、また、横断している歩行者は、すみやかに", "ja"),
            ("O presidente anunciou ontem que o preço do óleo nas bombas não terá queda", "pt"),
            ("The president said on Monday that the price of oil was to fall by May", "en"),
        ],
    )
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
        markers = "".join(squeeze(jump.text) for jump in found.jumps)
        taken = squeeze(found.byline) + markers
        for char in filter(str.isalnum, set(gone)):
            missing = gone.count(char) - left.count(char) - taken.count(char)
            # A marker printed twice is told once.
            assert missing <= 0 or char in markers, f"{char!r} is lost"

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

    def test_the_little_rest_of_a_story_is_no_advert(self) -> None:
        rest = article("◀上接０３版谈起今后的打算，他满怀信心。", advert=True)
        (found,) = understand(page(articles=[rest])).articles
        assert not found.advert
        assert [(jump.kind, jump.page) for jump in found.jumps] == [(JumpKind.CONTINUED_FROM, "03")]
        assert [p.text for p in found.paragraphs] == ["谈起今后的打算，他满怀信心。"]

    def test_adverts_tables_and_subheads_are_left_alone(self) -> None:
        table = Paragraph("", ParagraphKind.TABLE, rows=(("张三", "下转02版"),))
        subhead = Paragraph("凝聚服务力量", ParagraphKind.SUBHEAD)
        kept = article("正文。", paragraphs=(Paragraph("正文。"), subhead, table))
        advert = article("咨询电话见3版", advert=True)
        body = block("b001", Role.BODY, row("正文。", 0, 0))
        found = understand(page(body, articles=[kept, replace(advert, id="a02")]))
        assert found.articles[0].paragraphs == kept.paragraphs
        assert found.articles[1] == replace(advert, id="a02")
