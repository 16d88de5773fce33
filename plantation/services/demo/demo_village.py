"""The demo: the village of plantation/domain/village.py lives three seasons through the same use cases as a real one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import select

from plantation.domain import village
from plantation.domain.words import AllocationRule, ParcelShape, RightStatus, Role
from plantation.geometry.village import village_plots
from plantation.models import Household, Parcel, Plot
from plantation.services.desk import Desk
from plantation.services.fruit import buyers
from plantation.services.fruit.purchases import LineInput, PurchaseInput, record_purchase
from plantation.services.fruit.weighing_inputs import WeighingInput
from plantation.services.fruit.weighings import record_weighings
from plantation.services.land import allocations, exclusions, plots, rights
from plantation.services.land.allocation_plans import plan_allocation
from plantation.services.money import deductions, notices, payments, prices
from plantation.services.money.balances import unpaid
from plantation.services.money.seasons import load_season, save_season
from plantation.services.money.settlements import settle_season
from plantation.services.people import accounts, cards, households

# Ten years old in the last season that is played: full bearing.
PLANTED_ON = dt.date(2016, 4, 15)
RIGHTS_FROM = dt.date(2018, 4, 15)
RIGHTS_END_ON = dt.date(2068, 4, 14)
MANAGER, ACCOUNTANT, BUYER = "zhao", "wang", "li"
DEMO_SECRET = "sea-buckthorn-2018"
CARDS = 3

Chance = village.Chance
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class SignInName:
    """What the demo prints so that a visitor can sign in."""

    role: str
    name: str
    secret: str


def settle_people(desk: Desk, chance: Chance) -> None:
    """Households and their rights: 175 of 10 mu each."""
    for villager in village.villagers(chance):
        households.save_household(desk, code=villager.code, name=villager.name, members=villager.members, phone=villager.phone)
        rights.save_right(
            desk,
            code=f"R{villager.code[1:]}",
            household_code=villager.code,
            entitlement_millimu=village.ENTITLEMENT_MILLIMU,
            starts_on=RIGHTS_FROM,
            ends_on=RIGHTS_END_ON,
            status=RightStatus.ACTIVE,
        )
    for code, name in village.BUYERS:
        buyers.save_buyer(desk, code=code, name=name, phone="")


def map_land(desk: Desk, chance: Chance) -> None:
    """The plots with what is cut out of them: 1,500 mu."""
    for drawn in village_plots(chance, allocations.ground_of):
        plot = plots.save_plot(
            desk,
            code=drawn.code,
            name=drawn.name,
            outline=drawn.outline,
            planted_on=PLANTED_ON,
            variety="中国沙棘",
            row_bearing=drawn.row_bearing,
            row_spacing_m=4.0,
        )
        for thing in drawn.exclusions:
            exclusions.add_exclusion(desk, plot, kind=thing.kind, outline=thing.outline, width_m=thing.width_m)


def divide_land(desk: Desk, rule: AllocationRule, seed: str) -> None:
    """Parcels by `rule`, drawn by `seed`."""
    plan = plan_allocation(desk, rule=rule, seed=seed, shape=ParcelShape.COMPACT)
    allocations.commit_allocation(desk, plan)


def open_season(desk: Desk, plan: village.SeasonPlan) -> None:
    """The season with its prices and deductions, announced before the first day."""
    season = save_season(desk, code=plan.code, starts_on=plan.starts_on, ends_on=plan.ends_on, mode=plan.mode, tolerance_ppm=20_000)
    for grade, _, price in plan.grades:
        prices.add_price(desk, season, grade=grade, valid_from=plan.starts_on, price_fen_per_kg=price)
    for code, name, kind, value in plan.deductions:
        amount = {"rate_ppm": value} if kind == "percent" else {"amount_fen": value}
        deductions.add_deduction(desk, season, code=code, name=name, kind=kind, **amount)


def play_season(desk: Desk, plan: village.SeasonPlan, season: Sequence[village.WeighIn], step: Step) -> None:
    """Weigh week by week, sell after each week, settle when it is over, pay."""
    for evening, week in _weeks(desk, plan, season):
        at_dusk = replace(desk, now=evening)
        inputs = list(_inputs(plan, week))
        refused = [o.refusal for o in record_weighings(at_dusk, inputs) if o.refusal is not None]
        if refused:
            raise refused[0]
        step(len(week))
    for lot in village.lots(plan, season):
        lines = [LineInput(grade=grade, net_grams=grams, price_fen_per_kg=price) for grade, grams, price in lot.lines]
        noon = dt.datetime.combine(lot.date, dt.time(12), desk.zone)
        bought = PurchaseInput(number=lot.number, season=plan.code, date=lot.date, buyer=lot.buyer, lines=lines)
        record_purchase(replace(desk, now=noon), bought)
    posted_at = dt.datetime.combine(plan.ends_on + dt.timedelta(days=1), dt.time(10), desk.zone)
    notices.post_notice(replace(desk, now=posted_at), plan.code)
    settled_at = dt.datetime.combine(plan.ends_on + dt.timedelta(days=12), dt.time(10), desk.zone)
    settle_season(replace(desk, now=settled_at), plan.code)
    _pay(replace(desk, now=settled_at + dt.timedelta(days=9)), plan)


def _weeks(desk: Desk, plan: village.SeasonPlan, season: Sequence[village.WeighIn]) -> Iterator[tuple[dt.datetime, list[village.WeighIn]]]:
    for week, weigh_ins in groupby(season, key=lambda w: (w.time.date() - plan.starts_on).days // 7):
        last_day = plan.starts_on + dt.timedelta(days=7 * week + 6)
        yield dt.datetime.combine(last_day, dt.time(21), desk.zone), list(weigh_ins)


def _inputs(plan: village.SeasonPlan, week: Sequence[village.WeighIn]) -> Iterator[WeighingInput]:
    for weigh_in in week:
        given = WeighingInput(
            id=_id(plan, weigh_in, "w"),
            season=plan.code,
            time=weigh_in.time,
            household=weigh_in.household,
            plot=weigh_in.plot,
            parcel=weigh_in.parcel,
            grade=weigh_in.grade,
            gross_grams=weigh_in.gross_grams,
            tare_grams=weigh_in.tare_grams,
            deduction_ppm=0,
            picker=weigh_in.picker,
            piece_rate_fen_per_kg=weigh_in.piece_rate_fen_per_kg,
        )
        if weigh_in.wrong_gross_grams is not None:
            slip = f"{plan.code}-E{_id(plan, weigh_in, 'e')[:6]}"
            yield replace(given, id=_id(plan, weigh_in, "e"), slip=slip, gross_grams=weigh_in.wrong_gross_grams)
            yield WeighingInput(
                id=_id(plan, weigh_in, "r"), season=plan.code, time=weigh_in.time + dt.timedelta(minutes=3),
                household=weigh_in.household, plot=weigh_in.plot, parcel=weigh_in.parcel, grade=weigh_in.grade,
                reverses=slip, reason="毛重多输了一位数字，重新过磅",
            )  # fmt: skip
        yield given


def _id(plan: village.SeasonPlan, weigh_in: village.WeighIn, kind: str) -> str:
    """The same identifier every time: a UUID made from what the weighing is."""
    import uuid

    what = (plan.code, weigh_in.time.isoformat(), weigh_in.parcel, weigh_in.plot, weigh_in.gross_grams, kind)
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "|".join(map(str, what))))


def _pay(desk: Desk, plan: village.SeasonPlan) -> None:
    """Bank transfers up the list; in the last season the first of it are still waiting for theirs."""
    owed = [(code, balance_fen) for _, code, balance_fen in unpaid(desk, load_season(desk, plan.code)) or []]
    payments.record_payments(
        desk,
        [
            payments.PaymentInput(plan.code, code, desk.today, "bank", balance_fen, f"{plan.code}-{code}")
            for code, balance_fen in owed[len(owed) * (100 - plan.paid_percent) // 100 :]
        ],
    )


def open_accounts(desk: Desk) -> list[SignInName]:
    """A manager, an accountant, a buyer and three households that can sign in."""
    accounts.create_account(desk, name=MANAGER, role=Role.MANAGER, secret=DEMO_SECRET)
    buyer = buyers.load_buyer(desk, "LI")
    accounts.create_account(desk, name=BUYER, role=Role.BUYER, secret=DEMO_SECRET, buyer=buyer)
    accounts.create_account(desk, name=ACCOUNTANT, role=Role.ACCOUNTANT, secret=DEMO_SECRET)
    names = [
        SignInName("manager", MANAGER, DEMO_SECRET),
        SignInName("accountant", ACCOUNTANT, DEMO_SECRET),
        SignInName("buyer", BUYER, DEMO_SECRET),
    ]
    for number in range(1, CARDS + 1):
        card = cards.new_household_card(desk, households.load_household(desk, f"H{number:03d}"))
        names.append(SignInName("household", card.code, card.pin))
    return names


def holdings(desk: Desk) -> list[village.Holding]:
    """What bears fruit: every parcel that a household holds."""
    rows = desk.session.execute(
        select(Parcel.code, Plot.code, Household.code, Parcel.area_dm2)
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .join(Household, (Household.collective_id == Parcel.collective_id) & (Household.id == Parcel.household_id))
        .where(Parcel.collective_id == desk.collective_id)
        .order_by(Parcel.code)
    )
    return [village.Holding(*row) for row in rows]
