"""The forms for accounts, cards and devices' tokens. Roles and holders are closed lists: nothing else can be sent."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, PasswordField
from wtforms.validators import StopValidation

from plantation.domain.words import Role
from plantation.errors import N_, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import NameField, Needed
from plantation.forms.ticks import TickListForm
from plantation.forms.typed import Missing
from plantation.forms.words import WordField

_SECRET = {"autocomplete": "new-password", "maxlength": "200"}
_NAME = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class NotConfirmed(Refusal):
    template = N_("Confirm it first: tick the box.")


class NoBuyer(Refusal):
    template = N_("Only a buyer's account has a buyer. Leave this empty, or choose that role.")


class AccountForm(Form):
    """A new account of the office or of a buyer; a household's is made with its card."""

    name = NameField(N_("Sign-in name"), [Needed()], most=64, render_kw=_NAME)
    role = WordField(
        N_("Role"),
        choices=[
            (Role.WEIGHER, N_("Weigher")),
            (Role.ACCOUNTANT, N_("Accountant")),
            (Role.MANAGER, N_("Plot manager")),
            (Role.BUYER, N_("Buyer")),
        ],
        default=Role.WEIGHER,
    )
    buyer = NameField(N_("Buyer"), most=64, description=N_("The buyer's code, for a buyer's account only."), render_kw=_NAME)
    secret = PasswordField(N_("Password"), description=N_("At least 10 characters. Empty: one is made and shown once."), render_kw=_SECRET)

    def validate_buyer(self, field: NameField) -> None:
        if self.role.data == Role.BUYER and not field.data:
            raise StopValidation(Missing())
        if self.role.data != Role.BUYER and field.data:
            raise StopValidation(NoBuyer())


class SecretForm(Form):
    """A new password for an account; the one before stops working."""

    secret = PasswordField(
        N_("New password"), description=N_("At least 10 characters. Empty: one is made and shown once."), render_kw=_SECRET
    )


class CloseForm(Form):
    """Closes an account."""

    confirmed = BooleanField(N_("This account must not sign in any more."))

    def validate_confirmed(self, field: BooleanField) -> None:
        if not field.data:
            raise StopValidation(NotConfirmed())


class MissingCardsForm(Form):
    """Asks for cards for the households that have none."""


class SheetForm(Form):
    """Asks for the sheet of cards that are made."""


class NobodyToCard(Refusal):
    template = N_("Tick who gets a new card.")


class PageCardsForm(TickListForm):
    """Asks for new cards for those that are chosen, by their codes, whether they have one or not."""

    nothing_ticked = NobodyToCard

    confirmed = BooleanField(N_("The cards that these households have now stop working."))

    def validate_confirmed(self, field: BooleanField) -> None:
        if not field.data:
            raise StopValidation(NotConfirmed())


class DeviceForm(Form):
    """A new token for a device."""

    name = NameField(
        N_("Name of the device"),
        [Needed()],
        most=64,
        description=N_("It signs every weighing that the device sends."),
        render_kw=_NAME,
    )


class RevokeForm(Form):
    """Refuses a device from now on."""

    name = HiddenField()
