"""The village of the demo: who lives there, what is picked on which day, who buys it. The same seed, the same village.

Figures follow the village's facts: 175 households, 784 people, 10 mu of right each, 5 yuan/kg, 50 kg/mu in the first
fruiting year and 500 kg/mu in full bearing. Names are made up; the rest is chance with believable bounds, handed in as
a seeded generator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from plantation.units import Grams, SquareDecimetres, half_up, share

HOUSEHOLDS = 175
PEOPLE = 784
ENTITLEMENT_MILLIMU = 10_000
STEP_GRAMS = 100  # the village's scale shows 0.1 kg
CRATE_GRAMS = 2_500
DAY_OPENS_HOUR, DAY_CLOSES_HOUR = 8, 20
BEIJING = dt.timezone(dt.timedelta(hours=8))

_GIVEN = ("阿依古丽 古丽娜 阿依努尔 巴哈尔 加娜尔 努尔古丽 沙拉买提 托克托 别克 阿曼 居马 沙尔合提 "
          "马合木提 买买提 吐尔逊 艾山 朱马洪 卡德尔 依布拉音 赛尔江 叶尔肯 巴合提 哈力克 木拉提 江布尔").split()  # fmt: skip
_FATHERS = "托合塔尔 玉素甫 阿不都 热合曼 沙依提 买买吐逊 居努斯 吐尔干 艾力 卡日 苏来曼 朱玛".split()


class Chance(Protocol):
    """What is needed of `random.Random`."""

    def random(self) -> float: ...
    def randint(self, a: int, b: int) -> int: ...
    def triangular(self, low: float, high: float, mode: float) -> float: ...


@dataclass(frozen=True, slots=True)
class Villager:
    """A household before it is in a database."""

    code: str
    name: str
    members: int
    phone: str


@dataclass(frozen=True, slots=True)
class SeasonPlan:
    """One picking season of the demo. `lots` are the share of each grade in percent, with what buyers pay for it."""

    code: str
    starts_on: dt.date
    ends_on: dt.date
    mode: str
    kg_per_mu: int
    grades: tuple[tuple[str, int, int], ...]  # grade, percent of the fruit, buyers' price in fen per kg
    deductions: tuple[tuple[str, str, str, int], ...] = ()  # code, name, kind, value (ppm or fen)
    paid_percent: int = 100
    truckloads: int = 0
    mistakes: int = 0


SEASONS = (
    SeasonPlan("2024", dt.date(2024, 8, 20), dt.date(2024, 10, 15), "posted", 50, (("A", 100, 500),), mistakes=2),
    SeasonPlan(
        "2025", dt.date(2025, 8, 18), dt.date(2025, 10, 18), "pooled", 200, (("A", 70, 530), ("B", 30, 430)),
        deductions=(("01", "合作社服务费", "percent", 20_000), ("02", "分拣费", "yuan_per_kg", 5), ("03", "保险", "yuan_per_household", 1_000)),
        truckloads=4, mistakes=3,
    ),
    SeasonPlan(
        "2026", dt.date(2026, 8, 15), dt.date(2026, 10, 20), "pooled", 500, (("A", 75, 500), ("B", 25, 500)),
        deductions=(("01", "合作社服务费", "percent", 20_000),), paid_percent=60, truckloads=6, mistakes=3,
    ),
)  # fmt: skip
PICKED_AT_FEN_PER_KG = 100
BUYERS = (("LI", "黎氏果汁厂"), ("WANG", "王记沙棘油"), ("ZHOU", "周家果干"), ("TIANSHAN", "天山贸易"))
DIVIDEND_HOUSEHOLDS, DIVIDEND_FEN_EACH = 20, 130_000


def villagers(chance: Chance) -> list[Villager]:
    """The 175 households; their members sum to 784.

    >>> import random
    >>> people = villagers(random.Random(1))
    >>> len(people), sum(v.members for v in people), len({v.name for v in people})
    (175, 784, 175)
    """
    codes = [f"H{number:03d}" for number in range(1, HOUSEHOLDS + 1)]
    more = share(PEOPLE - 2 * HOUSEHOLDS, [chance.randint(1, 6) for _ in codes], codes)
    names = [f"{given}·{father}" for father in _FATHERS for given in _GIVEN][:HOUSEHOLDS]
    return [
        Villager(code, names[(index * 73) % HOUSEHOLDS], 2 + extra, f"1990000{index + 1:04d}")
        for index, (code, extra) in enumerate(zip(codes, more, strict=True))
    ]


@dataclass(frozen=True, slots=True)
class Holding:
    """What bears: a parcel of a household."""

    parcel: str
    plot: str
    household: str
    area_dm2: SquareDecimetres


@dataclass(frozen=True, slots=True)
class WeighIn:
    """One weighing of the play; `wrong_gross_grams` is what was typed first where somebody mistyped it."""

    time: dt.datetime
    household: str | None
    plot: str
    parcel: str | None
    grade: str
    gross_grams: Grams
    tare_grams: Grams
    picker: str
    piece_rate_fen_per_kg: int | None
    wrong_gross_grams: Grams | None = None

    @property
    def net_grams(self) -> Grams:
        return self.gross_grams - self.tare_grams


def weigh_ins(chance: Chance, plan: SeasonPlan, holdings: Sequence[Holding], pickers: Sequence[str]) -> list[WeighIn]:
    """A season's weighings in order of time. Their net weights sum to `plan.kg_per_mu` on all the land, to 10 kg.

    >>> import random
    >>> land = [Holding("P1-1", "P1", "H001", 666_667), Holding("P1-2", "P1", "H002", 666_667)]
    >>> season = weigh_ins(random.Random(1), SEASONS[0], land, ["Ma"])
    >>> sum(w.net_grams for w in season)
    1000000
    >>> season == sorted(season, key=lambda w: w.time)
    True
    """
    tens_of_kg = half_up(sum(holding.area_dm2 for holding in holdings) * 15 * plan.kg_per_mu, 10_000_000)
    steps = tens_of_kg * 10_000 // STEP_GRAMS
    truck_steps = [chance.randint(6_000, 14_000) for _ in range(plan.truckloads)]
    vigour = [holding.area_dm2 * (70 + int(chance.triangular(0, 60, 30))) for holding in holdings]
    yields = share(steps - sum(truck_steps), vigour, [holding.parcel for holding in holdings])
    season = [
        _weigh_in(chance, plan, holding.household, holding.plot, holding.parcel, slip_steps, pickers)
        for holding, parcel_steps in zip(holdings, yields, strict=True)
        for slip_steps in _slips(chance, parcel_steps)
    ]
    plots = sorted({holding.plot for holding in holdings})
    season += [
        _weigh_in(chance, plan, None, plots[index % len(plots)], None, slip_steps, pickers) for index, slip_steps in enumerate(truck_steps)
    ]
    season.sort(key=lambda weigh_in: (weigh_in.time, weigh_in.parcel or "", weigh_in.gross_grams))
    for number in range(plan.mistakes):
        index = (number + 1) * len(season) // (plan.mistakes + 2)
        season[index] = _mistyped(season[index])
    return season


def _slips(chance: Chance, steps: int) -> list[int]:
    """A parcel's fruit in loads of about 90 kg."""
    count = max(1, round(steps * STEP_GRAMS / 90_000))
    parts = [chance.randint(60, 140) for _ in range(count)]
    return [part for part in share(steps, parts, [f"{number:04d}" for number in range(count)]) if part]


def _weigh_in(
    chance: Chance,
    plan: SeasonPlan,
    household: str | None,
    plot: str,
    parcel: str | None,
    steps: int,
    pickers: Sequence[str],
) -> WeighIn:
    days = (plan.ends_on - plan.starts_on).days
    day = plan.starts_on + dt.timedelta(days=int(chance.triangular(0, days, days * 0.45)))
    second = int(chance.triangular(DAY_OPENS_HOUR, DAY_CLOSES_HOUR, 17) * 3600)
    time = dt.datetime.combine(day, dt.time(), BEIJING) + dt.timedelta(seconds=second)
    net_grams = steps * STEP_GRAMS
    tare_grams = CRATE_GRAMS * -(-net_grams // 25_000) if household else 1_450_000
    hired = chance.random() < 0.4
    return WeighIn(
        time=time,
        household=household,
        plot=plot,
        parcel=parcel,
        grade=_grade(chance, plan),
        gross_grams=net_grams + tare_grams,
        tare_grams=tare_grams,
        picker=pickers[chance.randint(0, len(pickers) - 1)] if hired else "",
        piece_rate_fen_per_kg=PICKED_AT_FEN_PER_KG if hired else None,
    )


def _grade(chance: Chance, plan: SeasonPlan) -> str:
    drawn = chance.randint(1, 100)
    for grade, percent, _ in plan.grades:
        drawn -= percent
        if drawn <= 0:
            return grade
    return plan.grades[-1][0]


def _mistyped(weigh_in: WeighIn) -> WeighIn:
    """The same load with a digit too many typed first: it is reversed and weighed in again."""
    return replace(weigh_in, wrong_gross_grams=weigh_in.gross_grams + 100_000)


@dataclass(frozen=True, slots=True)
class Lot:
    """What a buyer took on a day, all from the pool: (grade, grams, fen per kg) lines."""

    number: str
    date: dt.date
    buyer: str
    lines: tuple[tuple[str, Grams, int], ...]


def lots(plan: SeasonPlan, season: Sequence[WeighIn]) -> list[Lot]:
    """Buyers come once a week and once after the end, and take all there is: in turn, nothing is left.

    >>> lots(SEASONS[0], [])
    []
    """
    prices = {grade: price for grade, _, price in plan.grades}
    weeks: dict[int, dict[str, int]] = {}
    for weigh_in in season:
        week = (weigh_in.time.date() - plan.starts_on).days // 7
        by_grade = weeks.setdefault(week, {})
        by_grade[weigh_in.grade] = by_grade.get(weigh_in.grade, 0) + weigh_in.net_grams
    return [
        Lot(
            number=f"{plan.code}-{number:03d}",
            date=plan.starts_on + dt.timedelta(days=7 * week + 7),
            buyer=BUYERS[number % len(BUYERS)][0],
            lines=tuple((grade, grams, prices[grade]) for grade, grams in sorted(by_grade.items())),
        )
        for number, (week, by_grade) in enumerate(sorted(weeks.items()), start=1)
    ]
