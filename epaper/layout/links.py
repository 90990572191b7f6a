"""Which chunk is read after which: story assembly as one assignment over the page.

Every chunk has at most one predecessor (a heading or another chunk) and every heading
or chunk at most one successor. Each possible link is scored from geometry, type and the
text at the seam by a model learned from typeset pages (`learned`); the set of links with
the greatest total score is found with the Hungarian method (Kuhn 1955; scipy's
implementation), so that a doubtful choice in one column is settled by the clear ones
around it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from epaper.layout import learned
from epaper.layout.nodes import End, Node, Scene
from epaper.layout.scoring import FloatArray
from epaper.layout.seams import seam_odds
from epaper.layout.tiers import is_scrap, is_unsure, scraps_in, tier_gain
from epaper.layout.turns import poured_turns

# Each node is scored by itself; that a headline left without text is rare is known only
# of all of them together. In log-odds.
_HEADED = 2.5
# The same of text that stops in mid-sentence.
_GOES_ON = 2.5
# What a sure subhead leaves of the chance of a story that starts with it.
_NOT_BARE = 0.02
# Log chance of a link that the learned scores did not look at.
_UNLIKELY = -5.0
# Rounds in which the chances of links come to agree with each other.
_ROUNDS = 30
# The same for links of habit, on a page that is strange to the learned scores.
_UNSEEN = -3.0


@dataclass(frozen=True, slots=True)
class Link:
    """Node `after` is read right after node `before`, or first under `heading`.

    `confidence` is the link's chance among all sets of links.
    """

    after: int
    before: int | None
    heading: int | None
    confidence: float


def solve(nodes: Sequence[Node], scene: Scene) -> list[Link]:
    """The best set of links; one Link a node, both ends None where a story starts bare."""
    count, heads = len(nodes), len(scene.headings)
    if not count:
        return []
    turns = poured_turns(nodes, scene)
    scores = learned.scores(nodes, scene)
    for turn in turns:
        column = heads + turn.before
        scores[turn.after, column] = max(scores[turn.after, column], _UNLIKELY)
    shown = [p.box for p in scene.pictures]
    gain = scores + seam_odds(nodes, heads, learned.load_model().words, turns, shown)
    gain[:, :heads] += _HEADED
    for b, node in enumerate(nodes):
        # A subhead stands inside a story.
        gain[b, heads + count + b] += np.log(max(_NOT_BARE, 1 - node.chunk.subhead))
    whole = gain + _wanting(nodes, heads)
    chosen = _assigned(whole)
    if is_unsure([float(np.exp(scores[b, c])) for b, c in chosen.items()], nodes):
        habit = tier_gain(nodes, scene)
        scores = np.where(habit > 0, np.maximum(scores, _UNSEEN), scores)
        whole = np.where(habit > 0, np.maximum(gain, _UNSEEN), gain) + habit
        scraps = {k for k, n in enumerate(nodes) if is_scrap(n)}
        chosen = _assigned_but(whole, scraps, dict(scraps_in(nodes)), heads)
    _break_cycles(chosen, scores, heads)
    likely = _chances(whole)
    return [_link(b, c, float(likely[b, c]), heads, count) for b, c in sorted(chosen.items())]


def _chances(gain: FloatArray) -> FloatArray:
    """The chance of every link among all sets of links, shape as `gain`.

    Rows sum to 1, and no column to more, for nothing is followed by two texts: the soft
    assignment of Gold & Rangarajan (1996), by the scaling of Sinkhorn & Knopp (1967). What
    is doubtful for a node by itself may be clear once its rivals are placed.
    """
    raised = np.exp(gain - gain.max(axis=1, keepdims=True))
    weight = np.ones(raised.shape[1])
    for _ in range(_ROUNDS):
        likely = raised * weight
        likely /= likely.sum(axis=1, keepdims=True)
        weight /= np.maximum(likely.sum(axis=0), 1.0)
    return np.asarray(likely)


def _wanting(nodes: Sequence[Node], heads: int) -> FloatArray:
    """What is gained where text that stops in mid-sentence goes on, a column of the scores each."""
    gain = np.zeros(heads + 2 * len(nodes))
    gain[heads : heads + len(nodes)] = [_GOES_ON * _goes_on(node) for node in nodes]
    return gain


def _goes_on(node: Node) -> bool:
    """True for text that stops in the middle of a sentence, which has to go on somewhere."""
    chunk = node.chunk
    plain = not (node.head or chunk.rows or chunk.verse or chunk.tail)
    return plain and node.end is End.OPEN and len(chunk.items) > 1


def _assigned(gain: FloatArray) -> dict[int, int]:
    rows, columns = linear_sum_assignment(-gain)
    return dict(zip(rows.tolist(), columns.tolist(), strict=True))


def _assigned_but(
    gain: FloatArray, scraps: Collection[int], homes: Mapping[int, int], heads: int
) -> dict[int, int]:
    """The best links without `scraps`, which are then put in after the texts they stand in.

    Nothing that is read goes on from dirt, and nothing is kept from going on by it. What
    stands in no text is no story.
    """
    count = len(gain)
    kept = [k for k in range(count) if k not in scraps]
    columns = [*range(heads), *(heads + k for k in kept), *(heads + count + k for k in kept)]
    part = _assigned(gain[np.ix_(kept, columns)])
    chosen = {kept[b]: columns[c] for b, c in part.items()}
    for b in scraps:
        if b in homes:
            home = heads + homes[b]
            chosen |= {after: heads + b for after, column in chosen.items() if column == home}
            chosen[b] = home
    return chosen


def _link(b: int, column: int, chance: float, heads: int, count: int) -> Link:
    if column < heads:
        return Link(b, None, column, chance)
    if column < heads + count:
        return Link(b, column - heads, None, chance)
    return Link(b, None, None, chance)


def _break_cycles(chosen: dict[int, int], scores: FloatArray, heads: int) -> None:
    """Cut every ring of links at its weakest one."""
    count = len(scores)
    for start in list(chosen):
        ring, b = [], start
        while b not in ring:
            ring.append(b)
            column = chosen[b]
            if not heads <= column < heads + count:
                break
            b = column - heads
        else:
            ring = ring[ring.index(b) :]
            weakest = min(ring, key=lambda k: scores[k, chosen[k]])
            chosen[weakest] = heads + count + weakest
