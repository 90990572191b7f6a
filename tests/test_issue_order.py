"""The order of an issue's pages, and what they disagree about."""

from __future__ import annotations

import pytest

from epaper.issue import assemble
from epaper.issue.order import page_key
from epaper.model import Facts, Issue, Page, SourceInfo


def page(number: str, name: str = "", **facts: str) -> Page:
    name = name or f"p{number or 'x'}"
    source = SourceInfo(f"{name}.pdf")
    return Page(name, "issue", source, 1000, 1000, 100.0, facts=Facts(page_number=number, **facts))


def codes(issue: Issue) -> list[str]:
    return [doubt.code for doubt in issue.doubts]


class TestOrder:
    def test_by_printed_number_not_by_name(self) -> None:
        pages = [page("10", name="a"), page("2", name="b"), page("1", name="c")]
        assert [item.id for item in assemble("i", pages).pages] == ["c", "b", "a"]

    def test_sections_follow_one_another(self) -> None:
        pages = [page("B1"), page("A2"), page("A10"), page("A1")]
        assert [p.facts.page_number for p in assemble("i", pages).pages] == [
            "A1",
            "A2",
            "A10",
            "B1",
        ]

    def test_pages_without_a_number_come_last_and_are_doubted(self) -> None:
        issue = assemble("i", [page("", name="a"), page("1", name="b")])
        assert [item.id for item in issue.pages] == ["b", "a"]
        assert "page-unnumbered" in codes(issue)

    def test_a_page_without_a_number_stands_as_its_file_does(self) -> None:
        pages = [page("1"), page("2"), page("", name="p3"), page("4"), page("", name="p5")]
        issue = assemble("i", pages[::-1])
        assert [item.id for item in issue.pages] == ["p1", "p2", "p3", "p4", "p5"]
        assert codes(issue) == ["page-unnumbered"] * 2
        assert issue.pages[2].facts.page_number == ""

    @pytest.mark.parametrize("section", ["A", "B"])
    def test_a_front_without_a_letter_is_of_the_section_that_follows(self, section: str) -> None:
        issue = assemble("i", [page(f"{section}3"), page("1"), page(f"{section}2")])
        assert [item.facts.page_number for item in issue.pages] == [
            "1",
            f"{section}2",
            f"{section}3",
        ]
        assert codes(issue) == []

    @pytest.mark.parametrize(
        ("numbers", "lost"),
        [
            pytest.param(["1", "1", "3"], "p2", id="doubled"),
            pytest.param(["1", "2", "13", "4"], "p3", id="beyond its neighbours"),
            pytest.param(["A1", "A2", "A3", "A4", "A5", "A6", "A4", "A8"], "p7", id="far away"),
        ],
    )
    def test_a_number_that_the_others_contradict_gives_way_to_the_file(
        self, numbers: list[str], lost: str
    ) -> None:
        pages = [page(number, name=f"p{n}") for n, number in enumerate(numbers, 1)]
        issue = assemble("i", pages[::-1])
        assert [item.id for item in issue.pages] == [item.id for item in pages]
        assert [(d.code, d.subject) for d in issue.doubts] == [("page-misnumbered", lost)]
        said = next(item.facts.page_number for item in pages if item.id == lost)
        assert f"says it is page {said}, which others contradict" in issue.doubts[0].message

    @pytest.mark.parametrize(
        "numbers",
        [
            pytest.param(["1", "2", "3", "3"], id="another copy of the last page"),
            pytest.param(["1", "2", "2", "3"], id="another copy of a page"),
            pytest.param(["1", "2", "3", "7"], id="the last page of many that are missing"),
            pytest.param(["1", "3", "2", "4"], id="files in another order"),
        ],
    )
    def test_a_number_that_may_be_right_stays(self, numbers: list[str]) -> None:
        pages = [page(number, name=f"p{n}") for n, number in enumerate(numbers, 1)]
        issue = assemble("i", pages)
        assert "page-misnumbered" not in codes(issue)
        assert [p.facts.page_number for p in issue.pages] == sorted(numbers)

    def test_a_bare_number_that_fits_no_section_stays_as_it_is(self) -> None:
        pages = [page("1", name="p1"), page("A1", name="p2"), page("A2", name="p3")]
        assert codes(assemble("i", pages)) == []
        assert [item.id for item in assemble("i", pages).pages] == ["p1", "p2", "p3"]

    @pytest.mark.parametrize(
        "numbers",
        [
            pytest.param({"p1": "1", "p2": ""}, id="one number is no order"),
            pytest.param({"p1": "1", "p2": "2", "p3": "", "p4": "5"}, id="a page is missing"),
            pytest.param({"p1": "2", "p2": "1", "p3": ""}, id="files in another order"),
            pytest.param({"p1": "A1", "p2": "A2", "p3": "", "p4": "B1", "p5": "B2"}, id="between"),
            pytest.param({"p1": "", "p2": "1", "p3": "2"}, id="before the first"),
        ],
    )
    def test_a_page_whose_file_tells_nothing_comes_last(self, numbers: dict[str, str]) -> None:
        pages = [page(number, name=name) for name, number in numbers.items()]
        (lost,) = (name for name, number in numbers.items() if not number)
        assert [item.id for item in assemble("i", pages).pages][-1] == lost

    @pytest.mark.parametrize(
        ("printed", "same"),
        [("02", "2"), ("Ａ１３", "A13"), ("P4", "4"), ("A-4", "A4"), ("a 07", "A7")],
    )
    def test_numbers_are_compared_without_their_dress(self, printed: str, same: str) -> None:
        assert page_key(printed) == page_key(same) is not None

    @pytest.mark.parametrize("printed", ["", "0", "要闻", "12345", "第2版"])
    def test_other_text_is_no_number(self, printed: str) -> None:
        assert page_key(printed) is None

    def test_missing_pages_up_to_the_printed_count(self) -> None:
        issue = assemble("i", [page("1", page_count="4"), page("3")])
        (doubt,) = issue.doubts
        assert doubt.code == "page-missing"
        assert doubt.message.endswith("2, 4.")

    @pytest.mark.parametrize(
        ("given", "count", "named"),
        [
            (("1", "2"), "12", "3–12."),
            (("1", "4", "5"), "8", "2–3, 6–8."),
            (("A1", "A3", "B4"), "", "A2, B1–B3."),
        ],
    )
    def test_missing_pages_are_named_once_as_ranges(
        self, given: tuple[str, ...], count: str, named: str
    ) -> None:
        issue = assemble("i", [page(number, page_count=count) for number in given])
        (doubt,) = issue.doubts
        assert doubt.message == f"Pages of this issue are not here: {named}"

    def test_a_page_by_itself_misses_the_rest_mildly(self) -> None:
        (alone,) = assemble("i", [page("1", page_count="8")]).doubts
        (gap,) = assemble("i", [page("1", page_count="8"), page("2")]).doubts
        assert alone.code == gap.code == "page-missing"
        assert alone.message.endswith("not here: 2–8.")
        assert alone.confidence > gap.confidence

    def test_doubled_numbers(self) -> None:
        issue = assemble("i", [page("1", name="a"), page("1", name="b")])
        (doubt,) = issue.doubts
        assert (doubt.code, doubt.subject) == ("page-doubled", "b")

    def test_contradicting_dates_and_papers_are_doubts_and_stay(self) -> None:
        pages = [
            page("1", date="2024-06-05", paper="北疆日报"),
            page("2", date="2024-06-05"),
            page("3", date="2024-06-06", paper="南疆日报"),
        ]
        issue = assemble("i", pages)
        assert [item.facts for item in issue.pages] == [item.facts for item in pages]
        assert [(d.code, d.subject) for d in issue.doubts] == [
            ("issue-date", "p3"),
            ("issue-paper", "p3"),
        ]

    def test_no_pages_make_an_empty_issue(self) -> None:
        assert assemble("i", []) == Issue("i", ())
