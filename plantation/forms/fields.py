"""Fields that read exactly: text in, whole numbers of the smallest unit out, through :mod:`plantation.units`.

What cannot be read is kept as typed and answered with a refusal in the field's errors; `data` is then None. An empty
text is None too; put :class:`Needed` on a field that must be filled in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from wtforms import DateField, Field, StringField
from wtforms.widgets import DateInput

from plantation.domain.limits import FIRST_YEAR, LAST_YEAR
from plantation.errors import N_, BadValue, Refusal
from plantation.forms.typed import (
    ControlSigns,
    Missing,
    Needed,
    Optional,
    TooLarge,
    TooSmall,
    TypedField,
    plain,
    refuse_controls,
    shown,
)
from plantation.forms.words import WordField
from plantation.units import (
    format_decimal,
    format_mu,
    format_percent,
    parse_kg,
    parse_mu,
    parse_percent,
    parse_yuan,
)


class NumberField(TypedField):
    """An exact number between `least` and `most`, both in the smallest unit and both allowed."""

    input_mode = "decimal"
    unit = ""
    parse: Callable[[str], int]
    format: Callable[[int], str]

    def __init__(self, label: Any = None, validators: Any = None, *, least: int = 0, most: int | None = None, **options: Any):
        super().__init__(label, validators, **options)
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        value = type(self).parse(text)
        if value < self.least:
            raise TooSmall(value=text[:40], least=self.write(self.least))
        if self.most is not None and value > self.most:
            raise TooLarge(value=text[:40], most=self.write(self.most))
        return value

    def write(self, value: int) -> str:
        return type(self).format(value)


def _shortest(decimals: int) -> Callable[[int], str]:
    return lambda value: format_decimal(value, decimals=decimals, places=0)


class YuanField(NumberField):
    """Yuan to the fen; `data` is fen. `signed=True` takes a minus too (give `least` then)."""

    unit = "¥"
    parse = staticmethod(parse_yuan)
    format = staticmethod(lambda fen: format_decimal(fen, decimals=2))

    def __init__(self, label: Any = None, validators: Any = None, *, signed: bool = False, **options: Any):
        super().__init__(label, validators, **options)
        self.signed = signed

    def read(self, text: str) -> int:
        if self.signed:
            return parse_yuan(text, signed=True)
        return super().read(text)


class KilogramField(NumberField):
    """Kilograms to the gram; `data` is grams."""

    unit = N_("kg")
    parse = staticmethod(parse_kg)
    format = staticmethod(_shortest(3))


class MuField(NumberField):
    """Mu to a thousandth; `data` is thousandths of a mu."""

    unit = N_("mu")
    parse = staticmethod(parse_mu)
    format = staticmethod(format_mu)


class PercentField(NumberField):
    """Percent to four decimals; `data` is parts per million. At most 100 unless told otherwise."""

    unit = "%"
    parse = staticmethod(parse_percent)
    format = staticmethod(format_percent)

    def __init__(self, label: Any = None, validators: Any = None, *, most: int | None = 1_000_000, **options: Any):
        super().__init__(label, validators, most=most, **options)


class WholeField(NumberField):
    """A count: a whole number without sign."""

    input_mode = "numeric"
    format = staticmethod(str)

    @staticmethod
    def parse(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,12}", text, re.ASCII) is None:
            raise BadValue(value=text[:40], expected=N_("a whole number, such as 4"))
        return int(text)


class DayInput(DateInput):
    """A date input; a plain one for a text that is no date, which a date input would not show."""

    def __call__(self, field: Field, **attributes: Any) -> Any:
        if field.process_errors:
            attributes["type"] = "text"
        return super().__call__(field, **attributes)


class DayField(DateField):
    """A date, typed or picked; written 2026-09-15 and read strictly that way (year, month, day)."""

    widget = DayInput()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any):
        super().__init__(label, validators, format="%Y-%m-%d", **options)

    def _value(self) -> str:
        return shown(super()._value())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = plain(valuelist[0]) if valuelist else ""
        self.data = None
        if text:
            try:
                if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
                    raise ValueError
                super().process_formdata([text])
                if not FIRST_YEAR <= self.data.year <= LAST_YEAR:
                    raise ValueError
            except ValueError:
                self.data = None
                refusal = BadValue(value=text[:40], expected=N_("a date as year-month-day, such as 2026-09-15"))
                self.process_errors.append(refusal)


class CodeField(TypedField):
    """A code: 1 to 64 printable characters, kept letter for letter; only the ends are trimmed."""

    tidy = staticmethod(str.strip)

    def read(self, text: str) -> str:
        refuse_controls(text)
        if len(text) > 64 or not text.isprintable():
            raise BadValue(value=text[:40], expected=N_("a code of 1 to 64 printable characters"))
        return text


class NameField(StringField):
    """A line of text of at most `most` characters; empty is the empty text, never None."""

    def __init__(self, label: Any = None, validators: Any = None, *, most: int = 200, **options: Any):
        super().__init__(label, validators, **options)
        self.most = most

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = text
        try:
            refuse_controls(text)
        except ControlSigns as refusal:
            self.process_errors.append(refusal)
            return
        if len(text) > self.most or not all(mark.isprintable() or mark in "\r\n\t" for mark in text):
            self.process_errors.append(TooLongText(most=self.most, length=len(text)))

    def _value(self) -> str:
        return shown(str(self.raw_data[0])) if self.raw_data else (self.data or "")


class TooLongText(Refusal):
    template = N_("At most %(most)s characters without control characters; these are %(length)s.")


__all__ = [
    "CodeField",
    "ControlSigns",
    "DayField",
    "KilogramField",
    "Missing",
    "MuField",
    "NameField",
    "Needed",
    "NumberField",
    "Optional",
    "PercentField",
    "TooLarge",
    "TooLongText",
    "TooSmall",
    "TypedField",
    "WholeField",
    "WordField",
    "YuanField",
    "plain",
]
