"""The office's page for weighings from paper: typed line under line, checked with their sums, then recorded whole."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from plantation.domain.paper_lines import GradeTotal, SumDiffers
from plantation.domain.words import Role
from plantation.errors import Refusal
from plantation.forms.base import faults_of
from plantation.forms.paper_lines import FIRST_LINES, MORE_LINES, MOST_LINES, LineForm, PaperForm
from plantation.forms.typed import shown
from plantation.services.desk import Desk
from plantation.services.fruit.paper_lines import LinesRefused, PaperLine, Verdict, check_lines, control_totals, line_id, record_lines
from plantation.services.money.prices import grades_of
from plantation.units import format_kg
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import new_once, once_of, save, show_form
from plantation.web.managers.seasons import chosen_season
from plantation.web.managers.weighings import PLACES


@managers.route("/weighings/paper", methods=["GET", "POST"])
@only(Role.MANAGER, Role.WEIGHER)
def enter_paper() -> Any:
    desk = reading_desk()
    season = chosen_season(desk)
    if season is None:
        flash(gettext("Open a season first, with its prices."), "refused")
        return redirect(url_for(".list_seasons"))
    form = PaperForm(once=new_once(), season=season.code)
    grades = grades_of(desk, season)
    verdicts: list[Verdict] = []
    if request.method == "GET":
        form.add_lines(FIRST_LINES - 1)
    elif form.more_lines.data:
        form.add_lines(MORE_LINES)
    form.offer(grades)
    if request.method == "POST" and not form.more_lines.data:
        readable = form.validate()
        lines = _lines_of(form)
        if readable and form.checked.data == _digest(lines):
            if recorded := _record(form, season.code, lines, verdicts):
                return redirect(_after(season.code, recorded))
        else:
            verdicts = check_lines(desk, season, lines)
            _show_verdicts(form, verdicts)
            _hold_sums(form, control_totals(verdicts))
        form.checked.data = "" if _is_faulty(form) else _digest(lines)
    return show_form(
        "managers/weighings/paper.html",
        form,
        season=season,
        verdicts={verdict.line.number: verdict for verdict in verdicts},
        totals=control_totals(verdicts),
        most=MOST_LINES,
        saved=_saved(),
    )


def _lines_of(form: PaperForm) -> list[PaperLine]:
    once = once_of(form)
    return [_line(once, number, line) for number, line in form.begun if line.is_whole]


def _line(once: str, number: int, line: LineForm) -> PaperLine:
    grade, tare_grams, day = line.carried
    assert grade is not None and tare_grams is not None and day is not None  # the line is whole
    return PaperLine(
        id=line_id(once, number),
        number=number,
        household=line.household.data,
        grade=grade,
        day=day,
        gross_grams=line.gross_grams.data,
        tare_grams=tare_grams,
        deduction_ppm=line.deduction_ppm.data or 0,
        slip=line.slip.data,
        impurity_ppm=line.impurity_ppm.data,
        moisture_ppm=line.moisture_ppm.data,
        again=line.again.data,
    )


def _digest(lines: Sequence[PaperLine]) -> str:
    """What the totals were shown for: the lines without the ticks, which answer what was asked beside the totals."""
    said = [(one.number, one.household, one.grade, one.day, one.gross_grams, one.tare_grams, one.deduction_ppm, one.slip,
             one.impurity_ppm, one.moisture_ppm) for one in lines]  # fmt: skip
    return sha256(repr(said).encode()).hexdigest()


def _record(form: PaperForm, season: str, lines: Sequence[PaperLine], verdicts: list[Verdict]) -> list[Verdict] | None:
    """The verdicts with their slips; None where something was refused: then the form says what, and `verdicts` has them."""

    def work(desk: Desk) -> list[Verdict]:
        try:
            recorded = record_lines(desk, season, lines)
        except LinesRefused as refusal:
            verdicts.extend(refusal.verdicts)
            raise
        for _, differs in _sums_that_differ(form, control_totals(recorded)):
            verdicts.extend(recorded)
            raise differs
        return recorded

    recorded = save(form, work)
    if recorded is None:
        _show_verdicts(form, verdicts)
    return recorded


def _show_verdicts(form: PaperForm, verdicts: Sequence[Verdict]) -> None:
    lines = form.all_lines
    for verdict in verdicts:
        if verdict.refusal is not None:
            field = lines[verdict.line.number - 1][_place(verdict.refusal)]
            field.errors = [*field.errors, verdict.refusal]


def _place(refusal: Refusal) -> str:
    """The field of a line that a refusal is about."""
    named = getattr(refusal, "field", "") or next((name for kind, name in PLACES.items() if isinstance(refusal, kind)), "household")
    return "day" if named == "weighed_at" else named


def _sums_that_differ(form: PaperForm, totals: Sequence[GradeTotal]) -> list[tuple[str, SumDiffers]]:
    """The paper's own sums that are not those of the lines, with the field of each."""
    sums = (
        ("paper_lines", sum(total.lines for total in totals), str),
        ("paper_gross_grams", sum(total.gross_grams for total in totals), format_kg),
        ("paper_net_grams", sum(total.net_grams for total in totals), format_kg),
    )
    differ = []
    for name, typed, said in sums:
        if form[name].data is not None and form[name].data != typed:
            refusal = SumDiffers(paper=said(form[name].data), typed=said(typed))
            refusal.field = name  # type: ignore[attr-defined]
            differ.append((name, refusal))
    return differ


def _hold_sums(form: PaperForm, totals: Sequence[GradeTotal]) -> None:
    for name, refusal in _sums_that_differ(form, totals):
        form[name].errors = [*form[name].errors, refusal]


def _is_faulty(form: PaperForm) -> bool:
    """Whether more is to be mended than questions to be answered with a tick."""
    ticks = {line.again.id for line in form.all_lines}
    return any(id_ not in ticks for id_, _, message in faults_of(form) if not isinstance(message, LinesRefused))


def _after(season: str, recorded: Sequence[Verdict]) -> str:
    first, last = (one.slip.slip if one.slip else "" for one in (recorded[0], recorded[-1]))
    return url_for(".enter_paper", season=season, saved=len(recorded), first=first, last=last)


def _saved() -> dict[str, Any] | None:
    """What was recorded a moment ago, as the address says it."""
    count = request.args.get("saved", "")
    if request.method != "GET" or not (count.isascii() and count.isdigit() and len(count) < 6):
        return None
    return {"count": int(count), **{name: shown(request.args.get(name, ""))[:64] for name in ("first", "last")}}
