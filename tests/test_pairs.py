"""Pairs of near things, beside what a table of all with all gives."""

from __future__ import annotations

import numpy as np
import pytest

from epaper.layout.pairs import least_of_each, pairs_between


@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_those_of_the_whole_table(seed: int) -> None:
    chance = np.random.default_rng(seed)
    # Few values, so that many are alike and lie on a bound.
    values = chance.integers(0, 9, 30).astype(float)
    low = chance.integers(-2, 11, 20).astype(float)
    high = low + chance.integers(-2, 5, 20)
    first, second = pairs_between(values, low, high)
    table = (values >= low[:, None]) & (values <= high[:, None])
    assert sorted(zip(first, second, strict=True)) == list(zip(*np.nonzero(table), strict=True))
    assert (np.diff(first) >= 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_least_is_that_of_the_whole_table(seed: int) -> None:
    chance = np.random.default_rng(seed)
    table = np.where(chance.random((12, 15)) < 0.2, chance.integers(0, 4, (12, 15)), np.inf)
    group, member = np.nonzero(np.isfinite(table))
    mixed = chance.permutation(len(group))
    group, member = group[mixed], member[mixed]
    found = least_of_each(group, table[group, member], member, len(table))
    wanted = np.where(np.isfinite(table).any(axis=1), table.argmin(axis=1), -1)
    assert found.tolist() == wanted.tolist()


def test_nothing_gives_no_pairs() -> None:
    none = np.zeros(0)
    first, second = pairs_between(none, none, none)
    assert not len(first) and not len(second)
    assert least_of_each(first, none, second, 2).tolist() == [-1, -1]
