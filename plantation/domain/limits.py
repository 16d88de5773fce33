"""The most that one entry can be: a digit too many is noticed before it is money. Forms and use cases refuse the same."""

from __future__ import annotations

# A payment to a household, from a buyer, or a whole dividend: a thousand million yuan.
MOST_PAID_FEN = 100_000_000_000
MOST_ADVANCE_FEN = 100_000_000
# A picker's day, or what a picker is paid at once.
MOST_WAGE_FEN = 10_000_000
# By kg: what the collective posts, what a picker has, and what a buyer agrees to.
MOST_PRICE_FEN = 100_000
MOST_AGREED_PRICE_FEN = 1_000_000
# No plantation has other years: two digits typed into a browser's field for dates are 0026.
FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST_KG_PER_MU = 100_000
