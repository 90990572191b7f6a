"""The learned scores of links: shape, chances, and stories that come out whole."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typeset import columns, line, page_of, prose

from epaper.geometry import Box
from epaper.layout import lay_out, learned
from epaper.layout.affinity import (
    NO_WORD,
    bonds,
    closes_first,
    joins_word,
    left_open,
    pair_key,
    shared_words,
)
from epaper.layout.features import NAMES, candidates
from epaper.layout.learned import load_model, scores, softmax
from epaper.layout.nodes import Node, Scene
from epaper.layout.scoring import NEVER
from epaper.layout.sights import Surroundings
from epaper.layout.trees import Trees
from epaper.model import Line, Page, Rule
from epaper.quality.pagetext import PageText
from epaper.quality.truth import Truth, TruthBox
from epaper.training.blend import blend
from epaper.training.examples import right_columns
from epaper.training.wear import as_read


def captured(page: Page, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Node], Scene]:
    """What a page's first layout hands to the scorer."""
    seen: list[tuple[list[Node], Scene]] = []

    def scorer(nodes: list[Node], scene: Scene) -> np.ndarray:
        seen.append((nodes, scene))
        return scores(nodes, scene)

    monkeypatch.setattr(learned, "scores", scorer)
    lay_out(page)
    return seen[0]


def two_stories() -> list[Line]:
    left, right = [prose(1, 150), prose(5, 160)], [prose(11, 140), prose(20, 150)]
    return [
        line("东城新建十座公园", 400, 300, 90),
        *columns(left, 400, 450, 12),
        line("西城老街修缮完工", 1700, 300, 90),
        *columns(right, 1640, 450, 12),
    ]


def many_stories(rows: int, across: int) -> list[Line]:
    found = []
    for r in range(rows):
        for c in range(across):
            x, y, seed = 100 + c * 1300, 200 + r * 620, r * across + c
            found.append(line(f"第{seed}号新闻的标题", x + 100, y, 80))
            found += columns([prose(seed, 200)], x, y + 120, 8)
    return found


def test_chances_of_each_node_sum_to_one(monkeypatch):
    nodes, scene = captured(page_of(two_stories()), monkeypatch)
    matrix = scores(nodes, scene)
    assert matrix.shape == (len(nodes), len(scene.headings) + 2 * len(nodes))
    np.testing.assert_allclose(np.exp(matrix).sum(axis=1), 1.0, atol=1e-3)


def test_no_node_follows_itself_and_each_may_start_bare(monkeypatch):
    nodes, scene = captured(page_of(two_stories()), monkeypatch)
    matrix, heads, count = scores(nodes, scene), len(scene.headings), len(nodes)
    for k in range(count):
        assert matrix[k, heads + k] == NEVER
        assert matrix[k, heads + count + k] > NEVER


def test_stories_side_by_side_come_out_whole():
    page = lay_out(page_of(two_stories()))
    bodies = {a.headline(): "".join(p.text for p in a.paragraphs) for a in page.articles}
    assert bodies == {
        "东城新建十座公园": prose(1, 150) + prose(5, 160),
        "西城老街修缮完工": prose(11, 140) + prose(20, 150),
    }


def test_a_worn_page_keeps_its_stories_apart():
    page = lay_out(as_read(page_of(two_stories()), random.Random(3)))
    bodies = {a.headline()[:2]: "".join(p.text for p in a.paragraphs) for a in page.articles}
    assert len(bodies["东城"]) == pytest.approx(310, abs=30)
    assert len(bodies["西城"]) == pytest.approx(290, abs=30)


def test_a_page_without_text_has_an_empty_matrix():
    assert scores([], Scene([], [], [], [])).shape == (0, 0)


def test_the_same_page_scores_the_same_twice(monkeypatch):
    nodes, scene = captured(page_of(two_stories()), monkeypatch)
    np.testing.assert_array_equal(scores(nodes, scene), scores(nodes, scene))


def test_features_are_finite_and_named(monkeypatch):
    nodes, scene = captured(page_of(two_stories()), monkeypatch)
    found = candidates(nodes, scene, load_model().words)
    assert found.values.shape == (len(found.row), len(NAMES))
    assert np.isfinite(found.values).all()
    assert len(set(zip(found.row.tolist(), found.column.tolist(), strict=True))) == len(found.row)


def test_a_hundred_chunks_take_a_fraction_of_a_second(monkeypatch):
    nodes, scene = captured(page_of(many_stories(9, 3)), monkeypatch)
    assert len(nodes) > 50
    scores(nodes, scene)
    spent = []
    for _ in range(5):
        start = time.process_time()
        scores(nodes, scene)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.1 * max(1.0, len(nodes) / 100)


def test_weights_for_other_features_are_refused(monkeypatch):
    monkeypatch.setattr(learned, "NAMES", (*NAMES, "another"))
    load_model.cache_clear()
    with pytest.raises(ValueError, match="other features"):
        load_model()
    load_model.cache_clear()


def test_trees_send_each_row_to_its_leaf():
    trees = Trees(
        feature=np.array([[1, 0, 0]], np.int16),
        threshold=np.array([[0.5, 0, 0]], np.float32),
        left=np.array([[1, 1, 2]], np.int16),
        right=np.array([[2, 1, 2]], np.int16),
        value=np.array([[0, -1.5, 2.5]], np.float32),
        depth=1,
    )
    rows = np.array([[9, 0.5], [9, 0.6], [-9, -4]], np.float32)
    assert trees.predict(rows).tolist() == [-1.5, 2.5, -1.5]
    # More rows than are looked at together, and none.
    assert trees.predict(np.tile(rows, (50, 1))).tolist() == [-1.5, 2.5, -1.5] * 50
    assert trees.predict(rows[:0]).tolist() == []


@given(st.lists(st.tuples(st.floats(-30, 30), st.integers(0, 4)), min_size=1))
@settings(deadline=None)
def test_softmax_sums_to_one_within_each_group(pairs):
    _, group = np.unique([g for _, g in pairs], return_inverse=True)
    chance = softmax(np.array([s for s, _ in pairs]), group)
    assert np.bincount(group, chance) == pytest.approx(np.ones(group.max() + 1))


def test_texts_that_share_rare_words_are_near():
    texts = [
        "永定渠水位上涨三米",
        "渠水位上涨后永定渠管理处",
        "钢琴比赛在体育馆举行",
        "足球队体育馆训练",
    ]
    near = shared_words(texts)
    assert near[0, 1] > 0.3 > near[0, 2]
    assert near[2, 3] > near[0, 3]


@given(st.lists(st.text("东城新建十座公园abc12。，", max_size=30), min_size=1, max_size=6))
@settings(deadline=None)
def test_shared_words_are_cosines(texts):
    near = shared_words(texts)
    assert near.shape == (len(texts), len(texts))
    assert np.all((near >= 0) & (near <= 1 + 1e-9))
    np.testing.assert_allclose(near, near.T)


def test_characters_of_one_word_join_and_marks_do_not():
    keys = np.array([pair_key("春", "耕")])
    found = joins_word(["春", "春", "。"], ["耕", "水", "春"], keys, np.array([0.8]))
    assert found.tolist() == [0.8, 0.0, -1.0]


def test_the_shipped_table_knows_common_words():
    words = load_model().words
    found = joins_word(["中", "經", "的"], ["国", "濟", "耕"], words.keys, words.weights)
    assert found[0] > 0.5
    assert found[1] > 0.3
    assert found[2] < 0.3


def test_the_bond_of_a_word_is_stronger_than_that_of_common_characters():
    bond, end, start = bonds(["經", "的", "縣", "a"], ["濟", "在", "務", "的"], load_model().words)
    assert bond[0] > 3
    assert bond[1] < 0
    assert bond[0] > bond[2]
    # Words seldom end with the first of these, often with the second; none begins with 濟.
    assert end[0] > 0.5 > end[1]
    assert start[0] > 0.5 > start[1]
    assert (bond[3], end[3]) == (NO_WORD, NO_WORD)


def test_white_to_the_rules_over_and_under_a_column(monkeypatch):
    nodes, scene = captured(page_of(two_stories()), monkeypatch)
    first = min(nodes, key=lambda n: (n.left, n.box.y0))
    over = Rule(Box(first.left, first.box.y0 - 30, first.right, first.box.y0 - 28))
    other = Rule(Box(first.right + 60, first.box.y1 + 10, first.right + 600, first.box.y1 + 12))
    around = Surroundings(nodes, replace(scene, rules=[over, other]))
    k = nodes.index(first)
    assert around.under_rule()[k] == pytest.approx(28)
    assert np.isinf(around.over_rule()[k])


def test_text_under_a_headline_that_was_not_seen_follows_it(monkeypatch):
    title, body = "小麦丰收", prose(11, 120)
    lines = [*two_stories(), line(title, 440, 1300), *columns([body], 400, 1400, 12)]
    nodes, scene = captured(page_of(lines), monkeypatch)
    name, text = (
        next(k for k, n in enumerate(nodes) if said in n.chunk.text) for said in (title, body[:9])
    )
    assert name != text
    mm = 25.4 / 300
    boxes = tuple(
        TruthBox(role, "a9", nodes[k].box.grown(4).scaled(mm))
        for role, k in (("headline", name), ("body", text))
    )
    truth = Truth(PageText("p"), boxes, 400, 560)
    heads = len(scene.headings)
    right = right_columns(nodes, scene, truth)
    assert right[text] == heads + name
    assert right[name] == heads + len(nodes) + name


def test_open_and_closing_marks():
    assert left_open("他说：“我们一定") == 1
    assert left_open("他说：“一定。”（完）") == 0
    assert closes_first("按时完工。”他说")
    assert not closes_first("“按时完工。”他说")


def test_truth_says_which_chunk_follows_which(monkeypatch):
    nodes, scene = captured(page_of(two_stories()), monkeypatch)
    mm = 25.4 / 300

    def box(role: str, article: str, x0: float, y0: float, x1: float, y1: float) -> TruthBox:
        return TruthBox(role, article, Box(x0, y0, x1, y1).scaled(mm))

    truth = Truth(
        PageText("p"),
        (
            box("headline", "a", 390, 290, 1130, 400),
            box("body", "a", 390, 440, 980, 1200),
            box("body", "a", 1010, 440, 1600, 1200),
            box("headline", "b", 1690, 290, 2430, 400),
            box("body", "b", 1630, 440, 2220, 1200),
            box("table", "b", 2250, 440, 2840, 1200),
        ),
        400,
        560,
    )
    right = right_columns(nodes, scene, truth)
    heads = len(scene.headings)
    place = sorted(range(len(nodes)), key=lambda k: nodes[k].box.x0)
    titles = sorted(range(heads), key=lambda k: scene.headings[k].box.x0)
    assert [right[k] for k in place] == [
        titles[0],
        heads + place[0],
        titles[1],
        heads + place[2],
    ]


def test_the_blend_of_a_model_with_itself_scores_as_it_does(tmp_path: Path) -> None:
    weights = Path(learned.__file__).with_name(learned.WEIGHTS)
    out = tmp_path / "blend.npz"
    blend(weights, weights, out)
    with np.load(weights) as one, np.load(out) as both:
        parts = ("feature", "threshold", "left", "right", "value")
        trees = [Trees(*(m[p] for p in parts), int(m["depth"])) for m in (one, both)]
        sharp = [float(m["sharpness"]) for m in (one, both)]
    rows = np.random.default_rng(1).normal(size=(40, len(NAMES))).astype(np.float32)
    single, double = (f * t.predict(rows) for f, t in zip(sharp, trees, strict=True))
    assert np.allclose(single, double, atol=1e-3)
