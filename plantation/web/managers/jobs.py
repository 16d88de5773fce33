"""Work beside the requests: a thread works, and a page that looks again by itself says how far it is.

What is made lies in this process's memory or where the work puts it, for the account that asked for it. A quarter of an
hour after the end it is thrown away.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from flask import g

from plantation.errors import Refusal

PATIENCE_SECONDS = 1.2
KEPT_SECONDS = 15 * 60.0

Made = TypeVar("Made")

_log = logging.getLogger("plantation.web")
_guard = threading.Lock()
_jobs: dict[str, Job] = {}


@dataclass(frozen=True, slots=True, eq=False)
class JobKind:
    """One kind of work: at most `most` of it wait or are worked on in this process, beyond that `too_many` is raised with
    their `count`; `failed` is what is said after a fault of this program. One of a kind is worked on at a time."""

    name: str
    most: int
    too_many: type[Refusal]
    failed: type[Refusal]
    turn: threading.Lock = field(default_factory=threading.Lock)


@dataclass(slots=True, eq=False)
class Job(Generic[Made]):
    """A piece of work for `asker`, (collective's id, account's id): `done` of `whole` steps, and what it has `made` so far."""

    kind: JobKind
    key: str
    asker: tuple[int, int]
    made: Made
    throw_away: Callable[[], None] = lambda: None
    done: int = 0
    whole: int = 0
    is_over: bool = False
    is_failed: bool = False

    @property
    def is_done(self) -> bool:
        """What was asked for is there."""
        return self.is_over and not self.is_failed

    @property
    def failure(self) -> Refusal | None:
        """What is said where it failed."""
        return self.kind.failed() if self.is_failed else None


def start_job(
    kind: JobKind,
    made: Made,
    work: Callable[[Job[Made]], None],
    *,
    key: str = "",
    throw_away: Callable[[], None] = lambda: None,
) -> Job[Made]:
    """Have `work` done in a thread for who asks; waits a moment, so that what is quick is done at once.

    `throw_away` is called when what was made is kept no longer. Without `key` the job gets one that nobody guesses.

    :raises Refusal: the kind's `too_many`.
    """
    job = Job(kind, key or secrets.token_hex(12), _asker(), made, throw_away)
    with _guard:
        working = sum(one.kind is kind and not one.is_over for one in _jobs.values())
        if working >= kind.most:
            raise kind.too_many(count=working)
        _jobs[job.key] = job
    thread = threading.Thread(target=_run, args=(job, work), name=f"{kind.name}-{job.key}", daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    return job


def find_job(kind: JobKind, key: str) -> Job | None:
    """The job of that key, for who asked for it; None when it is somebody else's, is long past, or the program was stopped."""
    job = _jobs.get(key)
    return job if job and job.kind is kind and job.asker == _asker() else None


def jobs_of(kind: JobKind) -> list[Job]:
    """The jobs of that kind that who asks now has asked for, the oldest first."""
    with _guard:
        return [job for job in _jobs.values() if job.kind is kind and job.asker == _asker()]


def running_job(kind: JobKind, key: str) -> Job | None:
    """The job of that key, whoever asked for it, while it waits or is worked on."""
    job = _jobs.get(key)
    return job if job and job.kind is kind and not job.is_over else None


def forget_job(job: Job) -> None:
    """Throw away what was made; who asks for it again is told that it is gone."""
    with _guard:
        is_known = _jobs.get(job.key) is job  # a key may have been taken again meanwhile
        if is_known:
            del _jobs[job.key]
    if is_known:
        job.throw_away()


def _asker() -> tuple[int, int]:
    return g.signed_in.collective.id, g.signed_in.account_id


def _run(job: Job, work: Callable[[Job], None]) -> None:
    try:
        with job.kind.turn:
            work(job)
    except Exception:
        _log.exception("%s %s failed", job.kind.name, job.key)
        job.is_failed = True
    job.is_over = True
    later = threading.Timer(KEPT_SECONDS, forget_job, (job,))
    later.daemon = True
    later.start()
