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


def found_village(session, collective) -> None:
    """Plot P1 with the parcels P1-1 (Qian, 2/3 of it), P1-2 (Sun, 1/3) and P1-3 (nobody's); plot P2 undivided.

    Season 2026 is posted (A 5 yuan, from 15 September 5.20; B 3), season 2025 pooled with three deductions.
    """
    of = {"collective_id": collective.id}
    households = {
        code: Household(**of, id=new_id(), code=code, name=name, members=members, phone="13900000000")
        for code, name, members in ((QIAN, "钱", 4), (SUN, "孙", 5), (ZHOU, "周", 3))
    }
    # Its corners are the parcels' corners too: a side that runs past one would be another line on the globe.
    wests, (south, north) = (78.4, 78.406, 78.409, 78.41), (40.9, 40.91)
    square = shapely.MultiPolygon([shapely.Polygon([*((west, south) for west in wests), *((west, north) for west in reversed(wests))])])
    bounds = {"west": 78.4, "south": 40.9, "east": 78.41, "north": 40.91}
    plots = {
        code: Plot(**of, **bounds, id=new_id(), code=code, name=code, planted_on=dt.date(2018, 4, 1), outline=square, area_dm2=1_000_000)
        for code in ("P1", "P2")
    }
    session.add_all([*households.values(), *plots.values()])
    session.add(Buyer(**of, id=new_id(), code=LI, name="李"))
    session.flush()
    rights = {
        code: Right(
            **of,
            id=new_id(),
            code=f"R{code}",
            household_id=households[code].id,
            entitlement_millimu=10_000,
            starts_on=dt.date(2018, 4, 1),
            ends_on=dt.date(2048, 3, 31),
            status="active",
        )
        for code in (QIAN, SUN)
    }
    session.add_all(rights.values())
    session.flush()
    for place, (code, holder, area_dm2) in enumerate((("P1-1", QIAN, 600_000), ("P1-2", SUN, 300_000), ("P1-3", None, 100_000))):
        session.add(
            Parcel(
                **of,
                id=new_id(),
                code=code,
                plot_id=plots["P1"].id,
                right_id=rights[holder].id if holder else None,
                household_id=households[holder].id if holder else None,
                area_dm2=area_dm2,
                outline=shapely.MultiPolygon([shapely.box(wests[place], south, wests[place + 1], north)]),
            )
        )
    seasons = {
        code: Season(
            **of,
            id=new_id(),
            code=code,
            starts_on=dt.date(int(code), 8, 1),
            ends_on=dt.date(int(code), 10, 31),
            mode=mode,
            tolerance_ppm=20_000,
        )
        for code, mode in (("2025", "pooled"), ("2026", "posted"))
    }
    session.add_all(seasons.values())
    session.flush()
    for grade, valid_from, fen in (("A", (8, 1), 500), ("A", (9, 15), 520), ("B", (8, 1), 300)):
        session.add(
            Price(**of, id=new_id(), season_id=seasons["2026"].id, grade=grade, valid_from=dt.date(2026, *valid_from), price_fen_per_kg=fen)
        )
    for code, kind, rate_ppm, amount_fen in (
        ("1-fund", "percent", 25_000, None),
        ("2-crates", "yuan_per_kg", None, 10),
        ("3-fee", "yuan_per_household", None, 3_000),
    ):
        session.add(
            Deduction(
                **of, id=new_id(), season_id=seasons["2025"].id, code=code, name=code, kind=kind, rate_ppm=rate_ppm, amount_fen=amount_fen
            )
        )
    session.flush()
    _record(session, collective, plots.values())


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
