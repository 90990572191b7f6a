"""The door: parse, call, report.

Every command answers with an exit status of `ExitCode`; every error a user meets is
one sentence on standard error, with a traceback only after ``-v``.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from importlib import import_module

import click

from epaper import __version__
from epaper.batch.libraries import missing_library
from epaper.cli.common import Session
from epaper.errors import EpaperError, ExitCode, one_line

__all__ = ["main"]

_COMMANDS = {
    "convert": "Convert newspaper pages to NewsML-G2.",
    "status": "Show how a run stands, while it goes on or afterwards.",
    "retry": "Try again the pages that failed or were set aside.",
    "report": "Write the quality report of an output folder.",
    "validate": "Check NewsML-G2, ALTO, PAGE, METS and NITF files.",
    "evaluate": "Score converted pages against the truth.",
    "synth": "Typeset newspaper pages with their truth.",
    "doctor": "Show which engines, models, fonts and schemas are there.",
}


class _Commands(click.Group):
    """Commands that are imported when they are called, so that help comes at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"epaper.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=_Commands, no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="epaper", message="%(prog)s %(version)s")
def cli() -> None:
    """Newspaper pages, scans or PDFs, into structured news as NewsML-G2.

    \b
    Example:
      epaper convert scans/ -o output/

    Exit status: 0 all done, 1 some pages failed, 2 wrong usage or unreadable input,
    3 a dependency or model is missing, 130 interrupted.
    """


def main(args: Sequence[str] | None = None) -> int:
    """Runs the command line `args` (default: the process's) and answers its exit status."""
    session = Session()
    try:
        status = cli.main(args, prog_name="epaper", standalone_mode=False, obj=session)
        return int(status or ExitCode.DONE)
    except (Exception, KeyboardInterrupt) as error:
        sentence, code = _told(error)
        if session.verbose and not isinstance(error, click.Abort | KeyboardInterrupt):
            traceback.print_exc()
        click.echo(f"epaper: {one_line(sentence)}", err=True)
        return int(code)
    finally:
        session.close()


def _told(error: BaseException) -> tuple[str, ExitCode]:
    """What went wrong in one sentence, and the exit status it stands for."""
    if isinstance(error, ImportError):
        error = missing_library(error)
    match error:
        case EpaperError():
            return str(error), error.exit_code
        case click.Abort() | KeyboardInterrupt():
            return "interrupted; run the same command again to go on.", ExitCode.INTERRUPTED
        case click.UsageError():
            where = error.ctx.command_path if error.ctx else "epaper"
            return f"{error.format_message().rstrip('.')}; see {where} --help.", ExitCode.USAGE
        case click.ClickException():
            return error.format_message(), ExitCode.USAGE
        case MemoryError():
            return "there is not enough memory.", ExitCode.SOME_FAILED
    name = type(error).__name__
    return f"an unforeseen error ({name}: {error}); -v shows where.", ExitCode.SOME_FAILED
