"""Runs that are killed at random moments and resumed; `tests/bench/kill.py` does more of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.kill import kill_and_resume


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no process groups to kill here")
def test_a_run_killed_and_resumed_gives_what_an_undisturbed_one_does(tmp_path: Path) -> None:
    result = kill_and_resume(tmp_path, pages=20, kills=3, seed=2, jobs=2, with_scans=False)
    assert result.faults == []
    assert result.kills == 3
    assert result.pages == 20
    assert result.finished_at_kill[0] < 20
