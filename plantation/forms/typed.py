"""What every typed field shares: the text is kept, an empty one is nothing, and what cannot be read is a refusal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from plantation.errors import N_, Refusal

# Signs that no page may contain (HTML's "control" and "noncharacter" errors), and no database column either.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class ControlSigns(Refusal):
    template = N_("There are %(count)s invisible control characters in it. Type it again instead of pasting it.")


class Missing(Refusal):
    template = N_("This is needed.")


class TooSmall(Refusal):
    template = N_("“%(value)s” is too small: at least %(least)s.")


class TooLarge(Refusal):
    template = N_("“%(value)s” is too large: at most %(most)s.")


def plain(text: str) -> str:
    """What a person meant to type: full-width digits and points are the plain ones, the ends are trimmed.

    >>> plain(" １２．５ "), plain("")
    ('12.5', '')
    """
    return unicodedata.normalize("NFKC", text).strip()


def shown(text: str) -> str:
    """`text` as a page may contain it: without control characters, which make a page invalid.

    >>> shown("H\\x000\\x9f1 钱\\n")
    'H01 钱\\n'
    """
    return _CONTROLS.sub("", text)


def refuse_controls(text: str) -> None:
    """:raises ControlSigns: `text` holds what cannot be shown; tabs and line ends are none.

    >>> refuse_controls("H001")
    """
    if count := len(_CONTROLS.findall(text)):
        raise ControlSigns(count=count)


class Needed:
    """A validator: the field must be filled in. What was typed and could not be read has its own message already."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Field) -> None:
        if field.errors:
            raise StopValidation()
        typed = field.raw_data if field.raw_data is not None else [field.data]
        if field.data is None or not any(_is_there(value) for value in typed):
            raise StopValidation(Missing())


def _is_there(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


class Optional:
    """A validator: nothing typed is fine, and then no other validator looks."""

    field_flags = {"optional": True}

    def __call__(self, form: Any, field: Field) -> None:
        if field.data in (None, "") or field.errors:
            raise StopValidation()


class TypedField(Field):
    """A text input whose text is read by `read` and written by `write`; the base of the exact fields."""

    widget = TextInput()
    input_mode = "text"
    tidy = staticmethod(plain)

    def read(self, text: str) -> Any:
        """The value of a text that is not empty. :raises Refusal: it cannot be read."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The text of a value, as :meth:`read` takes it."""
        return str(value)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = self.tidy(valuelist[0]) if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = self.read(text)
            except Refusal as refusal:
                self.process_errors.append(refusal)

    def _value(self) -> str:
        if self.raw_data:
            return shown(str(self.raw_data[0]))
        return "" if self.data is None else self.write(self.data)
