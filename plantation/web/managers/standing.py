"""What stands now, said beside what was typed: for a form that was opened before somebody else saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms import BooleanField, Field, FieldList, FileField, FormField, HiddenField

from plantation.errors import N_, Refusal
from plantation.forms.base import OPENED_ON
from plantation.forms.words import WordField


class StandsNow(Refusal):
    """Beside a field: somebody else's word."""

    template = N_("Now it says: %(now)s.")


class StandsEmpty(Refusal):
    """Beside a field that somebody else left empty."""

    template = N_("Now it is empty.")


class StandsDifferent(Refusal):
    """Beside a field that is not a text, such as a map."""

    template = N_("Now it is another one.")


def say_what_stands(form: Any, standing: Any) -> None:
    """Say beside each field of `form` what it is in `standing`, the same form as it would open now, where that differs; and take the form
    for opened on that, so that it is saved when it is sent once more."""
    for mine, now in _pairs(form, standing):
        if (None if mine.data == "" else mine.data) != (None if now.data == "" else now.data):
            mine.errors = [*mine.errors, _said(now)]
    for name in OPENED_ON:
        if name in form:
            form[name].data = standing[name].data


def _pairs(mine: Any, now: Any) -> Iterator[tuple[Field, Field]]:
    for field in mine:
        other = now[field.short_name]
        if isinstance(field, FormField):
            yield from _pairs(field.form, other.form)
        elif isinstance(field, FieldList):
            for one, same in zip(field.entries, other.entries, strict=True):
                yield from _pairs(one.form, same.form)
        elif not isinstance(field, HiddenField | FileField):
            yield field, other


def _said(field: Field) -> Refusal:
    if isinstance(field, WordField):
        return StandsNow(now=next((label for _, label, chosen, _ in field.iter_choices() if chosen), ""))
    if isinstance(field, BooleanField):
        return StandsNow(now=N_("yes") if field.data else N_("no"))
    if not hasattr(field, "_value"):
        return StandsDifferent()
    text = field._value()
    return StandsNow(now=text) if text else StandsEmpty()
