"""The form with which a buyer records a purchase from the pool. The buyer, the source and the amounts are not in it."""

from __future__ import annotations

from wtforms import FieldList, FormField

from plantation.errors import N_
from plantation.forms.purchase_lines import PoolLineForm, PurchaseLinesForm

MOST_LINES = 30


class BuyerPurchaseForm(PurchaseLinesForm):
    """One purchase from the pool, by its buyer."""

    lines = FieldList(FormField(PoolLineForm), N_("Lines"), min_entries=1, max_entries=MOST_LINES)
