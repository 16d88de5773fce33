"""The sign-in form: one for managers, households and buyers."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField

from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.fields import NameField, Needed


class SignInForm(Form):
    """`collective` is taken off where the installation holds only one."""

    collective = NameField(
        N_("Collective"),
        [Needed()],
        most=64,
        description=N_("The short code of your collective; it is on your card."),
        render_kw={"autocomplete": "organization", "autocapitalize": "none", "spellcheck": "false"},
    )
    name = NameField(
        N_("Name or household code"),
        [Needed()],
        most=64,
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    secret = PasswordField(
        N_("Password or PIN"),
        [Needed()],
        description=N_("Households: the six digits on your card."),
        render_kw={"autocomplete": "current-password", "maxlength": "200"},
    )
    next = HiddenField()
    kept = HiddenField()


class CodeForm(Form):
    """The second step: what the authenticator shows, or a code from paper."""

    code = NameField(
        N_("One-time code"),
        [Needed()],
        most=40,
        description=N_("The six digits of the authenticator, or a code from your paper."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "characters", "spellcheck": "false"},
    )
    next = HiddenField()
    kept = HiddenField()


class OwnSecretForm(Form):
    """Another password for the own account; the one before is asked for."""

    before = PasswordField(N_("Password until now"), [Needed()], render_kw={"autocomplete": "current-password", "maxlength": "200"})
    secret = PasswordField(
        N_("New password"),
        [Needed()],
        description=N_("At least 10 characters."),
        render_kw={"autocomplete": "new-password", "maxlength": "200"},
    )


class FactorForm(Form):
    """The authenticator is set up: its first code shows that it has the secret."""

    shared = HiddenField()
    before = PasswordField(N_("Password until now"), [Needed()], render_kw={"autocomplete": "current-password", "maxlength": "200"})
    code = NameField(N_("One-time code"), [Needed()], most=40, render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"})


class EndForm(Form):
    """A button that ends sign-ins; only its one-time check is sent."""
