"""Masks: the same answers as OpenCV's own."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from epaper.masks import areas_of, long_across, long_down, without_small

Mask = NDArray[np.bool_]


def noise(shape: tuple[int, int], share: float, seed: int = 0) -> Mask:
    return np.asarray(np.random.default_rng(seed).random(shape) < share, np.bool_)


def opened(mask: Mask, shape: tuple[int, int]) -> Mask:
    kernel = np.ones(shape, np.uint8)
    return np.asarray(cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_OPEN, kernel) > 0, np.bool_)


# Rows and columns of one pixel, of fewer than the length, and no whole bytes of them.
@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (23, 37), (64, 64), (90, 201)])
@pytest.mark.parametrize("length", [1, 2, 3, 8, 25, 60])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_what_is_long_is_what_opencv_leaves(
    shape: tuple[int, int], length: int, share: float
) -> None:
    mask = noise(shape, share)
    assert np.array_equal(long_down(mask, length), opened(mask, (length, 1)))
    assert np.array_equal(long_across(mask, length), opened(mask, (1, length)))


def test_a_rule_is_long_and_a_letter_is_not() -> None:
    mask = np.zeros((60, 60), np.bool_)
    mask[5:55, 10] = mask[20:30, 40:50] = True
    assert np.array_equal(np.flatnonzero(long_down(mask, 40).any(axis=0)), [10])
    assert not long_across(mask, 40).any()


# Few areas, many, and more than two bytes can number.
@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 1.0])
def test_areas_are_numbered_and_measured_as_opencv_does(share: float) -> None:
    mask = noise((900, 1300), share)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8))
    found = areas_of(mask)
    assert np.array_equal(found.labels, labels)
    assert np.array_equal(found.stats, stats)


def test_so_many_areas_as_a_page_can_have_get_numbers_of_their_own() -> None:
    mask = np.zeros((900, 1300), np.bool_)
    mask[::2, ::2] = True
    found = areas_of(mask)
    assert len(found.stats) == 1 + int(mask.sum()) > 2**16
    assert len(np.unique(found.labels)) == len(found.stats)


def test_areas_that_are_small_both_ways_are_left_out() -> None:
    mask = np.zeros((40, 60), np.bool_)
    mask[5:8, 5:8] = True
    mask[20, 10:30] = True
    mask[25:35, 50] = True
    kept = without_small(mask, 10)
    assert kept[20, 10:30].all() and kept[25:35, 50].all() and kept.sum() == 30
    assert (without_small(mask, 3) == mask).all() and not without_small(mask, 21).any()
