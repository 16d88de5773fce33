"""The form that all our forms are: typed text is kept, unknown fields are refused, errors are refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField

from plantation.errors import N_, Refusal


class UnknownField(Refusal):
    """A field that the page does not have: a tampered request, or a page of another version."""

    template = N_("This page has no field “%(field)s”. Load it again and send it once more.")


class Form(FlaskForm):
    """A form that posts to its own page. Labels, choices and messages are marked with N_() and translated when shown."""

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, extra_filters: Any = None, **kwargs: Any):
        sent = self.meta.wrap_formdata(self, formdata)
        self._sent_names = tuple(sent or ())
        super().process(sent, obj, data=data, extra_filters=extra_filters, **kwargs)

    def validate(self, extra_validators: Any = None) -> bool:
        """True when every field is right and nothing was sent that the form does not have."""
        valid = super().validate(extra_validators=extra_validators)
        for name in self._sent_names:
            if not any(_answers(field, name) for field in self):
                self.form_errors.append(UnknownField(field=name[:40]))
                return False
        return valid


def _answers(field: Field, name: str) -> bool:
    return name == field.name or (isinstance(field, FieldList | FormField) and name.startswith(f"{field.name}-"))


def faults_of(form: Any) -> list[tuple[str, Any, Any]]:
    """All errors of a validated form, in the order of its fields: (id of the field or "", label, message).

    Messages and labels may be refusals, marked texts or plain ones; whoever shows them translates.
    """
    faults = [("", "", error) for error in getattr(form, "form_errors", ())]
    for field in form:
        faults += _faults_of_field(field)
    return faults


def _faults_of_field(field: Field) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(field, FormField):
        yield from faults_of(field.form)
    elif isinstance(field, FieldList):
        for entry in field.entries:
            yield from _faults_of_field(entry)
        # A list's own errors stand beside its entries' errors, which come as lists or mappings.
        yield from ((field.id, field.label.text, error) for error in field.errors if not isinstance(error, list | dict))
    else:
        yield from ((field.id, field.label.text, error) for error in field.errors)
