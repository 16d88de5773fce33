"""The tables of a collective's folder, column by column: what outside programs write and rely on."""

from __future__ import annotations

from typing import Any

from plantation.errors import N_
from plantation.exchange.cells import (
    read_code,
    read_day,
    read_m2,
    read_moment,
    read_number,
    read_text,
    read_whole,
    read_word,
)
from plantation.exchange.tables import Column
from plantation.units import parse_decimal, parse_kg, parse_mu, parse_percent, parse_yuan

CODE = N_("a code")
TEXT = N_("a text")
DAY = N_("a date such as 2026-08-20")
MOMENT = N_("a time with its offset from UTC, such as 2026-08-20T09:30:00+08:00")
WHOLE = N_("a whole number, such as 4")
MU = N_("an area in mu with at most three decimals, such as 8.571")
KG = N_("a weight in kg with at most three decimals, such as 12.345")
YUAN = N_("an amount in yuan with at most two decimals, such as 5.20")
PERCENT = N_("a percentage with at most four decimals, such as 2.5")


def _signed_kg(text: str) -> int:
    return parse_decimal(text, decimals=3, expected=KG, signed=True)


def _signed_yuan(text: str) -> int:
    return parse_yuan(text, signed=True)


def _code(name: str, **more: Any) -> Column:
    return Column(name, read_code, CODE, **more)


def _optional_code(name: str) -> Column:
    return Column(name, read_code, CODE, blank=None, is_needed=False)


def _optional_text(name: str) -> Column:
    return Column(name, read_text, TEXT, blank="", is_needed=False)


def _settlement() -> Column:
    return Column("settlement", read_whole, WHOLE, blank=None, is_needed=False)


TABLES: dict[str, tuple[Column, ...]] = {
    "households": (
        _code("code"),
        Column("name", read_text, TEXT),
        Column("members", read_whole, WHOLE),
        _optional_text("phone"),
    ),
    "rights": (
        _code("code"),
        _code("household"),
        Column("entitlement_mu", parse_mu, MU),
        Column("from", read_day, DAY),
        Column("to", read_day, DAY),
        Column("status", read_word, N_("active, suspended or ended")),
        _optional_text("beside"),
    ),
    "seasons": (
        _code("code"),
        Column("from", read_day, DAY),
        Column("to", read_day, DAY),
        Column("mode", read_word, N_("pooled or posted")),
        Column("tolerance_pct", parse_percent, PERCENT, blank=0, is_needed=False),
    ),
    "prices": (
        _code("season"),
        _code("grade"),
        Column("valid_from", read_day, DAY),
        Column("price_yuan_per_kg", parse_yuan, YUAN),
    ),
    "deductions": (
        _code("season"),
        _code("code"),
        _optional_text("name"),
        Column("kind", read_word, N_("percent, yuan_per_kg or yuan_per_household")),
        Column("value", str.strip, N_("a percentage or an amount in yuan")),
    ),
    "weighings": (
        _code("id"),
        _optional_code("slip"),
        _code("season"),
        Column("time", read_moment, MOMENT),
        _optional_code("household"),
        _optional_code("plot"),
        _optional_code("parcel"),
        _code("grade", blank=""),
        Column("gross_kg", parse_kg, KG, blank=None),
        Column("tare_kg", parse_kg, KG, blank=None),
        Column("deduction_pct", parse_percent, PERCENT, blank=None, is_needed=False),
        _optional_text("picker"),
        Column("piece_rate_yuan_per_kg", parse_yuan, YUAN, blank=None, is_needed=False),
        _optional_code("reverses"),
        _optional_text("reason"),
        _settlement(),
    ),
    "weighing_shares": (
        _code("weighing"),
        _code("parcel"),
        _code("household"),
        Column("area_m2", read_m2, N_("an area in m² with at most two decimals, such as 6666.67")),
        Column("net_kg", parse_kg, KG),
    ),
    "purchases": (
        _code("number"),
        _code("season"),
        Column("date", read_day, DAY),
        _code("buyer"),
        _code("source", blank=None),
        _code("grade", blank=None),
        Column("net_kg", _signed_kg, KG, blank=None),
        Column("price_yuan_per_kg", parse_yuan, YUAN, blank=None),
        _settlement(),
        _optional_code("reverses"),
        _optional_text("reason"),
    ),
    "payments": (
        _code("season"),
        _code("household"),
        Column("date", read_day, DAY),
        Column("method", read_text, TEXT),
        Column("amount_yuan", _signed_yuan, YUAN),
        _optional_text("reference"),
        _optional_text("reason"),
    ),
    "settlements": (
        _code("season"),
        Column("number", read_whole, WHOLE),
        Column("settled_at", read_moment, MOMENT),
        _code("settled_by"),
    ),
}

# Files of facts (disputes, notices, dividends, …): their columns follow from the models, in services/folder/fact_files.
FACTS = frozenset({
    "advances", "bank_accounts", "bank_layouts", "buyer_payments", "closings", "difference_answers", "dispute_answers", "disputes",
    "dividend_lines", "dividend_payments", "dividends", "lot_openings", "lot_sales", "lots", "notices", "objection_answers", "objections", "payment_file_answers",
    "payment_file_lines", "payment_files", "picker_days", "picker_payments", "pickers", "price_answers", "price_questions", "quality_checks", "quality_limits", "releases", "slip_photos", "tare_lists", "township_grants", "yield_tables",
})  # fmt: skip

NUMBER = N_("a plain number, such as 2.5")


def _number(name: str) -> Column:
    return Column(name, read_number, NUMBER, blank=None, is_needed=False)


def _word(name: str, expected: str, **more: Any) -> Column:
    return Column(name, read_word, expected, **more)


# Texts of a map are no cells of a spreadsheet: nothing is taken off them.
MAPS: dict[str, tuple[Column, ...]] = {
    "plots": (
        Column("code", str.strip, CODE),
        Column("name", str, TEXT, blank="", is_needed=False),
        Column("planted_on", read_day, DAY, blank=None, is_needed=False),
        Column("variety", str, TEXT, blank="", is_needed=False),
        _number("row_bearing"),
        _number("row_spacing_m"),
    ),
    "exclusions": (
        Column("plot", str.strip, CODE),
        _word("kind", N_("road, canal, rock, building or other")),
        _number("width_m"),
    ),
    "access": (Column("kind", str.strip, TEXT, blank="", is_needed=False),),
    "parcels": (
        Column("code", str.strip, CODE),
        Column("plot", str.strip, CODE),
        Column("right", str.strip, CODE, blank=None, is_needed=False),
        Column("household", str.strip, CODE, blank=None, is_needed=False),
        _number("area_m2"),
    ),
}
