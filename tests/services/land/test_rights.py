"""Usufruct rights: entitlement, term and status."""

import datetime as dt

import pytest
import shapely

from plantation.errors import BadValue, NotFound, Stale
from plantation.services.land import rights
from plantation.services.land.rights import EntitlementOutOfRange, RightInput, TermBackwards
from plantation.services.master_data import CodeTaken
from plantation.services.people import households

RIGHT = {
    "code": "R001",
    "household_code": "H001",
    "entitlement_millimu": 10_000,
    "starts_on": dt.date(2018, 4, 1),
    "ends_on": dt.date(2048, 3, 31),
    "status": "active",
}


@pytest.fixture
def people(desk):
    with desk() as d:
        for code, name in (("H001", "钱"), ("H002", "孙")):
            households.save_household(d, code=code, name=name, members=4, phone="")


@pytest.mark.parametrize(
    ("field", "value", "refusal", "figure"),
    [
        ("code", "R,1", BadValue, "R,1"),
        ("entitlement_millimu", 0, EntitlementOutOfRange, "0 mu"),
        ("entitlement_millimu", 10**12, EntitlementOutOfRange, "1000000000 mu is not possible.*100,000 mu"),
        ("ends_on", dt.date(2018, 3, 31), TermBackwards, "2018-03-31.*2018-04-01"),
        ("status", "lost", BadValue, "active, suspended or ended"),
        ("household_code", "H009", NotFound, "H009"),
    ],
)
def test_what_no_right_is_like_is_refused_with_the_figure(desk, people, field, value, refusal, figure):
    with desk() as d:
        with pytest.raises(refusal, match=figure):
            rights.save_right(d, **RIGHT | {field: value})
        assert rights.list_rights(d).total == 0


def test_a_right_of_one_day_is_a_right(desk, people):
    with desk() as d:
        right = rights.save_right(d, **RIGHT | {"ends_on": RIGHT["starts_on"]})
        assert right.starts_on == right.ends_on


def test_rights_are_listed_with_their_households_and_found_by_their_names(desk, people):
    with desk() as d:
        rights.save_right(d, **RIGHT)
        rights.save_right(d, **RIGHT | {"code": "R002", "household_code": "H002"})
        assert [(r.code, h.name) for r, h in rights.list_rights(d).rows] == [("R001", "钱"), ("R002", "孙")]
        assert [r.code for r, _ in rights.list_rights(d, search="孙").rows] == ["R002"]
        qian = households.load_household(d, "H001")
        assert [r.code for r in rights.rights_of_household(d, qian)] == ["R001"]
        assert rights.household_code_of(d, rights.load_right(d, "R002")) == "H002"


def test_a_right_passes_to_another_household_and_the_second_who_saves_is_told(desk, people):
    with desk() as d:
        right = rights.save_right(d, **RIGHT)
        rights.save_right(d, right=right, **RIGHT | {"household_code": "H002"}, version=1)
        assert rights.household_code_of(d, right) == "H002"
        with pytest.raises(Stale, match="R001"):
            rights.save_right(d, right=right, **RIGHT | {"status": "ended"}, version=1)
        with pytest.raises(CodeTaken):
            rights.save_right(d, **RIGHT)


def test_the_parcels_of_a_right_pass_on_with_it(desk, people):
    from plantation.models import Parcel
    from plantation.services.land import plots

    def holder(d):
        return d.session.query(Parcel.household_id).scalar()

    with desk() as d:
        right = rights.save_right(d, **RIGHT)
        square = shapely.box(78.4, 40.9, 78.401, 40.901)
        plot = plots.save_plot(d, code="P1", name="北滩", outline=square)
        qian, sun = (households.load_household(d, code).id for code in ("H001", "H002"))
        d.session.add(Parcel(collective_id=d.collective_id, code="P1-1", plot_id=plot.id, right_id=right.id,
                             household_id=qian, outline=square, area_dm2=935_742))  # fmt: skip
        rights.save_right(d, right=right, **RIGHT | {"household_code": "H002"})
        assert holder(d) == sun
        rights.upsert_rights(d, [(RightInput(**RIGHT), qian)])
        assert holder(d) == qian


def test_many_rights_at_once(desk, people):
    with desk() as d:
        rights.save_right(d, **RIGHT)
        sun = households.load_household(d, "H002").id
        qian = households.load_household(d, "H001").id
        done = rights.upsert_rights(
            d,
            [
                (RightInput(**RIGHT), qian),
                (RightInput(**RIGHT | {"code": "R002", "household_code": "H002"}), sun),
            ],
        )
        assert (done.created, done.changed, done.unchanged) == (1, 0, 1)
