"""All files of a collective in one zip, as they stand at one moment, made beside the requests."""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import g, redirect, render_template, send_file, url_for

from plantation.database import Database
from plantation.domain.words import Role
from plantation.errors import N_, NotFound, Refusal
from plantation.forms.imports import ExportForm
from plantation.models import Collective
from plantation.services.desk import Desk
from plantation.services.folder.export_folder import count_lines, export_files
from plantation.web.desks import database, reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.jobs import Job, JobKind, find_job, forget_job, jobs_of, start_job
from plantation.web.managers.saving import show_form
from plantation.web.managers.uploads import drop_upload, new_folder
from plantation.web.refusals import attach


class TooManyExports(Refusal):
    """More zips than one machine can work on."""

    template = N_("%(count)s downloads are being put together already. Wait until one is done.")


class ExportFailed(Refusal):
    """A fault of this program, which the log has."""

    template = N_("This download failed by a fault of this program. The fault is in the log.")


EXPORTS = JobKind("export", 4, TooManyExports, ExportFailed)


@dataclass(frozen=True, slots=True)
class Zip:
    """What the thread needs of the request that started it, and where the zip will lie."""

    database: Database
    collective_id: int
    actor: str
    now: dt.datetime
    path: Path

    @property
    def size_bytes(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0


@managers.get("/export")
@only(Role.MANAGER)
def show_export() -> Any:
    return _show(ExportForm(formdata=None))


@managers.post("/export")
@only(Role.MANAGER)
def start_export() -> Any:
    """Have the zip made; whoever has one being made is shown that one, and one from before is thrown away."""
    form = ExportForm()
    if not form.validate_on_submit():
        return _show(form)
    for job in jobs_of(EXPORTS):
        if not job.is_over:
            return redirect(url_for(".wait_for_export", key=job.key))
        forget_job(job)
    try:
        job = _start(reading_desk())
    except Refusal as refusal:
        attach(form, refusal)
        return _show(form)
    return _send(job) if job.is_done else redirect(url_for(".wait_for_export", key=job.key))


@managers.get("/export/<key>")
@only(Role.MANAGER)
def wait_for_export(key: str) -> Any:
    """How far the zip is, and once it is made the button that downloads it."""
    return render_template("managers/imports/export_working.html", job=find_job(EXPORTS, key))


@managers.get("/export/<key>/file")
@only(Role.MANAGER)
def download_export(key: str) -> Any:
    """The zip itself; what breaks off goes on where it was."""
    job = find_job(EXPORTS, key)
    if job is None or not job.is_done:
        raise NotFound(what=N_("download"), code=key[:24])
    return _send(job)


def _show(form: ExportForm) -> Any:
    return show_form("managers/imports/export.html", form)


def _start(who: Desk) -> Job[Zip]:
    folder = new_folder(f"{who.collective_id}-{g.signed_in.name}")
    path = folder / f"plantation-{who.collective.code}-{who.today.isoformat()}.zip"
    throw_away = partial(drop_upload, folder)
    try:
        return start_job(EXPORTS, Zip(database(), who.collective_id, who.actor, who.now, path), _make, throw_away=throw_away)
    except Refusal:
        throw_away()
        raise


def _make(job: Job[Zip]) -> None:
    asked = job.made

    def progress(lines: int) -> None:
        job.done = min(job.done + lines, job.whole)  # headers are lines that nobody counted

    with asked.database.read(still=True) as session, zipfile.ZipFile(asked.path, "w", zipfile.ZIP_DEFLATED) as packed:
        desk = Desk(session, session.get_one(Collective, asked.collective_id), asked.actor, asked.now)
        job.whole = count_lines(desk)
        for name, pieces in export_files(desk, progress):
            with packed.open(zipfile.ZipInfo(name, desk.today.timetuple()[:6]), "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece.encode())


def _send(job: Job[Zip]) -> Any:
    return send_file(job.made.path, mimetype="application/zip", as_attachment=True, download_name=job.made.path.name)
