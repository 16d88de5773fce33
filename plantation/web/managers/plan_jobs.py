"""Making plans beside the requests: a thread works, a file says how far it is, and any page may ask.

One plan is worked on at a time in a process; a plan writes nothing but its own file, so that a stopped program leaves
nothing half done.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from flask import current_app

from plantation.database import Database
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Collective
from plantation.paths import instance_folder
from plantation.services.desk import Desk
from plantation.services.land.allocation_inputs import read_inputs
from plantation.services.land.allocation_plans import plan_allocation
from plantation.services.land.plan_parameters import PlanParameters, check_beside, check_parameters
from plantation.services.land.plan_records import read_refusal, write_parameters, write_refusal
from plantation.web import desks
from plantation.web.managers.plan_files import DONE, FAILED, REFUSED, WORKING, PlanFiles, Status

PATIENCE_SECONDS = 1.2
HEARTBEAT_SECONDS = 3.0
MOST_WAITING = 6

_log = logging.getLogger("plantation.web")
_turn = threading.Lock()
_running: set[str] = set()


class TooManyPlans(Refusal):
    """More plans than one machine can work on."""

    template = N_("%(count)s plans are being worked on already. Wait until one is done.")


class PlanFailed(Refusal):
    """A fault of this program, which the log has."""

    template = N_("This plan failed by a fault of this program. Nothing was written; the fault is in the log.")


@dataclass(frozen=True, slots=True)
class Job:
    """What the thread needs of the request that started it."""

    database: Database
    files: PlanFiles
    collective_id: int
    actor: str
    now: dt.datetime
    status: Status
    parameters: PlanParameters


def plan_files(desk: Desk) -> PlanFiles:
    """The plans of the desk's collective."""
    folder = current_app.config.get("PLANS_FOLDER") or instance_folder() / "plans"
    return PlanFiles(Path(folder), desk.collective_id)


def start_plan(desk: Desk, parameters: PlanParameters) -> Status:
    """Have the plan made, or take the one that is there; waits a moment, so that a quick one is done at once.

    :raises Refusal: what can be said before any work: as `plan_allocation`; TooManyPlans.
    """
    parameters = check_parameters(parameters)
    inputs = read_inputs(desk, parameters.plots)
    check_beside(parameters, inputs)
    key = key_of(parameters, inputs.digest, desk.today)
    files = plan_files(desk)
    try:
        known = files.status(key)
        if known.state == DONE or (known.state == WORKING and not known.is_lost):
            return known
    except NotFound:
        pass
    if len(_running) >= MOST_WAITING:
        raise TooManyPlans(count=len(_running))
    status = Status(key, WORKING, write_parameters(parameters), desk.now.isoformat(), desk.actor)
    files.write(status)
    files.tidy()
    job = Job(desks.database(), files, desk.collective_id, desk.actor, desk.now, status, parameters)
    thread = threading.Thread(target=_work, args=(job,), name=f"plan-{key}", daemon=True)
    _running.add(key)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    return files.status(key)


def key_of(parameters: PlanParameters, inputs_digest: str, day: dt.date) -> str:
    """The name of a plan: the same for the same parameters on the same land, people and day."""
    whole = json.dumps([write_parameters(parameters), inputs_digest, day.isoformat()], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()[:24]


def refusal_of(status: Status) -> Refusal | None:
    """Why there is no plan, where there is none."""
    if status.state == FAILED:
        return PlanFailed()
    return read_refusal(status.refusal) if status.refusal else None


def _work(job: Job) -> None:
    over = threading.Event()
    threading.Thread(target=_beat, args=(job, over), daemon=True).start()
    try:
        with _turn:
            _make(job)
    except Refusal as refusal:
        job.files.write(replace(job.status, state=REFUSED, refusal=write_refusal(refusal)))
    except Exception:
        _log.exception("plan %s failed", job.status.key)
        job.files.write(replace(job.status, state=FAILED))
    finally:
        over.set()
        _running.discard(job.status.key)


def _beat(job: Job, over: threading.Event) -> None:
    while not over.wait(HEARTBEAT_SECONDS):
        job.files.touch(job.status.key)


def _make(job: Job) -> None:
    told = 0.0

    def progress(done: int, whole: int) -> None:
        nonlocal told
        if time.monotonic() - told > 0.5:
            told = time.monotonic()
            job.files.write(replace(job.status, done=done, whole=whole))

    with job.database.read() as session:
        collective = session.get_one(Collective, job.collective_id)
        plan = plan_allocation(Desk(session, collective, job.actor, job.now), **write_parameters(job.parameters), progress=progress)
    job.files.write(replace(job.status, state=DONE, digest=plan.digest, figures=list(plan.figures)), plan)
