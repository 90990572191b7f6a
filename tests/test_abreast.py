"""What a scanned page does at once: the same answers as in turn, and errors that are heard."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from epaper import abreast as at_once
from epaper.abreast import abreast, aside
from epaper.errors import InputError
from epaper.pipeline import Options, TextFrom, convert_page
from epaper.reading import leftover
from epaper.reading.engine import OcrOptions, load_engine
from epaper.reading.ocr_sight import look
from epaper.sources.pages import open_pages


@pytest.fixture(params=[1, 2])
def cores(request: pytest.FixtureRequest) -> Iterator[int]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(request.param)
    yield request.param
    cv2.setNumThreads(before)


def fail() -> int:
    raise InputError("scan.jpg is damaged.")


def test_answers_come_in_the_order_of_the_tasks(cores: int) -> None:
    assert abreast([partial(pow, n, 2) for n in range(20)]) == [n * n for n in range(20)]
    assert aside(lambda: cores)() == cores


def test_an_error_is_raised_where_the_answer_is_waited_for(cores: int) -> None:
    waiting = aside(fail)
    with pytest.raises(InputError, match="damaged"):
        waiting()
    with pytest.raises(InputError, match="damaged"):
        abreast([lambda: cores, fail])


def test_one_core_starts_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_once, "ThreadPoolExecutor", None)
    monkeypatch.setattr(cv2, "getNumThreads", lambda: 1)
    assert abreast([lambda: 1, lambda: 2]) == [1, 2]
    assert aside(lambda: 3)() == 3


@pytest.mark.parametrize("threads", [1, 2])
def test_what_fails_beside_the_layout_fails_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    path = tmp_path / "blank.png"
    Image.new("L", (600, 800), 255).save(path, dpi=(100, 100))
    monkeypatch.setattr(leftover, "leftover_ink", lambda *_: fail())
    (source,) = open_pages(path)
    before = cv2.getNumThreads()
    try:
        with pytest.raises(InputError, match="damaged"):
            list(
                convert_page(
                    source, "issue", Options(text=TextFrom.OCR, ocr=OcrOptions(threads=threads))
                )
            )
    finally:
        cv2.setNumThreads(before)


def test_lines_read_together_read_as_by_themselves() -> None:
    engine = load_engine(OcrOptions())
    random = np.random.default_rng(3)
    crops = []
    for _ in range(26):
        crop = np.full((48, 400, 3), 240, np.uint8)
        for x in range(10, 380, 40):
            word = chr(int(random.integers(65, 91)))
            cv2.putText(crop, word, (x, 38), cv2.FONT_HERSHEY_DUPLEX, 1.2, (20, 20, 20), 2)
        crops.append(crop)
    together = look(crops, engine, [0.6] * len(crops))
    alone = [look([crop], engine, [0.6])[0] for crop in crops]
    seen = [[[s.index for s in x.signs] for x in sights] for sights in (together, alone)]
    assert seen[0] == seen[1]
    assert [x.confidence for x in together] == pytest.approx([x.confidence for x in alone])


@pytest.mark.skipif(not importlib.util.find_spec("openvino"), reason="OpenVINO is not installed")
def test_a_head_drawn_last_answers_the_same() -> None:
    import openvino
    from openvino import opset13 as op

    from epaper.reading.ocr_tails import drawn_last

    random = np.random.default_rng(5)

    def constant(*shape: int) -> np.ndarray:
        return random.normal(size=shape).astype(np.float32)

    def doubled(source: openvino.Node, before: int, after: int) -> openvino.Node:
        weights, none = constant(before, after, 2, 2), [0, 0]
        wide = op.convolution_backprop_data(
            source, weights, [2, 2], pads_begin=none, pads_end=none, dilations=[1, 1]
        )
        return op.add(wide, constant(1, after, 1, 1))

    given = op.parameter([1, 6, 8, 12], np.float32)
    answer = op.sigmoid(doubled(op.relu(doubled(given, 6, 5)), 5, 1))
    network = openvino.Model([answer], [given])
    picture = constant(1, 6, 8, 12)
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    plain, last = (
        openvino.compile_model(model, "CPU", settings)([picture])[0]
        for model in (network, drawn_last(network))
    )
    assert plain.shape == last.shape == (1, 1, 32, 48)
    assert np.allclose(plain, last, atol=1e-6)
    kinds = [node.get_type_name() for node in drawn_last(network).get_ops()]
    assert "DepthToSpace" in kinds
    # What ends in another way is left as it is.
    other = openvino.Model([op.sigmoid(doubled(given, 6, 1))], [given])
    assert drawn_last(other) is other
