"""Plans as text: what is kept of a plan between its making and its being carried out. A plan names codes, no people."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

import shapely

from plantation.errors import N_, Marked, Refusal
from plantation.services.land.allocation_plans import Figures, Note, Plan, PlanParameters, Share
from plantation.services.land.parcel_fates import PlannedParcel

FORMAT = 1


class PlanUnreadable(Refusal):
    """A record of another version of this program, or a damaged one."""

    template = N_("This plan can no longer be read. Make it again.")


class ToldBefore(Refusal):
    """A refusal that was written down and is told again, word for word."""

    def __init__(self, template: str, figures: dict[str, Any]) -> None:
        super().__init__(**figures)
        self.template = Marked(template)


def write_plan(plan: Plan) -> str:
    """The plan as text: :func:`read_plan` gives the same plan back, coordinates to the last bit."""
    return json.dumps(
        {
            "format": FORMAT,
            "parameters": write_parameters(plan.parameters),
            "inputs_digest": plan.inputs_digest,
            "digest": plan.digest,
            "parcels": [{**asdict(one), "outline": _to_hex(one.outline)} for one in plan.parcels],
            "removed": plan.removed,
            "shares": plan.shares,
            "remainders": [(plot, _to_hex(shape)) for plot, shape in plan.remainders],
            "lanes": [(plot, _to_hex(shape)) for plot, shape in plan.lanes],
            "notes": plan.notes,
            "figures": plan.figures,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def read_plan(text: str) -> Plan:
    """The plan that :func:`write_plan` wrote. :raises PlanUnreadable: it is another text."""
    try:
        record = json.loads(text)
        if record["format"] != FORMAT:
            raise PlanUnreadable()
        return Plan(
            parameters=read_parameters(record["parameters"]),
            inputs_digest=record["inputs_digest"],
            parcels=tuple(PlannedParcel(**one | {"outline": shapely.from_wkb(one["outline"])}) for one in record["parcels"]),
            removed=tuple((key, code) for key, code in record["removed"]),
            shares=tuple(Share(*share) for share in record["shares"]),
            remainders=tuple((plot, shapely.from_wkb(shape)) for plot, shape in record["remainders"]),
            lanes=tuple((plot, shapely.from_wkb(shape)) for plot, shape in record["lanes"]),
            notes=tuple(Note(kind, Marked(template), figures) for kind, template, figures in record["notes"]),
            figures=Figures(*record["figures"]),
            digest=record["digest"],
        )
    except (ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
        raise PlanUnreadable() from error


def write_parameters(parameters: PlanParameters) -> dict[str, Any]:
    """The parameters as plain values.

    >>> write_parameters(PlanParameters("strict", "316"))["rule"]
    'strict'
    """
    return {name: getattr(parameters, name) for name in PlanParameters.__slots__}


def read_parameters(record: dict[str, Any]) -> PlanParameters:
    """
    >>> read_parameters(write_parameters(PlanParameters("strict", "316", plots=("P1",)))).plots
    ('P1',)
    """
    plots = record["plots"]
    lists = {"plots": None if plots is None else tuple(plots), "beside": tuple(tuple(group) for group in record["beside"])}
    return PlanParameters(**record | lists)


def write_refusal(refusal: Refusal) -> dict[str, Any]:
    """A refusal as its template and figures.

    >>> told = read_refusal(write_refusal(PlanUnreadable()))
    >>> str(told)
    'This plan can no longer be read. Make it again.'
    """
    return {"template": refusal.template, "figures": {name: _plain(value) for name, value in refusal.figures.items()}}


def read_refusal(record: dict[str, Any]) -> ToldBefore:
    """The refusal again, to be told in the reader's language."""
    return ToldBefore(record["template"], {name: _told(value) for name, value in record["figures"].items()})


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return value if isinstance(value, int | float) else str(value)


def _told(value: Any) -> Any:
    return dt.date.fromisoformat(value["date"]) if isinstance(value, dict) else value


def _to_hex(geometry: Any) -> str:
    return str(shapely.to_wkb(geometry, hex=True, byte_order=1))
