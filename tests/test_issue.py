"""What users rely on when the pages of an issue are put together."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epaper.issue import assemble
from epaper.issue.evidence import Subjects, headline_similarity
from epaper.model import (
    Article,
    Facts,
    Headline,
    Issue,
    Jump,
    JumpKind,
    Page,
    Paragraph,
    Role,
    SourceInfo,
)

ON, FROM = JumpKind.CONTINUED_ON, JumpKind.CONTINUED_FROM

SERVICE = (
    "近年来，社区服务体系建设以城市社区为主阵地，汇聚各方力量，推动社区服务走进居民家门口，"
    "社区食堂、托老所和便民驿站让居民感到温暖。社区工作者说，服务要多用心。"
)
SERVICE_REST = (
    "走进便民驿站，居民正在排队办理业务。社区工作者介绍，社区服务体系建设启动以来，托老所和"
    "社区食堂已经覆盖所有城市社区，居民的需求在家门口就能得到满足。"
)
RIVER = (
    "河流生态补水工程今天启动，水库下泄的水量将在下游形成湿地，胡杨林因此得到灌溉。水利部门"
    "表示，补水将持续到秋季，下游地下水位有望回升。"
)
RIVER_REST = (
    "随着补水工程推进，下游湿地面积扩大，胡杨林长势良好。水利部门监测显示，地下水位明显回升，"
    "水库还将继续下泄生态水量。"
)
SPORT = (
    "冬奥会火炬接力昨日起跑，运动员手持火炬穿过老城，沿途观众为选手加油。比赛将于下周开幕，"
    "滑雪和滑冰项目的选手已经抵达。"
)


def on(page: str, text: str = "") -> Jump:
    return Jump(ON, page, text or f"下转{page}版")


def back(page: str, text: str = "") -> Jump:
    return Jump(FROM, page, text or f"上接{page}版")


def story(name: str, title: str, *paragraphs: str, jumps: Sequence[Jump] = ()) -> Article:
    headlines = (Headline(Role.HEADLINE, title),) if title else ()
    return Article(
        name,
        headlines=headlines,
        paragraphs=tuple(Paragraph(text) for text in paragraphs),
        jumps=tuple(jumps),
    )


def page(number: str, *articles: Article, name: str = "", **facts: str) -> Page:
    name = name or f"p{number or 'x'}"
    return Page(
        name,
        "issue",
        SourceInfo(f"{name}.pdf"),
        1000,
        1000,
        100.0,
        articles=articles,
        facts=Facts(page_number=number, **facts),
    )


def jumps_of(issue: Issue) -> dict[str, tuple[Jump, ...]]:
    return {
        f"{page.id}#{article.id}": article.jumps
        for page in issue.pages
        for article in page.articles
        if article.jumps
    }


def codes(issue: Issue) -> list[str]:
    return [doubt.code for doubt in issue.doubts]


class TestJumps:
    def test_both_sides_point_at_each_other(self) -> None:
        issue = assemble(
            "i",
            [
                page(
                    "1",
                    story("a01", "服务进社区", SERVICE, jumps=[on("02")]),
                    story("a02", "河流", RIVER),
                ),
                page(
                    "2",
                    story("a01", "火炬", SPORT),
                    story("a02", "服务进社区", SERVICE_REST, jumps=[back("01")]),
                ),
            ],
        )
        found = jumps_of(issue)
        assert found["p1#a01"][0].target == "p2#a02"
        assert found["p2#a02"][0].target == "p1#a01"
        assert found["p1#a01"][0].confidence == found["p2#a02"][0].confidence > 0.9
        assert [s.parts for s in issue.stories] == [
            (("p1", "a01"), ("p2", "a02")),
            (("p1", "a02"),),
            (("p2", "a01"),),
        ]
        assert codes(issue) == []

    def test_a_page_whose_number_was_not_read_is_found_by_its_place(self) -> None:
        issue = assemble(
            "i",
            [
                page("1", story("a01", "服务进社区", SERVICE, jumps=[on("3")])),
                page("2", story("a01", "河流", RIVER)),
                page("", story("a01", "服务进社区", SERVICE_REST, jumps=[back("1")]), name="p3"),
            ],
        )
        assert jumps_of(issue)["p1#a01"][0].target == "p3#a01"
        assert codes(issue) == ["page-unnumbered"]

    def test_markers_of_both_sides_name_a_page_whose_number_was_not_read(self) -> None:
        front = page(
            "1",
            story("a01", "服务进社区温暖进民心", SERVICE, jumps=[on("2")]),
            story("a02", "河流有救了", RIVER, jumps=[on("3")]),
        )
        rest = story("a01", "服务进社区温暖进民心", SERVICE_REST, jumps=[back("1")])
        found = jumps_of(assemble("i", [front, page("", rest)]))
        assert found["p1#a01"][0].target == "px#a01"
        assert found["px#a01"][0].target == "p1#a01"
        other = story("a01", "火炬接力昨日起跑", SPORT, jumps=[back("1")])
        found = jumps_of(assemble("i", [front, page("", other)]))
        assert [jump.target for jumps in found.values() for jump in jumps] == [None] * 3

    def test_a_headline_goes_before_a_marker_that_strayed_to_another_story(self) -> None:
        issue = assemble(
            "i",
            [
                page(
                    "1",
                    story("a01", "城东社区服务进万家", SERVICE),
                    story("a02", "沿河两岸重现清波", RIVER, jumps=[on("2")]),
                ),
                page("2", story("a01", "城东社区服务进万家", SERVICE_REST, jumps=[back("1")])),
            ],
        )
        assert jumps_of(issue)["p2#a01"][0].target == "p1#a01"
        assert jumps_of(issue)["p1#a02"][0].target is None
        assert codes(issue) == ["jump-unresolved"]

    def test_only_pair_of_markers_needs_no_likeness(self) -> None:
        issue = assemble(
            "i",
            [
                page("1", story("a01", "服务进社区", SERVICE, jumps=[on("2")])),
                page("2", story("a01", "", SPORT, jumps=[back("1")]), story("a02", "河流", RIVER)),
            ],
        )
        assert jumps_of(issue)["p1#a01"][0].target == "p2#a01"

    def test_two_stories_between_the_same_pages_follow_their_subject(self) -> None:
        issue = assemble(
            "i",
            [
                page(
                    "1",
                    story("a01", "服务进社区", SERVICE, jumps=[on("2")]),
                    story("a02", "河流有救了", RIVER, jumps=[on("2")]),
                ),
                page(
                    "2",
                    story("a01", "", RIVER_REST, jumps=[back("1")]),
                    story("a02", "", SERVICE_REST, jumps=[back("1")]),
                ),
            ],
        )
        found = jumps_of(issue)
        assert found["p1#a01"][0].target == "p2#a02"
        assert found["p1#a02"][0].target == "p2#a01"

    def test_two_stories_follow_a_shortened_headline(self) -> None:
        first = story("a01", "服务嵌入社区温暖嵌入民心", "甲乙丙丁。", jumps=[on("2")])
        second = story("a02", "塔里木河依法管理流域水资源", "戊己庚辛。", jumps=[on("2")])
        issue = assemble(
            "i",
            [
                page("1", first, second),
                page(
                    "2",
                    story("a01", "依法管理流域水资源", "子丑寅卯。", jumps=[back("1")]),
                    story("a02", "", "辰巳午未。", jumps=[back("1", "上接1版《服务嵌入社区》")]),
                ),
            ],
        )
        found = jumps_of(issue)
        assert found["p1#a01"][0].target == "p2#a02"
        assert found["p1#a02"][0].target == "p2#a01"

    def test_twins_are_not_guessed(self) -> None:
        issue = assemble(
            "i",
            [
                page(
                    "1",
                    story("a01", "甲", "子丑。", jumps=[on("2")]),
                    story("a02", "乙", "寅卯。", jumps=[on("2")]),
                ),
                page(
                    "2",
                    story("a01", "丙", "辰巳。", jumps=[back("1")]),
                    story("a02", "丁", "午未。", jumps=[back("1")]),
                ),
            ],
        )
        assert all(jump.target is None for jumps in jumps_of(issue).values() for jump in jumps)
        assert codes(issue) == ["jump-unresolved"] * 4
        assert all(len(found.parts) == 1 for found in issue.stories)

    def test_of_markers_to_two_pages_only_that_with_the_articles_headline_is_followed(self) -> None:
        merged = story("a01", "城东社区服务进万家", SERVICE_REST, RIVER_REST)
        issue = assemble(
            "i",
            [
                page("1", story("a01", "城东社区服务进万家", SERVICE, jumps=[on("3")])),
                page("2", story("a01", "沿河两岸重现清波", RIVER, jumps=[on("3")])),
                page("3", replace(merged, jumps=(back("1"), back("2")))),
            ],
        )
        found = jumps_of(issue)
        assert [jump.target for jump in found["p3#a01"]] == ["p1#a01", None]
        assert found["p2#a01"][0].target is None
        assert codes(issue) == ["jump-unresolved"] * 2

    def test_marker_on_one_side_with_the_same_headline(self) -> None:
        issue = assemble(
            "i",
            [
                page("1", story("a01", "服务进社区温暖进民心", SERVICE, jumps=[on("2")])),
                page(
                    "2",
                    story("a01", "火炬", SPORT),
                    story("a02", "服务进社区温暖进民心", SERVICE_REST),
                ),
            ],
        )
        assert jumps_of(issue) == {
            "p1#a01": (
                replace(
                    on("2"), target="p2#a02", confidence=jumps_of(issue)["p1#a01"][0].confidence
                ),
            )
        }
        assert issue.stories[0].parts == (("p1", "a01"), ("p2", "a02"))

    def test_marker_on_the_later_side_alone(self) -> None:
        issue = assemble(
            "i",
            [
                page(
                    "1", story("a01", "服务进社区温暖进民心", SERVICE), story("a02", "河流", RIVER)
                ),
                page("2", story("a01", "服务进社区温暖进民心", SERVICE_REST, jumps=[back("1")])),
            ],
        )
        assert jumps_of(issue)["p2#a01"][0].target == "p1#a01"

    def test_one_sided_marker_without_likeness_is_not_guessed(self) -> None:
        issue = assemble(
            "i",
            [
                page("1", story("a01", "服务进社区", SERVICE, jumps=[on("2")])),
                page("2", story("a01", "火炬", SPORT), story("a02", "河流有救了", RIVER)),
            ],
        )
        (doubt,) = issue.doubts
        assert (doubt.code, doubt.subject) == ("jump-unresolved", "p1#a01")
        assert "no article of page 2" in doubt.message

    def test_absent_page_is_named(self) -> None:
        issue = assemble(
            "i", [page("1", story("a01", "服务", SERVICE, jumps=[on("第三", "下转第三版")]))]
        )
        issue = assemble("i", [page("1", story("a01", "服务", SERVICE, jumps=[on("3")]))])
        (doubt,) = issue.doubts
        assert "page 3 is not in this issue's input" in doubt.message

    def test_marker_that_names_another_page_forbids_the_link(self) -> None:
        issue = assemble(
            "i",
            [
                page("1", story("a01", "服务进社区", SERVICE, jumps=[on("2")])),
                page("2", story("a01", "服务进社区", SERVICE_REST, jumps=[back("3")])),
                page("3", story("a01", "火炬", SPORT)),
            ],
        )
        assert all(jump.target is None for jumps in jumps_of(issue).values() for jump in jumps)

    def test_story_over_three_pages(self) -> None:
        issue = assemble(
            "i",
            [
                page("A1", story("a01", "服务进社区", SERVICE, jumps=[on("A02")])),
                page("A2", story("a01", "服务进社区", SERVICE_REST, jumps=[back("A1"), on("A3")])),
                page("A3", story("a01", "服务进社区", SERVICE, jumps=[back("A2")])),
            ],
        )
        assert [s.parts for s in issue.stories] == [
            (("pA1", "a01"), ("pA2", "a01"), ("pA3", "a01"))
        ]

    def test_markers_in_a_circle_do_not_hang(self) -> None:
        issue = assemble(
            "i",
            [
                page("1", story("a01", "服务", SERVICE, jumps=[on("2"), back("2")])),
                page("2", story("a01", "服务", SERVICE, jumps=[on("1"), back("1")])),
            ],
        )
        assert sorted(part for s in issue.stories for part in s.parts) == [
            ("p1", "a01"),
            ("p2", "a01"),
        ]

    def test_adverts_are_no_stories_and_no_targets(self) -> None:
        advert = replace(story("a02", "服务进社区", SERVICE_REST), advert=True)
        issue = assemble(
            "i",
            [page("1", story("a01", "服务进社区", SERVICE, jumps=[on("2")])), page("2", advert)],
        )
        assert [s.parts for s in issue.stories] == [(("p1", "a01"),)]
        assert codes(issue) == ["jump-unresolved"]


class TestEvidence:
    def test_halves_of_a_story_are_closer_than_other_stories(self) -> None:
        found = {
            name: story(name, "", text)
            for name, text in {
                "s": SERVICE,
                "s2": SERVICE_REST,
                "r": RIVER,
                "r2": RIVER_REST,
                "x": SPORT,
            }.items()
        }
        subjects = Subjects(found.items())
        for one, other in (("s", "s2"), ("r", "r2")):
            rivals = [subjects.similarity(one, key) for key in found if key not in (one, other)]
            assert subjects.similarity(one, other) > 2 * max(rivals)
        assert subjects.similarity("s", "s") == pytest.approx(1.0)

    @pytest.mark.parametrize(
        ("one", "other", "low", "high"),
        [
            ("服务嵌入社区温暖嵌入民心", "服务嵌入社区温暖嵌入民心", 0.99, 1.0),
            ("服务嵌入社区 温暖嵌入民心", "“服务嵌入社区”", 0.99, 1.0),
            ("服务嵌入社区温暖嵌入民心", "纽约股市熊牛争", 0.0, 0.3),
            ("", "纽约股市熊牛争", 0.0, 0.0),
        ],
    )
    def test_headlines(self, one: str, other: str, low: float, high: float) -> None:
        value = headline_similarity(story("a", one), story("b", other))
        assert low <= value <= high


numbers = st.sampled_from(["1", "2", "3", "A1", "02", ""])
titles = st.sampled_from(["服务进社区", "河流有救了", "火炬接力", ""])
bodies = st.sampled_from([SERVICE, SERVICE_REST, RIVER, RIVER_REST, SPORT])
jumps = st.lists(
    st.builds(lambda kind, to: Jump(kind, to, f"{to}版"), st.sampled_from([ON, FROM]), numbers),
    max_size=2,
    unique=True,
)
articles = st.lists(st.tuples(titles, bodies, jumps, st.booleans()), max_size=3)
issues = st.lists(st.tuples(numbers, articles), max_size=4)


@given(issues, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_any_issue(
    drawn: list[tuple[str, list[tuple[str, str, list[Jump], bool]]]], shuffle: random.Random
) -> None:
    """Same answer for any order of pages; targets answer one another; no part twice."""
    pages = [
        page(
            number,
            *(
                replace(story(f"a{j:02}", title, body, jumps=found), advert=advert)
                for j, (title, body, found, advert) in enumerate(parts, 1)
            ),
            name=f"p{i:02}",
        )
        for i, (number, parts) in enumerate(drawn)
    ]
    issue = assemble("i", pages)
    shuffle.shuffle(pages)
    assert assemble("i", pages) == issue
    assert assemble("i", issue.pages).stories == issue.stories
    told = [part for found in issue.stories for part in found.parts]
    assert len(told) == len(set(told))
    for item in issue.pages:
        for article in item.articles:
            assert article.advert or (item.id, article.id) in told
            for jump in article.jumps:
                own = f"{item.id}#{article.id}"
                if jump.target is None:
                    assert any(d.subject == own and jump.text in d.message for d in issue.doubts)
                else:
                    together = next(
                        s.parts for s in issue.stories if (item.id, article.id) in s.parts
                    )
                    assert tuple(jump.target.split("#")) in together
