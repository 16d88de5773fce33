"""Kilograms or jin: the household's own setting, and a visitor's by cookie. Prices, forms and files stay in kilograms."""

from __future__ import annotations

from flask import Flask, current_app, g, request

from plantation.domain.words import WeightUnit
from plantation.errors import N_
from plantation.services.people.passwords import WITH_PIN
from plantation.web.cookies import read_cookie
from plantation.web.filters import jin, kg

COOKIE = "plantation_weights"
# Not in the closed words: there "kg" is the basis of a dividend, "by kilogram".
UNIT_NAMES = {WeightUnit.KG: N_("kg"), WeightUnit.JIN: N_("jin")}


def install(app: Flask) -> None:
    """The filter `|weight`; templates get `weight_unit`, None for those who always read kilograms."""
    app.jinja_env.filters["weight"] = weight
    app.context_processor(lambda: {"weight_unit": chosen_unit(), "unit_names": UNIT_NAMES})


def chosen_unit() -> WeightUnit | None:
    """A household's, relative's or picker's own choice, or a visitor's; None in the office and for buyers, who weigh and pay by the kilogram."""
    signed_in = g.get("signed_in")
    if signed_in is not None and signed_in.role not in WITH_PIN:
        return None
    chosen = signed_in.weight_unit if signed_in is not None else read_cookie(current_app, request, COOKIE)
    return WeightUnit.JIN if chosen == WeightUnit.JIN else WeightUnit.KG


def weight(grams: int | None, places: int = 0) -> str:
    """1,234.5 kg, or 2,469 jin where the reader chose it; exact in both."""
    return jin(grams, places) if chosen_unit() == WeightUnit.JIN else kg(grams, places)
