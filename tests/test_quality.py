"""What users of `epaper evaluate` and of the overlays rely on."""

from __future__ import annotations

import json
import os
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from epaper.errors import ExportError, InputError
from epaper.export.newsml import page_to_newsml
from epaper.export.options import ExportOptions, PictureFile
from epaper.geometry import Box
from epaper.model import (
    Article,
    Block,
    Caption,
    Doubt,
    Facts,
    Headline,
    Jump,
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
)
from epaper.quality.canvas import MAX_HEIGHT, colours
from epaper.quality.evaluation import evaluate
from epaper.quality.metrics.captions import photographers
from epaper.quality.metrics.tiling import flex_distance
from epaper.quality.overlay import draw, overlay_truth
from epaper.quality.pagetext import ArticleText, CaptionText, PageText
from epaper.quality.report import Report, Scores
from epaper.quality.scoring import score_page
from epaper.quality.text import fold, is_right, ned, page_label
from epaper.quality.truth import read_truth

BEST_AT_ZERO = {"body_ned", "order_ned", "cer", "flex_cer", "order_cer", "splits", "merges"}


def words(length: int, start: int) -> str:
    """Characters that occur nowhere else, so that distances can be told by hand."""
    return "".join(chr(0x4E00 + start + n) for n in range(length))


ONE = ArticleText(
    "one", headline=words(4, 0), byline="刘茜", people=("刘茜",), paragraphs=(words(20, 10),)
)
TWO = ArticleText("two", headline=words(4, 100), paragraphs=(words(20, 110),))
THREE = ArticleText("three", headline=words(4, 200), paragraphs=(words(20, 210),))


def page(*articles: ArticleText, **rest: object) -> PageText:
    return replace(PageText("p", articles=articles), **rest)  # type: ignore[arg-type]


def scores(truth: PageText, pred: PageText) -> Scores:
    return score_page(truth, pred)[0]


def is_best(found: Scores) -> bool:
    return all(
        value is None or value == (0 if name in BEST_AT_ZERO or name.endswith("extra") else 1)
        for name, value in found.as_dict().items()
    )


# Text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("「甲」『乙』“丙”‘丁’", '"甲""乙""丙""丁"'),
        ("⼰  ㈱\u3000\u200b", "己(株)"),
        ("2024,5", "2024,5"),
        ("《书》——a", "《书》——a"),
    ],
)
def test_white_space_and_quote_style_are_ignored_and_nothing_else(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_ned_is_edits_over_the_longer_length() -> None:
    assert ned("", "") == 0
    assert ned("甲乙丙丁", "甲乙丙") == 0.25
    assert ned("甲乙", "丙丁") == 1
    assert ned("", "丙丁") == 1


def test_right_is_up_to_one_in_ten() -> None:
    ten = words(10, 0)
    assert is_right(ten, ten[:9])
    assert not is_right(ten, ten[:8])
    assert is_right("", "")


@pytest.mark.parametrize(
    ("label", "number"),
    [("02", "2"), ("２", "2"), ("二", "2"), ("第十二版", "12"), ("二十", "20"), ("二十三", "23"),
     ("A03", "A3"), ("a13", "A13"), ("十", "10"), ("", ""), ("封底", "封底")],
)  # fmt: skip
def test_page_numbers_are_compared_as_numbers(label: str, number: str) -> None:
    assert page_label(label) == number


def test_a_jump_marker_in_a_paragraph_is_not_part_of_the_body() -> None:
    marked = ArticleText("a", paragraphs=("(上接01版)甲乙", "丙丁", "（下转第二版）"))
    assert marked.folded_body == "甲乙丙丁"


# Single scores, computed by hand


def test_a_page_against_itself_is_best_everywhere() -> None:
    full = page(ONE, TWO, THREE, facts={"paper": ("某报",)})
    assert is_best(scores(full, full))
    assert score_page(full, full)[1] == ()


def test_paragraphs_in_the_wrong_order() -> None:
    first, second = words(30, 0), words(10, 50)
    truth = page(ArticleText("a", paragraphs=(first, second)))
    found = scores(truth, page(ArticleText("x", paragraphs=(second, first))))
    # Ten characters go out at one end and in at the other: 20 edits of 40.
    assert found.body_ned == pytest.approx(0.5)
    assert found.order_ned == pytest.approx(0.5)
    assert found.cer == pytest.approx(0.5)
    assert found.flex_cer == 0
    assert found.order_cer == pytest.approx(0.5)
    assert found.article_f1 == 0
    assert (found.char_f1, found.para_f1, found.bcubed_f1) == (1, 1, 1)


def test_merged_stories() -> None:
    merged = replace(ONE, paragraphs=ONE.paragraphs + TWO.paragraphs)
    found = scores(page(ONE, TWO, THREE), page(merged, THREE))
    assert found.body_ned == pytest.approx((0.5 + 0 + 1) / 3)
    assert found.article_f1 == pytest.approx(2 * 1 / 5)
    assert found.para_f1 == 1
    assert found.headline_acc == pytest.approx(2 / 3)
    assert (found.splits, found.merges) == (0, 1)
    # Output articles hold 24 + 20 and 24 characters; the headline of TWO, 4, is lost.
    assert found.bcubed_precision == pytest.approx((24**2 / 44 + 20**2 / 44 + 24) / 68)
    assert found.bcubed_recall == pytest.approx((24 + 20**2 / 24 + 24) / 72)


def test_split_story() -> None:
    story = ArticleText("a", headline=words(4, 0), paragraphs=(words(30, 10), words(10, 50)))
    parts = page(
        replace(story, paragraphs=story.paragraphs[:1]),
        ArticleText("y", paragraphs=story.paragraphs[1:]),
    )
    found = scores(page(story), parts)
    assert found.body_ned == pytest.approx((0.25 + 1) / 2)
    assert found.article_f1 == 0
    assert (found.splits, found.merges) == (1, 0)
    assert found.bcubed_precision == 1
    assert found.bcubed_recall == pytest.approx((34**2 + 10**2) / 44**2)
    assert found.char_f1 == 1


def test_missing_headline() -> None:
    found = scores(page(ONE, TWO), page(ONE, replace(TWO, headline="")))
    assert found.headline_acc == 0.5
    assert found.article_f1 == 0.5
    assert found.body_ned == 0
    assert found.char_f1 == pytest.approx(2 * 44 / (48 + 44))
    assert found.cer == pytest.approx(4 / 48)


def test_extra_article_costs_f1_and_is_counted() -> None:
    found = scores(page(ONE, TWO), page(ONE, THREE, TWO))
    assert found.article_f1 == pytest.approx(2 * 2 / 5)
    assert found.body_ned == pytest.approx(1 / 3)
    assert found.headline_extra == 1
    assert found.headline_acc == 1
    assert found.cer == pytest.approx(24 / 48)


def test_no_output_at_all() -> None:
    found = scores(page(ONE, TWO), page())
    assert (found.char_f1, found.article_f1, found.para_f1, found.bcubed_f1) == (0, 0, 0, 0)
    assert (found.body_ned, found.cer, found.flex_cer) == (1, 1, 1)
    assert found.byline_acc == 0
    assert found.order_ned is None


def test_misread_characters_are_no_order_damage() -> None:
    text = words(100, 0)
    noisy = text[:10] + "①" + text[11:12] + "②" + text[13:50] + "③④" + text[52:99] + "⑤"
    found = scores(
        page(ArticleText("a", paragraphs=(text,))), page(ArticleText("x", paragraphs=(noisy,)))
    )
    assert found.cer == pytest.approx(0.05)
    assert found.flex_cer == pytest.approx(0.05)
    assert found.order_ned == 0
    assert found.article_f1 == 1


def test_a_picture_story_is_matched_by_its_caption() -> None:
    truth = page(
        ArticleText("a", captions=(CaptionText(words(12, 300), "李四摄"),)),
        ArticleText("b", captions=(CaptionText(words(12, 400), "王五摄"),)),
    )
    found = scores(truth, page(truth.articles[1], truth.articles[0]))
    assert (found.caption_acc, found.article_f1) == (1, 1)


# Fields


def with_caption(text: str, credit: str, names: tuple[str, ...] | None = None) -> ArticleText:
    return replace(ONE, captions=(CaptionText(text, credit, names),))


@pytest.mark.parametrize(
    ("credit", "names", "right"),
    [
        ("□本报记者 陶维明摄", ("陶维明",), 1),
        ("本报记者 陶维明 摄", ("陶维明",), 1),
        ("陶维明、李四摄影报道", ("李四", "陶维明"), 1),
        ("□本报记者 陶维明摄", ("陶维",), 0),
        ("□本报记者 陶维明摄", (), 0),
        ("陶维明、李四摄", ("陶维明",), 0),
    ],
)
def test_a_caption_needs_its_photographer(credit: str, names: tuple[str, ...], right: int) -> None:
    truth = page(with_caption(words(20, 300), credit))
    found = scores(truth, page(with_caption(words(20, 300), "", names)))
    assert found.caption_acc == right


def test_a_caption_in_another_article_is_wrong_and_extra() -> None:
    caption = (CaptionText(words(20, 300), "李四摄"),)
    truth, pred = (
        page(replace(ONE, captions=caption), TWO),
        page(ONE, replace(TWO, captions=caption)),
    )
    found = scores(truth, pred)
    assert (found.caption_acc, found.caption_extra) == (0, 1)


def test_a_loose_picture_serves_a_picture_story_but_no_article_with_text() -> None:
    caption = (CaptionText(words(20, 300), "李四摄"),)
    story = ArticleText("rice", captions=caption)
    assert scores(page(ONE, story), page(ONE, loose_captions=caption)).caption_acc == 1
    owner = replace(ONE, captions=caption)
    assert scores(page(owner), page(ONE, loose_captions=caption)).caption_acc == 0


@pytest.mark.parametrize(
    ("truth", "byline", "people", "right"),
    [
        ("刘茜", "本报讯 记者刘茜、通讯员高金花", ("刘茜", "高金花"), 1),
        ("刘茜、高金花", "", ("高金花", "刘 茜"), 1),
        ("刘茜", "记者刘茜", (), 0),
        ("刘茜", "", ("刘振",), 0),
        ("□本报记者 刘茜", "□本报记者 刘茜", (), 1),
    ],
)
def test_bylines(truth: str, byline: str, people: tuple[str, ...], right: int) -> None:
    pred = replace(ONE, byline=byline, people=people)
    assert scores(page(replace(ONE, byline=truth)), page(pred)).byline_acc == right


def test_kicker_and_deck_have_to_stand_in_their_own_place() -> None:
    truth = page(replace(ONE, kicker=words(8, 300), deck=words(8, 320)), TWO)
    swapped = replace(ONE, kicker=words(8, 320), deck=words(8, 320))
    found = scores(truth, page(swapped, replace(TWO, deck=words(8, 340))))
    assert (found.kicker_deck_acc, found.kicker_deck_extra) == (0.5, 1)


def test_subheads_are_counted_one_by_one() -> None:
    truth = page(replace(ONE, subheads=(words(6, 300), words(6, 320))))
    found = scores(truth, page(replace(ONE, subheads=(words(6, 320), words(6, 320)))))
    assert (found.subhead_acc, found.subhead_extra) == (0.5, 0)


def test_continuations_in_both_directions_and_invented_ones() -> None:
    truth = page(replace(ONE, continued_on="2"), replace(TWO, continued_from="1"), THREE)
    pred = page(
        replace(ONE, continued_on="02"),
        replace(TWO, continued_on="1"),
        replace(THREE, continued_on="3"),
    )
    found = scores(truth, pred)
    assert (found.continuation_acc, found.continuation_extra) == (0.5, 2)
    assert scores(page(ONE), page(ONE)).continuation_acc is None


def test_facts_are_compared_in_one_form_and_unlisted_ones_are_not_judged() -> None:
    truth = page(
        facts={
            "cn": ("65—0010",),
            "issue": ("总第12022期",),
            "number": ("1",),
            "pages": ("8",),
            "editor": ("张伟", "刘振"),
            "section": ("体育",),
        }
    )
    pred = page(
        facts={
            "cn": ("CN 65-0010",),
            "issue": ("12022",),
            "number": ("01",),
            "pages": ("今日8版",),
            "editor": ("刘振", "张伟"),
            "section": ("文化",),
            "lunar": ("甲辰年",),
        }
    )
    assert scores(truth, pred).meta_acc == pytest.approx(5 / 6)


def test_misses_name_article_and_field() -> None:
    _, misses = score_page(page(ONE, TWO), page(replace(ONE, byline="", people=()), TWO))
    assert [(m.article, m.field) for m in misses] == [("one", "byline")]


# Properties

CHARACTERS = st.text("甲乙丙丁戊己庚辛壬癸", max_size=30)
LOOSE_ARTICLES = st.builds(
    ArticleText,
    id=st.just("x"),
    headline=CHARACTERS,
    deck=CHARACTERS,
    paragraphs=st.lists(CHARACTERS, max_size=3).map(tuple),
    captions=st.lists(st.builds(CaptionText, CHARACTERS), max_size=2).map(tuple),
    continued_on=st.sampled_from(["", "2", "3"]),
)
ANY_PAGES = st.lists(LOOSE_ARTICLES, max_size=4).map(lambda articles: page(*articles))


@st.composite
def distinct_pages(draw: st.DrawFn) -> PageText:
    """Pages on which no two texts share a character."""
    articles = []
    for n in range(draw(st.integers(2, 5))):
        sizes = draw(st.lists(st.integers(1, 60), min_size=1, max_size=4))
        texts = tuple(words(size, 1000 * n + 100 * k + 50) for k, size in enumerate(sizes))
        articles.append(ArticleText(f"a{n}", headline=words(8, 1000 * n), paragraphs=texts))
    return page(*articles)


@settings(deadline=None, max_examples=60)
@given(ANY_PAGES)
def test_any_page_is_best_against_itself(any_page: PageText) -> None:
    assert is_best(scores(any_page, any_page))


@settings(deadline=None, max_examples=60)
@given(ANY_PAGES, ANY_PAGES)
def test_scores_stay_in_their_range(truth: PageText, pred: PageText) -> None:
    for name, value in scores(truth, pred).as_dict().items():
        if value is not None:
            unbounded = name in {"splits", "merges", "cer", "flex_cer", "order_cer"}
            assert value >= 0
            assert value <= 1 or unbounded or name.endswith("extra"), name


@settings(deadline=None, max_examples=40)
@given(distinct_pages(), distinct_pages(), st.randoms())
def test_the_order_of_articles_changes_nothing(
    truth: PageText, pred: PageText, random: object
) -> None:
    shuffled = list(pred.articles)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    # The same texts cut differently, so that matches are neither all right nor all wrong.
    before, after = scores(truth, pred), scores(truth, page(*shuffled))
    assert (before.article_f1, before.para_f1) == (after.article_f1, after.para_f1)
    assert before.char_f1 == after.char_f1
    assert before.body_ned == pytest.approx(after.body_ned)


@settings(deadline=None, max_examples=40)
@given(distinct_pages(), st.data())
def test_merging_two_right_articles_never_raises_article_f1(
    truth: PageText, data: st.DataObject
) -> None:
    first, second = data.draw(st.permutations(truth.articles))[:2]
    merged = replace(first, paragraphs=first.paragraphs + second.paragraphs)
    rest = [a for a in truth.articles if a not in (first, second)]
    found = scores(truth, page(merged, *rest))
    assert found.article_f1 is not None
    assert found.article_f1 < 1


@settings(deadline=None, max_examples=60)
@given(distinct_pages(), st.data())
def test_paragraphs_in_any_order_cost_nothing_where_order_is_free(
    any_page: PageText, data: st.DataObject
) -> None:
    # Pieces under the shortest tile are only found in their place, hence the filter.
    pieces = [p for a in any_page.articles for p in a.paragraphs if len(p) >= 4]
    mixed = data.draw(st.permutations(pieces))
    assert flex_distance("".join(pieces), "".join(mixed)) == 0


@settings(deadline=None, max_examples=100)
@given(CHARACTERS, CHARACTERS)
def test_order_free_distance_counts_what_only_one_side_has(truth: str, pred: str) -> None:
    assert abs(len(truth) - len(pred)) <= flex_distance(truth, pred) <= max(len(truth), len(pred))


# Files


def model_page(page_id: str = "x.scan1") -> Page:
    """A page with two stories and an advert, as the rooms before export leave it."""
    lead = Article(
        "a01",
        blocks=("b001", "b002", "b003"),
        pictures=("i01",),
        headlines=(
            Headline(Role.HEADLINE, "主题甲乙丙丁"),
            Headline(Role.KICKER, "引题甲乙丙丁"),
            Headline(Role.DECK, "副题甲乙丙丁"),
        ),
        paragraphs=(
            Paragraph(words(40, 300)),
            Paragraph("小标题", ParagraphKind.SUBHEAD),
            Paragraph(words(40, 400)),
        ),
        captions=(
            Caption(
                "图片说明甲乙丙丁",
                "i01",
                "□本报记者 李四摄",
                (Person("李四", PersonRole.PHOTOGRAPHER),),
            ),
        ),
        byline="□本报记者 张三",
        people=(Person("张三"),),
        jumps=(Jump(JumpKind.CONTINUED_ON, "02", "下转02版"),),
    )
    brief = Article(
        "a02",
        blocks=("b004",),
        headlines=(Headline(Role.HEADLINE, "简讯题目"),),
        paragraphs=(Paragraph(words(30, 500)),),
    )
    advert = Article("a03", paragraphs=(Paragraph("家电大卖场"),), advert=True)
    roles = (Role.HEADLINE, Role.BODY, Role.BODY, Role.BODY)
    boxes = (Box(100, 100, 900, 200), Box(100, 220, 480, 700), Box(500, 220, 900, 700),
             Box(100, 800, 900, 1200))  # fmt: skip
    return Page(
        id=page_id,
        issue="x",
        source=SourceInfo("x.scan1.jpg"),
        width=1000,
        height=1400,
        dpi=150,
        pictures=(Picture("i01", Box(600, 400, 800, 600)),),
        blocks=tuple(
            Block(f"b{n:03}", role, box, (Line("甲", box, 12),))
            for n, (role, box) in enumerate(zip(roles, boxes, strict=True), 1)
        ),
        articles=(lead, brief, advert),
        facts=Facts(
            paper="某报",
            date="2024-06-05",
            page_number="1",
            issue_number="12022",
            editors=("张伟",),
        ),
        doubts=(Doubt("order", "two columns could change places", "b004"),),
    )


def truth_json() -> dict[str, object]:
    return {
        "page": {
            "width_mm": 100, "height_mm": 140, "paper": "某报", "date": "2024-06-05",
            "number": 1, "issue": "总第12022期", "editor": "张伟",
        },
        "articles": [
            {
                "id": "lead", "headline": "主题甲乙丙丁", "kicker": "引题甲乙丙丁",
                "deck": "副题甲乙丙丁", "byline": "张三", "continues_to": 2,
                "body": [words(40, 300), "小标题", words(40, 400)], "subheads": ["小标题"],
                "captions": [{"text": "图片说明甲乙丙丁", "credit": "□本报记者 李四摄"}],
            },
            {"id": "brief", "headline": "简讯题目", "body": [words(30, 500)], "label": None},
        ],
        "boxes": [
            {"role": "headline", "article": "lead", "box": [10, 10, 90, 20], "text": "主题"},
            {"role": "photo", "article": "lead", "box": [60, 40, 80, 60], "text": ""},
            {"role": "folio", "article": None, "box": [0, 0, 100, 5], "text": "01"},
        ],
    }  # fmt: skip


def write_xml(path: Path, made: Page) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    options = ExportOptions(sent=datetime(2024, 6, 5, tzinfo=UTC))
    files = {p.id: PictureFile(f"{made.id}/{p.id}.jpg", 10, 10, 1) for p in made.pictures}
    path.write_bytes(page_to_newsml(made, options, files))


@pytest.fixture
def truths(tmp_path: Path) -> Path:
    folder = tmp_path / "truth"
    folder.mkdir()
    (folder / "x.json").write_text(json.dumps(truth_json()), encoding="utf-8")
    return folder


def test_a_perfect_conversion_is_best_in_every_score(truths: Path, tmp_path: Path) -> None:
    write_xml(tmp_path / "out/x/x.scan1.xml", model_page())
    report = evaluate(truths, tmp_path / "out")
    (row,) = report.rows
    assert (row.page, row.pred, row.misses) == ("x", "x.scan1", ())
    assert is_best(row.scores)
    missing = {f.name for f in fields(Scores) if getattr(row.scores, f.name) is None}
    assert missing == {"seconds", "peak_mb"}


def test_an_error_in_the_xml_is_found_and_named(truths: Path, tmp_path: Path) -> None:
    made = model_page()
    wrong = replace(made.articles[0], people=(Person("王五"),), jumps=())
    write_xml(tmp_path / "out/x.xml", replace(made, articles=(wrong, *made.articles[1:])))
    (row,) = evaluate(truths, tmp_path / "out").rows
    assert (row.scores.byline_acc, row.scores.continuation_acc) == (0, 0)
    assert [m.field for m in row.misses] == ["byline", "continuation"]
    assert "王五" in Report((row,)).to_misses()


def test_pages_meet_by_name(truths: Path, tmp_path: Path) -> None:
    for name in ("x", "x-p02", "other"):
        (truths / f"{name}.json").write_text(json.dumps(truth_json()), encoding="utf-8")
    for name in ("x", "x.scan1", "x-p02", "xy"):
        write_xml(tmp_path / f"out/{name}.xml", model_page(name))
    (tmp_path / "out/x.alto.xml").write_text("<alto/>")
    write_xml(tmp_path / "out/issue.xml", model_page("issue"))
    report = evaluate(truths, tmp_path / "out")
    assert [(row.page, row.pred) for row in report.rows] == [
        ("other", ""),
        ("x", "x"),
        ("x", "x.scan1"),
        ("x-p02", "x-p02"),
    ]
    assert report.rows[0].scores.article_f1 == 0
    assert "xy" in report.notes[0]


def test_two_truths_for_one_page_are_refused(truths: Path, tmp_path: Path) -> None:
    (truths / "more").mkdir()
    (truths / "more/x.json").write_text(json.dumps(truth_json()), encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.json"):
        evaluate(truths, tmp_path)


def test_two_files_belong_together_whatever_their_names(truths: Path, tmp_path: Path) -> None:
    write_xml(tmp_path / "anything.xml", model_page("anything"))
    report = evaluate(truths / "x.json", tmp_path / "anything.xml")
    assert report.mean.article_f1 == 1


def test_broken_output_is_a_row_of_its_own_not_an_abort(truths: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "x.xml").write_text("<newsMessage><half")
    (row,) = evaluate(truths, out).rows
    assert row.scores.char_f1 == 0
    assert "x.xml" in row.note


@pytest.mark.parametrize("content", ["{", "[]", '{"page": {}}', '{"page": {}, "articles": [1]}'])
def test_a_broken_truth_file_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(content)
    with pytest.raises(InputError, match=r"bad\.json"):
        evaluate(tmp_path / "bad.json", tmp_path)


def test_what_does_not_exist_is_named(truths: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        evaluate(truths, tmp_path / "nowhere")
    with pytest.raises(InputError, match="nothing"):
        evaluate(tmp_path / "nothing", truths)


def test_seconds_and_memory_come_from_the_log(truths: Path, tmp_path: Path) -> None:
    write_xml(tmp_path / "out/x.xml", model_page("x"))
    log = tmp_path / "run.jsonl"
    log.write_text(
        '{"page": "x", "seconds": 12.5, "peak_mb": 900}\n\n{"page": "y"}\n'
        '{"page": "x", "status": "skipped", "seconds": 0}\n'
    )
    found = evaluate(truths, tmp_path / "out", log).mean
    assert (found.seconds, found.peak_mb) == (12.5, 900)
    log.write_text("seconds: 12\n")
    with pytest.raises(InputError, match=r"run\.jsonl"):
        evaluate(truths, tmp_path / "out", log)


def test_the_mean_leaves_out_what_does_not_apply(truths: Path, tmp_path: Path) -> None:
    plain = truth_json() | {"articles": [{"id": "brief", "body": ["甲"]}]}
    (truths / "y.json").write_text(json.dumps(plain), encoding="utf-8")
    write_xml(tmp_path / "out/x.xml", model_page("x"))
    mean = evaluate(truths, tmp_path / "out").mean
    assert mean.byline_acc == 1
    assert mean.article_f1 == 0.5


def test_reports_read_the_same_every_time(truths: Path, tmp_path: Path) -> None:
    write_xml(tmp_path / "out/x.xml", model_page("x"))
    report, again = (evaluate(truths, tmp_path / "out") for _ in range(2))
    assert report.to_json() == again.to_json()
    answer = json.loads(report.to_json())
    assert answer["mean"]["article_f1"] == 1
    assert answer["pages"][0]["page"] == "x"
    table = report.to_table()
    assert table == again.to_table()
    assert [line.split()[0] for line in table.splitlines()[-2:]] == ["x", "mean"]


SHARED = Path(os.environ.get("EPAPER_SHARED", Path(__file__).parents[1] / "../shared")) / "pages"


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no typeset pages at {SHARED}")
def test_typeset_truth_is_best_against_itself() -> None:
    for path in sorted(SHARED.glob("*.json")):
        truth = read_truth(path).page
        assert is_best(scores(truth, truth)), path.name


def model_of(truth: PageText) -> Page:
    """The page that perfect rooms before export would have made of the truth's print."""
    pictures, articles = [], []
    for n, article in enumerate(truth.articles, 1):
        captions = []
        for caption in article.captions:
            pictures.append(Picture(f"i{len(pictures) + 1:02}", Box(1, 1, 5, 5)))
            names = tuple(Person(n, PersonRole.PHOTOGRAPHER) for n in photographers(caption))
            captions.append(Caption(caption.text, pictures[-1].id, caption.credit, names))
        heads = {
            Role.HEADLINE: article.headline,
            Role.KICKER: article.kicker,
            Role.DECK: article.deck,
            Role.LABEL: article.label,
        }
        jumps = {
            JumpKind.CONTINUED_ON: article.continued_on,
            JumpKind.CONTINUED_FROM: article.continued_from,
        }
        articles.append(
            Article(
                f"a{n:02}",
                pictures=tuple(c.picture for c in captions if c.picture),
                headlines=tuple(Headline(role, text) for role, text in heads.items() if text),
                paragraphs=tuple(
                    Paragraph(p, ParagraphKind("h2" if p in article.subheads else "p"))
                    for p in article.paragraphs
                ),
                captions=tuple(captions),
                people=tuple(map(Person, article.people)),
                jumps=tuple(Jump(k, f"0{p}", f"转0{p}版") for k, p in jumps.items() if p),
            )
        )
    facts = {name: "、".join(values) for name, values in truth.facts.items()}
    return replace(
        model_page(truth.id),
        pictures=tuple(pictures),
        articles=tuple(articles),
        facts=Facts(
            paper=facts["paper"],
            date=facts["date"],
            page_number=facts["number"],
            page_count=facts["pages"],
            issue_number=facts.get("issue", "").strip("总第期"),
            section=facts.get("section", ""),
            lunar_date=facts.get("lunar", ""),
            cn_number=facts.get("cn", "").replace("—", "-"),
            postal_code=facts.get("postal", "").replace("—", "-"),
            editors=truth.facts.get("editor", ()),
        ),
    )


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no typeset pages at {SHARED}")
def test_typeset_truth_comes_through_newsml_without_loss(tmp_path: Path) -> None:
    for path in SHARED.glob("*.json"):
        write_xml(tmp_path / f"{path.stem}.xml", model_of(read_truth(path).page))
    report = evaluate(SHARED, tmp_path)
    assert report.to_misses() == ""
    assert all(is_best(row.scores) for row in report.rows)


# Overlays


def colour_at(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    pixel = picture.convert("RGB").getpixel((round(x), round(y)))
    assert isinstance(pixel, tuple)
    return tuple(map(int, pixel))


def test_blocks_are_outlined_in_their_storys_colour(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    draw(model_page(), None, path)
    palette = colours(["a01", "a02", "a03"])
    with Image.open(path) as picture:
        assert colour_at(picture, 900, 180) == palette["a01"]
        assert colour_at(picture, 100, 1100) == palette["a02"]
        # The headline's outline is thicker than a body's.
        assert colour_at(picture, 104, 180) == palette["a01"]
        assert colour_at(picture, 104, 1100) != palette["a02"]
        # The doubt about b004 stands in its upper right corner.
        assert colour_at(picture, 900 - 16 - 11, 800 + 16) == (220, 0, 0)
        assert picture.width > 1000


def test_the_page_shows_through(tmp_path: Path) -> None:
    image = np.full((2800, 2000, 3), 255, np.uint8)
    image[1800:2200, 400:600] = 0
    draw(model_page(), image, tmp_path / "page.png")
    with Image.open(tmp_path / "page.png") as picture:
        assert sum(colour_at(picture, 250, 950)) < sum(colour_at(picture, 700, 950)) - 150


def test_large_pages_are_scaled_down(tmp_path: Path) -> None:
    large = replace(model_page(), width=5000, height=7000)
    draw(large, None, tmp_path / "page.jpg")
    with Image.open(tmp_path / "page.jpg") as picture:
        assert picture.height == MAX_HEIGHT


def test_truth_is_drawn_the_same_way(truths: Path) -> None:
    picture = overlay_truth(truths / "x.json", (1000, 1400))
    palette = colours(["lead", "brief"])
    assert colour_at(picture, 900, 180) == palette["lead"]
    assert colour_at(picture, 600, 500) == palette["lead"]


def test_stories_are_told_apart() -> None:
    found = colours([f"a{n}" for n in range(30)])
    assert len(set(found.values())) == 30


def test_an_overlay_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"page\.nothing"):
        draw(model_page(), None, tmp_path / "page.nothing")
