"""What every command shares: its standing options, the JSON log, the progress."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import IO, Any, Self, TypeVar

import click
import msgspec
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from epaper import __version__
from epaper.errors import InputError, one_line

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class Session:
    """One call of the command line: how much to say, and where the JSON log goes."""

    verbose: bool = False
    _log: IO[bytes] | None = None

    def open_log(self, path: Path) -> None:
        """Starts the JSON log; InputError where the file cannot be written."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._log = path.open("wb")
        except OSError as error:
            raise InputError(f"{path}: the log cannot be written ({error.strerror}).") from error

    def log(self, entry: Any) -> None:
        """Adds one object to the JSON log, if there is one."""
        if self._log is not None:
            self._log.write(msgspec.json.encode(entry) + b"\n")
            self._log.flush()

    def close(self) -> None:
        """Ends the JSON log."""
        if self._log is not None:
            self._log.close()
            self._log = None


def common(command: Command) -> Command:
    """Adds the options that every command has and hands it the session first."""

    @click.version_option(__version__, prog_name="epaper", message="%(prog)s %(version)s")
    @click.option(
        "-v", "--verbose", is_flag=True, help="Say more, and show where an error happened."
    )
    @click.option(
        "--log-json",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Write one JSON object a page to FILE.",
    )
    @click.pass_obj
    @wraps(command)
    def wrapped(session: Session, /, verbose: bool, log_json: Path | None, **options: Any) -> Any:
        session.verbose = verbose
        _log_to_terminal(verbose)
        if log_json is not None:
            session.open_log(log_json)
        return command(session, **options)

    return wrapped  # type: ignore[return-value]


def _log_to_terminal(verbose: bool) -> None:
    handler = RichHandler(console=Console(stderr=True), show_path=False, show_time=False)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], format="%(message)s")
    logging.getLogger("epaper").setLevel(logging.DEBUG if verbose else logging.WARNING)


class Teller:
    """Tells how work goes: a bar on a terminal, a line an item elsewhere; a context."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def begin(self, total: int, kept: int = 0) -> None:
        """There are `total` items, of which `kept` are done already."""
        if not sys.stderr.isatty() or total == kept:
            return
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
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task(self._what, total=total, completed=kept)
        self._progress.start()

    def advance(self, line: str) -> None:
        """One more is through; `line` says so where there is no bar."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)
        else:
            self.say(line)

    def say(self, line: str) -> None:
        """A line where there is no bar."""
        if line and self._progress is None:
            click.echo(one_line(line))

    def complain(self, sentence: str) -> None:
        """One error sentence on standard error, above the bar where there is one."""
        if self._progress is not None:
            told = f"epaper: {one_line(sentence)}"
            self._progress.console.print(told, markup=False, highlight=False)
        else:
            click.echo(f"epaper: {one_line(sentence)}", err=True)


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


@contextmanager
def stopped_by_term() -> Iterator[None]:
    """Takes SIGTERM for Ctrl-C, so that no worker outlives a run that is told to end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
