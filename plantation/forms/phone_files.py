"""The form for a phone's file of slips that it could not send."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms.validators import StopValidation

from plantation.errors import N_, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import NameField, Optional
from plantation.forms.imports import EmptyUpload, NoFile

MOST_BYTES = 4 * 1024 * 1024


class FileTooLarge(Refusal):
    template = N_("The file is larger than 4 MB: no phone keeps so many slips.")


class PhoneFileForm(Form):
    """`content` is the file, not looked at yet."""

    file = FileField(N_("The phone's file"), description=N_("On the phone: “Save what waits as a file”."), render_kw={"accept": ".json"})

    reason = NameField(
        N_("Take slips of days outside the season too, because"),
        [Optional()],
        most=1000,
        description=N_("Blank: they are refused. What is written here stands on each of them."),
    )

    def validate_file(self, field: FileField) -> None:
        upload = field.data
        if not getattr(upload, "filename", ""):
            raise StopValidation(NoFile())
        content = upload.stream.read(MOST_BYTES + 1)
        if not content:
            raise StopValidation(EmptyUpload(name=upload.filename[-80:]))
        if len(content) > MOST_BYTES:
            raise StopValidation(FileTooLarge())
        self.content = content
