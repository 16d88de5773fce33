"""The forms for households: who holds rights, and the search for one."""

from __future__ import annotations

from wtforms import HiddenField

from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.fields import CodeField, NameField, Needed, WholeField


class HouseholdForm(Form):
    """A new household, or an edit of one; `version` is the one that the page was made from."""

    code = CodeField(N_("Code"), [Needed()], description=N_("What stands on the card and on every slip, such as H001."))
    name = NameField(N_("Name"), [Needed()])
    members = WholeField(N_("Members"), [Needed()], most=100)
    phone = NameField(N_("Phone"), most=30, render_kw={"type": "tel", "autocomplete": "off"})
    version = HiddenField()


class CardForm(Form):
    """Asks for a new PIN card; the one before stops working."""
