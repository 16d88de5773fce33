"""What every form of the office does: save in one transaction, and show what was refused without losing a letter."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import render_template, request
from sqlalchemy.exc import IntegrityError

from plantation.errors import N_, NotAllowed, Refusal, Stale
from plantation.forms.base import faults_of
from plantation.forms.typed import shown
from plantation.services.changes import last_change
from plantation.services.desk import Desk
from plantation.services.fruit.weighing_inputs import ReasonMissing
from plantation.services.journal import head
from plantation.services.master_data import CodeFixed, CodeTaken
from plantation.web.desks import now, reading_desk, writing_desk
from plantation.web.managers.standing import say_what_stands
from plantation.web.refusals import attach

Result = TypeVar("Result")
PLACES: dict[type[Refusal], str] = {CodeTaken: "code", CodeFixed: "code", ReasonMissing: "reason"}


class SavedBefore(Refusal):
    """Two people wrote the same at the same moment; the database let one pass."""

    template = N_("Somebody else saved something under the same code or number at this moment. Look, then try again.")


class StaleBy(Stale):
    """Somebody else saved first, and the journal knows who."""

    template = N_("%(what)s “%(code)s” was changed by %(who)s at %(when)s, after you opened it. Look at it again, then save.")


def save(
    form: Any, work: Callable[[Desk], Result], places: Mapping[type[Refusal], str] | None = None, *, stands: Callable[[], Any] | None = None
) -> Result | None:
    """Do `work` on a writing desk and give its result; a refusal is shown in `form`, and the result is None.

    `places` names the field for refusals that do not carry one themselves.

    What somebody else saved meanwhile is said in a form that carries its version, or that is filled from what `stands`: the same form as
    it would open now. What was typed stays, what stands now is said beside it, and sent once more it is written over that.

    :raises Stale, NotAllowed: those are pages of their own.
    """
    try:
        with writing_desk() as desk:
            return work(desk)
    except NotAllowed:
        raise
    except Stale as refusal:
        if "version" not in form and stands is None:
            raise name_the_other(refusal) from refusal
        attach(form, name_the_other(refusal))
        if stands is not None:
            say_what_stands(form, stands())
    except Refusal as refusal:
        known = {**PLACES, **(places or {})}
        attach(form, refusal, next((name for kind, name in known.items() if isinstance(refusal, kind)), ""))
    except IntegrityError:
        attach(form, SavedBefore())
    return None


def name_the_other(refusal: Stale) -> Stale:
    """The same refusal, with who changed it and when, where the journal has it."""
    desk = reading_desk()
    change = last_change(desk, str(refusal.figures.get("what", "")), str(refusal.figures.get("code", "")))
    if change is None:
        return refusal
    return StaleBy(**refusal.figures, who=change.actor, when=change.recorded_at)


def show_form(template: str, form: Any, **context: Any) -> tuple[str, int]:
    """The page of a form: 422 when what was sent has errors, so that no program takes it for a success; 409 when somebody
    else was faster."""
    if any(isinstance(one, Stale) for one in form.form_errors):
        return render_template(template, form=form, **context), 409
    return render_template(template, form=form, **context), 422 if faults_of(form) else 200


def version_of(form: Any) -> int:
    """The version that the page was made from; 0, which no row has, when it was tampered with or left out."""
    return _number(form.version)


def seen_entry_of(form: Any) -> int:
    """Where the journal stood when the page was made; 0, before all entries, when it was tampered with or left out."""
    return _number(form.seen_entry)


def _number(field: Any) -> int:
    text = (field.raw_data or [""])[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def standing_at(desk: Desk) -> str:
    """Where the journal stands, for the `seen_entry` of a form; to be read before what it is filled with: what is said after is not seen."""
    return str(head(desk)[0])


def new_once() -> str:
    """An id for a form that is about to be filled in: sent twice, it writes once."""
    return str(uuid.uuid4())


def once_of(form: Any) -> str:
    """The form's id; a fresh one when it was tampered with."""
    try:
        return str(uuid.UUID(form.once.data or ""))
    except ValueError:
        form.once.data = new_once()
        return form.once.data


def search_text() -> str:
    """`?search=`, cut to what a search may be."""
    return shown(request.args.get("search", "")).strip()[:100]


__all__ = ["name_the_other", "new_once", "now", "once_of", "save", "search_text", "seen_entry_of", "show_form", "standing_at", "version_of"]
