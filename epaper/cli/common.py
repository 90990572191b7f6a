"""What every command shares: its standing options, the JSON log, the progress."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self, TypeVar

import click
import msgspec

from epaper import __version__
from epaper.errors import InputError, one_line

# What draws on a terminal takes as long to load as the rest of the command line, and is not
# needed before there is something to draw.
if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

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
    logging.basicConfig(level=logging.WARNING, handlers=[_Told()], format="%(message)s")
    logging.getLogger("epaper").setLevel(logging.DEBUG if verbose else logging.WARNING)


class _Told(logging.Handler):
    """Tells what is logged on standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Hands a record on, with its form."""
        self._drawn.setFormatter(self.formatter)
        self._drawn.emit(record)

    @cached_property
    def _drawn(self) -> logging.Handler:
        from rich.console import Console
        from rich.logging import RichHandler

        return RichHandler(console=Console(stderr=True), show_path=False, show_time=False)


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
        from epaper.cli.bar import progress

        self._progress = progress(kept)
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
