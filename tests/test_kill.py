"""Runs that are killed at random moments and resumed; `tests/bench/kill.py` does more of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.kill import kill_and_resume


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no process groups to kill here")
def test_a_run_killed_and_resumed_gives_what_an_undisturbed_one_does(tmp_path: Path) -> None:
    result = kill_and_resume(tmp_path, pages=32, kills=3, seed=2, jobs=2, with_scans=False)
    assert result.faults == []
    # How many of the kills came in time is the machine's affair: a run may be quicker than them.
    assert result.kills >= 1
    assert result.pages == 32
    assert result.finished_at_kill[0] < 32
