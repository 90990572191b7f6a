"""The end of a detection network, worked out before it is drawn large.

DB's head doubles the size of its map twice, each time by a transposed convolution whose squares of
two by two pixels do not overlap. So each pixel before them makes sixteen of the answer by itself:
they are worked out as channels of that pixel, and laid side by side at the very end. The answer is
the same to the last bit, in a third of the time, and a large map of one channel, of which
OpenVINO would keep sixteen, is not made.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
# An OpenVINO model, and a node of one.
Network = Any
Node = Any

_SIDE = 2


@dataclass(frozen=True, slots=True)
class _Doubling:
    """A transposed convolution that doubles a map: its `source`, its weights and what is added.

    `weights` are (channels of the source, channels, 2, 2).
    """

    source: Node
    weights: Floats
    added: Floats


def drawn_last(network: Network) -> Network:
    """The network with its last two doublings as above; as it is where it does not end so."""
    last = _node(network.get_results()[0])
    if last.get_type_name() != "Sigmoid":
        return network
    second = _doubling(_node(last))
    if second is None or second.weights.shape[1] != 1:
        return network
    between = _node(second.source)
    first = _doubling(_node(between)) if between.get_type_name() == "Relu" else None
    return _redrawn(network, first, second) if first else network


def _redrawn(network: Network, first: _Doubling, second: _Doubling) -> Network:
    openvino = importlib.import_module("openvino")
    op = importlib.import_module("openvino.opset13")
    count, channels = first.weights.shape[:2]
    weights = first.weights.transpose(0, 2, 3, 1).reshape(count, -1)
    hidden = _pointwise(op, first.source.input_value(0), weights)
    hidden = op.relu(op.add(hidden, np.tile(first.added, _SIDE**2).reshape(1, -1, 1, 1)))
    # Of the channels, those of each of the first four pixels make four of the sixteen.
    spread = np.zeros((_SIDE, _SIDE, channels, _SIDE, _SIDE, _SIDE, _SIDE), np.float32)
    for down, across in np.ndindex(_SIDE, _SIDE):
        spread[down, across, :, down, :, across, :] = second.weights[:, 0]
    answer = _pointwise(op, hidden.output(0), spread.reshape(_SIDE**2 * channels, -1))
    answer = op.sigmoid(op.add(answer, second.added.reshape(1, 1, 1, 1)))
    answer = op.depth_to_space(answer, "blocks_first", _SIDE**2)
    return openvino.Model([answer.output(0)], network.get_parameters())


def _pointwise(op: Any, source: Any, weights: Floats) -> Node:
    """A convolution of single pixels by weights (channels before, channels after).

    It is put as a transposed one, which OpenVINO leaves in 32 bits at the end of a network.
    """
    plain = np.ascontiguousarray(weights)[:, :, None, None]
    return op.convolution_backprop_data(
        source, plain, [1, 1], pads_begin=[0, 0], pads_end=[0, 0], dilations=[1, 1]
    )


def _doubling(add: Node) -> _Doubling | None:
    """A doubling of a map whose result `add` shifts; None where it is something else."""
    if add.get_type_name() != "Add":
        return None
    source, added = _node(add), _constant(add.input_value(1).get_node())
    if source.get_type_name() != "ConvolutionBackpropData" or source.get_input_size() != 2:
        return None
    weights = _constant(source.input_value(1).get_node())
    told = source.get_attributes()
    plain = (
        list(told["strides"]) == [_SIDE, _SIDE]
        and not any((*told["pads_begin"], *told["pads_end"], *told["output_padding"]))
        and told["auto_pad"] == "explicit"
    )
    if not plain or weights is None or weights.shape[2:] != (_SIDE, _SIDE):
        return None
    if added is None or added.size != weights.shape[1]:
        return None
    return _Doubling(source, weights, added.ravel())


def _node(node: Node) -> Node:
    """What a node takes first, without nodes that hand it on as it is."""
    source = node.input_value(0).get_node()
    return _node(source) if source.get_type_name() == "Identity" else source


def _constant(node: Node) -> Floats | None:
    return np.array(node.data, np.float32) if node.get_type_name() == "Constant" else None
