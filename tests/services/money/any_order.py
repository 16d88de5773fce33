"""A village in which anything happens in any order, and what must hold after each deed.

What the machine knows is kept here in plain dictionaries, by rules said once more; the services are the real ones on a real file.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import uuid
from collections import Counter
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from plantation.domain.season_totals import PurchasedMoreThanWeighed, SoldMoreThanDelivered
from plantation.domain.words import AdvanceForm, DisputeAbout
from plantation.errors import Refusal
from plantation.models import PurchaseLine, Weighing, WeighingShare
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.fruit import disputes
from plantation.services.fruit.dispute_answers import answer_dispute
from plantation.services.fruit.purchases import record_purchase, reverse_purchase
from plantation.services.fruit.weighings import record_weighing, reverse_weighing
from plantation.services.money.advances import give_advance, open_advances
from plantation.services.money.earnings import earnings_rows
from plantation.services.money.payments import record_payment, reverse_payment
from plantation.services.money.settlements import latest_settlement, preview_settlement, settle_season
from plantation.services.people.households import load_household
from plantation.services.proof.verification import verify
from tests.cast import QIAN, SUN, ZHOU, found_village
from tests.conftest import NOW
from tests.databases import open_file
from tests.services.fruit.test_purchases import bought
from tests.services.fruit.test_weighings import weighed

SEASONS = st.sampled_from(["2025", "2026"])
HOUSEHOLDS = st.sampled_from([QIAN, SUN])
GRADES = st.sampled_from(["A", "B"])
TODAY = NOW.date()


class AnyOrder(RuleBasedStateMachine):
    """A season that buyers pay for together (2025) and one with posted prices (2026)."""

    template: Path
    reached: Counter[str] = Counter()  # what it got to

    @initialize()
    def found(self):
        self.folder = Path(tempfile.mkdtemp(prefix="any-order"))
        shutil.copyfile(self.template, self.folder / "x.db")
        self.database = open_file(self.folder / "x.db")
        with self.database.write() as session:
            self.collective = create_collective(session, "a", "A", "Asia/Shanghai", NOW)
            found_village(session, self.collective)
        self.slips: dict[str, tuple[str, str, str | None, int]] = {}  # standing: season, grade, household, net grams
        self.bought: dict[str, tuple[str, str, str | None, int, int]] = {}  # standing: season, grade, source, net grams, fen
        self.disputed: dict[str, int] = {}
        self.paid: dict[int, tuple[str, str, int]] = {}  # standing: season, household, fen
        self.given = 0

    def desk(self):
        return self.database.write()

    def act(self, work):
        """Do it whole or not at all; what the rules refuse is fine, in words."""
        try:
            with self.desk() as session:
                return work(Desk(session, self.collective, "Zhao", NOW))
        except Refusal as refusal:
            assert str(refusal)
            return None

    @rule(season=SEASONS, household=HOUSEHOLDS, grade=GRADES, gross=st.integers(1_100, 60_000), ppm=st.sampled_from([0, 25_000, 333_333]))
    def weigh(self, season, household, grade, gross, ppm):
        self._weigh(season, grade, gross, household=household, deduction_ppm=ppm)

    @rule(season=SEASONS, grade=GRADES, gross=st.integers(1_100, 60_000))
    def weigh_for_the_plot(self, season, grade, gross):
        self._weigh(season, grade, gross, household=None, plot="P1")

    def _weigh(self, season, grade, gross, **where):
        time = dt.datetime(int(season), 9, 1, 10, tzinfo=dt.UTC)
        wage = 80 if gross % 3 == 0 else None
        given = weighed(
            season=season,
            time=time,
            grade=grade,
            gross_grams=gross,
            tare_grams=1_000,
            id=str(uuid.uuid4()),
            piece_rate_fen_per_kg=wage,
            **where,
        )
        row = self.act(lambda d: record_weighing(d, given))
        assert row is not None
        self.slips[row.slip] = season, grade, where["household"], row.net_grams

    @rule(grade=GRADES, grams=st.integers(1, 40_000), fen=st.integers(200, 999), source=st.sampled_from([None, None, QIAN]), season=SEASONS)
    def buy(self, grade, grams, fen, source, season):
        day = dt.date(int(season), 9, 2)
        note = self.act(lambda d: record_purchase(d, bought((source, grade, grams, fen), season=season, date=day)))
        if note is not None:
            self.bought[f"{season}/{note.number}"] = season, grade, source, grams, (grams * fen * 2 + 1_000) // 2_000

    @precondition(lambda self: self.bought)
    @rule(data=st.data())
    def give_back(self, data):
        key = data.draw(st.sampled_from(sorted(self.bought)))
        season, number = key.split("/")
        if self.act(lambda d: reverse_purchase(d, season, number, reason="twice")) is not None:
            del self.bought[key]

    @precondition(lambda self: self.slips)
    @rule(data=st.data())
    def take_back(self, data):
        slip = data.draw(st.sampled_from(sorted(self.slips)))
        done = self.act(lambda d: reverse_weighing(d, slip, reason="wrong crate"))
        assert (done is None) == (slip in self.disputed)  # a disputed slip is frozen, any other can be taken back once
        if done is not None:
            del self.slips[slip]

    @rule(data=st.data())
    def dispute(self, data):
        own = sorted(slip for slip, (_, _, household, _) in self.slips.items() if household and slip not in self.disputed)
        if own:
            slip = data.draw(st.sampled_from(own))
            household = self.slips[slip][2]
            opened = self.act(lambda d: disputes.open_dispute(d, load_household(d, household), slip, DisputeAbout.WEIGHT))
            self.disputed[slip] = opened.id

    @precondition(lambda self: self.disputed)
    @rule(data=st.data(), upheld=st.booleans())
    def answer(self, data, upheld):
        slip = data.draw(st.sampled_from(sorted(self.disputed)))
        assert self.act(lambda d: answer_dispute(d, self.disputed[slip], is_upheld=upheld, text="weighed again")) is not None
        del self.disputed[slip]
        self.reached["upheld" if upheld else "rejected"] += 1
        if upheld:
            del self.slips[slip]

    def _advance(self, household, fen):
        given = dict(household=household, form=AdvanceForm.CASH, text="gloves", given_on=TODAY, amount_fen=fen)
        if self.act(lambda d: give_advance(d, **given)) is not None:
            self.given += fen

    @precondition(lambda self: self.slips)
    @rule(season=SEASONS, household=HOUSEHOLDS, fen=st.sampled_from([0, 0, 500, 100_000]))
    def settle(self, season, household, fen):
        if fen:
            self._advance(household, fen)
        number = self.act(lambda d: settle_season(d, season).number)
        if number is not None:
            assert not any(self.slips[slip][0] == season for slip in self.disputed)
            self.reached["settled again" if number > 1 else "settled"] += 1

    @rule(season=SEASONS, household=HOUSEHOLDS, fen=st.integers(1, 4_000), bounces=st.booleans())
    def pay(self, season, household, fen, bounces):
        given = dict(season=season, household=household, date=TODAY, method="cash", amount_fen=fen)
        done = self.act(lambda d: record_payment(d, **given).id)
        if done is not None:
            self.paid[done] = season, household, fen
            self.reached["paid"] += 1
            if bounces:
                self._bounce(done)

    @precondition(lambda self: self.paid)
    @rule(data=st.data())
    def bounce(self, data):
        self._bounce(data.draw(st.sampled_from(sorted(self.paid))))

    def _bounce(self, id_):
        assert self.act(lambda d: reverse_payment(d, id_, reason="account closed")) is not None
        del self.paid[id_]
        self.reached["bounced"] += 1

    @invariant()
    def grams_in_are_grams_out(self):
        with self.database.read() as session:
            d = Desk(session, self.collective, "Zhao", NOW)
            standing = sum(grams for _, _, _, grams in self.slips.values())
            assert (session.scalar(select(func.sum(Weighing.net_grams))) or 0) == standing
            own = session.scalar(select(func.sum(Weighing.net_grams)).where(Weighing.household_id.is_not(None))) or 0
            assert own + (session.scalar(select(func.sum(WeighingShare.net_grams))) or 0) == standing
            assert (session.scalar(select(func.sum(PurchaseLine.amount_fen))) or 0) == sum(one[-1] for one in self.bought.values())
            for season in ("2025", "2026"):
                self._seen(d, season)

    def _seen(self, d, season):
        mine = [one for one in self.slips.values() if one[0] == season]
        try:
            computed = preview_settlement(d, season)
        except (PurchasedMoreThanWeighed, SoldMoreThanDelivered):
            # A slip that was sold is taken back. Bought in all against weighed in all, or from a household against what it delivered.
            over = [
                sum(one[3] for one in self.bought.values() if one[:2] == (season, grade) and one[2] in sources)
                > sum(one[3] for one in mine if one[1] == grade and (None in sources or one[2] in (*sources, None)))
                for grade in "AB"
                for sources in ((None, QIAN), (QIAN,))
            ]
            assert any(over), over
            return
        assert sum(one.net_grams for one in computed.households) == sum(one[3] for one in mine)
        if season == "2025":  # pooled: what buyers pay is what households get, but for a grade of which nothing is left
            assert computed.gross_fen == sum(one[-1] for one in self.bought.values() if one[0] == season)

    @invariant()
    def fen_owed_are_fen_settled_less_fen_paid(self):
        with self.database.read() as session:
            d = Desk(session, self.collective, "Zhao", NOW)
            taken = 0
            for season in ("2025", "2026"):
                if latest_settlement(d, season) is None:
                    continue
                for row in earnings_rows(d, season).rows:
                    handed = sum(fen for of, household, fen in self.paid.values() if (of, household) == (season, row.household))
                    assert row.balance_fen == row.net_fen - row.paid_fen and row.paid_fen >= handed
                    taken += row.paid_fen - handed  # advances, taken when a season was settled
                    self.reached["owed by the household"] += row.balance_fen < 0
                    assert row.household != ZHOU or row.paid_fen == row.net_fen == 0
            self.reached["advance taken"] += taken > 0
            assert sum(one.open_fen for one in open_advances(d)) + taken == self.given

    def teardown(self):
        if hasattr(self, "database"):
            with self.database.read() as session:
                assert verify(Desk(session, self.collective, "Zhao", NOW)) is None
            self.database.dispose()
            shutil.rmtree(self.folder)
