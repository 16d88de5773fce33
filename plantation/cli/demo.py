"""`plantation demo`: builds the village, plays three seasons, prints the earnings, serves the site."""

from __future__ import annotations

import datetime as dt
import os
import random
import secrets
import sys
from dataclasses import replace
from pathlib import Path

import click

from plantation.domain.words import AllocationRule
from plantation.errors import Refusal
from plantation.paths import instance_folder
from plantation.units import dm2_to_millimu, format_kg, format_mu, format_yuan, half_up

SEED = "阿果依 2018"
VILLAGE_CODE, VILLAGE_NAME = "aguoyi", "阿果依村"


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to serve on.")
@click.option("--no-serve", is_flag=True, help="Build and print, then stop.")
@click.option("--rule", type=click.Choice(["prorate", "waitlist"]), default="prorate", show_default=True,
              help="How the village divides land that is short.")  # fmt: skip
@click.pass_context
def demo(ctx: click.Context, port: int, no_serve: bool, rule: str) -> None:
    """Build the village of A'guoyi, play three picking seasons, print what everybody earned, and serve the site."""
    from plantation.cli.schema import upgrade_schema
    from plantation.cli.serve import check_port, run_server
    from plantation.database import Database

    if not no_serve:
        check_port("127.0.0.1", port)
    path = _fresh_file()
    database = Database(f"sqlite:///{path.as_posix()}")
    upgrade_schema(database)
    names = _build(database, AllocationRule(rule))
    database.dispose()
    click.echo(f"\nThe database is {path}.\nSign in as")
    for name in names:
        click.echo(f"  {name.role:<10} {name.name:<8} {name.secret}")
    if no_serve:
        return
    os.environ["PLANTATION_DATABASE_URL"] = f"sqlite:///{path.as_posix()}"
    os.environ.setdefault("PLANTATION_SECRET_KEY", secrets.token_hex(32))
    click.echo("")
    run_server("127.0.0.1", port)


def _fresh_file() -> Path:
    """An empty place for the demo's database; the last demo is thrown away."""
    folder = instance_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for ending in ("", "-wal", "-shm"):
        (folder / f"demo.db{ending}").unlink(missing_ok=True)
    return folder / "demo.db"


def _build(database, rule: AllocationRule):
    from plantation.domain.village import SEASONS, weigh_ins
    from plantation.services.collectives import create_collective
    from plantation.services.demo import demo_money as money
    from plantation.services.demo import demo_village as play
    from plantation.services.desk import Desk

    chance = random.Random(SEED)
    began = dt.datetime(2024, 3, 1, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    with database.write() as session:
        collective = create_collective(session, VILLAGE_CODE, VILLAGE_NAME, "Asia/Shanghai", began)
        desk = Desk(session, collective, play.MANAGER, began)
        with _bar(4, "Mapping the village") as bar:
            play.settle_people(desk, chance)
            bar.update(1)
            play.map_land(desk, chance)
            bar.update(1)
            offers = [(each, _offer(desk, each)) for each in AllocationRule]
            bar.update(1)
            play.divide_land(desk, rule, SEED)
            bar.update(1)
        _print_shortage(offers, rule)
        holdings = play.holdings(desk)
        money.hire_pickers(desk)
        money.open_bank(desk)
        seasons = [(plan, weigh_ins(chance, plan, holdings, money.PICKERS)) for plan in SEASONS]
        with _bar(sum(len(season) for _, season in seasons), "Picking three seasons") as bar:
            for plan, season in seasons:
                announced = dt.datetime.combine(plan.starts_on - dt.timedelta(days=30), dt.time(10), desk.zone)
                play.open_season(replace(desk, now=announced), plan)
                if plan is SEASONS[-1]:
                    money.give_advances(desk, plan)
                play.play_season(desk, plan, season, bar.update)
                money.pay_pickers(desk, plan)
                money.let_buyers_pay(desk, plan, 60 if plan is SEASONS[-1] else 100)
        money.pay_livestock_dividend(desk, SEASONS[-1].ends_on + dt.timedelta(days=23))
        names = play.open_accounts(desk)
        _print_earnings(desk, SEASONS)
        _print_figures(desk, SEASONS)
    return names


def _bar(length: int, label: str):
    return click.progressbar(length=length, label=label, file=sys.stderr)


def _offer(desk, rule: AllocationRule):
    """What a rule would do: its plan, or the refusal with its figures."""
    from plantation.services.land.allocation_plans import plan_allocation

    try:
        return plan_allocation(desk, rule=rule, seed=SEED)
    except Refusal as refusal:
        return refusal


def _print_shortage(offers, chosen: AllocationRule) -> None:
    from collections import Counter

    click.echo("\nThe right and the land do not match. Three rules, and what each gives:")
    for rule, offer in offers:
        if isinstance(offer, Refusal):
            says = f"refuses: {offer}"
        else:
            areas = Counter(dm2_to_millimu(parcel.area_dm2) for parcel in offer.parcels)
            says = ", ".join(f"{count} households get {format_mu(millimu)} mu" for millimu, count in areas.most_common())
            if offer.figures.waiting:
                says += f", {offer.figures.waiting} wait in the order of the draw"
        click.echo(f"  {rule:<9} {'*' if rule == chosen else ' '} {says}")
    click.echo(f"The demo goes on with {chosen}.\n")


def _print_earnings(desk, plans) -> None:
    """The earnings table: every household and season, then what all the land brought."""
    from plantation.services.demo.demo_figures import earnings_table, summarise_season

    click.echo("\nEarnings in yuan (kg net; gross - deductions - picking wages = net; net - paid = balance)")
    click.echo("season  household         kg       gross  deductions    picking         net        paid     balance")
    for season, household, *figures in earnings_table(desk, [plan.code for plan in plans]):
        net_grams, gross, taken, picking, net, paid = figures
        click.echo(
            f"{season:<7} {household:<9} {format_kg(net_grams):>10} {format_yuan(gross):>11} {format_yuan(taken):>11} "
            f"{format_yuan(picking):>10} {format_yuan(net):>11} {format_yuan(paid):>11} {format_yuan(net - paid):>11}"
        )
    click.echo("\nAll households      weighings        kg  kg/mu       gross  gross of 10 mu         net        paid")
    for plan in plans:
        row = summarise_season(desk, plan.code)
        click.echo(
            f"{plan.code} {plan.mode:<15} {row.weighings:>8,} {format_kg(row.net_grams):>10} {row.kg_per_mu:>5} "
            f"{format_yuan(row.gross_fen):>11} {format_yuan(row.gross_of_10_mu_fen):>15} {format_yuan(row.net_fen):>11} "
            f"{format_yuan(row.paid_fen):>11}"
        )


def _print_figures(desk, plans) -> None:
    """The village's own figures, each worked out by the rules from the inputs beside it."""
    from plantation.domain import village
    from plantation.domain.dividend import Receiver, fixed_dividend
    from plantation.services.demo.demo_figures import summarise_season
    from plantation.services.land.overview import land_balance

    first, full = (summarise_season(desk, plans[index].code) for index in (0, -1))
    land = land_balance(desk)
    chosen = [Receiver(f"H{number:03d}") for number in range(1, village.DIVIDEND_HOUSEHOLDS + 1)]
    dividend = fixed_dividend(village.DIVIDEND_FEN_EACH, chosen)
    whole_kg, price = full.net_grams // 1000, full.gross_fen * 1000 // full.net_grams
    click.echo(
        f"""
The village in figures
  first fruiting year, one household   {whole_yuan(first.gross_of_10_mu_fen)} yuan  (10 mu x {first.kg_per_mu} kg/mu x 5 yuan/kg)
  full bearing, one household          {whole_yuan(full.gross_of_10_mu_fen)} yuan  (10 mu x {full.kg_per_mu} kg/mu x {format_yuan(price)} yuan/kg)
  full bearing, the village            {whole_yuan(full.gross_fen)} yuan, {whole_kg // 1000:,} t
  land asked for                       {format_mu(land.asked_millimu)} mu  ({village.HOUSEHOLDS} households x 10 mu)
  land there is                        {format_mu(land.available_millimu)} mu
  missing                              {format_mu(land.missing_millimu)} mu
  people                               {village.PEOPLE}
  cooperative dividend                 {whole_yuan(dividend.total_fen)} yuan  ({len(dividend.lines)} households x {whole_yuan(dividend.lines[0].amount_fen)} yuan)"""
    )


def whole_yuan(fen: int) -> str:
    """Yuan rounded half up, with thousands marks, for reading.

    >>> whole_yuan(375_000_000)
    '3,750,000'
    """
    return f"{half_up(fen, 100):,}"
