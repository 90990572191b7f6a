"""A run: plan, skip what is up to date, do the rest, put the issues together."""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from epaper.batch.depot import Depot
from epaper.batch.issues import stands
from epaper.batch.journal import Journal
from epaper.batch.lock import Presence
from epaper.batch.outcome import Job, Key, Outcome, Reason, failure
from epaper.batch.plan import HIDDEN, Plan, Settings, issues_of
from epaper.batch.pool import Crew
from epaper.batch.state import forget_pages, save_state, up_to_date
from epaper.batch.work import Binding, IssueOutcome, Work, do, unbound
from epaper.batch.work import work as convert_job
from epaper.errors import EpaperError, ExitCode, InputError
from epaper.export.files import CATALOGUE_DATABASE, CATALOGUE_FILE
from epaper.export.formats import CATALOGUE
from epaper.model import Doubt
from epaper.sources.issues import IssueSource
from epaper.sources.urls import exists

# Doubts that a summary keeps: the weightiest.
WEIGHTIEST = 20

Where = str


@dataclass(frozen=True, slots=True)
class Summary:
    """All outcomes of a run, pages in the order of the plan, without their doubts.

    `doubts` are the weightiest with where they arose, `doubted` counts all; `stopped`
    says why the run ended before all was done.
    """

    pages: tuple[Outcome, ...]
    issues: tuple[IssueOutcome, ...]
    doubts: tuple[tuple[Where, Doubt], ...] = ()
    doubted: int = 0
    stopped: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """DONE, SOME_FAILED where some pages failed, their common reason where all did."""
        bad = [o for o in self.pages if not o.good]
        broken = [i for i in self.issues if i.error]
        if not bad and not broken:
            return ExitCode.SOME_FAILED if self.stopped else ExitCode.DONE
        codes = {o.code for o in bad} | {i.code for i in broken}
        if len(bad) == len(self.pages) and len(codes) == 1:
            return ExitCode(codes.pop())
        return ExitCode.SOME_FAILED


class Watcher:
    """Hears how a run goes; what it hears is lost, unless a subclass keeps it."""

    def found(self, issues: Sequence[IssueSource]) -> None:
        """These are the files; those not known from a former run are opened now."""

    def planned(self, kept: int, total: int) -> None:
        """Of `total` pages `kept` are up to date."""

    def told(self, outcome: Outcome) -> None:
        """A page has ended."""

    def again(self, outcome: Outcome) -> None:
        """A page failed and is tried again in a plainer way."""


def run(
    plan: Plan,
    settings: Settings,
    watcher: Watcher,
    crew: Crew,
    journal: Journal,
    presence: Presence,
    roots: Sequence[Path] = (),
    work: Work = convert_job,
    depot: Depot | None = None,
) -> Summary:
    """Converts the pages of `plan` by `crew` and puts their issues together.

    A page that fails is an outcome, no exception; where what all pages need is gone, the
    disk or one of `roots` (what was given to convert), the run stops. However it is
    left, what is done stays done.
    """
    depot = depot or Depot(settings.out)
    going = _Run(plan, settings, watcher, journal, roots, depot)
    going.look_back()
    presence.sweep({task.issue for task in going.waiting})
    for issue, jobs in issues_of(t for t in going.waiting if isinstance(t, Job)).items():
        if forget_pages(settings.out, issue, [job.source.page_id for job in jobs]):
            depot.keep(f"{issue}/{HIDDEN}/issue.json")
    work_on = partial(do, settings=settings, work=work)
    for task, answer in crew.run(going.waiting, work_on, going.started):
        if isinstance(task, Binding):
            going.bound(task, answer)
        else:
            going.ended(task, answer)
    going.catalogue()
    return going.summary()


class _Run:
    """What is to do, and what has been done so far."""

    def __init__(
        self,
        plan: Plan,
        settings: Settings,
        watcher: Watcher,
        journal: Journal,
        roots: Sequence[Path],
        depot: Depot,
    ) -> None:
        self.waiting: deque[Job | Binding] = deque()
        self._plan = plan
        self._settings = settings
        self._roots = roots
        self._depot = depot
        self._watcher = watcher
        self._journal = journal
        self._ends: dict[Key, tuple[Outcome, ...]] = {}
        self._of_issue = issues_of(plan.jobs)
        self._open: Counter[str] = Counter()
        self._issues: list[IssueOutcome] = []
        self._doubts: list[tuple[float, int, Where, Doubt]] = []
        self._doubted = 0
        self._stopped = ""

    def look_back(self) -> None:
        """Takes over what a former run left, and lists what there is to do."""
        kept = []
        jobs = []
        for job in self._plan.jobs:
            outcomes = None if self._settings.force else self._kept(job)
            if outcomes is None:
                jobs.append(job)
            else:
                kept.append((job, outcomes))
        self._journal.planned(jobs, kept, self._plan.failed)
        total = len(self._plan.jobs) + len(self._plan.failed)
        self._watcher.planned(len(kept), total)
        for outcome in self._plan.failed:
            self._watcher.told(outcome)
        for job, outcomes in kept:
            self._note(job, outcomes)
        self._open.update(job.issue for job in jobs)
        self.waiting.extend(jobs)
        for issue in self._of_issue:
            if not self._open[issue]:
                self._to_bind(issue)

    def _kept(self, job: Job) -> tuple[Outcome, ...] | None:
        return up_to_date(job, self._settings, self._depot.there)

    def started(self, task: Job | Binding) -> None:
        if isinstance(task, Job):
            self._journal.running(task)

    def ended(self, job: Job, answer: tuple[Outcome, ...] | IssueOutcome | EpaperError) -> None:
        """A page came back: it is over with, or tried once more."""
        assert not isinstance(answer, IssueOutcome)
        outcomes = self._lost(job, answer) if isinstance(answer, EpaperError) else answer
        first = outcomes[0]
        if first.reason is not None and first.reason.worth_a_second_try:
            if not job.plain and not self._stopped:
                self._journal.again(job, first)
                self._watcher.again(first)
                self.waiting.append(replace(job, plain=_why(first)))
                return
            outcomes = (self._set_aside(job, first),)
        self._journal.ended(job, outcomes)
        self._note(job, outcomes)
        self._open[job.issue] -= 1
        self._stop_where_hopeless(job, first)
        if not self._open[job.issue] and not self._stopped:
            self._to_bind(job.issue)

    def bound(
        self, task: Binding, answer: tuple[Outcome, ...] | IssueOutcome | EpaperError
    ) -> None:
        """An issue came back."""
        assert not isinstance(answer, tuple)
        if isinstance(answer, EpaperError):
            sentence = f"{self._settings.out / task.issue}: putting the issue together {answer}."
            answer = unbound(task, type(answer)(sentence))
        self._issues.append(answer)
        self._weigh(task.issue, answer.doubts)
        if answer.reason is Reason.DISK:
            self._stop(answer.error)

    def catalogue(self) -> None:
        """Brings the catalogues of all issues together, where there are any."""
        if CATALOGUE in self._settings.formats:
            from epaper.export.catalogue import update_catalogue

            try:
                pieces = [f"{issue}/{CATALOGUE_FILE}" for issue in self._of_issue]
                self._depot.bring([*pieces, CATALOGUE_FILE, CATALOGUE_DATABASE])
                update_catalogue(self._settings.out, self._of_issue)
                self._depot.keep(CATALOGUE_FILE)
                self._depot.keep(CATALOGUE_DATABASE)
            except EpaperError as error:
                self._stop(str(error))

    def summary(self) -> Summary:
        """What became of the run, once nothing is waiting."""
        pages = [o for job in self._plan.jobs for o in self._ends.get(job.key, ())]
        order = {issue: place for place, issue in enumerate(self._of_issue)}
        return Summary(
            (*self._plan.failed, *pages),
            tuple(sorted(self._issues, key=lambda each: order[each.issue])),
            tuple((where, doubt) for _, _, where, doubt in sorted(self._doubts, reverse=True)),
            self._doubted,
            self._stopped,
        )

    def _lost(self, job: Job, error: EpaperError) -> tuple[Outcome, ...]:
        """The outcome of a page whose worker did not come back."""
        sentence = type(error)(f"{job.source.path}: the page {error}.")
        outcome = failure(job.source.page_id, job.issue, job.source.path, sentence)
        return (replace(outcome, tries=1 + bool(job.plain)),)

    def _set_aside(self, job: Job, outcome: Outcome) -> Outcome:
        """Gives the page up, until it, the version or an option changes, or a retry."""
        aside = replace(
            outcome,
            status="aside",
            error=f"{outcome.error} It was tried twice and is set aside (epaper retry).",
        )
        try:
            save_state(job, self._settings, (aside,))
            self._depot.keep(f"{job.issue}/{HIDDEN}/{job.source.page_id}.json")
        except EpaperError as error:
            self._stop(str(error))
        return aside

    def _note(self, job: Job, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self._watcher.told(outcome)
            if outcome.status == "done":
                self._weigh(f"{outcome.issue}/{outcome.page}", outcome.doubts)
        # A run may have a hundred thousand pages: what is kept of each is little.
        self._ends[job.key] = tuple(
            replace(o, doubts=(), rooms={}, outputs=(), trace="") for o in outcomes
        )

    def _weigh(self, where: Where, doubts: Iterable[Doubt]) -> None:
        for doubt in doubts:
            self._doubted += 1
            item = (-doubt.confidence, -self._doubted, where, doubt)
            if len(self._doubts) < WEIGHTIEST:
                heapq.heappush(self._doubts, item)
            else:
                heapq.heappushpop(self._doubts, item)

    def _to_bind(self, issue: str) -> None:
        """Lets the issue be put together, where it does not stand as it should."""
        pages = [o for job in self._of_issue[issue] for o in self._ends[job.key] if o.good]
        if pages and not stands(issue, pages, self._settings, self._depot.there):
            self.waiting.appendleft(Binding(issue, tuple(pages)))

    def _stop_where_hopeless(self, job: Job, outcome: Outcome) -> None:
        """Ends the run where all the other pages would fail for the same reason."""
        if outcome.reason is Reason.DISK:
            self._stop(outcome.error)
        elif outcome.reason is Reason.INPUT and not exists(job.source.path):
            gone = [root for root in self._roots if _is_gone(root)]
            if gone:
                self._stop(f"{gone[0]}: is not there any more.")

    def _stop(self, sentence: str) -> None:
        left = sum(isinstance(task, Job) for task in self.waiting)
        self.waiting.clear()
        if not self._stopped:
            self._stopped = (
                f"{sentence} The run was stopped with {left} pages still to do; what is done "
                "is safe. Once that is mended, the same command goes on."
            )


def _why(outcome: Outcome) -> str:
    """Why a page is to be done in a plainer way, as the end of a sentence about it."""
    words = {
        Reason.TIME: "took too long",
        Reason.MEMORY: "took too much memory",
        Reason.CRASH: "ended its process",
    }
    return words.get(outcome.reason or Reason.ENGINE, "failed in the usual one")


def _is_gone(root: Path) -> bool:
    """Whether what was given to convert is no more, or an empty mount point."""
    try:
        return not exists(root) or (root.is_dir() and not any(root.iterdir()))
    except (OSError, InputError):
        return True
