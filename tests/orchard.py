"""A village with land that tiles, two seasons of fruit, buyers and payments: what the front doors show.

Zhao manages; Qian (H001) and Sun (H002) hold two parcels each and Wu (H003) one; Zhou (H009) is the stranger without
land. Li (B001) and He (B002) buy. Season 2025 is pooled and settled twice; season 2026 is running, posted unless told
otherwise.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid

import shapely

from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.projection import LocalPlane
from plantation.models import Exclusion, Household, Parcel, Plot, Right, new_id
from plantation.services.desk import Desk
from plantation.services.fruit.buyers import save_buyer
from plantation.services.fruit.purchases import LineInput, PurchaseInput, record_purchases
from plantation.services.fruit.weighings import WeighingInput, record_weighings, reverse_weighing
from plantation.services.money.deductions import add_deduction
from plantation.services.money.payments import record_payment
from plantation.services.money.prices import add_price
from plantation.services.money.seasons import save_season
from plantation.services.money.settlements import settle_season
from tests.conftest import NOW
from tests.databases import plant_once

QIAN, SUN, WU, ZHOU, LI, HE = "H001", "H002", "H003", "H009", "B001", "B002"
NAMES = {QIAN: "钱建国", SUN: "孙 <script>alert(1)</script>", WU: "吴秀英", ZHOU: "周平"}
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
PLANE = LocalPlane(78.4, 40.9)


def grow(session, collective, now, *, mode="posted") -> None:
    """Plant, weigh, sell, settle and pay, through the same use cases as the real thing."""
    spring = Desk(session, collective, "zhao", dt.datetime(2025, 3, 1, tzinfo=dt.UTC))
    _divide(spring)
    for code, name in ((LI, "李氏果汁厂"), (HE, "何 & Söhne")):
        save_buyer(spring, code=code, name=name)
    _open(spring, 2025, "pooled", dt.date(2025, 10, 31))
    add_deduction(spring, _season(spring, "2025"), code="1-fund", name="公积金", kind="percent", rate_ppm=25_000)
    add_deduction(spring, _season(spring, "2025"), code="2-crates", name="Crates", kind="yuan_per_kg", amount_fen=10)
    add_deduction(spring, _season(spring, "2025"), code="3-fee", name="Fee", kind="yuan_per_household", amount_fen=3_000)
    autumn = Desk(session, collective, "zhao", dt.datetime(2025, 11, 5, tzinfo=dt.UTC))
    _pick(autumn, "2025", 2025, random.Random(1))
    _sell(autumn, "2025", dt.date(2025, 10, 28), pooled=True)
    settle_season(autumn, "2025")
    for code, yuan in ((QIAN, 300), (SUN, 200)):
        record_payment(
            autumn, season="2025", household=code, date=dt.date(2025, 11, 5), method="cash", amount_fen=yuan * 100, reference="签名 12"
        )
    winter = Desk(session, collective, "zhao", dt.datetime(2025, 12, 10, tzinfo=dt.UTC))
    reverse_weighing(winter, "2025-000004", reason="wrong crate, 复秤", id=_id("correction"))
    settle_season(winter, "2025")
    _open(winter, 2026, mode, dt.date(2026, 12, 31))
    today = Desk(session, collective, "zhao", now)
    _pick(today, "2026", 2026, random.Random(2))
    _sell(today, "2026", dt.date(2026, 10, 20), pooled=mode == "pooled")
    reverse_weighing(today, "2026-000002", reason="tare of another crate", id=_id("correction 2026"))


def _season(desk, code):
    from plantation.services.money.seasons import load_season

    return load_season(desk, code)


def _id(text: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))


def grow_orchard(database, collective, *, mode="posted") -> None:
    """The orchard in a test's database, where the collective stands alone."""

    def plant():
        with database.write() as session:
            grow(session, collective, NOW, mode=mode)

    plant_once(database, f"{mode} orchard", plant)


def _divide(desk) -> None:
    """Plot P1, 400 × 200 m with a canal through it, in six parcels: two rows of three."""
    of = {"collective_id": desk.collective_id}
    people = {code: Household(**of, id=new_id(), code=code, name=name, members=4, phone="13900001234") for code, name in NAMES.items()}
    ground = PLANE.inverse(shapely.box(0, 0, 400, 206))
    land = {**of, "outline": ground, "area_dm2": _dm2(ground), "west": 78.4, "south": 40.9, "east": 78.41, "north": 40.91}
    plot = Plot(**land, id=new_id(), code="P1", name="河湾 <b>1</b>", planted_on=dt.date(2018, 4, 1))
    desk.session.add_all([*people.values(), plot, Plot(**land, id=new_id(), code="P2", name="P2", planted_on=None)])
    desk.session.flush()
    canal = PLANE.inverse(shapely.box(0, 100, 400, 106))
    terms = {"entitlement_millimu": 10_000, "starts_on": dt.date(2018, 4, 1), "ends_on": dt.date(2048, 3, 31), "status": "active"}
    desk.session.add(Exclusion(**of, id=new_id(), plot_id=plot.id, kind="canal", outline=canal, width_m=None))
    desk.session.add_all(Right(**of, **terms, id=new_id(), code=f"R{code}", household_id=people[code].id) for code in NAMES)
    desk.session.add_all(
        Parcel(
            **of, id=new_id(), code=f"P1-{place}", plot_id=plot.id, outline=outline, area_dm2=_dm2(outline),
            household_id=people[holder].id if holder else None,
        )
        for place, (holder, outline) in enumerate(zip((QIAN, SUN, WU, QIAN, SUN, None), _thirds(), strict=True), 1)
    )  # fmt: skip
    desk.session.flush()


def _thirds() -> list[shapely.Polygon]:
    """The ground on both sides of the canal, each side in three."""
    edges = (0, 133, 267, 400)
    return [PLANE.inverse(shapely.box(west, south, east, south + 100)) for south in (0, 106) for west, east in zip(edges, edges[1:])]


def _dm2(outline) -> int:
    return round(geodesic_area_m2(outline) * 100)


def _open(desk, year: int, mode: str, ends_on: dt.date) -> None:
    season = save_season(desk, code=str(year), starts_on=dt.date(year, 8, 1), ends_on=ends_on, mode=mode, tolerance_ppm=20_000)
    for grade, valid_from, fen in (("A", dt.date(year, 8, 1), 500), ("A", dt.date(year, 9, 15), 520), ("B", dt.date(year, 8, 1), 300)):
        add_price(desk, season, grade=grade, valid_from=valid_from, price_fen_per_kg=fen)


def _pick(desk, season: str, year: int, chance: random.Random) -> None:
    """Twenty days of Qian, Sun and Wu; on the last day one weighing for the whole plot."""
    inputs = []
    for day in range(20):
        when = dt.datetime(year, 8, 20, 10, tzinfo=SHANGHAI) + dt.timedelta(days=2 * day)
        for minutes, code in ((0, QIAN), (7, SUN), (20, WU)):
            hired = chance.random() < 0.4
            inputs.append(
                WeighingInput(
                    id=_id(f"{season} {day} {code}"),
                    season=season,
                    time=when + dt.timedelta(minutes=minutes),
                    household=code,
                    grade="A" if chance.random() < 0.8 else "B",
                    gross_grams=chance.randrange(21_000, 62_000),
                    tare_grams=1_200,
                    deduction_ppm=chance.choice((0, 25_000)),
                    picker="周三" if hired else "",
                    piece_rate_fen_per_kg=80 if hired else None,
                )
            )
    inputs.append(
        WeighingInput(
            id=_id(f"{season} whole"),
            season=season,
            time=when + dt.timedelta(hours=3),
            plot="P1",
            grade="A",
            gross_grams=301_200,
            tare_grams=1_200,
        )
    )
    outcomes = record_weighings(desk, inputs)
    assert all(outcome.refusal is None for outcome in outcomes), [str(outcome.refusal) for outcome in outcomes]


def _sell(desk, season: str, last: dt.date, *, pooled: bool) -> None:
    def buy(buyer, weeks, *lines):
        return PurchaseInput(
            season=season,
            date=last - dt.timedelta(weeks=weeks),
            buyer=buyer,
            lines=[LineInput(source=source, grade=grade, net_grams=grams, price_fen_per_kg=fen) for source, grade, grams, fen in lines],
        )

    given = [
        buy(LI, 3, (None, "A", 400_000, 560)),
        buy(HE, 2, (None, "A", 250_500, 555), (None, "B", 90_000, 320)),
        buy(LI, 1, (None, "A", 120_250, 570)),
    ]
    if pooled:
        given.append(buy(HE, 0, (SUN, "A", 40_000, 610)))
    outcomes = record_purchases(desk, given)
    assert all(outcome.refusal is None for outcome in outcomes), [str(outcome.refusal) for outcome in outcomes]
