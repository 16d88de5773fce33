"""The form for a purchase with its lines, from the pool or from a household."""

from __future__ import annotations

from wtforms import BooleanField, FieldList, FormField

from plantation.domain.limits import MOST_AGREED_PRICE_FEN
from plantation.errors import N_
from plantation.forms.fields import NameField, WordField, YuanField
from plantation.forms.purchase_lines import PoolLineForm, PurchaseLinesForm

MOST_LINES = 100


class LineForm(PoolLineForm):
    """A line that may come from a household as well."""

    price_fen_per_kg = YuanField(N_("Yuan per kg"), most=MOST_AGREED_PRICE_FEN)
    source = NameField(
        N_("From"),
        most=64,
        description=N_("Empty: from the pool. Else a household's code."),
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )


class PurchaseForm(PurchaseLinesForm):
    """One purchase note, by a manager."""

    buyer = WordField(N_("Buyer"))
    number = NameField(N_("Number"), most=64, description=N_("Of the purchase note; empty: the next one."))
    lines = FieldList(FormField(LineForm), N_("Lines"), min_entries=1, max_entries=MOST_LINES)
    beyond_stock = BooleanField(N_("Record it even if more is sold than was weighed: weighings are still on their way."))
