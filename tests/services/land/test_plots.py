"""Plots and what is cut out of them: areas, refusals, and who saved first."""

import pytest
import shapely

from plantation.errors import BadValue, NotFound, Stale
from plantation.geometry.outline import read_outline
from plantation.models import Parcel
from plantation.services.land import exclusions, plots
from plantation.services.land.exclusions import ExclusionInput, ExclusionOutside, WidthMissing, WidthOutOfRange
from plantation.services.land.plots import BearingOutOfRange, NothingLeft, ParcelLeftOut, SpacingOutOfRange
from plantation.services.master_data import CodeTaken

SQUARE = shapely.box(78.400, 40.900, 78.401, 40.901)  # 9,357.42 m²
CANAL = shapely.LineString([(78.3995, 40.9005), (78.4015, 40.9005)])
PLOT = {"code": "P1", "name": "北滩", "outline": SQUARE}


@pytest.mark.parametrize(
    ("field", "value", "refusal", "figure"),
    [
        ("code", "P 1", BadValue, "P 1"),
        ("name", "", BadValue, "name"),
        ("variety", "x" * 101, BadValue, "100"),
        ("row_bearing", 361.0, BearingOutOfRange, "361°"),
        ("row_bearing", float("nan"), BearingOutOfRange, "nan"),
        ("row_spacing_m", 0.0, SpacingOutOfRange, "0 m"),
    ],
)
def test_what_no_plot_is_like_is_refused_with_the_figure(desk, field, value, refusal, figure):
    with desk() as d:
        with pytest.raises(refusal, match=figure):
            plots.save_plot(d, **PLOT | {field: value})
        assert plots.list_plots(d).total == 0


def test_the_area_of_a_plot_is_what_its_exclusions_leave(desk):
    with desk() as d:
        plot = plots.save_plot(d, **PLOT | {"outline": read_outline(SQUARE)})
        assert plot.area_dm2 == 935_742
        assert (plot.west, plot.south, plot.east, plot.north) == SQUARE.bounds
        canal = plots.add_exclusion(d, plot, kind="canal", outline=CANAL, width_m=3.0)
        assert plot.area_dm2 == 935_742 - 25_279  # 84.26 m of canal, 3 m wide
        rock = plots.add_exclusion(d, plot, kind="rock", outline=shapely.box(78.4001, 40.9001, 78.4002, 40.9002))
        assert [one.kind for one in plots.list_exclusions(d, plot)] == ["canal", "rock"]
        plots.remove_exclusion(d, plot, canal.id)
        plots.remove_exclusion(d, plot, rock.id)
        assert plot.area_dm2 == 935_742
        with pytest.raises(NotFound):
            plots.remove_exclusion(d, plot, rock.id)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kind": "river", "outline": CANAL, "width_m": 3.0}, BadValue),
        ({"kind": "canal", "outline": CANAL}, WidthMissing),
        ({"kind": "canal", "outline": CANAL, "width_m": 0.0}, WidthOutOfRange),
        ({"kind": "canal", "outline": CANAL, "width_m": 201.0}, WidthOutOfRange),
        ({"kind": "rock", "outline": shapely.Point(78.4, 40.9)}, BadValue),
        ({"kind": "rock", "outline": shapely.box(78.5, 40.9, 78.501, 40.901)}, ExclusionOutside),
        ({"kind": "rock", "outline": shapely.box(78.39, 40.89, 78.41, 40.91)}, NothingLeft),
    ],
)
def test_what_cannot_be_cut_out_is_refused(desk, given, refusal):
    with desk() as d:
        plot = plots.save_plot(d, **PLOT)
        with pytest.raises(refusal):
            plots.add_exclusion(d, plot, **given)
        assert plots.list_exclusions(d, plot) == []
        assert plot.area_dm2 == 935_742


def test_a_new_boundary_keeps_its_parcels_inside_and_the_second_who_saves_is_told(desk):
    with desk() as d:
        plot = plots.save_plot(d, **PLOT)
        d.session.add(Parcel(collective_id=d.collective_id, code="P1-1", plot_id=plot.id, outline=SQUARE, area_dm2=935_742))
        d.session.flush()
        with pytest.raises(ParcelLeftOut, match="P1-1"):
            plots.save_plot(d, plot=plot, **PLOT | {"outline": shapely.box(78.5, 40.9, 78.501, 40.901)})
        plots.save_plot(d, plot=plot, **PLOT | {"name": "渠东"}, version=1)
        with pytest.raises(Stale):
            plots.save_plot(d, plot=plot, **PLOT, version=1)


def test_saving_the_same_plot_changes_nothing(desk):
    with desk() as d:
        plot = plots.save_plot(d, **PLOT)
    with desk() as d:
        plot = plots.load_plot(d, "P1")
        plots.save_plot(d, plot=plot, **PLOT, version=1)
        assert plot.version == 1
        with pytest.raises(CodeTaken):
            plots.save_plot(d, **PLOT)
        with pytest.raises(NotFound, match="P9"):
            plots.load_plot(d, "P9")


def test_plots_that_cover_the_same_land_are_named(desk):
    with desk() as d:
        plots.save_plot(d, **PLOT)
        other = plots.save_plot(d, code="P2", name="渠东", outline=shapely.box(78.4009, 40.9, 78.402, 40.901))
        far = plots.save_plot(d, code="P3", name="南坡", outline=shapely.box(78.5, 40.9, 78.501, 40.901))
        assert [(pair.first, pair.second, round(pair.area_m2)) for pair in plots.overlaps_of(d, other)] == [("P1", "P2", 936)]
        assert plots.overlaps_of(d, far) == []
        assert [plot.code for plot in plots.list_plots(d, search="渠").rows] == ["P2"]


def test_exclusions_and_access_are_replaced_as_a_whole_and_only_when_they_differ(desk):
    with desk() as d:
        plot = plots.save_plot(d, **PLOT)
        wanted = [ExclusionInput("canal", CANAL, 3.0)]
        assert exclusions.replace_exclusions(d, {plot.id: ("P1", wanted)}) == 1
        assert exclusions.replace_exclusions(d, {plot.id: ("P1", wanted)}) == 0
        assert exclusions.replace_exclusions(d, {plot.id: ("P1", [])}) == 1
        assert exclusions.replace_access(d, [("road", CANAL)])
        assert not exclusions.replace_access(d, [("road", CANAL)])
        assert [line.kind for line in exclusions.list_access(d)] == ["road"]
