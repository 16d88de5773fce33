"""The office's forms by themselves: what they read, what they never take, and what they say together."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from plantation.forms.buyer_purchases import BuyerPurchaseForm
from plantation.forms.exclusions import ExclusionForm
from plantation.forms.payments import PayAllForm
from plantation.forms.plots import PlotForm
from plantation.forms.purchases import MOST_LINES, PurchaseForm
from plantation.forms.rights import RightForm
from plantation.forms.seasons import DeductionForm
from plantation.forms.weighings import WeighingForm


@pytest.fixture
def fill():
    """`fill(Form, field=value, …)`: the form as sent, without the token's check."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="only for tests", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST"):
        yield lambda form, /, **sent: form(formdata=MultiDict(sent))


def errors_of(form) -> dict[str, str]:
    return {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}


def weighing(fill, **changes):
    sent = {"weighed_at": "2026-09-01T08:30", "household": "H001", "plot": "", "grade": "A", "gross_grams": "25.3", "tare_grams": "1.2"}
    form = fill(WeighingForm, **{**sent, **changes})
    form.grade.choices, form.plot.choices = [("A", "A")], [("", "none"), ("P1", "P1")]
    return form


def test_weights_become_grams_and_the_time_stays_local(fill):
    form = weighing(fill, gross_grams="２５．３", deduction_ppm="2.5")
    assert form.validate()
    assert (form.gross_grams.data, form.tare_grams.data, form.deduction_ppm.data) == (25_300, 1_200, 25_000)
    assert form.weighed_at.data.isoformat() == "2026-09-01T08:30:00" and form.weighed_at.data.tzinfo is None


def test_a_wrong_tare_is_not_also_called_a_wrong_gross(fill):
    form = weighing(fill, tare_grams="x")
    assert not form.validate()
    assert set(errors_of(form)) == {"tare_grams"}


def test_times_are_read_strictly(fill):
    for text in ("2026-09-01", "2026-02-30T08:00", "2026-09-01T24:01", "2026-9-1T08:00", "tomorrow"):
        form = weighing(fill, weighed_at=text)
        assert not form.validate() and text in errors_of(form)["weighed_at"], text
    assert weighing(fill, weighed_at="2026-09-01 08:30:15").validate()


def purchase(fill, **sent):
    form = fill(PurchaseForm, **{"buyer": "B1", "purchased_on": "2026-09-02", **sent})
    form.offer(["A"])
    form.buyer.choices = [("B1", "B1")]
    return form


def test_empty_lines_of_a_purchase_do_not_count(fill):
    form = purchase(fill, **{
        "lines-0-grade": "A", "lines-0-net_grams": "", "lines-0-price_fen_per_kg": "",
        "lines-1-grade": "A", "lines-1-net_grams": "40", "lines-1-price_fen_per_kg": "5.20", "lines-1-source": "",
    })  # fmt: skip
    assert form.validate(), errors_of(form)
    assert [(line.net_grams.data, line.price_fen_per_kg.data) for line in form.begun_lines] == [(40_000, 520)]


def test_a_purchase_takes_a_hundred_lines_and_no_more(fill):
    form = purchase(fill, **{f"lines-{number}-net_grams": "1" for number in range(MOST_LINES + 50)})
    form.add_a_line()
    assert len(form.lines.entries) == MOST_LINES
    assert not form.validate() and "at most 100 lines; 150 were sent" in " ".join(map(str, form.form_errors))


def test_a_line_number_of_a_billion_costs_nothing(fill):
    form = purchase(fill, **{"lines-1000000000-net_grams": "1", "lines-x-net_grams": "1"})
    assert len(form.lines.entries) <= 2


def test_a_line_takes_no_field_that_its_page_does_not_have(fill):
    line = {"lines-0-net_grams": "40", "lines-0-price_fen_per_kg": "5.20"}
    for form, name in ((PurchaseForm, "lines-0-amount_fen"), (BuyerPurchaseForm, "lines-0-source")):
        sent = fill(form, purchased_on="2026-09-02", **line, **{name: "H001"})
        sent.offer(["A"])
        assert not sent.validate() and f"no field “{name}”" in " ".join(map(str, sent.form_errors))


def test_a_deduction_needs_the_value_of_its_kind_only(fill):
    deduction = {"code": "01", "name": "fund"}
    assert fill(DeductionForm, **deduction, kind="percent", rate_ppm="2.5", amount_fen="").validate()
    form = fill(DeductionForm, **deduction, kind="percent", rate_ppm="", amount_fen="3")
    assert not form.validate() and set(errors_of(form)) == {"rate_ppm"}
    form = fill(DeductionForm, **deduction, kind="yuan_per_household", rate_ppm="", amount_fen="")
    assert not form.validate() and set(errors_of(form)) == {"amount_fen"}


def test_typed_corners_are_a_line_or_an_area_as_the_form_says(fill):
    corners = "78.42 40.9\n78.43 40.9\n78.43 40.91"
    line = fill(ExclusionForm, kind="canal", outline=corners, shape="line", width_m="3")
    assert line.validate() and line.outline.data.geom_type == "LineString" and line.is_line
    area = fill(ExclusionForm, kind="rock", outline=corners, shape="area")
    assert area.validate() and area.outline.data.geom_type == "Polygon" and not area.is_line


def test_geojson_says_itself_what_it_is(fill):
    drawn = '{"type":"Polygon","coordinates":[[[78.42,40.9],[78.43,40.9],[78.43,40.91],[78.42,40.9]]]}'
    form = fill(ExclusionForm, kind="rock", outline=drawn, shape="line")
    assert form.validate() and not form.is_line


def test_an_entitlement_is_read_to_a_thousandth_of_a_mu(fill):
    right = {"code": "R1", "household": "H001", "starts_on": "2018-04-01", "ends_on": "2048-03-31", "status": "active"}
    form = fill(RightForm, **right, entitlement_millimu="8.571")
    assert form.validate() and form.entitlement_millimu.data == 8_571
    for wrong in ("0", "1000000000", "8.5714", "-1", "1_0", "١٠x"):
        assert not fill(RightForm, **right, entitlement_millimu=wrong).validate(), wrong


def test_measures_of_geometry_have_limits_and_no_exponents(fill):
    for text, fine in (("90", True), ("0", True), ("360.0", True), ("360.1", False), ("1e2", False), ("-1", False), ("inf", False)):
        form = fill(PlotForm, code="P1", name="x", row_bearing=text)
        assert form.validate() is fine, text


def test_paying_all_needs_the_tick(fill):
    form = fill(PayAllForm, paid_on="2026-11-24", method="bank", total_fen="1")
    assert not form.validate() and set(errors_of(form)) == {"confirmed"}


def test_no_form_takes_what_the_rules_compute(fill):
    for name in ("net_grams", "amount_fen", "price_fen_per_kg", "collective_id", "recorded_by", "role"):
        form = weighing(fill, **{name: "1"})
        assert not form.validate() and f"no field “{name}”" in " ".join(map(str, form.form_errors))
