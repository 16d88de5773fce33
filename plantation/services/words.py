"""What a code, a name or a note may be: short, printable, and the same to the eye as to the machine."""

from __future__ import annotations

from plantation.errors import N_, BadValue, Refusal

CODE_LENGTH = 64
NAME_LENGTH = 200
REASON_LENGTH = 1000


class FieldMissing(Refusal, ValueError):
    """Something that must be there is not."""

    template = N_("%(field)s is missing.")


def check_code(value: str, expected: str) -> str:
    """Pass a text of 1 to 64 printable characters without spaces at its ends.

    >>> check_code("H001", "a household's code"), check_code("一级", "a grade")
    ('H001', '一级')

    :raises BadValue: anything else; `expected` says what would be right.
    """
    if not 1 <= len(value) <= CODE_LENGTH or not value.isprintable() or value != value.strip():
        raise BadValue(value=value[:40], expected=expected)
    return value


def check_name(value: str) -> str:
    """Pass a text of 1 to 200 printable characters.

    >>> check_name("阿果依村")
    '阿果依村'

    :raises BadValue: anything else.
    """
    if not 1 <= len(value.strip()) <= NAME_LENGTH or len(value) > NAME_LENGTH or not value.isprintable():
        raise BadValue(value=value[:40], expected=N_("a name of 1 to 200 printable characters"))
    return value


def check_note(value: str, length: int = REASON_LENGTH) -> str:
    """Pass a text of at most `length` characters that may have several lines; it may be empty.

    >>> check_note("wrong household"), check_note("")
    ('wrong household', '')

    :raises BadValue: longer ones, and control characters.
    """
    if len(value) > length or not value.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        raise BadValue(value=value[:40], expected=N_("a shorter text without control characters"))
    return value
