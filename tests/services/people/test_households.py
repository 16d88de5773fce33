"""Households: what is refused about them, the second of two who save, and finding them again."""

import json

import pytest
from sqlalchemy import select

from plantation.errors import BadValue, NotFound, Stale
from plantation.models import Household, JournalEntry
from plantation.services.master_data import CodeFixed, CodeTaken
from plantation.services.people import households
from plantation.services.people.households import CodeIsPool, HouseholdInput, MembersOutOfRange
from plantation.services.words import FieldMissing

QIAN = {"code": "H001", "name": "钱", "members": 4, "phone": "199 0000 0001"}


@pytest.mark.parametrize(
    ("field", "value", "refusal", "figure"),
    [
        ("code", "", BadValue, "1 to 64"),
        ("code", "H 1", BadValue, "H 1"),
        ("code", 'H"1', BadValue, 'H"1'),
        ("code", "H" * 65, BadValue, "1 to 64"),
        ("code", "H\x001", BadValue, "1 to 64"),
        ("code", "Pool", CodeIsPool, "Pool"),
        ("name", "  ", FieldMissing, "name"),
        ("name", "Q" * 201, BadValue, "200"),
        ("members", 101, MembersOutOfRange, "101"),
        ("members", -1, MembersOutOfRange, "-1"),
        ("phone", "ask Sun", BadValue, "ask Sun"),
        ("phone", "1" * 31, BadValue, "30 digits"),
    ],
)
def test_what_no_household_is_like_is_refused_with_the_figure_and_the_field(desk, field, value, refusal, figure):
    with desk() as d:
        with pytest.raises(refusal, match=figure) as caught:
            households.save_household(d, **QIAN | {field: value})
        assert caught.value.field == field
        assert households.list_households(d).total == 0


def test_a_saved_household_is_found_and_its_entry_names_nobody(desk):
    with desk() as d:
        households.save_household(d, **QIAN)
    with desk() as d:
        assert households.load_household(d, "H001").name == "钱"
        entry = d.session.scalars(select(JournalEntry).where(JournalEntry.kind == "household")).one()
        said = json.loads(entry.payload)
        assert said["members"] == 4 and QIAN["phone"] not in said.values()
        assert "钱" not in entry.payload and QIAN["phone"] not in entry.payload


def test_a_second_household_under_one_code_is_refused(desk):
    with desk() as d:
        households.save_household(d, **QIAN)
        with pytest.raises(CodeTaken, match="H001"):
            households.save_household(d, **QIAN)


def test_the_second_of_two_who_save_is_told(desk):
    with desk() as d:
        households.save_household(d, **QIAN)
    with desk() as d:
        seen = households.load_household(d, "H001")
        households.save_household(d, household=seen, **QIAN | {"members": 5}, version=1)
    with desk() as d:
        seen = households.load_household(d, "H001")
        with pytest.raises(Stale, match="H001"):
            households.save_household(d, household=seen, **QIAN | {"members": 6}, version=1)
        assert seen.members == 5


def test_saving_what_is_there_already_changes_nothing(desk):
    with desk() as d:
        seen = households.save_household(d, **QIAN)
        households.save_household(d, household=seen, **QIAN, version=1)
        assert seen.version == 1
        assert len(d.session.scalars(select(JournalEntry).where(JournalEntry.kind == "household")).all()) == 1


def test_a_code_changes_only_while_nothing_names_it(desk):
    import datetime as dt

    from plantation.models import Payment
    from plantation.services.money import seasons

    with desk() as d:
        seen = households.save_household(d, **QIAN)
        households.save_household(d, household=seen, **QIAN | {"code": "H002"})
        season = seasons.save_season(d, code="2026", starts_on=dt.date(2026, 8, 1), ends_on=dt.date(2026, 10, 1), mode="pooled")
        d.session.add(
            Payment(
                collective_id=d.collective_id,
                season_id=season.id,
                household_id=seen.id,
                entry=1,
                paid_on=dt.date(2026, 9, 1),
                method="cash",
                amount_fen=100,
                recorded_at=d.now,
                recorded_by="Zhao",
            )
        )
        d.session.flush()
        with pytest.raises(CodeFixed, match="H002.*1 records"):
            households.save_household(d, household=seen, **QIAN)


def test_households_are_found_by_code_name_and_phone_and_wildcards_are_letters(desk):
    with desk() as d:
        for number, name in ((1, "钱"), (2, "孙"), (11, "100%")):
            households.save_household(d, code=f"H{number:03d}", name=name, members=1, phone=f"1990000{number:04d}")
        assert [one.code for one in households.find_households(d, "h001")] == ["H001"]
        assert [one.code for one in households.find_households(d, "1")] == ["H001", "H011"]
        assert [one.code for one in households.find_households(d, "孙")] == ["H002"]
        assert [one.code for one in households.find_households(d, "%")] == ["H011"]
        assert households.find_households(d, "  ") == []
        assert [one.code for one in households.list_households(d, search="0011").rows] == ["H011"]
        assert households.list_households(d, search="_").total == 0
        assert [one.code for one in households.list_households(d, page=9).rows] == ["H001", "H002", "H011"]


def test_a_stranger_and_another_collective_find_nothing(desk, database):
    from plantation.services.collectives import create_collective
    from tests.conftest import NOW

    with desk() as d:
        households.save_household(d, **QIAN)
    with database.write() as session:
        other = create_collective(session, "other", "Other", "Asia/Shanghai", NOW)
    with desk(collective=other, reading=True) as d:
        assert households.list_households(d).total == 0
        with pytest.raises(NotFound, match="H001"):
            households.load_household(d, "H001")


def test_many_at_once_create_change_and_leave_alone(desk):
    with desk() as d:
        households.save_household(d, **QIAN)
        households.save_household(d, **QIAN | {"code": "H002"})
        done = households.upsert_households(
            d,
            [
                HouseholdInput("H001", "钱", 4, "199 0000 0001"),
                HouseholdInput("H002", "孙", 7, ""),
                HouseholdInput("H003", "周", 3, ""),
            ],
        )
        assert (done.created, done.changed, done.unchanged) == (1, 1, 1)
        rows = d.session.scalars(select(Household).order_by(Household.code)).all()
        assert [(row.code, row.members, row.version) for row in rows] == [("H001", 4, 1), ("H002", 7, 2), ("H003", 3, 1)]
