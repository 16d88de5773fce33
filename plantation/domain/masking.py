"""Masking: what may stand of a person on a public notice. The one place where it is decided."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """The first and last sign of a name, of a short one the first only; each part of a name by itself.

    >>> mask_name("钱建国"), mask_name("钱平"), mask_name("钱"), mask_name("")
    ('钱*国', '钱*', '*', '')
    >>> mask_name("阿依古丽·托合塔尔"), mask_name("Aigul Toktar")
    ('阿**丽·托**尔', 'A***l T****r')
    """
    parts: list[str] = []
    word = ""
    for sign in name.strip():
        if sign in " ·•-":
            parts += [_mask_word(word), sign]
            word = ""
        else:
            word += sign
    return "".join([*parts, _mask_word(word)])


def _mask_word(word: str) -> str:
    if len(word) < 2:
        return "*" * len(word)
    if len(word) == 2:
        return word[0] + "*"
    return word[0] + "*" * (len(word) - 2) + word[-1]


def mask_number(number: str, *, shown: int = 4) -> str:
    """A phone or account number of which only the last `shown` digits can be read, and never more than half of it.

    >>> mask_number("13900001234"), mask_number("6217 0012 3456 7890"), mask_number("123"), mask_number("")
    ('*******1234', '***************7890', '**3', '')
    """
    number = number.strip()
    kept = min(shown, len(number) // 2)
    return "*" * (len(number) - kept) + number[len(number) - kept :]
