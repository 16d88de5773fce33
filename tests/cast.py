"""A small village written straight into the tables: Zhao manages, Qian and Sun hold rights, Li buys, Zhou is the stranger."""

from __future__ import annotations

import datetime as dt

import shapely
from sqlalchemy import select

from plantation.models import Buyer, Deduction, Household, Parcel, Plot, Price, Right, Season, new_id
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.land.holdings import seal_holdings
from plantation.services.land.plot_ground import PLANTING, describe_plot
from plantation.services.proof.master_checks import FIELDS

QIAN, SUN, ZHOU, LI = "H001", "H002", "H009", "B001"
# Where the parcels of P1 begin and end.
WESTS, SOUTH, NORTH = (78.4, 78.406, 78.409, 78.41), 40.9, 40.91


def found_village(session, collective) -> None:
    """Plot P1 with the parcels P1-1 (Qian, 2/3 of it), P1-2 (Sun, 1/3) and P1-3 (nobody's); plot P2 undivided.

    Season 2026 is posted (A 5 yuan, from 15 September 5.20; B 3), season 2025 pooled with three deductions.
    """
    of = {"collective_id": collective.id}
    plots = _lay_land(session, of)
    rights = _give_rights(session, of)
    _part_plot(session, of, plots["P1"], rights)
    _open_seasons(session, of)
    session.flush()
    _record(session, collective, plots.values())


def _add(session, model, *rows: dict) -> dict:
    """The rows in their table, with ids of their own, by code where they have one."""
    made = [model(id=new_id(), **row) for row in rows]
    session.add_all(made)
    session.flush()
    return {getattr(one, "code", at): one for at, one in enumerate(made)}


def _lay_land(session, of) -> dict[str, Plot]:
    # Its corners are the parcels' corners too: a side that runs past one would be another line on the globe.
    square = shapely.MultiPolygon([shapely.Polygon([*((west, SOUTH) for west in WESTS), *((west, NORTH) for west in reversed(WESTS))])])
    bounds = {"west": WESTS[0], "south": SOUTH, "east": WESTS[-1], "north": NORTH}
    land = {**of, **bounds, "planted_on": dt.date(2018, 4, 1), "outline": square, "area_dm2": 1_000_000}
    return _add(session, Plot, *({**land, "code": code, "name": code} for code in ("P1", "P2")))


def _give_rights(session, of) -> dict[str | None, Right | None]:
    """The rights of Qian and Sun by their household's code; nobody's is None."""
    people = ((QIAN, "钱", 4), (SUN, "孙", 5), (ZHOU, "周", 3))
    households = _add(
        session,
        Household,
        *({**of, "code": code, "name": name, "members": members, "phone": "13900000000"} for code, name, members in people),
    )
    _add(session, Buyer, {**of, "code": LI, "name": "李"})
    terms = {"entitlement_millimu": 10_000, "starts_on": dt.date(2018, 4, 1), "ends_on": dt.date(2048, 3, 31), "status": "active"}
    rights = _add(session, Right, *({**of, **terms, "code": f"R{code}", "household_id": households[code].id} for code in (QIAN, SUN)))
    return {QIAN: rights[f"R{QIAN}"], SUN: rights[f"R{SUN}"], None: None}


def _part_plot(session, of, plot, rights) -> None:
    for place, (code, holder, area_dm2) in enumerate((("P1-1", QIAN, 600_000), ("P1-2", SUN, 300_000), ("P1-3", None, 100_000))):
        right = rights[holder]
        held = {"right_id": right.id, "household_id": right.household_id} if right else {}
        outline = shapely.MultiPolygon([shapely.box(WESTS[place], SOUTH, WESTS[place + 1], NORTH)])
        _add(session, Parcel, {**of, **held, "code": code, "plot_id": plot.id, "area_dm2": area_dm2, "outline": outline})


def _open_seasons(session, of) -> None:
    years = (("2025", "pooled"), ("2026", "posted"))
    days = {code: {"starts_on": dt.date(int(code), 8, 1), "ends_on": dt.date(int(code), 10, 31)} for code, _ in years}
    seasons = _add(session, Season, *({**of, **days[code], "code": code, "mode": mode, "tolerance_ppm": 20_000} for code, mode in years))
    prices = (("A", (8, 1), 500), ("A", (9, 15), 520), ("B", (8, 1), 300))
    posted = {**of, "season_id": seasons["2026"].id}
    _add(
        session, Price,
        *({**posted, "grade": grade, "valid_from": dt.date(2026, *since), "price_fen_per_kg": fen} for grade, since, fen in prices),
    )  # fmt: skip
    pooled = {**of, "season_id": seasons["2025"].id}
    deductions = (
        ("1-fund", "percent", {"rate_ppm": 25_000}),
        ("2-crates", "yuan_per_kg", {"amount_fen": 10}),
        ("3-fee", "yuan_per_household", {"amount_fen": 3_000}),
    )
    _add(session, Deduction, *({**pooled, "code": code, "name": code, "kind": kind, **figure} for code, kind, figure in deductions))


def _record(session, collective, plots) -> None:
    """What was written past the use cases, in the journal as they would have written it."""
    desk = Desk(session, collective, "cast", dt.datetime(2026, 7, 1, tzinfo=dt.UTC))
    entries = []
    for kind, (model, _, fields) in FIELDS.items():
        for one in session.scalars(select(model).where(model.collective_id == collective.id)):
            said = {name: getattr(one, name) for name in ("id", "code", *fields)}
            said = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in said.items()}
            entries.append((kind, one.code, said))
    for one in plots:
        columns = {"outline": one.outline, "area_dm2": one.area_dm2, **{name: getattr(one, name) for name in PLANTING}}
        entries.append(("plot", one.code, describe_plot(one.code, one.id, columns)))
    for model, name, figures in (
        (Price, "price", lambda one: {"grade": one.grade, "valid_from": str(one.valid_from), "price_fen_per_kg": one.price_fen_per_kg}),
        (
            Deduction,
            "deduction",
            lambda one: {"code": one.code, "kind": str(one.kind), "rate_ppm": one.rate_ppm, "amount_fen": one.amount_fen},
        ),
    ):
        of_season = (Season.collective_id == model.collective_id) & (Season.id == model.season_id)
        rows = session.execute(select(Season.code, model).join(model, of_season).where(model.collective_id == collective.id))
        entries += [(name, season, {"season": season, **figures(one)}) for season, one in rows]
    journal.append(desk, entries)
    seal_holdings(desk, [one.id for one in plots if one.code == "P1"])
