"""Figures on screen."""

import datetime as dt

import pytest
from flask import g

from plantation.errors import N_, BadValue, Fault, Faulty, NotFound
from plantation.web import filters, languages
from plantation.web.charts import bars, lines, nice_ceiling
from plantation.web.languages import LANGUAGES, Language
from plantation.web.refusals import say
from tests.web.conftest import NOON


@pytest.fixture
def english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.fixture
def right_to_left(app, monkeypatch):
    """English words, set as a language that reads from the right."""
    monkeypatch.setitem(LANGUAGES, "en", Language("en", "en", "English", "rtl", ("en",)))
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "fen,shown", [(0, "¥ 0.00"), (123_456, "¥ 1,234.56"), (-1230, "¥ -12.30"), (375_000_000, "¥ 3,750,000.00"), (None, "–")]
)
def test_yuan_carry_thousands_marks_and_both_decimals(english, fen, shown):
    assert plain(filters.yuan(fen)) == shown


@pytest.mark.parametrize("grams,shown", [(12_345, "12.345 kg"), (750_000_000, "750,000 kg"), (-500, "-0.5 kg"), (0, "0 kg")])
def test_kilograms_show_no_more_decimals_than_they_have(english, grams, shown):
    assert plain(filters.kg(grams)) == shown


def test_a_guess_has_three_digits_and_no_part_of_a_kilogram_or_yuan(english):
    guess = filters.estimate
    assert [plain(filters.kg(guess(grams))) for grams in (750_000_500, 4_285_714, 57_340)] == ["750,000 kg", "4,290 kg", "57 kg"]
    assert [plain(filters.yuan(guess(fen, 100), places=0)) for fen in (2_142_857, 4_250)] == ["¥ 21,400", "¥ 43"]


def test_a_column_of_kilograms_is_aligned(english):
    assert [filters.kg(grams, 3, unit=False) for grams in (48_250, 1_000_000)] == ["48.250", "1,000.000"]


def test_a_jin_is_half_a_kilogram_exactly(english):
    assert [plain(filters.jin(grams)) for grams in (500, 12_345, 1)] == ["1 jin", "24.69 jin", "0.002 jin"]


def test_land_is_shown_in_mu_with_its_hectares(english):
    assert (plain(filters.mu(8_571)), plain(filters.hectares(8_571))) == ("8.571 mu", "0.5714 ha")
    assert (plain(filters.hectares(15_000)), plain(filters.m2(666_667))) == ("1.00 ha", "6,666.67 m²")
    assert plain(filters.mu_of_m2(666_667)) == "10 mu"


def test_what_a_sentence_counts_carries_thousands_marks_and_a_number_that_names_something_none(app, english):
    template = app.jinja_env.from_string(
        '{{ ngettext("%(num)s slip", "%(num)s slips", 8276) }}, {{ _("%(count)s of %(number)s", count=1750, number=2026) }}'
    )
    assert template.render() == "8,276 slips, 1,750 of 2026"
    assert (
        say(Faulty([Fault("a.csv", 1, None, BadValue(value="x", expected="y"))] * 1200)) == "1,200 faults were found; nothing was written."
    )


def test_percent_and_counts(english):
    assert (filters.percent(25_000), filters.percent(0), filters.number(1_234)) == ("2.5%", "0%", "1,234")


def test_a_moment_is_told_in_the_collectives_zone(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        g.signed_in = None
        evening = dt.datetime(2026, 9, 15, 17, 30, tzinfo=dt.UTC)
        assert plain(filters.moment(evening)) == "Sep 16, 2026 01:30"
        assert filters.clock(evening) == "01:30"
        assert plain(filters.day(dt.date(2026, 9, 15))) == "Sep 15, 2026"


def test_a_date_is_not_broken_in_half(app):
    for wish in ("en", "zh", "ug", "ky"):
        with app.test_request_context(headers={"Accept-Language": wish}):
            g.signed_in = None
            written = filters.day(dt.date(2026, 9, 15))
            assert " " not in written and "-" not in written.replace("-\u2060", "")


def test_a_time_without_offset_is_a_fault_of_ours(english):
    with pytest.raises(ValueError, match="offset"):
        filters.moment(NOON.replace(tzinfo=None))


def test_figures_stay_whole_in_text_that_reads_from_the_right(right_to_left):
    assert plain(filters.yuan(680)) == "\u2066¥ 6.80\u2069"
    assert say(NotFound(what=N_("slip"), code="26-001")) == "There is no slip “\u206826-001\u2069”."


def test_a_refusal_is_said_with_its_figures_and_its_words(english):
    assert say(BadValue(value="1e3", expected=N_("a weight in kg with at most three decimals, such as 12.345"))).startswith(
        "“1e3” is not a weight"
    )


def test_what_was_typed_is_never_looked_up_for_translation(english, monkeypatch):
    monkeypatch.setattr("plantation.web.refusals.gettext", lambda text: f"<{text}>")
    refusal = NotFound(what=N_("household"), code="household")
    assert say(refusal) == "<There is no <household> “household”.>"


def test_a_catalogue_with_a_wrong_placeholder_does_not_cost_the_message(english, monkeypatch):
    monkeypatch.setattr("plantation.web.refusals.gettext", lambda text: "%(nonsense)s" if "%" in text else text)
    assert say(NotFound(what="slip", code="1")) == "There is no slip “1”."


def test_faults_name_file_row_and_column(english):
    fault = Fault("rights.csv", 3, "entitlement_mu", BadValue(value="-1", expected=N_("more than 0 mu")))
    assert say(fault) == "rights.csv, row 3, entitlement_mu: “-1” is not more than 0 mu."
    assert say(Fault("rights.csv", 0, "", BadValue(value="x", expected="y"))) == "rights.csv: “x” is not y."
    assert say(Faulty([fault])) == "One fault was found; nothing was written."


@pytest.mark.parametrize("value", [1, 9, 10, 11, 99, 1_234, 748_125_500])
def test_a_scale_holds_its_highest_value_in_five_steps(value):
    top, step = nice_ceiling(value)
    assert top >= value and top % step == 0 and top // step <= 5


def test_bars_grow_with_their_values_and_stand_on_the_base():
    chart = bars([[100], [50], [0]])
    high, half = chart.rects
    assert high.height == pytest.approx(2 * half.height, abs=0.2)
    assert high.y + high.height == pytest.approx(chart.base, abs=0.2)


def test_a_line_with_a_gap_is_two_lines():
    assert lines([[1, 2, None, 3, 4]]).lines[0].count("M") == 2
    assert lines([]).lines == ()


def test_every_language_has_what_a_page_needs():
    assert languages.DEFAULT == "zh_Hans" and {"zh_Hans", "en"} <= set(LANGUAGES)
    assert all(language.tag and language.own_name and language.direction in ("ltr", "rtl") for language in LANGUAGES.values())
