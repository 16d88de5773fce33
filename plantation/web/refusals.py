"""Refusals on screen: translated, with their figures, at the field that they are about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from flask import Flask, g
from flask_babel import gettext

from plantation.errors import N_, Fault, Faulty, Marked, Refusal, Stale
from plantation.forms.base import faults_of
from plantation.forms.typed import shown
from plantation.services.changes import ChangedPlaces, overtaken
from plantation.web.filters import day, grouped, moment
from plantation.web.languages import counted, isolate_typed

PLACE_ROW = N_("%(file)s, row %(row)s, %(column)s: %(what)s")
PLACE_FILE = N_("%(file)s: %(what)s")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
COMMA = N_(", ")  # between the members of a list


def install(app: Flask) -> None:
    """The filter `|say` and the functions `faults_of(form)`, `overtaken_in(faults)` and `is_first_wrong(field)` for templates."""
    app.jinja_env.filters["say"] = say
    app.jinja_env.finalize = _without_controls
    app.jinja_env.globals["faults_of"] = _faults_of_page
    app.jinja_env.globals["overtaken_in"] = _overtaken_in
    app.jinja_env.globals["is_first_wrong"] = _is_first_wrong


def _faults_of_page(form: Any) -> list[tuple[str, Any, Any]]:
    faults = faults_of(form)
    if faults and "first_wrong" not in g:
        g.first_wrong = faults[0][0]
    return faults


def _overtaken_in(faults: Sequence[tuple[str, Any, Any]]) -> ChangedPlaces | None:
    """What to say over faults that are none: somebody else saved first. None where something is to be mended."""
    if not any(isinstance(message, Stale) for _, _, message in faults):
        return None
    return overtaken(sum(bool(id_) for id_, _, _ in faults))


def _is_first_wrong(field: Any) -> bool:
    """One control of a page may ask for the focus; the list of errors, which stands before all fields, has named it."""
    return bool(field.errors) and g.get("first_wrong") == field.id


def _without_controls(value: Any) -> Any:
    # Typed texts are echoed in titles, searches and errors too; one control character makes a page invalid.
    return type(value)(shown(value)) if isinstance(value, str) else value


def say(text: Any) -> str:
    """In the reader's language: a refusal with its figures, a fault with its place, a text marked with N_().

    Any other text is shown as it is: what a person typed is never looked up in a catalogue.
    """
    if isinstance(text, Fault):
        place = PLACE_ROW if text.row else PLACE_FILE
        return _fill(place, {"file": text.file, "row": text.row, "column": text.column or "-", "what": text.refusal})
    if isinstance(text, Refusal):
        return _fill(text.template, text.figures)
    if isinstance(text, Marked):
        return gettext(text)
    return "" if text is None else str(text)


def _fill(template: str, figures: dict[str, Any]) -> str:
    said = {name: _say_figure(_as_pages_write(name, value)) for name, value in counted(figures).items()}
    try:
        return gettext(template) % said
    except (KeyError, ValueError, TypeError):  # a catalogue with a wrong placeholder must not cost the message
        return template % said


def _as_pages_write(name: str, value: Any) -> Any:
    """A weight, an area, an amount, a date or a time as all pages write it; whatever else is left as it is.

    >>> _as_pages_write("weighed_kg", "30960.400"), _as_pages_write("open_yuan", "-1207.50"), _as_pages_write("slip", "1234.500")
    ('30,960.4', '-1,207.50', '1234.500')
    """
    if isinstance(value, dt.date):
        return moment(value) if isinstance(value, dt.datetime) else day(value)
    unit = name.rpartition("_")[2]
    if unit not in ("kg", "mu", "yuan") or not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        return value
    return grouped(value if unit == "yuan" or "." not in value else value.rstrip("0").rstrip("."))


def _say_figure(value: Any) -> Any:
    if isinstance(value, Refusal | Marked | Fault):
        return say(value)
    if isinstance(value, list | tuple):
        return gettext(COMMA).join(str(_say_figure(each)) for each in value)
    return isolate_typed(value) if isinstance(value, str) else value


def attach(form: Any, refusal: Refusal, field: str = "") -> None:
    """Show a use case's refusal in `form`: at the field that it names itself, else at `field`, else on top. Faults come one by one."""
    refusals: list[Any] = list(refusal.faults) if isinstance(refusal, Faulty) else []
    refusals = refusals or [refusal]  # how many they are, the list says itself
    field = next((name for name in (getattr(refusal, "field", ""), field) if name and name in form), "")
    if field:
        form[field].errors = [*form[field].errors, *refusals]
    else:
        form.form_errors.extend(refusals)
