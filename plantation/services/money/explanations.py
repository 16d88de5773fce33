"""Where a household's figures come from: the lines of its season, and the slips behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, cast, select, union_all

from plantation.domain.difference import HouseholdDifference, difference
from plantation.domain.earnings import GradeTotal, HouseholdEarnings
from plantation.domain.season_totals import SeasonTerms
from plantation.domain.settlement import settle
from plantation.models import Household, Parcel, Plot, Season, Settlement, Weighing, WeighingShare
from plantation.services.desk import Desk
from plantation.services.fruit.season_figures import collection_paused, gather_figures
from plantation.services.lookups import the_household, the_season
from plantation.services.money.earnings_lines import parse_line
from plantation.services.money.settlement_records import deduction_names, frozen_lines, parse_terms, read_grades, write_terms
from plantation.services.pages import Page, paginate


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a household's figures of a season come from. `number` is None for a preview.

    `earnings` has the lines by grade and by deduction; `names` says what a deduction code is called; `grades` are the
    totals that a pool was shared by; `moved` is what each later settlement changed, by its number.
    """

    season: str
    number: int | None
    terms: SeasonTerms
    names: dict[str, str]
    earnings: HouseholdEarnings
    grades: dict[str, GradeTotal]
    moved: dict[int, HouseholdDifference]


def explain(desk: Desk, season: Season | str, household: Household | str) -> Explanation:
    """The lines of a household's season, of the latest final settlement or, before it, of a preview.

    The slips behind them are :func:`household_slips`. :raises Refusal: as a preview does.
    """
    season, household = the_season(desk, season), the_household(desk, household)
    records = frozen_lines(desk, household, season)
    latest = desk.session.scalar(
        select(Settlement)
        .where(Settlement.collective_id == desk.collective_id, Settlement.season_id == season.id)
        .order_by(Settlement.number.desc())
        .limit(1)
    )
    nothing = HouseholdEarnings(household.code, 0, 0, 0, 0, 0, 0, (), ())
    if latest is None:
        with collection_paused():
            computed = settle(*gather_figures(desk, season))
        mine = {one.household_code: one for one in computed.households}.get(household.code, nothing)
        terms, grades, number = write_terms(desk, season), computed.grades, None
    else:
        line = next((line for record, line in records if record.id == latest.id), None)
        mine = parse_line(line) if line else nothing
        terms, grades, number = latest.terms, read_grades(desk, latest), latest.number
    moved: dict[int, HouseholdDifference] = {}
    for (_, before), (record, after) in zip(records, records[1:], strict=False):
        moved.update((record.number, one) for one in difference([after], [before]) if one.moved)
    return Explanation(
        season.code,
        number,
        parse_terms(terms),
        deduction_names(terms),
        mine,
        {total.grade: total for total in grades},
        moved,
    )


def household_slips(desk: Desk, season: Season | str, household: Household | str, *, page: int = 1) -> Page:
    """The household's slips of a season, the latest first, its shares of whole-plot weighings among them.

    A row has `slip`, `weighed_at`, `utc_offset_minutes`, `local_date`, `grade`, `plot`, `parcel`, `is_share`, and of
    the household's part `net_grams`, `price_fen_per_kg`, `amount_fen`, `picking_fen`; then `picker`,
    `piece_rate_fen_per_kg`, `reverses_id`, `reason`, `gross_grams`, `tare_grams`, `deduction_ppm`.
    """
    season, household = the_season(desk, season), the_household(desk, household)
    common: list[Any] = [
        Weighing.slip,
        Weighing.weighed_at,
        Weighing.utc_offset_minutes,
        Weighing.local_date,
        Weighing.grade,
        Plot.code.label("plot"),
        Weighing.price_fen_per_kg,
        Weighing.picker,
        Weighing.piece_rate_fen_per_kg,
        Weighing.reverses_id,
        Weighing.reason,
        Weighing.gross_grams,
        Weighing.tare_grams,
        Weighing.deduction_ppm,
        Weighing.entry,
        Parcel.code.label("parcel"),
    ]
    plot = (Plot.collective_id == Weighing.collective_id) & (Plot.id == Weighing.plot_id)
    own = (
        select(*common, Weighing.net_grams, Weighing.amount_fen, Weighing.picking_fen, cast(0, BigInteger).label("is_share"))
        .outerjoin(Plot, plot)
        .outerjoin(Parcel, (Parcel.collective_id == Weighing.collective_id) & (Parcel.id == Weighing.parcel_id))
        .where(
            Weighing.collective_id == desk.collective_id,
            Weighing.season_id == season.id,
            Weighing.household_id == household.id,
        )
    )
    shared = (
        select(
            *common,
            WeighingShare.net_grams,
            WeighingShare.amount_fen,
            WeighingShare.picking_fen,
            cast(1, BigInteger).label("is_share"),
        )
        .join(
            WeighingShare,
            (WeighingShare.collective_id == Weighing.collective_id) & (WeighingShare.weighing_id == Weighing.id),
        )
        .outerjoin(Plot, plot)
        .join(Parcel, (Parcel.collective_id == WeighingShare.collective_id) & (Parcel.id == WeighingShare.parcel_id))
        .where(
            WeighingShare.collective_id == desk.collective_id,
            WeighingShare.season_id == season.id,
            WeighingShare.household_id == household.id,
        )
    )
    both = union_all(own, shared).subquery()
    return paginate(desk.session, select(both).order_by(both.c.weighed_at.desc(), both.c.entry.desc()), page)
