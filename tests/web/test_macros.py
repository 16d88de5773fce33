"""The building blocks of pages: what a field, a list and a chart look like to a program that reads them."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from flask import render_template_string
from werkzeug.datastructures import MultiDict

from plantation.domain.stock import StockLine
from plantation.errors import N_
from plantation.forms import fields
from plantation.forms.base import Form
from plantation.forms.outlines import OutlineField
from plantation.services.pages import Page
from plantation.web.refusals import attach
from tests.conftest import NOW
from tests.web.pages import check_page

HEAD = """{% extends "base.html" %}{% block title %}Test{% endblock %}
{% from "macros/forms.html" import field, form_errors %}{% from "macros/tables.html" import data_table, td, th, pager, area, progress, facts %}
{% from "macros/charts.html" import bar_chart, line_chart, small_bars %}{% from "macros/maps.html" import plot_map %}
{% block content %}"""


class Weighing(Form):
    code = fields.CodeField(N_("Code"), [fields.Needed()], description=N_("As on the plan."))
    gross = fields.KilogramField(N_("Gross"))
    mode = fields.WordField(N_("Mode"), choices=[("pooled", N_("pooled")), ("own", "<b>own</b>")])
    day = fields.DayField(N_("Date"))
    outline = OutlineField(N_("Boundary"))
    rate = fields.PercentField(N_("Rate"))


@pytest.fixture
def render(app, aguoyi):
    """`render(template, **values)`: a whole page around the template, checked and parsed."""

    def page(template, path="/verify", **values):
        with app.test_request_context(path, headers={"Accept-Language": "en"}):
            app.preprocess_request()
            html = render_template_string(HEAD + template + "{% endblock %}", **values)
            check_page(app, "/verify", html)
            return BeautifulSoup(html, "html5lib")

    return page


@pytest.fixture
def refused(app):
    """A form that was filled in wrongly."""
    with app.test_request_context(method="POST", headers={"Accept-Language": "en"}):
        form = Weighing(
            formdata=MultiDict({"code": "", "gross": "1<2", "mode": "own", "day": "15.9.2026", "outline": "here"}),
            meta={"csrf": False},
        )
        assert not form.validate()
        yield form


EACH = "<form>{{ form_errors(form) }}{% for each in form %}{{ field(each) }}{% endfor %}</form>"


def test_errors_stand_on_top_and_at_the_field(render, refused):
    page = render(EACH, form=refused)
    top = page.find(attrs={"data-errors": True})
    assert [link["href"] for link in top.find_all("a")] == ["#code", "#gross", "#day", "#outline"]
    gross = page.find(id="gross")
    assert gross["aria-invalid"] == "true" and gross["aria-describedby"] == "gross-error"
    assert "“1<2” is not a weight" in page.find(id="gross-error").get_text()
    assert page.find(id="code")["aria-describedby"] == "code-hint code-error"


def test_nothing_that_was_typed_is_lost(render, refused):
    page = render(EACH, form=refused)
    assert page.find(id="gross")["value"] == "1<2"
    assert page.find(id="day")["value"] == "15.9.2026"
    assert page.find(id="outline").get_text() == "here"
    assert page.find(id="mode").find("option", selected=True)["value"] == "own"


def test_the_unit_of_a_field_stands_beside_it(render, refused):
    units = [unit.get_text() for unit in render(EACH, form=refused).find_all(class_="field-unit")]
    assert units == ["kg", "%"]


def test_control_characters_are_not_echoed_anywhere(render, app):
    with app.test_request_context(method="POST", headers={"Accept-Language": "en"}):
        form = Weighing(
            formdata=MultiDict(dict.fromkeys(("code", "gross", "day", "outline", "rate"), "\x001\x1b\x9f")), meta={"csrf": False}
        )
        assert not form.validate()
        page = render(EACH + "<p id='echo'>{{ typed }}{{ _('At %(where)s', where=typed) }}</p>", form=form, typed="a\x00b")
    assert page.find(id="code")["value"] == "1" and page.find(id="echo").get_text() == "abAt ab"


def test_a_label_that_a_person_typed_is_only_text(render, refused):
    assert render(EACH, form=refused).find(id="mode").find("b") is None


def test_a_use_cases_refusal_is_attached_where_it_belongs(render, refused):
    attach(refused, fields.Missing(), "mode")
    attach(refused, fields.TooSmall(value="0", least="1"))
    page = render(EACH, form=refused)
    assert page.find(id="mode")["aria-invalid"] == "true"
    assert "“0” is too small: at least 1." in page.find(attrs={"data-errors": True}).get_text()


def test_the_pager_keeps_the_search(render):
    page = render("{{ pager(page) }}", path="/verify?search=张&page=2", page=Page([], 2, 50, 120))
    links = {link["rel"][0]: link["href"] for link in page.find(class_="pager").find_all("a")}
    assert links == {"prev": "/verify?search=%E5%BC%A0&page=1", "next": "/verify?search=%E5%BC%A0&page=3"}
    assert "120 entries" in page.find(class_="pager").get_text()


def test_one_page_needs_no_pager(render):
    assert render("{{ pager(page) }}", page=Page([], 1, 50, 50)).find(class_="pager") is None


def test_land_carries_its_hectares(render):
    figure = render("{{ area(15000) }}").find(class_="figure")
    assert figure["title"].replace("\u00a0", " ") == "1.00 ha"


WIDE = """{% set foot %}<tr><th scope="row" colspan="2">All</th><td>48</td><td></td></tr>{% endset %}
{% call data_table('Slips', ['Slip', 'Who & why', ('Net', 'number'), ('Take back', 'actions')], foot=foot) %}
<tr>{{ th('26-1') }}{{ td('H001') }}{{ td('48', '', 'number') }}<td class="actions"><a href="/">Take back</a></td></tr>
{% endcall %}"""


def test_a_wide_table_stands_in_a_box_that_the_keyboard_reaches(render):
    box = render(WIDE).find(class_="table-box")
    assert (box["tabindex"], box["role"], box["aria-label"]) == ("0", "region", "Slips")


def test_a_wide_table_folds_to_cards_whose_cells_name_their_column(render):
    page = render(WIDE)
    assert "table-cards" in page.find(class_="table-box")["class"]
    labels = [(cell.get_text(), cell.get("data-label")) for cell in page.select("tbody td, tfoot td")]
    assert labels == [("H001", "Who & why"), ("48", "Net"), ("Take back", None), ("48", "Net"), ("", None)]


def test_a_folded_table_is_still_one_to_a_screen_reader(render):
    page = render(WIDE)
    roles = [cell["role"] for cell in page.select("table, thead, tbody, tfoot, tr, th, td")]
    assert roles.count("row") == 3 and roles.count("rowgroup") == 3 and roles.count("columnheader") == 4
    assert roles.count("rowheader") == 2 and roles.count("cell") == 5 and roles.count("table") == 1


def test_a_narrow_table_stays_a_table(render):
    page = render(
        "{% call data_table('Slips', ['Slip', ('Net', 'number')]) %}<tr>{{ th('26-1') }}{{ td('48', 'Net', 'number') }}</tr>{% endcall %}"
    )
    assert "table-cards" not in page.find(class_="table-box")["class"] and not page.find("table").has_attr("role")


def test_a_chart_has_a_title_a_description_and_its_figures_as_a_table(render):
    page = render("{{ bar_chart('days', 'By day', rows, 'kg', 1000) }}", rows=[("Mon", 5_000_000), ("<i>Tue</i>", 2_500_500)])
    drawing = page.find("svg", class_="chart-drawing")
    assert drawing["role"] == "img" and drawing["aria-labelledby"] == "days-title days-desc"
    assert len(drawing.find_all("rect")) == 2 and page.find("i") is None
    cells = [cell.get_text().replace("\u00a0", " ") for cell in page.find("table").find_all("td")]
    assert cells == ["5,000 kg", "2,500.5 kg"]


@pytest.mark.parametrize("rows", [[], [("Mon", 0)]])
def test_a_chart_of_nothing_is_no_fault(render, rows):
    assert render("{{ bar_chart('days', 'By day', rows) }}{{ small_bars('So far', rows) }}", rows=rows).find("svg", class_="chart-drawing")


def test_lines_leave_a_gap_where_there_is_no_figure(render):
    page = render("{{ line_chart('l', 'Both', rows, ['forecast', 'weighed']) }}", rows=[("1", [5, 4]), ("2", [6, None]), ("3", [7, 6])])
    assert len(page.find_all("circle", class_="chart-1")) == 2
    assert [cell.get_text() for cell in page.find_all("td")] == ["5", "4", "6", "–", "7", "6"]


def test_a_map_says_what_it_shows_and_where_its_shapes_come_from(render):
    box = render("{{ plot_map('/healthz', 'All plots') }}").find(attrs={"data-map": True})
    assert (box["data-map"], box["aria-label"]) == ("/healthz", "All plots")
    assert not box.has_attr("data-tiles")


def test_the_checker_itself_finds_defects(app, aguoyi):
    good = app.test_client().get("/").text
    defects = {
        "inline style": good.replace("<main", '<main style="x"'),
        "inline script": good.replace("</body>", "<script>1</script></body>"),
        "two h1": good.replace("<footer", "<h1>again</h1><footer"),
        "double id": good.replace("<footer", '<footer id="content"'),
        "no label": good.replace("<footer", '<input id="x"><footer'),
        "dead link": good.replace('href="/verify"', 'href="/nothing"'),
        "no token": BeautifulSoup(good, "html5lib").decode().replace("csrf_token", "other"),
    }
    for defect, page in defects.items():
        with pytest.raises(AssertionError):
            check_page(app, "/", page)
            pytest.fail(defect)


def test_a_cell_without_a_value_is_known_and_typed_words_decide_their_own_direction(render):
    page = render(
        '{% from "macros/notices.html" import conversation %}<table><caption>t</caption><tr>{{ td("–") }}{{ td("1", "", "number") }}</tr></table>'
        '{{ conversation("采收工钱扣多了。", "H001", now, none) }}',
        now=NOW,
    )
    assert [cell["class"] for cell in page.find_all("td")] == [["text", "nothing"], ["number"]]
    assert page.select_one(".said p")["dir"] == "auto"


def test_every_label_stands_below_few_bars_and_every_second_goes_on_a_phone_where_there_are_many(render):
    for count, classes in ((4, ["chart-labels"]), (8, ["chart-labels", "chart-labels-many"])):
        rows = [(str(2020 + each), each) for each in range(count)]
        page = render("{{ bar_chart('kg', 'Kilograms', rows) }}", rows=rows)
        assert page.select_one("svg g")["class"] == classes


def test_a_grade_of_several_ages_begins_with_all_that_is_there_of_it(render):
    first, last = dt.date(2026, 9, 1), dt.date(2026, 9, 8)
    stock = [
        StockLine("A", 9_000, 0, ((first, 4_000), (last, 5_000))),
        StockLine("B", 1_000, 1_000),
        StockLine("C", 2_000, 0, ((last, 2_000),)),
    ]
    template = '{% from "macros/stock.html" import age_table %}{{ age_table(stock, today) }}'
    page = render(template, stock=stock, today=dt.date(2026, 9, 9))
    rows = [" ".join(row.get_text(" ", strip=True).split()) for row in page.select("tbody tr")]
    assert rows == [
        "A 9 kg Total", "5 kg picked 1 or 2 days ago", "4 kg picked a week ago or longer", "B 0 kg –", "C 2 kg picked 1 or 2 days ago"
    ]  # fmt: skip
    assert page.select_one("tbody th")["rowspan"] == "3"
