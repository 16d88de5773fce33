"""An allocation as plain data for a file: what was asked for, what everyone got, and what is not as it should be."""

from __future__ import annotations

from typing import Any

import shapely
import shapely.geometry

from plantation.geometry.allocation import Allocation, Land, ParcelPlan
from plantation.geometry.lots import draw_order
from plantation.geometry.rules import grouped_mu, to_millimu
from plantation.units import format_mu, millimu_to_m2


def report_of(allocation: Allocation) -> dict[str, Any]:
    """The report as JSON takes it; areas in m² to 0.01 and mu to 0.001 as numbers, shares to six decimals.

    >>> from plantation.geometry.allocation import allocate
    >>> report_of(allocate([], [], seed="316"))["figures"]["asked_mu"]
    0.0
    """
    figures = allocation.figures
    drawn = [parcel for parcel in allocation.parcels if not parcel.is_kept]
    compact = [parcel.compactness for parcel in drawn]
    return {
        "rule": allocation.rule,
        "seed": allocation.seed,
        "shape": allocation.shape,
        "sentence": _sentence(allocation),
        "figures": {
            "rights": len(drawn) + len(allocation.waiting),
            "parcels": len(drawn),
            "kept": len(allocation.parcels) - len(drawn),
            "waiting": len(allocation.waiting),
            "asked_mu": figures.asked_millimu / 1000,
            "available_mu": _mu(figures.available_m2),
            "missing_mu": max(0, figures.asked_millimu - to_millimu(figures.available_m2)) / 1000,
            "allocated_mu": _mu(sum(parcel.value_m2 for parcel in drawn)),
            "kept_mu": _mu(figures.kept_m2),
            "share": round(figures.factor, 6),
            "share_if_land_could_be_cut_at_will": round(figures.fair, 6),
            "remainder_m2": round(sum(land.area_m2 for land in allocation.remainders), 2),
            "lanes_m2": round(sum(land.area_m2 for land in allocation.lanes), 2),
            "mean_compactness": round(sum(compact) / len(compact), 4) if compact else None,
            "least_compactness": round(min(compact), 4) if compact else None,
            "landlocked": sum(note.kind == "landlocked" for note in allocation.notes),
        },
        "rights": _rights(allocation),
        "parcels": [_parcel(parcel) for parcel in allocation.parcels],
        "waiting": [
            {"place": place, "right": right.code, "household": right.household, "entitlement_mu": right.entitlement_millimu / 1000}
            for place, right in enumerate(allocation.waiting, start=1)
        ],
        "beside": [
            {"word": group.word, "rights": list(group.rights), "parcels": list(group.parcels), "granted": group.is_granted}
            for group in allocation.together
        ],
        "remainders": [_land(land) for land in allocation.remainders],
        "lanes": [_land(land) for land in allocation.lanes],
        "notes": [{"kind": note.kind, "text": str(note), **note.figures} for note in allocation.notes],
    }


def _sentence(allocation: Allocation) -> str:
    """What was asked for and what happened, in one line."""
    figures = allocation.figures
    asked, there = figures.asked_millimu, figures.available_m2
    missing = max(0, asked - to_millimu(there))
    text = f"{grouped_mu(asked)} mu are asked for, {grouped_mu(to_millimu(there))} mu can be allocated"
    text += f", {grouped_mu(missing)} mu are missing" if missing else ""
    if allocation.rule == "prorate":
        text += f"; everyone gets {figures.factor:.4%} of the entitlement (10 mu → {format_mu(round(figures.factor * 10_000))} mu)"
        if figures.fair - figures.factor > 1e-6:
            text += f", because whole parcels do not fill the land at {figures.fair:.4%}"
    elif allocation.waiting:
        served = sum(not parcel.is_kept for parcel in allocation.parcels)
        text += f"; {served} rights have their parcel, {len(allocation.waiting)} wait"
    return f"{text}."


def _rights(allocation: Allocation) -> list[dict[str, Any]]:
    """One row a right, in the order of the draw; those whose parcel stayed come first."""
    parcel_of = {parcel.right: parcel for parcel in allocation.parcels if not parcel.is_kept}
    waits = {right.code: (place, right) for place, right in enumerate(allocation.waiting, start=1)}
    rows = [_got(parcel, None) for parcel in allocation.parcels if parcel.is_kept]
    for drawn, code in enumerate(draw_order(allocation.seed, [*parcel_of, *waits]), start=1):
        if code in parcel_of:
            rows.append(_got(parcel_of[code], drawn))
            continue
        place, right = waits[code]
        rows.append({"right": code, "household": right.household, "drawn": drawn, "asked_mu": right.entitlement_millimu / 1000,
                     "got_mu": 0.0, "share": 0.0, "parcel": None, "waiting": place})  # fmt: skip
    return rows


def _got(parcel: ParcelPlan, drawn: int | None) -> dict[str, Any]:
    asked_m2 = millimu_to_m2(parcel.entitlement_millimu)
    got_m2 = parcel.area_m2 if parcel.is_kept else parcel.value_m2
    return {"right": parcel.right, "household": parcel.household, "drawn": drawn, "asked_mu": parcel.entitlement_millimu / 1000,
            "got_mu": _mu(got_m2), "share": round(got_m2 / asked_m2, 6) if asked_m2 else None, "parcel": parcel.code,
            "waiting": None}  # fmt: skip


def _parcel(parcel: ParcelPlan) -> dict[str, Any]:
    row = {"code": parcel.code, "plot": parcel.plot, "right": parcel.right, "household": parcel.household,
           "area_m2": round(parcel.area_m2, 2), "area_mu": _mu(parcel.area_m2), "kept": parcel.is_kept}  # fmt: skip
    if not parcel.is_kept:
        row |= {"value_m2": round(parcel.value_m2, 2), "compactness": round(parcel.compactness, 4),
                "frontage_m": round(parcel.frontage_m, 2)}  # fmt: skip
    return row


def _land(land: Land) -> dict[str, Any]:
    geometry = shapely.geometry.mapping(land.geometry)
    return {"plot": land.plot, "area_m2": round(land.area_m2, 2), "area_mu": _mu(land.area_m2), "geometry": geometry}


def _mu(area_m2: float) -> float:
    return to_millimu(area_m2) / 1000
