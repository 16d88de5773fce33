"""Reading a collective's files from a browser: checked first, written after a second click."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import N_, Faulty, Marked, Refusal
from plantation.exchange.folders import NothingToRead, read_folder
from plantation.forms.imports import ConfirmImportForm, ImportForm
from plantation.services.folder.import_folder import Imported, import_folder
from plantation.web.desks import writing_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import show_form
from plantation.web.managers.uploads import drop_upload, keep_upload, kept_upload
from plantation.web.refusals import attach

MOST_SHOWN = 500
THE_UPLOAD = N_("What was sent")
# What a table of the folder is called in the office, and the page on which one looks at what was read.
TABLES: dict[str, tuple[Marked, str]] = {
    "plots": (N_("Plots"), ".list_plots"),
    "exclusions": (N_("Plots with something cut out"), ".list_plots"),
    "access": (N_("Ways to the land"), ".list_plots"),
    "households": (N_("Households"), ".list_households"),
    "rights": (N_("Rights"), ".list_rights"),
    "parcels": (N_("Parcels"), ".show_land"),
    "seasons": (N_("Seasons"), ".list_seasons"),
    "prices": (N_("Prices"), ".list_seasons"),
    "deductions": (N_("Deductions"), ".list_seasons"),
    "weighings": (N_("Weighings"), ".list_weighings"),
    "purchases": (N_("Purchases"), ".list_purchases"),
    "settlements": (N_("Settlements"), ".show_settlement"),
    "payments": (N_("Payments"), ".list_made_payments"),
}


class UploadGone(Refusal):
    template = N_("The checked files are no longer here. Choose them again.")


class _OnlyChecked(Exception):
    """Ends a transaction of which nothing shall stay."""


def owner() -> str:
    """Whose uploads these are: nobody else can confirm them."""
    return f"{g.signed_in.collective.id}-{g.signed_in.name}"


@managers.route("/import", methods=["GET", "POST"])
@only(Role.MANAGER)
def import_files() -> Any:
    form = ImportForm()
    if not form.validate_on_submit():
        return show_form("managers/imports/new.html", form, faults=())
    folder = None
    try:
        folder = keep_upload(form.files.data, owner())
        imported = read(folder, write=False)
    except Faulty as refusal:
        form.form_errors.append(refusal)
        faults = refusal.faults
    except Refusal as refusal:
        attach(form, refusal, "files")
        faults = ()
    else:
        confirm = ConfirmImportForm(formdata=None, upload=folder.name)
        return render_template("managers/imports/confirm.html", form=confirm, imported=imported, tables=TABLES)
    if folder is not None:
        drop_upload(folder)
    return show_form("managers/imports/new.html", form, faults=faults[:MOST_SHOWN])


@managers.post("/import/confirm")
@only(Role.MANAGER)
def confirm_import() -> Any:
    form = ConfirmImportForm()
    folder = kept_upload(form.upload.data or "", owner()) if form.validate_on_submit() else None
    faults: Any = ()
    again = ImportForm(formdata=None)
    if folder is None:
        attach(again, UploadGone(), "files")
    else:
        try:
            imported = read(folder, write=True)
        except Refusal as refusal:  # somebody changed something between the check and the click
            again.form_errors.append(refusal)
            faults = refusal.faults if isinstance(refusal, Faulty) else ()
        else:
            flash(gettext("The files are read in."), "done")
            written = [name for name, count in imported.counts.items() if count.created or count.changed]
            return redirect(url_for(next((page for name, (_, page) in TABLES.items() if name in written), ".home")))
        finally:
            drop_upload(folder)
    return show_form("managers/imports/new.html", again, faults=faults[:MOST_SHOWN])


def read(folder: Path, *, write: bool) -> Imported:
    """Read the files in, or only see what that would do.

    :raises Faulty: all faults at once. :raises Refusal: the files as a whole.
    """
    try:
        contents = read_folder(folder)
    except NothingToRead as refusal:
        raise NothingToRead(folder=THE_UPLOAD) from refusal
    try:
        with writing_desk() as desk:
            imported = import_folder(desk, contents)
            if not write:
                raise _OnlyChecked
    except _OnlyChecked:
        pass
    return imported
