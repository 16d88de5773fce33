"""The form with which a manager lets the township read totals."""

from __future__ import annotations

from wtforms import BooleanField

from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.fields import CodeField, NameField, Needed


class GrantForm(Form):
    """Whom: an account with the role township, in whatever collective it was made."""

    reader_collective = CodeField(N_("Collective of the account"), [Needed()])
    reader = NameField(N_("Sign-in name"), [Needed()], most=64)
    is_given = BooleanField(N_("May read the totals"), default=True)
