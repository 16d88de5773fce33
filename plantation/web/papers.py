"""Papers of the village as PDF: what the pages say, in the language of the reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, g
from flask_babel import gettext as _

from plantation.exchange.papers import Paper, PaperColumn, PaperStep, PaperTable, render_paper
from plantation.exchange.slips import qr_svg
from plantation.models import Household
from plantation.paths import TEMPLATES
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.fruit.origins import Origin
from plantation.services.fruit.purchase_notes import Note
from plantation.services.mine.my_slips import list_own_slips
from plantation.services.mine.my_statement import Statement
from plantation.services.money.prices import list_prices
from plantation.web.filters import day, kg, moment, places, yuan
from plantation.web.languages import current, isolate_typed
from plantation.web.statement_text import statement_steps
from plantation.web.words import word

# A sheet holds so many slips; a household that delivered more has them on its pages and in its own data.
MOST_SLIPS = 500


def statement_paper(desk: Desk, household: Household, statement: Statement) -> bytes:
    """A household's statement: the same steps as on the page, the slips behind it, the price sheet that they follow."""
    own = statement.own
    slips = list_own_slips(desk, household, [own.season], size=MOST_SLIPS).rows
    settled = own.settled
    lead = (
        _("Settlement %(number)s of %(when)s.", number=settled.number, when=moment(settled.settled_at))
        if settled
        else _("As if the season ended now; the settlement may move it.")
    )
    decimals = places(one.net_grams for one in slips)
    rows = [
        (one.slip, day(one.local_date), one.grade, kg(one.net_grams, decimals), yuan(one.price_fen_per_kg),
         yuan(one.amount_fen) if one.price_fen_per_kg is not None else "–")
        for one in slips
    ]  # fmt: skip
    columns = [
        PaperColumn(_("Slip")), PaperColumn(_("Date")), PaperColumn(_("Grade")), PaperColumn(_("Net weight"), True),
        PaperColumn(_("Price per kg"), True), PaperColumn(_("Amount"), True),
    ]  # fmt: skip
    if all(one.price_fen_per_kg is None for one in slips):  # a pooled season's slips have no price
        columns, rows = columns[:4], [row[:4] for row in rows]
    prices = [(one.grade, day(one.valid_from), yuan(one.price_fen_per_kg)) for one in list_prices(desk, own.season)]
    price_columns = [PaperColumn(_("Grade")), PaperColumn(_("Valid from")), PaperColumn(_("Yuan per kg"), True)]
    return _render(
        desk,
        title=_("Statement %(code)s", code=own.season.code),
        lead=f"{household.code} {isolate_typed(household.name)} · {word(own.season.mode)} · {lead}",
        steps=[PaperStep(step.label, step.value, step.quiet, step.lines, step.total) for step in statement_steps(statement)],
        tables=[
            *_table(_("The slips behind it"), columns, rows),
            *_table(_("Price sheet, season %(season)s", season=own.season.code), price_columns, prices),
        ],
    )


def purchase_paper(desk: Desk, note: Note, buyer: str, origin: Origin, address: str) -> bytes:
    """A purchase note with the lot's origin: plots, days and weights, no names of households."""
    columns = [
        PaperColumn(_("Grade")),
        PaperColumn(_("Net weight"), True),
        PaperColumn(_("Price per kg"), True),
        PaperColumn(_("Amount"), True),
    ]
    lines = [(one.grade, kg(one.net_grams), yuan(one.price_fen_per_kg), yuan(one.amount_fen)) for one in note.lines]
    picked = [
        (plot or _("plot not noted"), grade, day(first) if first == last else f"{day(first)} – {day(last)}", kg(grams))
        for grade, plot, _name, first, last, grams in origin.by_plot()
    ]
    if origin.untraced_grams:
        picked.append((_("not covered by a weighing"), "", "", kg(origin.untraced_grams)))
    picked_columns = [PaperColumn(_("Plot")), PaperColumn(_("Grade")), PaperColumn(_("Weighed")), PaperColumn(_("Net weight"), True)]
    season = _("Season")
    taken_back = [(_("This takes back purchase"), f"{note.reverses}: {note.reason}")] if note.reverses else []
    return _render(
        desk,
        title=_("Purchase note %(number)s", number=note.number),
        lead=f"{season} {note.season}",
        facts=[
            (_("Seller"), desk.collective.name), (_("Buyer"), buyer), (_("Date"), day(note.purchased_on)), *taken_back,
            (_("Recorded"), f"{note.recorded_by}, {moment(note.recorded_at)}"),
        ],
        tables=[
            PaperTable(_("Lines"), columns, lines, (_("Total"), kg(note.net_grams), "", yuan(note.amount_fen))),
            *_table(_("Where this lot was picked"), picked_columns, picked),
        ],
        code=qr_svg(address), address=address,
    )  # fmt: skip


def answer_pdf(content: bytes, name: str) -> Response:
    """The answer with a PDF that the browser shows, under a name to save it as."""
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"{name}.pdf")
    return answer


def _render(desk: Desk, **said: Any) -> bytes:
    language = current()
    sequence, hash_ = journal.head(desk)
    entry = _("Journal entry %(number)s", number=sequence)
    foot = f"{moment(desk.now)} · {g.signed_in.name} · {entry} {hash_[:16]}"
    said = {"collective": desk.collective.name, "lang": language.tag.split("-")[0], "rtl": language.direction == "rtl", "foot": foot} | said
    return render_paper(Paper(**said), TEMPLATES / "papers")


def _table(title: str, columns: Sequence[PaperColumn], rows: Sequence[Sequence[str]]) -> list[PaperTable]:
    return [PaperTable(title, columns, rows)] if rows else []


__all__ = ["answer_pdf", "purchase_paper", "statement_paper"]
