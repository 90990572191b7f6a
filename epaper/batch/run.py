"""A run: plan, skip what is up to date, do the rest, put the issues together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from epaper.batch.cluster import run_cluster
from epaper.batch.issues import put_together
from epaper.batch.plan import Job, Outcome, Plan, Settings, issues_of
from epaper.batch.pool import Work, cores, default_workers, run_pool
from epaper.batch.state import forget_pages, up_to_date
from epaper.batch.work import work as convert_job
from epaper.errors import EpaperError, ExitCode
from epaper.model import Doubt

Told = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True)
class IssueOutcome:
    """What became of an issue: the number of its stories that run over pages, doubts."""

    issue: str
    stories: int = 0
    doubts: tuple[Doubt, ...] = ()
    error: str = ""
    code: int = ExitCode.DONE


@dataclass(frozen=True, slots=True)
class Summary:
    """All outcomes of a run, pages in the order of the plan."""

    pages: tuple[Outcome, ...]
    issues: tuple[IssueOutcome, ...]

    @property
    def exit_code(self) -> ExitCode:
        """DONE, SOME_FAILED where some pages failed, their common reason where all did."""
        failed = [o for o in self.pages if o.status == "failed"]
        broken = [i for i in self.issues if i.error]
        if not failed and not broken:
            return ExitCode.DONE
        codes = {o.code for o in failed} | {i.code for i in broken}
        if len(failed) == len(self.pages) and len(codes) == 1:
            return ExitCode(codes.pop())
        return ExitCode.SOME_FAILED


def run(
    plan: Plan,
    settings: Settings,
    told: Told,
    workers: int | None = None,
    scheduler: str | None = None,
    work: Work = convert_job,
) -> Summary:
    """Converts the pages of `plan`; `told` hears of every page as it ends.

    `workers` None takes what the machine carries. A page that fails is an outcome, no
    exception; MissingError and InputError are raised where the scheduler cannot be
    used. On KeyboardInterrupt the workers are ended and what is done stays done.
    """
    ends: dict[tuple[str, str], tuple[Outcome, ...]] = {}
    for outcome in plan.failed:
        told(outcome)
    waiting = []
    for job in plan.jobs:
        kept = None if settings.force else up_to_date(job, settings)
        if kept is None:
            waiting.append(job)
            continue
        ends[_key(job)] = tuple(replace(o, status="skipped") for o in kept)
        for outcome in ends[_key(job)]:
            told(outcome)
    for issue, jobs in issues_of(waiting).items():
        forget_pages(settings.out, issue, [job.source.page_id for job in jobs])
    for job, outcomes in _done(waiting, settings, workers, scheduler, work):
        ends[_key(job)] = outcomes
        for outcome in outcomes:
            told(outcome)
    pages = tuple(o for job in plan.jobs for o in ends[_key(job)])
    return Summary((*plan.failed, *pages), _issues(plan, pages, settings))


def _done(
    jobs: Sequence[Job],
    settings: Settings,
    workers: int | None,
    scheduler: str | None,
    work: Work,
) -> Iterator[tuple[Job, tuple[Outcome, ...]]]:
    if not jobs:
        return iter(())
    if scheduler:
        return run_cluster(jobs, settings, scheduler, work)
    count = max(1, min(workers or default_workers(), len(jobs)))
    threads = settings.threads or max(1, cores() // count)
    return run_pool(jobs, replace(settings, threads=threads), count, work)


def _issues(plan: Plan, pages: Sequence[Outcome], settings: Settings) -> tuple[IssueOutcome, ...]:
    found = []
    for issue_id in issues_of(plan.jobs):
        good = [o for o in pages if o.issue == issue_id and o.status != "failed"]
        try:
            issue = put_together(issue_id, good, settings)
        except EpaperError as error:
            found.append(IssueOutcome(issue_id, error=str(error), code=int(error.exit_code)))
            continue
        if issue is not None:
            spread = sum(len(story.parts) > 1 for story in issue.stories)
            found.append(IssueOutcome(issue_id, spread, issue.doubts))
    return tuple(found)


def _key(job: Job) -> tuple[str, str]:
    return job.issue, job.source.page_id
