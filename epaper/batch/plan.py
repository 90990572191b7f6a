"""What a run has to do: one job a page, and the inputs that make none."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path

import msgspec

from epaper import __version__
from epaper.batch.outcome import Job, Key, Outcome, failure
from epaper.errors import EpaperError, InputError, one_line
from epaper.export.formats import formats_named, reserved
from epaper.export.options import ExportOptions
from epaper.model import Facts
from epaper.pipeline import Options
from epaper.sources.issues import IssueSource, find_issues
from epaper.sources.pages import PageSource, open_pages

# The folder of what a run knows, in the output and in each of its issues.
HIDDEN = ".epaper"
# A scanned broadsheet takes a minute; this leaves room for the largest on a busy machine.
PAGE_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every page of a run.

    `threads` limits the libraries of one worker, 0 leaves them alone. `overlay` is the
    folder for debug pictures. `force` does everything again, `retry` what was set aside.
    Where the output lies afar `store` is its URL and `out` the stage (`depot`).
    A page may take `page_timeout` seconds and `page_memory` MiB, 0 for this machine's
    share of a worker. Only what changes the output enters `digest`.
    """

    out: Path
    formats: tuple[str, ...] = ("newsml",)
    options: Options = field(default_factory=Options)
    export: ExportOptions = field(default_factory=ExportOptions)
    threads: int = 0
    overlay: Path | None = None
    force: bool = False
    retry: bool = False
    reproducible: bool = False
    page_timeout: float = PAGE_SECONDS
    page_memory: float = 0
    store: Path | None = None

    def digest(self) -> str:
        """Fingerprint of the version and of every option that a page's files depend on.

        An issue's own formats, which are made from pages as they stand, are no part of it.
        """
        return _digest(self.formats, self.options, self.export, self.reproducible)

    def dated(self, facts: Facts) -> ExportOptions:
        """The export options; in a reproducible run the time stamp is the printed date's.

        A page without a date then carries 1970-01-01. SOURCE_DATE_EPOCH goes before both.
        """
        if not self.reproducible or os.environ.get("SOURCE_DATE_EPOCH"):
            return self.export
        sent = datetime(1970, 1, 1, tzinfo=UTC)
        with suppress(ValueError):
            sent = datetime.fromisoformat(facts.date).replace(tzinfo=UTC)
        return replace(self.export, sent=sent)


@lru_cache(maxsize=16)
def _digest(
    formats: tuple[str, ...], options: Options, export: ExportOptions, reproducible: bool
) -> str:
    options = replace(options, ocr=replace(options.ocr, threads=0))
    names = [each.name for each in formats_named(formats)]
    parts = (__version__, names, options, export, reproducible)
    return hashlib.sha256(msgspec.json.encode(parts, enc_hook=str)).hexdigest()


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs in order, and an outcome for every input that could not be opened.

    `left_out` are poorer copies of pages that are there.
    """

    jobs: tuple[Job, ...]
    failed: tuple[Outcome, ...]
    left_out: tuple[Path, ...] = ()


Looked = tuple[PageSource, ...] | EpaperError
# Opens files in whatever order and way; each comes back once with its pages.
Look = Callable[[Sequence[Path]], Iterable[tuple[Path, Looked]]]


def make_plan(
    paths: Sequence[Path], dpi: float | None = None, exclude: Sequence[Path] = ()
) -> Plan:
    """The plan of `paths`, their files opened here, one after the other.

    Folders in `exclude` (the output) are passed over. Raises InputError where there is
    no input.
    """
    return plan_of(find_issues(paths, exclude), partial(look_here, dpi=dpi))


def plan_of(issues: Sequence[IssueSource], look: Look) -> Plan:
    """The pages of `issues`, whose files `look` opens.

    A file that cannot be opened is listed in `failed`, and so is the second of two files
    that would make the same page.
    """
    jobs: list[Job] = []
    failed: list[Outcome] = []
    taken: dict[Key, Path] = {}
    files = (path for issue in issues for path in issue.files if not _unfit(issue.id, path))
    looked = dict(look(list(dict.fromkeys(files))))
    for issue in issues:
        for path in issue.files:
            if unfit := _unfit(issue.id, path):
                told = one_line(path.stem), one_line(issue.id), Path(one_line(str(path)))
                failed.append(failure(*told, unfit))
                continue
            pages = looked[path]
            if isinstance(pages, EpaperError):
                failed.append(failure(path.stem, issue.id, path, pages))
                continue
            for source in pages:
                first = taken.setdefault((issue.id, source.page_id), path)
                clash = _clash(issue.id, source, first)
                if clash is None:
                    jobs.append(Job(issue.id, source))
                else:
                    failed.append(clash)
    left_out = tuple(path for issue in issues for path in issue.left_out)
    return Plan(tuple(jobs), tuple(failed), left_out)


def look_here(files: Iterable[Path], dpi: float | None) -> Iterator[tuple[Path, Looked]]:
    """The pages of files, opened by this process."""
    for path in files:
        yield path, look_at(path, dpi)


def look_at(path: Path, dpi: float | None) -> Looked:
    """The pages of one file, or the error that says why there are none."""
    try:
        return open_pages(path, dpi)
    except EpaperError as error:
        return error


def _unfit(issue: str, path: Path) -> InputError | None:
    """Why what is made of the file could not be named after it."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return InputError(f"{path}: its name is no UTF-8; rename it (convmv does whole folders).")
    if issue in ("..", HIDDEN) or path.stem == "..":
        return InputError(f"{path}: cannot give its output this name; rename it.")
    return None


def _clash(issue: str, source: PageSource, first: Path) -> Outcome | None:
    """The failure of a page whose files are another's."""
    if own := reserved(source.page_id):
        reason = f"{own} is the name of the issue's own file; rename the input."
    elif first != source.path:
        reason = f"makes the same page as {first}; convert the two into different folders with -o."
    else:
        return None
    return failure(source.page_id, issue, source.path, InputError(f"{source.path}: {reason}"))


def issues_of(jobs: Iterable[Job]) -> dict[str, list[Job]]:
    """The jobs by issue, in order."""
    found: dict[str, list[Job]] = {}
    for job in jobs:
        found.setdefault(job.issue, []).append(job)
    return found
