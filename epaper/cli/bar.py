"""The bar that shows on a terminal how work goes."""

from __future__ import annotations

from datetime import timedelta

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text


def progress(kept: int) -> Progress:
    """A bar on standard error; `kept` items were done before the work began."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Pace(kept),
        TextColumn("passed"),
        TimeElapsedColumn(),
        TextColumn("left"),
        _Left(kept),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


class _Pace(ProgressColumn):
    """Items a minute since the work began; `kept` were done before."""

    def __init__(self, kept: int) -> None:
        super().__init__()
        self._kept = kept

    def render(self, task: Task) -> Text:
        """As ``12.3/min``."""
        rate = self.rate(task)
        return Text(f"{60 * rate:.1f}/min" if rate else "–/min")

    def rate(self, task: Task) -> float:
        """Items a second, 0 before the first."""
        return (task.completed - self._kept) / (task.elapsed or 1.0)


class _Left(_Pace):
    """The time left at the pace so far."""

    def render(self, task: Task) -> Text:
        """As ``1:23:45``."""
        rate = self.rate(task)
        if not rate or task.total is None:
            return Text("–")
        return Text(str(timedelta(seconds=round((task.total - task.completed) / rate))))
