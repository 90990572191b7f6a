"""What a former run left: the hidden folder ``OUT/<issue>/.epaper``.

``<page id>.json`` says from what and with which options a page source was converted
and what it made; ``pages/<page id>.json`` keeps the page model, so that the issue can
be put together again from pages converted at different times.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec

from epaper.batch.plan import Job, Outcome, Settings
from epaper.errors import InputError
from epaper.export import jsonfile
from epaper.export.write import write_whole
from epaper.model import Page

HIDDEN = ".epaper"
# What a page source adds to its own id: nothing, or the half of a spread.
SIDES = ("", "-L", "-R")


class PageState(msgspec.Struct, frozen=True):
    """One converted page source. `outcomes` hold one entry a page it made."""

    sha256: str
    digest: str
    outcomes: tuple[Outcome, ...]


class IssueState(msgspec.Struct, frozen=True):
    """What the issue was last put together from, and how its pages were last written.

    `models` maps page ids to fingerprints of the page models as they were converted,
    `written` to those of the pages with their links.
    """

    digest: str
    models: dict[str, str]
    written: dict[str, str]


def hidden(out: Path, issue: str) -> Path:
    """The hidden folder of an issue."""
    return out / issue / HIDDEN


def load_state(job: Job, settings: Settings) -> PageState | None:
    """What is known of the job's page source; None where nothing readable is."""
    try:
        data = (hidden(settings.out, job.issue) / f"{job.source.page_id}.json").read_bytes()
        return msgspec.json.decode(data, type=PageState)
    except (OSError, msgspec.MsgspecError):
        return None


def save_state(job: Job, settings: Settings, outcomes: tuple[Outcome, ...]) -> None:
    """Notes that the page source is converted; call it when all its files are there."""
    state = PageState(job.source.sha256, settings.digest(), outcomes)
    path = hidden(settings.out, job.issue) / f"{job.source.page_id}.json"
    write_whole(path, msgspec.json.encode(state))


def up_to_date(job: Job, settings: Settings) -> tuple[Outcome, ...] | None:
    """The outcomes of a former run that still hold, None where the job must be done.

    They hold when the input's bytes, the version and the options are the same and every
    file is still there. Files are not compared: a person may have corrected them.
    """
    state = load_state(job, settings)
    if state is None or state.sha256 != job.source.sha256 or state.digest != settings.digest():
        return None
    folder = settings.out / job.issue
    kept = [folder / name for outcome in state.outcomes for name in outcome.outputs]
    kept += [_model_path(settings.out, job.issue, o.page) for o in state.outcomes]
    return state.outcomes if all(path.is_file() for path in kept) else None


def _model_path(out: Path, issue: str, page_id: str) -> Path:
    return hidden(out, issue) / "pages" / f"{page_id}.json"


def save_page(out: Path, page: Page) -> None:
    """Keeps the page model."""
    write_whole(_model_path(out, page.issue, page.id), jsonfile.page_to_json(page))


def load_page(out: Path, issue: str, page_id: str) -> Page:
    """The page model kept by `save_page`; InputError where it is not there."""
    try:
        return jsonfile.load_page(_model_path(out, issue, page_id))
    except InputError as error:
        raise InputError(f"{error}; convert the page again with --force.") from error


def load_issue_state(out: Path, issue: str) -> IssueState | None:
    """What the issue was last put together from, None where it never was."""
    try:
        return msgspec.json.decode(
            (hidden(out, issue) / "issue.json").read_bytes(), type=IssueState
        )
    except (OSError, msgspec.MsgspecError):
        return None


def save_issue_state(out: Path, issue: str, state: IssueState) -> None:
    """Notes what the issue was put together from."""
    write_whole(hidden(out, issue) / "issue.json", msgspec.json.encode(state))


def forget_pages(out: Path, issue: str, sources: Collection[str]) -> None:
    """Forgets how the pages of these page sources were written, before they change.

    Should the run end before the issue is put together, it will be the next time.
    """
    state = load_issue_state(out, issue)
    if state is not None:
        gone = {f"{source}{side}" for source in sources for side in SIDES}
        written = {page: mark for page, mark in state.written.items() if page not in gone}
        save_issue_state(out, issue, IssueState(state.digest, {}, written))
