"""The forms for a collective's files: choose and check, then confirm; and the way back."""

from __future__ import annotations

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField
from wtforms.validators import StopValidation

from plantation.errors import N_, Refusal
from plantation.forms.base import Form

MOST_FILES = 40


class NoFile(Refusal):
    template = N_("Choose a file first.")


class EmptyUpload(Refusal):
    template = N_("The file “%(name)s” is empty.")


class ImportForm(Form):
    """The folder as one zip, or its files."""

    files = MultipleFileField(
        N_("Files"),
        description=N_("The folder as one .zip, or several of its files at once."),
        render_kw={"accept": ".zip,.csv,.geojson,.xlsx", "multiple": True},
    )

    def validate_files(self, field: MultipleFileField) -> None:
        chosen = [file for file in field.data or () if getattr(file, "filename", "")]
        if not chosen:
            raise StopValidation(NoFile())
        for file in chosen:
            first = file.stream.read(1)
            file.stream.seek(0)
            if not first:
                raise StopValidation(EmptyUpload(name=file.filename[-80:]))
        field.data = chosen


class ConfirmImportForm(Form):
    """`upload` names the files that were checked; they are read again and written."""

    upload = HiddenField()


class ExportForm(Form):
    """Asks for nothing but the click."""
