"""The form that all our forms are: typed text is kept, unknown fields are refused, errors are refusals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FileField, FormField

from plantation.errors import N_, Refusal


class UnknownField(Refusal):
    """A field that the page does not have: a tampered request, or a page of another version."""

    template = N_("This page has no field “%(field)s”. Load it again and send it once more.")


class LinesTooMany(Refusal):
    """More lines than a page takes."""

    template = N_("A page has at most %(most)s lines; %(count)s were sent. Send them in parts.")


# A list's lines all read the same names, whatever their numbers.
_LINE_NUMBER = re.compile(r"-[0-9]+(?=-|$)", re.ASCII)


# What a form carries, unseen, of the state that it was opened on.
OPENED_ON = ("version", "seen_entry")


class Form(FlaskForm):
    """A form that posts to its own page. Labels, choices and messages are marked with N_() and translated when shown."""

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, extra_filters: Any = None, **kwargs: Any):
        sent = self._without_files(self.meta.wrap_formdata(self, formdata))
        self._sent_names = tuple(sent or ())
        super().process(sent, obj, data=data, extra_filters=extra_filters, **kwargs)

    def validate(self, extra_validators: Any = None) -> bool:
        """True when every field is right and nothing was sent that the form does not have."""
        valid = super().validate(extra_validators=extra_validators)
        known = {_LINE_NUMBER.sub("-0", name) for name in _names(self)}
        strange = next(
            (name for name in self._sent_names if _LINE_NUMBER.sub("-0", name) not in known), next(iter(self._stray_files), None)
        )
        if strange is not None:
            self.form_errors.append(UnknownField(field=strange[:40]))
        self.form_errors += [LinesTooMany(most=lists.max_entries, count=count) for lists, count in self._long_lists()]
        return valid and not self.form_errors

    def _without_files(self, sent: Any) -> Any:
        """What was sent, without files where a text belongs: no text field could read one. Their names are kept."""
        self._stray_files: tuple[str, ...] = ()
        if not hasattr(sent, "dicts"):  # no file came with it
            return sent
        files, texts = sent.dicts
        takes = {field.name for field in self if isinstance(field, FileField)}
        self._stray_files = tuple(name for name in files if name not in takes)
        kept = files.copy()
        for name in self._stray_files:
            kept.poplist(name)
        return type(sent)([kept, texts])

    def _long_lists(self) -> Iterator[tuple[FieldList, int]]:
        """The lists of which more lines were sent than they take, with how many: the rest would be dropped without a word."""
        for field in self:
            if isinstance(field, FieldList) and field.max_entries:
                begin = re.compile(rf"{re.escape(field.name)}-([0-9]+)(?=-|$)", re.ASCII)
                count = len({match[1] for name in self._sent_names if (match := begin.match(name))})
                if count > field.max_entries:
                    yield field, count


def _names(fields: Iterable[Field]) -> Iterator[str]:
    """The names under which these fields, and those inside them, read what was sent."""
    for field in fields:
        yield field.name
        if isinstance(field, FieldList):
            yield from _names(field.entries[:1])
        elif isinstance(field, FormField):
            yield from _names(field.form)


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
