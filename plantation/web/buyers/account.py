"""A buyer's own account: what was bought, paid and is owed, and by when."""

from __future__ import annotations

from flask import render_template

from plantation.services.fruit.buyer_accounts import account_of, list_buyer_payments
from plantation.web.addresses import page_number
from plantation.web.buyers import buyers
from plantation.web.buyers.own import at_the_counter


@buyers.get("/account")
def show_account() -> str:
    desk, buyer = at_the_counter()
    return render_template(
        "buyers/account.html",
        buyer=buyer,
        account=account_of(desk, buyer),
        page=list_buyer_payments(desk, buyer, page=page_number()),
    )
