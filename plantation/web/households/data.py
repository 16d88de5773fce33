"""My data as a file: everything as JSON, the slips as a table for a spreadsheet."""

from __future__ import annotations

import json

from flask import Response, render_template

from plantation.exchange.cells import guard
from plantation.exchange.csv_tables import csv_lines
from plantation.services.mine.my_data import SLIP_COLUMNS, gather_own_data, own_slips, slip_cells
from plantation.web.households import households
from plantation.web.households.own import at_home

# Columns that hold what somebody typed; the others are figures and must stay figures in a spreadsheet.
_FIGURES = frozenset(column for column in SLIP_COLUMNS if column.endswith(("_kg", "_pct", "_yuan", "_per_kg")))


@households.get("/data")
def show_data() -> str:
    _, household = at_home()
    return render_template("households/data.html", household=household)


@households.get("/data.json")
def data_as_json() -> Response:
    desk, household = at_home()
    body = json.dumps(gather_own_data(desk, household), ensure_ascii=False, indent=1)
    return _file(body, "application/json", "plantation.json")


@households.get("/data.csv")
def data_as_csv() -> Response:
    desk, household = at_home()
    rows = (
        [cell if name in _FIGURES else guard(cell) for name, cell in zip(SLIP_COLUMNS, slip_cells(desk, slip), strict=True)]
        for slip in own_slips(desk, household)
    )
    # The mark lets a spreadsheet see that it is UTF-8.
    return _file("\ufeff" + "".join(csv_lines(SLIP_COLUMNS, rows)), "text/csv", "slips.csv")


def _file(body: str, mimetype: str, name: str) -> Response:
    return Response(body.encode("utf-8"), mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
