"""The field for one word of a closed list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import html_params

from plantation.errors import N_, BadValue, Marked
from plantation.forms.typed import Missing


class WordInput:
    """A select element; marked labels are said in the reader's language."""

    def __call__(self, field: WordField, **attributes: Any) -> Markup:
        attributes.setdefault("id", field.id)
        if "required" in field.flags:
            attributes.setdefault("required", True)
        options = "".join(
            f"<option {html_params(value=value, **({'selected': True} if selected else {}))}>"
            f"{escape(gettext(label) if isinstance(label, Marked) else label)}</option>"
            for value, label, selected, _ in field.iter_choices()
        )
        return Markup(f"<select {html_params(name=field.name, **attributes)}>{options}</select>")


class WordField(Field):
    """One word of a closed list: `choices` are (value, N_("what is shown")) pairs; anything else is refused."""

    widget = WordInput()

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Iterable[tuple[str, str]] = (), **options: Any):
        super().__init__(label, validators, **options)
        self.choices = list(choices)

    def iter_choices(self) -> Iterator[tuple[str, str, bool, dict[str, Any]]]:
        """Each choice as (value, label, whether it is the chosen one, attributes)."""
        for value, label in self.choices:
            yield str(value), label, self.data is not None and str(value) == str(self.data), {}

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist:
            self.data = valuelist[0]

    def pre_validate(self, form: Any) -> None:
        if str(self.data) not in {str(value) for value, _ in self.choices}:
            typed = "" if self.data is None else str(self.data)[:40]
            raise StopValidation(BadValue(value=typed, expected=N_("one of the choices")) if typed else Missing())


class RadiosField(WordField):
    """One word of a closed list, each shown with its radio button: for few choices that are sentences, which a list on a phone cuts."""
