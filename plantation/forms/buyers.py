"""The forms for buyers, and for the account that one signs in with."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField

from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.fields import CodeField, NameField, Needed, WholeField


class BuyerForm(Form):
    """A new buyer, or an edit of one."""

    code = CodeField(N_("Code"), [Needed()], description=N_("What stands in purchases, such as B01."))
    name = NameField(N_("Name"), [Needed()])
    phone = NameField(N_("Phone"), most=30, render_kw={"type": "tel", "autocomplete": "off"})
    terms_days = WholeField(N_("Days to pay"), [Needed()], default=30, most=365, description=N_("Days after a purchase."))
    version = HiddenField()


class BuyerAccountForm(Form):
    """A sign-in for a buyer: the buyer is that of the page, the role is a buyer's."""

    name = NameField(
        N_("Sign-in name"),
        [Needed()],
        most=64,
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    secret = PasswordField(
        N_("Password"),
        [Needed()],
        description=N_("Give it to the buyer; it is not shown again."),
        render_kw={"autocomplete": "new-password", "maxlength": "200"},
    )
