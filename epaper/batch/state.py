"""What a former run left: the hidden folder ``OUT/<issue>/.epaper``.

``<page id>.json`` says from what and with which options a page source was converted
and what it made, or why it was set aside; ``pages/<page id>.json.gz`` keeps the page
model, so that the issue can be put together again from pages converted at different
times.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import msgspec

from epaper.batch.outcome import Job, Outcome
from epaper.batch.plan import HIDDEN, Settings
from epaper.errors import InputError
from epaper.export import jsonfile
from epaper.export.write import write_whole
from epaper.model import Doubt, Page
from epaper.quality.measures import Measures
from epaper.sources.urls import is_url, url_of

# What a page source adds to its own id: nothing, or the half of a spread.
SIDES = ("", "-L", "-R")
_ISSUE = "issue.json"
# Level 3 takes 7 ms a broadsheet page and makes a fifth of it.
_GZIP_LEVEL = 3


class PageState(msgspec.Struct, frozen=True):
    """One page source that is done with. `outcomes` hold one entry a page it made.

    `measures` are the figures of those that are there, by page id.
    """

    sha256: str
    digest: str
    outcomes: tuple[Outcome, ...]
    measures: dict[str, Measures]


class IssueState(msgspec.Struct, frozen=True):
    """What the issue was last put together from, and how its pages were last written.

    `models` maps page ids to fingerprints of the page models as they were converted,
    `written` to those of the pages with their links. `stories` counts those that run
    over pages, `doubts` are about the issue as a whole.
    """

    digest: str
    models: dict[str, str]
    written: dict[str, str]
    stories: int = 0
    doubts: tuple[Doubt, ...] = ()


def hidden(out: Path, issue: str) -> Path:
    """The hidden folder of an issue."""
    return out / issue / HIDDEN


def _state_path(job: Job, out: Path) -> Path:
    return hidden(out, job.issue) / f"{job.source.page_id}.json"


def load_state(job: Job, settings: Settings) -> PageState | None:
    """What is known of the job's page source; None where nothing readable is."""
    return _read_state(_state_path(job, settings.out))


def _read_state(path: Path) -> PageState | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=PageState)
    except (OSError, msgspec.MsgspecError):
        return None


def all_states(out: Path) -> Iterator[tuple[str, str, PageState]]:
    """Issue, page source and state of all that was converted or set aside into `out`."""
    for place, folders, names in os.walk(out):
        folders.sort()
        if Path(place).name != HIDDEN or Path(place).parent == out:
            continue
        folders.clear()
        issue = Path(place).parent.relative_to(out).as_posix()
        for name in sorted(names):
            state = _read_state(Path(place) / name) if name.endswith(".json") else None
            if state is not None:
                yield issue, name.removesuffix(".json"), state


def save_state(
    job: Job,
    settings: Settings,
    outcomes: tuple[Outcome, ...],
    measures: Mapping[str, Measures] = MappingProxyType({}),
) -> None:
    """Notes that the page source is done with; call it when all its files are there.

    The names of those files reach the disk before the note does.
    """
    folder = settings.out / job.issue
    kept = [folder / name for outcome in outcomes for name in outcome.outputs]
    kept += [_model_path(settings.out, job.issue, o.page) for o in outcomes if o.good]
    _sync(path.parent for path in kept)
    # The input is found again from wherever the output is looked at.
    file = job.file or _lasting(job.source.path)
    named = tuple(replace(o, source=file) for o in outcomes)
    state = PageState(job.source.sha256, settings.digest(), named, dict(measures))
    write_whole(_state_path(job, settings.out), msgspec.json.encode(state))


def _lasting(path: Path) -> str:
    """Where the file lies, from wherever that is asked."""
    return url_of(path) if is_url(path) else str(path.absolute())


def _sync(folders: Iterable[Path]) -> None:
    """Brings new names in these folders to the disk, where the system can."""
    for folder in set(folders):
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def drop_state(job: Job, settings: Settings) -> None:
    """Forgets the page source before its files change, so that half of it is not taken
    for the whole."""
    with suppress(OSError):
        _state_path(job, settings.out).unlink(missing_ok=True)


def up_to_date(
    job: Job, settings: Settings, there: Callable[[str], bool] = os.path.isfile
) -> tuple[Outcome, ...] | None:
    """The outcomes of a former run that still hold, None where the job must be done.

    They hold when the input's bytes, the version and the options are the same and every
    file is still there. Files are not compared: a person may have corrected them. A page
    that is there is ``skipped`` now; one that was set aside stays so until it is to be
    tried again. `there` says of a path below ``settings.out`` whether there is a file.
    """
    state = load_state(job, settings)
    if state is None or state.sha256 != job.source.sha256 or state.digest != settings.digest():
        return None
    if any(not outcome.good for outcome in state.outcomes):
        return None if settings.retry else state.outcomes
    folder = f"{settings.out / job.issue}{os.sep}"
    kept = [folder + name for outcome in state.outcomes for name in outcome.outputs]
    kept += [str(_model_path(settings.out, job.issue, o.page)) for o in state.outcomes]
    if not all(map(there, kept)):
        return None
    return tuple(replace(outcome, status="skipped") for outcome in state.outcomes)


def model_name(issue: str, page_id: str) -> str:
    """Where a page model is kept in the output."""
    return f"{issue}/{HIDDEN}/pages/{page_id}.json.gz"


def _model_path(out: Path, issue: str, page_id: str) -> Path:
    return out / model_name(issue, page_id)


def fingerprint(value: object) -> str:
    """The same for the same page model, or whatever is put together with one."""
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()


def save_page(out: Path, page: Page, model: bytes = b"") -> None:
    """Keeps the page model; `model` is the same in JSON where that is known."""
    data = gzip.compress(model or jsonfile.page_to_json(page), _GZIP_LEVEL, mtime=0)
    write_whole(_model_path(out, page.issue, page.id), data)


def load_page(out: Path, issue: str, page_id: str) -> Page:
    """The page model kept by `save_page`; InputError where it is not there."""
    path = _model_path(out, issue, page_id)
    try:
        return jsonfile.read_page(gzip.decompress(path.read_bytes()), path)
    except (OSError, EOFError) as error:
        reason = f"{path}: cannot be read: {error}"
    except InputError as error:
        reason = str(error)
    raise InputError(f"{reason}; convert the page again with --force.")


def kept_page(folder: Path, page_id: str) -> Page | None:
    """The page model kept in an issue's folder, None where none is."""
    with suppress(InputError):
        return load_page(folder.parent, folder.name, page_id)
    return None


def load_issue_state(out: Path, issue: str) -> IssueState | None:
    """What the issue was last put together from, None where it never was."""
    try:
        return msgspec.json.decode((hidden(out, issue) / _ISSUE).read_bytes(), type=IssueState)
    except (OSError, msgspec.MsgspecError):
        return None


def save_issue_state(out: Path, issue: str, state: IssueState) -> None:
    """Notes what the issue was put together from."""
    write_whole(hidden(out, issue) / _ISSUE, msgspec.json.encode(state))


def forget_pages(out: Path, issue: str, sources: Collection[str]) -> bool:
    """Forgets how the pages of these page sources were written, before they change.

    Should the run end before the issue is put together, it will be the next time. Answers
    whether there was anything to forget.
    """
    state = load_issue_state(out, issue)
    if state is not None:
        gone = {f"{source}{side}" for source in sources for side in SIDES}
        written = {page: mark for page, mark in state.written.items() if page not in gone}
        forgotten = msgspec.structs.replace(state, models={}, written=written)
        save_issue_state(out, issue, forgotten)
    return state is not None
