"""``epaper status``: how a run stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click
import msgspec

from epaper.batch.status import Standing, standing
from epaper.cli.common import Session, common
from epaper.cli.options import Output
from epaper.errors import ExitCode, one_line

_SHOWN = 20
_WORDS = {
    "done": "done", "running": "running", "waiting": "waiting", "failed": "failed",
    "aside": "set aside",
}  # fmt: skip


@click.command("status")
@click.argument("output", type=Output(exists=True, file_okay=False), default="output")
@click.option("--json", "as_json", is_flag=True, help="Answer with JSON.")
@common
def command(session: Session, output: Path, as_json: bool) -> ExitCode:
    """Show how a run stands, while it goes on or afterwards.

    OUTPUT is the folder that epaper convert writes into. The exit status is 1 where
    pages failed or were set aside.

    \b
    Examples:
      epaper status output/
      epaper status output/ --json
    """
    found = standing(output)
    for entry in found.bad:
        session.log({**msgspec.to_builtins(entry), "status": entry.state})
    if as_json:
        text = msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
        click.echo(text)
    else:
        for line in _lines(output, found):
            click.echo(one_line(line))
    return ExitCode.SOME_FAILED if found.bad else ExitCode.DONE


def _lines(output: Path, found: Standing) -> Iterator[str]:
    yield f"{output}: {_state(found)}"
    parts = [f"{found.counts[s]:,} {word}" for s, word in _WORDS.items() if found.counts.get(s)]
    yield f"{sum(found.counts.values()):,} pages: {', '.join(parts)}."
    if found.pace:
        left = f", {_duration(found.left)} left" if found.left is not None else ""
        yield f"{found.pace:.1f} pages a minute{left}."
    if found.made:
        yield _figures(found)
    for entry in found.bad[:_SHOWN]:
        word = "aside " if entry.state == "aside" else "failed"
        yield f"{word}   {entry.issue}/{entry.page}  {entry.error}"
    if len(found.bad) > _SHOWN:
        yield f"and {len(found.bad) - _SHOWN:,} more: --json lists them all."


def _state(found: Standing) -> str:
    """Whether a run goes on, or how the last one ended."""
    if not found.kept:
        return "the journal is lost; this is what the pages themselves tell."
    last = found.runs[-1]
    if found.going:
        return (
            f"running for {_duration(time.time() - last.started)} "
            f"(process {last.pid} on {last.host})."
        )
    if last.ended is None:
        return "the last run ended without a word; the same command goes on."
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(last.ended))
    if last.stopped == "interrupted":
        return f"interrupted at {when}; the same command goes on."
    return f"ended at {when}. {last.stopped}".rstrip()


def _figures(found: Standing) -> str:
    """What the pages that are done took, and how they came out."""
    parts = [f"{found.seconds / found.made:.1f} s a page"]
    total = sum(found.rooms.values())
    if total:
        room, seconds = next(iter(found.rooms.items()))
        parts[0] += f", {seconds / total:.0%} of it in {room}"
    if found.peak_mb is not None:
        parts.append(f"at most {found.peak_mb:,.0f} MiB")
    parts.append(f"{found.doubts:,} doubts")
    if found.coverage is not None:
        parts.append(f"coverage {found.coverage:.1%} at the lowest")
    return "; ".join(parts) + "."


def _duration(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
