"""Which lines recognition is shown together, how wide their pictures are, and its network."""

from __future__ import annotations

import importlib.util
from typing import Any, cast

import numpy as np
import pytest

from epaper.reading.engine import Network
from epaper.reading.ocr_sight import _batches


def _network(together: int = 1, batch: int = 0) -> Network:
    return Network("none", cast(Any, None), {}, 1, batch, together)


def test_all_lines_are_read_once_and_fit_their_pictures() -> None:
    widths = [64 + 32 * (n * n % 23) for n in range(200)]
    read = list(_batches(widths, _network(together=3)))
    assert sorted(i for _, lines in read for i in lines) == list(range(200))
    assert all(len(lines) <= 3 for _, lines in read)
    assert all(0.8 * wide <= widths[i] <= wide for wide, lines in read for i in lines)


def test_a_few_lines_are_drawn_wider() -> None:
    """To prepare for one more width would take longer."""
    widths = [320] * 60 + [288] * 4 + [256] * 60
    shapes = {(wide, len(lines)) for wide, lines in _batches(widths, _network(together=3))}
    assert shapes == {(320, 3), (256, 3), (256, 1)}


def test_no_line_is_drawn_much_wider() -> None:
    assert [wide for wide, _ in _batches([320, 480], _network(together=3))] == [480, 320]


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (_network(), [(700, [0]), (300, [1]), (299, [2]), (64, [3])]),
        (_network(batch=1000), [(700, [0]), (300, [1, 2]), (64, [3])]),
    ],
)
def test_a_network_without_that_cost_reads_lines_at_their_width(
    network: Network, expected: list[tuple[int, list[int]]]
) -> None:
    assert list(_batches([700, 300, 299, 10], network)) == expected


@pytest.mark.skipif(not importlib.util.find_spec("openvino"), reason="OpenVINO is not installed")
@pytest.mark.parametrize(("pad", "changed"), [(0, True), (1, False)])
def test_means_are_taken_first_where_nothing_is_padded(pad: int, changed: bool) -> None:
    import openvino
    from openvino import opset13 as op

    from epaper.reading.ocr_pools import pooled_first

    random = np.random.default_rng(5)

    def network() -> openvino.Model:
        given = op.parameter([-1, 6, 6, -1], np.float32)
        point = op.convolution(given, weights, [1, 1], [0, 0], [0, 0], [1, 1])
        both = op.add(given, op.add(point, shift))
        pads = [pad, pad]
        return openvino.Model([op.avg_pool(both, [3, 2], pads, pads, [3, 2], True)], [given])

    weights = random.normal(size=(6, 6, 1, 1)).astype(np.float32)
    shift = random.normal(size=(1, 6, 1, 1)).astype(np.float32)
    picture = random.normal(size=(2, 6, 6, 14)).astype(np.float32)
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    first = pooled_first(network())
    plain, other = (
        openvino.compile_model(model, "CPU", settings)([picture])[0] for model in (network(), first)
    )
    assert plain.shape == other.shape
    assert np.allclose(plain, other, atol=1e-5)
    kinds = [node.get_type_name() for node in first.get_ordered_ops()]
    assert (kinds.index("AvgPool") < kinds.index("Convolution")) is changed
