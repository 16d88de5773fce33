"""Fields read exactly, keep what was typed, and say what would be right."""

import json

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from plantation.errors import N_
from plantation.forms import fields, outlines
from plantation.forms.base import Form, faults_of
from plantation.forms.outlines import OutlineField, read_corners, read_geojson

TRIANGLE = "78.40 40.90\n78.41 40.90\n78.41 40.91"


class Slip(Form):
    code = fields.CodeField(N_("Code"), [fields.Needed()])
    gross = fields.KilogramField(N_("Gross"), [fields.Needed()], least=1, most=100_000_000)
    price = fields.YuanField(N_("Price"))
    balance = fields.YuanField(N_("Balance"), signed=True)
    area = fields.MuField(N_("Area"))
    rate = fields.PercentField(N_("Rate"))
    members = fields.WholeField(N_("Members"), most=100)
    day = fields.DayField(N_("Date"))
    mode = fields.WordField(N_("Mode"), choices=[("pooled", N_("pooled")), ("posted", N_("posted"))], default="pooled")
    name = fields.NameField(N_("Name"))
    outline = OutlineField(N_("Boundary"))


@pytest.fixture(scope="module", autouse=True)
def request_of_an_application():
    app = Flask(__name__)
    app.config.update(SECRET_KEY="only for tests", WTF_CSRF_ENABLED=False, WTF_I18N_ENABLED=False)
    with app.test_request_context(method="POST"):
        yield


def fill(**typed):
    form = Slip(formdata=MultiDict({"code": "P1", "gross": "12.5", "mode": "pooled", **typed}))
    return form, form.validate()


def errors_of(field):
    return [str(error) for error in field.errors]


@pytest.mark.parametrize(
    "name,typed,value",
    [
        ("gross", "12.345", 12_345),
        ("gross", " １２．５ ", 12_500),
        ("price", "5", 500),
        ("price", "5.20", 520),
        ("balance", "-12.30", -1_230),
        ("area", "8.571", 8_571),
        ("rate", "2.5", 25_000),
        ("members", "4", 4),
        ("price", "", None),
        ("code", " H 001 ", "H 001"),
        ("name", " 张三 ", "张三"),
    ],
)
def test_what_is_right_becomes_whole_units(name, typed, value):
    form, valid = fill(**{name: typed})
    assert valid, form.errors
    assert form[name].data == value and not isinstance(form[name].data, float)


@pytest.mark.parametrize(
    "name,typed,said",
    [
        ("gross", "12,5", "“12,5” is not a weight in kg with at most three decimals, such as 12.345."),
        ("gross", "1e3", "“1e3” is not a weight in kg"),
        ("gross", "12.3456", "“12.3456” is not a weight in kg"),
        ("gross", "-1", "“-1” is not a weight in kg"),
        ("gross", "0", "“0” is too small: at least 0.001."),
        ("gross", "100000.001", "“100000.001” is too large: at most 100000."),
        ("gross", "", "This is needed."),
        ("price", "1,000.00", "“1,000.00” is not an amount in yuan"),
        ("price", "5.201", "“5.201” is not an amount in yuan"),
        ("price", "-1", "“-1” is not an amount in yuan"),
        ("price", "٥", "“٥” is not an amount in yuan"),
        ("area", "1_000", "“1_000” is not an area in mu"),
        ("rate", "101", "“101” is too large: at most 100."),
        ("members", "4.0", "“4.0” is not a whole number, such as 4."),
        ("day", "15.9.2026", "“15.9.2026” is not a date as year-month-day, such as 2026-09-15."),
        ("day", "2026-02-30", "“2026-02-30” is not a date"),
        ("day", "2026-9-5", "“2026-9-5” is not a date"),
        ("mode", "free", "“free” is not one of the choices."),
        ("code", "x" * 65, "is not a code of 1 to 64 printable characters."),
        ("code", "a\nb", "is not a code of 1 to 64 printable characters."),
        ("name", "x" * 201, "At most 200 characters without control characters; these are 201."),
    ],
)
def test_what_is_wrong_is_said_and_kept_as_typed(name, typed, said):
    form, valid = fill(**{name: typed})
    assert not valid
    assert len(form[name].errors) == 1 and said in errors_of(form[name])[0]
    if name != "mode":
        assert form[name]._value() == typed


def test_a_stored_value_is_shown_as_it_would_be_typed():
    form = Slip(formdata=None, data={"gross": 12_500, "price": 520, "area": 8_571, "rate": 25_000, "balance": -1_230})
    assert [form[name]._value() for name in ("gross", "price", "area", "rate", "balance")] == ["12.5", "5.20", "8.571", "2.5", "-12.30"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000_000))
def test_a_weight_shown_and_sent_back_is_the_same_weight(grams):
    form, _ = fill(gross=Slip(formdata=None, data={"gross": grams}).gross._value())
    assert form.gross.data == (grams if grams >= 1 else None)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30))
def test_no_text_makes_a_field_fail_otherwise_than_by_a_refusal(text):
    form, _ = fill(code=text, gross=text, price=text, area=text, rate=text, members=text, day=text, name=text, outline=text)
    assert all(not isinstance(field.data, float) for field in form)


def test_a_date_that_is_none_is_shown_in_a_plain_input_with_what_was_typed():
    form, _ = fill(day="15.9.2026")
    assert 'type="text"' in form.day() and 'value="15.9.2026"' in form.day()
    assert 'type="date"' in Slip(formdata=None).day()


def test_a_field_that_is_not_on_the_form_is_refused():
    form, valid = fill(role="manager")
    assert not valid
    assert [str(message) for _, _, message in faults_of(form)] == ["This page has no field “role”. Load it again and send it once more."]


def test_faults_come_in_the_order_of_the_fields_with_their_ids():
    form, _ = fill(code="", gross="x", day="y")
    assert [(id, str(label)) for id, label, _ in faults_of(form)] == [("code", "Code"), ("gross", "Gross"), ("day", "Date")]


def test_a_boundary_may_be_typed_corner_by_corner():
    form, valid = fill(outline=TRIANGLE)
    assert valid and form.outline.data.geom_type == "Polygon"
    assert list(form.outline.data.exterior.coords)[0] == list(form.outline.data.exterior.coords)[-1]
    assert form.outline.data.equals(read_corners(TRIANGLE.replace("\n", ";").replace(" ", ", ")))


def test_a_boundary_may_be_geojson_of_any_wrapping():
    geometry = {"type": "Polygon", "coordinates": [[[78.4, 40.9, 2000], [78.41, 40.9, 2000], [78.41, 40.91, 2000], [78.4, 40.9, 2000]]]}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    collection = {"type": "FeatureCollection", "features": [feature]}
    shapes = [read_geojson(json.dumps(each)) for each in (geometry, feature, collection)]
    assert all(shape.equals(shapes[0]) and not shape.has_z for shape in shapes)


@pytest.mark.parametrize(
    "typed,said",
    [
        ("78.4 40.9\n78.41 40.9", "needs at least three different corners; these are 2"),
        ("78.4 40.9\nhere", "“here” is not a longitude and a latitude, such as 78.4512 40.9034."),
        ("40.9 178.4\n40.91 178.4\n40.91 178.5", "“40.9, 178.4” is not a longitude and a latitude in degrees"),
        ("{", "is not GeoJSON with one outline"),
        ('{"type":"Polygon","coordinates":[]}', "is not GeoJSON with one outline"),
        ('{"type":"Polygon","coordinates":[[["a","b"]]]}', "is not a longitude and a latitude"),
        ('{"type":"Polygon","coordinates":[[[NaN,1],[2,3],[4,5],[1,2]]]}', "is not a longitude and a latitude"),
        ('{"type":"Polygon","coordinates":[[[1,1],[2,2]]]}', "is not GeoJSON with one outline"),
        ('{"type":"Point","coordinates":[78.4,40.9]}', "is not an outline of the kind that belongs here"),
        ('{"type":"FeatureCollection","features":[]}', "is not GeoJSON with one outline"),
        ("[" * 5000, "is not a longitude and a latitude"),
        ('{"a":' * 5000, "is not GeoJSON with one outline"),
    ],
)
def test_what_is_no_boundary_is_refused_with_the_place(typed, said):
    form, valid = fill(outline=typed)
    assert not valid
    assert said in errors_of(form.outline)[0]
    assert form.outline._value() == typed


def test_a_boundary_of_too_many_points_is_refused_with_their_number():
    ring = [[78 + index / 1e6, 40.9] for index in range(outlines.MOST_POINTS + 1)]
    form, valid = fill(outline=json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}))
    assert not valid
    assert str(outlines.MOST_POINTS + 2) in errors_of(form.outline)[0]


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4), max_leaves=20)
)
def test_no_json_makes_the_reader_fail_otherwise_than_by_a_refusal(coordinates):
    form, valid = fill(outline=json.dumps({"type": "Polygon", "coordinates": coordinates}))
    assert valid or form.outline.errors


@pytest.mark.parametrize("typed", ["a\x00b", "a\x1bb", "\x7fab", "a\x85b", "a\ufffeb"])
def test_control_characters_are_counted_in_the_refusal_and_not_echoed(typed):
    form, valid = fill(code=typed, name=typed, day=typed)
    assert not valid
    for field in (form.code, form.name):
        assert "There are 1 invisible control characters" in errors_of(field)[0]
    assert [field._value() for field in (form.code, form.name, form.day)] == ["ab", "ab", "ab"]


@pytest.mark.parametrize("typed", ["", " ", "\t", "\u3000"])
def test_a_lone_space_is_nothing_where_something_is_needed(typed):
    class Named(Form):
        name = fields.NameField(N_("Name"), [fields.Needed()])

    form = Named(formdata=MultiDict({"name": typed}))
    assert not form.validate() and errors_of(form.name) == ["This is needed."]
