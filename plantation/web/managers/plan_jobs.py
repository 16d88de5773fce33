"""Making plans beside the requests: what becomes of one lies in a file, and any page may ask.

A plan writes nothing but its own file, so that a stopped program leaves nothing half done.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
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
from plantation.web.managers.jobs import Job, JobKind, running_job, start_job
from plantation.web.managers.plan_files import DONE, FAILED, REFUSED, WORKING, PlanFiles, Status


class TooManyPlans(Refusal):
    """More plans than one machine can work on."""

    template = N_("%(count)s plans are being worked on already. Wait until one is done.")


class PlanFailed(Refusal):
    """A fault of this program, which the log has."""

    template = N_("This plan failed by a fault of this program. Nothing was written; the fault is in the log.")


PLANS = JobKind("plan", 6, TooManyPlans, PlanFailed)


@dataclass(frozen=True, slots=True)
class PlanWork:
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


def follow_plan(desk: Desk, key: str) -> tuple[Status, Job | None]:
    """What became of the plan of that key, and the job that works on it. Still working and no job: the program was stopped.

    :raises NotFound: there is no such plan.
    """
    job = running_job(PLANS, _job_key(desk, key))  # before its file is read: what ended in between is then not taken for lost
    return plan_files(desk).status(key), job


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
        known, job = follow_plan(desk, key)
        if job or known.state == DONE:
            return known
    except NotFound:
        pass
    status = Status(key, WORKING, write_parameters(parameters), desk.now.isoformat(), desk.actor)
    work = PlanWork(desks.database(), files, desk.collective_id, desk.actor, desk.now, status, parameters)
    files.write(status)
    files.tidy()
    try:
        start_job(PLANS, work, _work, key=_job_key(desk, key))
    except Refusal:
        files.remove(key)
        raise
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


def _job_key(desk: Desk, key: str) -> str:
    return f"{desk.collective_id}-{key}"


def _work(job: Job[PlanWork]) -> None:
    work = job.made
    try:
        _make(job)
    except Refusal as refusal:
        work.files.write(replace(work.status, state=REFUSED, refusal=write_refusal(refusal)))
    except Exception:
        work.files.write(replace(work.status, state=FAILED))
        raise


def _make(job: Job[PlanWork]) -> None:
    work = job.made

    def progress(done: int, whole: int) -> None:
        job.done, job.whole = done, whole

    with work.database.read() as session:
        desk = Desk(session, session.get_one(Collective, work.collective_id), work.actor, work.now)
        plan = plan_allocation(desk, **write_parameters(work.parameters), progress=progress)
    work.files.write(replace(work.status, state=DONE, digest=plan.digest, figures=list(plan.figures)), plan)
