"""Putting issues together once their pages are converted.

A page is written when it is converted, alone. The issue room then reads the page
models of the whole issue, so the pages may have come in any order, from any worker or
from a former run; the pages whose links it changed are written again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from epaper.batch.outcome import Outcome
from epaper.batch.plan import Settings
from epaper.batch.state import (
    IssueState,
    fingerprint,
    load_issue_state,
    load_page,
    save_issue_state,
)
from epaper.errors import ExportError
from epaper.export.formats import Tells, formats_named, issue_files
from epaper.export.write import write_issue, write_page
from epaper.model import Issue, Page


def put_together(issue_id: str, outcomes: Sequence[Outcome], settings: Settings) -> Issue | None:
    """Writes the issue's files and the pages whose links changed; None where all stands.

    `outcomes` are the issue's pages that are done or up to date. Raises InputError
    where a page model is gone, ExportError where a file cannot be written.
    """
    from epaper.issue import assemble

    folder = settings.out / issue_id
    if not outcomes or stands(issue_id, outcomes, settings):
        return None
    models = _models(outcomes)
    before = load_issue_state(settings.out, issue_id)
    pages = [load_page(settings.out, issue_id, outcome.page) for outcome in outcomes]
    fresh = {outcome.page for outcome in outcomes if outcome.status == "done"}
    known = before.written if before else {}
    issue = assemble(issue_id, pages)
    written = {page.id: _fingerprint(page, issue) for page in issue.pages}
    joined = {page for s in issue.stories if len(s.parts) > 1 for page, _ in s.parts}
    for page in issue.pages:
        last = models[page.id] if page.id in fresh else known.get(page.id)
        if last != written[page.id]:
            # What was written of a page by itself stands where no story leaves the page.
            alone = page.id in fresh and page.id not in joined
            least = Tells.STORIES if alone else Tells.JUMPS
            telling = [f.name for f in formats_named(settings.formats) if f.tells >= least]
            export, crops = settings.dated(page.facts), _crops(page, folder)
            write_page(page, settings.out, export, crops, telling, issue=issue)
    write_issue(issue, settings.out, settings.dated(issue.pages[0].facts), settings.formats)
    spread = sum(len(story.parts) > 1 for story in issue.stories)
    state = IssueState(settings.digest(), models, written, spread, issue.doubts)
    save_issue_state(settings.out, issue_id, state)
    return issue


def stands(
    issue_id: str,
    outcomes: Sequence[Outcome],
    settings: Settings,
    there: Callable[[str], bool] = os.path.isfile,
) -> bool:
    """Whether the issue's files are there and made from just these pages."""
    before = load_issue_state(settings.out, issue_id)
    folder = settings.out / issue_id
    return (
        before is not None
        and before.models == _models(outcomes)
        and before.digest == settings.digest()
        and all(there(str(folder / name)) for name in issue_files(settings.formats))
    )


def _models(outcomes: Sequence[Outcome]) -> dict[str, str]:
    return {outcome.page: outcome.model for outcome in outcomes}


def _crops(page: Page, folder: Path) -> dict[str, bytes]:
    """The page's pictures as they lie beside its XML."""
    crops = {}
    for picture in page.pictures:
        path = folder / page.id / f"picture-{picture.id.removeprefix('i')}.jpg"
        try:
            crops[picture.id] = path.read_bytes()
        except OSError as error:
            raise ExportError(f"{path}: cannot be read ({error.strerror}).") from error
    return crops


def _fingerprint(page: Page, issue: Issue | None = None) -> str:
    """Fingerprint of a page as it is written, with the stories it has a part in."""
    stories = [s for s in issue.stories if _has_part(s.parts, page.id)] if issue else []
    return fingerprint((page, stories) if stories else page)


def _has_part(parts: Sequence[tuple[str, str]], page_id: str) -> bool:
    return any(page == page_id for page, _ in parts)
