"""
Long work on an executor: with progress, an end on request, and results that stay.

Threads are the rule: the kernels and the solver let other threads run while
they count, all jobs share the layers in memory, and a start costs nothing.
Processes (GEO_APP_WORKER_KIND) are worth their memory where many jobs run at
once on many processors.

What is known of a job stands in the store (`store.jobs`), so that it is the same for
every page, thread and process. One server process serves a store: when it
starts, whatever was under way before is marked as interrupted.
"""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from threading import Event, Lock
from typing import Any

from layers import ANALYSES, Analysis, Cancelled, LayersError, Text

from . import results
from .config import Settings
from .kept import Kept
from .store import Store, StoreError
from .store.codes import keyed
from .store.jobs import Job, JobStore, Limits, new_job

REPORT_EVERY = 0.4
"""Seconds between two looks at whether anybody still wants the answer."""
MOST_ROWS = 500
"""So many ended jobs stay in the list."""
TRIES, PAUSE = 5, 2.0
"""How often an end is written down if the store is busy, and the seconds between."""

BROKEN = Text(
    "It is not your fault. The error has been written down; please try again later, or with another"
    " question."
)
TOO_LONG = Text(
    "It took longer than {minutes} minutes and was stopped. Ask for less: fewer places, or"
    " candidates farther apart."
)

log = logging.getLogger(__name__)


def system_clock() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)


class Jobs:
    """
    Every piece of long work of one server.

    Parameters
    ----------
    store, settings
        The city's data; how many workers there are, and what visitors may ask for.
    clock
        Tells the moment.
    """

    def __init__(
        self, store: Store, settings: Settings, *, clock: Callable[[], datetime] = system_clock
    ) -> None:
        self._store, self._settings, self._clock = store, settings, clock
        self._rows = JobStore(store)
        self._lock, self._closing = Lock(), Event()
        self._executors: dict[str, Executor] = {}
        self._under_way: dict[tuple[str, int], Future[None]] = {}
        self._kept = kept_of(settings)
        results.keep_in(store, self._kept)

    def begin(self) -> int:
        """Mark what an earlier server left behind as interrupted; return how many there were."""
        try:
            self.tidy()
            return self._rows.interrupt(at=self._clock())
        except StoreError:
            log.warning("the store cannot be changed; jobs of an earlier server stay as they are")
            return 0

    def start(
        self,
        analysis: Analysis,
        values: Mapping[str, Any],
        *,
        person: str = "",
        connection: str = "",
        at: datetime,
    ) -> Job:
        """
        Start a job, or join the one that asks the same.

        Parameters
        ----------
        analysis, values
            What is asked.
        person
            Login of who asks, or "" for a visitor.
        connection
            What stands for a visitor's connection; only a keyed hash of it is
            kept, and only while the job is active.
        at
            Now.

        Raises
        ------
        MissingLayerError
            If a layer is missing.
        QueueFullError
            If too much is under way already.
        """
        asked = results.asked_of(self._store, analysis, values, at=at)
        wanted = new_job(
            analysis.name,
            analysis.write(values),
            asked.digest,
            person=person,
            visitor=self._visitor(connection),
            at=at,
        )
        job, new = self._rows.join(wanted, self._limits())
        if new:
            self._submit(job)
        return job

    def job(self, name: str) -> Job:
        """
        Return a job.

        Raises
        ------
        UnknownJobError
            If there is none, or not any more.
        """
        return self._rows.get(name)

    def of(self, analysis: Analysis, values: Mapping[str, Any]) -> Job | None:
        """Return the newest job that asks this of the layers as they are now, or None."""
        return self._rows.latest(results.asked_of(self._store, analysis, values).digest)

    def listed(self) -> list[Job]:
        """Return the newest jobs first."""
        return self._rows.listed()

    def owns(self, job: Job, *, person: str, connection: str) -> bool:
        """Tell whether somebody may end a job: who asked for it, and staff for any visitor's."""
        if person:
            return True
        return not job.person and job.visitor in {"", self._visitor(connection)}

    def cancel(self, name: str, *, at: datetime) -> Job:
        """End a job; its work stops the next time it looks up."""
        self._rows.move(name, "cancelled", at=at)
        return self._rows.get(name)

    def again(self, name: str, *, connection: str = "", at: datetime) -> Job:
        """
        Start a job again that has ended, on the layers as they are now.

        Raises
        ------
        QueueFullError
            If too much is under way already.
        """
        before = self._rows.get(name)
        analysis = ANALYSES[before.analysis]
        asked = results.asked_of(self._store, analysis, analysis.parse(before.query), at=at)
        job = self._rows.again(
            name, asked.digest, self._limits(), at=at, visitor=self._visitor(connection)
        )
        if not before.active:
            self._submit(job)
        return job

    def wait(self, job: Job, seconds: float) -> Job:
        """Give a job some seconds to end, and return what it is by then."""
        future = self._under_way.get((job.id, job.attempt))
        if future is not None:
            wait([future], timeout=seconds)
        return self._rows.get(job.id)

    def tidy(self) -> None:
        """Delete rows and files that nobody needs any more."""
        at = self._clock()
        self._rows.tidy(at=at, days=self._settings.result_days, most=MOST_ROWS)
        self._kept.tidy(at=at)

    def close(self) -> None:
        """Stop all work and wait until it has stopped; what was under way is interrupted."""
        self._closing.set()
        self._rows.interrupt(at=self._clock())
        for executor in self._executors.values():
            executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, job: Job) -> None:
        executor = self._executor_for(ANALYSES[job.analysis])
        if isinstance(executor, ThreadPoolExecutor):
            task = executor.submit(work, self._store, self._settings, job, self._clock)
        else:
            task = executor.submit(work_elsewhere, self._settings, job)
        key = (job.id, job.attempt)
        self._under_way[key] = task
        task.add_done_callback(lambda _task: self._under_way.pop(key, None))
        self.tidy()

    def _executor_for(self, analysis: Analysis) -> Executor:
        """Return who works on it; of exact marks an answer stays in the memory of this process."""
        kind = "threads" if analysis.confidential else self._settings.worker_kind
        with self._lock:
            if kind not in self._executors:
                self._executors[kind] = _executor(kind, self._settings.workers)
            return self._executors[kind]

    def _limits(self) -> Limits:
        all_ = self._settings.queue + self._settings.workers
        return Limits(all_=all_, visitors=max(1, all_ // 2), one=self._settings.visitor_jobs)

    def _visitor(self, connection: str) -> str:
        return keyed(self._settings.secret, "job", connection) if connection else ""


def kept_of(settings: Settings) -> Kept:
    """Return the results that this installation keeps on its disk."""
    return Kept(settings.var / "jobs", settings.secret, days=settings.result_days)


def work_elsewhere(settings: Settings, job: Job) -> None:
    """Do one job in a process of its own: it opens the store for itself."""
    with Store.open(settings.store, crs=settings.crs) as store:
        results.keep_in(store, kept_of(settings))
        work(store, settings, job, system_clock)


def work(store: Store, settings: Settings, job: Job, clock: Callable[[], datetime]) -> None:
    """
    Do one job and write down how it ended.

    Parameters
    ----------
    store, settings
        The city's data; how long a job may take.
    job
        What was asked; nothing is done if nobody wants it any more.
    clock
        Tells the moment.
    """
    rows = JobStore(store)
    if not rows.move(job.id, "running", at=clock(), attempt=job.attempt):
        return
    state, faults = "done", list[Text]()
    try:
        analysis = ANALYSES[job.analysis]
        watch = _Watching(rows, job, settings.job_minutes)
        results.compute(store, analysis, analysis.parse(job.query), watch=watch, at=clock())
    except _TooLong:
        state, faults = "failed", [Text(TOO_LONG.template, minutes=settings.job_minutes)]
    except Cancelled:
        state = "cancelled"
    except LayersError as error:
        state, faults = "failed", list(error.faults)
    except Exception:
        log.exception("unexpected error in a job of %s", job.analysis)
        state, faults = "failed", [BROKEN]
    _end(rows, job, state, faults, clock)


def _end(
    rows: JobStore,
    job: Job,
    state: str,
    faults: Sequence[Text],
    clock: Callable[[], datetime],
) -> None:
    """Write the end down, even if somebody imports at the moment."""
    for left in reversed(range(TRIES)):
        try:
            rows.move(job.id, state, at=clock(), attempt=job.attempt, faults=faults)
        except StoreError:
            if not left:
                log.exception("the end of a job of %s could not be written down", job.analysis)
            time.sleep(PAUSE)
        else:
            return


class _TooLong(Cancelled):
    """A job has taken longer than it may."""


class _Watching:
    """Writes the progress of a job down, and stops it when nobody wants it any more."""

    def __init__(self, rows: JobStore, job: Job, minutes: float) -> None:
        self._rows, self._job = rows, job
        self._end = time.monotonic() + 60 * minutes
        self._next = 0.0

    def __call__(self, done: float, doing: Text) -> None:
        """Note the progress, but not all too often."""
        moment = time.monotonic()
        if moment > self._end:
            raise _TooLong
        if moment < self._next:
            return
        self._next = moment + REPORT_EVERY
        try:
            wanted = self._rows.report(self._job.id, self._job.attempt, done, doing)
        except StoreError:
            return  # an import is under way; the next report will do
        if not wanted:
            raise Cancelled


def _executor(kind: str, workers: int) -> Executor:
    if kind == "processes":
        # a server has threads: only a process that begins anew is safe
        fresh = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(workers, mp_context=fresh)
    return ThreadPoolExecutor(workers, thread_name_prefix="job")
